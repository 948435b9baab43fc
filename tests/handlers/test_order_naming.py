"""What is asked of an order by its number alone, as its buyer and as its central."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.order_states import OrderState
from storage.order_steps import OrderStep
from storage.orders import Order
from tests.handlers.conversation import Somebody, World

REFERENCE = "SMART-2026-0001"
ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


def _ordered(shop: World) -> Somebody:
    helene = shop.helene()
    helene.asks(ADHESION)
    helene.answers(helene.asks("commander e-guichet"), "confirmer")
    return helene


def test_its_central_suspends_resumes_and_cancels_it(shop: World) -> None:
    _ordered(shop)
    shop.smart.asks(f"suspendre {REFERENCE}, motif : offre incomplète")
    shop.move_to(shop.clock.now() + timedelta(days=1))
    shop.smart.asks(f"reprendre {REFERENCE}, motif : offre complétée")
    assert shop.all(Order)[0].state == OrderState.SENT
    assert [one.why for one in shop.all(OrderStep)][-2:] == ["offre incomplète", "offre complétée"]
    shop.smart.asks(f"annuler la {REFERENCE}, motif : à la demande de l'acheteur")
    assert shop.all(Order)[0].state == OrderState.CANCELLED


def test_its_buyer_asks_the_central_to_cancel_it(shop: World) -> None:
    told = _ordered(shop).writes(f"annuler notre commande {REFERENCE}, motif : décision retirée")
    assert any("demande l'annulation" in one.text for one in shop.smart.got(told))
    assert shop.all(Order)[0].state == OrderState.SENT


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Je voudrais ajouter une licence à notre commande {it}", "> ajouter une licence"),
        (
            "Pouvez-vous changer l'adresse de facturation dans la commande {it} ? Merci",
            "> changer l'adresse de facturation",
        ),
        ("Serait-il possible de retirer une ligne du bon {it} ?", "> retirer une ligne"),
    ],
)
def test_a_change_asked_in_a_sentence_is_no_other_order(
    shop: World, words: str, asked: str
) -> None:
    told = _ordered(shop).writes(f"Bonjour, {words.format(it=REFERENCE)}", subject="commande")
    assert any(asked in one.text for one in shop.smart.got(told))
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


def test_what_was_spent_is_told(shop: World) -> None:
    helene = _ordered(shop)
    assert "attribué :" not in helene.asks("combien avons-nous déjà dépensé ?").text
    shop.smart.asks(f"attribuer {REFERENCE} à Civadis, 24000 €")
    said = helene.asks("Combien avons-nous déjà dépensé via la centrale ?")
    assert "1 marché attribué : 24.000 € HTVA." in said.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("est-ce que la centrale propose un outil de gestion des cimetières ?", "« gestion des"),
        ("avez-vous un logiciel de comptabilité ?", "« comptabilité »"),
        ("y a-t-il une solution pour les salles ?", "Réservation des salles"),
    ],
)
def test_what_the_catalogue_lacks_is_said(shop: World, words: str, found: str) -> None:
    """What is generic (« gestion », « logiciel », « vous ») finds nothing by itself."""
    said = shop.helene().asks(f"Bonjour, {words}").text
    assert found in said
    assert ("Je ne vois rien" in said) is ("«" in found)
