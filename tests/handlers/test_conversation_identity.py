"""A mail whose sender nothing proves: held, and released by its own confirmation only."""

from __future__ import annotations

import re

import pytest

from storage.announcements import Announcement, Stage
from storage.inbox import Entry, State
from storage.purchasing import Adhesion
from tests.handlers.conversation import Said, Somebody, World, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


def _held(world: World) -> list[str]:
    return [one.state for one in world.entries() if one.state == State.HELD]


@pytest.fixture
def bruno(shop: World) -> Somebody:
    """The user of Rouvroy."""
    return shop.bruno()


@pytest.fixture
def asked(bruno: Somebody) -> Said:
    """What Bruno's address is asked after an unproved mail in his name."""
    return bruno.asks(ADHESION, authenticated=False)


def test_an_unproved_mail_is_held_and_asked_about(shop: World, asked: Said) -> None:
    assert "2026/114" in asked.text
    assert asked.tag
    assert _held(shop) == [State.HELD]
    assert shop.count(Adhesion) == 0


def test_the_answer_with_our_token_releases_it(shop: World, bruno: Somebody, asked: Said) -> None:
    said = bruno.answers(asked, "oui", authenticated=False)
    assert shop.count(Adhesion) == 1
    assert _held(shop) == []
    assert "2026/114" in bruno.got(said)[-1].text


def test_it_is_released_once(shop: World, bruno: Somebody, asked: Said) -> None:
    for _ in range(2):
        bruno.answers(asked, "oui", authenticated=False)
    assert len([one for one in shop.said if one.subject.startswith("Adhésion")]) == 1


def test_no_forgets_it(shop: World, bruno: Somebody, asked: Said) -> None:
    bruno.answers(asked, "non", authenticated=False)
    assert (shop.count(Adhesion), _held(shop)) == (0, [])


def test_the_word_alone_from_the_same_forged_address_releases_nothing(
    shop: World, bruno: Somebody, asked: Said
) -> None:
    bruno.writes("oui", authenticated=False)
    bruno.answers(asked, "oui", authenticated=False, tag=None)
    assert shop.count(Adhesion) == 0


def test_somebody_elses_token_releases_nothing(shop: World, bruno: Somebody, asked: Said) -> None:
    thief = Somebody(shop, bruno.channel, "thief@ailleurs.example")
    for sender, tag in ((thief, asked.tag), (bruno, "q1-aaaaaaaaaaaaaaaa")):
        sender.writes("oui", authenticated=False, tag=tag)
    thief.answers(asked, "oui")
    assert shop.count(Adhesion) == 0


def test_a_vouched_for_mail_releases_it_too(shop: World, bruno: Somebody, asked: Said) -> None:
    bruno.answers(asked, "oui", tag=None)
    assert shop.count(Adhesion) == 1


def test_public_questions_need_no_proof(bruno: Somebody) -> None:
    assert "E-guichet" in bruno.asks("catalogue", authenticated=False).text


def test_a_stranger_is_not_asked_for_proof_but_told_how_to_register(world: World) -> None:
    refused = world.stranger().asks("annonces", authenticated=False)
    assert "inscrire" in refused.text
    assert _held(world) == []


def test_a_token_in_a_reply_is_proof_enough(world: World) -> None:
    """A confirmation by somebody whose server signs nothing."""
    helene = world.bruno()
    draft = helene.asks("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026")
    helene.answers(draft, "oui", authenticated=False)
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.OPEN]


def test_a_held_letter_that_is_forgotten_stays_in_the_inbox(
    shop: World, bruno: Somebody, asked: Said
) -> None:
    bruno.answers(asked, "non", authenticated=False)
    assert shop.count(Entry) == 2


@pytest.mark.parametrize(
    "words",
    [
        "Non, ce n'est pas moi.",
        "Non, ce n’est pas moi !",
        "Bonjour,\n\nCe n'est pas moi qui ai écrit cela.\n\nBruno",
        "Ah non, je n'ai jamais envoyé ce mail",
        "Non",
        "No, that wasn't me",
        "Nee, dat ben ik niet.",
        "Nein, das war ich nicht",
    ],
)
def test_who_denies_it_is_heard(shop: World, bruno: Somebody, asked: Said, words: str) -> None:
    said = bruno.answers(asked, words, authenticated=False)
    assert (shop.count(Adhesion), _held(shop)) == (0, [])
    (warned,) = to_administrators(said)
    assert bruno.address in warned.text
    assert "2026/114" not in warned.text
    (told,) = bruno.got(said)
    assert "oublié" in told.text
    bruno.answers(asked, "oui", authenticated=False)
    assert shop.count(Adhesion) == 0


@pytest.mark.parametrize("words", ["Oui, c'est bien moi.", "That was me", "Ja, dat ben ik"])
def test_who_affirms_it_is_heard(shop: World, bruno: Somebody, asked: Said, words: str) -> None:
    bruno.answers(asked, words, authenticated=False)
    assert shop.count(Adhesion) == 1


@pytest.mark.parametrize(
    "words", ["Pourquoi ?", "oui mais changez la date", "c'est moi ou pas moi"]
)
def test_what_is_neither_releases_nothing(
    shop: World, bruno: Somebody, asked: Said, words: str
) -> None:
    bruno.answers(asked, words, authenticated=False)
    assert shop.count(Adhesion) == 0


def test_what_is_neither_leaves_the_question_open(
    shop: World, bruno: Somebody, asked: Said
) -> None:
    again = bruno.replies(asked, "Pourquoi ?", authenticated=False)
    assert "oui" in again.text
    bruno.answers(asked, "oui", authenticated=False)
    assert shop.count(Adhesion) == 1


def test_the_whole_of_a_held_message_is_shown(bruno: Somebody) -> None:
    long = "annonces " + "mot " * 600 + "désinscrire"
    asked = bruno.asks(long, authenticated=False)
    assert "désinscrire" in asked.text
    assert "pas montré" not in asked.text


def test_what_is_not_shown_of_it_is_counted(bruno: Somebody) -> None:
    asked = bruno.asks("répondre A-1 " + "x" * 5000, subject="", authenticated=False)
    assert re.search(r"\b1\D013 caractères de plus", asked.text)


def test_what_it_would_do_is_said(asked: Said) -> None:
    assert "Ce que cela ferait" in asked.text
