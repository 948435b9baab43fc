"""Tokens: reply tags that only the addressee can send back, and codes typed by hand."""

from __future__ import annotations

import base64
import re
import secrets
from hashlib import sha256
from hmac import compare_digest, digest

from handlers.request import Topic

_LETTERS = {
    "agreement": "g",
    "announcement": "a",
    "budget": "b",
    "confidence": "f",
    "inbox": "e",
    "interest": "t",
    "registration": "i",
    "order": "o",
    "question": "q",
    "central": "c",
    "person": "p",
    "survey": "s",
    "campaign": "k",
    "moderation": "m",
}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_TAG = re.compile(r"([a-z])(\d{1,18})-([a-z2-7]{16})")
_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"
"""No letter that is taken for another when it is read out or copied by hand."""


def reply_tag(secret: str, topic: Topic, address: str) -> str:
    """The tag of a topic for one address: ``a12-`` and 80 bits of a keyed hash.

    It needs no storage, fits in the local part of a mail address, and sent back from that address
    proves that its holder received our message (DESIGN, section 4).
    """
    letter = _LETTERS[topic.kind]
    mac = digest(secret.encode(), f"reply {topic} {address.lower()}".encode(), "sha256")[:10]
    return f"{letter}{topic.id}-{base64.b32encode(mac).decode().lower()}"


def read_tag(secret: str, tag: str, address: str) -> Topic | None:
    """The topic of a tag that was issued to this address; None for any other tag."""
    match = _TAG.fullmatch(tag.lower())
    if match is None or match[1] not in _KINDS:
        return None
    topic = Topic(_KINDS[match[1]], int(match[2]))
    genuine = reply_tag(secret, topic, address)
    return topic if compare_digest(genuine, tag.lower()) else None


def named_by(tag: str) -> Topic | None:
    """The topic that a tag names, whoever it was issued to: proves nothing by itself."""
    match = _TAG.fullmatch(tag.lower())
    return Topic(_KINDS[match[1]], int(match[2])) if match and match[1] in _KINDS else None


def leave_tag(secret: str, person_id: int) -> str:
    """The tag that stops what is said to everybody, for one person, whoever sends it back.

    Mail programs send it from whichever address they like, and their servers send it for them
    (RFC 2369, RFC 8058): it proves itself. All that it does can be undone.
    """
    return _bearer(secret, "l", person_id)


def read_leave_tag(secret: str, tag: str) -> int | None:
    """The person whose tag it is; None for any other tag."""
    return _read_bearer(secret, "l", tag)


def return_tag(secret: str, row_id: int) -> str:
    """The tag of the address to which a server gives back one message of ours."""
    return _bearer(secret, "b", row_id)


def read_return_tag(secret: str, tag: str) -> int | None:
    """The row of the outbox that a returned message had; None for any other tag."""
    return _read_bearer(secret, "b", tag)


def _bearer(secret: str, letter: str, number: int) -> str:
    mac = digest(secret.encode(), f"bearer {letter} {number}".encode(), "sha256")[:10]
    return f"{letter}{number}-{base64.b32encode(mac).decode().lower()}"


def _read_bearer(secret: str, letter: str, tag: str) -> int | None:
    match = _TAG.fullmatch(tag.lower())
    if match is None or match[1] != letter:
        return None
    number = int(match[2])
    return number if compare_digest(_bearer(secret, letter, number), tag.lower()) else None


def new_code() -> str:
    """A code to type by hand, such as ``7F3K-9QTM-4XAC``: 56 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def code_hash(secret: str, code: str) -> str:
    """What is kept of a code; case, spaces and hyphens do not matter."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return sha256(f"{secret} code {plain}".encode()).hexdigest()
