"""What a contract is worth over its whole duration, as the threshold wants it."""

import pytest

from handlers.estimates import estimate
from handlers.reading.amounts import find_amounts


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("un budget de 12.500 € HTVA", 12_500_00),
        ("29.999,99 € HTVA", 29_999_99),
        ("un budget de 35.000 € TVAC (21 %)", 28_925_62),
        ("12.100 € TVAC", 10_000_00),
        ("10.600 € TVAC, TVA 6 %", 10_000_00),
        ("8.000 € HTVA par an pendant 4 ans", 32_000_00),
        ("8.000 € HTVA par an, pour trois ans", 24_000_00),
        ("700 € HTVA par mois pendant 24 mois", 16_800_00),
        ("1.210 € TVAC par mois durant 2 ans", 24_000_00),
        ("5.000 € HTVA par an sur 18 mois", 10_000_00),  # a year begun is owed
        ("entre 10.000 € HTVA et 20.000 € HTVA", 20_000_00),
    ],
)
def test_the_worth_over_the_whole_duration(text: str, cents: int) -> None:
    found = estimate(text, find_amounts(text))
    assert found is not None
    assert found.is_whole
    assert found.net_cents == cents


def test_an_amount_per_year_without_duration_is_not_whole() -> None:
    found = estimate("9.000 € HTVA par an", find_amounts("9.000 € HTVA par an"))
    assert found is not None
    assert not found.is_whole


def test_no_amount_no_estimate() -> None:
    assert estimate("un modèle, s'il vous plaît", []) is None


def test_a_doubtful_amount_is_no_estimate() -> None:
    assert estimate("24,000 €", find_amounts("24,000 €")) is None
