"""What is asked of an order by its number alone, as its buyer and as its central."""

from __future__ import annotations

from datetime import timedelta

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
