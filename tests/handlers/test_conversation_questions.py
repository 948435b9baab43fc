"""Which question a word answers: the one it names; or the fresh one of the same conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.request import Place
from storage.announcements import Announcement, Stage
from storage.conversations import Question
from tests.handlers.conversation import MATRIX, Somebody, World

OFFER = "offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"
in_chat = pytest.mark.parametrize("channel", [MATRIX])


def _stages(world: World) -> list[str]:
    return [kept.stage for kept in world.all(Announcement)]


def _later(world: World, **time: int) -> None:
    world.move_to(world.clock.now() + timedelta(**time))


@pytest.mark.parametrize(("minutes", "stage"), [(59, Stage.OPEN), (61, Stage.DRAFT)])
def test_a_bare_yes_answers_a_fresh_question_only(world: World, minutes: int, stage: Stage) -> None:
    helene = world.helene()
    helene.asks(OFFER)
    _later(world, minutes=minutes)
    helene.asks("oui")
    assert _stages(world) == [stage]


def test_a_late_bare_yes_is_told_which_question_is_open(world: World) -> None:
    helene = world.helene()
    helene.asks(OFFER)
    _later(world, days=2)
    told = helene.asks("oui")
    assert "votre annonce" in told.text
    assert "message même" in told.text
    assert _stages(world) == [Stage.DRAFT]


def test_an_answer_to_the_message_itself_is_never_too_late(world: World) -> None:
    helene = world.helene()
    draft = helene.asks(OFFER)
    _later(world, days=2)
    helene.answers(draft, "oui")
    assert _stages(world) == [Stage.OPEN]


def test_a_bare_no_cancels_nothing_old(world: World) -> None:
    helene = world.helene()
    helene.asks(OFFER)
    _later(world, hours=3)
    helene.asks("non")
    assert _stages(world) == [Stage.DRAFT]


@in_chat
def test_a_yes_in_the_room_answers_nothing_that_was_asked_in_private(world: World) -> None:
    helene = world.helene()
    helene.asks(OFFER)
    told = helene.elsewhere(Place.MEMBERS).asks("oui")
    assert _stages(world) == [Stage.DRAFT]
    assert "annonce" not in told.text  # others read here


@in_chat
def test_a_yes_in_another_conversation_answers_nothing(world: World) -> None:
    helene = world.helene()
    helene.asks(OFFER)
    helene.writes("oui", conversation="!autre")
    assert _stages(world) == [Stage.DRAFT]


@in_chat
def test_a_yes_in_the_thread_of_the_question_answers_it(world: World) -> None:
    room = world.helene().elsewhere(Place.MEMBERS)
    room.writes(OFFER, thread="$root", answers=("$root",))
    room.writes("oui", thread="$other", answers=("$other",))
    room.writes("oui")
    assert _stages(world) == [Stage.DRAFT]
    room.writes("oui", thread="$root", answers=("$root",))
    assert _stages(world) == [Stage.OPEN]


@in_chat
def test_a_suggestion_lapses_with_the_next_message(world: World) -> None:
    helene = world.helene()
    suggested = helene.asks("anonces")
    helene.asks("aide")
    assert "n'attends pas" in helene.asks("oui").text
    assert "n'attend plus" in helene.replies(suggested, "oui").text


def test_a_yes_to_nothing_gets_one_sentence(world: World) -> None:
    said = world.helene().asks("oui")
    assert "n'attends pas" in said.text
    assert world.count(Question) == 0


def test_nobody_else_learns_what_is_open(world: World) -> None:
    helene = world.helene()
    helene.asks(OFFER)
    _later(world, days=1)
    thief = Somebody(world, helene.channel, helene.address)
    (told,) = thief.writes("oui", authenticated=False)
    assert "votre annonce" not in told.text


def test_who_answers_too_late_is_told_that_it_has_left(world: World) -> None:
    helene = world.helene()
    draft = helene.asks(OFFER)
    helene.answers(draft, "oui")
    assert "A-2026-0001** est déjà partie".replace("*", "") in helene.replies(draft, "non").text
    assert _stages(world) == [Stage.OPEN]


@pytest.mark.parametrize("words", ["Oui, allez-y !", "Ouiiii", "Oui, c'est bon, merci"])
def test_a_yes_in_other_words_is_a_yes(world: World, words: str) -> None:
    helene = world.helene()
    helene.answers(helene.asks(OFFER), words)
    assert _stages(world) == [Stage.OPEN]


@pytest.mark.parametrize("words", ["Oui mais changez la date", "Hmm"])
def test_what_is_neither_yes_nor_no_is_asked_back(world: World, words: str) -> None:
    helene = world.helene()
    draft = helene.asks(OFFER)
    said = helene.answers(draft, words)
    assert ["oui ou non" in one.text for one in said] == [True]
    assert _stages(world) == [Stage.DRAFT]
    helene.answers(draft, "oui")
    assert _stages(world) == [Stage.OPEN]
