"""Which parts of the platform are closed for the time being (acceptance B39)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base


class ClosedPart(Base):
    """One part that is closed, from an instant on, and perhaps until it opens on a day."""

    __tablename__ = "closed_parts"

    part: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    opens_on: Mapped[date | None]


_CLOSED = select(ClosedPart.part, ClosedPart.opens_on)


def closed(session: Session, today: date) -> Mapping[str, date | None]:
    """The parts that are closed today, each with the day on which it opens, if that is known."""
    return {
        part: opens_on
        for part, opens_on in session.execute(_CLOSED)
        if opens_on is None or today < opens_on
    }


def close(session: Session, part: str, now: datetime, opens_on: date | None) -> None:
    """Close a part from now on; closing a closed one changes the day on which it opens."""
    session.merge(ClosedPart(part=part, since=now, opens_on=opens_on))
    session.flush()


def reopen(session: Session, part: str) -> bool:
    """Open a part; False if it was not closed."""
    known = session.get(ClosedPart, part)
    if known is None:
        return False
    session.delete(known)
    session.flush()
    return True
