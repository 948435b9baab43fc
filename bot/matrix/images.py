"""How large a picture is, by its first bytes: programs keep its place free until it is there.

What cannot be read so is shown without it. Formats: PNG (ISO 15948, 11.2.1), GIF, JPEG (T.81);
a JPEG that was taken upright is stored on its side and says so (Exif 2.32, 4.6.4, « Orientation »).
"""

from __future__ import annotations

from typing import Final, Literal

_PNG = b"\x89PNG\r\n\x1a\n"
_GIF = (b"GIF87a", b"GIF89a")
_JPEG = b"\xff\xd8"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of frames, which hold the size; the three others are tables."""

_EXIF = b"Exif\0\0"
_BYTE_ORDERS: Final[dict[bytes, Literal["big", "little"]]] = {b"MM": "big", b"II": "little"}
_ENTRY = 12
"""How many bytes each entry of a directory of Exif takes."""
_ORIENTATION = 0x0112
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})

Size = tuple[int, int]


def size_of(content: bytes) -> Size | None:
    """Width and height in pixels, as it is shown; None if these bytes do not say it."""
    if content.startswith(_PNG):
        return _sides(content[16:20], content[20:24])
    if content.startswith(_GIF):
        return _sides(content[7:5:-1], content[9:7:-1])
    return _of_jpeg(content) if content.startswith(_JPEG) else None


def _of_jpeg(content: bytes) -> Size | None:
    """From the first frame, skipping the segments before it, as the camera says to show it."""
    at, on_its_side = len(_JPEG), False
    while content[at : at + 1] == b"\xff" and at + 9 <= len(content):
        if content[at + 1] in _JPEG_FRAMES:
            sides = _sides(content[at + 7 : at + 9], content[at + 5 : at + 7])
            return (sides[1], sides[0]) if sides and on_its_side else sides
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if content.startswith(_EXIF, at + 4, end):
            on_its_side = _orientation(content[at + 4 + len(_EXIF) : end]) in _ON_ITS_SIDE
        at = end
    return None


def _orientation(tiff: bytes) -> int:
    """How a camera was held (1 to 8), from the first directory of its notes; 0 if unsaid."""
    order = _BYTE_ORDERS.get(tiff[:2])
    if order is None:
        return 0
    start = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[start : start + 2], order)
    for at in range(start + 2, min(start + 2 + count * _ENTRY, len(tiff)), _ENTRY):
        if int.from_bytes(tiff[at : at + 2], order) == _ORIENTATION:
            return int.from_bytes(tiff[at + 8 : at + 10], order)
    return 0


def _sides(width: bytes, height: bytes) -> Size | None:
    sides = int.from_bytes(width), int.from_bytes(height)
    return sides if all(sides) else None
