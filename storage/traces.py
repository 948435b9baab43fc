"""Which tables a stretch of work writes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction


@contextmanager
def watched(session: Session) -> Iterator[set[str]]:
    """The names of the tables written to meanwhile; whole when the stretch has ended."""
    touched: set[str] = set()

    def flushed(session: Session, _flush: UOWTransaction) -> None:
        changed = (row for row in session.dirty if session.is_modified(row))
        touched.update(row.__tablename__ for row in (*session.new, *changed, *session.deleted))

    def executed(state: ORMExecuteState) -> None:
        if (state.is_insert or state.is_update or state.is_delete) and state.bind_mapper:
            touched.add(str(state.bind_mapper.local_table))

    session.flush()
    event.listen(session, "after_flush", flushed)
    event.listen(session, "do_orm_execute", executed)
    try:
        yield touched
        session.flush()
    finally:
        event.remove(session, "after_flush", flushed)
        event.remove(session, "do_orm_execute", executed)
