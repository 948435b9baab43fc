"""What an answer to an order tells of addresses and persons, with or without colons."""

from __future__ import annotations

import pytest

from handlers.reading.order_details import read_details

TOLD = (
    "décision du Collège du 9 mars 2026, article 104/742-53, livraison à la Maison communale rue"
    " Haute 1 6750 Musson, facture au Receveur, contact Ida Roland 063 12 34 56, BCE 0207.379.169"
)


def test_every_fact_of_one_sentence_is_read() -> None:
    read = read_details(TOLD, answer=True)
    assert read.delivery == "la Maison communale rue Haute 1 6750 Musson"
    assert read.billing == "Receveur"
    assert read.contact == "Ida Roland 063 12 34 56"
    assert read.budget_article == "104/742-53"
    assert read.enterprise is not None


@pytest.mark.parametrize(
    ("words", "name", "told"),
    [
        ("livraison : Rue Haute 1, 6750 Musson", "delivery", "Rue Haute 1, 6750 Musson"),
        ("Merci de livrer à l'école, rue du Bois 3", "delivery", "l'école, rue du Bois 3"),
        ("à livrer chez le receveur", "delivery", "chez le receveur"),
        ("leveren aan het gemeentehuis", "delivery", "het gemeentehuis"),
        ("La facture à la recette, rue Haute 1", "billing", "la recette, rue Haute 1"),
        ("facturation au CPAS et contact Ida Roland", "billing", "CPAS"),
        ("la personne de contact est Ida Roland.", "contact", "Ida Roland"),
        ("quantité 3", "contact", ""),
        ("La livraison est prévue quand ?", "delivery", ""),
        ("quand recevrons-nous la facture ?", "billing", ""),
    ],
)
def test_a_fact_is_read_with_or_without_its_colon(words: str, name: str, told: str) -> None:
    assert getattr(read_details(words, answer=True), name) == told


def test_a_letter_of_its_own_needs_the_colon() -> None:
    assert read_details(TOLD).delivery == ""
