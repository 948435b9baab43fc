"""Numbers without gaps: one row per series, raised in the transaction that uses the number."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, add_once


class Counter(Base):
    """The last number given in a series."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


def following(session: Session, name: str) -> int:
    """The next number of a series, from 1; undone with its transaction, so no gap remains."""
    raised = _raised(session, name)
    if raised is None:
        add_once(session, Counter(name=name, value=0))
        raised = _raised(session, name)
    assert raised is not None  # noqa: S101 - the row is there, whoever added it
    return raised


def _raised(session: Session, name: str) -> int | None:
    return session.scalar(
        update(Counter)
        .where(Counter.name == name)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
    )
