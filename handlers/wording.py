"""Sentences that are not yet spoken.

A handler writes ``_("Commande {number} envoyée le {day}.", number=…, day=…)``. Nothing is
translated or formatted then: the same sentence may go to a French-speaking room and to a
Dutch-speaking clerk.
:func:`spans` speaks it in one language, with dates, amounts and numbers in that language's form.

The template may hold ``**strong**`` and `` `code` ``. Values are never read as markup, so what a
person typed can neither break nor forge the layout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from config.translations import translations

LOCALES = {"fr": "fr_BE", "nl": "nl_BE", "de": "de_BE", "en": "en_GB"}
ZONE = ZoneInfo("Europe/Brussels")
"""The zone in which an instant is told to people who did not give theirs."""


class Style(Enum):
    """How a stretch of text stands out."""

    PLAIN = "plain"
    STRONG = "strong"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of spoken text in one style."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in euro cents; spoken « 24.000 € », or « 24.000,00 € » when ``exact``."""

    cents: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """A name that somebody gave in each language, by its code; French is always among them."""

    of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Month:
    """A month, and its year if that is known: « janvier 2019 », « avril »."""

    year: int | None
    month: int


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, as numerator over denominator; spoken with one decimal (« 52,3 % »)."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence: its French source, its values, and its plural when it counts something."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1


Value = str | int | Decimal | date | datetime | Money | Month | Names | Percent | Text


def _(template: str, **values: Value) -> Text:
    """Mark a French sentence for translation and give it its values."""
    return Text(template, values)


def n_(singular: str, plural: str, count: int, **values: Value) -> Text:
    """Mark a sentence that counts; ``{count}`` is one of its values."""
    return Text(singular, {"count": count, **values}, plural, count)


_SMALL_NUMBERS = {
    2: _("deux"),
    3: _("trois"),
    4: _("quatre"),
    5: _("cinq"),
    6: _("six"),
    7: _("sept"),
    8: _("huit"),
    9: _("neuf"),
}


def in_words(count: int) -> Text:
    """A small number of things in words, as one says it: « deux »; figures from ten on."""
    return _SMALL_NUMBERS.get(count) or _("{count}", count=count)


def verbatim(words: str) -> Text:
    """A person's own words or a proper name: never translated, never read as markup."""
    return Text("{words}", {"words": words})


_MARKUP = re.compile(r"\*\*(?P<strong>.+?)\*\*|`(?P<code>[^`]+)`", re.DOTALL)
_HOLE = re.compile(r"\{(\w+)\}")


def spans(text: Text, language: str) -> list[Span]:
    """Speak a sentence in a language, as stretches of plain, strong and code text."""
    template = _template(text, language)
    spoken: list[Span] = []
    end = 0
    for match in _MARKUP.finditer(template):
        spoken += _filled(template[end : match.start()], text, Style.PLAIN, language)
        style = Style.STRONG if match["strong"] is not None else Style.CODE
        spoken += _filled(match["strong"] or match["code"], text, style, language)
        end = match.end()
    return _merged(spoken + _filled(template[end:], text, Style.PLAIN, language))


def _merged(spoken: list[Span]) -> list[Span]:
    """Neighbours of one style as one: a code with a value in it is one code."""
    groups = groupby(spoken, key=lambda span: span.style)
    return [Span("".join(span.text for span in group), style) for style, group in groups]


def plain(text: Text, language: str) -> str:
    """Speak a sentence in a language, without any style."""
    return "".join(span.text for span in spans(text, language))


def _template(text: Text, language: str) -> str:
    # gettext answers the empty string with the catalogue's header.
    if not text.template:
        return ""
    catalogue = translations(language)
    if text.plural is None:
        return catalogue.gettext(text.template)
    return catalogue.ngettext(text.template, text.plural, text.count)


def _filled(piece: str, text: Text, style: Style, language: str) -> list[Span]:
    filled: list[Span] = []
    for index, part in enumerate(_HOLE.split(piece)):
        if index % 2 == 0:
            filled += [Span(part, style)] if part else []
        else:
            filled += _spoken(text.values[part], style, language)
    return filled


def _spoken(value: Value, style: Style, language: str) -> list[Span]:
    if not isinstance(value, Text):
        return [Span(speak_value(value, language), style)]
    inner = spans(value, language)
    if style is Style.PLAIN:
        return inner
    return [Span(span.text, style) for span in inner]


def speak_value(value: Value, language: str) -> str:
    """A value as the people of a language write it; amounts always the Belgian way."""
    match value:
        case str():
            return value
        case Text():
            return plain(value, language)
        case Money():
            return _money(value)
        case Names():
            return value.of.get(language) or value.of["fr"]
        case Percent():
            return _percent(value, language)
        case Month():
            first = date(value.year or date.max.year, value.month, 1)
            return format_date(first, "MMMM y" if value.year else "MMMM", LOCALES[language])
        case datetime():
            local = value.astimezone(ZONE)
            return f"{_day(local.date(), language)}, {local:%H:%M}"
        case date():
            return _day(value, language)
        case _:
            # Belgian French groups by points as the amounts do; the CLDR has spaces.
            return str(format_decimal(value, locale=LOCALES[language])).replace("\u202f", ".")


def since(partial: str) -> Text:
    """A date as precise as it is known, within « ouverte … »: « en avril 2019 », « en avril ».

    ``partial`` is YYYY, YYYY-MM, YYYY-MM-DD, or --MM for a month of an unknown year; what is not
    known is not invented (acceptance A04, B04).
    """
    if partial.startswith("--"):
        return _("en {month}", month=Month(None, int(partial[2:4])))
    match [int(part) for part in partial.split("-")]:
        case [year]:
            return _("en {year}", year=str(year))
        case [year, month]:
            return _("en {month}", month=Month(year, month))
        case [year, month, day]:
            return _("le {day}", day=date(year, month, day))
    raise ValueError(f"not a date: {partial}")


def _day(day: date, language: str) -> str:
    pattern = "EEEE, d. MMMM y" if language == "de" else "EEEE d MMMM y"
    spoken = format_date(day, pattern, LOCALES[language])
    # French says « 1er mars », which the CLDR patterns do not know.
    return spoken.replace(" 1 ", " 1er ", 1) if language == "fr" and day.day == 1 else spoken


def _money(money: Money) -> str:
    euros, cents = divmod(abs(money.cents), 100)
    sign = "-" if money.cents < 0 else ""
    whole = f"{euros:,}".replace(",", ".")
    decimals = f",{cents:02d}" if cents or money.exact else ""
    return f"{sign}{whole}{decimals}\u00a0€"


def _percent(share: Percent, language: str) -> str:
    tenths = round(1000 * share.part / share.whole) if share.whole else 0
    number = format_decimal(Decimal(tenths) / 10, format="0.0", locale=LOCALES[language])
    return f"{number}\u00a0%"
