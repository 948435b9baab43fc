"""The chain of acts: whole as written, broken by any later change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.audit import AuditEntry
from storage.engine import Database
from tests.conftest import MovableClock
from tests.storage.conftest import Crowd


def _three_acts(database: Database, clock: MovableClock) -> None:
    for action in ("entered", "accepted", "left"):
        facts = {"type": "commune", "name": "Érezée", "cents": 2_400_000}
        database.run(audit.append, clock.now(), "someone", action, "registration:1", facts)


def test_a_chain_as_written_is_whole(database: Database, clock: MovableClock) -> None:
    assert database.run(audit.first_break) is None
    _three_acts(database, clock)
    assert database.run(audit.first_break) is None


def test_an_act_noted_in_another_zone_does_not_break_it(
    database: Database, clock: MovableClock
) -> None:
    at = clock.now().astimezone(timezone(timedelta(hours=2)))
    database.run(audit.append, at, "someone", "entered", "registration:1", {})
    assert database.run(audit.first_break) is None


def test_several_acts_of_one_transaction_are_chained(
    database: Database, clock: MovableClock
) -> None:
    def work(session: Session) -> None:
        for action in "abc":
            audit.append(session, clock.now(), "someone", action, "order:1", {})

    database.run(work)
    database.run(work)
    assert database.run(audit.first_break) is None
    assert database.run(_count) == 6


def _alter(**values: object) -> Callable[[Session, int], object]:
    return lambda session, id_: session.execute(
        update(AuditEntry).where(AuditEntry.id == id_).values(**values)
    )


def _remove(session: Session, id_: int) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.id == id_))


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (_alter(action="refused"), 1),
        (_alter(actor="somebody else"), 1),
        (_alter(facts={"cents": 1}), 1),
        (_alter(topic="registration:2"), 1),
        (_alter(digest="0" * 63 + "1"), 1),
        (_remove, 2),
    ],
)
def test_tampering_is_found_where_it_was_done(
    database: Database,
    clock: MovableClock,
    tamper: Callable[[Session, int], object],
    broken: int,
) -> None:
    _three_acts(database, clock)
    ids = database.run(lambda s: s.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all())
    database.run(tamper, ids[1])
    assert database.run(audit.first_break) == ids[broken]


def test_acts_at_the_same_moment_are_one_chain(
    database: Database, clock: MovableClock, crowd: Crowd
) -> None:
    def act(number: int) -> None:
        for turn in range(4):
            database.run(audit.append, clock.now(), f"p{number}", f"{turn}", "order:1", {})

    crowd.all_do(act)
    assert database.run(_count) == 32
    assert database.run(audit.first_break) is None


def test_an_act_that_is_undone_leaves_the_chain_whole(
    database: Database, clock: MovableClock
) -> None:
    def work(session: Session) -> None:
        with session.begin_nested() as savepoint:
            audit.append(session, clock.now(), "someone", "undone", "order:1", {})
            savepoint.rollback()
        audit.append(session, clock.now(), "someone", "done", "order:1", {})

    database.run(work)
    assert database.run(audit.first_break) is None
    assert database.run(_count) == 1


def test_a_pseudonym_hides_the_address_and_depends_on_the_secret() -> None:
    name = audit.pseudonym("secret", "Helene@Musson.example")
    assert name == audit.pseudonym("secret", "helene@musson.example")
    assert name != audit.pseudonym("other", "helene@musson.example")
    assert "helene" not in name


def _count(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(AuditEntry))


def test_acts_taken_from_the_end_are_missed(database: Database, clock: MovableClock) -> None:
    """The head remembers how the chain ended, so cutting it short shows."""
    for number in range(3):
        database.run(audit.append, clock.now(), "someone", f"{number}", "order:1", {})

    def cut(session: Session) -> int:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        session.delete(last)
        return last.id

    removed = database.run(cut)
    assert database.run(audit.first_break) == removed
