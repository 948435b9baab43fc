"""Rhythms and what waits for a digest: each once, and one digest a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import outbox, recipients, reminders, rhythms
from storage.engine import Database
from storage.members import Institution, Person, Standing
from storage.outbox import State
from storage.recipients import Fate, Way
from storage.reminders import Reminder
from storage.rhythms import Rhythm

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
TODAY = date(2026, 3, 24)


@pytest.fixture
def person_id(database: Database) -> int:
    """Somebody who acts for a commune."""

    def work(session: Session) -> int:
        institution = Institution(
            type="commune", code="85026", name="Musson", state=Standing.ACTIVE, requested_at=NOW
        )
        person = Person(institution=institution, name="Anne", active=True)
        session.add_all([institution, person])
        session.flush()
        return person.id

    return database.run(work)


def test_a_choice_is_made_once(database: Database, person_id: int) -> None:
    assert database.run(rhythms.of, person_id) is Rhythm.IMMEDIATE
    assert database.run(rhythms.choose, person_id, Rhythm.DAILY, NOW)
    assert not database.run(rhythms.choose, person_id, Rhythm.DAILY, NOW)
    assert database.run(rhythms.of, person_id) is Rhythm.DAILY


def test_a_topic_waits_once_and_is_taken_once(database: Database, person_id: int) -> None:
    for minutes, topic in enumerate(["announcement:1", "announcement:2", "announcement:1"]):
        database.run(rhythms.wait, person_id, topic, NOW + timedelta(minutes=minutes))
    taken = database.run(rhythms.take, person_id, TODAY, NOW)
    assert taken == ["announcement:2", "announcement:1"]
    assert not database.run(rhythms.has_waiting, person_id)


def test_one_digest_a_day(database: Database, person_id: int) -> None:
    assert database.run(rhythms.take, person_id, TODAY, NOW) == []
    database.run(rhythms.wait, person_id, "announcement:1", NOW)
    assert database.run(rhythms.take, person_id, TODAY, NOW) == ["announcement:1"]
    database.run(rhythms.wait, person_id, "announcement:2", NOW)
    assert database.run(rhythms.take, person_id, TODAY, NOW) is None
    tomorrow = TODAY + timedelta(days=1)
    assert database.run(rhythms.take, person_id, tomorrow, NOW) == ["announcement:2"]


def test_a_digest_is_planned_once(database: Database) -> None:
    for _ in range(3):
        database.run(reminders.plan_once, "digest", "person:1", NOW)
    count = select(func.count()).select_from(Reminder)
    assert database.run(lambda session: session.scalar(count)) == 1


@pytest.mark.parametrize(
    ("state", "fate"),
    [
        (State.DUE, Fate.UNDERWAY),
        (State.SENDING, Fate.UNDERWAY),
        (State.SENT, Fate.TAKEN),
        (State.DEAD, Fate.FAILED),
        (State.RETURNED, Fate.RETURNED),
    ],
)
def test_the_fate_of_a_message_is_that_of_its_row(
    database: Database, person_id: int, state: State, fate: Fate
) -> None:
    def work(session: Session) -> Fate:
        row = outbox.add(
            session, key="k", channel="mail", destination="a@b.example", payload={}, now=NOW
        )
        row.state = state
        recipients.note(session, "announcement:1", person_id, Way.MESSAGE, row.id, NOW)
        recipients.note(session, "announcement:1", person_id, Way.NONE, None, NOW)
        (one,) = recipients.of(session, "announcement:1")
        return recipients.fate(one)

    assert database.run(work) is fate


def test_only_what_was_sent_can_come_back(database: Database) -> None:
    def work(session: Session) -> str:
        row = outbox.add(
            session, key="k", channel="mail", destination="a@b.example", payload={}, now=NOW
        )
        outbox.returned(session, row.id, "5.1.1")
        return row.state

    assert database.run(work) == State.DUE
