"""The explicit list of everything that the platform answers to."""

from __future__ import annotations

from handlers import (
    announcement_answers,
    announcements,
    appointments,
    assistance,
    awards,
    caps,
    catalogue,
    circulation,
    contract_ends,
    enquiries,
    identity,
    joining,
    machines,
    membership,
    missions,
    notices,
    order_changes,
    order_clock,
    order_letters,
    orders,
    reach,
    record,
    registers,
    registration,
    registration_decisions,
    rhythms,
    statistics,
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
    catalogue.table,
    joining.table,
    orders.table,
    order_letters.table,
    awards.table,
    caps.table,
    contract_ends.table,
    order_changes.table,
    registers.table,
    order_clock.table,
    registration.table,
    registration_decisions.table,
    membership.table,
    statistics.table,
    enquiries.table,
    identity.table,
    appointments.table,
    surveys.table,
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
)


def everything() -> Table:
    """One table of all capabilities."""
    return Table.merged(TABLES)
