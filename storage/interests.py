"""Interest in what a central may offer next: a call to every member, and what each answered.

A row per member is there from the beginning, so that nobody is missed silently: who has not
answered is a row without an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.members import Institution, Person
from storage.purchasing import Central


class InterestCall(Base):
    """A question to all members: do they want it, and how much of it at most?"""

    __tablename__ = "interest_calls"

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"), index=True)
    subject: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    until: Mapped[date]

    central: Mapped[Central] = relationship()
    interests: Mapped[list[Interest]] = relationship(back_populates="call", order_by="Interest.id")


class Interest(Base):
    """What one member answered, or that it has not yet."""

    __tablename__ = "interests"
    __table_args__ = (UniqueConstraint("call_id", "institution_id"),)

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(BigKey, ForeignKey("interest_calls.id"))
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"))
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None]
    wanted: Mapped[bool | None]
    most: Mapped[int | None] = mapped_column(BigKey)
    """The largest quantity, in the unit of the call."""
    words: Mapped[str] = mapped_column(default="")

    call: Mapped[InterestCall] = relationship(back_populates="interests")
    institution: Mapped[Institution] = relationship()
    person: Mapped[Person | None] = relationship()


def calls_of(session: Session, central: Central) -> Sequence[InterestCall]:
    """The calls of a central, the newest first."""
    return session.scalars(
        select(InterestCall)
        .where(InterestCall.central_id == central.id)
        .order_by(InterestCall.id.desc())
    ).all()


def of_institution(
    session: Session, call: InterestCall, institution: Institution
) -> Interest | None:
    """What a member answered to a call, or is asked; locked for a change."""
    return session.scalar(
        select(Interest)
        .where(Interest.call_id == call.id, Interest.institution_id == institution.id)
        .with_for_update()
    )


def silent(call: InterestCall) -> list[Interest]:
    """Who has not answered yet."""
    return [one for one in call.interests if one.answered_at is None]


def late(call: InterestCall, zone: tzinfo) -> list[Interest]:
    """Whose answer came after the last day, which ends at midnight in a zone."""
    return [
        one
        for one in call.interests
        if one.answered_at and one.answered_at.astimezone(zone).date() > call.until
    ]


def missed(call: InterestCall, everybody: Sequence[Institution]) -> list[Institution]:
    """Who is a member now and was not when a call left."""
    asked = {one.institution_id for one in call.interests}
    return [institution for institution in everybody if institution.id not in asked]
