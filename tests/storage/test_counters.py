"""Numbers without gaps, whoever asks at once and whatever is undone."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from storage import counters
from storage.engine import Database
from tests.storage.conftest import Crowd


def test_every_series_starts_at_one(database: Database) -> None:
    taken = [database.run(counters.following, name) for name in ("A-2026", "A-2026", "I-2026")]
    assert taken == [1, 2, 1]


def test_a_number_that_is_undone_is_given_again(database: Database) -> None:
    def undone(session: Session) -> None:
        counters.following(session, "A-2026")
        raise LookupError

    database.run(counters.following, "A-2026")
    with pytest.raises(LookupError):
        database.run(undone)
    assert database.run(counters.following, "A-2026") == 2


def test_a_number_undone_in_a_savepoint_is_given_again(database: Database) -> None:
    def work(session: Session) -> list[int]:
        given = []
        for keep in (True, False, True):
            with session.begin_nested() as savepoint:
                given.append(counters.following(session, "A-2026"))
                if not keep:
                    savepoint.rollback()
        return given

    assert database.run(work) == [1, 2, 2]


def test_many_at_once_leave_no_gap(database: Database, crowd: Crowd) -> None:
    """A fresh series, in which also the first number is fought for; every third is undone."""

    def take(session: Session, turn: int) -> int:
        number = counters.following(session, "A-2026")
        if turn % 3 == 2:
            raise LookupError
        return number

    def several(_thread: int) -> list[int]:
        taken = []
        for turn in range(9):
            try:
                taken.append(database.run(take, turn))
            except LookupError:
                continue
        return taken

    taken = sorted(number for numbers in crowd.all_do(several) for number in numbers)
    assert taken == list(range(1, 8 * 6 + 1))
