"""How many persons or things an answer, or its acceptance, speaks of."""

from __future__ import annotations

import pytest

from handlers.reading.lent_numbers import number_before, told_number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("nous pouvons en prêter une", 1),
        ("Nous en avons deux de 4x8", 2),
        ("on peut en prêter 2", 2),
        ("Nous pouvons en prêter une dizaine", 10),
        ("Trois grandes tentes sont libres", 3),
        ("3x tente pliante", 3),
        ("finalement une seule", 1),
        ("Nous pouvons prêter 3 tentes, finalement deux", 2),
        ("des tentes de 4x8", 0),
        ("du 4 au 8 mai", 0),
        ("pendant 2 jours, à partir du 12", 0),
        ("nous sommes 4 ouvriers pour le montage", 0),
        ("nombre : 12", 12),
        ("vijf stuks", 5),
    ],
)
def test_things(said: str, number: int) -> None:
    assert told_number(said, staff=False, things={"tente"}) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("Nous pouvons détacher deux ouvriers", 2),
        ("nous pouvons en libérer un à mi-temps", 1),
        ("un agent, 3 jours par semaine", 1),
        ("nous avons aussi 4 tentes", 0),
    ],
)
def test_persons(said: str, number: int) -> None:
    assert told_number(said, staff=True) == number


@pytest.mark.parametrize(
    ("said", "name", "number"),
    [
        ("2 de Rouvroy et 1 de Tintigny", "Rouvroy", 2),
        ("2 de Rouvroy et 1 de Tintigny", "Tintigny", 1),
        ("3 tentes du CPAS de Rouvroy et 2 tentes d'Etalle", "Rouvroy", 3),
        ("3 tentes du CPAS de Rouvroy et 2 tentes d'Etalle", "Etalle", 2),
        ("deux grandes tentes de Rouvroy et deux de Etalle", "Etalle", 2),
        ("2 CPAS de Rouvroy et 1 Commune de Tintigny", "Commune de Tintigny", 1),
        ("du 4 au 8 mai Rouvroy", "Rouvroy", 0),
        ("Rouvroy et Etalle", "Etalle", 0),
    ],
)
def test_the_number_before_a_name(said: str, name: str, number: int) -> None:
    assert number_before(said, said.index(name)) == number
