"""The words of IMAP: what a command is made of, and what an answer says; pure functions."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_AT_ONCE = 100
"""Mails in one FETCH or STORE: about 250 overflow aioimaplib's recursive parser."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail, or the beginning of it when it is too large."""

    uid: int
    content: bytes


def chunks(uids: Sequence[int]) -> Iterable[Sequence[int]]:
    """UIDs in portions that the library bears."""
    return (uids[start : start + MOST_AT_ONCE] for start in range(0, len(uids), MOST_AT_ONCE))


def uid_set(uids: Sequence[int]) -> str:
    """UIDs as IMAP writes them: runs as "first:last"."""
    runs: list[list[int]] = []
    for uid in sorted(set(uids)):
        if runs and runs[-1][-1] == uid - 1:
            runs[-1][1:] = [uid]
        else:
            runs.append([uid])
    return ",".join(":".join(map(str, run)) for run in runs)


def mailbox_name(name: str) -> str:
    """A mailbox's name in modified UTF-7 (RFC 3501, section 5.1.3), quoted."""
    pieces = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return quoted("".join(_shifted(piece) if k % 2 else piece for k, piece in enumerate(pieces)))


def _shifted(text: str) -> str:
    encoded = base64.b64encode(text.encode("utf-16-be")).decode("ascii")
    return f"&{encoded.rstrip('=').replace('/', ',')}-"


def quoted(text: str) -> str:
    """A quoted string; raises ValueError for what would end the line (RFC 3501, section 9)."""
    if re.search(r"[\x00\r\n]", text):
        raise ValueError("a control character in an IMAP argument")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def token_shown(mechanism: str, user: str, token: str, host: str, port: int) -> str:
    """What AUTHENTICATE says to show an access token: RFC 7628, section 3.1, or Google's older
    "xoauth2". Raises ValueError for a name with a control character.
    """
    if re.search(r"[\x00-\x1f]", user):
        raise ValueError("a control character in an IMAP argument")
    if mechanism == "xoauth2":
        words = f"user={user}\1auth=Bearer {token}\1\1"
    else:
        escaped = user.replace("=", "=3D").replace(",", "=2C")
        words = f"n,a={escaped},\1host={host}\1port={port}\1auth=Bearer {token}\1\1"
    return base64.b64encode(words.encode()).decode("ascii")


def number_in(name: bytes, line: bytes) -> int | None:
    """The number behind a name, such as UID, in a line of FETCH."""
    found = re.search(rb"[( ]" + name + rb" (\d+)", line)
    return int(found[1]) if found else None


def mails_in(lines: Sequence[bytes | bytearray]) -> list[Fetched]:
    """Each line « n FETCH (UID u BODY[] {size} » and the literal after it.

    The literals are bytearrays, the lines bytes. The UID may also follow the literal.
    """
    found: list[Fetched] = []
    literal: bytes | None = None
    uid: int | None = None
    for line in lines:
        if isinstance(line, bytearray):
            literal = bytes(line)
        else:
            uid = number_in(rb"UID", b" " + line) if uid is None or b" FETCH (" in line else uid
            literal = None if b" FETCH (" in line else literal
        if uid is not None and literal is not None:
            found.append(Fetched(uid, literal))
            uid = literal = None
    return found
