"""Which tables a stretch of work writes to."""

from __future__ import annotations

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from storage import counters
from storage.counters import Counter
from storage.engine import Database
from storage.traces import watched


def test_rows_and_statements(database: Database) -> None:
    def work(session: Session) -> list[set[str]]:
        found = []
        session.add(Counter(name="before", value=1))
        with watched(session) as touched:
            session.scalars(select(Counter)).all()
        found.append(touched)
        with watched(session) as touched:
            session.add(Counter(name="added", value=1))
        found.append(touched)
        with watched(session) as touched:
            session.get_one(Counter, "added").value += 1
        found.append(touched)
        with watched(session) as touched:
            session.execute(update(Counter).values(value=3))
        found.append(touched)
        with watched(session) as touched:
            session.execute(insert(Counter).values(name="inserted", value=1))
        found.append(touched)
        with watched(session) as touched:
            session.delete(session.get_one(Counter, "added"))
        found.append(touched)
        session.add(Counter(name="after", value=1))
        session.flush()
        return found

    assert database.run(work) == [set(), *[{"counters"}] * 5]


def test_a_row_that_stays_as_it_was(database: Database) -> None:
    def work(session: Session) -> set[str]:
        counters.following(session, "A")
        with watched(session) as touched:
            row = session.get_one(Counter, "A")
            row.value = int(row.value)
            session.execute(text("SELECT 1"))
        return touched

    assert database.run(work) == set()
