"""Marks on addresses that messages come back from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from storage import bounces
from storage.engine import Database
from tests.storage.conftest import Crowd

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)


def note(database: Database, hard: bool, code: str = "", days: int = 0) -> tuple[int, int, str]:
    def work(session: Session) -> tuple[int, int, str]:
        mark = bounces.note(
            session,
            "mail",
            "Anne@Commune.example",
            hard=hard,
            code=code,
            now=NOW + timedelta(days=days),
        )
        return mark.hard, mark.soft, mark.code

    return database.run(work)


def test_each_sort_is_counted(database: Database) -> None:
    assert note(database, True, "5.1.1") == (1, 0, "5.1.1")
    assert note(database, False, "4.2.2", days=1) == (1, 1, "4.2.2")
    assert note(database, False, days=2) == (1, 2, "")


def test_what_is_long_past_no_longer_counts(database: Database) -> None:
    note(database, True)
    note(database, False)
    assert note(database, False, days=30) == (1, 2, "")
    assert note(database, False, days=61) == (0, 1, "")


@pytest.mark.parametrize(("days", "known"), [(0, True), (30, True), (31, False)])
def test_a_mark_is_found_as_long_as_it_says_something(
    database: Database, days: int, known: bool
) -> None:
    note(database, True)
    later = NOW + timedelta(days=days)
    for address in ("anne@commune.example", "ANNE@commune.example"):
        mark = database.run(bounces.at, "mail", address, later)
        assert (mark is not None) is known
    assert database.run(bounces.at, "matrix", "anne@commune.example", NOW) is None


def test_nothing_is_lost_when_several_count_at_once(database: Database, crowd: Crowd) -> None:
    crowd.all_do(lambda _number: note(database, True))
    assert note(database, True)[0] == crowd.size + 1
