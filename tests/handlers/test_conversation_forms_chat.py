"""Forms: in a chat: one question at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.request import Kind, Place
from storage.announcements import Announcement
from storage.members import Institution, Person
from storage.orders import Order
from storage.purchasing import Adhesion
from tests.handlers.conversation import (
    MAIL,
    MATRIX,
    Said,
    Somebody,
    World,
    to_administrators,
)

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


@pytest.fixture
def channel() -> str:
    """Only chats ask for one thing at a time."""
    return MATRIX


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, where the catalogue is loaded."""
    return shop.helene()


@pytest.fixture
def chat(world: World) -> Somebody:
    """Somebody whom the platform does not know, in a chat."""
    return Somebody(world, MATRIX, "@helene:supracom.example", name="Hélène Lambiotte")


def told(somebody: Somebody, *words: str) -> Said:
    """Several things said one after the other; the answer to the last."""
    said = [somebody.asks(word) for word in words]
    return said[-1]


# -- registering ------------------------------------------------------------------------------


STEPS = (
    ("inscrire", "1/7", "Quelle institution"),
    ("CPAS de Musson", "2/7", "Prénom et nom"),
    ("Madame Hélène Lambiotte", "3/7", "adresse mail"),
    ("helene.lambiotte@musson.example", "4/7", "téléphone"),
    ("063 00 07 41", "5/7", "fonction"),
    ("directrice générale", "6/7", "absence"),
    ("Claire Servais, claire.servais@musson.example", "7/7", "êtes-vous cette personne"),
)


def test_registering_in_a_chat_takes_one_question_at_a_time(world: World, chat: Somebody) -> None:
    for words, number, question in STEPS:
        asked = chat.asks(words)
        assert number in asked.text
        assert question in asked.text
        assert asked.text.count(" ?") <= 2
    said = chat.writes("oui")
    (receipt,) = [one for one in said if one.answers]
    for fact in ("sans engagement", "I-2026-0001", "CPAS de Musson", "Hélène Lambiotte"):
        assert fact in receipt.text
    (shown,) = to_administrators(said)
    for fact in ("directrice générale", "Claire Servais", chat.address, "063 00 07 41"):
        assert fact in shown.text
    assert [person.name for person in world.all(Person)] == ["Hélène Lambiotte", "Claire Servais"]


@pytest.mark.parametrize(
    ("words", "command"), [("sattistiques", "statistiques"), ("catalogu repas", "catalogue repas")]
)
def test_a_mistyped_command_is_not_lost_in_a_form(chat: Somebody, words: str, command: str) -> None:
    chat.asks("inscrire")
    again = chat.asks(words).text
    assert f"vouliez {command}" in again
    assert "1/7" in again
    assert "Si vous vouliez" not in chat.asks("le groupement des amis de la nature").text


def test_who_registers_for_somebody_else_is_shown_to_the_administrators(chat: Somebody) -> None:
    told(chat, *(words for words, _n, _q in STEPS[:4]), "c'est tout")
    said = chat.writes("Paul Meunier, secrétariat")
    (shown,) = to_administrators(said)
    assert "Paul Meunier" in shown.text
    assert chat.address in shown.text


def test_a_deputy_of_a_registration_acts_once_it_is_accepted(world: World, chat: Somebody) -> None:
    told(chat, *(words for words, _n, _q in STEPS))
    chat.writes("oui")
    said = world.camille.writes("accepter I-2026-0001")
    mails = sorted(one.destination for one in said if one.channel == MAIL)
    assert mails == ["claire.servais@musson.example", "helene.lambiotte@musson.example"]
    claire = Somebody(world, MAIL, "claire.servais@musson.example")
    assert "Aucune annonce" in claire.asks("annonces").text


def test_a_place_alone_may_be_its_commune_or_its_cpas(chat: Somebody) -> None:
    again = told(chat, "inscrire", "Musson")
    assert "Est-ce Commune de Musson, CPAS de Musson ?" in again.text
    assert "1/7" in again.text
    assert "2/7" in chat.asks("CPAS de Musson").text


def test_a_form_can_be_left_at_any_moment(world: World, chat: Somebody) -> None:
    for length in range(1, len(STEPS)):
        told(chat, *(words for words, _n, _q in STEPS[:length]))
        assert "annulé" in chat.asks("annuler").text
    assert world.count(Institution) == 0
    assert "Quelle institution" in chat.asks("inscrire").text


def test_a_step_back_asks_again(chat: Somebody) -> None:
    told(chat, "inscrire", "CPAS de Musson", "Hélène Lambiott")
    again = chat.asks("retour")
    assert "2/7" in again.text
    assert "3/7" in chat.asks("Hélène Lambiotte").text
    assert "première" in told(chat, "retour", "retour", "retour").text


def test_an_edited_answer_counts_as_it_stands_now(world: World, chat: Somebody) -> None:
    chat.asks("inscrire")
    told(chat, "CPAS de Musson")
    name, _asked = chat.sends("Hélène Lambiott")
    chat.asks("helene.lambiotte@musson.example")
    (asked,) = chat.got(chat.edits(name, "Hélène Lambiotte"))
    assert "4/7" in asked.text
    told(chat, "c'est tout", "oui")
    assert [person.name for person in world.all(Person)] == ["Hélène Lambiotte"]


def test_a_form_waits_for_days_and_survives_a_restart(
    world: World, chat: Somebody, shop: World
) -> None:
    del shop
    told(chat, "inscrire", "CPAS de Musson", "Hélène Lambiotte")
    world.clock.move(timedelta(days=5))
    world.dispatcher = type(world.dispatcher)(world.platform, world.table)
    assert "4/7" in chat.asks("helene.lambiotte@musson.example").text


@pytest.mark.usefixtures("shop")
def test_other_requests_are_answered_in_between(chat: Somebody) -> None:
    told(chat, "inscrire", "CPAS de Musson")
    listed = chat.asks("catalogue")
    assert "E-guichet" in listed.text or "e-guichet" in listed.text
    assert "Prénom et nom" in listed.text  # the question that waits
    assert "Ce que vous pouvez faire" in chat.asks("aide").text
    assert "3/7" in chat.asks("Hélène Lambiotte").text


@pytest.mark.usefixtures("shop")
def test_a_question_that_waits_is_recalled_once_and_then_on_demand(chat: Somebody) -> None:
    told(chat, "inscrire", "CPAS de Musson")
    assert "Pour y revenir plus tard : continuer" in chat.asks("catalogue").text
    for words in ("centrales", "catalogue repas", "à propos"):
        assert "Prénom et nom" not in chat.asks(words).text
    assert "Prénom et nom" in chat.asks("continuer").text
    assert "Prénom et nom" not in chat.asks("centrales").text
    assert "3/7" in chat.asks("Hélène Lambiotte").text
    assert "adresse mail" in chat.asks("centrales").text  # another question, recalled once, too


def test_what_is_not_understood_is_asked_again_with_the_reason(chat: Somebody) -> None:
    told(chat, "inscrire", "CPAS de Musson", "Hélène Lambiotte")
    again = chat.asks("je ne sais plus")
    assert "3/7" in again.text
    assert "parler à quelqu'un" in again.text
    assert "3/7" in chat.replies(again, "est-ce obligatoire ?").text
    assert "4/7" in chat.replies(again, "helene.lambiotte@musson.example").text


@pytest.mark.parametrize(
    ("words", "told_so"),
    [
        ("je préfère parler à quelqu'un", "une personne vous répond"),
        ("puis-je parler à une personne ?", "une personne vous répond"),
        ("I want to talk to a human", "a person will answer you"),
    ],
)
def test_a_person_can_be_asked_for_from_a_form(
    world: World, chat: Somebody, words: str, told_so: str
) -> None:
    told(chat, "inscrire", "CPAS de Musson", "Hélène Lambiotte")
    said = chat.writes(words)
    (shown,) = to_administrators(said)
    assert "CPAS de Musson" in shown.text
    (answer,) = [one for one in said if one.answers]
    assert told_so in answer.text
    world.camille.answers(shown, "Bonjour, je vous appelle.")
    assert world.count(Institution) == 0
    assert "3/7" in chat.asks("continuer").text
    assert "4/7" in chat.asks("helene.lambiotte@musson.example").text


def test_nobody_else_fills_a_form(world: World, chat: Somebody) -> None:
    room = "!autre:supracom.example"
    here = {"conversation": room, "direct": False}
    asked = chat.writes("inscrire", **here)[0]
    other = Somebody(world, MATRIX, "@paul:supracom.example")
    assert (
        other.writes("CPAS de Ciney", **here, answers=(asked.external_id,), addressed=False) == []
    )
    said = chat.writes("CPAS de Musson", **here, answers=(asked.external_id,), addressed=False)
    assert "2/7" in said[0].text


def test_a_form_in_a_thread_and_one_beside_it_do_not_mix(shop: World, helene: Somebody) -> None:
    told(helene, "adhérer")
    thread = {"thread": "$root", "answers": ("$root",)}
    assert "Que" in helene.asks("commander", **thread).text
    assert "De quel jour" in helene.asks("Smart").text
    assert "Smart" in helene.asks("e-guichet", **thread).text
    assert "référence" in helene.asks("le 9 mars 2026").text
    assert "enregistrée" in helene.asks("2026/114").text
    assert shop.count(Adhesion) == 1


@pytest.mark.parametrize("choice", ["3", "Smart", "smart", "la centrale Smart"])
def test_a_central_is_chosen_by_its_number_or_name(shop: World, choice: str) -> None:
    somebody = shop.member("Paul Meunier", "commune", "85026", channel=MATRIX)
    asked = somebody.asks("adhérer")
    assert "3️⃣ Smart" in asked.text
    assert "De quel jour" in somebody.asks(choice).text


def test_a_choice_is_made_by_a_reaction(shop: World) -> None:
    somebody = shop.member("Paul Meunier", "commune", "85026", channel=MATRIX)
    asked = somebody.asks("adhérer")
    said = somebody.writes("3\u20e3", kind=Kind.REACTION, answers=(asked.external_id,))
    assert "De quel jour" in said[0].text


def test_a_decision_to_come_is_refused_and_asked_again(helene: Somebody) -> None:
    again = told(helene, "adhérer Smart", "le 9 juin 2026")
    assert "à venir" in again.text
    assert "De quel jour" in again.text


def test_who_has_not_joined_is_told_before_anything_else_is_asked(
    shop: World, helene: Somebody
) -> None:
    answer = told(helene, "commander", "e-guichet")
    assert "adhérer Smart" in answer.text
    assert shop.count(Order) == 0


def test_an_impossible_period_is_asked_again(helene: Somebody) -> None:
    told(helene, "offre", "une pelleteuse")
    again = helene.asks("du 10 au 4 mai 2026")
    assert "avant de commencer" in again.text
    assert "3/7" in again.text


def test_what_was_said_at_once_is_not_asked_again(helene: Somebody) -> None:
    asked = told(helene, "demande", "un agent pour le service population, bloqué")
    assert "Pour quelle période" in asked.text
    assert "/7" in asked.text
    assert "endroit" in helene.asks("du 4 au 29 mai 2026").text


def test_who_offers_is_asked_neither_for_a_service_nor_how_urgent_it_is(helene: Somebody) -> None:
    assert "endroit" in told(helene, "offre", "une pelleteuse", "du 4 au 8 mai 2026").text


def test_a_service_tells_nothing_of_a_person(helene: Somebody) -> None:
    refused = told(helene, "demande", "un agent", "celui de Mme Dupont, qui est en burn-out")
    assert "personnel ou de santé" in refused.text
    assert "Pour quel service" in refused.text


def test_words_to_what_was_just_shown_are_answered_usefully(shop: World, helene: Somebody) -> None:
    told(helene, ADHESION, "commander e-guichet")
    assert "Rien n'est envoyé" in helene.asks("oui mais pas tout de suite").text
    assert "72.000,00 €" in helene.asks("quantité 3").text
    assert "est envoyée" in helene.asks("oui").text
    told(helene, "demande un tracteur pour demain")
    assert "oui ou non" in helene.asks("oui mais plus tard").text
    assert [one.number for one in shop.all(Announcement)] == [None]


def test_two_forms_are_filled_one_after_the_other(helene: Somebody) -> None:
    told(helene, "adhérer Smart", "offre", "une pelleteuse")
    assert "annulé" in helene.asks("annuler").text
    assert "De quel jour" in helene.asks("continuer").text


def test_a_bare_yes_elsewhere_is_no_answer_to_a_form(helene: Somebody) -> None:
    told(helene, "adhérer Smart")
    said = helene.elsewhere(Place.MEMBERS).writes("oui")
    assert all("De quel jour" not in one.text for one in said)


@pytest.mark.parametrize("channel", [MATRIX])
def test_an_answer_to_another_question_fills_no_field(world: World) -> None:
    helene = world.helene()
    helene.asks("demande")
    for words in ("oui", "une demande", "ok"):
        assert "pas compris" in helene.asks(words).text, words
    asked = helene.asks("une tente de 6x3 du 12 au 14 juin")
    while "Combien" not in asked.text:
        asked = helene.asks("passer")
    assert "pas compris" in helene.asks("oui").text
    assert "conditions" in helene.asks("deux").text
