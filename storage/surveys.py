"""Surveys: a question with its choices to all members, and what each institution answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.members import Institution, Person
from storage.purchasing import Central


class Stage(StrEnum):
    """The life of a survey."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"
    """Its author did not have it sent."""


class Survey(Base):
    """A question to all members, or to those of one type (``audience``); ``options`` are the
    choices as they are counted, ``several`` if more than one may be chosen. Without options it is
    answered in free words, which are counted as wishes; ``names`` are those that an administrator
    gave to wishes, by the folded wish. ``author`` is the address of who asks: an administrator, or
    a manager for a ``central``.
    """

    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[Key]
    author: Mapped[str]
    words: Mapped[str]
    options: Mapped[list[str]]
    several: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[str | None]
    central_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("centrals.id"))
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stage: Mapped[str] = mapped_column(default=Stage.DRAFT)
    year: Mapped[int | None]
    number: Mapped[int | None]
    drafted_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_on: Mapped[date | None]
    """The last day on which an answer counts."""
    closed_at: Mapped[datetime | None]

    central: Mapped[Central | None] = relationship()

    @property
    def is_free(self) -> bool:
        """Whether it is answered in free words."""
        return not self.options

    @property
    def reference(self) -> str:
        """S-2026-0003; empty for a draft."""
        return f"S-{self.year}-{self.number:04d}" if self.number else ""


class Ballot(Base):
    """One answer, kept word for word; of each institution the last one counts.

    No ``choices``: nothing of it could be counted, or the answer was taken back.
    """

    __tablename__ = "ballots"
    __table_args__ = (Index("ix_ballots_survey_institution", "survey_id", "institution_id"),)

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(BigKey, ForeignKey("surveys.id"))
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"))
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    choices: Mapped[list[str]]
    words: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]

    institution: Mapped[Institution] = relationship()
    person: Mapped[Person] = relationship()


def by_number(session: Session, number: int, year: int | None) -> Survey | None:
    """The survey of a number; of the latest year if none is said."""
    query = select(Survey).where(Survey.number == number)
    if year is not None:
        query = query.where(Survey.year == year)
    return session.scalar(query.order_by(Survey.year.desc()).limit(1))


def sent(session: Session) -> Sequence[Survey]:
    """Every survey that was sent, the newest first."""
    return session.scalars(
        select(Survey).where(Survey.number.is_not(None)).order_by(Survey.id.desc())
    ).all()


def counted(session: Session, survey: Survey) -> Sequence[Ballot]:
    """The last answer of each institution, in the order in which they were given."""
    last = (
        select(func.max(Ballot.id))
        .where(Ballot.survey_id == survey.id)
        .group_by(Ballot.institution_id)
    )
    return session.scalars(select(Ballot).where(Ballot.id.in_(last)).order_by(Ballot.id)).all()


def last_of(session: Session, survey: Survey, institution: Institution) -> Ballot | None:
    """What an institution answered last."""
    return session.scalar(
        select(Ballot)
        .where(Ballot.survey_id == survey.id, Ballot.institution_id == institution.id)
        .order_by(Ballot.id.desc())
        .limit(1)
    )


def given_in(session: Session, entry_ids: Sequence[int]) -> Ballot | None:
    """The answer that was given in one of these messages."""
    return session.scalar(
        select(Ballot).where(Ballot.entry_id.in_(entry_ids)).order_by(Ballot.id.desc()).limit(1)
    )


def take_back(session: Session, entry_ids: Sequence[int]) -> None:
    """Forget the answers given in these messages: what was answered before them counts again."""
    session.execute(delete(Ballot).where(Ballot.entry_id.in_(entry_ids)))
