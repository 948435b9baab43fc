"""Templates, missions and rules: for members, by either channel, with the threshold in mind."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from config.content import read_content
from handlers.loading import Channels, load
from storage.files import StoredFile
from storage.library import Publication
from tests.handlers.conversation import CONTENT, MAIL, MATRIX, Said, Somebody, World


@pytest.fixture
def library(world: World) -> World:
    world.load_catalogue()
    return world


@pytest.fixture
def helene(library: World) -> Somebody:
    return library.helene()


def files(said: list[Said]) -> int:
    return sum(one.files for one in said)


def words(said: list[Said]) -> str:
    return " ".join(one.text for one in said)


def test_the_list_names_every_template(helene: Somebody) -> None:
    text = helene.asks("modèles").text
    for name in ("fournitures", "services", "travaux", "soutien humain", "prêt de matériel"):
        assert name in text


def test_a_search_lists_what_matches(helene: Somebody) -> None:
    text = helene.asks("modeles convention").text
    assert "soutien humain" in text
    assert "travaux" not in text


@pytest.mark.parametrize(
    "asked", ["modèle services", "modele marche-services", "MODÈLE servises", "template services"]
)
def test_naming_one_gives_its_file_and_its_law(helene: Somebody, asked: str) -> None:
    said = helene.writes(asked)
    assert files(said) == 1
    assert "loi du 17 juin 2016" in words(said)
    assert "30.000 € HTVA" in words(said)
    assert "version 1.0" in words(said)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("modèle services 29.999,99 € HTVA", "sous le seuil"),
        ("modèle services 36.299,98 € TVAC", "29.999,98 € HTVA"),
        ("modèle services 7.000 € HTVA par an pendant 4 ans", "28.000,00 € HTVA pour 48 mois"),
        ("modèle services 12.500 €", "compris hors TVA"),
    ],
)
def test_below_the_threshold_it_is_sent(helene: Somebody, asked: str, told: str) -> None:
    said = helene.writes(asked)
    assert files(said) == 1
    assert told in words(said)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("modèle services 30.000 € HTVA", "est atteint"),
        ("modèle services 8.000 € HTVA par an pendant 4 ans", "32.000,00 € HTVA"),
        ("modèle services 9.000 € HTVA par an", "Pour combien de temps"),
        ("modèle services 45.000 € HTVA par an", "est atteint"),
    ],
)
def test_at_the_threshold_or_in_doubt_it_is_not(helene: Somebody, asked: str, told: str) -> None:
    said = helene.writes(asked)
    assert files(said) == 0
    assert told in words(said)


@pytest.mark.parametrize(
    ("answer", "told", "sent"),
    [
        ("7.000 € HTVA par an pendant 4 ans", "28.000,00 € HTVA pour 48 mois", 1),
        ("Bonjour,\n\nEnviron 12.500 € HTVA.\n\nHélène Lambiotte", "sous le seuil", 1),
        ("45.000 € TVAC", "est atteint", 0),
        ("9.000 € HTVA par an", "Pour combien de temps", 0),
    ],
)
def test_one_question_is_asked_and_its_answer_compared(
    helene: Somebody, answer: str, told: str, sent: int
) -> None:
    handed = helene.writes("modèle services")
    assert files(handed) == 1
    assert words(handed).count("À combien l'estimez-vous ?") == 1
    asked = next(one for one in handed if "estimez-vous" in one.text)
    compared = helene.answers(asked, answer)
    assert told in words(compared)
    assert "estimez-vous" not in words(compared)
    assert files(compared) == sent


def test_a_template_held_back_is_handed_out_for_another_amount(helene: Somebody) -> None:
    held = helene.asks("modèle services 9.000 € HTVA par an")
    said = helene.answers(held, "9.000 € HTVA par an pendant 2 ans")
    assert "18.000,00 € HTVA pour 24 mois" in words(said)
    assert files(said) == 1


def test_the_question_of_an_estimate_blocks_nothing(helene: Somebody) -> None:
    handed = helene.writes("modèle services")
    asked = next(one for one in handed if "estimez-vous" in one.text)
    assert "prêt de matériel" in helene.replies(asked, "modèles").text
    helene.answers(asked, "Merci !")
    assert "soutien humain" in words(helene.answers(asked, "modèle soutien humain"))


def test_the_threshold_does_not_concern_conventions(helene: Somebody) -> None:
    said = helene.writes("modèle prêt de matériel 45.000 € HTVA")
    assert files(said) == 1
    assert "seuil" not in words(said)


def test_a_letter_that_names_two_gets_both(helene: Somebody) -> None:
    said = helene.writes(
        "Bonjour,\n\nPourriez-vous m'envoyer votre modèle de marché de travaux, ainsi que la"
        " convention de prêt de matériel ? Le chantier est estimé à 18.000 € TVAC.\n\nMerci,\n"
        "Hélène Lambiotte",
        subject="Demande de modèles",
    )
    assert files(said) == 2
    assert "14.876,03 € HTVA" in words(said)


def test_a_letter_above_the_threshold_gets_the_convention_only(helene: Somebody) -> None:
    said = helene.writes(
        "Bonjour,\n\nPourriez-vous m'envoyer le modèle de marché de travaux et la convention de"
        " prêt de matériel ? Le budget est de 52.000 € HTVA.\n\nHélène Lambiotte",
        subject="Demande de modèles",
    )
    assert files(said) == 1
    assert "est atteint" in words(said)


def test_a_letter_that_names_none_gets_the_list_and_a_person(library: World) -> None:
    helene = library.helene()
    said = helene.writes(
        "Bonjour,\n\nAvez-vous un modèle de règlement de travail ?\n\nHélène Lambiotte",
        subject="Modèle",
    )
    assert "transmis à une personne" in words(said)
    assert any(one.destination == "room:admins" for one in said)


def test_an_unknown_template_is_said_to_be_unknown(helene: Somebody) -> None:
    said = helene.asks("modèle girafe")
    assert "« girafe »" in said.text
    assert "modèles" in said.text


@pytest.mark.parametrize("asked", ["modèles", "modèle services", "missions", "mission formation"])
def test_who_is_not_registered_gets_none_of_it(library: World, asked: str) -> None:
    said = library.stranger().writes(asked)
    assert files(said) == 0
    assert "inscri" in words(said)
    for content in ("fournitures", "cours d'eau", "Institut"):
        assert content not in words(said)


def test_the_missions_are_listed_and_read(helene: Somebody) -> None:
    assert "Cours d'eau" in helene.asks("missions").text
    one = helene.asks("mission ruisseaux")
    assert "curage" in one.text
    assert "Service des cours d'eau" in one.text


def test_a_mission_comes_with_its_documents(helene: Somebody) -> None:
    assert files(helene.writes("mission marchés publics")) == 1


def test_the_rules_are_public_with_version_and_date(library: World) -> None:
    text = library.stranger().asks("règlement").text
    assert "version 1.0, établie en janvier 2026" in text
    assert "sans engagement" in text


def test_loading_again_changes_nothing_and_a_new_file_is_served(library: World) -> None:
    def again() -> None:
        content = read_content(CONTENT)
        library.database.run(load, content, "fr", Channels(MAIL, MATRIX), library.clock.now())

    before = library.count(StoredFile), library.count(Publication)
    again()
    assert (library.count(StoredFile), library.count(Publication)) == before
    library.change(
        lambda session: setattr(session.scalars(select(StoredFile)).all()[0], "sha256", "other")
    )
    again()
    assert library.count(StoredFile) == before[0] + 1
