"""Leaving the platform with something still open, and what is counted afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from storage import purchasing
from storage.announcements import Announcement, Stage
from storage.order_states import OrderState
from storage.orders import Order
from tests.handlers.conversation import Somebody, World, in_members_room, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, which has an order, a contract and an announcement open."""
    helene = shop.helene()
    helene.asks(ADHESION)
    for what in ("e-guichet", "budget participatif"):
        helene.answers(helene.asks(f"commander {what}"), "oui")
    shop.smart.asks("attribuer SMART-2026-0002")
    posted = helene.asks("demande une camionnette du 4 au 8 mai 2026 à tous")
    helene.answers(posted, "oui")
    return helene


def test_what_is_open_is_shown_before_and_told_after(shop: World, helene: Somebody) -> None:
    asked = helene.asks("désinscrire")
    for open_ in ("SMART-2026-0001", "SMART-2026-0002", "A-2026-0001", "contrat jusqu'au"):
        assert open_ in asked.text
    assert [one.stage for one in shop.all(Announcement)] == [Stage.OPEN]
    said = helene.answers(asked, "oui")
    (told,) = shop.smart.got(said)
    assert "La commune de Musson quitte la plateforme" in told.text
    assert "SMART-2026-0001" in told.text
    (admins,) = to_administrators(said)
    assert "SMART-2026-0002" in admins.text
    assert [one.stage for one in shop.all(Announcement)] == [Stage.WITHDRAWN]


def test_those_who_wait_for_an_announcement_are_told_where_it_stands(
    shop: World, helene: Somebody
) -> None:
    bruno = shop.bruno()
    bruno.asks("répondre A-1 nous avons une camionnette")
    said = helene.answers(helene.asks("désinscrire"), "oui")
    (told,) = bruno.got(said)
    assert "La commune de Musson quitte la plateforme" in told.text
    assert "A-2026-0001" in told.text
    (shown,) = [one for one in in_members_room(said) if one.action == "message"]
    assert shown.text == told.text.removeprefix("Bonjour Bruno Wéry, ").partition(" -- ")[0]
    assert not any("retirée" in one.text for one in helene.got(said))


def test_who_left_reads_no_conversation_any_more(shop: World, helene: Somebody) -> None:
    lea = shop.member("Léa Collin", "commune", "85047")
    bruno = shop.bruno()
    bruno.answers(bruno.asks("demande une tronçonneuse du 4 au 8 mai 2026 à tous"), "oui")
    helene.asks("répondre A-2 nous en avons une")
    helene.answers(helene.asks("désinscrire"), "oui")
    said = lea.writes("répondre A-2 nous aussi")
    assert bruno.got(said)
    assert not helene.got(said)


def test_who_stays_changes_nothing(shop: World, helene: Somebody) -> None:
    said = helene.answers(helene.asks("désinscrire"), "non")
    assert shop.smart.got(said) == []
    assert [one.stage for one in shop.all(Announcement)] == [Stage.OPEN]


def test_nothing_open_is_not_spoken_of(shop: World) -> None:
    bruno = shop.bruno()
    assert "en cours" not in bruno.asks("désinscrire").text


def test_figures_no_longer_count_who_left_but_keep_the_past(shop: World, helene: Somebody) -> None:
    assert "1 sur 43" in shop.stranger().asks("statistiques").text
    yesterday = shop.clock.now().date()
    shop.clock.move(timedelta(days=1))
    helene.answers(helene.asks("désinscrire"), "oui")
    after = shop.stranger().asks("statistiques").text
    assert "0 sur 43" in after
    assert "6.000 €" in after
    assert shop.change(lambda s: purchasing.count_adhesions(s, yesterday, "commune")) == 1


def test_who_left_hears_nothing_more_of_orders(shop: World, helene: Somebody) -> None:
    draft = helene.asks("commander service hiver")
    helene.answers(helene.asks("désinscrire"), "oui")
    states = {one.id: one.state for one in shop.all(Order)}
    assert sorted(states.values()) == [OrderState.AWARDED, OrderState.DROPPED, OrderState.SENT]
    said = helene.answers(draft, "oui")
    assert OrderState.SENT not in [one.state for one in shop.all(Order) if one.id == max(states)]
    said = shop.smart.writes("attribuer SMART-2026-0001")
    assert helene.got(said) == []
    assert helene.got(shop.move_to(datetime(2030, 3, 1, 8, tzinfo=UTC))) == []
    assert shop.clock.now().date() > date(2030, 1, 1)
