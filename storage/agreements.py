"""What an author and somebody who answered agreed upon: who lends what to whom, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.announcements import Announcement, Direction
from storage.base import Base, BigKey, Key
from storage.members import Institution, Person


class State(StrEnum):
    """What became of an agreement; whether it runs is read from its days."""

    AGREED = "agreed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Agreement(Base):
    """A loan of staff or things. Its days are both included."""

    __tablename__ = "agreements"

    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("announcements.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    """Who answered."""
    agreed_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    """Who accepted, for the institution that posted."""
    lender_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"), index=True)
    things: Mapped[list[str]] = mapped_column(default=list)
    """What it is called, in the singular and without accents: two loans of one thing clash."""
    number: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    working_time: Mapped[str] = mapped_column(default="")
    """How much a person works there, as it was said: « à mi-temps » (acceptance B35)."""
    conditions: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=State.AGREED)
    agreed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    announcement: Mapped[Announcement] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    agreed_by: Mapped[Person] = relationship(foreign_keys=[agreed_by_id])

    @property
    def lender(self) -> Person:
        """Who gives."""
        demanded = self.announcement.direction == Direction.DEMAND
        return self.person if demanded else self.agreed_by

    @property
    def borrower(self) -> Person:
        """Who receives."""
        demanded = self.announcement.direction == Direction.DEMAND
        return self.agreed_by if demanded else self.person

    @property
    def parties(self) -> tuple[Person, Person]:
        """Lender and borrower."""
        return self.lender, self.borrower

    def other_than(self, institution: Institution) -> Person:
        """The one of the two parties that is not of this institution."""
        lender, borrower = self.parties
        return borrower if lender.institution_id == institution.id else lender


def take_turn(session: Session, lender: Institution) -> None:
    """Wait until nobody else agrees with this lender: what is looked at then stays true."""
    session.execute(select(Institution.id).where(Institution.id == lender.id).with_for_update())


def of(session: Session, announcement: Announcement) -> Sequence[Agreement]:
    """The agreements that an announcement led to and that hold, the oldest first."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.announcement_id == announcement.id, Agreement.state != State.CANCELLED)
        .order_by(Agreement.id)
    ).all()


def held(session: Session) -> Sequence[Agreement]:
    """Everything that was ever agreed and not called off, the oldest first."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.state != State.CANCELLED)
        .order_by(Agreement.id)
        .options(
            selectinload(Agreement.announcement),
            selectinload(Agreement.person).selectinload(Person.institution),
            selectinload(Agreement.agreed_by).selectinload(Person.institution),
        )
    ).all()


def running(session: Session, institution: Institution) -> list[Agreement]:
    """What an institution lends or borrows, or will, the oldest first."""
    every = session.scalars(
        select(Agreement).where(Agreement.state == State.AGREED).order_by(Agreement.id)
    )
    return [o for o in every if institution.id in {one.institution_id for one in o.parties}]


def lent(session: Session, lender: Institution, first: date, last: date) -> Sequence[Agreement]:
    """What an institution lends on one of these days."""
    return session.scalars(
        select(Agreement)
        .where(
            Agreement.lender_id == lender.id,
            Agreement.state == State.AGREED,
            Agreement.starts_on <= last,
            Agreement.ends_on >= first,
        )
        .order_by(Agreement.id)
    ).all()


def most_at_once(loans: Iterable[Agreement], first: date, last: date) -> int:
    """How many are out on the day of a period on which the most are."""
    known = list(loans)
    days = {first, *(one.starts_on for one in known if first <= one.starts_on <= last)}
    return max(sum(o.number for o in known if o.starts_on <= day <= o.ends_on) for day in days)
