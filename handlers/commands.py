"""The explicit list of everything that the platform answers to."""

from __future__ import annotations

from handlers import (
    announcement_answers,
    announcement_changes,
    announcement_form,
    announcements,
    appointments,
    assistance,
    awards,
    catalogue,
    circulation,
    enquiries,
    forms,
    identity,
    joining,
    languages,
    machines,
    membership,
    missions,
    notices,
    order_form,
    order_letters,
    orders,
    paging,
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
    paging.table,
    order_letters.table,
    awards.table,
    registration.table,
    registration_decisions.table,
    membership.table,
    languages.table,
    statistics.table,
    enquiries.table,
    forms.table,
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


FORMS = (registration.FORM, joining.FORM, order_form.FORM, announcement_form.FORM)


def everything() -> Table:
    """One table of all capabilities."""
    for form in FORMS:
        forms.declare(form)
    return Table.merged(TABLES)
