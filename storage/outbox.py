"""Everything that is to go out: rows that the courier claims (:mod:`storage.claims`), sends, and
marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, BigKey, Key


class State(StrEnum):
    """Where a row is on its way."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    """Given up: an administrator was told."""
    RETURNED = "returned"
    """It was sent, and came back: see :func:`returned`."""
    DROPPED = "dropped"
    """Taken back before it left."""


class Row(Base):
    """One unit to send, rendered; rows of one destination leave in the order of their ids.

    ``entry_id`` is the incoming message that caused it, if one did.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "channel", "destination", "state", "id"),
        Index("ix_outbox_topic_destination", "topic", "channel", "destination"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    destination: Mapped[str]
    payload: Mapped[dict[str, Any]]
    topic: Mapped[str | None]
    follows_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("outbox.id"))
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    state: Mapped[str] = mapped_column(default=State.DUE, index=True)
    unclear: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    first_try_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    external_id: Mapped[str | None] = mapped_column(index=True)
    error: Mapped[str | None]


WAITING = (State.DUE, State.SENDING)
_ADDED = "outbox: channels"


def add(
    session: Session,
    *,
    key: str,
    channel: str,
    destination: str,
    payload: dict[str, Any],
    now: datetime,
    external_id: str | None = None,
    topic: str | None = None,
    follows_id: int | None = None,
    entry_id: int | None = None,
) -> Row:
    """Put one unit in the outbox; it leaves after the transaction is committed."""
    row = Row(
        key=key,
        channel=channel,
        destination=destination,
        payload=payload,
        topic=topic,
        follows_id=follows_id,
        entry_id=entry_id,
        external_id=external_id,
        due_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.info.setdefault(_ADDED, set()).add(channel)
    return row


def channels_added_to(session: Session) -> frozenset[str]:
    """For which channels something was put out in this session: who sends there has work now."""
    return frozenset(session.info.get(_ADDED, ()))


def mark_sent(session: Session, row_id: int, external_id: str | None, now: datetime) -> None:
    """The unit went out; its external id is how answers to it will be recognised."""
    session.execute(
        _MARK_SENT,
        {"row": row_id, "known_as": external_id or None, "now": now},
        execution_options={"synchronize_session": False},
    )


# Made once: building it takes longer than running it.
_MARK_SENT = (
    update(Row)
    .where(Row.id == bindparam("row"))
    .values(
        state=State.SENT,
        sent_at=bindparam("now"),
        unclear=False,
        error=None,
        external_id=func.coalesce(bindparam("known_as"), Row.external_id),
    )
)


def put_back(
    session: Session, row_ids: Sequence[int], due_at: datetime, *, error: str | None, unclear: bool
) -> None:
    """Give rows back for a later attempt; ``error`` None if none of them was tried."""
    if not row_ids:
        return
    values: dict[str, Any] = {"state": State.DUE, "due_at": due_at, "claimed_by": None}
    if error is None:
        values["attempts"] = Row.attempts - 1
    else:
        values |= {"error": error}
        if unclear:
            values["unclear"] = True
    session.execute(update(Row).where(Row.id.in_(row_ids)).values(values))


def give_up(session: Session, row_id: int, error: str) -> Row:
    """No attempt will follow; gives the row, so that somebody can be told."""
    row = session.get_one(Row, row_id)
    row.state, row.error = State.DEAD, error
    return row


def returned(session: Session, row_id: int, code: str) -> None:
    """A server gave back what was sent; ``code`` is its status without words."""
    row = session.get_one(Row, row_id)
    if row.state == State.SENT:
        row.state, row.error = State.RETURNED, code


def recover(session: Session, holder: str, now: datetime) -> int:
    """Free what a killed process of this name was sending: perhaps sent, to be looked for first."""
    freed = session.execute(
        update(Row)
        .where(Row.state == State.SENDING, Row.claimed_by == holder)
        .values(state=State.DUE, unclear=True, due_at=now, claimed_by=None)
        .returning(Row.id)
    )
    return len(freed.all())


def recover_abandoned(session: Session, alive: Sequence[str], older_than: datetime) -> int:
    """Free what processes that are no longer alive were sending."""
    freed = session.execute(
        update(Row)
        .where(
            Row.state == State.SENDING,
            Row.claimed_by.not_in(alive),
            Row.claimed_at < older_than,
        )
        .values(state=State.DUE, unclear=True, claimed_by=None)
        .returning(Row.id)
    )
    return len(freed.all())


def confirm(
    session: Session, channel: str, external_id: str, key: str | None, now: datetime
) -> bool:
    """Our own copy of a unit came back: it went out, whatever the last attempt looked like.

    Where the copy bears the row's ``key``, the external id is noted at once, so that an answer
    which stands right behind it is recognised.
    """
    which = Row.key == key if key else Row.external_id == external_id
    row = session.scalar(select(Row).where(Row.channel == channel, which).limit(1))
    if row is None:
        return False
    row.external_id = external_id
    if row.state == State.DUE and row.unclear:
        row.state, row.sent_at, row.unclear, row.error = State.SENT, now, False, None
    return True


def caused_by(session: Session, entry_ids: Sequence[int]) -> Sequence[Row]:
    """What was put out because of these incoming messages, in order."""
    return session.scalars(select(Row).where(Row.entry_id.in_(entry_ids)).order_by(Row.id)).all()


def units_of(session: Session, row: Row) -> Sequence[Row]:
    """The units of the message that a row begins: files, and what did not fit into one event."""
    # Keys are ours: digits and letters, and the unit's number behind a dash.
    units = or_(Row.id == row.id, Row.key.like(f"{row.key}-%"))
    return session.scalars(select(Row).where(units).order_by(Row.id)).all()


def drop(session: Session, row: Row) -> bool:
    """Take back what has not left; False if it has, or may have."""
    dropped = session.execute(
        update(Row)
        .where(Row.id == row.id, Row.state == State.DUE, Row.unclear.is_(False))
        .values(state=State.DROPPED)
        .returning(Row.id)
    ).first()
    session.refresh(row)
    return dropped is not None


def files_of(row: Row) -> list[int]:
    """The files that go with a unit."""
    alone = row.payload.get("file")
    return [*row.payload.get("files", ()), *([alone] if alone else [])]


def carries(session: Session, file_id: int) -> bool:
    """Whether a file has still to leave."""
    waiting = session.scalars(select(Row).where(Row.state.in_(WAITING)))
    return any(file_id in files_of(row) for row in waiting)


def erase(row: Row) -> None:
    """Forget what a unit said; it must not be waiting any more."""
    row.payload = {"action": row.payload.get("action", "message"), "erased": True}


def unidentified(session: Session, channel: str) -> set[int]:
    """The rows that may be out there already, under an id that we were not told yet."""
    which = select(Row.id).where(
        Row.channel == channel,
        Row.external_id.is_(None),
        or_(Row.state == State.SENDING, and_(Row.state == State.DUE, Row.unclear)),
    )
    return set(session.scalars(which))


def topic_of(session: Session, channel: str, external_id: str) -> str | None:
    """What a message that went out was about."""
    return session.scalar(
        select(Row.topic)
        .where(Row.channel == channel, Row.external_id == external_id)
        .order_by(Row.id)
        .limit(1)
    )


def by_external_id(session: Session, channel: str, external_id: str) -> Row | None:
    """A message that went out, by the id that it bears outside."""
    return session.scalar(
        select(Row)
        .where(Row.channel == channel, Row.external_id == external_id)
        .order_by(Row.id)
        .limit(1)
    )


def wrote_to(session: Session, channel: str, destination: str) -> bool:
    """Whether anything was ever put out for a destination."""
    return bool(
        session.scalar(
            select(exists().where(Row.channel == channel, Row.destination == destination))
        )
    )


def recent_to(
    session: Session, channel: str, destination: str, since: datetime, limit: int
) -> Sequence[Row]:
    """What was written to a destination about a topic, the newest first."""
    return session.scalars(
        select(Row)
        .where(
            Row.channel == channel,
            Row.destination == destination,
            Row.created_at >= since,
            Row.topic.is_not(None),
        )
        .order_by(Row.id.desc())
        .limit(limit)
    ).all()


def about(session: Session, topic: str) -> Sequence[Row]:
    """Everything that was put out about a topic, in order."""
    return session.scalars(select(Row).where(Row.topic == topic).order_by(Row.id)).all()


def first_about(session: Session, topic: str, channel: str, destination: str) -> Row | None:
    """The first message about a topic that was put out for a destination: its thread's root."""
    return session.scalar(
        select(Row)
        .where(Row.topic == topic, Row.channel == channel, Row.destination == destination)
        .order_by(Row.id)
        .limit(1)
    )


def external_id_of(session: Session, row_id: int) -> str | None:
    """The external id under which a row was sent."""
    return session.scalar(select(Row.external_id).where(Row.id == row_id))


def waiting(session: Session) -> int:
    """How many rows are not yet sent."""
    return session.scalar(select(func.count()).where(Row.state.in_(WAITING))) or 0


def next_due(session: Session) -> datetime | None:
    """When the next row can be claimed."""
    return session.scalar(select(func.min(Row.due_at)).where(Row.state == State.DUE))


def claim_age(row: Row, now: datetime) -> timedelta:
    """The time since the first attempt at a row."""
    return now - (row.first_try_at or now)
