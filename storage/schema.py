"""Every table of the house, so that the metadata is whole wherever it is needed."""

from storage import (  # noqa: F401 - imported for the tables that they declare
    agreements,
    announcement_steps,
    announcements,
    attendance,
    audit,
    bounces,
    campaigns,
    caps,
    catalogue_changes,
    consultations,
    conversations,
    counters,
    cursors,
    dossiers,
    files,
    inbox,
    interests,
    languages,
    leases,
    library,
    members,
    moderation,
    notices,
    order_steps,
    orders,
    outbox,
    parts,
    purchasing,
    recipients,
    reminders,
    rhythms,
    surveys,
)
from storage.base import Base

metadata = Base.metadata
