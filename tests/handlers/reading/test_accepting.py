"""Whether an author takes up an answer, said in many ways; and what is no acceptance."""

from __future__ import annotations

import pytest

from handlers.reading.accepting import Taken, takes_all, takes_up

PLAINLY = [
    "Nous acceptons votre offre",
    "je prends l'offre d'Etalle",
    "Ok pour l'offre de Rouvroy",
    "Nous acceptons les deux offres",
    "C'est d'accord pour une du 8 au 12 juin",
    "Je vous remercie, nous acceptons",
    "nous acceptons avec plaisir la proposition d'Etalle",
    "J'accepte",
    "D'accord pour celle de Rouvroy, merci",
    "Votre offre nous convient parfaitement.",
    "Marché conclu !",
    "We accept your offer",
]
BY_THE_WAY = ["d'accord", "Ok, merci", "Parfait !", "Ça nous convient"]
NO = [
    "Nous acceptons si la tente est blanche",
    "Acceptez-vous de la livrer ?",
    "Nous n'acceptons pas cette offre",
    "Nous prenons contact avec vous demain",
    "Parfait, à quelle heure venez-vous ?",
    "Merci, mais ce n'est pas possible",
    "Ok, le montage commence à 8 heures et il faut prévoir quatre personnes sur place",
]


@pytest.mark.parametrize("words", PLAINLY)
def test_plainly(words: str) -> None:
    assert takes_up(words) is Taken.PLAINLY


@pytest.mark.parametrize("words", BY_THE_WAY)
def test_by_the_way(words: str) -> None:
    assert takes_up(words) is Taken.BY_THE_WAY


@pytest.mark.parametrize("words", NO)
def test_no_acceptance(words: str) -> None:
    assert takes_up(words) is None


@pytest.mark.parametrize(
    ("words", "every"),
    [
        ("nous acceptons les deux offres", 2),
        ("merci, nous prenons toutes les propositions", 0),
        ("nous acceptons l'offre de Rouvroy", None),
    ],
)
def test_all_of_them(words: str, every: int | None) -> None:
    assert takes_all(words) == every
