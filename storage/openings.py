"""For whom registrations are open, and from when to when (acceptance B45, B46)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base

EVERYBODY = ""
"""Stands for the type where an opening binds all of them."""


class Opening(Base):
    """When one type of institution may register, or everybody; without a row it may.

    ``opens_on`` is nothing while no day is known; both days are included.
    """

    __tablename__ = "registration_openings"

    type: Mapped[str] = mapped_column(primary_key=True)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(default="")
    """The reference of the decision that opens it."""

    def has_ended(self, on: date) -> bool:
        """Whether its last day is over."""
        return self.closes_on is not None and self.closes_on < on

    def is_open(self, on: date) -> bool:
        """Whether registrations are open on a day."""
        return self.opens_on is not None and self.opens_on <= on and not self.has_ended(on)


def known(session: Session) -> Sequence[Opening]:
    """Everything that was opened or closed, that of everybody first."""
    return session.scalars(select(Opening).order_by(Opening.type)).all()


def closing(session: Session, types: Sequence[str], today: date) -> Opening | None:
    """What keeps institutions of these types from registering today; of several, what ends last."""
    wanted = select(Opening).where(Opening.type.in_([EVERYBODY, *types])).order_by(Opening.type)
    found = [one for one in session.scalars(wanted) if not one.is_open(today)]
    return max(found, key=lambda one: _ends(one, today), default=None)


def _ends(one: Opening, today: date) -> date:
    return date.max if one.opens_on is None or one.has_ended(today) else one.opens_on


def set_(
    session: Session, type_: str, opens_on: date | None, closes_on: date | None, decision: str
) -> None:
    """Open or close; a decision that is not given anew stays."""
    before = session.get(Opening, type_)
    kept = decision or (before.decision if before else "")
    session.merge(Opening(type=type_, opens_on=opens_on, closes_on=closes_on, decision=kept))
    session.flush()
