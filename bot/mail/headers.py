"""Header fields of mails as people send them: raw bytes, wrong charsets, endless lines."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from bot.mail.charsets import to_text
from bot.mail.tidy import one_line

_LONGEST_FIELD = 8_000
_MOST_REFERENCES = 50
_MESSAGE_ID = re.compile(r"<[^\s<>]{1,250}>")
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(days=1)


def raw_fields(mail: Message, name: str) -> list[str]:
    """Every field of a name, unfolded and cut to a sane length, encoded words untouched.

    Bytes outside ASCII are read as UTF-8 if they are, else as windows-1252.
    """
    return [_unfolded(value) for key, value in mail.raw_items() if key.lower() == name.lower()]


def raw_field(mail: Message, name: str) -> str:
    """The first field of a name, or nothing."""
    return next(iter(raw_fields(mail, name)), "")


def _unfolded(value: object) -> str:
    raw = str(value)[:_LONGEST_FIELD].encode("utf-8", "surrogateescape")
    return re.sub(r"\s*[\r\n]+\s*", " ", to_text(raw, "utf-8")).strip()


def decoded(text: str, longest: int = 500) -> str:
    """A field's text with its encoded words (RFC 2047) read, in one line without controls."""
    if "=?" not in text:
        return one_line(text, longest)
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        # decode_header raises both for broken base64: the raw words are then all there is.
        return one_line(text, longest)
    return one_line("".join(_piece(part, charset) for part, charset in parts), longest)


def _piece(part: str | bytes, charset: str | None) -> str:
    return part if isinstance(part, str) else to_text(part, charset or "utf-8")


def subject(mail: Message) -> str:
    """The subject as it is read."""
    return decoded(raw_field(mail, "Subject"))


def message_id(mail: Message) -> str | None:
    """The Message-ID with its angle brackets; None when missing, doubled or malformed."""
    found = raw_fields(mail, "Message-ID")
    return found[0] if len(found) == 1 and _MESSAGE_ID.fullmatch(found[0]) else None


def answered(mail: Message) -> tuple[str, ...]:
    """The Message-IDs that a mail answers: In-Reply-To, then References from the newest back."""
    nearest = _MESSAGE_ID.findall(raw_field(mail, "In-Reply-To"))
    older = _MESSAGE_ID.findall(raw_field(mail, "References"))
    return tuple(dict.fromkeys([*nearest, *reversed(older)]))[:_MOST_REFERENCES]


def date(mail: Message, received_at: datetime) -> datetime:
    """When a mail says it was sent, in UTC; ``received_at`` when what it says cannot be."""
    try:
        sent = parsedate_to_datetime(raw_field(mail, "Date"))
        sent = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        # The standard library raises all four, depending on what is wrong with the date.
        return received_at
    return sent if _OLDEST <= sent <= received_at + _CLOCK_SKEW else received_at
