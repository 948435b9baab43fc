"""Documents become rows, or the reason why not; whatever they are, within their time."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime

import pytest

from bot.papers.child import paper_of
from bot.papers.packages import MOST_PARTS
from bot.papers.reading import MOST_BYTES, MOST_FILES, PaperReader
from bot.papers.sheets import shown
from handlers.paper import Cell, Legibility, Paper, Table
from handlers.request import Incoming, IncomingFile
from tests import forms
from tests.forms import COMPUTED, FORM, FORMATS


def _words(content: bytes) -> list[tuple[str, ...]]:
    paper = paper_of(content)
    assert paper is not None
    assert paper.legibility is Legibility.READ
    return [tuple(cell.text for cell in row) for row in paper.rows]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_form_is_read_row_by_row(kind: str) -> None:
    rows = _words(FORMATS[kind](FORM))
    assert ("E-guichet", "1", "24.000,00 €", "24.000,00 €") in rows
    assert ("Total HTVA", "35.880,00 €") in rows
    assert any("0207.379.169" in cell for row in rows for cell in row)


def test_a_spreadsheet_says_what_its_reader_sees() -> None:
    rows = _words(COMPUTED.as_xlsx())
    assert ("Prise de rendez-vous en ligne", "2", "5940", "11880", "21 %") in rows
    assert not any("Budget participatif" in row for row in rows)
    assert not any("Application mobile communale" in row for row in rows)


@pytest.mark.parametrize(
    ("value", "number_format", "words"),
    [
        (24000, "General", "24000"),
        (24000.5, "General", "24000,50"),
        (5940.005, "0.00", "5940,01"),
        (0.21, "0%", "21 %"),
        (0.055, "0.0%", "5,5 %"),
        (datetime(2026, 3, 9), "dd/mm/yyyy", "09/03/2026"),  # noqa: DTZ001 - a sheet knows no zone
        (True, "General", ""),
        (None, "General", ""),
        ("  24.000 \n €", "@", "24.000 €"),
    ],
)
def test_values_as_they_are_shown(value: object, number_format: str, words: str) -> None:
    assert shown(value, number_format) == words


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (forms.scanned(), Legibility.NO_TEXT),
        (forms.locked(forms.as_pdf(FORM)), Legibility.LOCKED),
        (forms.of_pages(25), Legibility.TOO_LARGE),
        (forms.with_macros(forms.as_xlsx(FORM)), Legibility.MACROS),
        (forms.zip_bomb(), Legibility.TOO_LARGE),
        (forms.entity_bomb(), Legibility.ENTITIES),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Legibility.OLD),
        (forms.as_xlsx(FORM)[:2_000], Legibility.BROKEN),
        (forms.as_pdf(FORM)[:900], Legibility.BROKEN),
        (b"%PDF-1.7 and nothing that follows", Legibility.BROKEN),
        (
            forms.rewritten(forms.as_docx(FORM), "word/document.xml", lambda _xml: "<"),
            Legibility.BROKEN,
        ),
        (
            forms.rewritten(
                forms.as_docx(FORM),
                "[Content_Types].xml",
                lambda xml: xml.replace("wordprocessingml.document.main", "macroEnabled.main"),
            ),
            Legibility.MACROS,
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Legibility) else "",
)
def test_what_is_not_read_and_why(content: bytes, why: Legibility) -> None:
    assert paper_of(content) == Paper(why)


def test_a_package_of_too_many_parts_is_not_opened() -> None:
    crowded = forms.with_parts(forms.as_docx(FORM), MOST_PARTS)
    assert paper_of(crowded) == Paper(Legibility.TOO_LARGE)


@pytest.mark.parametrize("content", [b"", b"hello", forms.with_parts(b"", 1)])
def test_other_files_are_no_documents(content: bytes) -> None:
    assert paper_of(content) is None


# -- as a table ---------------------------------------------------------------------------------


def _table(content: bytes) -> Table | None:
    """What an import is given, from the process that opens it."""
    paper = PaperReader().read([_request(content)])[0].files[0].paper
    return (paper.table or Table(paper.legibility)) if paper else None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (forms.endless_table(), Legibility.TOO_LARGE),
        (forms.zip_bomb(), Legibility.TOO_LARGE),
        (forms.entity_bomb(), Legibility.ENTITIES),
        (forms.in_utf_16(forms.entity_bomb()), Legibility.ENTITIES),
        (forms.with_macros(forms.as_xlsx(FORM)), Legibility.MACROS),
        (forms.table_with('<row r="1"><c r="A1"><f>1+1</f></c></row>'), Legibility.NOT_COMPUTED),
        (forms.table_with(forms.row_of(1, "x" * 2_000_001)), Legibility.TOO_LARGE),
        (forms.table_with("<row>" * 200_000), Legibility.BROKEN),
        (
            forms.table_with('<row r="x"><c r="?" s="99999"><v>1e999</v></c></row>'),
            Legibility.BROKEN,
        ),
        (forms.as_xlsx(FORM)[:2_000], Legibility.BROKEN),
    ],
)
def test_hostile_tables_are_not_read(content: bytes, why: Legibility) -> None:
    assert _table(content) == Table(why)


def test_what_a_workbook_says_of_its_size_is_not_believed() -> None:
    lines = ((1, ("code", "nom")), (2, ("a", "Un")))
    assert _table(forms.far_cell("")) == Table(Legibility.READ, lines)
    assert _table(forms.far_cell("x")) == Table(Legibility.TOO_LARGE)
    rows = forms.row_of(1, "code", "nom") + forms.row_of(2, "a", "Un")
    assert _table(forms.table_with(rows, "A1:XFD1048576")) == Table(Legibility.READ, lines)


def test_what_a_workbook_links_to_is_never_looked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        read = _table(forms.with_links(f"http://127.0.0.1:{port}/prix.xlsx"))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert read == Table(Legibility.READ, ((1, ("code", "nom")), (2, ("a", "Un"))))


def test_a_table_comes_back_from_its_record() -> None:
    paper = paper_of(forms.far_cell(""))
    assert paper is not None
    assert Paper.from_record(json.loads(json.dumps(paper.as_record()))) == paper


# -- in a process of its own ----------------------------------------------------------------------


def _request(*contents: bytes) -> Incoming:
    files = (IncomingFile(f"{n}.pdf", "application/pdf", one) for n, one in enumerate(contents))
    now = datetime(2026, 3, 9, tzinfo=UTC)
    return Incoming("mail", "<1@a.example>", "a", "a", now, files=tuple(files))


def _papers(reader: PaperReader, *contents: bytes) -> list[Paper | None]:
    [read] = reader.read([_request(*contents)])
    assert [file.content for file in read.files] == list(contents)
    return [file.paper for file in read.files]


def test_another_process_reads_them() -> None:
    pdf, sheet = forms.as_pdf(FORM), COMPUTED.as_xlsx()
    assert _papers(PaperReader(), b"hello", pdf, sheet) == [None, paper_of(pdf), paper_of(sheet)]


def test_nobody_waits_for_longer_than_its_time() -> None:
    assert _papers(PaperReader(seconds=0.01), forms.as_pdf(FORM)) == [Paper(Legibility.TOO_LARGE)]
    assert _papers(PaperReader(batch_seconds=0), forms.as_pdf(FORM)) == [
        Paper(Legibility.TOO_LARGE)
    ]


def test_what_is_too_large_or_one_too_many_is_not_even_handed_over() -> None:
    [large] = _papers(PaperReader(), b"%PDF-" + b"\0" * MOST_BYTES)
    assert large == Paper(Legibility.TOO_LARGE)
    read = _papers(PaperReader(), *[b"%PDF-1.7"] * (MOST_FILES + 1))
    assert read == [Paper(Legibility.BROKEN)] * MOST_FILES + [None]


def test_it_goes_to_the_inbox_and_back() -> None:
    paper = Paper(Legibility.READ, ((Cell("Total", 0, 5), Cell("24.000 €", 20, 28)),))
    assert Paper.from_record(paper.as_record()) == paper
