"""Who did what, when: an append-only chain of hashes, without personal data.

Every entry's digest covers the one before it, so that a later change or removal shows. Actors
appear as salted hashes: erasing a person elsewhere breaks nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from hmac import new as hmac
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Key, add_once


class AuditEntry(Base):
    """One act."""

    __tablename__ = "audit"

    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    topic: Mapped[str]
    facts: Mapped[dict[str, Any]]
    previous: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever appends."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]


GENESIS = "0" * 64


def append(
    session: Session, at: datetime, actor: str, action: str, topic: str, facts: Mapping[str, Any]
) -> AuditEntry:
    """Add an act to the chain. ``facts`` holds no personal data."""
    head = session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        add_once(session, AuditHead(id=1, digest=GENESIS))
        head = session.get_one(AuditHead, 1, with_for_update=True)
    entry = AuditEntry(
        at=at, actor=actor, action=action, topic=topic, facts=dict(facts), previous=head.digest
    )
    entry.digest = head.digest = digest(entry)
    session.add(entry)
    return entry


def digest(entry: AuditEntry) -> str:
    """What an entry's digest must be."""
    at = entry.at.astimezone(UTC).isoformat()
    content = [entry.previous, at, entry.actor, entry.action, entry.topic]
    text = json.dumps([*content, entry.facts], sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def first_break(session: Session) -> int | None:
    """The id of the first entry that does not fit the chain; None if it is whole.

    If entries are missing at the end, it is the id that follows the last one there is.
    """
    previous, last = GENESIS, 0
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.previous != previous or entry.digest != digest(entry):
            return entry.id
        previous, last = entry.digest, entry.id
    head = session.get(AuditHead, 1)
    return None if previous == (head.digest if head else GENESIS) else last + 1


def pseudonym(secret: str, address: str) -> str:
    """The salted hash that stands for an address."""
    return hmac(secret.encode(), address.lower().encode(), "sha256").hexdigest()[:32]
