"""Tokens: reply tags that only the addressee can send back, and codes typed by hand."""

from __future__ import annotations

import base64
import re
import secrets
from hashlib import sha256
from hmac import compare_digest, digest

from handlers.request import Topic

_LETTERS = {
    "announcement": "a",
    "inbox": "e",
    "registration": "i",
    "order": "o",
    "question": "q",
    "central": "c",
    "person": "p",
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


def new_code() -> str:
    """A code to type by hand, such as ``7F3K-9QTM-4XAC``: 56 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def code_hash(secret: str, code: str) -> str:
    """What is kept of a code; case, spaces and hyphens do not matter."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return sha256(f"{secret} code {plain}".encode()).hexdigest()
