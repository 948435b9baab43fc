"""What a receiving mail server writes on top of a mail: pure functions on the mail's bytes.

The sandbox's mail server plays "our own MTA", whose Authentication-Results the bot believes
(RFC 8601). So it must remove what pretends to come from it (RFC 8601, section 5) as
strictly as a real one does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_AUTHENTICATION_RESULTS = re.compile(rb"authentication-results[ \t]*:", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True)
class Arrival:
    """One mail arriving for one recipient: the SMTP envelope and who had logged in."""

    mail_from: str
    recipient: str
    helo: str
    peer: str
    authenticated_as: str | None
    at: datetime
    queue_id: str


def stamp(mail: bytes, arrival: Arrival, *, authserv_id: str, hostname: str) -> bytes:
    """Give the mail as it is put into the mailbox: trace fields added, forged results removed."""
    cleaned = without_results_of(authserv_id, mail)
    results = authentication_results(cleaned, arrival.authenticated_as, authserv_id)
    trace = [
        f"Authentication-Results: {results}",
        f"Return-Path: <{arrival.mail_from}>",
        f"Delivered-To: {arrival.recipient}",
        _received(arrival, hostname),
    ]
    return "".join(f"{field}\r\n" for field in trace).encode("utf-8", "surrogateescape") + cleaned


def authentication_results(mail: bytes, authenticated_as: str | None, authserv_id: str) -> str:
    """Give the field's value: DMARC passes when the logged-in account is the mail's only From."""
    author = author_of(mail)
    passes = authenticated_as is not None and author == authenticated_as.casefold()
    domain = (author or "").rpartition("@")[2]
    seen = f" header.from={domain}" if _DOMAIN.fullmatch(domain) else ""
    return f"{authserv_id}; dmarc={'pass' if passes else 'fail'}{seen}"


def author_of(mail: bytes) -> str | None:
    """Give the one address of the From field, case folded; None when it has none or several."""
    headers = BytesHeaderParser().parsebytes(mail)
    fields = [str(field) for field in headers.get_all("From", [])]
    addresses = [address for _, address in getaddresses(fields)]
    if len(fields) != 1 or len(addresses) != 1 or "@" not in addresses[0]:
        return None
    return addresses[0].casefold()


def without_results_of(authserv_id: str, mail: bytes) -> bytes:
    """Remove the Authentication-Results fields that bear our own authserv-id."""
    fields, rest = split_fields(mail)
    return b"".join(field for field in fields if not _claims(field, authserv_id)) + rest


def split_fields(mail: bytes) -> tuple[list[bytes], bytes]:
    """Split into header fields, folded lines included, and the rest from the empty line on.

    A lone CR or LF ends a line too, because the usual parsers read it so.
    """
    fields: list[bytes] = []
    position = 0
    while position < len(mail):
        line = _line_at(mail, position)
        if not line.strip(b"\r\n"):
            break
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += line
        else:
            fields.append(line)
        position += len(line)
    return fields, mail[position:]


def _line_at(mail: bytes, position: int) -> bytes:
    match = _LINE.match(mail, position)
    return match.group() if match else b""


def _claims(field: bytes, authserv_id: str) -> bool:
    name = _AUTHENTICATION_RESULTS.match(field)
    return name is not None and _authserv_id(field[name.end() :]) == authserv_id.casefold()


def _authserv_id(value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    while (shorter := _COMMENT.sub(" ", text)) != text:  # comments nest
        text = shorter
    first = text.partition(";")[0].split()
    return first[0].strip('"').casefold() if first else ""


def _received(arrival: Arrival, hostname: str) -> str:
    protocol = "ESMTPA" if arrival.authenticated_as else "ESMTP"
    return (
        f"Received: from {arrival.helo} ([{arrival.peer}]) by {hostname} with {protocol}"
        f" id {arrival.queue_id}\r\n\tfor <{arrival.recipient}>; {format_datetime(arrival.at)}"
    )
