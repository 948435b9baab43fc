"""Whom something said to everybody was meant for, and what became of it for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key, add_once
from storage.members import Person
from storage.outbox import Row, State


class Way(StrEnum):
    """How somebody was to learn of it."""

    MESSAGE = "message"
    DIGEST = "digest"
    """In the next digest, or, once there is a message, in the one that left."""
    PLACE = "place"
    """They read the members' place, where it stands."""
    NONE = "none"
    """They asked not to be told."""


class Recipient(Base):
    """One person for whom one topic was meant; ``row_id`` is the message that told them."""

    __tablename__ = "recipients"
    __table_args__ = (UniqueConstraint("topic", "person_id"),)

    id: Mapped[Key]
    topic: Mapped[str]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), index=True)
    way: Mapped[str]
    row_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("outbox.id"))
    noted_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    row: Mapped[Row | None] = relationship()


class Fate(StrEnum):
    """What became of it for one person, as far as a platform can know."""

    TAKEN = "taken"
    """Their server took it, and nothing came back."""
    PLACE = "place"
    UNDERWAY = "underway"
    DIGEST = "digest"
    """It waits for their digest."""
    RETURNED = "returned"
    FAILED = "failed"
    NONE = "none"


def note(
    session: Session, topic: str, person_id: int, way: Way, row_id: int | None, now: datetime
) -> None:
    """Note how a person is told of a topic; who was noted for it before stays as they are."""
    kept = Recipient(topic=topic, person_id=person_id, way=way, row_id=row_id, noted_at=now)
    add_once(session, kept)


def digested(session: Session, topics: Sequence[str], person_id: int, row_id: int) -> None:
    """The digest that tells a person of these topics is under way."""
    for kept in session.scalars(
        select(Recipient).where(
            Recipient.topic.in_(topics),
            Recipient.person_id == person_id,
            Recipient.way == Way.DIGEST,
            Recipient.row_id.is_(None),
        )
    ):
        kept.row_id = row_id


def of(session: Session, topic: str) -> Sequence[Recipient]:
    """Everybody for whom a topic was meant, in the order in which they were told."""
    return session.scalars(
        select(Recipient).where(Recipient.topic == topic).order_by(Recipient.id)
    ).all()


_BY_STATE = {
    State.DUE: Fate.UNDERWAY,
    State.SENDING: Fate.UNDERWAY,
    State.SENT: Fate.TAKEN,
    State.DEAD: Fate.FAILED,
    State.RETURNED: Fate.RETURNED,
    State.DROPPED: Fate.NONE,
}


def fate(recipient: Recipient) -> Fate:
    """What became of it for one recipient."""
    if recipient.row is not None:
        return _BY_STATE[State(recipient.row.state)]
    match recipient.way:
        case Way.PLACE:
            return Fate.PLACE
        case Way.DIGEST:
            return Fate.DIGEST
        case Way.MESSAGE:
            # Nobody has an address at which they could be told.
            return Fate.FAILED
    return Fate.NONE
