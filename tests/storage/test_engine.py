"""Units of work: all or nothing, again when the database asks for it."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from storage import cursors, reminders
from storage.cursors import Cursor
from storage.engine import ATTEMPTS, Database, is_contention
from storage.reminders import Reminder
from tests.conftest import MovableClock


def test_a_unit_of_work_is_committed_and_gives_its_result(database: Database) -> None:
    def work(session: Session, value: str) -> str:
        cursors.advance(session, "mail", value, 1)
        return value.upper()

    assert database.run(work, "a") == "A"
    assert database.run(cursors.read, "mail") == "a"


def test_a_failing_unit_leaves_nothing(database: Database) -> None:
    def work(session: Session) -> None:
        cursors.advance(session, "mail", "a", 1)
        raise LookupError

    with pytest.raises(LookupError):
        database.run(work)
    assert database.run(cursors.read, "mail") is None


def test_a_lasting_fault_is_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(insert(Cursor).values([{"name": "mail", "value": "a", "epoch": 1}] * 2))

    with pytest.raises(IntegrityError):
        database.run(work)
    assert len(tries) == 1


def test_sqlite_is_tried_again_when_the_file_is_locked(sqlite_database: Database) -> None:
    # Without the driver's own patience only the house's is left.
    event.listen(sqlite_database.engine, "connect", _impatient)
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        cursors.advance(session, "mail", "a", 1)

    with sqlite_database.engine.connect() as other:
        other.execute(text("SELECT 1"))  # begins, so that other writers have to wait
        waiting = threading.Thread(target=sqlite_database.run, args=(work,))
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
    waiting.join()
    assert len(tries) > 1
    assert sqlite_database.run(cursors.read, "mail") == "a"


def _impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=0")


@pytest.mark.servers
def test_a_serialization_failure_is_tried_again(postgresql_database: Database) -> None:
    database = postgresql_database
    database.run(cursors.advance, "mail", "0", 1)
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        cursor = session.get_one(Cursor, "mail")
        if len(tries) == 1:
            database.run(cursors.advance, "mail", "meanwhile", 1)
        cursor.value = "mine"
        session.flush()

    database.run(work)
    assert len(tries) == 2
    assert database.run(cursors.read, "mail") == "mine"


@pytest.mark.servers
def test_contention_without_end_is_raised(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine.time.sleep", lambda _seconds: None)
    database = postgresql_database
    database.run(cursors.advance, "mail", "0", 1)
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(select(Cursor).with_for_update(nowait=True))

    with database.engine.begin() as other:
        other.execute(select(Cursor).with_for_update())
        with pytest.raises(DBAPIError) as raised:
            database.run(work)
    assert is_contention(raised.value)
    assert len(tries) == ATTEMPTS


# -- instants ---------------------------------------------------------------------------------


def test_an_instant_comes_back_in_utc_whatever_its_zone(database: Database) -> None:
    brussels = datetime(2026, 7, 1, 8, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    database.run(reminders.plan, "award", "order:1", brussels)
    due = database.run(lambda session: session.scalars(select(Reminder.due_at)).one())
    assert due == brussels
    assert due.utcoffset() == timedelta(0)


def test_an_instant_without_zone_is_refused(database: Database, clock: MovableClock) -> None:
    naive = clock.now().replace(tzinfo=None)
    with pytest.raises(StatementError, match="time zone"):
        database.run(reminders.plan, "award", "order:1", naive)


def test_what_only_looks_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.read(cursors.advance, "mail", "a", 1)
    # The same connection writes again afterwards.
    database.run(cursors.advance, "mail", "b", 1)
    assert database.read(cursors.read, "mail") == "b"


def test_what_only_looks_waits_for_nobody_and_holds_up_nobody(database: Database) -> None:
    def while_reading(session: Session) -> None:
        assert cursors.read(session, "mail") is None
        database.run(cursors.advance, "mail", "a", 1)

    def while_writing(session: Session) -> None:
        cursors.advance(session, "mail", "b", 1)
        assert database.read(cursors.read, "mail") == "a"

    database.read(while_reading)
    database.run(while_writing)
    assert database.read(cursors.read, "mail") == "b"
