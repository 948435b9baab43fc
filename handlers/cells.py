"""What stands in one cell of a table: an amount, a day, a number. What cannot be read is a fault,
told with its line and an example that works; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers.reading.amounts import Amount, Doubt, Vat, possible_cents, read_amount
from handlers.wording import Money, Text, _

_LONGEST = 40


def amount(number: int, cell: str, faults: list[Text]) -> int | None:
    """An amount excluding VAT, in cents, as people type them (acceptance A22)."""
    read = read_amount(cell)
    if isinstance(read, Amount) and read.vat is not Vat.INCLUDED:
        return read.cents
    faults.append(_not_an_amount(number, cell, read))
    return None


def _not_an_amount(number: int, cell: str, read: Amount | Doubt) -> Text:
    meant = possible_cents(cell)
    if len(meant) == 2:
        return _(
            "ligne {number} : « {cell} », est-ce {one} ou {other} ?",
            number=number,
            cell=cell[:_LONGEST],
            one=Money(meant[0]),
            other=Money(meant[1], exact=True),
        )
    if isinstance(read, Amount):
        return _("ligne {number} : le montant s'écrit hors TVA", number=number)
    return _(
        "ligne {number} : « {cell} » n'est pas un montant, attendu par exemple 24.000,00",
        number=number,
        cell=cell[:_LONGEST],
    )


def day(number: int, name: str, row: Mapping[str, str], faults: list[Text]) -> date | None:
    """A day as 31/12/2026 or 2026-12-31; None if the cell is empty."""
    cell = row.get(name, "")
    try:
        return date.fromisoformat("-".join(reversed(cell.split("/")))) if cell else None
    except ValueError:
        faults.append(
            _(
                "ligne {number} : « {name} » : « {cell} » n'est pas une date, attendu par exemple"
                " 31/12/2026",
                number=number,
                name=name,
                cell=cell[:_LONGEST],
            )
        )
        return None


def count(number: int, name: str, row: Mapping[str, str], faults: list[Text]) -> int | None:
    """A whole number; None if the cell is empty."""
    cell = row.get(name, "").replace(".", "").replace(" ", "").replace("\u00a0", "")
    if cell and not cell.isdecimal():
        faults.append(
            _(
                "ligne {number} : « {name} » : « {cell} » n'est pas un nombre",
                number=number,
                name=name,
                cell=cell[:_LONGEST],
            )
        )
        return None
    return int(cell) if cell else None
