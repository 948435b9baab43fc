"""Addresses at which messages come back: what was said last, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import UniqueConstraint, case, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from storage.base import Base, Key, add_once

FORGOTTEN = timedelta(days=30)
"""After so long without another one, what came back says nothing about the address any more."""


class Bounce(Base):
    """An address that messages came back from; sending goes on, a person decides.

    ``hard`` counts those that will not arrive later either, ``soft`` the others. ``code`` is the
    last status without any words (RFC 3463), such as 5.1.1; it may be empty.
    """

    __tablename__ = "bounces"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[Key]
    channel: Mapped[str]
    address: Mapped[str]
    hard: Mapped[int] = mapped_column(default=0)
    soft: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(default="")
    last_at: Mapped[datetime]


def note(
    session: Session, channel: str, address: str, *, hard: bool, code: str, now: datetime
) -> Bounce:
    """Count one more message that came back from an address; gives the address's mark."""
    id_ = _counted(session, channel, address, hard, code, now)
    if id_ is None:
        add_once(session, Bounce(channel=channel, address=address.lower(), last_at=now))
        id_ = _counted(session, channel, address, hard, code, now)
    return session.get_one(Bounce, id_, populate_existing=True)


def _counted(
    session: Session, channel: str, address: str, hard: bool, code: str, now: datetime
) -> int | None:
    def count(column: InstrumentedAttribute[int], one: bool) -> object:
        return case((Bounce.last_at < now - FORGOTTEN, 0), else_=column) + int(one)

    return session.scalar(
        update(Bounce)
        .where(Bounce.channel == channel, Bounce.address == address.lower())
        .values(
            hard=count(Bounce.hard, hard),
            soft=count(Bounce.soft, not hard),
            code=code,
            last_at=now,
        )
        .returning(Bounce.id)
    )


def at(session: Session, channel: str, address: str, now: datetime) -> Bounce | None:
    """The mark of an address, as long as it says something."""
    return session.scalar(
        select(Bounce).where(
            Bounce.channel == channel,
            Bounce.address == address.lower(),
            Bounce.last_at >= now - FORGOTTEN,
        )
    )
