"""Amounts as people type them: one meaning or a doubt, never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.amounts import (
    Amount,
    Doubt,
    Vat,
    find_amounts,
    possible_cents,
    read_amount,
)

EXACT = {
    "24.000": 2_400_000,
    "24 000": 2_400_000,
    "24000": 2_400_000,
    "24.000,00": 2_400_000,
    "24 000,00": 2_400_000,
    "24000,00": 2_400_000,
    "24000,50": 2_400_050,
    "24 000,50 €": 2_400_050,
    "24 000,50€": 2_400_050,
    "24\u00a0000,50\u00a0€": 2_400_050,
    "24\u202f000\u202f€": 2_400_000,
    "24'000": 2_400_000,
    "24’000,00 €": 2_400_000,
    "€ 24.000": 2_400_000,
    "€24.000": 2_400_000,
    "EUR 24.000": 2_400_000,
    "24.000 EUR": 2_400_000,
    "24.000 eur": 2_400_000,
    "24.000 Euros": 2_400_000,
    "24.000 euro": 2_400_000,
    "1 euro": 100,
    "24.000,- €": 2_400_000,
    "24.000,-": 2_400_000,
    "24.000,--": 2_400_000,
    "24.000,- EUR": 2_400_000,
    "24.000,=": 2_400_000,
    "1.234.567": 123_456_700,
    "1 234 567,89": 123_456_789,
    "1.234.567,89 €": 123_456_789,
    "400.000 €": 40_000_000,
    "400 000": 40_000_000,
    "400000,00": 40_000_000,
    "12,50": 1_250,
    "12,50 €": 1_250,
    "0,99": 99,
    "0,05 €": 5,
    "7": 700,
    "7 €": 700,
    "30.000": 3_000_000,
    "999": 99_900,
    "1.000": 100_000,
    "100.000.000": 10_000_000_000,
    "24.00": 2_400,
    "24000.50": 2_400_050,
    "24,000.50": 2_400_050,
    "24 000.50": 2_400_050,
    "1,234,567.89": 123_456_789,
    "12€50": 1_250,
    "12 € 50": 1_250,
    "24 k€": 2_400_000,
    "24k€": 2_400_000,
    "24,5 k€": 2_450_000,
    "24 kEUR": 2_400_000,
    "24 mille euros": 2_400_000,
    " 24.000 € ": 2_400_000,
    "24.000 eur.": 2_400_000,
    "EUR 24'000.--": 2_400_000,
    "24'000.00": 2_400_000,
    "€ 24.000,–": 2_400_000,
    "24 duizend euro": 2_400_000,
    "24 tausend Euro": 2_400_000,
    "24 thousand euros": 2_400_000,
}

WITH_VAT = {
    "24.000 € HTVA": (2_400_000, Vat.EXCLUDED),
    "24.000 € htva": (2_400_000, Vat.EXCLUDED),
    "24.000 EUR H.T.V.A.": (2_400_000, Vat.EXCLUDED),
    "24.000 € hors TVA": (2_400_000, Vat.EXCLUDED),
    "24.000 hors taxes": (2_400_000, Vat.EXCLUDED),
    "24.000 € HT": (2_400_000, Vat.EXCLUDED),
    "24.000 € (HTVA)": (2_400_000, Vat.EXCLUDED),
    "29.040,00 € TVAC": (2_904_000, Vat.INCLUDED),
    "29.040 tvac": (2_904_000, Vat.INCLUDED),
    "29.040 € T.V.A.C.": (2_904_000, Vat.INCLUDED),
    "29 040 € TTC": (2_904_000, Vat.INCLUDED),
    "29 040 € TVA comprise": (2_904_000, Vat.INCLUDED),
    "29.040 € toutes taxes comprises": (2_904_000, Vat.INCLUDED),
    "24.000€ht": (2_400_000, Vat.EXCLUDED),
    "24.000,00 euros hors T.V.A.": (2_400_000, Vat.EXCLUDED),
    "24.000 € sans TVA": (2_400_000, Vat.EXCLUDED),
    "24.000 € TVA non incluse": (2_400_000, Vat.EXCLUDED),
    "29.040 € tva incluse": (2_904_000, Vat.INCLUDED),
    "24.000 euro excl. btw": (2_400_000, Vat.EXCLUDED),
    "24.000 € exclusief btw": (2_400_000, Vat.EXCLUDED),
    "€ 24.000 (excl. BTW)": (2_400_000, Vat.EXCLUDED),
    "24.000 € zonder btw": (2_400_000, Vat.EXCLUDED),
    "29.040 EUR incl. btw": (2_904_000, Vat.INCLUDED),
    "29.040 € inclusief btw": (2_904_000, Vat.INCLUDED),
    "29.040 euro btw inbegrepen": (2_904_000, Vat.INCLUDED),
    "24.000 € zzgl. MwSt.": (2_400_000, Vat.EXCLUDED),
    "24.000 € ohne MwSt.": (2_400_000, Vat.EXCLUDED),
    "24.000 € exkl. MwSt": (2_400_000, Vat.EXCLUDED),
    "24.000 € netto": (2_400_000, Vat.EXCLUDED),
    "29.040 € inkl. MwSt.": (2_904_000, Vat.INCLUDED),
    "29.040 € einschließlich Mehrwertsteuer": (2_904_000, Vat.INCLUDED),
    "29.040 € brutto": (2_904_000, Vat.INCLUDED),
    "€24,000.00 excl. VAT": (2_400_000, Vat.EXCLUDED),
    "24,000.00 euros ex VAT": (2_400_000, Vat.EXCLUDED),
    "29,040.50 EUR including VAT": (2_904_050, Vat.INCLUDED),
    "29 040 euro VAT included": (2_904_000, Vat.INCLUDED),
}

DOUBTFUL = {
    "24,5": Doubt.AMBIGUOUS,
    "24.5": Doubt.AMBIGUOUS,
    "24,000": Doubt.AMBIGUOUS,
    "24,000 €": Doubt.AMBIGUOUS,
    "24.000,5": Doubt.AMBIGUOUS,
    "24.000.50": Doubt.AMBIGUOUS,
    "24,000,50": Doubt.AMBIGUOUS,
    "2.50.000": Doubt.AMBIGUOUS,
    "24 00": Doubt.AMBIGUOUS,
    "2400.000": Doubt.AMBIGUOUS,
    "24.000 000": Doubt.AMBIGUOUS,
    "24.0000": Doubt.AMBIGUOUS,
    "0.500": Doubt.AMBIGUOUS,
    "024": Doubt.AMBIGUOUS,
    "1,234": Doubt.AMBIGUOUS,
    "12,345,678": Doubt.AMBIGUOUS,
    "€24,000 excl. VAT": Doubt.AMBIGUOUS,
    "24.000 duizend": Doubt.AMBIGUOUS,
    "0": Doubt.NOT_POSITIVE,
    "0,00 €": Doubt.NOT_POSITIVE,
    "-24.000": Doubt.NOT_POSITIVE,
    "€ -24.000": Doubt.NOT_POSITIVE,
    "- 5 €": Doubt.NOT_POSITIVE,
    "": Doubt.NOT_AN_AMOUNT,
    "€": Doubt.NOT_AN_AMOUNT,
    "vingt-quatre mille": Doubt.NOT_AN_AMOUNT,
    "24.000 $": Doubt.NOT_AN_AMOUNT,
    "24.000 par an": Doubt.NOT_AN_AMOUNT,
    "1e3": Doubt.NOT_AN_AMOUNT,
    "24 % ": Doubt.NOT_AN_AMOUNT,
    "1 million d'euros": Doubt.NOT_AN_AMOUNT,
    "24.000 €/an": Doubt.NOT_AN_AMOUNT,
    "24.000 eurosceptiques": Doubt.NOT_AN_AMOUNT,
}


@pytest.mark.parametrize(("typed", "cents"), EXACT.items())
def test_has_one_meaning(typed: str, cents: int) -> None:
    assert read_amount(typed) == Amount(cents)


@pytest.mark.parametrize(("typed", "meant"), WITH_VAT.items())
def test_says_whether_vat_is_in_it(typed: str, meant: tuple[int, Vat]) -> None:
    assert read_amount(typed) == Amount(*meant)


@pytest.mark.parametrize(("typed", "doubt"), DOUBTFUL.items())
def test_is_doubted(typed: str, doubt: Doubt) -> None:
    assert read_amount(typed) is doubt


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("24,000", (2_400_000, 2_400)),
        ("24,5 €", (2_450_000, 2_450)),
        ("24.5", (2_450_000, 2_450)),
        ("€24,000 excl. VAT", (2_400_000, 2_400)),
        ("1,234", (123_400,)),
        ("2.50.000", ()),
        ("24.000", ()),
        ("vingt", ()),
    ],
)
def test_what_it_may_mean_is_offered(typed: str, meant: tuple[int, ...]) -> None:
    assert possible_cents(typed) == meant


@given(st.integers(1, 10**9), st.sampled_from([".", " ", "\u00a0", "\u202f", ""]))
def test_every_belgian_spelling_comes_back(cents: int, mark: str) -> None:
    whole = f"{cents // 100:,}".replace(",", mark)
    assert read_amount(f"{whole},{cents % 100:02d} €") == Amount(cents)


@given(st.text(max_size=30))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(read_amount(text), Amount | Doubt)


@pytest.mark.parametrize(
    ("sentence", "readings"),
    [
        (
            "Soit 19 650 EUR HTVA, TVA 4 126,50 EUR (21%), donc 23 776,50 EUR TVAC pour 4 ans.",
            [
                Amount(1_965_000, Vat.EXCLUDED),
                Amount(412_650),
                Amount(2_377_650, Vat.INCLUDED),
            ],
        ),
        ("Art. 104/742-54, séance du 9/3/2026, tél. 063/21 26 07, 4 agents.", []),
        ("Participation : 12,50 € par semaine.", [Amount(1_250)]),
        ("Le budget est de 24,5 €.", [Doubt.AMBIGUOUS]),
        ("Un crédit de 35.000 € TVAC (21 %).", [Amount(3_500_000, Vat.INCLUDED)]),
        ("1/ e-guichet   8 400 EUR HTVA", [Amount(840_000, Vat.EXCLUDED)]),
        ("Coût : 400.000 €.", [Amount(40_000_000)]),
        ("Prix : 5000 htva", [Amount(500_000, Vat.EXCLUDED)]),
        ("EUR 24.000, payables en 4 fois", [Amount(2_400_000)]),
    ],
)
def test_finds_amounts_in_a_sentence(sentence: str, readings: list[Amount | Doubt]) -> None:
    assert [found.reading for found in find_amounts(sentence)] == readings
