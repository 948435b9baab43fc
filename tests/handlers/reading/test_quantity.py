"""How many of what is ordered: a number is read or found again, never dropped."""

from __future__ import annotations

import pytest

from handlers.reading.quantity import Wanted, read_changed, read_wanted, stray_number


@pytest.mark.parametrize(
    ("words", "name", "quantity"),
    [
        ("e-guichet", "e-guichet", None),
        ("3 e-guichet", "e-guichet", 3),
        ("3x e-guichet", "e-guichet", 3),
        ("3 x e-guichet", "e-guichet", 3),
        ("3×e-guichet", "e-guichet", 3),
        ("trois e-guichets", "e-guichets", 3),
        ("Trois licences d'e-guichet", "e-guichet", 3),
        ("2 unités de budget participatif", "budget participatif", 2),
        ("e-guichet x3", "e-guichet", 3),
        ("e-guichet x 3", "e-guichet", 3),
        ("e-guichet ×3", "e-guichet", 3),
        ("e-guichet 3x", "e-guichet", 3),
        ("e-guichet (3 licences)", "e-guichet", 3),
        ("e-guichet, quantité : 3", "e-guichet", 3),
        ("e-guichet 3", "e-guichet", 3),
        ("e-guichet fois deux", "e-guichet", 2),
        ("un e-guichet", "e-guichet", 1),
        ("l'e-guichet", "e-guichet", None),
        ("le service hiver", "service hiver", None),
        ("0 e-guichet", "e-guichet", 0),
        ("-3 e-guichet", "-3 e-guichet", None),
        ("1.000 e-guichet", "1.000 e-guichet", None),
        ("2,5 e-guichet", "2,5 e-guichet", None),
        ("3", "3", None),
    ],
)
def test_a_quantity_stands_before_or_behind_the_name(
    words: str, name: str, quantity: int | None
) -> None:
    assert read_wanted(words) == Wanted(name, quantity)


@pytest.mark.parametrize(
    ("words", "known", "number"),
    [
        ("-3 e-guichet", "E-guichet", "-3"),
        ("1.000 e-guichet", "E-guichet", "1.000"),
        ("2,5 e-guichet", "E-guichet", "2,5"),
        ("e-guichet 2.0", "E-guichet 2.0", ""),
        ("e-guichet", "E-guichet", ""),
        ("flag2000", "", ""),
    ],
)
def test_a_number_that_is_no_quantity_is_found(words: str, known: str, number: str) -> None:
    assert stray_number(words, known) == number


@pytest.mark.parametrize(
    ("words", "quantity"),
    [
        ("quantité 3", 3),
        ("changer : quantité : 12", 12),
        ("plutôt deux", 2),
        ("3", 3),
        ("3 licences", 3),
        ("décision du Collège du 9 mars 2026", None),
        ("merci", None),
    ],
)
def test_an_answer_may_change_the_quantity(words: str, quantity: int | None) -> None:
    assert read_changed(words) == quantity
