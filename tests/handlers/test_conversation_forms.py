"""Forms: one question at a time in a chat, exactly what is missing in one mail."""

from __future__ import annotations

import pytest

from storage.announcements import Announcement
from storage.orders import Order
from storage.purchasing import Adhesion
from tests.handlers.conversation import (
    MAIL,
    Said,
    Somebody,
    World,
)

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, where the catalogue is loaded."""
    return shop.helene()


def told(somebody: Somebody, *words: str) -> Said:
    """Several things said one after the other; the answer to the last."""
    said = [somebody.asks(word) for word in words]
    return said[-1]


def test_joining_asks_for_what_is_missing(shop: World, helene: Somebody) -> None:
    asked = helene.asks("adhérer Smart")
    if helene.channel == MAIL:
        assert "date de la décision" in asked.text
        assert "référence de la décision" in asked.text
        done = helene.replies(asked, "décision du Collège du 9 mars 2026, réf. 1")
    else:
        assert "référence" not in asked.text
        done = told(helene, "le 9 mars 2026", "réf. 1")
    assert "enregistrée" in done.text
    (adhesion,) = shop.all(Adhesion)
    assert adhesion.decision == "1"


def test_an_order_is_drafted_by_a_form(shop: World, helene: Somebody) -> None:
    helene.asks(ADHESION)
    asked = helene.asks("commander")
    if helene.channel == MAIL:
        assert "la quantité" in asked.text
        draft = helene.replies(asked, "1. e-guichet\n2. 3")
    else:
        asked = told(helene, "e-guichet", "3", "Collège du 16 mars 2026, réf. 2026/131")
        assert "numéro d'entreprise" in asked.text
        assert "n'existe pas" in helene.asks("0207.379.113").text
        draft = told(
            helene,
            "BE 0207.379.169",
            "article 104/742-53 ; livraison : Rue Haute 1, 6750 Musson ; contact : Ida Roland",
        )
        facts = ("2026/131", "0207.379.169", "104/742-53", "Rue Haute 1, 6750 Musson", "Ida Roland")
        for fact in facts:
            assert fact in draft.text
    assert "72.000,00 €" in draft.text
    assert shop.count(Order) == 1


def test_an_announcement_is_drafted_by_a_form(shop: World, helene: Somebody) -> None:
    asked = helene.asks("demande")
    if helene.channel == MAIL:
        draft = helene.replies(asked, "un agent pour le service population")
    else:
        draft = told(
            helene,
            "un agent pour le service population",
            "du 4 au 29 mai 2026",
            "service débordé",
            "Musson, maison communale",
            "1",
            "passer",
            "les communes dans un rayon de 10 km",
        )
        for fact in (
            "4 mai 2026",
            "débordé",
            "maison communale",
            "Seules la verront",
            "Commune de Virton",
        ):
            assert fact in draft.text
    assert "service population" in draft.text
    (kept,) = shop.all(Announcement)
    assert (kept.audience == []) == (helene.channel == MAIL)
    assert "publiée" in helene.replies(draft, "oui").text
