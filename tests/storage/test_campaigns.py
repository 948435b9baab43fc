"""Campaigns: of what is offered at once nothing is lost, and what is undone counts no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from storage import campaigns, inbox
from storage.campaigns import Campaign, CampaignOffer, Need, Stage
from storage.engine import Database
from storage.members import Institution, Person, Standing
from tests.conftest import MovableClock
from tests.storage.conftest import Crowd


class Crisis:
    """An open campaign for one place, and an institution, with a short hand for its offers."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock
        database.run(self._prepare)

    def _prepare(self, session: Session) -> None:
        now = self.clock.now()
        made = Institution(
            type="cpas", code="1", name="CPAS", state=Standing.ACTIVE, requested_at=now
        )
        person = Person(institution=made, name="Personne")
        kept = Campaign(
            author="@a:x",
            words="crue",
            stage=Stage.OPEN,
            drafted_at=now,
            closes_on=now.date() + timedelta(days=14),
            needs=[Need(place="Rochefort", thing="personnes", wanted=40)],
        )
        session.add_all([person, kept])
        session.flush()
        self.campaign, self.need = kept.id, kept.needs[0].id
        self.institution, self.person = made.id, person.id

    def offer(self, session: Session, count: int, entry: int | None = None) -> int:
        """Offer so many; gives how many are promised then."""
        kept = session.get_one(Campaign, self.campaign)
        assert campaigns.hold(session, kept)
        session.add(
            CampaignOffer(
                need_id=self.need,
                institution_id=self.institution,
                person_id=self.person,
                entry_id=entry,
                count=count,
                words="",
                given_at=self.clock.now(),
            )
        )
        return campaigns.promised(session, kept)[self.need]

    def entry(self, name: str) -> int:
        """A message that came in."""

        def work(session: Session) -> int:
            entry = inbox.accept(session, "matrix", name, "a@x", {}, self.clock.now())
            assert entry is not None
            return entry.id

        return self.database.run(work)

    def promised(self) -> int:
        """How many are promised now."""

        def work(session: Session) -> int:
            kept = session.get_one(Campaign, self.campaign)
            return campaigns.promised(session, kept)[self.need]

        return self.database.run(work)


@pytest.fixture
def crisis(database: Database, clock: MovableClock) -> Crisis:
    """Nobody has offered anything yet."""
    return Crisis(database, clock)


def test_of_many_at_once_each_counts_with_those_before(crisis: Crisis, crowd: Crowd) -> None:
    def several(_thread: int) -> list[int]:
        return [crisis.database.run(crisis.offer, 1) for _turn in range(5)]

    seen = sorted(count for counts in crowd.all_do(several) for count in counts)
    # Everybody saw another sum, so the last running total that was written is the whole.
    assert seen == list(range(1, len(seen) + 1))
    assert crisis.promised() == len(seen)


def test_what_a_message_did_is_undone_with_what_it_had_ended(crisis: Crisis) -> None:
    first, second, undoing = (crisis.entry(name) for name in ("$1", "$2", "$3"))
    crisis.database.run(crisis.offer, 3, first)

    def replace(session: Session) -> None:
        kept = session.get_one(Campaign, crisis.campaign)
        theirs = session.get_one(Institution, crisis.institution)
        before = campaigns.standing(session, kept, theirs)
        campaigns.end(before, crisis.clock.now(), second)
        crisis.offer(session, 5, second)

    crisis.database.run(replace)
    assert crisis.promised() == 5
    found = crisis.database.run(campaigns.touched_in, [second])
    assert found is not None
    crisis.database.run(campaigns.undo, [second], crisis.clock.now(), undoing)
    assert crisis.promised() == 3
    crisis.database.run(campaigns.undo, [first], crisis.clock.now(), undoing)
    assert crisis.promised() == 0


def test_it_is_closed_once_and_then_nobody_offers(crisis: Crisis) -> None:
    def close(session: Session) -> tuple[bool, bool]:
        kept = session.get_one(Campaign, crisis.campaign)
        closed = campaigns.move(session, kept, Stage.OPEN, Stage.CLOSED)
        return closed, campaigns.hold(session, kept)

    assert crisis.database.run(close) == (True, False)
    assert crisis.database.run(close) == (False, False)
