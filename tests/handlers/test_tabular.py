"""Tables in files: the same lines and cells from CSV, XLSX and YAML; faults by their line."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.papers.child import paper_of
from bot.papers.tables import spelt
from handlers import tables, tabular
from handlers.request import IncomingFile
from handlers.tables import Read
from handlers.wording import plain

KNOWN = ("code", "nom", "prix", "jour")
NEEDED = ("code",)


def _book(*rows: tuple[str | date | None, ...]) -> bytes:
    book = openpyxl.Workbook()
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            book.worksheets[0].cell(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(name: str, content: bytes) -> Read:
    """A file as it comes: what it holds was looked at before."""
    file = IncomingFile(name, "application/octet-stream", content, paper_of(content))
    return tabular.read(file, KNOWN, NEEDED)


CSV = b"code;nom;prix;jour\na;Un;24.000,00;31/12/2026\n\nb;Deux;;\n"
XLSX = _book(
    ("code", "nom", "prix", "jour"),
    ("a", "Un", "24.000,00", date(2026, 12, 31)),
    (),
    ("b", "Deux", None, None),
)
YAML = b"""\
- code: a
  nom: Un
  prix: 24.000,00
  jour: 31/12/2026
- {code: b, nom: Deux}
"""


@pytest.mark.parametrize(
    ("name", "content", "numbers"),
    [("x.csv", CSV, (2, 4)), ("x.XLSX", XLSX, (2, 4)), ("x.yaml", YAML, (1, 5))],
)
def test_every_kind_says_the_same(name: str, content: bytes, numbers: tuple[int, int]) -> None:
    found = _read(name, content)
    assert found.faults == []
    assert [number for number, _cells in found.lines] == list(numbers)
    (_first, one), (_second, other) = found.lines
    assert one == {"code": "a", "nom": "Un", "prix": "24.000,00", "jour": "31/12/2026"}
    assert {name: cell for name, cell in other.items() if cell} == {"code": "b", "nom": "Deux"}


def test_prices_below_an_entry_become_a_line_each() -> None:
    text = b"solutions:\n- code: a\n  prix:\n  - prix: no\n  - prix: 24.000\n    nom: [x, y]\n"
    found = _read("x.yml", text)
    assert found.lines == [
        (4, {"code": "a", "prix": "no"}),
        (5, {"code": "a", "prix": "24.000", "nom": "x | y"}),
    ]


@pytest.mark.parametrize(
    ("value", "shown_as", "cell"),
    [
        (24000, "General", "24000"),
        (24000.5, "0.00", "24000,50"),
        (0.21, "0%", "21"),
        (True, "", "oui"),
    ],
)
def test_a_number_of_a_workbook_is_spelt_as_an_amount(
    value: object, shown_as: str, cell: str
) -> None:
    assert spelt(value, shown_as) == cell


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.csv", b"nom;prix\na;1\n", "il manque les colonnes code"),
        ("x.csv", b"code;couleur\na;bleu\n", "colonnes inconnues couleur"),
        ("x.xlsx", b"PK\x03\x04 no workbook", "XLSX"),
        ("x.xlsx", b"", "XLSX"),
        ("x.yaml", b"- code: a\n  nom: [", "ligne 2"),
        ("x.yaml", b"code: a", "une liste"),
        ("x.yaml", b"- un\n", "ligne 1"),
        ("x.yaml", b"- &x {code: a}\n- *x\n", "YAML"),
        ("x.yaml", b"[" * 5000, "YAML"),
        ("x.yaml", b"- !!python/object/apply:os.system ['true']\n", "ligne 1"),
        ("x.yaml", b"\xff\xfe", "YAML"),
        ("x.yaml", b"- [" + b"a," * 60_000 + b"]", "trop grand"),
        ("x.yaml", b"- code: a\n" * 60_000, "trop grand"),
        ("x.csv", b"code\n" + b"a\n" * (tables.MOST_LINES + 5), "au plus 2"),
        ("x.csv", b"code\n" + b"a" * (tables.MOST_BYTES + 1), "trop grand"),
    ],
)
def test_what_is_wrong_is_told(name: str, content: bytes, told: str) -> None:
    found = _read(name, content)
    assert any(told in plain(fault, "fr") for fault in found.faults), found.faults


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).map(
    lambda text: text.lstrip(" '")
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    kept = [(a.strip() or "a", b.strip()) for a, b in rows]
    table = [("code", "nom"), *kept]
    books = {
        "x.csv": tabular.as_csv(table),
        "x.xlsx": tabular.as_xlsx(table, "Titre : [1]"),
        "x.yaml": tabular.as_yaml([dict(zip(table[0], row, strict=True)) for row in kept]),
    }
    for name, content in books.items():
        found = _read(name, content)
        told = [(cells["code"], cells["nom"]) for _number, cells in found.lines]
        assert told == kept, name


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(tabular.as_xlsx([("=1+1", "@x", "-2")], "x")))
    assert [cell.data_type for cell in book.worksheets[0][1]] == ["s", "s", "s"]


def test_a_cell_of_csv_is_marked_only_if_it_begins_like_a_formula() -> None:
    written = tabular.as_csv([("", "=1+1", "-2", "a=1")]).decode("utf-8-sig")
    assert written == ";'=1+1;'-2;a=1\r\n"
