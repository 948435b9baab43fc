"""Which announcements an administrator reads before anybody else: all, or some kinds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, add_once

ALL = "*"
"""Stands for every kind."""


class ModerationRule(Base):
    """One kind of announcement that is moderated; who decided it stands in the audit chain."""

    __tablename__ = "moderation_rules"

    category: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


def rules(session: Session) -> frozenset[str]:
    """The kinds that are moderated now; ALL for every one."""
    return frozenset(session.scalars(select(ModerationRule.category)))


def is_required(session: Session, category: str) -> bool:
    """Whether an announcement of a kind waits for an administrator."""
    return bool(rules(session) & {ALL, category})


def replace(session: Session, categories: Collection[str], now: datetime) -> None:
    """From now on exactly these kinds are moderated."""
    session.execute(delete(ModerationRule).where(ModerationRule.category.not_in(categories)))
    for category in sorted(set(categories) - rules(session)):
        add_once(session, ModerationRule(category=category, since=now))
