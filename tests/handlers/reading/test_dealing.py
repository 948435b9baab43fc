"""What a person sells or seeks for themselves is told from what an authority shares."""

from __future__ import annotations

import pytest

from handlers.reading.dealing import is_private
from handlers.reading.letter import open_letter


@pytest.mark.parametrize(
    "text",
    [
        "Ma tante vend sa vieille armoire, 80 €.",
        "Mon fils cherche un kot à Liège.",
        "Une de mes collègues loue son garage à Neufchâteau.",
        "Je vends ma moto, 12.000 km.",
        "Chiots à donner, 8 semaines.",
        "Appartement deux chambres à louer à Bastogne.",
        "Vente privée : salon en cuir, à ceder.",
        "Mijn broer verkoopt zijn aanhangwagen.",
        "My brother is selling his trailer.",
    ],
)
def test_private_dealings(text: str) -> None:
    assert is_private(open_letter("", text))


@pytest.mark.parametrize(
    "text",
    [
        "La commune vend son ancien bus scolaire.",
        "Nous vendons deux tondeuses déclassées par le Collège.",
        "Le CPAS cherche un appartement de transit à louer.",
        "Notre commune prête son chapiteau.",
        "Ma collègue du service travaux vous appellera pour la benne que nous prêtons.",
        "Nous cherchons un agent.",
    ],
)
def test_what_authorities_share(text: str) -> None:
    assert not is_private(open_letter("", text))
