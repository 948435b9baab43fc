"""winmail.dat: what Outlook puts its attachments in (TNEF, MS-OXTNEF), unpacked.

tnefparse, the one library for it, has had no release since January 2021. What is read here is the
little that a mail needs: the files with their names, and the text if there is no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.mail.charsets import to_text

_SIGNATURE = 0x223E9F78
_MESSAGE, _ATTACHMENT = 1, 2

# Attributes (MS-OXTNEF, section 2.1.3.1)
_BODY, _CODEPAGE, _PROPERTIES = 0x800C, 0x9007, 0x9003
_NEXT_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005

# MAPI properties (MS-OXPROPS)
_PR_BODY, _PR_HTML, _PR_DISPLAY_NAME = 0x1000, 0x1013, 0x3001
_PR_DATA, _PR_LONG_NAME, _PR_MEDIA_TYPE = 0x3701, 0x3707, 0x370E
_STRING, _UNICODE, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_MANY = 0x1000
_SIZES = {
    **dict.fromkeys((0x0002, 0x0003, 0x0004, 0x000A, 0x000B), 4),
    **dict.fromkeys((0x0005, 0x0006, 0x0007, 0x0014, 0x0040), 8),
    0x0048: 16,
}
_MOST = 100_000
"""No honest stream has so many attributes, properties or values."""


class TnefError(ValueError):
    """It is no TNEF, or a broken one."""


@dataclass(slots=True)
class Packed:
    """A file in the stream; its name and media type as the sender's program wrote them."""

    name: str = ""
    media_type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Unpacked:
    """What a stream holds; if it is broken somewhere, only what comes before (not ``whole``)."""

    whole: bool = True
    text: str = ""
    html: str = ""
    files: list[Packed] = field(default_factory=list)


def unpack(raw: bytes) -> Unpacked:
    """What is in a winmail.dat, as far as it can be read."""
    found = Unpacked()
    try:
        _unpack(_Reader(raw), found)
    except TnefError:
        found.whole = False
    found.files = [file for file in found.files if file.content]
    return found


def _unpack(reader: _Reader, found: Unpacked) -> None:
    if reader.number(4) != _SIGNATURE:
        raise TnefError("no TNEF signature")
    reader.take(2)
    codepage = "cp1252"
    for level, attribute, data in _attributes(reader):
        if level == _MESSAGE and attribute == _CODEPAGE:
            codepage = f"cp{_Reader(data).number(4)}"
        elif level == _MESSAGE:
            _of_message(found, attribute, data, codepage)
        elif level == _ATTACHMENT:
            _of_file(found, attribute, data, codepage)


def _attributes(reader: _Reader) -> Iterator[tuple[int, int, bytes]]:
    for _turn in range(_MOST):
        if reader.is_at_end:
            return
        level, attribute = reader.number(1), reader.number(4) & 0xFFFF
        yield level, attribute, reader.take(reader.number(4))
        # The checksum is wrong in streams that Outlook itself opens.
        reader.take(2)
    raise TnefError("too many attributes")


def _of_message(found: Unpacked, attribute: int, data: bytes, codepage: str) -> None:
    if attribute == _BODY:
        found.text = found.text or _string(data, codepage)
    elif attribute == _PROPERTIES:
        properties = _properties(data, codepage)
        found.text = _as_text(properties.get(_PR_BODY), codepage) or found.text
        found.html = _as_text(properties.get(_PR_HTML), codepage) or found.html


def _of_file(found: Unpacked, attribute: int, data: bytes, codepage: str) -> None:
    if attribute == _NEXT_FILE:
        found.files.append(Packed())
    if not found.files:
        raise TnefError("a file without a beginning")
    file = found.files[-1]
    if attribute == _TITLE:
        file.name = file.name or _string(data, codepage)
    elif attribute == _DATA:
        file.content = data
    elif attribute == _FILE_PROPERTIES:
        properties = _properties(data, codepage)
        names = (properties.get(_PR_LONG_NAME), properties.get(_PR_DISPLAY_NAME), file.name)
        file.name = next((name for name in names if isinstance(name, str) and name), "")
        file.media_type = _as_text(properties.get(_PR_MEDIA_TYPE), codepage)
        content = properties.get(_PR_DATA)
        if not file.content and isinstance(content, bytes):
            file.content = content


# -- MAPI properties ------------------------------------------------------------------------------


def _properties(data: bytes, codepage: str) -> dict[int, Any]:
    """The properties that are text or bytes, by their ids."""
    reader = _Reader(data)
    found: dict[int, Any] = {}
    for _turn in range(_bounded(reader.number(4))):
        kind, id_ = reader.number(2), reader.number(2)
        if id_ >= 0x8000:
            _skip_name(reader)
        values = [_value(reader, kind & ~_MANY) for _turn in range(_how_many(reader, kind))]
        if values and kind in {_STRING, _UNICODE, _BINARY, _OBJECT}:
            found[id_] = _read(values[0], kind, codepage)
    return found


def _skip_name(reader: _Reader) -> None:
    reader.take(16)
    if reader.number(4) == 0:
        reader.take(4)
    else:
        reader.padded(reader.number(4))


def _how_many(reader: _Reader, kind: int) -> int:
    variable = kind & ~_MANY in {_STRING, _UNICODE, _BINARY, _OBJECT}
    return _bounded(reader.number(4)) if variable or kind & _MANY else 1


def _value(reader: _Reader, kind: int) -> bytes:
    size = _SIZES.get(kind)
    if size is not None:
        return reader.take(size)
    if kind not in {_STRING, _UNICODE, _BINARY, _OBJECT}:
        raise TnefError("an unknown kind of property")
    return reader.padded(reader.number(4))


def _read(value: bytes, kind: int, codepage: str) -> str | bytes:
    if kind == _STRING:
        return _string(value, codepage)
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    # An object begins with the id of its interface.
    return value[16:] if kind == _OBJECT else value


def _as_text(value: str | bytes | None, codepage: str) -> str:
    return _string(value, codepage) if isinstance(value, bytes) else value or ""


def _string(data: bytes, codepage: str) -> str:
    charset = {"cp65001": "utf-8", "cp20127": "ascii", "cp28591": "latin-1"}.get(codepage, codepage)
    return to_text(data.split(b"\0", 1)[0], charset)


def _bounded(count: int) -> int:
    if count > _MOST:
        raise TnefError("too many of something")
    return count


class _Reader:
    """Reads little-endian numbers and bytes, never past the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._data)

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise TnefError("cut off")
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def padded(self, size: int) -> bytes:
        """So many bytes, and those that fill them up to a multiple of four."""
        taken = self.take(size)
        self.take(-size % 4)
        return taken
