"""The parts of a mail: its text, and its files; with bounds on everything a stranger can send."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import InvalidBase64LengthDefect, InvalidBase64PaddingDefect
from email.message import Message
from email.utils import collapse_rfc2231_value
from itertools import islice

from bot.mail.appointments import appointment_line
from bot.mail.charsets import to_text
from bot.mail.flowed import unflowed
from bot.mail.headers import decoded, subject
from bot.mail.html_text import html_to_text
from bot.mail.tidy import one_line, tidy
from bot.mail.tnef import unpack
from handlers.request import IncomingFile

_LONGEST_TEXT = 200_000
_LONGEST_NAME = 120
_MOST_TEXTS = 10
_PACKED = {"application/ms-tnef", "application/vnd.ms-tnef"}
_PACKED_NAME = "winmail.dat"
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "message/delivery-status": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/rfc822-headers": ".txt",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a mail may hold at most; ``work`` bounds lines times boundaries, the parser's cost."""

    bytes: int = 26_214_400
    header_bytes: int = 262_144
    parts: int = 1_000
    depth: int = 20
    work: int = 5_000_000


class TooMuchError(ValueError):
    """The mail goes past a limit; it is not read."""


_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_DASHES = re.compile(rb"^--[^\s-]", re.MULTILINE)


def header_of(raw: bytes) -> bytes:
    """What comes before the first empty line."""
    end = _HEADERS_END.search(raw)
    return raw[: end.start()] if end else raw


def check_bounds(raw: bytes, limits: Limits) -> None:
    """Raise TooMuchError for what would take the parser too long, before it starts."""
    end = _HEADERS_END.search(raw, 0, limits.header_bytes + 4)
    if len(raw) > limits.bytes or (end is None and len(raw) > limits.header_bytes):
        raise TooMuchError("bytes")
    boundaries = len(re.findall(rb"(?i)boundary", raw))
    # Every boundary that is open is compared with every line.
    if raw.count(b"\n") * (1 + boundaries) > limits.work:
        raise TooMuchError("lines and boundaries")
    if boundaries and sum(1 for _ in _DASHES.finditer(raw)) > 2 * limits.parts:
        raise TooMuchError("parts")


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail holds: its text and its files."""

    text: str
    files: tuple[IncomingFile, ...]


def content(mail: Message, limits: Limits) -> Content:
    """The text as a person reads it, and the files; raises TooMuchError."""
    _check_parts(mail, limits)
    texts = _said(_texts(mail)) or _said(_elsewhere(mail))
    return Content("\n\n".join(texts)[:_LONGEST_TEXT], tuple(_files(mail)))


def _said(texts: Iterator[str]) -> list[str]:
    tidied = (tidy(text).strip("\n") for text in islice(texts, _MOST_TEXTS))
    return [text for text in tidied if text.strip()]


def _check_parts(mail: Message, limits: Limits) -> None:
    level, count = [mail], 0
    for _depth in range(limits.depth + 1):
        count += len(level)
        level = [child for part in level for child in _children(part)]
        if not level:
            break
    if level or count > limits.parts:
        raise TooMuchError("parts")


def _children(part: Message) -> list[Message]:
    # Asked first: a payload that is text would be decoded by its label, which may raise.
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)]


def _is_attached(part: Message) -> bool:
    if part.get_content_disposition() == "attachment":
        return True
    named = part.get_filename() is not None
    return named or part.get_content_maintype() not in {"text", "multipart"}


def _texts(part: Message) -> Iterator[str]:
    """The texts of a part in reading order; of alternatives only the best."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        yield from _best(_children(part))
    elif kind == "multipart/related":
        yield from (text for child in _children(part)[:1] for text in _texts(child))
    elif part.get_content_maintype() == "multipart":
        for child in _children(part):
            yield from _texts(child)
    elif not _is_attached(part):
        yield from _text_of(part)


def _best(alternatives: list[Message]) -> list[str]:
    """Plain text if it says anything, else HTML."""
    plain_first = sorted(alternatives, key=lambda part: part.get_content_type() != "text/plain")
    for part in plain_first:
        texts = list(_texts(part))
        if any(text.strip() for text in texts):
            return texts
    return []


def _text_of(part: Message) -> Iterator[str]:
    text = to_text(_bytes_of(part), str(part.get_content_charset("utf-8")))
    match part.get_content_type():
        case "text/plain":
            flowed = _parameter(part, "format") == "flowed"
            yield unflowed(text, _parameter(part, "delsp") == "yes") if flowed else text
        case "text/html":
            yield html_to_text(text)


def _elsewhere(mail: Message) -> Iterator[str]:
    """What a mail without a text of its own says: the text in winmail.dat, or its appointment."""
    for part in mail.walk():
        if _is_packed(part):
            found = unpack(_bytes_of(part))
            yield found.text or html_to_text(found.html)
        elif part.get_content_type() == "text/calendar":
            text = to_text(_bytes_of(part), str(part.get_content_charset("utf-8")))
            yield appointment_line(text)


def _is_packed(part: Message) -> bool:
    # A forwarding server may have lost its type, not its name.
    return part.get_content_type() in _PACKED or _name(part).lower() == _PACKED_NAME


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name, "")
    return value.strip().lower() if isinstance(value, str) else ""


def _bytes_of(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except ValueError:
        # The standard library decodes by the label on the way, and raises for "idna" or a NUL.
        part.del_param("charset")
        payload = part.get_payload(decode=True)
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):
        # Cut in the middle of a group: the standard library then decodes nothing at all.
        signs = re.sub(rb"[^A-Za-z0-9+/]", b"", str(part.get_payload()).encode("ascii", "ignore"))
        return base64.b64decode(signs[: len(signs) // 4 * 4])
    return payload if isinstance(payload, bytes) else b""


def _files(part: Message) -> Iterator[IncomingFile]:
    if part.get_content_maintype() == "multipart":
        for child in _children(part):
            if not (part.get_content_type() == "multipart/related" and _is_illustration(child)):
                yield from _files(child)
    elif _is_packed(part):
        yield from _unpacked(part)
    elif _is_attached(part) or part.get_content_type() == "text/calendar":
        yield _file(part)


def _unpacked(part: Message) -> Iterator[IncomingFile]:
    """The files in a winmail.dat; itself too, if it holds something that is not understood."""
    found = unpack(_bytes_of(part))
    for file in found.files:
        name = safe_name(one_line(file.name, _LONGEST_NAME * 2)) or "document"
        yield IncomingFile(name, _media_type(file.media_type, name), file.content)
    if not found.whole or not (found.files or found.text or found.html):
        yield _file(part)


def _media_type(given: str, name: str) -> str:
    if _MEDIA_TYPE.fullmatch(given.lower()):
        return given.lower()
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _is_illustration(part: Message) -> bool:
    """A picture that HTML shows in place: a logo in a signature."""
    attached = part.get_content_disposition() == "attachment"
    return part.get_content_maintype() == "image" and "Content-ID" in part and not attached


def _file(part: Message) -> IncomingFile:
    kind = part.get_content_type()
    if part.is_multipart():
        # message/rfc822, message/delivery-status: the parser has taken them apart.
        whole = b"\r\n".join(child.as_bytes() for child in _children(part))
        return IncomingFile(_name(part), kind, whole)
    content = _bytes_of(part)
    return IncomingFile(_name(part), kind, content, damaged=_is_cut(part))


def _is_cut(part: Message) -> bool:
    """Whether the encoding of a file breaks off: something of it is missing."""
    return any(
        isinstance(d, InvalidBase64LengthDefect | InvalidBase64PaddingDefect) for d in part.defects
    )


def _name(part: Message) -> str:
    given = part.get_filename()
    if given is None and part.get_content_type() == "message/rfc822":
        given = next((subject(child) for child in _children(part)), "") + ".eml"
    name = safe_name(decoded(collapse_rfc2231_value(given or ""), _LONGEST_NAME * 2))
    return name or "document" + _EXTENSIONS.get(part.get_content_type(), "")


def safe_name(name: str) -> str:
    """A file name that is only a name: no path, no device, no hidden file, of bearable length."""
    last = re.split(r"[/\\]", tidy(name))[-1]
    plain = re.sub(r'[<>:"|?*\n\t]', "_", last).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > 10:
        return plain[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(extension) - 1]}.{extension}"


def reported(mail: Message) -> list[Message]:
    """The headers of the mails that a delivery report or automatic answer gives back."""
    if mail.get_content_type() != "multipart/report":
        return []
    found: list[Message] = []
    for part in _children(mail):
        if part.get_content_type() == "message/rfc822":
            found += _children(part)
        elif part.get_content_type() == "text/rfc822-headers":
            found.append(_headers_in(part))
    return found


def _headers_in(part: Message) -> Message:
    return message_from_bytes(_bytes_of(part)[:65_536])
