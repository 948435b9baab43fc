"""XLSX: the visible cells of the visible sheets, with the values that were last computed.

A number is written as the sheet's reader sees it. A formula that no program computed has no value:
then nobody has seen what the sheet says, and it is not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from openpyxl import load_workbook
from openpyxl.cell import Cell as Field
from openpyxl.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from handlers.paper import Cell, Legibility, Paper, Row

MOST_ROWS = 2_000
MOST_COLUMNS = 100
_CENT = Decimal("0.01")


class _NotComputedError(Exception):
    """A formula without a value."""


def read(content: bytes) -> Paper:
    """The rows of a workbook. Raises what the library raises for a broken one."""
    formulas = load_workbook(io.BytesIO(content), keep_links=False)
    values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if any(sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS for sheet in sheets):
        return Paper(Legibility.TOO_LARGE)
    try:
        rows = tuple(row for sheet in sheets for row in _rows(sheet, formulas))
    except _NotComputedError:
        return Paper(Legibility.NOT_COMPUTED)
    return Paper(Legibility.READ if rows else Legibility.NO_TEXT, rows)


def _rows(sheet: Worksheet, formulas: Workbook) -> Iterator[Row]:
    spans = {(area.min_row, area.min_col): area.max_col for area in sheet.merged_cells.ranges}
    for line in sheet.iter_rows():
        row = tuple(_cells(line, sheet, formulas[sheet.title], spans))
        if row:
            yield row


def _cells(
    line: tuple[Field | MergedCell, ...],
    sheet: Worksheet,
    formulas: Worksheet,
    spans: dict[tuple[int, int], int],
) -> Iterator[Cell]:
    for field in line:
        if isinstance(field, MergedCell) or _is_hidden(sheet, field):
            continue
        if field.value is None and formulas.cell(field.row, field.column).data_type == "f":
            raise _NotComputedError
        text = shown(field.value, field.number_format)
        if text:
            last = spans.get((field.row, field.column), field.column)
            yield Cell(text, field.column, last + 1)


def _is_hidden(sheet: Worksheet, field: Field) -> bool:
    if sheet.row_dimensions[field.row].hidden:
        return True
    return bool(sheet.column_dimensions[field.column_letter].hidden)


def shown(value: object, number_format: str) -> str:
    """A value as the sheet's reader sees it: « 24000,50 », « 21 % », « 09/03/2026 »."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), number_format)
    return " ".join(str(value).split())


def _number(value: Decimal, number_format: str) -> str:
    if "%" in number_format:
        return f"{(value * 100).normalize():f} %".replace(".", ",")
    if value == value.to_integral_value():
        return f"{value:.0f}"
    return f"{value.quantize(_CENT, ROUND_HALF_UP)}".replace(".", ",")
