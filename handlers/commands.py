"""The explicit list of everything that the platform answers to."""

from __future__ import annotations

from handlers import (
    announcements,
    assistance,
    awards,
    catalogue,
    enquiries,
    identity,
    joining,
    machines,
    membership,
    notices,
    orders,
    registration,
    statistics,
)
from handlers.command import Table

TABLES = (
    assistance.table,
    announcements.table,
    catalogue.table,
    joining.table,
    orders.table,
    awards.table,
    registration.table,
    membership.table,
    statistics.table,
    enquiries.table,
    identity.table,
    machines.table,
    notices.table,
)


def everything() -> Table:
    """One table of all capabilities."""
    return Table.merged(TABLES)
