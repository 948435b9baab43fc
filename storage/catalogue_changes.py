"""The history of a catalogue: what was added, changed or retired, when, and from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, BigKey, Key
from storage.purchasing import Central


class What(StrEnum):
    """What became of an entry."""

    ADDED = "added"
    CHANGED = "changed"


class CatalogueChange(Base):
    """One change of one entry; ``facts`` has each field that changed, with both its values."""

    __tablename__ = "catalogue_changes"

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"), index=True)
    at: Mapped[datetime]
    slug: Mapped[str]
    name: Mapped[str]
    what: Mapped[str]
    facts: Mapped[dict[str, Any]]


def of_central(session: Session, central: Central, limit: int) -> Sequence[CatalogueChange]:
    """The latest changes of a central's catalogue, the newest first."""
    return session.scalars(
        select(CatalogueChange)
        .where(CatalogueChange.central_id == central.id)
        .order_by(CatalogueChange.id.desc())
        .limit(limit)
    ).all()
