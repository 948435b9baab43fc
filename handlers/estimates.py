"""What a contract is worth over its whole duration, excluding VAT, from what people write of it.

The low-value threshold is compared with this (acceptance B11): amounts including VAT are
converted, yearly and monthly ones multiplied, and the computation is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_DURATION = re.compile(
    r"\b(?:pendant|pour|sur|duree de|duree :|de|durant|gedurende|voor|over|wahrend|fur|uber|for"
    rf"|during) {_COUNT} (?P<unit>ans?|annees?|mois|jaar|jaren|maand(?:en)?|jahren?|monaten?"
    r"|years?|months?)\b"
)


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
    months = _months(plain)
    told = [
        _estimate(found.reading, basis_points, plain[found.end :], months)
        for found in amounts
        if isinstance(found.reading, Amount)
    ]
    return max(told, key=lambda one: one.net_cents, default=None)


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
    count = _NUMBERS.get(told["count"]) or int(told["count"])
    return count if told["unit"].startswith(("mo", "ma")) else count * 12
