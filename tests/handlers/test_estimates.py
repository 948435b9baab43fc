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
        ("8.000 € excl. btw per jaar gedurende 4 jaar", 32_000_00),
        ("800 € per maand voor twaalf maanden of gedurende 24 maanden", 19_200_00),
        ("8.000 € ohne MwSt. pro Jahr für vier Jahre", 32_000_00),
        ("8.000 € excl. VAT per year for 4 years", 32_000_00),
        ("entre 10.000 € HTVA et 20.000 € HTVA", 20_000_00),
        ("15.000 € + 16.000 € HTVA", 31_000_00),
        ("25.000 € HTVA pour la phase 1 et 20.000 € HTVA pour la phase 2", 45_000_00),
        ("lot 1 : 12.000 € HTVA, lot 2 : 8.000 € HTVA, lot 3 : 11.000 € HTVA", 31_000_00),
        ("deux lots de 20.000 € HTVA", 40_000_00),
        ("3 x 12.000 € HTVA", 36_000_00),
        ("12.000 € HTVA, marché d'un an reconductible 2 fois", 36_000_00),
        ("8.000,00 HTVA, renouvelable 3 fois un an", 32_000_00),
        ("8.000 € HTVA par an, pendant un an, renouvelable trois fois", 32_000_00),
        ("12.100 € TVAC, renouvelable une fois", 20_000_00),
        ("un devis de 12.000 € HTVA et un autre de 14.000 € HTVA", 14_000_00),
    ],
)
def test_the_worth_over_the_whole_duration(text: str, cents: int) -> None:
    found = estimate(text, find_amounts(text))
    assert found is not None
    assert found.is_whole
    assert found.net_cents == cents


@pytest.mark.parametrize(
    "text",
    ["9.000 € HTVA par an", "9.000 € excl. btw per jaar", "9.000 € pro Jahr", "9.000 € a year"],
)
def test_an_amount_per_year_without_duration_is_not_whole(text: str) -> None:
    found = estimate(text, find_amounts(text))
    assert found is not None
    assert not found.is_whole


def test_no_amount_no_estimate() -> None:
    assert estimate("un modèle, s'il vous plaît", []) is None


def test_a_doubtful_amount_is_no_estimate() -> None:
    assert estimate("24,000 €", find_amounts("24,000 €")) is None
