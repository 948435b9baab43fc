"""How often each person wants what is said to everybody, and what waits for their next digest."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, BigKey, Key, add_once


class Rhythm(StrEnum):
    """When somebody is told what is said to everybody; their own matters reach them at once."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    OWN = "own"
    """Never: only their own matters. This is what STOP means."""


class Preference(Base):
    """What a person chose; who chose nothing is told at once.

    ``digested_on`` is the last day, in the platform's zone, on which a digest left.
    """

    __tablename__ = "rhythms"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), unique=True)
    rhythm: Mapped[str]
    changed_at: Mapped[datetime]
    digested_on: Mapped[date | None]


class Waiting(Base):
    """One topic that a person's next digest has to tell of, as it then stands."""

    __tablename__ = "digest_items"
    __table_args__ = (UniqueConstraint("person_id", "topic"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), index=True)
    topic: Mapped[str]
    noted_at: Mapped[datetime]


def of(session: Session, person_id: int) -> Rhythm:
    """The rhythm of a person."""
    chosen = session.scalar(select(Preference.rhythm).where(Preference.person_id == person_id))
    return Rhythm(chosen) if chosen else Rhythm.IMMEDIATE


def stopped_at(session: Session, person_id: int) -> datetime | None:
    """Since when a person wants nothing but their own matters; None if they want more."""
    return session.scalar(
        select(Preference.changed_at).where(
            Preference.person_id == person_id, Preference.rhythm == Rhythm.OWN
        )
    )


def choose(session: Session, person_id: int, rhythm: Rhythm, now: datetime) -> bool:
    """Change a person's rhythm; False if it is theirs already.

    What waits for a digest is dropped when nothing is wanted any more.
    """
    kept = _kept(session, person_id, now)
    if kept.rhythm == rhythm:
        return False
    kept.rhythm, kept.changed_at = rhythm, now
    if rhythm is Rhythm.OWN:
        session.execute(delete(Waiting).where(Waiting.person_id == person_id))
    session.flush()
    return True


def _kept(session: Session, person_id: int, now: datetime) -> Preference:
    """The row of a person's choice, locked; made if there is none."""
    query = select(Preference).where(Preference.person_id == person_id).with_for_update()
    found = session.scalar(query)
    if found is None:
        first = Preference(person_id=person_id, rhythm=Rhythm.IMMEDIATE, changed_at=now)
        add_once(session, first)
        found = session.scalars(query).one()
    session.refresh(found)
    return found


def wait(session: Session, person_id: int, topic: str, now: datetime) -> None:
    """Keep a topic for a person's next digest, once however often there is news of it."""
    known = exists().where(Waiting.person_id == person_id, Waiting.topic == topic)
    if not session.scalar(select(known)):
        add_once(session, Waiting(person_id=person_id, topic=topic, noted_at=now))


def forget(session: Session, topic: str) -> None:
    """Drop a topic from every digest to come."""
    session.execute(delete(Waiting).where(Waiting.topic == topic))


def has_waiting(session: Session, person_id: int) -> bool:
    """Whether anything waits for a person's next digest."""
    return bool(session.scalar(select(exists().where(Waiting.person_id == person_id))))


def take(session: Session, person_id: int, today: date, now: datetime) -> list[str] | None:
    """The topics of the digest that leaves now, the newest first; they wait no longer.

    None if a digest left on this day already: one a day is what was chosen.
    """
    kept = _kept(session, person_id, now)
    if kept.digested_on is not None and kept.digested_on >= today:
        return None
    found = session.scalars(
        select(Waiting)
        .where(Waiting.person_id == person_id)
        .order_by(Waiting.noted_at.desc(), Waiting.id.desc())
    ).all()
    for item in found:
        session.delete(item)
    if found:
        kept.digested_on = today
    session.flush()
    return [item.topic for item in found]
