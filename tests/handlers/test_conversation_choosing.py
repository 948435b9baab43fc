"""« Laquelle ? »: chosen in a poll, by number or by name; the command then runs."""

from __future__ import annotations

import pytest

from handlers.request import Kind, Place
from storage.conversations import Question
from storage.orders import Order
from tests.handlers.conversation import MATRIX, Said, World

in_chat = pytest.mark.parametrize("channel", [MATRIX])


def asked(said: list[Said]) -> Said:
    """The message that asks, not the poll below it."""
    return next(one for one in said if one.action == "message")


def test_a_number_in_answer_runs_the_command(shop: World) -> None:
    helene = shop.helene()
    which = asked(helene.writes("fiche service"))
    assert "laquelle" in which.text
    names = shop.all(Question)[0].data["labels"]
    told = [one for one in helene.answers(which, "2") if one.action == "message"]
    assert names[1] in told[0].text
    # Asked and answered once.
    assert not [one for one in helene.answers(which, "1") if names[0] in one.text]


def test_a_name_does_too_and_what_is_neither_is_asked_again(shop: World) -> None:
    helene = shop.helene()
    which = asked(helene.writes("fiche service"))
    names = shop.all(Question)[0].data["labels"]
    for words in ("99", "0", "celle du milieu"):
        assert "numéro de 1 à" in helene.replies(which, words).text
    told = [one for one in helene.answers(which, names[0].upper()) if one.action == "message"]
    assert names[0] in told[0].text


def test_a_no_ends_it(shop: World) -> None:
    helene = shop.helene()
    which = asked(helene.writes("fiche service"))
    assert "D'accord" in helene.replies(which, "non").text


@in_chat
def test_a_bare_number_where_it_was_asked(shop: World) -> None:
    helene = shop.helene()
    helene.writes("fiche service")
    elsewhere = helene.elsewhere(Place.MEMBERS)
    assert "ne comprends pas" in elsewhere.asks("2").text
    said = helene.writes("2")
    assert shop.all(Question)[0].data["labels"][1] in asked(said).text


@in_chat
def test_a_vote_of_whoever_was_asked_and_the_end_of_the_poll(shop: World) -> None:
    helene = shop.helene()
    said = helene.writes("fiche service")
    (poll,) = [one for one in said if one.action == "poll"]
    vote = {"kind": Kind.VOTE, "answers": (poll.external_id,)}
    assert shop.stranger("mallory").writes("1", **vote) == []
    after = helene.writes("2", **vote)
    assert shop.all(Question)[0].data["labels"][1] in asked(after).text
    assert [one.row.follows_id for one in after if one.action == "poll-end"] == [poll.row.id]


@in_chat
def test_among_others_it_is_no_poll_for_all(shop: World) -> None:
    room = shop.helene().elsewhere(Place.MEMBERS)
    said = room.writes("fiche service", conversation="room:members")
    assert [one.action for one in said] == ["message"]
    assert "2." in said[0].text


def test_nothing_of_the_command_is_lost_or_done_before(shop: World) -> None:
    helene = shop.helene()
    helene.writes("commander service")
    assert shop.all(Order) == []


def test_a_number_without_a_choice_chooses_nothing(shop: World) -> None:
    helene = shop.helene()
    helene.writes("statistiqes")
    helene.writes("2")
    assert all(question.kind == "suggestion" for question in shop.all(Question))
