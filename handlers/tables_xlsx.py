"""Tables in a workbook: what was read of its first sheet, and rows written as one.

A workbook that came with a message is never opened here: :mod:`bot.papers` does, in a process of
its own, and its lines come along with the file (:class:`handlers.paper.Table`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

import openpyxl

from handlers.paper import Legibility, Line, Paper
from handlers.tables import Read, grid
from handlers.wording import _

_WHY = {
    Legibility.TOO_LARGE: _("le fichier est trop grand : envoyez-le en plusieurs parties"),
    Legibility.NOT_COMPUTED: _(
        "le classeur contient des formules que votre tableur n'a pas encore calculées :"
        " enregistrez-le dans le tableur, puis renvoyez-le"
    ),
    Legibility.MACROS: _(
        "le classeur contient des macros : un tel fichier n'est pas ouvert, enregistrez-le en"
        " XLSX sans macros"
    ),
    Legibility.ENTITIES: _(
        "le classeur définit des entités XML, ce qu'aucun tableur ne fait : un tel fichier n'est"
        " pas ouvert"
    ),
    Legibility.OLD: _(
        "le classeur est d'un ancien format (.xls) ou protégé par un mot de passe :"
        " enregistrez-le en XLSX, sans mot de passe"
    ),
}
_UNREADABLE = _("le fichier n'est pas un classeur XLSX lisible")


def read(paper: Paper | None, found: Read) -> set[str]:
    """Add the lines of a workbook to ``found``; gives its headings."""
    table = paper.table if paper else None
    if table is None or table.legibility is not Legibility.READ:
        why = table or paper
        found.faults.append(_WHY.get(why.legibility, _UNREADABLE) if why else _UNREADABLE)
        return set()
    return grid(_square(table.lines), found)


def _square(lines: Sequence[Line]) -> Iterator[tuple[int, list[str]]]:
    """Every line with as many cells as there are headings: a sheet leaves out the empty last."""
    width = len(lines[0][1]) if lines else 0
    for number, cells in lines:
        yield number, [*cells, *[""] * (width - len(cells))]


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
