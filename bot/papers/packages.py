"""The zip files that Office documents are: of which kind, and whether one may be opened at all."""

from __future__ import annotations

import io
import re
from enum import Enum
from zipfile import BadZipFile, ZipFile

from handlers.paper import Legibility

MOST_UNPACKED = 50_000_000
"""Bytes that the parts of a document may come to: an order form takes a hundredth of it."""
MOST_PARTS = 2_000
_CONTENTS = "[Content_Types].xml"
_LONGEST_CONTENTS = 1_000_000
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
    if b"wordprocessingml.document.main" in contents:
        return Package.TEXT
    return Package.SHEET if b"spreadsheetml.sheet.main" in contents else None
