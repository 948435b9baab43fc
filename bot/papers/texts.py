"""DOCX: paragraphs and tables in reading order, headers and footers around them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Protocol

from docx import Document
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from handlers.paper import Cell, Legibility, Paper, Row


class _Holder(Protocol):
    def iter_inner_content(self) -> Iterator[Paragraph | Table]: ...


def read(content: bytes) -> Paper:
    """The rows of a Word document. Raises what the library raises for a broken one."""
    document = Document(io.BytesIO(content))
    first = document.sections[0] if document.sections else None
    rows = list(_rows(first.header)) if first else []
    rows += _rows(document)
    rows += _rows(first.footer) if first else ()
    return Paper(Legibility.READ if rows else Legibility.NO_TEXT, tuple(rows))


def _rows(holder: _Holder) -> Iterator[Row]:
    for block in holder.iter_inner_content():
        if isinstance(block, Paragraph):
            yield from _lines(block.text)
        else:
            yield from _table(block)


def _lines(text: str) -> Iterator[Row]:
    """A paragraph: a tab parts cells, a break rows."""
    for line in text.splitlines():
        cells = [(at, " ".join(part.split())) for at, part in enumerate(line.split("\t"))]
        row = tuple(Cell(part, at, at + 1) for at, part in cells if part)
        if row:
            yield row


def _table(table: Table) -> Iterator[Row]:
    for line in table.rows:
        row: list[Cell] = []
        seen: set[int] = set()
        for at, cell in enumerate(line.cells):
            # A merged cell stands in each of the columns that it spans.
            if id(cell._tc) in seen:
                row[-1:] = [Cell(row[-1].text, row[-1].start, at + 1)] if row else []
                continue
            seen.add(id(cell._tc))
            text = _text(cell)
            if text:
                row.append(Cell(text, at, at + 1))
        if row:
            yield tuple(row)


def _text(cell: _Cell) -> str:
    return " ".join(cell.text.split())
