"""What people want of announcements in a sentence: nothing new is published by it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.announcement_states import Stage
from storage.announcements import Announcement
from tests.handlers.conversation import MAIL, Somebody, World


@pytest.fixture
def people(world: World) -> tuple[Somebody, Somebody, Somebody]:
    """Musson asks for a cherry picker; Rouvroy and Etalle are members, too."""
    helene, bruno = world.helene(), world.bruno()
    luc = world.member("Luc Petit", "commune", "85009", channel=MAIL)
    helene.answers(helene.asks("demande : une nacelle du 4 au 8 mai"), "oui")
    return helene, bruno, luc


def _stages(world: World) -> list[str]:
    return [one.stage for one in world.all(Announcement)]


@pytest.mark.parametrize(
    "words",
    [
        "rouvrez la demande de nacelle",
        "Bonjour, pouvez-vous relancer notre demande ?",
        "Nous souhaitons rouvrir l'annonce A-1",
    ],
)
def test_it_is_opened_again(
    world: World, people: tuple[Somebody, Somebody, Somebody], words: str
) -> None:
    helene, _bruno, _luc = people
    helene.asks("retirer A-1")
    assert "rouverte" in helene.asks(words).text
    assert _stages(world) == [Stage.OPEN]


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("demande de nacelle : personne n'a pu nous aider, clôturez", Stage.UNMET),
        ("notre demande de nacelle, merci de la clôturer", Stage.WITHDRAWN),
    ],
)
def test_it_is_closed(
    world: World, people: tuple[Somebody, Somebody, Somebody], words: str, stage: Stage
) -> None:
    people[0].asks(words)
    assert _stages(world) == [stage]


def test_what_is_offered_to_who_asks_for_it_is_an_answer(
    world: World, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    helene, bruno, _luc = people
    bruno.asks("Nous pouvons prêter la nacelle à Musson.", subject="Nacelle")
    assert _stages(world) == [Stage.ANSWERED]
    assert "prêter la nacelle" in helene.asks("annonce 1").text


def test_an_answer_is_taken_back_in_a_sentence(
    people: tuple[Somebody, Somebody, Somebody],
) -> None:
    helene, bruno, _luc = people
    bruno.asks("répondre A-1 nous en avons une")
    said = bruno.writes("finalement je retire ma réponse à A-1")
    assert any("nous retirons notre réponse" in one.text for one in bruno.world.said)
    assert said
    assert "Avec qui" in helene.asks("retenir A-1").text


def test_the_only_conversation_is_left_without_its_number(
    people: tuple[Somebody, Somebody, Somebody],
) -> None:
    helene, bruno, luc = people
    bruno.asks("répondre A-1 nous en avons une")
    assert "ne recevez plus la suite" in bruno.asks("ne plus suivre").text
    told = helene.asks("répondre A-1 de quelle couleur est-elle ?").text
    assert "Bruno Wéry" in told
    assert "ne suit plus" in told
    luc.writes("répondre A-1 nous aussi")
    assert not [one for one in bruno.got() if "nous aussi" in one.text]


def test_a_late_answer_reaches_its_author_alone(
    world: World, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    helene, bruno, luc = people
    world.move_to(datetime(2026, 5, 20, 9, tzinfo=UTC))
    assert _stages(world) == [Stage.EXPIRED]
    said = bruno.writes("répondre A-1 nous pouvons encore")
    assert any("nous pouvons encore" in one.text for one in helene.got(said))
    assert luc.got(said) == []
    assert any("n'est plus ouverte" in one.text for one in bruno.got(said))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Pouvez-vous me montrer les demandes de matériel ?", "nacelle"),
        ("montrez-moi les annonces", "nacelle"),
        ("quelles communes ont une pelleteuse à prêter ?", "pelleteuse de 8 tonnes"),
        ("demandes par mois", "Mois"),
    ],
)
def test_what_is_asked_is_told(
    people: tuple[Somebody, Somebody, Somebody], words: str, told: str
) -> None:
    helene, bruno, luc = people
    luc.answers(luc.asks("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"), "oui")
    assert told in bruno.asks(words).text
    assert helene.world.count(Announcement) == 2


def test_what_was_given_and_received_is_told(
    people: tuple[Somebody, Somebody, Somebody],
) -> None:
    helene, _bruno, _luc = people
    assert "Aide donnée" in helene.asks("combien avons-nous donné et reçu ?").text


@pytest.mark.parametrize(
    "words",
    [
        "Pouvez-vous relancer notre demande d'inscription ?",
        "notre demande de devis est réglée, clôturez",
        "La demande que nous avions faite au sujet des badges, annulez",
    ],
)
def test_other_demands_are_no_announcements(
    world: World, people: tuple[Somebody, Somebody, Somebody], words: str
) -> None:
    people[0].writes(words, subject="Demande")
    assert _stages(world)[0] == Stage.OPEN
