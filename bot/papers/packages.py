"""The zip files that Office documents are: of which kind, and whether one may be opened at all."""

from __future__ import annotations

import io
import re
from enum import Enum
from zipfile import BadZipFile, ZipFile, ZipInfo

from handlers.paper import Legibility

MOST_UNPACKED = 50_000_000
"""Bytes that the parts of a document may come to: an order form takes a hundredth of it."""
MOST_PARTS = 2_000
_CONTENTS = "[Content_Types].xml"
_LONGEST_CONTENTS = 1_000_000
_CHUNK = 1 << 20
_DEFINITION = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y|E\x00?N\x00?T\x00?I)")
"""The beginning of a document type or an entity, in one byte a letter or two."""
_PROGRAM = re.compile(r"(?:^|/)(?:vbaProject|vbaData)[^/]*$|(?:^|/)macrosheets/", re.IGNORECASE)


class Package(Enum):
    """What an Office document is."""

    TEXT = "text"
    SHEET = "sheet"


class RefusedError(Exception):
    """A document that is not opened; says why."""

    def __init__(self, why: Legibility) -> None:
        super().__init__(why)
        self.why = why


def kind_of(content: bytes) -> Package | None:
    """What a zip file holds; None if it is no Office document. Raises RefusedError for one that
    holds a program, or more than a document needs.
    """
    try:
        with ZipFile(io.BytesIO(content)) as package:
            return _kind(package)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise RefusedError(Legibility.BROKEN) from None


def _kind(package: ZipFile) -> Package | None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    if _CONTENTS not in names:
        return None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RefusedError(Legibility.TOO_LARGE)
    with package.open(_CONTENTS) as part:
        contents = part.read(_LONGEST_CONTENTS)
    if b"macroEnabled" in contents or any(_PROGRAM.search(name) for name in names):
        raise RefusedError(Legibility.MACROS)
    if any(_defines(package, part) for part in parts if _is_xml(part.filename)):
        raise RefusedError(Legibility.ENTITIES)
    if b"wordprocessingml.document.main" in contents:
        return Package.TEXT
    return Package.SHEET if b"spreadsheetml.sheet.main" in contents else None


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _defines(package: ZipFile, part: ZipInfo) -> bool:
    """Whether a part defines entities: its whole text is looked at, in pieces that overlap."""
    with package.open(part) as content:
        end = b""
        while piece := content.read(_CHUNK):
            if _DEFINITION.search(end + piece):
                return True
            end = piece[-16:]
    return False
