"""Acts on one's own announcement or answer in the words that people use for them: the number left
out or behind, and an answer that is taken back (acceptance B28, B34, B35).
"""

from __future__ import annotations

import pytest

from storage.announcement_states import Stage
from storage.announcements import Announcement
from tests.handlers.conversation import (
    Said,
    Somebody,
    World,
    changed_in_members_room,
    in_members_room,
)

OFFER = "offre prêt d'une mini-pelle, du 6 au 17 avril 2026"
OTHER = "offre prêt d'une nacelle, du 6 au 17 avril 2026"


def _published(somebody: Somebody, words: str = OFFER) -> list[Said]:
    return somebody.answers(somebody.asks(words), "oui")


def _last(world: World) -> Announcement:
    return world.all(Announcement)[-1]


@pytest.mark.parametrize(
    "words",
    [
        "retenir CPAS de Rouvroy A-1",
        "retenir CPAS de Rouvroy",
        "retenir Rouvroy pour l'annonce A-1",
    ],
)
def test_who_answered_is_taken_wherever_the_number_stands(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs")
    assert "Emprunteur : CPAS de Rouvroy" in helene.asks(words).text


def test_the_days_of_an_answer_are_those_agreed(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs du 8 au 10 avril")
    shown = helene.asks("retenir A-1").text
    assert "du mercredi 8 avril 2026 au vendredi 10 avril 2026" in shown
    # What the author says counts more.
    assert "au jeudi 9 avril 2026" in helene.asks("retenir A-1 du 8 au 9 avril").text


def test_days_outside_what_was_announced_are_not_taken_over(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs du 4 au 15 mai")
    assert "du lundi 6 avril 2026 au vendredi 17 avril 2026" in helene.asks("retenir A-1").text


@pytest.mark.parametrize("words", ["prolonger", "maintenir", "prolonger mon annonce"])
def test_the_only_one_is_prolonged(world: World, words: str) -> None:
    helene = world.helene()
    _published(helene)
    before = _last(world).expires_on
    assert "reste ouverte jusqu'au" in helene.asks(words).text
    after = _last(world).expires_on
    assert before is not None
    assert after is not None
    assert after > before


@pytest.mark.parametrize(
    "words", ["prolonger jusqu'au 31 mai", "maintenir A-1 jusqu'au 31 mai 2026"]
)
def test_it_is_prolonged_to_the_day_that_is_told(world: World, words: str) -> None:
    helene = world.helene()
    _published(helene)
    assert "jusqu'au dimanche 31 mai 2026" in helene.asks(words).text
    assert "au plus tard le" in helene.asks("prolonger jusqu'au 31 mai 2031").text
    assert "n'existe pas" in helene.asks("maintenir A-1 jusqu'au 31 juin").text


def test_of_several_the_number_is_asked_for(world: World) -> None:
    helene = world.helene()
    _published(helene)
    _published(helene, OTHER)
    assert "maintenir A-NUMÉRO" in helene.asks("prolonger").text


def test_a_contract_is_prolonged_by_who_manages_it(shop: World) -> None:
    assert "prolonger" in shop.smart.asks("prolonger").text


@pytest.mark.parametrize("words", ["non pourvue A-1", "pas pourvue A-1"])
def test_what_nobody_met_is_closed(world: World, words: str) -> None:
    helene = world.helene()
    _published(helene)
    assert "close sans suite" in helene.asks(words).text
    assert _last(world).stage == Stage.UNMET


@pytest.mark.parametrize("words", ["réponses A-1", "les réponses à l'annonce 1"])
def test_the_answers_are_shown_and_not_answered(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs")
    said = helene.writes(words)
    assert in_members_room(said) == []
    assert "CPAS de Rouvroy : intéressé" in helene.got(said)[-1].text


@pytest.mark.parametrize(
    "words", ["A-1 en privé : est-elle libre ?", "Annonce 1 en privé : est-elle libre ?"]
)
def test_a_private_answer_by_its_number_is_no_part_of_what_is_said(
    world: World, words: str
) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    said = bruno.writes(words)
    assert in_members_room(said) == []
    (told,) = [one for one in helene.got(said) if "en privé" in one.text]
    assert "> est-elle libre" in told.text
    assert "A-1 en privé" not in told.text


@pytest.mark.parametrize("words", ["retirer ma réponse", "retirer ma réponse A-1"])
def test_an_answer_is_taken_back(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs")
    (there,) = in_members_room(bruno.writes(words))
    assert "nous retirons notre réponse" in there.text
    assert "ne peut pas aider" in helene.asks("annonce A-1").text
    assert "Vous n'avez de réponse à retirer" in bruno.asks("retirer ma réponse").text


def test_a_private_answer_is_taken_back_in_private(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 en privé nous sommes preneurs")
    said = bruno.writes("retirer ma réponse")
    assert in_members_room(said) == []
    assert any("nous retirons notre réponse" in one.text for one in said)


def test_of_several_answers_the_number_is_asked_for(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    _published(helene, OTHER)
    for number in (1, 2):
        bruno.asks(f"répondre A-{number} nous sommes preneurs")
    asked = bruno.asks("retirer ma réponse").text
    assert "De quelle annonce" in asked
    assert "A-2026-0002" in asked
    assert "pas répondu" in helene.asks("retirer ma réponse A-1").text


@pytest.mark.parametrize("words", ["confirmer", "Annuler"])
def test_a_yes_that_nothing_waits_for_is_not_published(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    said = bruno.answers(broadcast, words)
    assert in_members_room(said) == []
    assert "rien n'a changé" in bruno.got(said)[-1].text


def test_interest_without_a_number_is_asked_about_and_then_passed_on(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    _published(helene, OTHER)
    asked = bruno.asks("Bonjour, nous serions intéressés par la nacelle du 6 au 8 avril. Merci")
    assert "A-2026-0002" in asked.text
    said = bruno.answers(asked, "oui")
    (there,) = in_members_room(said)
    assert "intéressés par la nacelle" in there.text


@pytest.mark.parametrize(
    ("announced", "answered"),
    [
        ("demande deux ouvriers voirie du 4 au 29 mai 2026", "nous prêtons un ouvrier"),
        (OFFER, "nous sommes preneurs du 8 au 10 avril"),
    ],
)
def test_less_than_announced_can_be_agreed_in_part(
    world: World, announced: str, answered: str
) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene, announced)
    bruno.asks(f"répondre A-1 {answered}")
    assert "moins que ce qui est annoncé" in helene.asks("retenir A-1").text
    partly = helene.asks("retenir A-1 CPAS de Rouvroy en partie")
    assert "reste ouverte pour le reste" in partly.text
    assert "moins que" not in partly.text


def test_all_that_is_announced_is_agreed_without_a_word_about_the_rest(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs")
    assert "moins que" not in helene.asks("retenir A-1").text


def test_what_looks_for_nobody_invites_to_no_answer(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    bruno.asks("répondre A-1 nous sommes preneurs")
    shown = changed_in_members_room(helene.answers(helene.asks("retenir A-1"), "oui"))[-1].text
    assert "Accord trouvé" in shown
    assert "Répondez dans ce fil" not in shown


DEMAND = "demande une nacelle, du 6 au 17 avril 2026"
FOUND = (
    "Bonjour,\n\nNous avons trouvé, vous pouvez clôturer notre demande de nacelle. Merci à tous."
)


def test_who_has_found_closes_in_a_sentence(world: World) -> None:
    helene = world.helene()
    _published(helene)
    _published(helene, DEMAND)
    said = helene.asks(FOUND, subject="nacelle")
    assert "A-2026-0002 est retirée" in said.text
    assert [one.stage for one in world.all(Announcement)] == [Stage.OPEN, Stage.WITHDRAWN]


def test_of_several_it_is_asked_which_is_settled(world: World) -> None:
    helene = world.helene()
    _published(helene, DEMAND)
    _published(helene, "demande une nacelle, du 4 au 8 mai 2026")
    asked = helene.asks(FOUND, subject="nacelle")
    assert "De laquelle" in asked.text
    assert {one.stage for one in world.all(Announcement)} == {Stage.OPEN}
    assert "A-2026-0002 est retirée" in helene.replies(asked, "2").text


@pytest.mark.parametrize(
    "words",
    [
        "Nous avons trouvé, clôturez notre demande de chaises.",
        "Vous pouvez retirer notre offre, merci.",
    ],
)
def test_what_does_not_fit_what_is_open_closes_nothing(world: World, words: str) -> None:
    helene = world.helene()
    _published(helene, DEMAND)
    assert "De laquelle" in helene.asks(f"Bonjour,\n\n{words}", subject="annonce").text
    assert _last(world).stage == Stage.OPEN


def test_what_is_settled_already_is_no_new_demand(world: World) -> None:
    helene = world.helene()
    assert "Aucune annonce de votre institution" in helene.asks(FOUND, subject="nacelle").text
    assert world.all(Announcement) == []


def test_an_answer_is_not_a_word_of_ones_own_announcement(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene, DEMAND)
    [told] = bruno.got(_published(bruno, "offre prêt d'une benne, du 6 au 17 avril 2026"))[-1:]
    assert "A-2026-0002" in told.text
    shown = bruno.asks("annonce A-1")
    bruno.answers(shown, "Nous devons retirer notre offre.")
    assert {one.stage for one in world.all(Announcement)} <= {Stage.OPEN, Stage.ANSWERED}
    assert "A-2026-0002 est retirée" in bruno.replies(told, "On a trouvé, fermez notre offre.").text


def test_those_of_another_institution_are_not_closed(world: World) -> None:
    _published(world.helene(), DEMAND)
    world.bruno().asks(FOUND, subject="nacelle")
    assert _last(world).stage == Stage.OPEN


def test_ones_own_are_listed_by_a_subject_alone(world: World) -> None:
    helene = world.helene()
    _published(helene, DEMAND)
    assert "A-2026-0001" in helene.at_mail().asks("", subject="mes annonces").text


@pytest.mark.parametrize(
    "words",
    ["qui a répondu ?", "Avons-nous déjà des réponses ?", "Qui a répondu à notre demande ?"],
)
def test_who_answered_is_asked_without_a_number(world: World, words: str) -> None:
    helene = world.helene()
    _published(helene, DEMAND)
    world.bruno().asks("répondre A-1 nous en avons une")
    said = helene.asks(words).text
    assert "A-2026-0001" in said
    assert "Répondue" in said


def test_interest_in_what_a_neighbour_offers_is_an_answer(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene, "offre notre salle de réunion, du 5 au 26 janvier 2027")
    said = bruno.asks(
        "Bonjour,\n\nLa salle de Musson nous intéresse pour le 12 janvier.", subject="salle"
    )
    assert "A-2026-0001" in said.text
