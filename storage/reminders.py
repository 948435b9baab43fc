"""What is to be done at a later time: due rows, looked at by every tick of the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Key, add_once


class Reminder(Base):
    """One thing to do once, about one topic, when its time has come."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("kind", "topic", "due_at"),
        Index("ix_reminders_waiting", "done_at", "due_at"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    topic: Mapped[str]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)


def plan(session: Session, kind: str, topic: str, due_at: datetime) -> Reminder:
    """Plan a reminder; it happens once, even if the platform was off when it fell due."""
    reminder = Reminder(kind=kind, topic=topic, due_at=due_at)
    session.add(reminder)
    return reminder


def plan_once(session: Session, kind: str, topic: str, due_at: datetime) -> None:
    """Plan a reminder unless the very same one is planned, or was carried out, already."""
    known = exists().where(
        Reminder.kind == kind, Reminder.topic == topic, Reminder.due_at == due_at
    )
    if not session.scalar(select(known)):
        add_once(session, Reminder(kind=kind, topic=topic, due_at=due_at))


def plan_again(session: Session, kind: str, topic: str, due_at: datetime) -> None:
    """Plan a reminder even if the very same one was dropped before; once carried out or dropped,
    it waits anew.
    """
    known = session.scalar(
        select(Reminder).where(
            Reminder.kind == kind, Reminder.topic == topic, Reminder.due_at == due_at
        )
    )
    if known is None:
        plan(session, kind, topic, due_at)
    else:
        known.done_at, known.failures = None, 0


def is_planned(session: Session, kind: str, topic: str) -> bool:
    """Whether a reminder of a kind about a topic is still to come."""
    planned = exists().where(
        Reminder.kind == kind, Reminder.topic == topic, Reminder.done_at.is_(None)
    )
    return bool(session.scalar(select(planned)))


def next_due(session: Session, now: datetime) -> Reminder | None:
    """Take the oldest reminder whose time has come; nobody else takes it meanwhile."""
    return session.scalar(
        select(Reminder)
        .where(Reminder.done_at.is_(None), Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def cancel(session: Session, topic: str, kinds: tuple[str, ...], now: datetime) -> None:
    """Drop the reminders of these kinds that a topic no longer needs."""
    session.execute(
        update(Reminder)
        .where(Reminder.topic == topic, Reminder.kind.in_(kinds), Reminder.done_at.is_(None))
        .values(done_at=now)
    )


def drop_due(session: Session, topic: str, kind: str, now: datetime) -> None:
    """Drop the reminders of a kind whose time has come: one that tells how things stand now says
    it for all that were missed.
    """
    session.execute(
        update(Reminder)
        .where(
            Reminder.topic == topic,
            Reminder.kind == kind,
            Reminder.done_at.is_(None),
            Reminder.due_at <= now,
        )
        .values(done_at=now)
    )
