"""Surveys: of each institution the last answer counts, and one that is taken back does not."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from storage import inbox, surveys
from storage.engine import Database
from storage.members import Institution, Person, Standing
from storage.surveys import Ballot, Survey
from tests.conftest import MovableClock


class Urn:
    """A survey, two institutions, and a short hand for their answers."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock
        self.institutions: list[int] = []
        self.persons: list[int] = []
        self.surveys: list[int] = []
        database.run(self._prepare)

    def _prepare(self, session: Session) -> None:
        now = self.clock.now()
        for id_ in (1, 2):
            made = Institution(
                type="cpas", code=str(id_), name="CPAS", state=Standing.ACTIVE, requested_at=now
            )
            person = Person(institution=made, name=f"Personne {id_}")
            session.add(person)
            session.flush()
            self.institutions.append(made.id)
            self.persons.append(person.id)
        asked = {"author": "@a:x", "words": "?", "options": ["a", "b"], "drafted_at": now}
        for number, year in ((1, 2025), (1, 2026), (2, 2026)):
            kept = Survey(**asked, year=year, number=number)
            session.add(kept)
            session.flush()
            self.surveys.append(kept.id)
        session.add(Survey(**asked))

    def answer(self, institution: int, *choices: str, survey: int = 1) -> int:
        """An institution answers; gives the message that it answered in."""

        def work(session: Session) -> int:
            now, id_ = self.clock.now(), f"${session.query(Ballot).count()}"
            entry = inbox.accept(session, "matrix", id_, "a@x", {}, now)
            assert entry is not None
            session.add(
                Ballot(
                    survey_id=self.surveys[survey],
                    institution_id=self.institutions[institution],
                    person_id=self.persons[institution],
                    entry_id=entry.id,
                    choices=list(choices),
                    given_at=now,
                )
            )
            return entry.id

        return self.database.run(work)

    def counted(self, survey: int = 1) -> list[tuple[int, list[str]]]:
        """What counts, by institution."""

        def work(session: Session) -> list[tuple[int, list[str]]]:
            ballots = surveys.counted(session, session.get_one(Survey, self.surveys[survey]))
            known = self.institutions
            return sorted((known.index(b.institution_id), b.choices) for b in ballots)

        return self.database.run(work)


@pytest.fixture
def urn(database: Database, clock: MovableClock) -> Urn:
    """Nobody has answered yet."""
    return Urn(database, clock)


def test_the_last_answer_counts(urn: Urn) -> None:
    urn.answer(0, "a")
    urn.answer(1, "a")
    urn.answer(0, "b")
    urn.answer(0, "a", survey=2)
    assert urn.counted() == [(0, ["b"]), (1, ["a"])]
    assert urn.counted(2) == [(0, ["a"])]


def test_an_answer_that_is_taken_back_leaves_the_one_before(urn: Urn) -> None:
    urn.answer(0, "a")
    last = urn.answer(0, "b")
    found = urn.database.run(surveys.given_in, [last])
    assert found is not None
    assert found.choices == ["b"]
    urn.database.run(surveys.take_back, [last])
    assert urn.counted() == [(0, ["a"])]
    assert urn.database.run(surveys.given_in, [last]) is None


def test_what_one_institution_said_last(urn: Urn) -> None:
    urn.answer(0, "a")
    urn.answer(1, "b")

    def work(session: Session) -> list[list[str] | None]:
        asked = session.get_one(Survey, urn.surveys[1])
        theirs = (session.get_one(Institution, id_) for id_ in urn.institutions)
        found = [surveys.last_of(session, asked, one) for one in theirs]
        return [ballot.choices if ballot else None for ballot in found]

    assert urn.database.run(work) == [["a"], ["b"]]


def test_by_its_number_and_the_newest_first(urn: Urn) -> None:
    def year(number: int, named: int | None) -> int | None:
        found = urn.database.run(surveys.by_number, number, named)
        return found.year if found else None

    assert (year(1, None), year(1, 2025), year(3, None)) == (2026, 2025, None)
    sent = urn.database.run(surveys.sent)
    assert [one.reference for one in sent] == ["S-2026-0002", "S-2026-0001", "S-2025-0001"]
