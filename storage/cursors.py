"""How far each channel has been read; fenced, so that a frozen former leader cannot write."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base


class Cursor(Base):
    """The place up to which a channel is committed."""

    __tablename__ = "cursors"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    epoch: Mapped[int]


class Fenced(Exception):
    """Another process took over this channel; what was read here must not be committed."""


def read(session: Session, name: str) -> str | None:
    """The cursor of a channel; None before its first batch."""
    cursor = session.get(Cursor, name)
    return cursor.value if cursor else None


def advance(session: Session, name: str, value: str, epoch: int) -> None:
    """Move a cursor in the transaction of what was read. Raises Fenced if a later epoch wrote."""
    # Past the objects of the session, which hold no cursor that is written here.
    moved = session.connection().execute(_ADVANCE, {"of": name, "to": value, "by": epoch})
    if moved.rowcount:
        return
    if session.get(Cursor, name) is not None:
        raise Fenced(name)
    session.add(Cursor(name=name, value=value, epoch=epoch))
    session.flush()


# Made once: building it takes longer than running it.
_ADVANCE = (
    update(Cursor)
    .where(Cursor.name == bindparam("of"), Cursor.epoch <= bindparam("by"))
    .values(value=bindparam("to"), epoch=bindparam("by"))
)
