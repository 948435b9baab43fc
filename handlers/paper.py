"""What stands on the paper that came with a message: the rows of a document, or why there are none.

Pure data. Who turns a file's bytes into it is :mod:`bot.papers`, in a process of its own; a handler
only ever sees the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Legibility(StrEnum):
    """Whether a document could be read, or what stood in the way."""

    READ = "read"
    NO_TEXT = "no text"
    """A picture of a page, as scanners make it."""
    LOCKED = "locked"
    """Protected by a password."""
    MACROS = "macros"
    """It holds a program; such a file is not opened."""
    NOT_COMPUTED = "not computed"
    """A spreadsheet whose formulas no program ever computed: nobody has seen its amounts."""
    TOO_LARGE = "too large"
    """More bytes, pages or time than is given to one document."""
    OLD = "old"
    """A format of before 2007 (.doc, .xls), in which locked ones of today come, too."""
    ENTITIES = "entities"
    """It defines words of its own that grow when they are read: no Office document may
    (ECMA-376, part 2: a package holds no document type definition).
    """
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together, and from where to where in their row: columns of a page of text,
    or of a table.
    """

    text: str
    start: int
    end: int


Row = tuple[Cell, ...]
Line = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """The first sheet of a workbook as data: lines that are not empty, each with its number and
    every cell from the first column on, spelt as an amount of this country.
    """

    legibility: Legibility
    lines: tuple[Line, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """As plain JSON."""
        lines = [[number, list(cells)] for number, cells in self.lines]
        return {"legibility": str(self.legibility), "lines": lines}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Table:
        """Back from JSON. Raises KeyError, TypeError or ValueError for anything else."""
        lines = tuple(
            (int(number), tuple(str(cell) for cell in cells)) for number, cells in record["lines"]
        )
        return cls(Legibility(record["legibility"]), lines)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document's rows in reading order, each with its cells from left to right. ``table`` is the
    first sheet of a workbook, as an import reads it.
    """

    legibility: Legibility
    rows: tuple[Row, ...] = ()
    table: Table | None = None

    def as_record(self) -> dict[str, Any]:
        """As plain JSON."""
        rows = [[[cell.text, cell.start, cell.end] for cell in row] for row in self.rows]
        table = {"table": self.table.as_record()} if self.table else {}
        return {"legibility": str(self.legibility), "rows": rows, **table}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Paper:
        """Back from JSON. Raises KeyError, TypeError or ValueError for anything else."""
        rows = tuple(
            tuple(Cell(str(text), int(start), int(end)) for text, start, end in row)
            for row in record["rows"]
        )
        table = Table.from_record(record["table"]) if record.get("table") else None
        return cls(Legibility(record["legibility"]), rows, table)
