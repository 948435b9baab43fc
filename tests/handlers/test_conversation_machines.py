"""Machines: what comes back, what comes too often, and what the administrators are told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import notices
from handlers.desk import Desk
from handlers.flood import MEMBERS_FACTOR
from handlers.reply import reply
from handlers.request import Failure, Incoming, Kind, Severity
from handlers.wording import verbatim
from storage.bounces import Bounce
from storage.inbox import Entry, State
from tests.handlers.conversation import MAIL, Said, Somebody, World, to_administrators

HARD, SOFT, DELAY = Severity.HARD, Severity.SOFT, Severity.DELAY
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def channel() -> str:
    """Only mail: in the other channel machines are not answered by machines."""
    return MAIL


# -- what comes back --------------------------------------------------------------------------


@pytest.fixture
def bruno(world: World) -> Somebody:
    return world.bruno()


@pytest.fixture
def sent(bruno: Somebody) -> Said:
    """A mail of ours to Bruno."""
    return bruno.asks("aide")


def report(
    world: World, severity: Severity, recipient: str, *answers: str, code: str = "5.1.1"
) -> list[Said]:
    server = Somebody(world, MAIL, "mailer-daemon@mx.example")
    return server.writes(
        "It did not arrive.",
        kind=Kind.BOUNCE,
        automatic=True,
        answers=answers,
        failure=Failure(recipient, severity, code),
    )


def test_an_address_that_does_not_exist_is_told_at_once_and_then_once_a_week(
    world: World, bruno: Somebody, sent: Said
) -> None:
    (told,) = report(world, HARD, bruno.address, sent.external_id)
    assert told.destination == "room:admins"
    for words in (bruno.address, "Bruno Wéry", "CPAS de Rouvroy", "5.1.1"):
        assert words in told.text
    world.clock.move(6 * DAY)
    assert report(world, HARD, bruno.address, sent.external_id) == []
    world.clock.move(DAY)
    assert len(report(world, HARD, bruno.address, sent.external_id)) == 1
    (mark,) = world.all(Bounce)
    assert (mark.address, mark.hard, mark.soft) == (bruno.address, 3, 0)


def test_an_address_that_may_be_right_is_told_at_the_third_time(
    world: World, bruno: Somebody, sent: Said
) -> None:
    for _turn in range(2):
        assert report(world, SOFT, bruno.address, sent.external_id, code="4.2.2") == []
    (told,) = report(world, SOFT, bruno.address, sent.external_id, code="4.2.2")
    assert "3 messages" in told.text
    assert "4.2.2" in told.text


def test_a_delay_says_nothing(world: World, bruno: Somebody, sent: Said) -> None:
    assert report(world, DELAY, bruno.address, sent.external_id) == []
    assert world.count(Bounce) == 0


def test_of_forwarded_mail_the_address_that_we_wrote_to_is_marked(
    world: World, bruno: Somebody, sent: Said
) -> None:
    report(world, HARD, "bruno@prive.example", sent.external_id)
    assert [mark.address for mark in world.all(Bounce)] == [bruno.address]


def test_without_the_mail_itself_the_address_is_enough_if_we_wrote_to_it(
    world: World, bruno: Somebody, sent: Said
) -> None:
    assert sent.destination == bruno.address
    report(world, HARD, bruno.address)
    assert [mark.address for mark in world.all(Bounce)] == [bruno.address]


def test_nobody_can_mark_an_address_that_we_never_wrote_to(world: World, bruno: Somebody) -> None:
    assert report(world, HARD, bruno.address, "<invented@supracom.example>") == []
    assert world.count(Bounce) == 0


def test_the_record_of_a_member_shows_what_came_back(
    world: World, bruno: Somebody, sent: Said
) -> None:
    assert "revenu" not in world.camille.asks("membre CPAS de Rouvroy").text
    report(world, HARD, bruno.address, sent.external_id)
    shown = world.camille.asks("membre CPAS de Rouvroy").text
    for words in ("CPAS de Rouvroy", "Bruno Wéry", bruno.address, "un message en est revenu"):
        assert words in shown
    assert "5.1.1" in shown
    world.clock.move(31 * DAY)
    assert "revenu" not in world.camille.asks("membre CPAS de Rouvroy").text


@pytest.mark.parametrize("words", ["Commune de Musson", "Commune de Nullepart", "I-2020-0001"])
def test_a_record_of_nobody_is_refused_with_what_would_work(world: World, words: str) -> None:
    assert "membre Commune de Musson" in world.camille.asks(f"membre {words}").text


def test_records_are_for_administrators(bruno: Somebody) -> None:
    assert "administrateurs" in bruno.asks("membre Commune de Musson").text


def test_sending_goes_on(world: World, bruno: Somebody, sent: Said) -> None:
    report(world, HARD, bruno.address, sent.external_id)
    assert bruno.asks("aide").destination == bruno.address


def test_a_fault_while_reading_a_report_writes_to_nobody(
    world: World, bruno: Somebody, sent: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handlers.undelivered.mark", broken)
    said = report(world, HARD, bruno.address, sent.external_id)
    assert [one.destination for one in said] == ["room:admins"]


# -- what cannot be read ----------------------------------------------------------------------


def unreadable(who: Somebody, id_: str = "<1@x.example>") -> Incoming:
    return who.message("", kind=Kind.UNREADABLE, external_id=id_)


def test_what_cannot_be_read_lies_on_the_shelf(world: World) -> None:
    said = world.take(unreadable(world.stranger()))
    (entry,) = world.entries()
    assert (entry.state, entry.reference) == (State.SHELVED, "E-2026-0001")
    assert "E-2026-0001" in to_administrators(said)[0].text


def test_what_can_be_read_at_last_is_handled_once(world: World) -> None:
    visitor = world.stranger()
    world.take(unreadable(visitor))
    assert world.take(unreadable(visitor)) == []
    (answer,) = visitor.writes("aide", external_id="<1@x.example>")
    assert "catalogue" in answer.text
    assert visitor.writes("aide", external_id="<1@x.example>") == []
    (entry,) = world.entries()
    assert (entry.state, entry.record["text"]) == (State.HANDLED, "aide")


def test_what_cannot_be_read_is_not_tried_again_from_here(world: World) -> None:
    world.take(unreadable(world.stranger()))

    def retry(session: Session) -> bool:
        return world.dispatcher.retry(session, "E-2026-0001", world.clock.now())

    assert not world.change(retry)
    assert [entry.state for entry in world.entries()] == [State.SHELVED]


def test_what_a_machine_wrote_is_kept_as_such(world: World) -> None:
    assert world.stranger().writes("Je suis absente.", automatic=True) == []
    assert [entry.state for entry in world.entries()] == [State.AUTOMATIC]


# -- what comes too often ---------------------------------------------------------------------


def limit(world: World) -> int:
    return world.platform.settings.rules.answers_per_hour


def flood(who: Somebody, times: int) -> list[Said]:
    """They write so often at once."""
    return who.world.take(*(who.message("aide") for _ in range(times)))


def test_beyond_the_limit_messages_wait_for_a_person(world: World) -> None:
    loop, other = world.stranger("robot"), world.stranger("visiteur")
    said = flood(loop, limit(world) + 20)
    answers = [one for one in said if one.destination == loop.address]
    assert len(answers) == limit(world) + 1
    assert "E-2026-0001" in answers[-1].text
    (told,) = to_administrators(said)
    assert loop.address in told.text
    states = [entry.state for entry in world.entries()]
    assert states.count(State.HANDLED) == limit(world)
    assert states.count(State.SHELVED) == 20
    assert len(flood(other, 1)) == 1


def test_after_an_hour_they_are_answered_again_but_told_of_the_limit_once_a_day(
    world: World,
) -> None:
    loop = world.stranger("robot")
    flood(loop, limit(world) + 1)
    world.clock.move(61 * MINUTE)
    assert len(flood(loop, limit(world))) == limit(world)
    assert flood(loop, 5) == []
    world.clock.move(DAY)
    assert len(flood(loop, limit(world) + 1)) == limit(world) + 2


def test_a_member_who_is_believed_may_write_more(world: World, bruno: Somebody) -> None:
    assert len(flood(bruno, limit(world) + 10)) == limit(world) + 10
    said = flood(bruno, limit(world) * (MEMBERS_FACTOR - 1))
    assert len(to_administrators(said)) == 1


def test_somebody_in_a_members_name_may_not(world: World, bruno: Somebody) -> None:
    forged = [bruno.message("aide", authenticated=False) for _ in range(limit(world) + 1)]
    assert len(to_administrators(world.take(*forged))) == 1


def test_what_waits_can_be_answered_later(world: World) -> None:
    loop = world.stranger("robot")
    flood(loop, limit(world) + 2)

    def retry(session: Session) -> bool:
        return world.dispatcher.retry(session, "E-2026-0002", world.clock.now())

    assert world.change(retry)
    (answer,) = world.post()
    assert (answer.destination, "catalogue" in answer.text) == (loop.address, True)


def test_in_rooms_people_write_as_often_as_they_like(world: World) -> None:
    said = flood(world.camille, 2 * limit(world))
    assert len([one for one in said if one.answers]) == 2 * limit(world)


# -- what the administrators are told ---------------------------------------------------------


def test_notices_of_one_sort_are_summed_up(world: World) -> None:
    visitors = [world.stranger(f"v{number}") for number in range(15)]
    said = world.take(*(unreadable(one, f"<{k}@x.example>") for k, one in enumerate(visitors)))
    (told,) = to_administrators(said)
    assert "v0@" in told.text
    assert world.tick() == []
    world.clock.move(MINUTE)
    (summed,) = world.tick()
    assert summed.text.startswith("⚠️ Encore 14 messages illisibles")
    assert "E-2026-0002, " in summed.text
    assert "E-2026-0011, …" in summed.text
    assert "E-2026-0012" not in summed.text
    world.clock.move(MINUTE)
    assert world.tick() == []
    assert len(to_administrators(world.take(unreadable(visitors[0], "<new@x.example>")))) == 1


@pytest.mark.parametrize("sort", list(notices.Sort))
@pytest.mark.parametrize("count", [1, 2])
def test_every_sort_has_its_sum(world: World, sort: notices.Sort, count: int) -> None:
    def tell(session: Session) -> None:
        desk = Desk(session, world.platform, world.clock.now())
        for number in range(count + 1):
            notices.tell(desk, sort, reply(verbatim("d'abord")), name=f"n{number}")

    world.change(tell)
    assert [one.text for one in world.post()] == ["d'abord"]
    world.clock.move(MINUTE)
    (summed,) = world.tick()
    assert summed.text.startswith("⚠️ Encore un" if count == 1 else "⚠️ Encore 2 ")
    assert summed.text.endswith("n1" if count == 1 else "n1, n2")


def test_one_sort_does_not_keep_back_another(world: World) -> None:
    said = world.take(unreadable(world.stranger()))
    said += flood(world.stranger("robot"), limit(world) + 1)
    assert len(to_administrators(said)) == 2
    assert world.count(Entry) == limit(world) + 2
