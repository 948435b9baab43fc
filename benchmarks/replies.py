"""How exactly replies are parted from what they quote: any folder of pairs, scored.

    python -m benchmarks.replies DIR [--at-least N]

DIR (or ``DIR/test``) holds ``emails/`` with the text bodies of mails and ``trimmed/`` with, under
the same names, what their authors wrote. A pair is exact when both texts are the same after this
and no other normalisation: line ends become line feeds, white space at the end of every line goes,
and so do empty lines at the beginning and at the end. Empty lines within and indentation count.

For a pair that is not exact, ``lost`` is how many lines of the expected text the bot does not read
(signatures, which it reads, are not counted as lost) and ``left`` how many it should not have kept.
The end is a failure below the number given with ``--at-least``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.mail.quoting import cut


@dataclass(frozen=True, slots=True)
class Pair:
    """How one mail came out; ``lost`` and ``left`` are numbers of lines."""

    file: str
    exact: bool
    lost: int
    left: int


def score(folder: Path) -> list[Pair]:
    """Every pair of a folder. Raises FileNotFoundError if it has none."""
    home = next((home for home in (folder, folder / "test") if (home / "emails").is_dir()), None)
    if home is None:
        raise FileNotFoundError(f"no folder 'emails' in {folder}")
    return list(_pairs(home))


def _pairs(home: Path) -> Iterator[Pair]:
    # A hidden file is no mail.
    for mail in sorted((home / "emails").glob("[!.]*")):
        expected = normalised((home / "trimmed" / mail.name).read_text(encoding="utf-8"))
        parts = cut(mail.read_text(encoding="utf-8"))
        written = normalised(parts.written)
        lost = _lines(expected) - _lines(parts.text)
        left = _lines(written) - _lines(expected)
        yield Pair(mail.name, written == expected, lost.total(), left.total())


def normalised(text: str) -> str:
    """Without white space at the ends of lines, nor empty lines around."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def _lines(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.strip())


def show(pairs: Sequence[Pair], console: Console) -> None:
    """A line per pair that is not exact, and the totals."""
    table = Table(title="Replies")
    for heading in ("mail", "lost", "left"):
        table.add_column(heading, overflow="fold")
    for pair in pairs:
        if not pair.exact:
            table.add_row(pair.file, str(pair.lost), str(pair.left))
    console.print(table)
    console.print(f"{sum(pair.exact for pair in pairs)} of {len(pairs)} exact")


def main(arguments: Sequence[str] | None = None) -> int:
    """Score a folder; 1 when fewer pairs are exact than there should be."""
    parser = argparse.ArgumentParser(description="How exactly replies are extracted.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at-least", type=int, default=0, metavar="N")
    given = parser.parse_args(arguments)
    try:
        pairs = score(given.folder)
    except FileNotFoundError as error:
        parser.error(str(error))
    show(pairs, Console())
    return 0 if sum(pair.exact for pair in pairs) >= given.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
