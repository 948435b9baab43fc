"""What a contract is worth over its whole duration, excluding VAT, from what people write of it.

The low-value threshold is compared with this (acceptance B11): amounts including VAT are
converted, yearly and monthly ones multiplied, and the computation is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from handlers.reading.amounts import Amount, FoundAmount, Vat
from handlers.reading.letters import level

USUAL_RATE = 2_100
"""The VAT rate, in basis points, where nobody names one."""

_RATE = re.compile(r"\b(6|12|21)\s?%")
_PERIODIC = re.compile(
    r"^(?:[^.;\n]|\b(?:excl|incl|exkl|inkl|zzgl|mwst)\.){0,25}?\b"
    r"(?:(?P<year>par an(?:nee)?|l'an|/\s?an|annuel\w*|chaque annee"
    r"|per jaar|jaarlijks\w*|(?:pro|im) jahr|jahrlich\w*"
    r"|(?:per|a|each|every) year|yearly|annual\w*)"
    r"|(?P<month>par mois|/\s?mois|mensuel\w*|chaque mois"
    r"|per maand|maandelijks\w*|(?:pro|im) monat|monatlich\w*|(?:per|a|each|every) month|monthly))"
)
_WORDS = (
    "un deux trois quatre cinq six sept huit neuf dix",
    "een twee drie vier vijf zes zeven acht negen tien",
    "ein zwei drei vier funf sechs sieben acht neun zehn",
    "one two three four five six seven eight nine ten",
)
_NUMBERS = {word: number for words in _WORDS for number, word in enumerate(words.split(), start=1)}
_NUMBERS["une"] = 1
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_DURATION = re.compile(
    r"\b(?:pendant|pour|sur|duree de|duree :|de|durant|gedurende|voor|over|wahrend|fur|uber|for"
    rf"|during) {_COUNT} (?P<unit>ans?|annees?|mois|jaar|jaren|maand(?:en)?|jahren?|monaten?"
    r"|years?|months?)\b"
)
_TIMES = re.compile(
    rf"\b{_COUNT}\s?(?:x|×|\*|fois|lots?|tranches?|phases?|percelen|lose|lots of|times)"
    r"\s*(?:de|d'|a|von|van|of|:)?\s*$"
)
"""« 3 x 12.000 € », « deux lots de 20.000 € »."""
_ADDED = re.compile(r"^[^\w+]*\+[^\w+]*$|^\W*plus\W*$")
_PART = re.compile(
    r"\b(?:phase|lot|tranche|partie|etape|perceel|los|teil|deel|part)"
    r" ?(?:n[°o]\.? ?)?(?:\d|[a-d]\b)"
)
_RENEWED = re.compile(
    r"\b(?:renouvel\w*|reconduct\w*|prolongeable|verlengbaar|verlangerbar|renewable)\b"
    rf"[^.;\n]{{0,25}}?\b{_COUNT} (?:fois|keer|mal|times)\b"
)
"""« un an, reconductible 3 fois »: renewals count, too (law of 17 June 2016, art. 16)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The worth of a contract: ``net_cents`` over ``months``, from an amount as it was written.

    ``each`` is how many months one amount covers (12, 1), or 0 for the whole contract; ``months``
    is 0 where nobody told how long a periodic amount is paid, and ``net_cents`` then covers one
    period only.
    """

    given: Amount
    rate: int
    each: int
    months: int
    net_cents: int

    @property
    def is_whole(self) -> bool:
        """Whether it covers the whole duration."""
        return not self.each or bool(self.months)


def net_of(amount: Amount, basis_points: int) -> int:
    """The amount excluding VAT, in cents, rounded to the nearest cent."""
    if amount.vat is not Vat.INCLUDED:
        return amount.cents
    return (amount.cents * 10_000 + (10_000 + basis_points) // 2) // (10_000 + basis_points)


def estimate(text: str, amounts: Sequence[FoundAmount]) -> Estimate | None:
    """The largest estimate that a text tells, or None; ``amounts`` were found in the text."""
    plain = level(text)
    rate = _RATE.search(plain)
    basis_points = int(rate[1]) * 100 if rate else USUAL_RATE
    months, times = _months(plain), _periods(plain)
    told = [
        _estimate(amount, basis_points, plain[end:], months)
        for amount, end in _summed(plain, amounts, basis_points)
    ]
    whole = [_renewed(one, times) for one in told]
    return max(whole, key=lambda one: one.net_cents, default=None)


def _renewed(one: Estimate, times: int) -> Estimate:
    """An estimate over all the times that a contract may run."""
    given = one.given if one.months else replace(one.given, cents=one.given.cents * times)
    return replace(one, given=given, months=one.months * times, net_cents=one.net_cents * times)


def _summed(
    plain: str, amounts: Sequence[FoundAmount], basis_points: int
) -> Iterator[tuple[Amount, int]]:
    """The amounts with the ends of their places: those of parts of one contract are one, and « 3 x
    12.000 € » is three times as much.
    """
    found = [
        (replace(one.reading, cents=one.reading.cents * _times(plain, one.start)), one)
        for one in amounts
        if isinstance(one.reading, Amount)
    ]
    yield from ((amount, one.end) for amount, one in found)
    parted = [(amount, one) for at, (amount, one) in enumerate(found) if _is_part(plain, found, at)]
    if len(parted) > 1:
        yield _total([amount for amount, _one in parted], basis_points), parted[-1][1].end


def _total(parts: Sequence[Amount], basis_points: int) -> Amount:
    """Several amounts as one; excluding VAT if any of them is."""
    if all(part.vat is Vat.INCLUDED for part in parts):
        return Amount(sum(part.cents for part in parts), Vat.INCLUDED)
    said = any(part.vat is not None for part in parts)
    return Amount(sum(net_of(part, basis_points) for part in parts), Vat.EXCLUDED if said else None)


def _is_part(plain: str, found: Sequence[tuple[Amount, FoundAmount]], at: int) -> bool:
    """Whether an amount is added to its neighbour, or is that of a part: « phase 1 », « lot 2 »."""
    one = found[at][1]
    between = [
        plain[before[1].end : after[1].start]
        for before, after in pairwise(found[max(at - 1, 0) : at + 2])
    ]
    if any(_ADDED.search(words) for words in between):
        return True
    first = found[at - 1][1].end if at else max(0, one.start - _NEAR)
    last = found[at + 1][1].start if at + 1 < len(found) else one.end + _NEAR
    return (
        _PART.search(plain[max(first, one.start - _NEAR) : min(last, one.end + _NEAR)]) is not None
    )


_NEAR = 30
"""How many characters around an amount tell of which part it is."""


def _times(plain: str, start: int) -> int:
    told = _TIMES.search(plain[max(0, start - 30) : start])
    return _count(told) if told else 1


def _periods(plain: str) -> int:
    """How often a contract runs, its renewals included; 1 where none is told."""
    told = _RENEWED.search(plain)
    return 1 + _count(told) if told else 1


def _count(told: re.Match[str]) -> int:
    return _NUMBERS.get(told["count"]) or int(told["count"])


def _estimate(amount: Amount, basis_points: int, after: str, months: int) -> Estimate:
    net = net_of(amount, basis_points)
    periodic = _PERIODIC.search(after)
    each = (12 if periodic["year"] else 1) if periodic else 0
    if not each or not months:
        return Estimate(amount, basis_points, each, 0, net)
    # An amount per year is owed whole for a year begun.
    return Estimate(amount, basis_points, each, months, net * -(-months // each))


def _months(plain: str) -> int:
    """How long a contract lasts, in months; 0 where that is not told."""
    told = _DURATION.search(plain)
    if told is None:
        return 0
    count = _count(told)
    return count if told["unit"].startswith(("mo", "ma")) else count * 12
