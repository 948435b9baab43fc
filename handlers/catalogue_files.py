"""A catalogue as a table in a file: one line per price, so that a spreadsheet can hold it; in YAML
the prices of a solution stand below it.

What is wrong is told line by line, all at once; nothing is taken from a file that has a fault.
Amounts are read as people type them, so that « 24.000 » is never 24.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config import content
from config.faults import faults_of
from handlers import cells
from handlers.tables import SEPARATOR, Line
from handlers.wording import Text, _
from storage.purchasing import Price, Solution

COLUMNS = (
    "code",
    "nom",
    "fournisseur",
    "description",
    "fonctions",
    "autres noms",
    "lot",
    "catégorie",
    "tva",
    "valable dès",
    "retirée le",
    "prix",
    "montant htva",
    "dès habitants",
    "moins de habitants",
    "unité",
    "option",
)
"""The headings, in any order; a second price of a solution is a line with its code and price."""

NEEDED = ("code", "nom", "fournisseur", "description", "prix", "montant htva")


@dataclass
class Sheet:
    """What a file says, and what is wrong with it."""

    solutions: list[content.Solution] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)


def read_catalogue(lines: Iterable[Line], central: str) -> Sheet:
    """The solutions of a file's lines for a central (its slug)."""
    sheet = Sheet()
    entries: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, row in lines:
        _enter(entries, number, row, central, sheet)
    for number, entry in entries.values():
        _check(number, entry, sheet)
    return sheet


def _enter(
    entries: dict[str, tuple[int, dict[str, Any]]],
    number: int,
    row: Mapping[str, str],
    central: str,
    sheet: Sheet,
) -> None:
    code = row.get("code", "")
    price = _price(number, row, sheet)
    if code not in entries:
        entries[code] = (number, _solution(number, row, central, sheet))
    if price is not None:
        entries[code][1]["prices"].append(price)


def _solution(number: int, row: Mapping[str, str], central: str, sheet: Sheet) -> dict[str, Any]:
    return {
        "slug": row.get("code", ""),
        "central": central,
        "name": row.get("nom", ""),
        "supplier": row.get("fournisseur", ""),
        "summary": row.get("description", ""),
        "functions": _several(row.get("fonctions", "")),
        "aliases": _several(row.get("autres noms", "")),
        "lot": row.get("lot", ""),
        "category": row.get("catégorie", ""),
        "vat_basis_points": _vat(number, row.get("tva", ""), sheet),
        "valid_from": cells.day(number, "valable dès", row, sheet.faults),
        "retired_on": cells.day(number, "retirée le", row, sheet.faults),
        "prices": [],
    }


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _vat(number: int, cell: str, sheet: Sheet) -> int:
    plain = cell.replace("%", "").strip().replace(",", ".") or "21"
    if plain.replace(".", "", 1).isdecimal() and float(plain) <= 100:
        return round(float(plain) * 100)
    sheet.faults.append(
        _("ligne {number} : TVA « {cell} », attendu par exemple 21", number=number, cell=cell[:40])
    )
    return 2100


def _price(number: int, row: Mapping[str, str], sheet: Sheet) -> dict[str, Any] | None:
    cents = cells.amount(number, row.get("montant htva", ""), sheet.faults)
    if cents is None:
        return None
    return {
        "label": row.get("prix", "") or "forfait",
        "unit_cents": cents,
        "from_population": cells.count(number, "dès habitants", row, sheet.faults),
        "below_population": cells.count(number, "moins de habitants", row, sheet.faults),
        "unit": row.get("unité", ""),
        "option": row.get("option", "").lower() in {"oui", "ja", "yes", "x", "1", "true"},
    }


_LABELS = {
    "slug": "code",
    "name": "nom",
    "supplier": "fournisseur",
    "summary": "description",
    "prices": "montant htva",
}


def _check(number: int, entry: dict[str, Any], sheet: Sheet) -> None:
    """The last look is that of the content's own reader, so that both take the same."""
    try:
        sheet.solutions.append(TypeAdapter(content.Solution).validate_python(entry))
    except ValidationError as error:
        for fault in faults_of(error, content.Solution):
            name = fault.key.partition(".")[0].partition("[")[0]
            sheet.faults.append(
                _(
                    "ligne {number} : « {name} » manque ou n'est pas valable",
                    number=number,
                    name=_LABELS.get(name, name),
                )
            )


# -- writing ----------------------------------------------------------------------------------


def rows_of(solutions: Sequence[Solution]) -> Iterator[list[str]]:
    """The same table from the catalogue: what is written can be read again."""
    yield list(COLUMNS)
    for solution in solutions:
        for price in solution.prices:
            yield _row(solution, price)


def entries_of(solutions: Sequence[Solution]) -> list[dict[str, Any]]:
    """The same as entries, each price below its solution."""
    return [_entry(solution) for solution in solutions]


_PRICE = COLUMNS.index("prix")
_SEVERAL = ("fonctions", "autres noms")


def _entry(solution: Solution) -> dict[str, Any]:
    rows = [_row(solution, price) for price in solution.prices]
    own: dict[str, Any] = {n: c for n, c in zip(COLUMNS[:_PRICE], rows[0], strict=False) if c}
    for name in _SEVERAL:
        if name in own:
            own[name] = _several(own[name])
    prices = [
        {n: c for n, c in zip(COLUMNS[_PRICE:], row[_PRICE:], strict=True) if c} for row in rows
    ]
    return own | {"prix": prices}


def _row(solution: Solution, price: Price) -> list[str]:
    return [
        solution.slug,
        solution.name,
        solution.supplier,
        solution.summary,
        f" {SEPARATOR} ".join(solution.functions),
        f" {SEPARATOR} ".join(solution.aliases),
        solution.lot,
        solution.category,
        f"{solution.vat_basis_points / 100:g}".replace(".", ","),
        _written(solution.valid_from),
        _written(solution.retired_on),
        price.label,
        f"{price.unit_cents // 100},{price.unit_cents % 100:02d}",
        "" if price.from_population is None else str(price.from_population),
        "" if price.below_population is None else str(price.below_population),
        price.unit,
        "oui" if price.option else "",
    ]


def _written(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
