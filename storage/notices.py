"""What administrators are told at most once in a while; the rest is counted until the next time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Key, add_once

MOST_NAMED = 10
"""How many of those that are summed up are named."""
OVERDUE = timedelta(hours=1)
"""After so long what is counted no longer keeps anything from being told."""


class Notice(Base):
    """One kind of notice, or one notice about one thing; ``key`` holds no personal data.

    ``held`` counts what was not told since ``told_at``; ``named`` holds the first of them.
    """

    __tablename__ = "notices"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    told_at: Mapped[datetime]
    held: Mapped[int] = mapped_column(default=0)
    named: Mapped[list[str]] = mapped_column(default=list)


def is_due(session: Session, key: str, every: timedelta, now: datetime) -> bool:
    """Whether something may be told again now; then it counts as told."""
    told = session.scalar(
        update(Notice)
        .where(
            Notice.key == key,
            Notice.told_at <= now - every,
            or_(Notice.held == 0, Notice.told_at <= now - OVERDUE),
        )
        .values(told_at=now)
        .returning(Notice.id)
    )
    if told is not None:
        return True
    known = session.scalar(select(Notice.id).where(Notice.key == key))
    return known is None and add_once(session, Notice(key=key, told_at=now))


def hold(session: Session, key: str, name: str) -> Notice:
    """Count one that is not told now; the first of them has to be told of later."""
    notice = session.scalars(select(Notice).where(Notice.key == key).with_for_update()).one()
    session.refresh(notice)
    notice.held += 1
    if name and len(notice.named) < MOST_NAMED:
        notice.named = [*notice.named, name]
    session.flush()
    return notice


def release(session: Session, notice_id: int, now: datetime) -> tuple[str, int, list[str]]:
    """The key, how many were held back, and the names of the first; they count as told now."""
    notice = session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
    count, named = notice.held, notice.named
    notice.held, notice.named, notice.told_at = 0, [], now
    session.flush()
    return notice.key, count, named
