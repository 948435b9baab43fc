"""The draft convention: one set of facts as a document to edit and as a PDF; templates that are
somebody else's (acceptance B40).
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import conventions
from handlers.desk import Desk
from handlers.platform import Platform
from storage.agreements import Agreement
from storage.files import StoredFile
from tests.handlers.conversation import MAIL, World

OWN_WORDS = "demande une nacelle {{ 7*7 }} & <b>haute</b>, du 4 au 8 mai 2026"


@pytest.fixture
def channel() -> str:
    """Documents are the same wherever they are sent."""
    return MAIL


@pytest.fixture
def agreed(shop: World) -> World:
    """A loan of equipment between two institutions."""
    helene, bruno = shop.helene(), shop.bruno()
    helene.answers(helene.asks(OWN_WORDS), "oui")
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    helene.answers(helene.asks("retenir A-1, conditions : caution de 100 €"), "oui")
    return shop


def _texts(world: World) -> dict[str, str]:
    def conventions_kept(session: Session) -> dict[str, bytes]:
        rows = session.scalars(select(StoredFile).where(StoredFile.name.like("convention-A-%")))
        return {row.name.rpartition(".")[2]: row.content for row in rows}

    contents = world.change(conventions_kept)
    pdf = PdfReader(BytesIO(contents["pdf"]))
    return {
        "docx": _words_of(contents["docx"]),
        "pdf": " ".join(page.extract_text() for page in pdf.pages),
    }


def _words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_both_documents_say_the_same(agreed: World) -> None:
    for text in _texts(agreed).values():
        told = " ".join(text.split())
        for fact in (
            "Convention de prêt de matériel",
            "A-2026-0001",
            "Commune de Musson",
            "CPAS de Rouvroy",
            "Hélène Lambiotte",
            "Bruno Wéry",
            "4 mai 2026",
            "8 mai 2026",
            "caution de 100 €",
            "Base légale",
            "Code civil",
            "dans la mesure du possible",
        ):
            assert fact in told


def test_what_members_write_is_text_and_never_template(agreed: World) -> None:
    for text in _texts(agreed).values():
        assert "{{ 7*7 }} & <b>haute</b>" in " ".join(text.split())
        assert "49" not in text


def _filled(world: World, folder: Path, line: str) -> str:
    """What an own template of one line becomes."""
    document = Document()
    document.add_paragraph(line)
    path = folder / "own.docx"
    document.save(str(path))
    lending = world.platform.settings.lending.model_copy(update={"convention": path})
    settings = world.platform.settings.model_copy(update={"lending": lending})
    platform = _with(world.platform, settings)

    def fill(session: Session) -> bytes:
        desk = Desk(session, platform, world.clock.now())
        told = conventions.facts(desk, session.get_one(Agreement, 1))
        return conventions.as_docx(desk, told)

    return _words_of(world.change(fill))


def _with(platform: Platform, settings: object) -> Platform:
    return replace(platform, settings=settings)  # type: ignore[arg-type] # a copy of its own


def test_an_own_template_gets_the_facts(agreed: World, tmp_path: Path) -> None:
    text = _filled(agreed, tmp_path, "{{ lender.institution }} → {{ borrower.name }}")
    assert text.strip() == "CPAS de Rouvroy → Hélène Lambiotte"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{{ lender.__class__.__mro__ }}", SecurityError),
        ("{{ ''.__class__.__base__.__subclasses__() }}", SecurityError),
        ("{{ obligations.append('x') }}", SecurityError),
        ("{{ lender.salary }}", UndefinedError),
    ],
)
def test_a_template_reaches_nothing_but_the_facts(
    agreed: World, tmp_path: Path, line: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _filled(agreed, tmp_path, line)
