"""The life of an announcement: its end, the word that prolongs it, what follows, and its sight in
the members' room (acceptance B28, B29, B32, B34).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.announcement_states import LIVE, OVER, TRANSITIONS, Stage, Step, may
from storage.announcement_steps import AnnouncementStep
from storage.announcements import Announcement
from tests.handlers.conversation import (
    Said,
    Somebody,
    World,
    changed_in_members_room,
    in_members_room,
)

DEMAND = "demande un agent pour le service population, du 4 au 29 mai 2026, service bloqué"
OFFER = "offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"


def _published(somebody: Somebody, words: str = DEMAND) -> list[Said]:
    return somebody.answers(somebody.asks(words), "oui")


def _stage(world: World) -> str:
    return world.all(Announcement)[-1].stage


def _end(world: World) -> datetime:
    """This hour of its last day, which is that of its period."""
    (kept,) = world.all(Announcement)
    assert kept.expires_on is not None
    assert kept.expires_on == kept.ends_on
    return world.clock.now() + (kept.expires_on - world.clock.now().date())


@pytest.mark.parametrize("step", list(Step))
def test_every_step_leads_somewhere_from_somewhere(step: Step) -> None:
    assert TRANSITIONS[step].before


def test_what_is_over_is_only_opened_again() -> None:
    assert {step for step in Step for stage in OVER if may(stage, step)} == {Step.REOPEN}
    assert not LIVE & OVER


def test_the_first_answer_of_another_shows_in_the_root(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    (root,) = changed_in_members_room(bruno.answers(broadcast, "Nous avons quelqu'un."))
    assert "Répondue" in root.text
    assert _stage(world) == Stage.ANSWERED
    # The second changes nothing in it.
    assert changed_in_members_room(bruno.answers(broadcast, "Et une voiture.")) == []
    assert [one.step for one in world.all(AnnouncementStep)] == [Step.PUBLISH, Step.ANSWER]


def test_its_author_is_asked_before_its_end_and_one_word_prolongs_it(world: World) -> None:
    helene = world.helene()
    _published(helene)
    end = _end(world)
    (asked,) = helene.got(world.move_to(end - timedelta(days=2)))
    assert "prolonger" in asked.text
    said = helene.replies(asked, "prolonger")
    assert "reste ouverte" in said.text
    assert world.move_to(end + timedelta(days=2)) == []
    assert _stage(world) == Stage.OPEN


def test_a_no_closes_it_without_help(world: World) -> None:
    helene = world.helene()
    _published(helene)
    end = _end(world)
    (asked,) = helene.got(world.move_to(end - timedelta(days=2)))
    helene.replies(asked, "non")
    assert _stage(world) == Stage.UNMET


def test_without_a_word_it_expires_once_and_can_be_opened_again(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    end = _end(world)
    world.move_to(end)
    said = world.move_to(end + timedelta(days=2))
    (told,) = helene.got(said)
    assert "a expiré" in told.text
    (root,) = changed_in_members_room(said)
    assert "Expirée" in root.text
    assert _stage(world) == Stage.EXPIRED
    assert "Aucune annonce ouverte" in bruno.asks("annonces").text
    assert world.move_to(end + timedelta(days=9)) == []
    assert "période est passée" in helene.asks("rouvrir A-1").text
    assert _stage(world) == Stage.EXPIRED
    again = helene.asks("rouvrir A-1 du 8 au 19 juin 2026").text
    assert "est rouverte, jusqu'au vendredi 19 juin 2026" in again
    assert "19 juin 2026" in bruno.asks("annonces").text
    assert _stage(world) == Stage.OPEN


def test_nobody_else_decides(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    for act in ("sans suite A-1", "maintenir A-1", "rouvrir A-1"):
        assert "Seule l'institution" in bruno.asks(act).text
    assert _stage(world) == Stage.OPEN
    assert "rien n'a changé" in helene.asks("rouvrir A-1").text


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("annonces", {"A-2026-0001", "A-2026-0002"}),
        ("annonces demandes", {"A-2026-0001"}),
        ("annonces offres", {"A-2026-0002"}),
        ("annonces peleteuse", {"A-2026-0002"}),
        ("annonces POPULATÎON", {"A-2026-0001"}),
        ("annonces musson", {"A-2026-0001", "A-2026-0002"}),
        ("annonces bloqué", {"A-2026-0001"}),
        ("annonces grue", set()),
        ("annonces closes", set()),
    ],
)
def test_a_list_is_filtered_and_searched(world: World, sought: str, found: set[str]) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    _published(helene, OFFER)
    said = bruno.asks(sought).text
    assert {name for name in ("A-2026-0001", "A-2026-0002") if name in said} == found
    if sought == "annonces":
        assert said.index("A-2026-0001") < said.index("A-2026-0002"), "blocked ones come first"


def test_one_is_shown_with_its_conversation(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    bruno.answers(broadcast, "Nous avons quelqu'un trois jours.")
    bruno.writes("répondre A-1 en privé son nom suit")
    shown = helene.asks("annonce 1").text
    assert "Nous avons quelqu'un trois jours." in shown
    assert "son nom suit" not in shown
    assert "Répondue" in shown


@pytest.mark.parametrize(
    "words",
    [
        "Annonce numéro 1 : il faudrait aussi une remorque",
        "annonce n° 1, il faudrait aussi une remorque",
        "L'annonce A-2026-0001 - il faudrait aussi une remorque",
        "Annonce 1\nil faudrait aussi une remorque",
    ],
)
def test_words_after_its_number_are_said_to_it(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene, OFFER)
    said = bruno.writes(words)
    (told,) = helene.got(said) or in_members_room(said)
    assert "il faudrait aussi une remorque" in told.text
    assert "Bruno Wéry" in told.text
    assert "numéro 1" not in told.text
    (told,) = bruno.got(helene.writes(words))
    assert "Complément de Hélène Lambiotte" in told.text


def test_its_author_names_it_to_prolong_or_to_close_it(world: World) -> None:
    helene = world.helene()
    _published(helene)
    assert "reste ouverte" in helene.asks("Annonce numéro 1 : à prolonger svp").text
    assert "Personne n'a encore" in helene.asks("Annonce 1 : nous acceptons l'offre").text
    assert "est retirée" in helene.asks("Annonce n°1 : merci de la clôturer.").text


@pytest.mark.parametrize("words", ["annonce n° 1", "Annonce numéro 1", "annonce 1 svp"])
def test_a_number_alone_shows_it(world: World, words: str) -> None:
    helene = world.helene()
    _published(helene, OFFER)
    assert "pelleteuse" in helene.asks(words).text


@pytest.mark.parametrize("words", ["mes annonces", "Nos offres", "mes annonces closes"])
def test_ones_own_are_listed(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(bruno, "offre 40 chaises, du 4 au 8 mai 2026")
    _published(helene, OFFER)
    if "closes" in words:
        helene.asks("retirer A-2")
    listed = helene.asks(words).text
    assert "pelleteuse" in listed
    assert "chaises" not in listed


def test_who_answered_and_that_nobody_could_is_told_to_nobody_else(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.writes("répondre A-1 nous prêtons quelqu'un")
    said = bruno.writes("Qui a répondu à l'annonce 1 ?")
    assert in_members_room(said) == []
    assert "nous prêtons quelqu'un" in bruno.got(said)[0].text
    assert "Seule" in bruno.asks("personne n'a pu nous aider pour A-1").text
    assert "close sans suite" in helene.asks("Personne n'a pu nous aider pour l'annonce 1.").text
