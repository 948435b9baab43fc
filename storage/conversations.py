"""Questions that the platform asked and whose answer it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, BigKey, Key


class Answer(StrEnum):
    """What somebody said to a question."""

    YES = "yes"
    NO = "no"
    WORDS = "words"


_ANSWERS = {True: Answer.YES, False: Answer.NO, None: Answer.WORDS}

FORM = "form"
"""The kind of question that is a form: answered many times, and closed when it is filled."""
PAGE = "page"
"""The kind of question that is the next page of a list: it waits for nothing but being turned."""


class Question(Base):
    """One question to one person at one address, answered at most once.

    ``digest`` binds a confirmation to what was shown: if that changed, the answer counts for
    nothing. ``conversation`` and ``thread`` say where it was asked; empty where only an answer
    that names the question counts. ``code_hash`` is the hash of a code that stands for the
    question, if one was given. ``entry_id`` is the message that made us ask, ``answer`` what was
    answered, if anything was, and ``answered_in_id`` the message that it was answered in.
    """

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_open", "channel", "address", "answered_at"),)

    id: Mapped[Key]
    kind: Mapped[str]
    topic: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    conversation: Mapped[str] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    code_hash: Mapped[str | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    answer: Mapped[str | None]
    answered_in_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    def waits(self, now: datetime) -> bool:
        """Whether it can still be answered."""
        return self.answered_at is None and self.expires_at > now


def ask(session: Session, question: Question) -> Question:
    """Put a question; it has its id when this returns."""
    session.add(question)
    session.flush()
    return question


def asked_here(
    session: Session,
    channel: str,
    address: str,
    conversation: str,
    thread: str | None,
    since: datetime,
    now: datetime,
) -> Question | None:
    """The last question to an address in one conversation, and in the same thread of it, if it was
    asked after ``since`` and still waits.

    A bare yes is never taken for an older question: what was asked since has set that aside.
    """
    last = session.scalar(
        _to(channel, address)
        .where(
            Question.conversation == conversation,
            Question.thread == (thread or ""),
            Question.kind != PAGE,
        )
        .limit(1)
    )
    return last if last is not None and last.asked_at > since and last.waits(now) else None


def open_anywhere(session: Session, channel: str, address: str, now: datetime) -> Question | None:
    """The last question to an address that waits for a yes or no, wherever it was asked."""
    return session.scalar(
        _to(channel, address)
        .where(
            Question.answered_at.is_(None),
            Question.expires_at > now,
            Question.kind.not_in([FORM, PAGE]),
        )
        .limit(1)
    )


def waiting_at(
    session: Session, kind: str, channel: str, address: str, place: tuple[str, str], now: datetime
) -> Question | None:
    """The last question of a kind to an address that waits in a conversation and thread, however
    long ago it was asked.
    """
    conversation, thread = place
    named = {"kind": kind, "channel": channel, "address": address.lower(), "now": now}
    return session.scalar(_WAITING_AT, named | {"conversation": conversation, "thread": thread})


def waiting(
    session: Session, kind: str, channel: str, address: str, now: datetime
) -> Question | None:
    """The last question of a kind to an address that waits, wherever it was asked."""
    return session.scalar(_waiting(kind, channel, address, now).limit(1))


def _waiting(kind: str, channel: str, address: str, now: datetime) -> Select[Question]:
    return _to(channel, address).where(
        Question.kind == kind, Question.answered_at.is_(None), Question.expires_at > now
    )


def keep_open(
    session: Session, question: Question, data: dict[str, Any], *, here: bool = True
) -> None:
    """Keep what a form holds now and let it wait on; without ``here`` only for an answer that
    names it.
    """
    question.data = dict(data)
    if not here:
        question.conversation, question.thread = "", ""
    session.flush()
    session.execute(update(Question).where(Question.id == question.id).values(answered_at=None))


def _to(channel: str, address: str) -> Select[Question]:
    return (
        select(Question)
        .where(
            Question.channel == channel,
            Question.address == address.lower(),
            Question.code_hash.is_(None),
        )
        .order_by(Question.id.desc())
    )


def lapse(session: Session, kind: str, channel: str, address: str, now: datetime) -> None:
    """Close the open questions of a kind to an address: they hold for one message only."""
    # Looked for first: there is nearly never one, and changing none takes several times as long.
    named = {"kind": kind, "channel": channel, "address": address.lower()}
    for question in session.scalars(_OPEN, named):
        question.answered_at = now
    session.flush()


# Made once: building them takes longer than running them.
_OPEN = select(Question).where(
    Question.kind == bindparam("kind"),
    Question.channel == bindparam("channel"),
    Question.address == bindparam("address"),
    Question.answered_at.is_(None),
)
_WAITING_AT = (
    _OPEN.where(
        Question.code_hash.is_(None),
        Question.expires_at > bindparam("now"),
        Question.conversation == bindparam("conversation"),
        Question.thread == bindparam("thread"),
    )
    .order_by(Question.id.desc())
    .limit(1)
)


def by_code(session: Session, kind: str, code_hash: str, now: datetime) -> Question | None:
    """The open question that a code stands for."""
    return session.scalar(
        select(Question).where(
            Question.kind == kind,
            Question.code_hash == code_hash,
            Question.answered_at.is_(None),
            Question.expires_at > now,
        )
    )


def waiting_about(session: Session, kind: str, topic: str, now: datetime) -> Question | None:
    """The last question of a kind about a topic that waits, whoever was asked."""
    return session.scalar(
        select(Question)
        .where(
            Question.kind == kind,
            Question.topic == topic,
            Question.answered_at.is_(None),
            Question.expires_at > now,
        )
        .order_by(Question.id.desc())
        .limit(1)
    )


def about(session: Session, topic: str) -> Sequence[Question]:
    """Every question that was put about a topic, open or not."""
    return session.scalars(select(Question).where(Question.topic == topic)).all()


def asked_because_of(session: Session, entry_ids: Sequence[int]) -> Sequence[Question]:
    """The questions that were asked because of these messages."""
    return session.scalars(
        select(Question).where(Question.entry_id.in_(entry_ids)).order_by(Question.id)
    ).all()


def answer(
    session: Session,
    question_id: int,
    now: datetime,
    said: bool | None = None,
    entry_id: int | None = None,
) -> bool:
    """Mark a question answered, in a message if it was in one; False if it already was: the second
    answer changes nothing.
    """
    first = session.execute(
        update(Question)
        .where(Question.id == question_id, Question.answered_at.is_(None))
        .values(answered_at=now, answer=_ANSWERS[said], answered_in_id=entry_id)
        .returning(Question.id)
    ).first()
    return first is not None


def reopen(session: Session, entry_ids: Sequence[int]) -> None:
    """Let the question that was answered in one of these messages wait for its answer again."""
    session.execute(
        update(Question)
        .where(Question.answered_in_id.in_(entry_ids))
        .values(answered_at=None, answer=None, answered_in_id=None)
    )


def withdraw(session: Session, kind: str, topic: str, now: datetime) -> None:
    """Close the open questions of a kind about a topic: they are asked anew or have no object."""
    session.execute(
        update(Question)
        .where(Question.kind == kind, Question.topic == topic, Question.answered_at.is_(None))
        .values(answered_at=now)
    )
