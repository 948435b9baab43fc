"""Amounts of money as people type them in Belgium, read strictly (acceptance row A22).

A point before three digits groups thousands ("24.000" is never 24); a comma before two digits
opens the cents. What could be two amounts is reported as a doubt, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

from handlers.reading.letters import level


class Vat(Enum):
    """What the writer said about value added tax."""

    EXCLUDED = "htva"
    INCLUDED = "tvac"


class Doubt(StrEnum):
    """Why a text is not taken for an amount."""

    AMBIGUOUS = "ambiguous"
    """It could be two amounts: "24,5", "24,000", "2.50.000"."""
    NOT_POSITIVE = "not positive"
    NOT_AN_AMOUNT = "not an amount"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in euro cents, and whether VAT is in it (None when not said)."""

    cents: int
    vat: Vat | None = None


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount, or the doubt about one, and its place in the text."""

    reading: Amount | Doubt
    start: int
    end: int


_SPACES = r"[ \u00a0\u202f\u2009]"
_CURRENCY = r"(?:€|euros?(?!\w)|eur(?!\w)\.?)"
_TVA = r"t\.?\s?v\.?\s?a\.?"
_FOREIGN_VAT = r"(?:b\.?t\.?w\.?|v\.?a\.?t\.?|mwst\.?|mehrwertsteuer|ust\.?)"
_EXCLUDED = (
    rf"(?:h\.?\s?{_TVA}|h\.?t\.?|hors\s+(?:{_TVA}|taxes?)|sans\s+(?:la\s+)?{_TVA}"
    rf"|{_TVA}\s+non\s+(?:comprise|incluse)"
    rf"|(?:exclusief|exclusive\s+of|excl\.?|exkl\.?|ex\.?|zonder|ohne|without|zzgl\.?|zuzuglich)"
    rf"\s*{_FOREIGN_VAT}|netto)"
)
_INCLUDED = (
    rf"(?:{_TVA}\s?c\.?|t\.?t\.?c\.?|{_TVA}\s+(?:comprise|incluse)|toutes\s+taxes\s+comprises"
    rf"|(?:inclusief|inclusive\s+of|including|incl\.?|inkl\.?|einschlie(?:ss|ß)lich|met|mit|with)"
    rf"\s*{_FOREIGN_VAT}|{_FOREIGN_VAT}\s+(?:inbegrepen|included|inbegriffen)|brutt?o)"
)
_VAT = rf"\(?(?:(?P<excluded>{_EXCLUDED})|(?P<included>{_INCLUDED}))(?![\w])\)?"
_DIGITS = rf"\d(?:[\d.,'’]|{_SPACES}(?=\d))*(?<=\d)"
_TAIL = r"(?:[,.](?:-{1,2}|=))?"
_NUMBER = rf"(?P<digits>{_DIGITS}){_TAIL}"
_THOUSAND = r"(?:k(?=\s*(?:€|eur))|(?:mille|duizend|tausend|thousand)(?![\w]))"
_WHOLE = re.compile(
    rf"(?:{_CURRENCY}\s*)?(?P<sign>-\s?)?(?:{_CURRENCY}\s*)?{_NUMBER}"
    rf"\s*(?P<thousand>{_THOUSAND})?\s*(?:{_CURRENCY})?\s*(?:{_VAT})?"
)
_SPLIT = re.compile(r"(?P<euros>\d{1,3}|\d{1,3}(?:[. ]\d{3})+|\d+)\s?€\s?(?P<cents>\d{2})")
_MARKED = re.compile(
    rf"(?<![\w/.,-])(?P<whole>(?:(?P<before>{_CURRENCY})\s*)?(?:-\s?)?{_NUMBER}"
    rf"\s*{_THOUSAND}?\s*(?P<after>{_CURRENCY})?\s*(?P<vat>{_VAT})?)"
)
_ONE_MARK = re.compile(r"(?P<units>[1-9]\d{0,2})[.,](?P<rest>\d|\d{3})")
_PLAIN = re.compile(r"\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[. '])\d{3})(?:(?P=mark)\d{3})*")
_DECIMAL = re.compile(r"(?P<units>.+?)(?P<mark>[.,])(?P<cents>\d{2})")


def read_amount(text: str) -> Amount | Doubt:
    """The amount that the whole of a text is, or the doubt about it."""
    plain = level(text.strip())
    split = _SPLIT.fullmatch(plain)
    if split:
        euros = _units(split["euros"], None)
        return Doubt.AMBIGUOUS if euros is None else Amount(euros * 100 + int(split["cents"]))
    match = _WHOLE.fullmatch(plain)
    if not match:
        return Doubt.NOT_AN_AMOUNT
    cents = _thousands(match["digits"]) if match["thousand"] else _cents(match["digits"])
    if cents is None:
        return Doubt.AMBIGUOUS
    if match["sign"] or cents == 0:
        return Doubt.NOT_POSITIVE
    return Amount(cents, _vat(match))


def find_amounts(text: str) -> list[FoundAmount]:
    """The amounts of a running text: the numbers that bear a currency or a mention of VAT."""
    plain = level(text)
    found = []
    for match in _MARKED.finditer(plain):
        if match["before"] or match["after"] or match["vat"]:
            start, end = match.span("whole")
            found.append(FoundAmount(read_amount(plain[start:end]), start, end))
    return found


def possible_cents(text: str) -> tuple[int, ...]:
    """What an ambiguous text may mean, in cents, the larger first: "24,000" is 24.000 € or 24 €.

    For a question back; empty where no two readings offer themselves.
    """
    digits = re.search(_DIGITS, level(text))
    match = _ONE_MARK.fullmatch(digits.group()) if digits else None
    if match is None or read_amount(text) is not Doubt.AMBIGUOUS:
        return ()
    thousands = int(match["units"] + match["rest"].ljust(3, "0")) * 100
    units = int(match["units"]) * 100 + int(match["rest"].ljust(2, "0")[:2])
    # A third decimal is no cent: « 1,234 » can only be 1.234 €.
    return (thousands,) if match["rest"][2:].strip("0") else (thousands, units)


def _vat(match: re.Match[str]) -> Vat | None:
    if match["excluded"]:
        return Vat.EXCLUDED
    return Vat.INCLUDED if match["included"] else None


def _cents(digits: str) -> int | None:
    whole = _units(digits, None)
    if whole is not None:
        return whole * 100
    match = _DECIMAL.fullmatch(digits)
    if not match:
        return None
    units = _units(match["units"], match["mark"])
    return None if units is None else units * 100 + int(match["cents"])


def _units(digits: str, decimal_mark: str | None) -> int | None:
    """Whole euros; the mark of the decimals cannot group thousands too."""
    digits = re.sub(_SPACES, " ", digits)
    if _PLAIN.fullmatch(digits):
        return int(digits) if digits == "0" or digits[0] != "0" else None
    match = _GROUPED.fullmatch(digits) or _english(digits, decimal_mark)
    if not match or match["mark"] == decimal_mark:
        return None
    return int(re.sub(r"\D", "", digits))


def _english(digits: str, decimal_mark: str | None) -> re.Match[str] | None:
    # A comma groups thousands only beside a decimal point ("24,000.50"); alone it may be decimal.
    if decimal_mark != ".":
        return None
    return re.fullmatch(r"[1-9]\d{0,2}(?:(?P<mark>,)\d{3})(?:,\d{3})*", digits)


def _thousands(digits: str) -> int | None:
    """Cents of a number of thousands: there "24,5" can only mean 24.500."""
    match = re.fullmatch(r"(\d{1,3})(?:,(\d{1,3}))?", digits)
    if not match:
        return None
    return (int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))) * 100
