"""A catalogue as a table in a file: one line per price, so that a spreadsheet can hold it.

What is wrong is told line by line, all at once; nothing is taken from a file that has a fault.
Amounts are read as people type them, so that « 24.000 » is never 24.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config import content
from config.faults import faults_of
from handlers.reading.amounts import Amount, Doubt, Vat, possible_cents, read_amount
from handlers.wording import Money, Text, _
from storage.purchasing import Price, Solution

COLUMNS = (
    "code",
    "nom",
    "fournisseur",
    "description",
    "fonctions",
    "autres noms",
    "lot",
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
SEPARATOR = "|"
"""Between several functions or names in one cell."""
_LARGEST = 500
"""Up to how many lines are read."""


@dataclass
class Sheet:
    """What a file says, and what is wrong with it."""

    solutions: list[content.Solution] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)


def read_catalogue(text: str, central: str) -> Sheet:
    """The solutions of a file for a central (its slug)."""
    sheet = Sheet()
    rows = list(_rows(text, sheet))
    entries: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, row in rows:
        _enter(entries, number, row, central, sheet)
    for number, entry in entries.values():
        _check(number, entry, sheet)
    return sheet


def _rows(text: str, sheet: Sheet) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines that hold something, with their number in the file."""
    text = text.lstrip("\ufeff\n\r ")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in NEEDED if name not in header]
    strange = [name for name in header if name and name not in COLUMNS]
    if missing:
        sheet.faults.append(_("ligne 1 : il manque les colonnes {names}", names=", ".join(missing)))
    if strange:
        sheet.faults.append(
            _("ligne 1 : colonnes inconnues {names}", names=", ".join(strange)[:200])
        )
    if missing:
        return
    for cells in reader:
        if reader.line_num > _LARGEST:
            sheet.faults.append(_("au plus {most} lignes par fichier", most=_LARGEST))
            return
        if any(cell.strip() for cell in cells):
            plain = [cell.strip().removeprefix("'") for cell in cells]
            yield reader.line_num, dict(zip(header, plain, strict=False))


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
        "vat_basis_points": _vat(number, row.get("tva", ""), sheet),
        "valid_from": _day(number, "valable dès", row, sheet),
        "retired_on": _day(number, "retirée le", row, sheet),
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


def _day(number: int, name: str, row: Mapping[str, str], sheet: Sheet) -> date | None:
    cell = row.get(name, "")
    try:
        return date.fromisoformat("-".join(reversed(cell.split("/")))) if cell else None
    except ValueError:
        sheet.faults.append(
            _(
                "ligne {number} : « {name} » : « {cell} » n'est pas une date, attendu par exemple"
                " 31/12/2026",
                number=number,
                name=name,
                cell=cell[:40],
            )
        )
        return None


def _price(number: int, row: Mapping[str, str], sheet: Sheet) -> dict[str, Any] | None:
    cell = row.get("montant htva", "")
    read = read_amount(cell)
    if isinstance(read, Doubt) or read.vat is Vat.INCLUDED:
        sheet.faults.append(_not_an_amount(number, cell, read))
        return None
    return {
        "label": row.get("prix", "") or "forfait",
        "unit_cents": read.cents,
        "from_population": _people(number, "dès habitants", row, sheet),
        "below_population": _people(number, "moins de habitants", row, sheet),
        "unit": row.get("unité", ""),
        "option": row.get("option", "").lower() in {"oui", "ja", "yes", "x", "1"},
    }


def _not_an_amount(number: int, cell: str, read: Amount | Doubt) -> Text:
    meant = possible_cents(cell)
    if len(meant) == 2:
        return _(
            "ligne {number} : « {cell} », est-ce {one} ou {other} ?",
            number=number,
            cell=cell[:40],
            one=Money(meant[0]),
            other=Money(meant[1], exact=True),
        )
    if isinstance(read, Amount):
        return _("ligne {number} : le montant s'écrit hors TVA", number=number)
    return _(
        "ligne {number} : « {cell} » n'est pas un montant, attendu par exemple 24.000,00",
        number=number,
        cell=cell[:40],
    )


def _people(number: int, name: str, row: Mapping[str, str], sheet: Sheet) -> int | None:
    cell = row.get(name, "").replace(".", "").replace(" ", "").replace("\u00a0", "")
    if cell and not cell.isdecimal():
        sheet.faults.append(
            _(
                "ligne {number} : « {name} » : « {cell} » n'est pas un nombre d'habitants",
                number=number,
                name=name,
                cell=cell[:40],
            )
        )
        return None
    return int(cell) if cell else None


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


def _row(solution: Solution, price: Price) -> list[str]:
    return [
        solution.slug,
        solution.name,
        solution.supplier,
        solution.summary,
        f" {SEPARATOR} ".join(solution.functions),
        f" {SEPARATOR} ".join(solution.aliases),
        solution.lot,
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
