"""The explicit list of everything that the platform answers to."""

from __future__ import annotations

from handlers import (
    announcement_answers,
    announcement_changes,
    announcements,
    appointments,
    assistance,
    awards,
    catalogue,
    circulation,
    enquiries,
    identity,
    joining,
    machines,
    membership,
    missions,
    notices,
    order_letters,
    orders,
    reach,
    record,
    registration,
    registration_decisions,
    revisions,
    rhythms,
    statistics,
    survey_answers,
    survey_results,
    surveys,
    templates,
    users,
    withdrawal,
)
from handlers.command import Table

TABLES = (
    assistance.table,
    announcements.table,
    announcement_answers.table,
    announcement_changes.table,
    catalogue.table,
    joining.table,
    orders.table,
    order_letters.table,
    awards.table,
    registration.table,
    registration_decisions.table,
    membership.table,
    statistics.table,
    enquiries.table,
    identity.table,
    appointments.table,
    surveys.table,
    survey_answers.table,
    survey_results.table,
    templates.table,
    missions.table,
    users.table,
    machines.table,
    notices.table,
    record.table,
    circulation.table,
    reach.table,
    rhythms.table,
    withdrawal.table,
    revisions.table,
)


def everything() -> Table:
    """One table of all capabilities."""
    return Table.merged(TABLES)
