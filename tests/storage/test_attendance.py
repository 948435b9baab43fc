"""Who is let into a place, and who is seen there: two things that are kept apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from storage import attendance
from storage.engine import Database
from tests.storage.conftest import Crowd

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
HELENE, PAUL = "@helene:x.example", "@paul:x.example"


def present(database: Database, place: str = "members") -> frozenset[str]:
    return database.run(attendance.present, place)


def test_who_is_let_in_does_not_read_there_before_they_come(database: Database) -> None:
    database.run(attendance.admit, "members", HELENE, NOW)
    assert database.run(attendance.admitted) == {"members": {HELENE}}
    assert present(database) == set()
    database.run(attendance.note, "members", "@Helene:x.example", attendance.JOINED, NOW)
    assert present(database) == {HELENE}
    assert present(database, "space") == set()


@pytest.mark.parametrize("state", ["leave", "ban", "invite"])
def test_who_left_is_still_let_in_but_reads_no_more(database: Database, state: str) -> None:
    database.run(attendance.admit, "members", HELENE, NOW)
    database.run(attendance.note, "members", HELENE, attendance.JOINED, NOW)
    database.run(attendance.note, "members", HELENE, state, NOW)
    assert present(database) == set()
    assert database.run(attendance.admitted) == {"members": {HELENE}}
    database.run(attendance.forget, HELENE)
    assert database.run(attendance.admitted) == {}


def test_who_is_put_out_reads_no_more(database: Database) -> None:
    database.run(attendance.admit, "members", HELENE, NOW)
    database.run(attendance.note, "members", HELENE, attendance.JOINED, NOW)
    database.run(attendance.forget, HELENE)
    assert database.run(attendance.admitted) == {"members": {HELENE}}
    database.run(attendance.dismiss, "members", HELENE, NOW)
    assert present(database) == set()
    assert database.run(attendance.admitted) == {}


def test_a_roll_corrects_what_was_missed(database: Database) -> None:
    def before(session: Session) -> None:
        for address in (HELENE, PAUL, "@luc:x.example"):
            attendance.admit(session, "members", address, NOW)
            attendance.note(session, "members", address, attendance.JOINED, NOW)

    database.run(before)
    seen = {"@Helene:x.example": "join", PAUL: "leave", "@anne:x.example": "join"}
    for _ in range(2):
        database.run(attendance.call, "members", seen, NOW)
        assert present(database) == {HELENE, "@anne:x.example"}
        # Luc was never called there, so he is let in again; Paul left by his own hand.
        assert database.run(attendance.admitted) == {"members": {HELENE, PAUL}}


def test_a_roll_of_many_is_few_statements(database: Database) -> None:
    seen = {f"@person-{number}:x.example": "join" for number in range(2_000)}
    asked: list[str] = []

    def count(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", count)
    for _ in range(2):
        database.run(attendance.call, "members", seen, NOW)
    event.remove(database.engine, "before_cursor_execute", count)
    assert len(present(database)) == 2_000
    assert len(asked) < 30


def test_one_roll_counts_whoever_is_first(database: Database, crowd: Crowd) -> None:
    seen = {HELENE: "join", PAUL: "invite"}
    crowd.all_do(lambda _n: database.run(attendance.call, "members", seen, NOW))
    assert present(database) == {HELENE}


def test_one_row_for_each_whoever_is_first(database: Database, crowd: Crowd) -> None:
    crowd.all_do(lambda _n: database.run(attendance.admit, "members", HELENE, NOW))
    assert database.run(attendance.admitted) == {"members": {HELENE}}
