"""The days a French text names: each mention as an interval of days, some parts still open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from handlers.reading.letters import level
from handlers.reading.spans import Part, around, cut, whole_month


class Lean(Enum):
    """Which way a date without a year leans from the day of reference."""

    NEXT = "next"
    """The next such date, the day itself included: what is planned."""
    LAST = "last"
    """The last such date, the day itself included: what was decided."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a day, a month or a week, as far as the words go.

    ``fixed`` is filled when the words alone (with the day of reference) settle it. Otherwise
    ``day``, ``month`` and ``year`` hold what was said; a ``month`` without ``day`` is the month.
    """

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    part: Part = Part.WHOLE
    fixed: tuple[date, date] | None = None

    @property
    def dated(self) -> bool:
        """Whether it names a month or is settled, so that it needs no other mention."""
        return self.fixed is not None or self.month is not None


MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4,
    "avr": 4, "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9,
    "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
    "januari": 1, "januar": 1, "january": 1, "februari": 2, "februar": 2, "february": 2,
    "maart": 3, "marz": 3, "march": 3, "april": 4, "mei": 5, "may": 5, "juni": 6, "june": 6,
    "juli": 7, "july": 7, "augustus": 8, "august": 8, "september": 9, "oktober": 10,
    "october": 10, "november": 11, "december": 12, "dezember": 12,
}  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20,
    "trente": 30,
}  # fmt: skip

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9]|1er)"
# Beside the name of a month any number is meant as a day, also one that no month has.
_MEANT_DAY = r"(?P<day>\d{1,2}|1er)"
_PART = r"(?P<part>debut|mi|fin|courant|milieu)"
_NOT_A_SHARE = r"(?!\s*(?:temps|tps|etp|tp|equivalent)|[\d/%]|[.,]\d)"
_FORMS = (
    ("iso", rf"{_YEAR}-(?P<m>0\d|1[0-2])-{_DAY}(?!\d)"),
    (
        "numeric",
        (
            rf"(?:{_WEEKDAY},? )?(?P<day>[0-3]?\d)\s?(?P<mark>[/.-])\s?(?P<m>[01]?\d)"
            r"\s?(?P=mark)\s?(?P<year>(?:19|20)\d\d|\d\d)(?![\d/])"
        ),
    ),
    (
        "week_of",
        (
            rf"(?P<span>semaine|week-?\s?end) (?:du|de) (?:{_WEEKDAY} )?"
            rf"{_MEANT_DAY} {_MONTH}(?: {_YEAR})?"
        ),
    ),
    (
        # « les 12, 13 et 14 juin » is a range: what stands between its ends says nothing more.
        "listed",
        (
            rf"{_DAY}(?:,\s?(?:[12]\d|3[01]|0?[1-9])){{1,6}}"
            rf"(?=,? (?:et|&) (?:le )?\d{{1,2}} (?:{'|'.join(MONTHS)})\b)"
        ),
    ),
    (
        "nth",
        (
            r"(?P<nth>premiere|1re|1ere|deuxieme|2e|seconde|2de|troisieme|3e|derniere) "
            rf"(?P<span>semaine|quinzaine) (?:du mois )?(?:de |d')?{_MONTH}(?: {_YEAR})?"
        ),
    ),
    (
        "worded",
        rf"(?:{_WEEKDAY},? (?:le )?)?{_MEANT_DAY}\.? {_MONTH}(?:,? (?:de l'annee )?{_YEAR})?",
    ),
    ("short", rf"(?:{_WEEKDAY},? )?(?P<day>[0-3]?\d)/(?P<m>[01]?\d){_NOT_A_SHARE}"),
    ("part", rf"{_PART}[ -](?:du mois )?(?:de |d'|du mois de |du mois d')?{_MONTH}(?: {_YEAR})?"),
    (
        "part_of",
        (
            r"(?P<part>debut|milieu|fin)(?: |-)(?:du (?P<this>mois)(?: (?P<after>prochain))?"
            r"|de (?P<period>l'annee|la semaine)(?: (?P<following>prochaine))?"
            r"|d'(?P<short_year>annee))"
        ),
    ),
    ("month", rf"{_MONTH}(?: {_YEAR})?"),
    ("next", r"(?P<unit>semaine|mois|annee|an) prochaine?"),
    ("this", r"(?:cette|ce) (?P<unit>semaine|mois)(?:-ci)?"),
    (
        "weeks",
        (
            r"semaines (?:n[°o]s? ?)?(?P<weeks>[1-5]?\d(?:\s?(?:,|-|/|au|a|et|&)\s?[1-5]?\d){1,8})"
            r"(?: (?:de |en )?(?P<year>20\d\d))?"
        ),
    ),
    ("weekend", r"ce week-?\s?end(?:-ci)?"),
    ("week", r"semaine (?:n[°o] ?)?(?P<week>[1-5]?\d)(?: (?:de |en )?(?P<year>20\d\d))?"),
    ("bare", rf"(?:{_WEEKDAY} (?:le )?)?{_DAY}"),
    ("weekday", rf"{_WEEKDAY}(?: (?P<when>prochain|suivant|en huit|dernier|passe))?"),
    (
        "word",
        (
            r"(?P<word>apres-demain|demain|aujourd'hui|hier|avant-hier"
            r"|des (?:a present|maintenant|que possible)|immediatement|tout de suite|sans delai)"
        ),
    ),
)  # fmt: skip
_PATTERNS = [
    (name, re.compile(rf"(?<![\w/.])(?:{form.replace(' ', chr(92) + 's+')})(?![\w])"))
    for name, form in _FORMS
]
# A lone number, or "9/3", is a day only behind a word that announces a day.
_ANNOUNCED = re.compile(
    r"(?:\b(?:le|au|du|van|vom|tot|bis|from|between|and|to|den|am|des le|jusqu'au|jusque|\d et"
    r"|et le|a partir du|jusqu'a|des)|\d ?-) ?$"
)
_DATE_FOLLOWS = re.compile(
    rf"\.?\s?(?:-|au|et|tot|bis|to|and|t/m"
    rf"|et le)\s?(?:(?:{'|'.join(WEEKDAYS)}) )?\d{{1,2}}(?:er|\.)? (?:{'|'.join(MONTHS)})\b"
)
_NOT_BARE = re.compile(
    r"\s*(?:[€%°/]|[.,]?\d|h\b|heures?|euros?|eur\b|agents?|personnes?|jours?|semaines?|mois|ans?"
    r"|annees?|[xk]\b|(?:rue|avenue|place)\b)"
)
_NOT_A_MONTH = {
    "mars",
    "mai",
    "mei",
    "may",
    "march",
    "august",
    "avr",
    "jan",
    "dec",
    "oct",
    "nov",
    "sept",
    "fev",
}
_MONTH_ANNOUNCED = re.compile(
    r"\b(?:en|de|d'|a|et|ou|des|mois d'|mois de|jusqu'en|jusqu'a|depuis|courant|pour|fin"
    r"|a partir de) ?$"
)


_PARTS_SAID = {"week_of", "nth", "listed"}


def find_mentions(text: str, day: date) -> list[Mention]:
    """Every mention of a day, week or month, in order; ``day`` is the day of reference."""
    plain = level(text)
    found: list[Mention] = []
    taken = bytearray(len(plain))
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            if any(taken[match.start() : match.end()]):
                continue
            mention = _mention(name, match, plain, day)
            if mention is not None:
                found.append(mention)
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return sorted(found, key=lambda mention: mention.start)


def _mention(name: str, match: re.Match[str], plain: str, day: date) -> Mention | None:
    before = plain[max(0, match.start() - 24) : match.start()]
    if name in {"bare", "short"} and not _announced(name, match, plain, before):
        return None
    if name == "month" and _only_looks_like_a_month(match, before):
        return None
    groups = {key: value for key, value in match.groupdict().items() if value}
    if name in {"iso", "numeric", "worded", "short", "part", "month", "bare"} | _PARTS_SAID:
        return _said(groups, match.span())
    fixed = _fixed(name, groups, day)
    return None if fixed is None else Mention(match.start(), match.end(), fixed=fixed)


def _announced(name: str, match: re.Match[str], plain: str, before: str) -> bool:
    if name == "short":
        month = int(match["m"])
        if not (1 <= month <= 12 and 1 <= int(match["day"]) <= 31):
            return False
        return match["weekday"] is not None or _ANNOUNCED.search(before) is not None
    if _DATE_FOLLOWS.match(plain, match.end()):
        return True
    announced = match["weekday"] is not None or _ANNOUNCED.search(before) is not None
    return announced and not _NOT_BARE.match(plain, match.end())


def _only_looks_like_a_month(match: re.Match[str], before: str) -> bool:
    """« mars », « mai » and the abbreviations need an announcing word or a year."""
    if match["year"] or match["month"] not in _NOT_A_MONTH:
        return False
    return _MONTH_ANNOUNCED.search(before) is None


def _said(groups: dict[str, str], span: tuple[int, int]) -> Mention | None:
    month = int(groups["m"]) if "m" in groups else MONTHS.get(groups.get("month", ""))
    if month is not None and not 1 <= month <= 12 and len(groups.get("year", "")) != len("2026"):
        return None
    year = int(groups["year"]) if "year" in groups else None
    if year is not None and year < 100:
        year += 2000
    return Mention(
        *span,
        day=int(groups["day"].removesuffix("er")) if "day" in groups else None,
        month=month,
        year=year,
        weekday=WEEKDAYS.index(groups["weekday"]) if "weekday" in groups else None,
        part=_span_of(groups) if "span" in groups else _part(groups.get("part", "")),
    )


_NTH = {
    "premiere": Part.FIRST_WEEK, "1re": Part.FIRST_WEEK, "1ere": Part.FIRST_WEEK,
    "deuxieme": Part.SECOND_WEEK, "2e": Part.SECOND_WEEK, "seconde": Part.SECOND_WEEK,
    "2de": Part.SECOND_WEEK, "troisieme": Part.THIRD_WEEK, "3e": Part.THIRD_WEEK,
    "derniere": Part.LAST_WEEK,
}  # fmt: skip


def _span_of(groups: dict[str, str]) -> Part:
    if "nth" not in groups:
        return Part.WEEK if groups["span"] == "semaine" else Part.WEEKEND
    if groups["span"] == "semaine":
        return _NTH[groups["nth"]]
    return Part.FIRST_HALF if _NTH[groups["nth"]] is Part.FIRST_WEEK else Part.SECOND_HALF


def _part(word: str) -> Part:
    parts = {"debut": Part.START, "mi": Part.MIDDLE, "milieu": Part.MIDDLE, "fin": Part.END}
    return parts.get(word, Part.WHOLE)


def _fixed(name: str, groups: dict[str, str], day: date) -> tuple[date, date] | None:
    match name:
        case "next":
            return _span(groups["unit"], day, ahead=1)
        case "this":
            return _span(groups["unit"], day, ahead=0)
        case "weekend":
            saturday = day + timedelta(days=(5 - day.weekday()) % 7 if day.weekday() < 6 else -1)
            return saturday, saturday + timedelta(days=1)
        case "weeks":
            return _numbered_weeks(groups["weeks"], groups.get("year"), day)
        case "week":
            return _numbered_week(int(groups["week"]), groups.get("year"), day)
        case "weekday":
            return _weekday(WEEKDAYS.index(groups["weekday"]), groups.get("when"), day)
        case "part_of":
            return _part_of(groups, day)
        case _:
            return _word(groups["word"], day)


def _span(unit: str, day: date, ahead: int) -> tuple[date, date]:
    """The week, month or year ``ahead`` of the one that holds ``day``."""
    if unit.endswith("semaine"):
        monday = day + timedelta(days=7 * ahead - day.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "mois":
        year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
        return whole_month(year, month + 1)
    return date(day.year + ahead, 1, 1), date(day.year + ahead, 12, 31)


def _part_of(groups: dict[str, str], day: date) -> tuple[date, date]:
    unit = groups.get("this") or groups.get("period", "annee").removeprefix("la ")
    first, last = _span(unit, day, ahead=int("after" in groups or "following" in groups))
    return cut(first, last, _part(groups["part"]))


def _numbered_week(week: int, year: str | None, day: date) -> tuple[date, date] | None:
    try:
        monday = date.fromisocalendar(int(year) if year else day.year, week, 1)
        if year is None and monday + timedelta(days=6) < day:
            monday = date.fromisocalendar(day.year + 1, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=6)


def _numbered_weeks(weeks: str, year: str | None, day: date) -> tuple[date, date] | None:
    numbers = [int(week) for week in re.findall(r"\d+", weeks)]
    first = _numbered_week(numbers[0], year, day)
    last = _numbered_week(numbers[-1], year, first[0] if first else day)
    return (first[0], last[1]) if first and last else None


def _weekday(weekday: int, when: str | None, day: date) -> tuple[date, date]:
    if when in {"dernier", "passe"}:
        found = day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
    else:
        # « lundi » said on a Monday is the next one.
        found = day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
        found += timedelta(days=7 if when == "en huit" else 0)
    return found, found


def _word(word: str, day: date) -> tuple[date, date]:
    ahead = {"demain": 1, "apres-demain": 2, "hier": -1, "avant-hier": -2}.get(word, 0)
    return (day + timedelta(days=ahead),) * 2


def settle(mention: Mention, day: date, lean: Lean) -> tuple[date, date]:
    """The first and last day of a mention; a year that was not said follows the lean.

    Raises ValueError for a day that does not exist (31 June).
    """
    if mention.fixed is not None:
        return mention.fixed
    candidates = [_interval(candidate) for candidate in _completed(mention, day)]
    real = [interval for interval in candidates if interval is not None]
    if not real:
        raise ValueError("no such day")
    if lean is Lean.LAST:
        return next((spot for spot in reversed(real) if spot[0] <= day), real[0])
    return next((spot for spot in real if spot[1] >= day), real[-1])


def _completed(mention: Mention, day: date) -> Iterator[Mention]:
    """The mention with its year and month filled in, each plausible way, in order of time."""
    if mention.year is not None:
        yield mention
    elif mention.month is not None:
        # Eight years either way reach the next 29 February.
        for year in range(day.year - 8, day.year + 9):
            yield replace(mention, year=year)
    else:
        for index in range(day.year * 12 + day.month - 3, day.year * 12 + day.month + 3):
            yield replace(mention, year=index // 12, month=index % 12 + 1)


def _interval(mention: Mention) -> tuple[date, date] | None:
    year, month = mention.year or 1, mention.month or 1
    if mention.day is None:
        return cut(*whole_month(year, month), mention.part)
    try:
        return around(date(year, month, mention.day), mention.part)
    except ValueError:
        return None


_NO_DAY = re.compile(rf"\b(?:0|00|3[2-9]|[4-9]\d) (?:{'|'.join(sorted(MONTHS, key=len)[::-1])})\b")


def names_no_day(text: str) -> bool:
    """Whether a text names a day that no month has: « le 32 mai »."""
    return _NO_DAY.search(level(text)) is not None
