"""What is told at most once in a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from storage import notices
from storage.engine import Database
from tests.storage.conftest import Crowd

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def is_due(database: Database, minutes: float = 0, key: str = "fault") -> bool:
    return database.run(notices.is_due, key, MINUTE, NOW + timedelta(minutes=minutes))


def hold(database: Database, name: str = "") -> tuple[int, int]:
    def work(session: Session) -> tuple[int, int]:
        notice = notices.hold(session, "fault", name)
        return notice.id, notice.held

    return database.run(work)


def test_once_in_a_while(database: Database) -> None:
    assert is_due(database)
    assert not is_due(database, minutes=0.9)
    assert is_due(database, key="other")
    assert is_due(database, minutes=1)
    assert not is_due(database, minutes=1.9)


def test_what_is_held_is_counted_and_the_first_are_named(database: Database) -> None:
    is_due(database)
    held = [hold(database, f"E-{number}") for number in range(12)]
    assert [count for _id, count in held] == list(range(1, 13))
    id_ = held[0][0]
    key, count, named = database.run(notices.release, id_, NOW + MINUTE)
    assert (key, count) == ("fault", 12)
    assert named == [f"E-{number}" for number in range(10)]
    assert database.run(notices.release, id_, NOW + MINUTE)[1:] == (0, [])


def test_nothing_is_told_before_what_is_held(database: Database) -> None:
    is_due(database)
    id_, _held = hold(database)
    assert not is_due(database, minutes=2)
    database.run(notices.release, id_, NOW + 2 * MINUTE)
    assert not is_due(database, minutes=2.5)
    assert is_due(database, minutes=3)


def test_what_is_held_for_too_long_keeps_nothing_back(database: Database) -> None:
    is_due(database)
    hold(database)
    assert is_due(database, minutes=60)


def test_only_one_of_several_tells(database: Database, crowd: Crowd) -> None:
    assert sorted(crowd.all_do(lambda _number: is_due(database)))[-2:] == [False, True]
    assert len(set(crowd.all_do(lambda _number: hold(database)[1]))) == crowd.size
