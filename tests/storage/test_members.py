"""Institutions and their people: one living record each, one owner per address."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import members
from storage.engine import Database
from storage.members import Institution, Person, Standing
from tests.conftest import MovableClock
from tests.storage.conftest import Crowd


def _enter(
    session: Session, clock: MovableClock, state: str, code: str = "85026", type_: str = "commune"
) -> Institution:
    institution = Institution(
        type=type_, code=code, name="Commune", state=state, requested_at=clock.now()
    )
    session.add(institution)
    session.flush()
    return institution


@pytest.mark.parametrize("first", [Standing.PENDING, Standing.ACTIVE])
@pytest.mark.parametrize("second", [Standing.PENDING, Standing.ACTIVE])
def test_an_authority_has_one_living_record(
    database: Database, clock: MovableClock, first: str, second: str
) -> None:
    database.run(_enter, clock, first)
    with pytest.raises(IntegrityError):
        database.run(_enter, clock, second)


def test_one_that_left_or_was_refused_may_come_again(
    database: Database, clock: MovableClock
) -> None:
    for state in (Standing.LEFT, Standing.LEFT, Standing.REFUSED, Standing.ACTIVE):
        database.run(_enter, clock, state)
    found = database.run(members.living, "commune", "85026")
    assert found is not None
    assert found.state == Standing.ACTIVE


def test_the_same_code_of_another_type_is_another_authority(
    database: Database, clock: MovableClock
) -> None:
    database.run(_enter, clock, Standing.ACTIVE)
    database.run(_enter, clock, Standing.ACTIVE, type_="cpas")


def test_of_many_registrations_at_once_one_is_kept(
    database: Database, clock: MovableClock, crowd: Crowd
) -> None:
    def register(_number: int) -> bool:
        try:
            database.run(_enter, clock, Standing.PENDING)
        except IntegrityError:
            return False
        return True

    assert crowd.all_do(register).count(True) == 1
    assert len(database.run(members.pending)) == 1


def _person(session: Session, clock: MovableClock, name: str, code: str) -> Person:
    person = Person(
        institution=_enter(session, clock, Standing.ACTIVE, code), name=name, active=True
    )
    session.add(person)
    session.flush()
    return person


def test_an_address_is_found_whatever_its_case(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> None:
        person = _person(session, clock, "Hélène", "85026")
        members.link(session, person, "mail", "Helene@Musson.example", clock.now())

    database.run(work)
    found = database.run(members.person_at, "mail", "HELENE@musson.example")
    assert found is not None
    assert found.name == "Hélène"
    assert database.run(members.person_at, "matrix", "helene@musson.example") is None


def test_a_new_address_replaces_the_one_of_the_same_channel(
    database: Database, clock: MovableClock
) -> None:
    def work(session: Session) -> list[str]:
        person = _person(session, clock, "Hélène", "85026")
        members.link(session, person, "mail", "old@musson.example", clock.now())
        members.link(session, person, "matrix", "@helene:x.example", clock.now())
        members.link(session, person, "mail", "new@musson.example", clock.now())
        session.refresh(person)
        return [address.address for address in person.addresses]

    assert sorted(database.run(work)) == ["@helene:x.example", "new@musson.example"]
    assert database.run(members.person_at, "mail", "old@musson.example") is None


def test_an_address_that_was_anothers_moves(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> None:
        for name, code in (("first", "85026"), ("second", "85039")):
            person = _person(session, clock, name, code)
            members.link(session, person, "matrix", "@shared:x.example", clock.now())

    database.run(work)
    found = database.run(members.person_at, "matrix", "@shared:x.example")
    assert found is not None
    assert found.name == "second"


def test_a_shared_address_moves_also_to_one_who_had_another(
    database: Database, clock: MovableClock
) -> None:
    """Afterwards nobody has two addresses in one channel."""

    def work(session: Session) -> list[str]:
        first = _person(session, clock, "first", "85026")
        second = _person(session, clock, "second", "85039")
        members.link(session, first, "matrix", "@shared:x.example", clock.now())
        members.link(session, second, "matrix", "@own:x.example", clock.now())
        members.link(session, second, "matrix", "@shared:x.example", clock.now())
        session.refresh(second)
        return [address.address for address in second.addresses]

    assert database.run(work) == ["@shared:x.example"]


def test_members_are_counted_as_of_a_day(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> None:
        lives = [
            ("81001", "commune", date(2026, 1, 10), None),
            ("81003", "commune", date(2026, 2, 1), date(2026, 3, 1)),
            ("81001", "cpas", date(2026, 3, 1), None),
        ]
        for code, type_, since, until in lives:
            state = Standing.LEFT if until else Standing.ACTIVE
            institution = _enter(session, clock, state, code, type_)
            institution.active_on, institution.left_on = since, until
        _enter(session, clock, Standing.PENDING, "81004")

    database.run(work)
    assert database.run(members.count_active, date(2026, 1, 9)) == {}
    assert database.run(members.count_active, date(2026, 2, 28)) == {"commune": 2}
    assert database.run(members.count_active, date(2026, 3, 1)) == {"commune": 1, "cpas": 1}


def test_only_people_of_active_institutions_are_told_things(
    database: Database, clock: MovableClock
) -> None:
    def work(session: Session) -> None:
        for name, code in (("here", "81001"), ("gone", "81003"), ("inactive", "81004")):
            _person(session, clock, name, code)
        gone = session.query(Person).filter_by(name="gone").one()
        gone.institution.state = Standing.LEFT
        session.query(Person).filter_by(name="inactive").one().active = False

    database.run(work)
    assert [p.name for p in database.run(members.active_persons)] == ["here"]
