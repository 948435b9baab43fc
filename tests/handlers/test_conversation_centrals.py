"""Asking about the centrals, and asking again for what is there already."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.orders import Order
from storage.purchasing import Adhesion
from tests.handlers.conversation import World

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


@pytest.mark.parametrize("words", ["interlocuteur Smart", "contact centrale Smart"])
def test_the_contact_of_a_central_is_told(shop: World, words: str) -> None:
    told = shop.stranger().asks(words)
    assert "(at)" in told.text
    assert shop.camille.got() == []


def test_an_unknown_central_has_no_contact(shop: World) -> None:
    assert "Smart" in shop.stranger().asks("interlocuteur Papeterie").text


def test_who_joined_is_listed_by_place_for_anybody(shop: World) -> None:
    for name, code in (("Zoé Tot", "85026"), ("Yves Lot", "83013"), ("Xena Pot", "81001")):
        shop.member(name, "commune", code).asks(ADHESION)
    listed = shop.stranger().asks("quelles communes ont adhéré à la centrale Smart ?").text
    places = ["Commune d'Arlon", "Commune d'Erezée", "Commune de Musson"]
    assert [listed.index(place) for place in places] == sorted(map(listed.index, places))
    assert "@" not in listed.split("--")[0]


def test_joining_again_without_a_decision_tells_the_state(shop: World) -> None:
    helene = shop.helene()
    helene.asks(ADHESION)
    again = helene.asks("adhérer Smart")
    assert "déjà" in again.text
    assert "24 mars 2026" in again.text
    assert shop.count(Adhesion) == 1


def test_registering_again_tells_the_state(shop: World) -> None:
    helene = shop.helene()
    for words in ("inscrire", "inscrire Commune de Musson"):
        assert "déjà active" in helene.asks(words).text
    asked = shop.stranger().asks("inscrire").text
    assert "il me manque" in asked or "Quelle institution" in asked


def test_an_amount_in_an_order_is_not_passed_over(shop: World) -> None:
    helene = shop.helene()
    helene.asks(ADHESION)
    assert "sans montant" in helene.asks("commander e-guichet pour 24.000 € HTVA").text
    assert shop.count(Order) == 0


@pytest.mark.parametrize(
    ("asked", "day", "joined"),
    [
        ("statistiques", "25 mars 2026", "1 sur 43"),
        ("statistiques au 24/03/2026", "24 mars 2026", "1 sur 43"),
        ("statistiques au 31/12/2019", "31 décembre 2019", "0 sur 44"),
    ],
)
def test_figures_hold_for_the_day_that_is_asked(
    shop: World, asked: str, day: str, joined: str
) -> None:
    shop.helene().asks(ADHESION)
    shop.clock.move(timedelta(days=1))
    told = shop.stranger().asks(asked).text
    assert day in told
    assert joined in told
