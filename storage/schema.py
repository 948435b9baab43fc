"""Every table of the house, so that the metadata is whole wherever it is needed."""

from storage import (  # noqa: F401 - imported for the tables that they declare
    announcements,
    audit,
    bounces,
    conversations,
    counters,
    cursors,
    files,
    inbox,
    languages,
    leases,
    library,
    members,
    notices,
    orders,
    outbox,
    purchasing,
    recipients,
    reminders,
    rhythms,
    surveys,
)
from storage.base import Base

metadata = Base.metadata
