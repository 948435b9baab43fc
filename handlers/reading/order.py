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
    unclear_cents: int | None = None
    """An amount beside several of which nothing tells whether it is of one piece or of all."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the letter says that everything comes to, in cents; None where it does not say."""

    net: int | None = None
    gross: int | None = None
    unsaid: int | None = None
    """A sum of which nothing tells whether VAT is in it."""


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
_REFERENCE = re.compile(r"\bref(?:erence)?s?\.? ?:? ?(?P<told>(?=[\w/.-]*\d)[a-z0-9][\w/.-]*)")
_ENTERPRISE = re.compile(r"(?<![\d.])(?:be ?)?([01]\d{3})[. ]?(\d{3})[. ]?(\d{3})(?![\d.]\d)")
_OTHERS = re.compile(r"\b(?:de|du|a|au) (?:la |l')?(?:commune|ville|cpas|zone|province)\b")


def read_order(letter: Letter, names: Mapping[str, int], day: date) -> OrderLetter:
    """What a letter orders. ``names`` are the levelled names of solutions, each with its key."""
    lines, totals = _lines(letter.body, names)
    enterprise, others = _enterprise(letter.body)
    decision = find_decision(letter.body, day) or find_decision(letter.subject, day)
    return OrderLetter(
        lines=lines,
        totals=totals,
        decision=decision,
        reference=_own_reference(letter, decision),
        enterprise=enterprise,
        others_enterprise=others,
    )


def _own_reference(letter: Letter, decision: Decision | None) -> str:
    """The buyer's own reference: said to be theirs, or told before that of the decision."""
    own = _OWN_REFERENCE.search(level(letter.text))
    if own is not None:
        return letter.text[slice(*own.span("reference"))].rstrip(".")
    told = [letter.body[slice(*x.span("told"))] for x in _REFERENCE.finditer(level(letter.body))]
    refs = [one.rstrip(".") for one in told]
    of_decision = decision.reference if decision else ""
    return refs[0] if of_decision in refs[1:] and refs[0] != of_decision else ""


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
    own: dict[int, Totals] = {}
    whole = Totals()
    for line in unwrap(body).split("\n"):
        named = _named(level(line), names)
        for line_ in _in_line(line, named):
            found.setdefault(line_.key, line_)
        told = _totals(line)
        if len(named) == 1:
            own[named[0][0]] = _first(own.get(named[0][0], Totals()), told)
        else:
            whole = _first(whole, told)
    # What a line comes to is what everything comes to, where there is no other.
    if len(found) == 1:
        own = {key: _first(totals, whole) for key, totals in own.items()}
        whole = _first(whole, *own.values())
    return tuple(_settled(line, found, whole, own) for line in found.values()), whole


def _first(*told: Totals) -> Totals:
    """What was said first of each sum."""
    return Totals(
        net=next((one.net for one in told if one.net is not None), None),
        gross=next((one.gross for one in told if one.gross is not None), None),
        unsaid=next((one.unsaid for one in told if one.unsaid is not None), None),
    )


def _settled(
    line: Line, found: Mapping[int, Line], whole: Totals, own: Mapping[int, Totals]
) -> Line:
    """A line of several with an amount: of one piece, or of all? Only a total can tell."""
    if line.quantity == 1 or line.net_cents is None or line.each:
        return line
    others = sum(other.net_cents or 0 for other in found.values() if other is not line)
    rest = whole.net - others if whole.net is not None else None
    total = own.get(line.key, Totals()).net
    meant = {line.net_cents, line.net_cents * line.quantity} & {rest, total}
    if not meant:
        return replace(line, net_cents=None, unclear_cents=line.net_cents)
    return replace(line, net_cents=meant.pop() if len(meant) == 1 else total)


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


def counted(words: str, names: Mapping[str, int]) -> dict[int, int | None]:
    """The things that words name, each with how many they say of it; None where they do not.

    A number that is taken back counts for nothing: « 3 au lieu de 2 », « pas 6 mais 2 ».
    """
    plain = _TAKEN_BACK.sub(lambda match: " " * len(match.group()), level(words))
    places = _named(plain, names)
    ends = [*(start for _key, start, _end in places[1:]), len(plain)] if places else []
    found: dict[int, int | None] = {}
    for (key, start, end), limit in zip(places, ends, strict=True):
        behind = plain[end:limit]
        told = _BEFORE.search(plain[:start]) or _BEHIND.search(behind) or _TO.search(behind)
        if found.get(key) is None:
            found[key] = count_of(told[1]) if told else None
    return found


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
_TO = re.compile(
    rf"^[\s,:]*(?:(?:a|en|passe a|sur|est de|=|:) ?)?(\d{{1,3}}|{WRITTEN})\s*[.!,;]*\s*$"
)
"""The number that a quantity is changed to: « la quantité d'e-guichet en 5 »."""
_TAKEN_BACK = re.compile(
    r"\b(?:au lieu d(?:e |')|plutot que (?:de )?|a la place d(?:e |')|n'est pas "
    rf"|et non (?:pas )?|et pas|pas )(?:d(?:e |'))?(?:\d{{1,3}}|{WRITTEN})\b(?: mais)?"
)


def _quantity(before: str, behind: str) -> int:
    found = _BEHIND.search(level(behind)) or _BEFORE.search(level(before))
    return max(1, count_of(found[1])) if found else 1


def _net(text: str) -> int | None:
    """The amount excluding VAT that stands first behind a name."""
    read = [found.reading for found in find_amounts(text)]
    amounts = [one for one in read if isinstance(one, Amount) and one.vat is not Vat.INCLUDED]
    return amounts[0].cents if amounts else None


def _totals(line: str) -> Totals:
    """The sums that a line of the letter says, behind the word or sign for one."""
    plain = level(line)
    cue = _TOTAL.search(plain)
    if cue is None:
        return Totals()
    summed = [found for found in find_amounts(line) if found.start >= cue.start()]
    taxed = _TAXED.search(plain) is not None
    told = Totals()
    for found in summed:
        one = found.reading
        if not isinstance(one, Amount) or _PERIODIC.match(plain, found.end):
            continue
        if one.vat is Vat.EXCLUDED:
            told = _first(told, Totals(net=one.cents))
        elif one.vat is Vat.INCLUDED or (taxed and plain[: found.start].endswith(("= ", "="))):
            told = _first(told, Totals(gross=one.cents))
        elif not _FUNDS.search(plain):
            told = _first(told, Totals(unsaid=one.cents))
    return told


_FUNDS = re.compile(
    r"\b(?:budgets?|credits?|subsid\w+|subvention\w*|enveloppe|disponibles?|inscrits?|reserve\w*)\b"
)
"""A sum that is there to be spent, and not what an order comes to."""


_TAXED = re.compile(r"\+ ?(?:la )?(?:tva )?(?:(?:de |a )?\d{1,2} ?%|tva)")
_PERIODIC = re.compile(r" ?(?:/|par |l'|de tva|tva\b|d'acompte|de plus|de moins|d'economie)")
