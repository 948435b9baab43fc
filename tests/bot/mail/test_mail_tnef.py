"""winmail.dat unpacked, and appointments told in a line."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.addresses import OwnAddress
from bot.mail.appointments import appointment_line
from bot.mail.parse import Reading, parse
from bot.mail.tnef import Packed, unpack
from handlers.request import Incoming

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
READING = Reading(OwnAddress("plateforme@supracom.example"), None, b"k" * 32)

# -- building ---------------------------------------------------------------------------------


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little")


def attribute(level: int, id_: int, data: bytes) -> bytes:
    checksum = number(sum(data) & 0xFFFF, 2)
    return number(level, 1) + number(id_) + number(len(data)) + data + checksum


def padded(data: bytes) -> bytes:
    return number(len(data)) + data + b"\0" * (-len(data) % 4)


def prop(kind: int, id_: int, value: bytes, name: bytes = b"") -> bytes:
    return number(kind, 2) + number(id_, 2) + name + value


def props(*found: bytes) -> bytes:
    return number(len(found)) + b"".join(found)


def stream(*attributes: bytes) -> bytes:
    return number(0x223E9F78) + number(1, 2) + b"".join(attributes)


CODEPAGE = attribute(1, 0x69007, number(1252) + number(0))
NAMED = b"\x11" * 16 + number(0) + number(0x8580)
NAMED_BY_WORDS = b"\x11" * 16 + number(1) + padded("Mot".encode("utf-16-le"))


def file(title: bytes, content: bytes, *long_name: bytes) -> bytes:
    parts = attribute(2, 0x69002, b"\0" * 14) + attribute(2, 0x18010, title + b"\0")
    if long_name:
        parts += attribute(2, 0x69005, props(*long_name))
    return parts + (attribute(2, 0x6800F, content) if content else b"")


def unicode_(id_: int, text: str) -> bytes:
    return prop(0x1F, id_, number(1) + padded((text + "\0").encode("utf-16-le")))


DECISION = file(b"DCISIO~1.PDF", b"%PDF", unicode_(0x3707, "Décision du Collège.pdf"))


def mail(
    raw: bytes, text: str = "Voir la pièce jointe.", *, kind: str = "application/ms-tnef"
) -> Incoming:
    body = f"""\
From: anne@commune.example
Message-ID: <1@commune.example>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

{text}
--b
Content-Type: {kind}; name="winmail.dat"
Content-Transfer-Encoding: base64

{base64.b64encode(raw).decode()}
--b--
"""
    return parse(body.replace("\n", "\r\n").encode(), READING, NOW, "place")


# -- reading ----------------------------------------------------------------------------------


def test_files_have_their_long_names() -> None:
    found = unpack(stream(CODEPAGE, DECISION, file(b"\xe9t\xe9.txt", b"x")))
    assert [(one.name, one.content) for one in found.files] == [
        ("Décision du Collège.pdf", b"%PDF"),
        ("été.txt", b"x"),
    ]
    assert found.whole


def test_properties_of_every_kind_are_passed_over() -> None:
    others = [
        prop(0x0002, 0x1, number(7)),
        prop(0x000B, 0x2, number(1)),
        prop(0x0040, 0x3, b"\1" * 8),
        prop(0x0048, 0x4, b"\1" * 16),
        prop(0x0003, 0x8001, number(3), NAMED),
        prop(0x001E, 0x8002, number(1) + padded(b"mot\0"), NAMED_BY_WORDS),
        prop(0x1003, 0x5, number(3) + number(1) * 3),
        prop(0x1102, 0x6, number(2) + padded(b"abc") + padded(b"")),
        prop(0x0102, 0x7, number(1) + padded(b"abcde")),
        unicode_(0x1000, "Bonjour à tous"),
    ]
    found = unpack(stream(CODEPAGE, attribute(1, 0x69003, props(*others))))
    assert (found.text, found.whole) == ("Bonjour à tous", True)


@pytest.mark.parametrize(
    ("property_", "text", "html"),
    [
        (prop(0x1E, 0x1000, number(1) + padded(b"\xe9t\xe9\0")), "été", ""),
        (prop(0x102, 0x1013, number(1) + padded(b"<p>\xe9t\xe9</p>")), "", "<p>été</p>"),
    ],
)
def test_texts(property_: bytes, text: str, html: str) -> None:
    found = unpack(stream(CODEPAGE, attribute(1, 0x69003, props(property_))))
    assert (found.text, found.html) == (text, html)


def test_a_file_may_lie_in_a_property() -> None:
    inside = prop(0x102, 0x3701, number(1) + padded(b"%PDF"))
    found = unpack(stream(CODEPAGE, file(b"a.pdf", b"", inside)))
    assert found.files == [Packed("a.pdf", "", b"%PDF")]


def test_an_embedded_object_is_kept_without_its_interface() -> None:
    inside = prop(0x0D, 0x3701, number(1) + padded(b"\7" * 16 + b"inside"))
    assert unpack(stream(file(b"a", b"", inside))).files[0].content == b"inside"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no TNEF at all",
        stream(CODEPAGE)[:-5],
        stream(attribute(2, 0x6800F, b"a file that never began")),
        stream(attribute(1, 0x69003, number(4_000_000_000))),
        stream(attribute(1, 0x69003, props(prop(0x77, 1, b"")))),
        stream(attribute(1, 0x69003, props(prop(0x1E, 1, number(1) + number(2**31))))),
        stream(CODEPAGE) + b"\1" * 8,
    ],
)
def test_what_is_broken_is_said_to_be(raw: bytes) -> None:
    assert not unpack(raw).whole


def test_what_comes_before_the_break_is_there() -> None:
    found = unpack(stream(DECISION, DECISION)[:-10])
    assert [one.name for one in found.files] == ["Décision du Collège.pdf"]
    assert not found.whole


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_stream_raises(data: st.DataObject) -> None:
    raw = bytearray(stream(CODEPAGE, attribute(1, 0x69003, props(unicode_(0x1000, "x"))), DECISION))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    unpack(bytes(raw))


# -- in a mail --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_the_files_are_those_of_the_mail(kind: str) -> None:
    """Servers on the way lose its type, not its name."""
    (found,) = mail(stream(CODEPAGE, DECISION), kind=kind).files
    assert (found.name, found.media_type) == ("Décision du Collège.pdf", "application/pdf")
    assert found.content == b"%PDF"


def test_names_are_only_names() -> None:
    path = unicode_(0x3707, "..\\..\\a\u202efdp.exe")
    media = prop(0x1E, 0x370E, number(1) + padded(b"text/html\r\nX: y\0"))
    (found,) = mail(stream(file(b"x", b"1", path, media))).files
    assert (found.name, "\n" in found.media_type) == ("afdp.exe", False)


def test_what_is_not_understood_is_kept_as_it_came() -> None:
    broken = stream(CODEPAGE, DECISION) + b"\1" * 8
    assert [one.name for one in mail(broken).files] == ["Décision du Collège.pdf", "winmail.dat"]
    assert [one.name for one in mail(b"nothing").files] == ["winmail.dat"]
    assert [one.name for one in mail(stream(CODEPAGE)).files] == ["winmail.dat"]


def test_its_text_counts_only_where_there_is_no_other() -> None:
    packed = stream(CODEPAGE, attribute(1, 0x69003, props(unicode_(0x1000, "Dedans"))))
    assert mail(packed).text == "Voir la pièce jointe."
    assert mail(packed, text="").text == "Dedans"
    html = prop(0x102, 0x1013, number(1) + padded(b"<p>En <b>HTML</b></p>"))
    assert mail(stream(attribute(1, 0x69003, props(html))), text="").text == "En HTML"


# -- appointments -----------------------------------------------------------------------------

EVENT = """\
BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
DTSTART;TZID="Romance: Standard Time":20260504T093000
SUMMARY;LANGUAGE=fr:Réunion\\, comité
  de pilotage
LOCATION:Arlon\\nsalle 2
END:VEVENT
END:VCALENDAR
"""
MEETING = "📅 Réunion, comité de pilotage · 04/05/2026 09:30 · Arlon salle 2"


@pytest.mark.parametrize(
    ("calendar", "line"),
    [
        (EVENT, "📅 Réunion, comité de pilotage · 04/05/2026 09:30 · Arlon salle 2"),
        (
            EVENT.replace("\n", "\r\n"),
            "📅 Réunion, comité de pilotage · 04/05/2026 09:30 · Arlon salle 2",
        ),
        ("BEGIN:VEVENT\nDTSTART:20260504T073000Z\nEND:VEVENT", "📅 04/05/2026 07:30 UTC"),
        ("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260504\nSUMMARY:Foire", "📅 Foire · 04/05/2026"),
        ("BEGIN:VEVENT\nDTSTART:hier\nEND:VEVENT", ""),
        ("BEGIN:VCALENDAR\nSUMMARY:x\nEND:VCALENDAR", ""),
        ("", ""),
    ],
)
def test_appointments_in_a_line(calendar: str, line: str) -> None:
    assert appointment_line(calendar) == line


@pytest.mark.parametrize(("text", "read"), [("", "📅 "), ("Voici l'invitation.", "Voici")])
def test_an_appointment_is_a_file_and_says_something_if_nothing_else_does(
    text: str, read: str
) -> None:
    parts = f"--b\n\n{text}\n--b\nContent-Type: text/calendar; charset=utf-8\n\n{EVENT}\n--b--\n"
    head = "From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n"
    found = parse((head + parts).replace("\n", "\r\n").encode(), READING, NOW, "place")
    assert found.text.startswith(read)
    assert [(one.name, one.media_type) for one in found.files] == [
        ("document.ics", "text/calendar")
    ]
