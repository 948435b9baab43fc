"""Questions that the platform asked and whose answer it waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Key


class Question(Base):
    """One question to one person at one address, answered at most once.

    ``digest`` binds a confirmation to what was shown: if that changed, the answer counts for
    nothing. ``code_hash`` is the hash of a code that stands for the question, if one was given.
    """

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_open", "channel", "address", "answered_at"),)

    id: Mapped[Key]
    kind: Mapped[str]
    topic: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    digest: Mapped[str] = mapped_column(default="")
    code_hash: Mapped[str | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


def ask(session: Session, question: Question) -> Question:
    """Put a question; it has its id when this returns."""
    session.add(question)
    session.flush()
    return question


def open_at(session: Session, channel: str, address: str, now: datetime) -> Question | None:
    """The last question to an address, if it still waits for its answer.

    A bare yes is never taken for an older question: what was asked since has set that aside.
    """
    last = session.scalar(
        select(Question)
        .where(
            Question.channel == channel,
            Question.address == address.lower(),
            Question.code_hash.is_(None),
        )
        .order_by(Question.id.desc())
        .limit(1)
    )
    if last is None or last.answered_at is not None or last.expires_at <= now:
        return None
    return last


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


def answer(session: Session, question_id: int, now: datetime) -> bool:
    """Mark a question answered; False if it already was: the second answer changes nothing."""
    first = session.execute(
        update(Question)
        .where(Question.id == question_id, Question.answered_at.is_(None))
        .values(answered_at=now)
        .returning(Question.id)
    ).first()
    return first is not None


def withdraw(session: Session, kind: str, topic: str, now: datetime) -> None:
    """Close the open questions of a kind about a topic: they are asked anew or have no object."""
    session.execute(
        update(Question)
        .where(Question.kind == kind, Question.topic == topic, Question.answered_at.is_(None))
        .values(answered_at=now)
    )
