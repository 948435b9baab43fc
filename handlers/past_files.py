"""What a central knows of before the platform: who joined it, what was ordered; as tables in files.

A line is read on its own: what is wrong with it is told with its number, and nothing is taken from
a file that has a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from config.authorities import Authority
from config.folding import fold
from handlers import cells
from handlers.tables import Line
from handlers.wording import Text, _
from storage.purchasing import Solution

JOINED = ("institution", "adhésion le", "décision du", "référence", "retirée le")
JOINED_NEEDED = ("institution", "adhésion le")
ORDERED = (
    "commande",
    "institution",
    "solution",
    "quantité",
    "montant htva",
    "commandée le",
    "attribuée le",
    "fin le",
    "fournisseur",
    "nom local",
)
ORDERED_NEEDED = ("commande", "institution", "solution", "montant htva", "attribuée le")
"""Lines with the same « commande » and institution are the lines of one order."""

FindAuthority = Callable[[str], Authority | None]
FindSolution = Callable[[str], Solution | None]


@dataclass(frozen=True, slots=True)
class PastAdhesion:
    """An adhesion of before; ``decided_on`` is the day of joining where nothing else is known."""

    authority: Authority
    joined_on: date
    decided_on: date
    decision: str
    left_on: date | None


@dataclass(frozen=True, slots=True)
class PastLine:
    """What was ordered at once: a solution, how often, for how many cents excluding VAT in all."""

    solution: Solution
    quantity: int
    cents: int
    local_name: str


@dataclass
class PastOrder:
    """An awarded order of before, with its lines; ``ends_on`` is None where nobody says."""

    name: str
    authority: Authority
    ordered_on: date
    awarded_on: date
    ends_on: date | None
    supplier: str
    lines: list[PastLine] = field(default_factory=list)

    @property
    def cents(self) -> int:
        """What it was awarded for, excluding VAT."""
        return sum(line.cents for line in self.lines)


@dataclass
class Past:
    """What a file says of before, and what is wrong with it."""

    adhesions: list[PastAdhesion] = field(default_factory=list)
    orders: list[PastOrder] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)


def read_adhesions(lines: Sequence[Line], find: FindAuthority, today: date) -> Past:
    """Who joined, line by line; nobody twice."""
    past = Past()
    seen: set[tuple[str, str]] = set()
    for number, row in lines:
        authority = _authority(number, row, find, past.faults)
        joined = _past_day(number, "adhésion le", row, today, past.faults)
        decided = cells.day(number, "décision du", row, past.faults)
        left = cells.day(number, "retirée le", row, past.faults)
        if authority is None or joined is None:
            continue
        if (authority.type, authority.code) in seen:
            past.faults.append(_twice(number, row.get("institution", ""), authority))
        for name, day in (("retirée le", left), ("décision du", decided)):
            wrong = day is not None and (day < joined if name == "retirée le" else day > joined)
            if wrong:
                past.faults.append(
                    _(
                        "ligne {number} : « {name} » ({day}) ne va pas avec « adhésion le »"
                        " ({joined})",
                        number=number,
                        name=name,
                        day=day or "",
                        joined=joined,
                    )
                )
        seen.add((authority.type, authority.code))
        decision = row.get("référence", "")
        past.adhesions.append(PastAdhesion(authority, joined, decided or joined, decision, left))
    return past


def read_orders(
    lines: Sequence[Line], find: FindAuthority, solution: FindSolution, today: date
) -> Past:
    """What was ordered and awarded, line by line."""
    past = Past()
    orders: dict[tuple[str, str, str], PastOrder] = {}
    for number, row in lines:
        authority = _authority(number, row, find, past.faults)
        ordered = _ordered_line(number, row, solution, past.faults)
        awarded = _past_day(number, "attribuée le", row, today, past.faults)
        sent = cells.day(number, "commandée le", row, past.faults)
        end = cells.day(number, "fin le", row, past.faults)
        name = _named(number, row, past.faults)
        if authority is None or ordered is None or awarded is None or not name:
            continue
        order = orders.setdefault(
            (name, authority.type, authority.code),
            PastOrder(name, authority, sent or awarded, awarded, end, row.get("fournisseur", "")),
        )
        order.lines.append(ordered)
        _same(number, order, awarded, sent or awarded, past.faults)
    past.orders = list(orders.values())
    return past


def _twice(number: int, cell: str, authority: Authority) -> Text:
    """What is wrong with a second line of one authority, which may name a commune that it was
    merged from.
    """
    if fold(cell) in fold(authority.name):
        return _("ligne {number} : {name} s'y trouve deux fois", number=number, name=authority.name)
    return _(
        "ligne {number} : « {cell} » est aujourd'hui {name}, qui s'y trouve déjà : gardez une"
        " seule ligne",
        number=number,
        cell=cell[:60],
        name=authority.name,
    )


def _authority(
    number: int, row: Mapping[str, str], find: FindAuthority, faults: list[Text]
) -> Authority | None:
    cell = row.get("institution", "")
    found = find(cell) if cell else None
    if found is None:
        faults.append(
            _(
                "ligne {number} : « {cell} » n'est pas une institution du territoire",
                number=number,
                cell=cell[:60],
            )
        )
    return found


def _past_day(
    number: int, name: str, row: Mapping[str, str], today: date, faults: list[Text]
) -> date | None:
    if not row.get(name, ""):
        faults.append(_("ligne {number} : « {name} » manque", number=number, name=name))
        return None
    day = cells.day(number, name, row, faults)
    if day is not None and day > today:
        faults.append(
            _("ligne {number} : « {name} » est à venir ({day})", number=number, name=name, day=day)
        )
    return day


def _ordered_line(
    number: int, row: Mapping[str, str], find: FindSolution, faults: list[Text]
) -> PastLine | None:
    cell = row.get("solution", "")
    solution = find(cell) if cell else None
    if solution is None:
        faults.append(
            _(
                "ligne {number} : « {cell} » n'est pas une solution de la centrale",
                number=number,
                cell=cell[:60],
            )
        )
    cents = cells.amount(number, row.get("montant htva", ""), faults)
    quantity = cells.count(number, "quantité", row, faults) or 1
    if solution is None or cents is None:
        return None
    return PastLine(solution, quantity, cents, row.get("nom local", ""))


def _named(number: int, row: Mapping[str, str], faults: list[Text]) -> str:
    name = row.get("commande", "")
    if not name:
        faults.append(_("ligne {number} : « {name} » manque", number=number, name="commande"))
    return name


def _same(number: int, order: PastOrder, awarded: date, ordered: date, faults: list[Text]) -> None:
    ended = order.ends_on is not None and order.ends_on < awarded
    if (order.awarded_on, order.ordered_on) != (awarded, ordered) or awarded < ordered or ended:
        faults.append(
            _(
                "ligne {number} : les dates de la commande « {name} » ne vont pas ensemble",
                number=number,
                name=order.name[:40],
            )
        )
