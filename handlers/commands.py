"""The explicit list of everything that the platform answers to."""

from __future__ import annotations

from handlers import (
    announcements,
    catalogue,
    enquiries,
    help,
    identity,
    membership,
    orders,
    registration,
    statistics,
)
from handlers.command import Table

TABLES = (
    help.table,
    announcements.table,
    catalogue.table,
    orders.table,
    registration.table,
    membership.table,
    statistics.table,
    enquiries.table,
    identity.table,
)


def everything() -> Table:
    """One table of all capabilities."""
    return Table.merged(TABLES)
