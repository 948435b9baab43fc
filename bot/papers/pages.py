"""PDF: the text of its pages as it stands there, column by column, and what its fields were given.

``pypdf`` reads the text (docs/adr/0023); where it stands on the page tells the cells of a row.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from handlers.paper import Cell, Legibility, Paper, Row

MOST_PAGES = 20
"""Pages of one order form; more than that is another kind of document."""
_LEAST_LETTERS = 20
"""What a stamp on a scanned page may leave: no text yet."""
_TOGETHER = re.compile(r"\S+(?: \S+)*")
"""Words parted by one space; a wider gap parts cells."""


def read(content: bytes) -> Paper:
    """The rows of a PDF, page by page."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return Paper(Legibility.LOCKED)
        if len(reader.pages) > MOST_PAGES:
            return Paper(Legibility.TOO_LARGE)
        rows = [row for page in reader.pages for row in _rows(_text_of(page))]
        rows += _fields(reader)
    except PyPdfError:
        return Paper(Legibility.BROKEN)
    letters = sum(char.isalpha() for row in rows for cell in row for char in cell.text)
    if letters < _LEAST_LETTERS:
        return Paper(Legibility.NO_TEXT)
    return Paper(Legibility.READ, tuple(rows))


def _text_of(page: object) -> str:
    text: str = page.extract_text(extraction_mode="layout")  # type: ignore[attr-defined] # PageObject
    return text


def _rows(text: str) -> Iterator[Row]:
    for line in text.expandtabs(4).splitlines():
        row = tuple(Cell(m.group(), m.start(), m.end()) for m in _TOGETHER.finditer(line))
        if row:
            yield row


def _fields(reader: PdfReader) -> Iterator[Row]:
    """What was typed into the fields of a form: pages do not hold it as text."""
    for name, value in (reader.get_form_text_fields() or {}).items():
        told = str(value or "").strip()
        if told:
            yield Cell(str(name), 0, 1), Cell(told, 1, 2)
