"""XLSX as data: the lines of the first sheet, for imports.

Read line by line, so that a sheet without end costs no memory. What a workbook links to is never
looked for: of a formula, what it last came to counts, and one that came to nothing yet is told.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from handlers.paper import Legibility, Line, Table
from handlers.tables import MOST_LINES

MOST_COLUMNS = 200
MOST_TEXT = 2_000_000
"""Characters of one table."""
_Cells = tuple[ReadOnlyCell, ...]


class _NotComputedError(Exception):
    """A formula without a value."""


class _TooLargeError(Exception):
    """More lines, columns or words than are taken in one file."""


def read(content: bytes) -> tuple[Table, int]:
    """The table, and the number of the last row that was looked at. Raises what the library raises
    for a broken workbook.
    """
    found = _Found()
    try:
        for number, values, formulas in _rows(content):
            found.add(number, values, formulas)
    except _NotComputedError:
        return Table(Legibility.NOT_COMPUTED), found.last
    except _TooLargeError:
        return Table(Legibility.TOO_LARGE), found.last
    return Table(Legibility.READ, tuple(found.lines)), found.last


class _Found:
    """What was read so far."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.last = 0
        self._length = 0

    def add(self, number: int, values: _Cells, formulas: _Cells) -> None:
        self.last = number
        line = [_cell(*pair) for pair in zip(values, formulas, strict=True)]
        while line and not line[-1]:
            line.pop()
        if not line:
            return
        if len(line) > MOST_COLUMNS:
            raise _TooLargeError
        self.lines.append((number, tuple(line)))
        self._length += sum(map(len, line))
        # One for the headings, one to be able to tell that there are more.
        if self._length > MOST_TEXT or len(self.lines) > MOST_LINES + 2:
            raise _TooLargeError


def _rows(content: bytes) -> Iterator[tuple[int, _Cells, _Cells]]:
    values, formulas = (_sheet(content, data_only=data_only) for data_only in (True, False))
    pairs = zip(values, formulas, strict=True)
    for number, (row, same) in enumerate(pairs, 1):
        yield number, row, same


def _sheet(content: bytes, *, data_only: bool) -> Iterator[Any]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheet = book.worksheets[0]
    assert isinstance(sheet, ReadOnlyWorksheet)  # noqa: S101 - of a book that is only read
    # What a sheet says of its own size need not be so.
    sheet.reset_dimensions()
    rows: Iterator[Any] = sheet.iter_rows()
    return rows


def _cell(value: ReadOnlyCell, formula: ReadOnlyCell) -> str:
    if value.value is None and formula.data_type == "f":
        raise _NotComputedError
    return spelt(value.value, str(value.number_format))


def spelt(value: object, shown_as: str) -> str:
    """A cell as its reader sees it, in the spelling of this country."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else ""
        case datetime() | date():
            return f"{value:%d/%m/%Y}"
        case int() | float():
            number = Decimal(str(value)) * (100 if "%" in shown_as else 1)
            return _number(number)
        case _:
            return str(value).strip().removeprefix("'")


def _number(number: Decimal) -> str:
    """With a comma and two decimals if it has any, so that it reads as an amount."""
    if number == number.to_integral_value():
        return str(int(number))
    exact = format(number.normalize(), "f")
    whole, _point, decimals = exact.partition(".")
    return f"{whole},{decimals:0<2}"
