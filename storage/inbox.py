"""Everything that came in, once; and the shelf for what could not be handled."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import files
from storage.base import Base, BigKey, Key


class State(StrEnum):
    """What became of an incoming message."""

    HANDLED = "handled"
    HELD = "held"
    """Waiting for its sender to confirm by return mail that it is theirs."""
    SHELVED = "shelved"
    """A fault of ours, with its traceback; or what cannot be read, or came too often. Somebody has
    to look at it."""
    AUTOMATIC = "automatic"
    """Written by a machine: kept, never acted upon nor answered."""
    WITHDRAWN = "withdrawn"
    """Taken back by its author: that it came is kept, its words are not."""


class Entry(Base):
    """One incoming message, as it was understood by its channel, without its files.

    ``origin_id`` is the earlier message that this one changes or takes back. ``acted`` if handling
    it changed something beside what was said and asked.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id", "sender"),
        Index("ix_inbox_sender", "channel", "sender", "received_at"),
    )

    id: Mapped[Key]
    channel: Mapped[str]
    external_id: Mapped[str] = mapped_column(index=True)
    sender: Mapped[str]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=State.HANDLED, index=True)
    topic: Mapped[str | None]
    record: Mapped[dict[str, Any]]
    origin_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    acted: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str | None] = mapped_column(unique=True)
    traceback: Mapped[str | None]


class EntryFile(Base):
    """A file that came with an incoming message."""

    __tablename__ = "inbox_files"

    entry_id: Mapped[int] = mapped_column(BigKey, ForeignKey("inbox.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("files.id"), primary_key=True)


def accept(
    session: Session,
    channel: str,
    external_id: str,
    sender: str,
    record: dict[str, Any],
    now: datetime,
    topic: str | None = None,
) -> Entry | None:
    """Enter a message that was never seen, with what it is about; None if it was.

    The second key of a channel: its cursor says where to go on, this says what is done. Each
    channel has one reader, held by its lease, so asking before inserting is enough; the unique
    constraint stands guard behind it.
    """
    key = {"channel": channel, "external_id": external_id, "sender": sender}
    if session.scalar(_KNOWN, key) is not None:
        return None
    entry = Entry(**key, record=record, received_at=now, topic=topic)
    session.add(entry)
    session.flush()
    return entry


# Made once: building it takes longer than running it.
_KNOWN = select(Entry.id).where(
    Entry.channel == bindparam("channel"),
    Entry.external_id == bindparam("external_id"),
    Entry.sender == bindparam("sender"),
)


def shelved_at(session: Session, channel: str, external_id: str, sender: str) -> Entry | None:
    """The message of this key, if it lies on the shelf."""
    return session.scalar(
        select(Entry).where(
            Entry.channel == channel,
            Entry.external_id == external_id,
            Entry.sender == sender,
            Entry.state == State.SHELVED,
        )
    )


def answered(session: Session, channel: str, sender: str, since: datetime) -> int:
    """How many messages of a sender were dealt with since an instant."""
    count = select(func.count()).where(
        Entry.channel == channel,
        Entry.sender == sender,
        Entry.received_at > since,
        Entry.state.in_((State.HANDLED, State.HELD)),
    )
    return session.scalar(count) or 0


def texts_of(
    session: Session, channel: str, sender: str, since: datetime, but: str, most: int
) -> list[str]:
    """What a sender wrote since an instant, the newest first, without the message of one id."""
    rows = session.scalars(
        select(Entry)
        .where(
            Entry.channel == channel,
            Entry.sender == sender,
            Entry.received_at > since,
            Entry.external_id != but,
        )
        .order_by(Entry.received_at.desc())
        .limit(most)
    )
    return [str(entry.record.get("text") or "") for entry in rows]


def attach(session: Session, entry: Entry, file_id: int) -> None:
    """Tie a kept file to the message it came with."""
    session.add(EntryFile(entry_id=entry.id, file_id=file_id))


def share_files(session: Session, source: Entry, target: Entry) -> None:
    """The files of one message belong to another one, too."""
    known = {*files_of(session, target)}
    for file_id in files_of(session, source):
        if file_id not in known:
            attach(session, target, file_id)
    session.flush()


def named(session: Session, channel: str, external_id: str) -> int | None:
    """The id of the entry that a message became; None for one that never came in."""
    return session.scalar(
        select(Entry.id).where(Entry.channel == channel, Entry.external_id == external_id).limit(1)
    )


def topic_of(session: Session, channel: str, external_id: str) -> str | None:
    """What an earlier incoming message was about."""
    return session.scalar(
        select(Entry.topic)
        .where(Entry.channel == channel, Entry.external_id == external_id)
        .order_by(Entry.id)
        .limit(1)
    )


def first_about(session: Session, topic: str, at: datetime) -> Entry | None:
    """The message with which something began at an instant: the first about it that came in then.
    One that was entered before and dealt with later is another's.
    """
    return session.scalar(
        select(Entry)
        .where(Entry.topic == topic, Entry.received_at == at)
        .order_by(Entry.id)
        .limit(1)
    )


def first_of(session: Session, channel: str, external_id: str) -> Entry | None:
    """The message that an id names, whoever sent it."""
    return session.scalar(
        select(Entry)
        .where(Entry.channel == channel, Entry.external_id == external_id)
        .order_by(Entry.id)
        .limit(1)
    )


def versions(session: Session, origin: Entry) -> list[Entry]:
    """A message and what it was changed to since, the oldest first."""
    later = select(Entry).where(Entry.origin_id == origin.id).order_by(Entry.id)
    return [origin, *session.scalars(later)]


def erase(session: Session, entry: Entry) -> None:
    """Forget what a message said, and its files; that it came, and from whom, is kept."""
    words = {"text": "", "subject": "", "quoted": "", "display_name": ""}
    entry.record = entry.record | words
    entry.state, entry.traceback = State.WITHDRAWN, None
    for file_id in files_of(session, entry):
        files.forget(session, file_id)


def shelved(session: Session) -> list[Entry]:
    """What lies on the shelf, the oldest first."""
    return list(
        session.scalars(select(Entry).where(Entry.state == State.SHELVED).order_by(Entry.id))
    )


def by_reference(session: Session, reference: str) -> Entry | None:
    """The shelved message of a reference such as E-2026-0003."""
    return session.scalar(select(Entry).where(Entry.reference == reference))


def why_shelved(entry: Entry) -> str:
    """Why a message lies on the shelf, in a word or two."""
    if entry.record["kind"] == "unreadable":
        return "unreadable"
    return "fault" if entry.traceback else "too many from this sender"


def take_off_shelf(session: Session, reference: str) -> bool:
    """Somebody took care of a shelved message; False if none lies there under this reference."""
    entry = by_reference(session, reference)
    if entry is None or entry.state != State.SHELVED:
        return False
    entry.state = State.HANDLED
    return True


def files_of(session: Session, entry: Entry) -> list[int]:
    """The ids of the files that came with a message, in their order."""
    rows = select(EntryFile.file_id).where(EntryFile.entry_id == entry.id)
    return list(session.scalars(rows.order_by(EntryFile.file_id)))
