"""Sentences as they are spoken: dates, amounts, plurals; values are never markup."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wording import (
    Money,
    Month,
    Percent,
    Span,
    Style,
    Text,
    Value,
    _,
    n_,
    plain,
    spans,
    speak_value,
    verbatim,
)


def _said(value: Value, language: str = "fr") -> str:
    """Spoken, with plain spaces."""
    return " ".join(speak_value(value, language).split())


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        (date(2026, 3, 24), "mardi 24 mars 2026"),
        (date(2026, 4, 1), "mercredi 1er avril 2026"),
        (date(2026, 3, 11), "mercredi 11 mars 2026"),
        (date(2026, 8, 31), "lundi 31 août 2026"),
        (Month(2019, 1), "janvier 2019"),
        (Month(2019, 8), "août 2019"),
        # The instant is told as the clock on the wall shows it, also in summer.
        (datetime(2026, 3, 24, 23, 30, tzinfo=UTC), "mercredi 25 mars 2026, 00:30"),
        (datetime(2026, 7, 1, 6, 5, tzinfo=UTC), "mercredi 1er juillet 2026, 08:05"),
        (Money(2_400_000), "24.000 €"),
        (Money(2_400_000, exact=True), "24.000,00 €"),
        (Money(2_400_050), "24.000,50 €"),
        (Money(5), "0,05 €"),
        (Money(0), "0 €"),
        (Money(0, exact=True), "0,00 €"),
        (Money(-123_456), "-1.234,56 €"),
        (Money(123_456_789_00), "123.456.789 €"),
        (Percent(23, 44), "52,3 %"),
        (Percent(1, 1), "100,0 %"),
        (Percent(0, 0), "0,0 %"),
        (12_345, "12.345"),
        (Decimal("1.5"), "1,5"),
        ("tel quel", "tel quel"),
    ],
)
def test_values_in_french(value: Value, spoken: str) -> None:
    assert _said(value) == spoken


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("nl", "woensdag 1 april 2026"),
        ("de", "Mittwoch, 1. April 2026"),
        ("en", "Wednesday 1 April 2026"),
    ],
)
def test_dates_in_other_languages(language: str, spoken: str) -> None:
    said = _said(date(2026, 4, 1), language)
    assert said.replace(",", "").replace(".", "") == spoken.replace(",", "").replace(".", "")
    assert _said(Money(2_400_000), language) == "24.000 €"


@pytest.mark.parametrize(
    ("count", "spoken"), [(0, "0 commune"), (1, "1 commune"), (2, "2 communes")]
)
def test_plurals(count: int, spoken: str) -> None:
    assert plain(n_("{count} commune", "{count} communes", count), "fr") == spoken


def test_markup_of_the_template() -> None:
    text = _("Le **{day}**, écrivez `lier {code}` !", day=date(2026, 4, 1), code="A-1")
    assert spans(text, "fr") == [
        Span("Le "),
        Span("mercredi 1er avril 2026", Style.STRONG),
        Span(", écrivez "),
        Span("lier A-1", Style.CODE),
        Span(" !"),
    ]


@pytest.mark.parametrize("forged", ["**fort**", "`code`", "{day}", "{", "}{", "%s", "{0}", "**"])
def test_a_value_is_never_markup(forged: str) -> None:
    text = _("Vous écrivez {words}.", words=forged)
    assert spans(text, "fr") == [Span(f"Vous écrivez {forged}.")]
    assert spans(verbatim(forged), "fr") == [Span(forged)]
    strong = _("Vous écrivez **{words}**.", words=forged)
    assert Span(forged, Style.STRONG) in spans(strong, "fr")


@given(st.text())
def test_whatever_people_write_is_shown_as_it_is(words: str) -> None:
    assert plain(verbatim(words), "fr") == words


def test_a_sentence_within_a_sentence_keeps_its_style_where_the_outer_has_none() -> None:
    inner = _("la **commune** de Musson")
    assert Span("commune", Style.STRONG) in spans(_("Pour {who}.", who=inner), "fr")
    outer = spans(_("Pour **{who}**.", who=inner), "fr")
    assert outer == [Span("Pour "), Span("la commune de Musson", Style.STRONG), Span(".")]


def test_nothing_is_nothing() -> None:
    assert plain(Text(""), "fr") == ""


def test_a_value_that_is_missing_is_a_fault() -> None:
    with pytest.raises(KeyError):
        plain(_("Le {day}"), "fr")
