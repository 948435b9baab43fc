"""Tables in a workbook: its first sheet; of a formula, what it last came to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from handlers.tables import MOST_BYTES, Read, grid
from handlers.wording import _


def read(content: bytes, found: Read) -> set[str]:
    """Add the lines of a file to ``found``; gives its headings."""
    try:
        if _swells(content):
            found.faults.append(_("le fichier est trop grand : envoyez-le en plusieurs parties"))
            return set()
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = (
            (number, [_spelt(cell.value, str(cell.number_format)) for cell in row])
            for number, row in enumerate(sheet.iter_rows(), 1)
        )
        return grid(rows, found)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        AttributeError,
        SyntaxError,  # that of XML is one
    ):
        # openpyxl has no error of its own for what is damaged inside.
        found.faults.append(_("le fichier n'est pas un classeur XLSX lisible"))
        return set()


def _swells(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(entry.file_size for entry in archive.infolist()) > 20 * MOST_BYTES


def _spelt(value: object, shown_as: str) -> str:
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


def written(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """Rows as a workbook; every cell is text, so that none is a formula or changes its spelling."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = "".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "1"
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(at, column, value)
            cell.data_type, cell.number_format = "s", "@"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
