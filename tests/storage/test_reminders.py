"""What is to be done later: once, oldest first, by whoever looks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import reminders
from storage.engine import Database
from tests.conftest import MovableClock
from tests.storage.conftest import Crowd

HOUR = timedelta(hours=1)


def _take(session: Session, now: datetime) -> str | None:
    """Carry out the oldest due reminder; its topic."""
    reminder = reminders.next_due(session, now)
    if reminder is None:
        return None
    reminder.done_at = now
    return reminder.topic


def test_nothing_is_due_before_its_time(database: Database, clock: MovableClock) -> None:
    database.run(reminders.plan, "award", "order:1", clock.now() + HOUR)
    assert database.run(_take, clock.now()) is None
    clock.move(HOUR)
    assert database.run(_take, clock.now()) == "order:1"
    assert database.run(_take, clock.now()) is None


def test_what_fell_due_meanwhile_is_made_up_for_oldest_first(
    database: Database, clock: MovableClock
) -> None:
    for topic, hours in (("order:3", 3), ("order:1", 1), ("order:2", 2)):
        database.run(reminders.plan, "award", topic, clock.now() + hours * HOUR)
    clock.move(timedelta(days=30))
    taken = [database.run(_take, clock.now()) for _ in range(4)]
    assert taken == ["order:1", "order:2", "order:3", None]


def test_a_tick_that_fails_leaves_the_reminder(database: Database, clock: MovableClock) -> None:
    def fail(session: Session) -> None:
        _take(session, clock.now())
        raise LookupError

    database.run(reminders.plan, "award", "order:1", clock.now())
    with pytest.raises(LookupError):
        database.run(fail)
    assert database.run(_take, clock.now()) == "order:1"


def test_the_same_reminder_is_planned_once(database: Database, clock: MovableClock) -> None:
    database.run(reminders.plan, "award", "order:1", clock.now())
    with pytest.raises(IntegrityError):
        database.run(reminders.plan, "award", "order:1", clock.now())


def test_ticks_at_the_same_moment_share_the_work(
    database: Database, clock: MovableClock, crowd: Crowd
) -> None:
    """Each reminder is carried out once, though several processes tick."""
    for number in range(24):
        database.run(reminders.plan, "award", f"order:{number}", clock.now())

    def tick(_process: int) -> list[str]:
        done = []
        while (topic := database.run(_take, clock.now())) is not None:
            done.append(topic)
        return done

    done = [topic for topics in crowd.all_do(tick) for topic in topics]
    assert sorted(done) == sorted(f"order:{number}" for number in range(24))


def test_a_topic_that_is_settled_needs_no_reminder(database: Database, clock: MovableClock) -> None:
    for kind, topic in (("award", "order:1"), ("contract-end", "order:1"), ("award", "order:2")):
        database.run(reminders.plan, kind, topic, clock.now())
    database.run(reminders.cancel, "order:1", ("award",), clock.now())
    left = [database.run(_take, clock.now()) for _ in range(3)]
    assert left == ["order:1", "order:2", None]
