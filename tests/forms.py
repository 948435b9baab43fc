"""Order forms as clerks make them, generated: as PDF, DOCX and XLSX, and spoilt ones."""

from __future__ import annotations

import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zipfile import ZIP_DEFLATED, ZipFile

import typst
from docx import Document
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader, PdfWriter


@dataclass(frozen=True)
class FormOnPaper:
    """What stands on a form: a title, facts, a table, sums, and what stands under them."""

    title: str = "BON DE COMMANDE 2026/0143"
    top: Sequence[str] = (
        "Administration communale de Musson",
        "N° d'entreprise : BE 0207.379.169",
        "Destinataire : Centrale d'achats Smart",
    )
    header: Sequence[str] = ("Désignation", "Quantité", "Prix unitaire HTVA", "Montant HTVA")
    lines: Sequence[Sequence[str]] = (
        ("E-guichet", "1", "24.000,00 €", "24.000,00 €"),
        ("Prise de rendez-vous en ligne", "2", "5 940,00 €", "11 880,00 €"),
    )
    sums: Sequence[tuple[str, str]] = (
        ("Total HTVA", "35.880,00 €"),
        ("TVA 21 %", "7.534,80 €"),
        ("Total TVAC", "43.414,80 €"),
    )
    facts: Sequence[tuple[str, str]] = (
        ("Décision du Collège communal", "16/03/2026, réf. 2026/131"),
        ("Article budgétaire", "104/742-53"),
        ("Adresse de livraison", "Place Abbé Goffinet 1, 6750 Musson"),
        ("Adresse de facturation", "compta@musson.example"),
        ("Personne de contact", "Ida Roland"),
    )

    def but(self, **other: object) -> FormOnPaper:
        """The same form with something else on it."""
        return replace(self, **other)  # type: ignore[arg-type] # the names of its own fields

    def priced(self, at: int, *cells: str) -> FormOnPaper:
        """The same form with other cells in one line, its first counted as 0."""
        lines = [tuple(line) for line in self.lines]
        lines[at] = (lines[at][0], *cells)
        return replace(self, lines=lines)


FORM = FormOnPaper()

_PAGE = """
#let form = json(bytes(sys.inputs.form))
#set text(size: 10pt, lang: "fr")
#for line in form.top [#line #linebreak()]
= #form.title
#table(
  columns: (1fr,) + (auto,) * (form.header.len() - 1),
  ..form.header, ..form.lines.flatten(),
)
#table(columns: (auto, auto), stroke: none, ..form.sums.flatten())
#for (name, value) in form.facts [#name : #value #linebreak()]
"""


def as_pdf(form: FormOnPaper) -> bytes:
    """A form as a word processor exports it."""
    told = json.dumps(form.__dict__, ensure_ascii=False)
    return _compiled(_PAGE, form=told)


def _compiled(source: str, **inputs: str) -> bytes:
    made: bytes = typst.compile(source.encode(), sys_inputs=inputs, ignore_system_fonts=True)
    return made


def as_docx(form: FormOnPaper) -> bytes:
    """A form in a word processor, with real tables."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "".join(form.top[:1])
    for line in form.top[1:]:
        document.add_paragraph(line)
    document.add_heading(form.title)
    table = document.add_table(rows=0, cols=len(form.header))
    for row in (form.header, *form.lines):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    for name, value in form.sums:
        cells = table.add_row().cells
        cells[0].merge(cells[-2]).text = name
        cells[-1].text = value
    facts = document.add_table(rows=0, cols=2)
    for name, value in form.facts:
        for cell, words in zip(facts.add_row().cells, (name, value), strict=True):
            cell.text = words
    return _bytes(document.save)


def as_xlsx(form: FormOnPaper) -> bytes:
    """A form in a spreadsheet: text cells, a merged title."""
    book, sheet = _book()
    for line in form.top:
        sheet.append([line])
    sheet.append([form.title])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=4)
    sheet.append([])
    for cells in (form.header, *form.lines):
        sheet.append(list(cells))
    for name, value in form.sums:
        sheet.append([name, *[None] * (len(form.header) - 2), value])
    for name, value in form.facts:
        sheet.append([name, value])
    return _bytes(book.save)


def _book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return book, sheet


def _bytes(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


FORMATS: Mapping[str, Callable[[FormOnPaper], bytes]] = {
    "pdf": as_pdf,
    "docx": as_docx,
    "xlsx": as_xlsx,
}

# -- spreadsheets that reckon -------------------------------------------------------------------


@dataclass(frozen=True)
class Reckoned:
    """A spreadsheet with formulas, and the values that a program computed for them, if any."""

    values: Mapping[str, str] = field(default_factory=dict)

    def as_xlsx(self) -> bytes:
        """Two lines with formulas, numbers as numbers, a hidden row and a hidden sheet."""
        book, sheet = _book()
        sheet["A1"] = "Bon de commande 77"
        sheet.append(["Désignation", "Quantité", "Prix unitaire HTVA", "Montant HTVA", "Taux TVA"])
        sheet.append(["E-guichet", 1, 24000, "=B3*C3", 0.21])
        sheet.append(["Prise de rendez-vous en ligne", 2, 5940.00, "=B4*C4", 0.21])
        sheet.append(["Budget participatif", 9, 9, 81, 0.21])
        sheet.append(["Total HTVA", None, None, "=D3+D4"])
        sheet.row_dimensions[5].hidden = True
        for row in (3, 4, 5):
            sheet[f"E{row}"].number_format = "0%"
        other = book.create_sheet("Brouillon")
        other.append(["Désignation", "Quantité"])
        other.append(["Application mobile communale", 3])
        other.sheet_state = "hidden"
        return self._computed(_bytes(book.save))

    def _computed(self, made: bytes) -> bytes:
        """What a spreadsheet program adds when it saves: the value of each formula."""
        return rewritten(made, "xl/worksheets/sheet1.xml", self._with_values)

    def _with_values(self, xml: str) -> str:
        for place, value in self.values.items():
            empty = re.compile(rf'(<c r="{place}"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)')
            xml = empty.sub(rf"\g<1><v>{value}</v>", xml)
        return xml


COMPUTED = Reckoned({"D3": "24000", "D4": "11880", "D6": "35880"})


# -- spoilt ones --------------------------------------------------------------------------------


def rewritten(package: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """An Office file with one part changed."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return out.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """An Office file with one more part."""
    out = io.BytesIO(package)
    with ZipFile(out, "a", ZIP_DEFLATED) as package_:
        package_.writestr(name, content)
    return out.getvalue()


def with_parts(package: bytes, count: int) -> bytes:
    """An Office file with many empty parts more."""
    out = io.BytesIO(package)
    with ZipFile(out, "a") as package_:
        for number in range(count):
            package_.writestr(f"x{number}", b"")
    return out.getvalue()


def with_macros(package: bytes) -> bytes:
    """A form that holds a program."""
    return with_part(package, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")


def zip_bomb() -> bytes:
    """A small spreadsheet that unpacks to far more than a form needs."""
    return with_part(as_xlsx(FORM), "xl/media/image1.png", b"\0" * 60_000_000)


def entity_bomb() -> bytes:
    """A spreadsheet whose words multiply when they are read."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]>'
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>'
    return rewritten(
        as_xlsx(FORM),
        "xl/worksheets/sheet1.xml",
        lambda _xml: f"{head}{sheet}{cell}</sheetData></worksheet>",
    )


_SHEET_1 = "xl/worksheets/sheet1.xml"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def table_with(rows: str, dimension: str = "A1:B2") -> bytes:
    """A workbook whose first sheet holds the given XML of rows, and says that it is that large."""
    sheet = (
        f'<worksheet xmlns="{_SPREADSHEET}"><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    return rewritten(as_xlsx(FORM), _SHEET_1, lambda _xml: sheet)


def row_of(number: int, *words: str) -> str:
    """The XML of one row of text."""
    cells = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in words)
    return f'<row r="{number}">{cells}</row>'


def endless_table() -> bytes:
    """A sheet of a million rows in a small file, which says that it has two."""
    return table_with("<row><c><v>1</v></c></row>" * 1_000_000)


def far_cell(words: str) -> bytes:
    """A table of two lines, and a cell in the last corner that a sheet can have."""
    corner = f'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>{words}</t></is></c></row>'
    return table_with(row_of(1, "code", "nom") + row_of(2, "a", "Un") + corner)


def with_links(outside: str) -> bytes:
    """A table whose cells come from another workbook, at an address, as last computed."""
    linked = (
        '<row r="2"><c r="A2" t="str"><f>[1]Feuil1!$A$1</f><v>a</v></c>'
        f'<c r="B2" t="str"><f>WEBSERVICE("{outside}")</f><v>Un</v></c></row>'
    )
    link = (
        f'<externalLink xmlns="{_SPREADSHEET}" xmlns:r="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships"><externalBook r:id="rId1"/></externalLink>'
    )
    way = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/externalLinkPath" Target="{outside}" TargetMode="External"/>'
        "</Relationships>"
    )
    book = table_with(row_of(1, "code", "nom") + linked)
    book = with_part(book, "xl/externalLinks/externalLink1.xml", link.encode())
    return with_part(book, "xl/externalLinks/_rels/externalLink1.xml.rels", way.encode())


def in_utf_16(package: bytes) -> bytes:
    """The first sheet in another encoding, as XML may be."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == _SHEET_1:
                content = (
                    content.decode().replace('"1.0"?', '"1.0" encoding="UTF-16"?').encode("utf-16")
                )
            new.writestr(name, content)
    return out.getvalue()


def scanned() -> bytes:
    """A page that is a picture, as scanners make it."""
    return _compiled("#image(bytes(json(bytes(sys.inputs.png))))", png=json.dumps(list(_picture())))


def _picture() -> bytes:
    """A grey PNG of 64 by 64 points."""
    rows = b"".join(b"\0" + bytes(64) for _row in range(64))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def locked(pdf: bytes) -> bytes:
    """A PDF behind a password."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf)))
    writer.encrypt("secret", algorithm="RC4-128")
    return _bytes(writer.write)


def of_pages(count: int) -> bytes:
    """A PDF of many pages."""
    return _compiled(f"#for n in range({count}) [page #n #pagebreak()]")


DECISION = (
    "PROVINCE DE LUXEMBOURG",
    "COMMUNE DE MUSSON",
    "EXTRAIT du registre aux délibérations du Collège communal",
    "Séance du 16 mars 2026",
    "Objet : informatique, commande via la centrale d'achats Smart",
    "Vu la décision du Conseil communal du 26 février 2024 d'adhérer à ladite centrale ;",
    "DÉCIDE, à l'unanimité :",
    "Art. 1. De commander, sous les références M/2026-07 :",
    "a) e-guichet, au prix de 24.000,00 EUR hors TVA ;",
    "b) prise de rendez-vous en ligne, au prix de 5.940,00 EUR hors TVA.",
    "Art. 2. La dépense est imputée à l'article 104/742-53.",
    "Art. 3. Le contrat est conclu pour trente-six mois.",
)
"""A decision to order, without a table."""


def as_page(lines: Sequence[str]) -> bytes:
    """Lines of words as a PDF."""
    source = "#for line in json(bytes(sys.inputs.lines)) [#line #linebreak()]"
    return _compiled(source, lines=json.dumps(list(lines), ensure_ascii=False))
