"""How large pictures are, as their first bytes say."""

from __future__ import annotations

import struct

import pytest

from bot.channel import Attachment
from bot.matrix.images import size_of
from bot.matrix.outgoing import info_of

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 747, 900) + b"\x08\x06\x00\x00\x00"
GIF = b"GIF89a" + struct.pack("<HH", 320, 200) + b"\x00"
FRAME = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 480, 640) + b"\x03"
JPEG = b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF".ljust(14, b"\0") + FRAME


def exif(orientation: int, order: str = ">") -> bytes:
    """The segment in which a camera says how it was held (Exif 2.32, 4.6.4)."""
    mark = b"MM" if order == ">" else b"II"
    other = struct.pack(f"{order}HHIHH", 0x0100, 3, 1, 640, 0)
    turned = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = mark + struct.pack(f"{order}HIH", 42, 8, 2) + other + turned + bytes(4)
    segment = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment


def held(orientation: int, order: str = ">") -> bytes:
    """A picture of 640 by 480 taken with a camera held in some way."""
    return b"\xff\xd8" + exif(orientation, order) + FRAME


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", range(10))
def test_a_picture_taken_upright_is_as_large_as_it_is_shown(orientation: int, order: str) -> None:
    on_its_side = 5 <= orientation <= 8
    assert size_of(held(orientation, order)) == ((480, 640) if on_its_side else (640, 480))


@pytest.mark.parametrize("length", range(len(exif(6)) - 5))
def test_a_camera_that_does_not_say_how_it_was_held(length: int) -> None:
    """Exif that breaks off somewhere before what it says: the picture is as it is stored."""
    segment = exif(6)[4 : 4 + length]
    cut = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    broken_off = length < len(exif(6)) - 4 - 6
    assert size_of(b"\xff\xd8" + cut + FRAME) == ((640, 480) if broken_off else (480, 640))


@pytest.mark.parametrize(
    ("content", "sides"), [(PNG, (747, 900)), (GIF, (320, 200)), (JPEG, (640, 480))]
)
def test_a_picture_says_how_large_it_is(content: bytes, sides: tuple[int, int]) -> None:
    assert size_of(content) == sides
    told = info_of(Attachment("carte.png", "image/png", content))
    assert (told["w"], told["h"]) == sides
    assert told["size"] == len(content)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"%PDF-1.7", PNG[:18], PNG[:16] + bytes(8), GIF[:7], JPEG[:20]),
        b"\xff\xd8" + exif(6)[:-3],
        b"\xff\xd8" + b"\xff\xc4\x00\x00" * 100_000,
        b"\xff\xd8" + b"\xff\xe0\x00\x10" + bytes(14) + b"JFIF" * 10,
    ],
)
def test_what_does_not_say_it_has_no_size(content: bytes) -> None:
    assert size_of(content) is None
    assert "w" not in info_of(Attachment("carte.png", "image/png", content))


def test_only_pictures_have_a_size() -> None:
    assert info_of(Attachment("x", "application/octet-stream", PNG)) == {
        "mimetype": "application/octet-stream",
        "size": len(PNG),
    }
