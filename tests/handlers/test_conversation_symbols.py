"""A tick, a cross or a vote put to a question: of whoever was asked, while it waits, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.request import Kind, Place
from storage.announcements import Announcement, Contribution, Stage
from storage.inbox import Entry
from tests.conftest import SERVER
from tests.handlers.conversation import MATRIX, Said, Somebody, World

OFFER = "offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"
pytestmark = pytest.mark.parametrize("channel", [MATRIX])


def stages(world: World) -> list[str]:
    return [kept.stage for kept in world.all(Announcement)]


def in_thread(who: Somebody) -> Said:
    """A question asked in a thread of the members' room."""
    (shown,) = who.elsewhere(Place.MEMBERS).writes(OFFER, thread="$root", answers=("$root",))
    return shown


@pytest.mark.parametrize(("symbol", "stage"), [("✅", Stage.OPEN), ("❌", Stage.WITHDRAWN)])
def test_whoever_was_asked_answers_with_a_symbol(world: World, symbol: str, stage: Stage) -> None:
    helene = world.helene()
    helene.reacts(helene.asks(OFFER), symbol)
    assert stages(world) == [stage]


@pytest.mark.parametrize("symbol", ["👍", "🎉", "✔", "1", "", "✅✅ et plus"])
def test_other_symbols_answer_nothing(world: World, symbol: str) -> None:
    helene = world.helene()
    shown = helene.asks(OFFER)
    assert helene.reacts(shown, symbol) == []
    assert stages(world) == [Stage.DRAFT]
    assert helene.reacts(shown, "✅")


def test_another_symbol_does_not_end_a_suggestion(world: World) -> None:
    helene = world.helene()
    suggested = helene.asks("statistiqes")
    assert helene.reacts(suggested, "🎉") == []
    assert "institution" in helene.reacts(suggested, "✅")[0].text


def test_what_a_symbol_does_is_said_in_the_thread(world: World) -> None:
    helene = world.helene()
    shown = in_thread(helene)
    said = helene.elsewhere(Place.MEMBERS).reacts(shown, "✅")
    (told,) = [one for one in said if "est publiée" in one.text]
    assert (told.thread, told.answers) == ("$root", shown.external_id)


def test_a_refusal_of_a_symbol_stays_in_the_thread(world: World) -> None:
    helene = world.helene()
    shown = in_thread(helene)
    world.change(lambda session: setattr(session.query(Announcement).one(), "words", "autre"))
    (told,) = helene.elsewhere(Place.MEMBERS).reacts(shown, "✅")
    assert "a changé depuis" in told.text
    assert told.thread == "$root"


@pytest.mark.parametrize("thread", [False, True])
def test_nobody_else_answers(world: World, thread: bool) -> None:
    helene, lea = world.helene(), world.member("Léa L", "cpas", "85026")
    shown = in_thread(helene) if thread else helene.asks(OFFER)
    thieves = [
        lea,
        world.stranger("mallory"),
        world.camille,
        # The name, or the local part, of who was asked proves nothing.
        Somebody(world, MATRIX, "@helene:ailleurs.example", name="Hélène Lambiotte"),
        Somebody(world, MATRIX, f"@helene.:{SERVER}", name=helene.address),
    ]
    for thief in thieves:
        for place in (None, Place.MEMBERS):
            for symbol in ("✅", "❌"):
                assert thief.elsewhere(place).reacts(shown, symbol) == []
            vote = {"kind": Kind.VOTE, "answers": (shown.external_id,)}
            assert thief.elsewhere(place).writes("oui", **vote) == []
    assert stages(world) == [Stage.DRAFT]
    assert helene.reacts(shown, "✅")
    assert stages(world) == [Stage.OPEN]


def test_the_mail_address_of_the_same_person_was_not_asked(world: World) -> None:
    helene = world.helene()
    shown = helene.asks(OFFER)
    thief = helene.at_mail()
    thief.writes("oui", answers=(shown.external_id,))
    assert stages(world) == [Stage.DRAFT]


def test_what_expired_is_told_to_who_was_asked_and_to_nobody_else(world: World) -> None:
    helene, lea = world.helene(), world.member("Léa L", "cpas", "85026")
    shown = helene.asks(OFFER)
    world.move_to(world.clock.now() + timedelta(days=60))
    assert lea.reacts(shown, "✅") == []
    (told,) = helene.reacts(shown, "✅")
    assert "n'attend plus" in told.text
    assert helene.reacts(shown, "🎉") == []
    assert stages(world) == [Stage.DRAFT]


def test_the_second_symbol_changes_nothing(world: World) -> None:
    helene = world.helene()
    shown = helene.asks(OFFER)
    helene.reacts(shown, "❌")
    (told,) = helene.reacts(shown, "✅")
    assert "n'attend plus" in told.text
    assert stages(world) == [Stage.WITHDRAWN]


def test_the_same_symbol_read_twice_counts_once(world: World) -> None:
    helene = world.helene()
    shown = helene.asks(OFFER)
    tick = helene.message("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    assert world.take(tick)
    assert world.take(tick) == []


def test_a_tick_and_its_removal_read_together(world: World) -> None:
    """The tick was there: what it did is done, and is said not to be undone."""
    helene = world.helene()
    shown = helene.asks(OFFER)
    tick = helene.message("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    gone = helene.message("", kind=Kind.WITHDRAWAL, revises=tick.external_id)
    said = world.take(tick, gone)
    assert "reste fait" in helene.got(said)[-1].text
    assert stages(world) == [Stage.OPEN]


def test_nobody_removes_the_tick_of_another(world: World) -> None:
    helene, lea = world.helene(), world.member("Léa L", "cpas", "85026")
    shown = helene.asks(OFFER)
    tick = helene.message("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    world.take(tick)
    assert lea.deletes(tick) == []
    assert lea.elsewhere(Place.MEMBERS).edits(tick, "❌", addressed=False) == []
    assert stages(world) == [Stage.OPEN]


def test_a_symbol_in_a_conversation_is_no_answer_to_it(world: World) -> None:
    helene, lea = world.helene(), world.member("Léa L", "cpas", "85026")
    said = helene.reacts(helene.asks(OFFER), "✅")
    post = next(one for one in said if one.destination == "room:members")
    assert lea.elsewhere(Place.MEMBERS).reacts(post, "✅") == []
    assert world.count(Contribution) == 0


@pytest.mark.parametrize(("word", "stage"), [("oui", Stage.OPEN), ("non", Stage.WITHDRAWN)])
def test_a_vote_answers_a_question_as_its_word_would(world: World, word: str, stage: Stage) -> None:
    helene = world.helene()
    shown = helene.asks(OFFER)
    vote = {"kind": Kind.VOTE, "answers": (shown.external_id,)}
    assert helene.writes("", **vote) == []
    assert helene.writes("aide", **vote) == []
    assert stages(world) == [Stage.DRAFT]
    helene.writes(word, **vote)
    assert stages(world) == [stage]


def test_what_is_put_to_nothing_of_ours_is_not_even_kept(world: World) -> None:
    helene = world.helene()
    for kind in (Kind.REACTION, Kind.VOTE, Kind.WITHDRAWAL):
        helene.writes("✅", kind=kind, answers=("$theirs",), revises="$theirs")
    assert world.count(Entry) == 0
