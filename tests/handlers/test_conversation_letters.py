"""What letters set going: held back, confirmed, done on the day, on both channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.announcements import Announcement, Stage
from storage.members import Institution, Person, Standing
from storage.order_states import OrderState
from storage.orders import Order
from tests.handlers.conversation import MAIL, World, in_members_room

OFFER = (
    "Bonjour, la commune de Musson peut prêter un broyeur de branches du 18 au 22 mai 2026."
    " Merci de nous répondre."
)
LIMITED = (
    "Bonjour, nous pouvons prêter un broyeur de branches du 18 au 22 mai 2026, uniquement aux CPAS."
)


def test_a_clear_letter_leaves_after_its_pause(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    receipt = helene.asks(OFFER)
    assert "24 mars 2026" in receipt.text
    assert not bruno.got()
    said = world.move_to(world.clock.now() + timedelta(minutes=16))
    assert len(in_members_room(said)) == 1
    assert len(bruno.got(said)) == 1
    assert any("A-2026-0001" in one.text for one in helene.got(said))
    assert not world.move_to(world.clock.now() + timedelta(days=1))


@pytest.mark.parametrize("greeting", ["Salut", "Coucou tout le monde", "Hello", "Bonjour à tous"])
def test_a_greeting_is_no_command(world: World, greeting: str) -> None:
    """« salut » alone asks for the help; before an offer it greets."""
    told = world.helene().asks(f"{greeting},\n{OFFER.removeprefix('Bonjour, ')}", subject="Broyeur")
    assert "24 mars 2026" in told.text


def test_its_author_holds_it_back(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    receipt = helene.asks(OFFER)
    helene.reacts(receipt, "❌")
    world.move_to(world.clock.now() + timedelta(hours=1))
    assert not bruno.got()
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.WITHDRAWN]


def test_its_author_sends_it_at_once_and_it_leaves_once(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.reacts(helene.asks(OFFER), "✅")
    world.move_to(world.clock.now() + timedelta(hours=1))
    assert len(bruno.got()) == 1


def test_a_limited_offer_reaches_those_for_whom_it_is_and_nobody_else(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    other = world.member("Paul Noël", "commune", "84068", channel=MAIL)
    shown = helene.asks(LIMITED)
    said = helene.reacts(shown, "✅")
    assert len(bruno.got(said)) == 1
    assert not other.got(said)
    assert not in_members_room(said)
    assert "ne s'adresse pas" in other.asks("répondre A-1 nous le prenons").text
    assert "A-2026-0001" not in other.asks("annonces").text
    assert "A-2026-0001" in bruno.asks("annonces").text


DEPUTY = (
    "Bonjour,\n\nJe serai absente du 6 au 24 avril 2026. Pendant mon absence, mon collègue Igor"
    " Lambert (igor.lambert@musson.example) pourra publier et confirmer à ma place.\n\n"
    "Hélène Lambiotte"
)


def test_a_deputy_acts_on_the_days_that_were_said_and_on_no_other(world: World) -> None:
    helene = world.helene()
    helene.at_mail().asks(DEPUTY, subject="absence")
    igor = world.stranger("igor")
    igor = type(igor)(world, MAIL, "igor.lambert@musson.example")
    answers = []
    for day in (5, 6, 24, 25):
        world.move_to(datetime(2026, 4, day, 10, 0, tzinfo=UTC))
        answers.append("Aucune annonce" in igor.asks("annonces").text)
    assert answers == [False, True, True, False]
    assert [person.active for person in world.all(Person)] == [True, True]


def test_a_deputy_does_not_leave_in_the_name_of_the_institution(world: World) -> None:
    world.helene().at_mail().asks(DEPUTY, subject="absence")
    world.move_to(datetime(2026, 4, 10, 10, 0, tzinfo=UTC))
    igor = type(world.stranger())(world, MAIL, "igor.lambert@musson.example")
    assert "personne désignée" in igor.asks("désinscrire").text
    assert [one.state for one in world.all(Institution)] == [Standing.ACTIVE]


def test_an_institution_leaves_on_the_day_that_it_said(world: World) -> None:
    bruno = world.bruno()
    shown = bruno.asks(
        "Madame, Monsieur,\n\nLe CPAS de Rouvroy souhaite se désinscrire de la plateforme au 30"
        " juin 2026.\n\nBruno Wéry",
        subject="désinscription",
    )
    assert "30 juin 2026" in bruno.replies(shown, "oui").text
    world.move_to(datetime(2026, 6, 29, 12, 0, tzinfo=UTC))
    assert world.all(Institution)[0].state == Standing.ACTIVE
    said = world.move_to(datetime(2026, 6, 30, 12, 0, tzinfo=UTC))
    assert world.all(Institution)[0].state == Standing.LEFT
    assert len(bruno.got(said)) == 1


CHANGE = (
    "Bonjour,\n\nMerci de remplacer Hélène Lambiotte comme utilisatrice de la commune de Musson"
    " par Mme Ida Roland (ida.roland@musson.example).\n\nLe Directeur général"
)


def test_the_present_user_confirms_who_comes_after(world: World) -> None:
    helene = world.helene().at_mail()
    stranger = type(helene)(world, MAIL, "dg@musson.example")
    said = stranger.writes(CHANGE, subject="utilisatrice")
    assert [person.name for person in world.all(Person) if person.active] == ["Hélène Lambiotte"]
    (asked,) = helene.got(said)
    helene.replies(asked, "oui")
    assert [person.name for person in world.all(Person) if person.active] == ["Ida Roland"]


def test_a_stranger_confirms_nothing_in_the_user_s_name(world: World) -> None:
    helene = world.helene().at_mail()
    stranger = type(helene)(world, MAIL, "dg@musson.example")
    said = stranger.writes(CHANGE, subject="utilisatrice")
    (asked,) = helene.got(said)
    stranger.answers(asked, "oui")
    assert [person.name for person in world.all(Person) if person.active] == ["Hélène Lambiotte"]


def test_an_order_that_does_not_add_up_is_asked_about_and_then_shown(shop: World) -> None:
    helene = shop.helene().at_mail()
    helene.asks("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    asked = helene.asks(
        "Bonjour,\n\nNous passons commande de l'e-guichet, 1.000 € HTVA.\nDécision du Collège du 9"
        " mars 2026.\n\nHélène Lambiotte",
        subject="commande",
    )
    assert "1.000,00 €" in asked.text
    assert not shop.all(Order)
    shown = helene.replies(asked, "e-guichet : 24.000 € HTVA, en effet.")
    assert "29.040,00" in shown.text
    assert [order.state for order in shop.all(Order)] == [OrderState.DRAFT]
    helene.replies(shown, "oui, je confirme")
    assert [order.state for order in shop.all(Order)] == [OrderState.SENT]


def test_a_yes_in_a_new_mail_sends_no_order(shop: World) -> None:
    helene = shop.helene().at_mail()
    helene.asks("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    helene.asks("commander e-guichet")
    assert "au message même" in helene.asks("oui").text
    assert [order.state for order in shop.all(Order)] == [OrderState.DRAFT]


SUCCESSOR = (
    "Bonjour,\n\nJe pars à la pension le 1er mai 2026. À partir de cette date, c'est Mme Ida"
    " Pirotte (ida.pirotte@musson.example) qui me remplace comme utilisatrice de la plateforme.\n\n"
    "Hélène Lambiotte"
)


def acting(world: World) -> list[str]:
    return [person.name for person in world.all(Person) if person.active]


def test_another_user_acts_from_the_day_that_was_said(world: World) -> None:
    noted = world.helene().at_mail().asks(SUCCESSOR, subject="je m'en vais")
    assert "1er mai 2026" in noted.text
    world.move_to(datetime(2026, 4, 30, 12, 0, tzinfo=UTC))
    assert acting(world) == ["Hélène Lambiotte"]
    world.move_to(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))
    assert acting(world) == ["Ida Pirotte"]


def test_a_change_to_come_can_be_given_up(world: World) -> None:
    helene = world.helene().at_mail()
    noted = helene.asks(SUCCESSOR, subject="je m'en vais")
    assert "Rien ne change" in helene.replies(noted, "annuler").text
    world.move_to(datetime(2026, 5, 2, 12, 0, tzinfo=UTC))
    assert acting(world) == ["Hélène Lambiotte"]


def test_a_change_to_come_that_is_confirmed_waits_for_its_day(world: World) -> None:
    helene = world.helene().at_mail()
    helene.replies(helene.asks(SUCCESSOR, subject="je m'en vais"), "oui")
    assert acting(world) == ["Hélène Lambiotte"]
    world.move_to(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))
    assert acting(world) == ["Ida Pirotte"]
