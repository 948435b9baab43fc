"""Frequent questions: listed, answered where they are asked, edited by administrators (B25)."""

from __future__ import annotations

import pytest

from tests.handlers.conversation import World, to_administrators


@pytest.fixture
def asked(world: World) -> World:
    world.load_catalogue()
    return world


def test_the_questions_are_listed_and_one_is_answered(asked: World) -> None:
    visitor = asked.stranger()
    listed = visitor.asks("faq").text
    assert "Qui assure le matériel prêté ?" in listed
    assert "faq assurance-materiel-prete" in listed
    assert (
        "la convention de prêt le dit" in visitor.asks("FAQ assurance-materiel-prete").text.lower()
    )
    assert "sans engagement" in visitor.asks("questions fréquentes inscription payante").text
    assert "licornes" in visitor.asks("faq licornes").text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Bonjour, qui assure le matériel qui est prêté entre communes ? Merci", "l'emprunteur"),
        ("Faut-il prendre une assurance pour un prêt de matériel ?", "l'emprunteur"),
        ("L'inscription est-elle payante ?", "gratuite"),
    ],
)
def test_a_question_in_free_text_is_answered_with_a_way_to_a_person(
    asked: World, question: str, answer: str
) -> None:
    helene = asked.helene()
    told = helene.asks(question, subject="Question")
    assert answer in told.text
    assert "une personne" in told.text
    said = helene.answers(told, "Ce n'est pas cela : qui signe la convention chez nous ?")
    assert any("qui signe" in one.text for one in to_administrators(said))


@pytest.mark.parametrize(
    "question",
    [
        "Qui peut nous aider à remplir le formulaire du Fonds des calamités ?",
        "Le matériel que Virton nous a prêté est cassé, que faire ?",
    ],
)
def test_any_other_question_goes_to_a_person(asked: World, question: str) -> None:
    said = asked.helene().writes(question, subject="Question")
    assert any(question[:30] in one.text for one in to_administrators(said))


def test_administrators_publish_change_and_withdraw(asked: World) -> None:
    visitor, camille = asked.stranger(), asked.camille
    assert "C'est publié" in camille.asks("publier question Y a-t-il un quota ? Non, aucun.").text
    assert "Non, aucun." in visitor.asks("faq quota").text
    camille.asks("publier question Y a-t-il un quota ? Oui, dix par an.")
    assert "Oui, dix par an." in visitor.asks("faq quota").text
    assert "Non, aucun." not in visitor.asks("faq quota").text
    assert "C'est retiré" in camille.asks("retirer question quota").text
    assert "ne trouve pas" in visitor.asks("faq quota").text
    assert "administrat" in visitor.asks("publier question Un piège ? Oui.").text
    assert "Un piège" not in visitor.asks("faq").text


def test_what_is_no_question_with_its_answer_is_refused(asked: World) -> None:
    assert "publier question" in asked.camille.asks("publier question rien").text
