"""Registering, being accepted, linking a second address, leaving."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.request import Kind, Place
from storage.audit import AuditEntry, first_break
from storage.members import Institution, Person, Standing
from tests.handlers.conversation import (
    MAIL,
    MATRIX,
    Said,
    Somebody,
    World,
    in_members_room,
    to_administrators,
)

HELENE = "helene.lambiotte@musson.example"
COMPLETE = (
    "inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41,"
    " helene.lambiotte@musson.example"
)
LETTER = """\
Bonjour,

La commune de Musson souhaite rejoindre l'e-plateforme. Notre Collège a désigné Madame Hélène
Lambiotte comme utilisatrice.

Hélène Lambiotte
Administration communale de Musson
063 00 07 41
helene.lambiotte@musson.example
"""


def _registered(world: World) -> str:
    """Musson has registered; its reference."""
    receipt = world.stranger("helene").asks(COMPLETE)
    found = re.search(r"I-2026-\d{4}", receipt.text)
    assert found, receipt.text
    return found[0]


def _only(world: World) -> Institution:
    (institution,) = world.all(Institution)
    return institution


# -- asking -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [COMPLETE, LETTER], ids=["command", "letter"])
def test_a_complete_registration_takes_one_message(world: World, text: str) -> None:
    said = world.stranger("helene").writes(text, subject="Inscription de notre commune")
    (receipt,) = [one for one in said if one.answers]
    for fact in ("sans engagement", "I-2026-0001", "usson", "Hélène Lambiotte", "063 00 07 41"):
        assert fact in receipt.text
    assert "jeudi 26 mars 2026" in receipt.text  # two working days later
    (told,) = to_administrators(said)
    assert "I-2026-0001" in told.text
    assert "Hélène Lambiotte" in told.text
    institution = _only(world)
    assert (institution.type, institution.code) == ("commune", "85026")
    assert institution.state == Standing.PENDING
    (person,) = world.all(Person)
    assert (person.name, person.active) == ("Hélène Lambiotte", False)


def test_what_is_missing_is_asked_for_and_only_that(world: World) -> None:
    somebody = world.stranger("helene")
    asked = somebody.asks("inscrire Commune de Musson")
    assert "personne désignée" in asked.text
    assert "nom de l'institution" not in asked.text
    assert world.count(Institution) == 0
    receipt = somebody.finishes(
        somebody.replies(asked, "Hélène Lambiotte, 063 00 07 41, helene.lambiotte@musson.example")
    )
    assert "sans engagement" in receipt.text
    assert _only(world).code == "85026"


def test_an_institution_that_is_missing_is_asked_for(world: World) -> None:
    somebody = world.stranger("helene")
    asked = somebody.asks(
        "inscrire, utilisatrice désignée : Hélène Lambiotte, helene.lambiotte@musson.example"
    )
    assert "institution" in asked.text
    receipt = somebody.finishes(somebody.replies(asked, "CPAS de Musson"))
    assert "I-2026-0001" in receipt.text
    assert (_only(world).type, _only(world).code) == ("cpas", "85026")


def test_what_is_asked_for_twice_may_come_in_two_lines(world: World) -> None:
    somebody = Somebody(world, MAIL, "helene@ailleurs.example")
    asked = somebody.asks("inscrire")
    if "choses" not in asked.text:
        asked = somebody.asks("Je voudrais inscrire notre institution à la plateforme svp")
    assert "deux choses" in asked.text
    receipt = somebody.replies(
        asked, "1. CPAS de Musson\n2. Hélène Lambiotte, helene.lambiotte@musson.example"
    )
    assert "I-2026-0001" in receipt.text


@pytest.mark.parametrize("greeting", ["Bonjour, ", "Bonjour,\n\n", "Bonjour Madame,\n"])
def test_a_greeting_is_no_request_for_help(world: World, greeting: str) -> None:
    receipt = world.stranger("helene").asks(greeting + COMPLETE)
    assert "I-2026-0001" in receipt.text


def test_a_registration_that_is_given_up_leaves_nothing(world: World) -> None:
    somebody = world.stranger("helene")
    asked = somebody.asks("inscrire Commune de Musson")
    assert somebody.replies(asked, "non").answers
    assert world.count(Institution) == 0


def test_registering_twice_is_refused_with_the_first_reference(world: World) -> None:
    reference = _registered(world)
    again = world.stranger("other").asks(
        "inscrire Ville de Musson, utilisateur désigné : Jean Autre, jean.autre@musson.example"
    )
    assert reference in again.text
    assert world.count(Institution) == 1
    assert [p.name for p in world.all(Person)] == ["Hélène Lambiotte"]


def test_another_person_of_a_registered_institution_is_shown_beside_the_first(world: World) -> None:
    reference = _registered(world)
    other = world.stranger("other")
    said = other.writes(
        "inscrire Commune de Musson, utilisateur désigné : Jean Autre, jean.autre@musson.example"
    )
    (told,) = to_administrators(said)
    for fact in (reference, "jean.autre@musson.example", "helene.lambiotte@musson.example"):
        assert fact in told.text
    (answer,) = [one for one in said if one.answers and one is not told]
    assert "helene" not in answer.text
    world.camille.writes(f"refuser {reference} demandée par quelqu'un d'autre")
    assert "I-2026-0002" in other.replies(answer, "oui").text
    living = [one for one in world.all(Institution) if one.state == Standing.PENDING]
    assert [one.reference for one in living] == ["I-2026-0002"]


PASSED_ON = """\
{lead}---------- Forwarded message ---------
De : Hélène Lambiotte <helene.lambiotte@musson.example>
Date: mar. 5 mai 2026 à 10:00
Subject: Inscription
To: <accueil@musson.example>

Bonjour,

La commune de Musson souhaite s'inscrire. Je serai l'utilisatrice désignée.

Bien à vous,

Hélène Lambiotte
"""


@pytest.mark.parametrize("lead", ["", "Pour suite utile.\n\n"])
def test_a_registration_passed_on_is_its_authors(world: World, lead: str) -> None:
    clerk = Somebody(world, MAIL, "accueil@musson.example")
    clerk.writes(PASSED_ON.format(lead=lead), subject="Fwd: Inscription")
    (person,) = world.all(Person)
    assert person.name == "Hélène Lambiotte"
    found = world.change(lambda s: [a.address for a in s.get_one(Person, person.id).addresses])
    assert found == ["helene.lambiotte@musson.example"]


def test_whoever_passes_a_registration_on_is_never_its_user(world: World) -> None:
    somebody = Somebody(world, MAIL, "quelquun@ailleurs.example")
    asked = somebody.asks(PASSED_ON.format(lead=""), subject="Fwd: Inscription")
    assert "adresse mail professionnelle" in asked.text
    assert world.count(Institution) == 0
    assert "adresse mail professionnelle" in somebody.replies(asked, "merci").text
    assert world.count(Institution) == 0


def test_what_a_pending_person_asks_is_not_told_as_the_institutions(world: World) -> None:
    _registered(world)
    helene = Somebody(world, MAIL, "helene.lambiotte@musson.example")
    said = helene.writes("Quand aura lieu la prochaine formation ?")
    (told,) = to_administrators(said)
    assert "en attente" in told.text


@pytest.mark.parametrize(("said", "state"), [("oui", Standing.PENDING), ("non", Standing.REFUSED)])
def test_whom_a_third_party_names_is_asked_and_the_administrators_hear_it(
    world: World, said: str, state: Standing
) -> None:
    bureau = replace(world.stranger().at_mail(), address="bureau@conseil.example")
    entered = bureau.writes(COMPLETE)
    helene = replace(bureau, address=HELENE)
    assert "Nous demandons à Hélène Lambiotte" in bureau.got(entered)[0].text
    (asked,) = helene.got(entered)
    assert bureau.address in asked.text
    assert "I-2026-0001" in asked.text
    after = helene.answers(asked, said)
    (told,) = to_administrators(after)
    assert ("confirme" if said == "oui" else "dément") in told.text
    assert _only(world).state == state
    assert len(helene.got(after)) == 1


def test_whom_their_own_house_names_is_not_asked(world: World) -> None:
    office = replace(world.stranger().at_mail(), address="secretariat@musson.example")
    said = office.writes(COMPLETE)
    assert replace(office, address=HELENE).got(said) == []


def test_a_dutch_registration_stays_dutch_to_the_decision_days_later(world: World) -> None:
    griet = replace(world.stranger().at_mail(), address="griet.maes@attert.example")
    asked = griet.asks(
        "Goedendag,\n\nOnze gemeente Attert wil zich graag inschrijven op het platform.\n\nMet"
        " vriendelijke groeten,\nGriet Maes",
        subject="Inschrijving",
    )
    assert "aangewezen" in asked.text
    receipt = griet.replies(asked, "Griet Maes, 063 22 33 44, griet.maes@attert.example")
    assert "goed ontvangen" in receipt.text
    question = griet.writes("Kan ik ook met twee collega's deelnemen? Dat is niet duidelijk.")
    world.move_to(world.clock.now() + timedelta(days=6))
    relayed = world.camille.answers(to_administrators(question)[0], "Ja, als plaatsvervanger.")
    world.move_to(world.clock.now() + timedelta(days=6))
    accepted = world.camille.writes("accepter I-2026-0001")
    for said in (*griet.got(question), *griet.got(relayed), *griet.got(accepted)):
        assert said.row.payload["headers"]["Content-Language"] == "nl"
        assert not re.search(r"\b(?:Bonjour|Bienvenue|Réponse|Votre)\b", said.text)
    assert "Welkom" in griet.got(accepted)[0].text
    assert griet.got(relayed)


def test_a_body_that_is_no_authority_is_refused_with_the_reason(world: World) -> None:
    said = world.stranger("jean").writes(
        "inscrire Bibliothèque communale de Musson, utilisateur désigné : Jean Autre,"
        " jean.autre@ailleurs.example"
    )
    (refused,) = [one for one in said if one.answers]
    assert "Bibliothèque communale de Musson" in refused.text
    assert len(to_administrators(said)) == 1
    assert world.count(Institution) == 0


def test_one_address_acts_for_one_institution(world: World) -> None:
    _registered(world)
    refused = world.stranger("other").asks(COMPLETE.replace("Commune de", "CPAS de"))
    assert "déjà" in refused.text
    assert world.count(Institution) == 1


@pytest.mark.parametrize("name", ["Commune de Namur", "CPAS de Ciney"])
def test_outside_the_territory_is_refused_with_the_reason_and_told(world: World, name: str) -> None:
    said = world.stranger("jean").writes(
        f"inscrire {name}, utilisateur désigné : Jean Autre, jean.autre@ailleurs.example"
    )
    (refused,) = [one for one in said if one.answers]
    assert "Luxembourg" in refused.text
    assert len(to_administrators(said)) == 1
    assert world.count(Institution) == 0


def test_a_second_rescue_zone_cannot_be_created(world: World) -> None:
    words = "inscrire {}, utilisateur désigné : Jean Autre, {}@secours.example"
    first = world.stranger("jean").asks(words.format("Zone de secours Luxembourg", "jean"))
    assert "I-2026-0001" in first.text
    for name in ("Zone de secours Luxembourg", "la zone de secours"):
        world.stranger("paul").writes(words.format(name, "paul"))
    assert _only(world).type == "zone_secours"


# -- deciding ---------------------------------------------------------------------------------


def test_an_administrator_accepts_and_the_user_is_welcomed_once(world: World) -> None:
    reference = _registered(world)
    said = world.camille.writes(f"accepter {reference}")
    institution, (person,) = _only(world), world.all(Person)
    assert (institution.state, person.active) == (Standing.ACTIVE, True)
    (welcome,) = [one for one in said if one.channel == MAIL]
    assert welcome.destination == "helene.lambiotte@musson.example"
    assert "Bienvenue" in welcome.subject
    again = world.camille.asks(f"accepter {reference}")
    assert "n'attend plus" in again.text


def test_what_waits_is_listed_for_administrators(world: World) -> None:
    reference = _registered(world)
    assert reference in world.camille.asks("inscriptions").text
    world.camille.writes(f"accepter {reference}")
    assert reference not in world.camille.asks("inscriptions").text


def test_an_administrator_refuses_with_the_reason(world: World) -> None:
    reference = _registered(world)
    said = world.camille.writes(f"refuser {reference} la personne n'est pas de la commune")
    (mail,) = [one for one in said if one.channel == MAIL]
    assert "la personne n'est pas de la commune" in mail.text
    assert _only(world).state == Standing.REFUSED
    assert "I-2026-0002" in world.stranger("helene").asks(COMPLETE).text


@pytest.mark.parametrize("order", ["accepter {}", "refuser {} parce que", "inscriptions"])
def test_nobody_else_decides(world: World, order: str) -> None:
    reference = _registered(world)
    for somebody in (world.stranger(), world.bruno()):
        refused = somebody.asks(order.format(reference))
        assert "administrateurs" in refused.text
    pending = [one for one in world.all(Institution) if one.reference == reference]
    assert pending[0].state == Standing.PENDING


def test_an_administrators_address_that_is_not_proved_decides_nothing(world: World) -> None:
    reference = _registered(world)
    world.camille.writes(f"accepter {reference}", authenticated=False)
    assert _only(world).state == Standing.PENDING


def test_an_unknown_reference_is_refused(world: World) -> None:
    assert "I-2026-0099" in world.camille.asks("accepter I-2026-0099").text


# -- linking ----------------------------------------------------------------------------------


def _code(said: list[Said]) -> str:
    (mail,) = [one for one in said if one.channel == MAIL]
    found = re.search(r"lier ([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})", mail.text)
    assert found, mail.text
    return found[1]


@pytest.fixture
def code(world: World) -> str:
    """The code in the welcome of Musson."""
    return _code(world.camille.writes(f"accepter {_registered(world)}"))


@pytest.fixture
def chat(world: World) -> Somebody:
    """Somebody at a Matrix address that the platform does not know."""
    return Somebody(world, MATRIX, "@helene:supracom.example")


def test_a_code_links_an_address_and_opens_the_room(
    world: World, code: str, chat: Somebody
) -> None:
    assert "réservé" in chat.asks("annonces").text
    said = chat.writes(f"lier {code.lower().replace('-', ' ')}")
    assert moves(said) == [("invite", chat.address)]
    assert "réservé" not in chat.asks("annonces").text
    (person,) = world.all(Person)
    addresses = world.change(lambda s: [a.channel for a in s.get_one(Person, person.id).addresses])
    assert sorted(addresses) == [MAIL, MATRIX]


def test_a_code_works_once(world: World, code: str, chat: Somebody) -> None:
    chat.asks(f"lier {code}")
    thief = Somebody(world, MATRIX, "@thief:supracom.example")
    assert "pas valable" in thief.asks(f"lier {code}").text
    assert "réservé" in thief.asks("annonces").text


def test_a_wrong_code_links_nothing(code: str, chat: Somebody) -> None:
    wrong = "AAAA-AAAA-AAAA"
    assert code != wrong
    assert "pas valable" in chat.asks(f"lier {wrong}").text
    assert "réservé" in chat.asks("annonces").text


def test_a_code_expires(world: World, code: str, chat: Somebody) -> None:
    world.clock.move(timedelta(hours=336))
    assert "pas valable" in chat.asks(f"lier {code}").text


def test_a_code_in_a_room_links_nothing(code: str, chat: Somebody) -> None:
    assert "pas valable" in chat.elsewhere(Place.MEMBERS).asks(f"lier {code}").text


def test_a_new_code_replaces_the_old_one(world: World, code: str, chat: Somebody) -> None:
    helene = Somebody(world, MAIL, HELENE)
    new = _code(helene.writes("nouveau code"))
    assert "pas valable" in chat.asks(f"lier {code}").text
    assert "pas valable" not in chat.asks(f"lier {new}").text


def test_a_new_code_is_not_another_welcome(world: World, code: str) -> None:
    del code
    told = Somebody(world, MAIL, "helene.lambiotte@musson.example").asks("nouveau code")
    assert "Bienvenue" not in told.text
    assert len(told.text) < 350


def test_who_left_links_nothing_more(world: World, code: str, chat: Somebody) -> None:
    helene = Somebody(world, MAIL, HELENE)
    helene.replies(helene.asks("désinscrire"), "oui")
    said = chat.writes(f"lier {code}")
    assert [one for one in said if one.action == "invite"] == []


def test_who_is_linked_is_told_at_the_address_on_file(code: str, chat: Somebody) -> None:
    told = [one for one in chat.writes(f"lier {code}") if one.destination == HELENE]
    assert len(told) == 1
    assert chat.address in told[0].text
    assert "Si ce n'est pas vous" in told[0].text


def test_another_account_takes_the_place_of_the_former(
    world: World, code: str, chat: Somebody
) -> None:
    chat.writes(f"lier {code}")
    new = _code(Somebody(world, MAIL, HELENE).writes("nouveau code"))
    other = Somebody(world, MATRIX, "@helene.new:supracom.example")
    said = other.writes(f"lier {new}")
    assert moves(said) == [("remove", chat.address), ("invite", other.address)]
    (told,) = [one for one in said if one.destination == HELENE]
    assert chat.address in told.text
    assert other.address in told.text
    assert "réservé" in chat.asks("annonces").text


def test_linking_the_same_account_again_tells_nobody(
    world: World, code: str, chat: Somebody
) -> None:
    chat.writes(f"lier {code}")
    new = _code(Somebody(world, MAIL, HELENE).writes("nouveau code"))
    said = chat.writes(f"lier {new}")
    assert moves(said) == [("invite", chat.address)]
    assert [one for one in said if one.destination == HELENE] == []


def moves(said: Sequence[Said]) -> list[tuple[str, str]]:
    """Who is let into the members' room or put out of it, in order."""
    return [
        (one.action, one.row.payload["user"])
        for one in said
        if one.action in {"invite", "remove"} and one.row.payload["place"] == "members"
    ]


# -- leaving ----------------------------------------------------------------------------------


def test_leaving_takes_one_confirmation_and_then_silence(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    asked = helene.asks("désinscrire")
    said = helene.answers(asked, "oui")
    assert len(to_administrators(said)) == 1
    chats = [("remove", helene.address)] if helene.channel == MATRIX else []
    assert moves(said) == chats
    left = next(one for one in world.all(Institution) if one.code == "85026")
    assert (left.state, left.left_on) == (Standing.LEFT, world.clock.now().date())
    posted = bruno.replies(bruno.asks("demande un tracteur pour demain"), "oui")
    assert posted.answers
    assert "réservé" in helene.asks("annonces").text
    announced = [one for one in world.said if one.row.id > said[-1].row.id]
    assert [one for one in helene.got(announced) if not one.answers] == []
    assert len(in_members_room(announced)) == 1


def test_who_is_replaced_as_designated_user_leaves_the_room(world: World) -> None:
    helene = world.helene()
    letter = (
        "Bonjour,\n\nNotre nouvelle utilisatrice désignée est Madame Claire Servais,"
        " claire.servais@musson.example, 063 00 07 44. Elle remplace Hélène Lambiotte pour la"
        " commune de Musson.\n\nBien à vous"
    )
    said = helene.answers(helene.asks(letter, subject="Changement d'utilisatrice"), "oui")
    assert moves(said) == ([("remove", helene.address)] if helene.channel == MATRIX else [])
    assert [person.name for person in world.all(Person) if person.active][-1:] == ["Claire Servais"]


def test_who_changes_their_mind_stays(world: World) -> None:
    helene = world.helene()
    assert helene.replies(helene.asks("désinscription"), "non").answers
    assert _only(world).state == Standing.ACTIVE


# -- rights -----------------------------------------------------------------------------------


def test_an_administrators_command_of_somebody_else_is_refused_and_kept(world: World) -> None:
    reference = _registered(world)
    answer = world.stranger("bruno").asks(f"accepter {reference}")
    assert "administrateur" in answer.text
    assert _only(world).state == Standing.PENDING
    refused = [one for one in world.all(AuditEntry) if one.action == "command.refused"]
    assert [one.facts for one in refused] == [{"act": "accepter"}]
    assert world.change(first_break) is None


def test_a_sealed_message_is_answered_with_what_to_do_and_once(world: World) -> None:
    who = world.stranger()
    said = who.writes("", kind=Kind.SEALED, external_id="sealed:!room:key")
    assert [one.destination for one in said] == [who.conversation]
    assert "écrivez à nouveau" in said[0].text
    assert who.writes("", kind=Kind.SEALED, external_id="sealed:!room:key") == []


TWO = """Bonjour,

Merci d'inscrire nos deux CPAS :
- CPAS de Tintigny : Anne Collard, anne.collard@cpas-tintigny.example, 063 00 11 22
- CPAS de Habay : M. Luc Hanin, luc.hanin@cpas-habay.example, 063 00 11 33

Anne Collard"""


def test_two_institutions_of_one_letter_are_entered_with_one_receipt(world: World) -> None:
    anne = Somebody(world, MAIL, "anne.collard@cpas-tintigny.example")
    said = anne.writes(TWO, subject="Inscription de nos CPAS")
    (receipt,) = anne.got(said)
    assert "deux institutions" in receipt.text
    assert {"I-2026-0001", "I-2026-0002"} <= set(receipt.text.split())
    first, second = to_administrators(said)
    assert "Demandé par" not in first.text
    assert "Demandé par : anne.collard@cpas-tintigny.example" in second.text
    assert {one.name for one in world.all(Institution)} == {"CPAS de Tintigny", "CPAS de Habay"}


def test_of_two_institutions_one_is_already_registered(world: World) -> None:
    world.member("Luc Hanin", "cpas", "85046")
    anne = Somebody(world, MAIL, "anne.collard@cpas-tintigny.example")
    anne.writes(TWO, subject="Inscription de nos CPAS")
    assert [one.name for one in world.all(Institution)].count("CPAS de Habay") == 1
