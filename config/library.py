"""What people may read and take from the platform: templates of documents, supra-communal
missions, the rules of the platform, news, the documents of the centrals; read from TOML beside the
files they name.

Each of the five files may be absent: a platform need not offer every part (acceptance B39, B50).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked_dataclass

from config.entries import read_entries, repeated
from config.faults import Fault, shown
from config.values import OptionalMailAddress, PartialDate, Slug, Text

__all__ = [
    "Attached",
    "Document",
    "Faq",
    "Library",
    "Mission",
    "News",
    "Regulation",
    "Template",
    "read_library",
]

TEMPLATES, MISSIONS, REGULATIONS = "templates.toml", "missions.toml", "regulations.toml"
NEWS, FAQ, DOCUMENTS = "news.toml", "faq.toml", "documents.toml"
MAX_FILE_BYTES = 10 * 1024 * 1024
"""What mail servers still pass on, once a file is encoded for a mail."""
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Attached:
    """A file beside the TOML, and the name under which people get it."""

    name: Text = Field(description="the name under which people get the file")
    file: Text = Field(description="the path of a file within this folder")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Template:
    """A template of a document, with the law that it rests on (acceptance B10, B12, B40)."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    name: Text = Field(description="the name of the template")
    summary: Text = Field(description="what it is for, in one sentence")
    file: Text = Field(description="the path of a file within this folder")
    version: str = Field(default="", description='a version in quotes, such as "1.0", or nothing')
    dated: PartialDate = Field(
        default="", description="a date as YYYY, YYYY-MM or YYYY-MM-DD, or nothing"
    )
    legal_basis: str = Field(default="", description="the law it rests on, or nothing")
    low_value: bool = Field(
        default=False, description="true if it holds only below the low-value threshold"
    )
    aliases: tuple[Text, ...] = Field(default=(), description="a list of other names")

    @property
    def files(self) -> tuple[Attached, ...]:
        """Its one file, under its own name."""
        return (Attached(name=Path(self.file).name, file=self.file),)


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Mission:
    """A supra-communal mission of the managing authority (acceptance B13 to B15)."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    name: Text = Field(description="the name of the mission")
    summary: Text = Field(description="what it is, in one sentence")
    text: Text = Field(description="the whole text")
    contact_name: str = Field(default="", description="the name of a person, or nothing")
    contact_function: str = Field(default="", description="the function of a person, or nothing")
    contact_mail: OptionalMailAddress = Field(default="", description="a mail address, or nothing")
    files: tuple[Attached, ...] = Field(default=(), description="a list of { name, file }")
    aliases: tuple[Text, ...] = Field(default=(), description="a list of other names")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Regulation:
    """The rules of the platform, in their current version (acceptance B33)."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    name: Text = Field(description="the name of the rules")
    version: Text = Field(description='a version in quotes, such as "1.0"')
    dated: PartialDate = Field(description="a date as YYYY, YYYY-MM or YYYY-MM-DD")
    text: Text = Field(description="the whole text")
    files: tuple[Attached, ...] = Field(default=(), description="a list of { name, file }")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class News:
    """An item of news, for everybody (acceptance A10)."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    name: Text = Field(description="the title")
    dated: PartialDate = Field(description="a date as YYYY, YYYY-MM or YYYY-MM-DD")
    text: Text = Field(description="the whole text")
    earlier: tuple[Slug, ...] = Field(
        default=(), description="the slugs of earlier items that it refers to"
    )
    files: tuple[Attached, ...] = Field(default=(), description="a list of { name, file }")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Faq:
    """A frequent question and its answer, for everybody (acceptance B25)."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    name: Text = Field(description="the question")
    text: Text = Field(description="the whole answer")
    aliases: tuple[Text, ...] = Field(default=(), description="a list of other ways to ask it")
    files: tuple[Attached, ...] = Field(default=(), description="a list of { name, file }")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Document:
    """A document of a central, or of one of its solutions, in its current version (A13, A14)."""

    central: Slug = Field(description="the slug of a central")
    solution: str = Field(default="", description="the slug of a solution, or nothing")
    name: Text = Field(description="what it is, such as « Cahier des charges »")
    file: Text = Field(description="the path of a file within this folder")
    version: Text = Field(description='a version in quotes, such as "1.0"')
    dated: PartialDate = Field(
        default="", description="a date as YYYY, YYYY-MM or YYYY-MM-DD, or nothing"
    )
    members_only: bool = Field(default=False, description="true if only members receive it")

    @property
    def slug(self) -> str:
        """What it is called in a fault."""
        return f"{self.solution or self.central}: {self.name}"

    @property
    def files(self) -> tuple[Attached, ...]:
        """Its one file, under its own name."""
        return (Attached(name=Path(self.file).name, file=self.file),)


@dataclass(frozen=True)
class Library:
    """Everything of the library that one folder holds."""

    folder: Path
    templates: tuple[Template, ...] = ()
    missions: tuple[Mission, ...] = ()
    regulations: tuple[Regulation, ...] = ()
    news: tuple[News, ...] = ()
    faq: tuple[Faq, ...] = ()
    documents: tuple[Document, ...] = ()


def read_library(folder: Path, faults: list[Fault]) -> Library:
    """The library of a folder; what is wrong is added to ``faults``, entry by entry."""
    library = Library(
        folder,
        tuple(read_entries(folder / TEMPLATES, "template", Template, faults, optional=True)),
        tuple(read_entries(folder / MISSIONS, "mission", Mission, faults, optional=True)),
        tuple(read_entries(folder / REGULATIONS, "regulation", Regulation, faults, optional=True)),
        tuple(read_entries(folder / NEWS, "news", News, faults, optional=True)),
        tuple(read_entries(folder / FAQ, "question", Faq, faults, optional=True)),
        tuple(read_entries(folder / DOCUMENTS, "document", Document, faults, optional=True)),
    )
    for file, entries in (
        (TEMPLATES, library.templates),
        (MISSIONS, library.missions),
        (REGULATIONS, library.regulations),
        (NEWS, library.news),
        (FAQ, library.faq),
        (DOCUMENTS, library.documents),
    ):
        faults += repeated(file, (entry.slug for entry in entries))
        for entry in entries:
            faults += _lost(folder, f"{file}: {shown(entry.slug)}", entry.files)
    faults += _unknown_news(library.news)
    return library


def _unknown_news(news: tuple[News, ...]) -> Iterator[Fault]:
    known = {item.slug for item in news}
    for item in news:
        for slug in item.earlier:
            if slug not in known:
                where = f"{NEWS}: {shown(item.slug)}: earlier"
                yield Fault(where, f"one of: {', '.join(sorted(known))}", shown(slug))


def _lost(folder: Path, where: str, files: tuple[Attached, ...]) -> Iterator[Fault]:
    """The files that are not there, lie outside the folder, or are too large to send."""
    root = folder.resolve()
    for attached in files:
        path = (folder / attached.file).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            yield Fault(f"{where}: file", "a file within this folder", shown(attached.file))
        elif path.stat().st_size > MAX_FILE_BYTES:
            expected = f"a file of at most {MAX_FILE_BYTES // 1024 // 1024} MB"
            yield Fault(f"{where}: file", expected, shown(attached.file))
