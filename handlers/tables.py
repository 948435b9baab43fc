"""What a table in a file is, however it comes: lines with their number, and cells as words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from handlers.wording import Text

SEPARATOR = "|"
"""Between several things in one cell."""
MOST_LINES = 2000
"""Up to how many lines are read."""
MOST_BYTES = 2_000_000
"""Up to how large a file may be, and a workbook unpacked twenty times that."""

Line = tuple[int, dict[str, str]]


@dataclass
class Read:
    """The lines of a file, each with its number, and what is wrong with them."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)


def grid(lines: Iterable[tuple[int, list[str]]], found: Read) -> set[str]:
    """Lines of cells below one line of headings."""
    headings: list[str] | None = None
    for number, cells in lines:
        if headings is None:
            headings = [cell.lower() for cell in cells]
        elif any(cells):
            found.lines.append((number, dict(zip(headings, cells, strict=False))))
        if len(found.lines) > MOST_LINES:
            break
    return set(headings or ())
