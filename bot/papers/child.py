"""The process that opens one document: started by :mod:`bot.papers.reading`, which may kill it.

Its bytes come in on standard input, what stands in it goes out as JSON on standard output. Nothing
that came with a message is opened in the bot itself.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from unicodedata import category

from bot.confinement import confine
from bot.papers.packages import Package, RefusedError, kind_of
from handlers.paper import Cell, Legibility, Paper, Table

MOST_TEXT = 200_000
"""Characters of one document."""
_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> None:
    """Read the one document."""
    confine()
    paper = paper_of(sys.stdin.buffer.read())
    json.dump(paper.as_record() if paper else None, sys.stdout)


def paper_of(content: bytes) -> Paper | None:
    """What stands in a document; None for a file of another kind, whatever its name says."""
    try:
        paper = _paper(content)
    except RefusedError as refused:
        return Paper(refused.why)
    except MemoryError:
        return Paper(Legibility.TOO_LARGE)
    except Exception:  # noqa: BLE001 - three libraries over a stranger's bytes: whatever they raise
        return Paper(Legibility.BROKEN)
    return _bounded(paper) if paper else None


def _paper(content: bytes) -> Paper | None:
    # Each library is imported only for what it reads: the process lives for one document.
    if _PDF in content[:1024]:
        from bot.papers import pages  # noqa: PLC0415 - see above

        return pages.read(content)
    if content.startswith(_OLE):
        return Paper(Legibility.OLD)
    if not content.startswith(_ZIP):
        return None
    kind = kind_of(content)
    if kind is Package.TEXT:
        from bot.papers import texts  # noqa: PLC0415 - see above

        return texts.read(content)
    if kind is Package.SHEET:
        return _workbook(content)
    return None


def _workbook(content: bytes) -> Paper:
    """A workbook as a table and as a form. As a form it is taken whole into memory, so only if the
    table, which is read line by line, is small enough.
    """
    from bot.papers import sheets, tables  # noqa: PLC0415 - see above

    table, last = tables.read(content)
    if last > sheets.MOST_ROWS:
        return Paper(Legibility.TOO_LARGE, table=table)
    return replace(sheets.read(content), table=table)


def _bounded(paper: Paper) -> Paper:
    """The same as every channel can carry it: no control characters, not without end."""
    rows = tuple(tuple(_clean(cell) for cell in row) for row in paper.rows)
    table = _clean_table(paper.table) if paper.table else None
    if sum(len(cell.text) for row in rows for cell in row) > MOST_TEXT:
        return Paper(Legibility.TOO_LARGE, table=table)
    return Paper(paper.legibility, rows, table)


def _clean(cell: Cell) -> Cell:
    text = "".join(char if char.isprintable() else " " for char in cell.text)
    return Cell(" ".join(text.split()), cell.start, cell.end)


def _clean_table(table: Table) -> Table:
    lines = ((number, tuple(map(_without_controls, cells))) for number, cells in table.lines)
    return Table(table.legibility, tuple(lines))


def _without_controls(text: str) -> str:
    return "".join(" " if category(char) == "Cc" and char != "\n" else char for char in text)


if __name__ == "__main__":
    main()
