"""How large a picture is, by its first bytes: programs keep its place free until it is there.

What cannot be read so is shown without it. Formats: PNG (ISO 15948, 11.2.1), GIF, JPEG (T.81).
"""

from __future__ import annotations

_PNG = b"\x89PNG\r\n\x1a\n"
_GIF = (b"GIF87a", b"GIF89a")
_JPEG = b"\xff\xd8"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of frames, which hold the size; the three others are tables."""

Size = tuple[int, int]


def size_of(content: bytes) -> Size | None:
    """Width and height in pixels; None if these bytes do not say it."""
    if content.startswith(_PNG):
        return _sides(content[16:20], content[20:24])
    if content.startswith(_GIF):
        return _sides(content[7:5:-1], content[9:7:-1])
    return _of_jpeg(content) if content.startswith(_JPEG) else None


def _of_jpeg(content: bytes) -> Size | None:
    """From the first frame, skipping the segments before it."""
    at = len(_JPEG)
    while content[at : at + 1] == b"\xff" and at + 9 <= len(content):
        if content[at + 1] in _JPEG_FRAMES:
            return _sides(content[at + 7 : at + 9], content[at + 5 : at + 7])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _sides(width: bytes, height: bytes) -> Size | None:
    sides = int.from_bytes(width), int.from_bytes(height)
    return sides if all(sides) else None
