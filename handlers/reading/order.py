"""A purchase order written as a letter: what, how many, for which amounts, on whose decision.

Figures are compared, never completed: what does not add up is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.reading.amounts import Amount, Vat, find_amounts
from handlers.reading.decision import Decision, find_decision
from handlers.reading.letter import Letter, unwrap
from handlers.reading.letters import level
from handlers.reading.quantity import WRITTEN, count_of


@dataclass(frozen=True, slots=True)
class Line:
    """One thing ordered: the key of a solution, how many, and the amount excluding VAT typed beside
    it (cents, for the whole line).
    """

    key: int
    quantity: int = 1
    net_cents: int | None = None
    each: bool = False
    """Whether the amount was said to be of one piece; it is multiplied then."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the letter says that everything comes to, in cents; None where it does not say."""

    net: int | None = None
    gross: int | None = None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise number (BCE), ten digits; ``valid`` if its check digits are right."""

    number: str
    valid: bool


@dataclass(frozen=True, slots=True)
class OrderLetter:
    """Everything that a letter says about an order."""

    lines: tuple[Line, ...]
    totals: Totals
    decision: Decision | None
    reference: str = ""
    enterprise: Enterprise | None = None
    others_enterprise: bool = False
    """Whether the number is said to be somebody else's."""


_TOTAL = re.compile(r"\b(?:total|totaux|ensemble|somme|soit|globale?(?:ment)?)\b|= ?(?=\d)")
_OWN_REFERENCE = re.compile(
    r"\b(?:notre ref(?:erence)?|n/ref|nos ref|ref(?:erence)? interne"
    r"|sous (?:la |les )?ref(?:erence)?s?|v/ref|bon de commande n[°o]?"
    r"|commande n[°o])\.? ?:? ?(?P<reference>[a-z0-9][\w/.-]*\d[\w/.-]*)"
)
_ENTERPRISE = re.compile(r"(?<![\d.])(?:be ?)?([01]\d{3})[. ]?(\d{3})[. ]?(\d{3})(?![\d.]\d)")
_OTHERS = re.compile(r"\b(?:de|du|a|au) (?:la |l')?(?:commune|ville|cpas|zone|province)\b")


def read_order(letter: Letter, names: Mapping[str, int], day: date) -> OrderLetter:
    """What a letter orders. ``names`` are the levelled names of solutions, each with its key."""
    lines, totals = _lines(letter.body, names)
    enterprise, others = _enterprise(letter.body)
    reference = _OWN_REFERENCE.search(level(letter.text))
    return OrderLetter(
        lines=lines,
        totals=totals,
        decision=find_decision(letter.body, day) or find_decision(letter.subject, day),
        reference=letter.text[slice(*reference.span("reference"))].rstrip(".") if reference else "",
        enterprise=enterprise,
        others_enterprise=others,
    )


def enterprise_is_valid(digits: str) -> bool:
    """Whether ten digits have the check digits of an enterprise number (97 minus modulo 97)."""
    return len(digits) == 10 and 97 - int(digits[:8]) % 97 == int(digits[8:])


def _enterprise(text: str) -> tuple[Enterprise | None, bool]:
    plain = level(text)
    match = _ENTERPRISE.search(plain)
    if match is None:
        return None, False
    digits = "".join(match.groups())
    before = plain[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
    return Enterprise(digits, enterprise_is_valid(digits)), _OTHERS.search(before) is not None


def _lines(body: str, names: Mapping[str, int]) -> tuple[tuple[Line, ...], Totals]:
    found: dict[int, Line] = {}
    totals = Totals()
    for line in unwrap(body).split("\n"):
        named = _named(level(line), names)
        for line_ in _in_line(line, named):
            found.setdefault(line_.key, line_)
        totals = _totals(line, totals, several=len(named) > 1 or not named, lone=len(named) == 1)
    return tuple(_settled(line, found, totals) for line in found.values()), totals


def _settled(line: Line, found: Mapping[int, Line], totals: Totals) -> Line:
    """A line of several with an amount: of one piece, or of all? Only a total can tell."""
    if line.quantity == 1 or line.net_cents is None or line.each:
        return line
    others = sum(other.net_cents or 0 for other in found.values() if other is not line)
    rest = totals.net - others if totals.net is not None else None
    meant = {line.net_cents, line.net_cents * line.quantity} & {rest}
    return replace(line, net_cents=meant.pop() if meant else None)


def _named(plain: str, names: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Where solutions are named in a line: key, start and end; the longest name counts."""
    taken: list[tuple[int, int, int]] = []
    for name in sorted(names, key=len, reverse=True):
        words = [rf"{re.escape(word)}[sx]?" for word in name.split()]
        for match in re.finditer(rf"(?<!\w){' +'.join(words)}(?!\w)", plain):
            if all(match.end() <= start or end <= match.start() for _key, start, end in taken):
                taken.append((names[name], match.start(), match.end()))
    return sorted(taken, key=lambda place: place[1])


def things_named(words: str, names: Mapping[str, int]) -> tuple[int, ...]:
    """The keys of the things that words name, each once, in their order."""
    return tuple(dict.fromkeys(key for key, _start, _end in _named(level(words), names)))


def _in_line(line: str, named: list[tuple[int, int, int]]) -> list[Line]:
    ends = [*(start for _key, start, _end in named[1:]), len(line)] if named else []
    lines = []
    for (key, start, end), limit in zip(named, ends, strict=True):
        behind = line[end:limit]
        quantity, net = _quantity(line[:start], behind), _net(behind)
        each = net is not None and _EACH.search(level(behind)) is not None
        lines.append(Line(key, quantity, net * quantity if net and each else net, each))
    return lines


_EACH = re.compile(
    r"\d(?:[.,]\d\d)?\s?(?:€|euros?|eur)?(?: ?h\.?t\.?(?:v\.?a\.?)?)?,? (?:(?:la|l'|par|chaque) ?)?"
    r"(?:pieces?|unite|chacune?|licence|per stuk|stuk|pro stuck|stuck|each|apiece)\b"
)
"""An amount said to be of one piece: « à 5.940 € pièce »."""
_COUNTED = r"(?:licences?|unites?|pieces?|exemplaires?|abonnements?|fois)"
_BEFORE = re.compile(
    rf"(?<!article)(?<!art\.)(?<!annexe)(?<!lot)(?:^|[\s(*•-])(\d{{1,3}}|{WRITTEN})"
    rf"(?:\s?[x×]\s*|\s+)?(?:{_COUNTED} (?:(?:de|pour|d')(?: ?(?:le|la|les|l'))? ?|du |des )?)?"
    r"(?:(?:modules?|solutions?|outils?|applications?|logiciels?) (?:de |d'|du )?)?\s*"
    r"(?:l'|le |la )?$"
)
_BEHIND = re.compile(r"^\W{0,4}(?:x|×|quantite|qte|nombre)\s?:?\s?(\d{1,3})\b")


def _quantity(before: str, behind: str) -> int:
    found = _BEHIND.search(level(behind)) or _BEFORE.search(level(before))
    return max(1, count_of(found[1])) if found else 1


def _net(text: str) -> int | None:
    """The amount excluding VAT that stands first behind a name."""
    read = [found.reading for found in find_amounts(text)]
    amounts = [one for one in read if isinstance(one, Amount) and one.vat is not Vat.INCLUDED]
    return amounts[0].cents if amounts else None


def _totals(line: str, totals: Totals, *, several: bool, lone: bool) -> Totals:
    plain = level(line)
    cue = _TOTAL.search(plain)
    if cue is None or not (several or lone):
        return totals
    amounts = [
        found.reading
        for found in find_amounts(line)
        if isinstance(found.reading, Amount) and found.start >= cue.start()
    ]
    net = next((one.cents for one in amounts if one.vat is Vat.EXCLUDED), None)
    gross = next((one.cents for one in amounts if one.vat is Vat.INCLUDED), None)
    return Totals(totals.net if totals.net is not None else net, totals.gross or gross)
