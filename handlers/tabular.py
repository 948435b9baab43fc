"""Tables in files: read from CSV, XLSX and YAML, written as any of them.

However a table comes, it is the same here: lines with their number in the file, and cells as the
words that stand in them. Nothing is guessed from a type: « 24.000 » stays « 24.000 » until somebody
reads it as an amount. What is wrong is told by its line, all at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from handlers.request import IncomingFile
from handlers.tables import MOST_BYTES, MOST_LINES, Read, grid
from handlers.wording import _

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YAML = "application/yaml"
ENDINGS = (".csv", ".txt", ".xlsx", ".yaml", ".yml")


def read(file: IncomingFile, known: Sequence[str], needed: Sequence[str]) -> Read:
    """The lines of a file whose headings are among ``known`` and hold all that is ``needed``.

    What a file's kind is, its name tells; cells are trimmed, headings in small letters.
    """
    found = Read()
    if len(file.content) > MOST_BYTES:
        found.faults.append(_("le fichier est trop grand : envoyez-le en plusieurs parties"))
        return found
    ending = file.name.lower().rpartition(".")[2]
    headings = _READERS.get(ending, _from_csv)(file, found)
    _check(headings, known, needed, found)
    if len(found.lines) > MOST_LINES:
        found.faults.append(_("au plus {most} lignes par fichier", most=MOST_LINES))
    if found.faults and not headings >= set(needed):
        found.lines.clear()
    return found


def _check(headings: set[str], known: Sequence[str], needed: Sequence[str], found: Read) -> None:
    missing = [name for name in needed if name not in headings]
    strange = sorted(name for name in headings if name and name not in known)
    if missing and not found.faults:
        found.faults.append(_("ligne 1 : il manque les colonnes {names}", names=", ".join(missing)))
    if strange:
        found.faults.append(
            _("ligne 1 : colonnes inconnues {names}", names=", ".join(strange)[:200])
        )


# -- CSV ----------------------------------------------------------------------------------------


def _from_csv(file: IncomingFile, found: Read) -> set[str]:
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a spreadsheet of this country saves when nobody asks for UTF-8.
        text = file.content.decode("cp1252", errors="replace")
    skipped = len(text) - len(text.lstrip("\ufeff\n\r "))
    first = text[skipped:].partition("\n")[0]
    reader = csv.reader(io.StringIO(text[skipped:]), delimiter=";" if ";" in first else ",")
    above = text[:skipped].count("\n")
    return grid(((above + reader.line_num, cells) for cells in _cells(reader, found)), found)


def _cells(reader: Any, found: Read) -> Iterator[list[str]]:
    try:
        for cells in reader:
            yield [cell.strip().removeprefix("'") for cell in cells]
    except csv.Error:
        found.faults.append(_("ligne {number} : illisible", number=reader.line_num))


def _from_xlsx(file: IncomingFile, found: Read) -> set[str]:
    from handlers import tables_xlsx  # noqa: PLC0415 - loaded only where such a file comes

    return tables_xlsx.read(file.paper, found)


def _from_yaml(file: IncomingFile, found: Read) -> set[str]:
    from handlers import tables_yaml  # noqa: PLC0415 - loaded only where such a file comes

    return tables_yaml.read(file.content, found)


_READERS = {"xlsx": _from_xlsx, "yaml": _from_yaml, "yml": _from_yaml}


# -- writing --------------------------------------------------------------------------------------


_FORMULA = frozenset("=+-@\t\r")


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a spreadsheet of this country opens them: semicolons, and a mark for UTF-8.

    A cell that begins like a formula gets an apostrophe before it, so that none is carried out.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in _FORMULA else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """Rows as a workbook; every cell is text, so that none is a formula or changes its spelling."""
    from handlers import tables_xlsx  # noqa: PLC0415 - loaded only where such a file is wanted

    return tables_xlsx.written(rows, title)


def as_yaml(entries: Sequence[dict[str, Any]]) -> bytes:
    """Entries as YAML, in the order in which their parts are given."""
    from handlers import tables_yaml  # noqa: PLC0415 - loaded only where such a file is wanted

    return tables_yaml.written(entries)
