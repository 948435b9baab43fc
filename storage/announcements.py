"""Demands and offers that members post for one another, and what is answered to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.announcement_states import AWAITING, LIVE
from storage.announcement_states import Stage as Stage  # noqa: PLC0414 - also found beside its table
from storage.base import Base, BigKey, Key
from storage.members import Institution, Person


class Direction(StrEnum):
    """Whether somebody needs or gives."""

    DEMAND = "demand"
    OFFER = "offer"


class Announcement(Base):
    """A demand or an offer; ``number`` is given when it is published (A-2026-0031)."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), index=True)
    direction: Mapped[str]
    category: Mapped[str]
    kind: Mapped[dict[str, Any] | None]
    """The operator's own kind that it is of, with its names as they were then."""
    words: Mapped[str]
    service: Mapped[str] = mapped_column(default="")
    severity: Mapped[str] = mapped_column(default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    audience: Mapped[list[str]] = mapped_column(default=list)
    """The institutions that may see it, as ``type:code``; empty for every member."""
    stage: Mapped[str] = mapped_column(default=Stage.DRAFT, index=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    drafted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    """The last day on which it awaits answers, unless it is prolonged."""

    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"))
    """The message that it was written in, whose files go with it."""

    person: Mapped[Person] = relationship()
    contributions: Mapped[list[Contribution]] = relationship(
        back_populates="announcement", order_by="Contribution.id"
    )
    confidants: Mapped[list[Confidant]] = relationship(
        back_populates="announcement", order_by="Confidant.id"
    )
    absentees: Mapped[list[Absentee]] = relationship(cascade="all, delete-orphan")

    @property
    def reference(self) -> str:
        """A-2026-0031; empty for a draft."""
        return f"A-{self.year}-{self.number:04d}" if self.number else ""

    @property
    def is_awaiting(self) -> bool:
        """Whether it still looks for somebody."""
        return self.stage in AWAITING

    @property
    def is_live(self) -> bool:
        """Whether its conversation goes on."""
        return self.stage in LIVE

    def is_for(self, institution: Institution) -> bool:
        """Whether an institution may see it: its author's own always may."""
        own = institution.id == self.person.institution_id
        return not self.audience or own or f"{institution.type}:{institution.code}" in self.audience


class Contribution(Base):
    """One answer in the conversation of an announcement."""

    __tablename__ = "contributions"

    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("announcements.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    words: Mapped[str]
    written_at: Mapped[datetime]
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    """The message that it came in."""
    declines: Mapped[bool] = mapped_column(default=False)
    """Whether it says that no help can be given (acceptance B34)."""

    announcement: Mapped[Announcement] = relationship(back_populates="contributions")
    person: Mapped[Person] = relationship()


class Confidant(Base):
    """An answer in private, and whose it is. What they said is not kept here, so that nothing can
    show it; that they answered lets the author agree with them.
    """

    __tablename__ = "confidants"

    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("announcements.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    """The message that it came in."""
    declines: Mapped[bool] = mapped_column(default=False)

    announcement: Mapped[Announcement] = relationship(back_populates="confidants")
    person: Mapped[Person] = relationship()


class Absentee(Base):
    """Somebody who answered and left the conversation: they are told nothing more of it."""

    __tablename__ = "absentees"

    announcement_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("announcements.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), primary_key=True)


_AUTHORS = selectinload(Announcement.person).selectinload(Person.institution)
_ANSWERS = (
    selectinload(Announcement.contributions)
    .selectinload(Contribution.person)
    .selectinload(Person.institution)
)


def published(session: Session) -> Sequence[Announcement]:
    """Announcements that await answers, the newest first."""
    return session.scalars(
        select(Announcement)
        .where(Announcement.stage.in_(AWAITING))
        .order_by(Announcement.id.desc())
    ).all()


def in_stages(session: Session, stages: Collection[Stage]) -> Sequence[Announcement]:
    """Announcements in some stages, the newest first."""
    return session.scalars(
        select(Announcement).where(Announcement.stage.in_(stages)).order_by(Announcement.id.desc())
    ).all()


def published_in(session: Session, year: int | None = None) -> Sequence[Announcement]:
    """What was published in a year, or ever, by year and number."""
    query = select(Announcement).where(Announcement.number.is_not(None))
    if year is not None:
        query = query.where(Announcement.year == year)
    return session.scalars(
        query.order_by(Announcement.year, Announcement.number).options(_AUTHORS, _ANSWERS)
    ).all()


def open_of(session: Session, institution: Institution) -> Sequence[Announcement]:
    """An institution's announcements whose conversation goes on, the oldest first."""
    return session.scalars(
        select(Announcement)
        .join(Person, Person.id == Announcement.person_id)
        .where(Announcement.stage.in_(LIVE), Person.institution_id == institution.id)
        .order_by(Announcement.id)
    ).all()


def by_number(session: Session, number: int, year: int | None) -> Announcement | None:
    """The announcement of a number; of the latest year if none is said."""
    query = select(Announcement).where(Announcement.number == number)
    if year is not None:
        query = query.where(Announcement.year == year)
    return session.scalar(query.order_by(Announcement.year.desc()).limit(1))


def written_in(session: Session, entry_ids: Sequence[int]) -> Announcement | None:
    """The announcement that was written in one of these messages, the newest."""
    return session.scalar(
        select(Announcement)
        .where(Announcement.entry_id.in_(entry_ids))
        .order_by(Announcement.id.desc())
        .limit(1)
    )


def answered_in(session: Session, entry_ids: Sequence[int]) -> Contribution | None:
    """The answer to an announcement that was written in one of these messages."""
    return session.scalar(
        select(Contribution)
        .where(Contribution.entry_id.in_(entry_ids))
        .order_by(Contribution.id.desc())
        .limit(1)
    )


def confided_in(session: Session, entry_ids: Sequence[int]) -> Confidant | None:
    """The private answer that was written in one of these messages."""
    return session.scalar(
        select(Confidant)
        .where(Confidant.entry_id.in_(entry_ids))
        .order_by(Confidant.id.desc())
        .limit(1)
    )


def participants(announcement: Announcement) -> list[Person]:
    """The author and everybody who answered, each once, unless they left it or the platform."""
    left = {one.person_id for one in announcement.absentees}
    people = [announcement.person, *(c.person for c in announcement.contributions)]
    return list({one.id: one for one in people if one.active and one.id not in left}.values())


def answerers(announcement: Announcement) -> list[Person]:
    """Everybody of another institution who answered, in private too; the latest of each last. Those
    who :func:`declined` are among them, those who left the platform are not.
    """
    own = announcement.person.institution_id
    told = [one.person for one in announcement.confidants]
    told += [one.person for one in announcement.contributions]
    others = [person for person in told if person.institution_id != own and person.active]
    return list({person.id: person for person in others}.values())


def declined(announcement: Announcement) -> set[int]:
    """The ids of the persons whose last words were that they cannot help; what is said to all
    counts more than what is said in private.
    """
    latest = {one.person_id: one.declines for one in announcement.confidants}
    latest |= {said.person_id: said.declines for said in announcement.contributions}
    return {person_id for person_id, no in latest.items() if no}


def confide(
    announcement: Announcement, person: Person, entry_id: int | None, *, declines: bool
) -> Confidant:
    """Note that somebody answered in private, and in which message; None where the author began."""
    said = Confidant(person=person, entry_id=entry_id, declines=declines)
    announcement.confidants.append(said)
    return said


def leave(announcement: Announcement, person: Person) -> None:
    """Tell somebody nothing more of a conversation, until they say something again."""
    announcement.absentees.append(Absentee(announcement_id=announcement.id, person_id=person.id))


def come_back(announcement: Announcement, person: Person) -> None:
    """Who says something takes part again."""
    announcement.absentees[:] = [
        one for one in announcement.absentees if one.person_id != person.id
    ]


def hand_over(session: Session, former: Person, successor: Person) -> None:
    """What somebody announced and what still runs is their successor's from now on."""
    session.execute(
        update(Announcement)
        .where(
            Announcement.person_id == former.id,
            Announcement.stage.in_({Stage.DRAFT, Stage.PENDING, *LIVE}),
        )
        .values(person_id=successor.id)
    )
