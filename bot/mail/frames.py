"""What goes through the pipes between the bot and the process that reads its mail.

Each frame is its length in four bytes, then its content. Words travel as JSON and files as bytes:
nothing that the reading process says can run code here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.mail.addresses import OwnAddress
from bot.mail.bodies import Limits
from bot.mail.parse import Reading
from handlers.request import Incoming, IncomingFile

LENGTH_BYTES = 4
LONGEST = 1 << 29
"""A frame that claims to be longer is a fault, not a mail."""


def frame(content: bytes) -> bytes:
    """One frame."""
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def length(head: bytes) -> int:
    """How long the frame is whose first bytes these are; raises ValueError beyond LONGEST."""
    found = int.from_bytes(head, "big")
    if found > LONGEST:
        raise ValueError("a frame that is too long")
    return found


def json_frame(words: dict[str, Any]) -> bytes:
    """One frame of JSON."""
    return frame(json.dumps(words, ensure_ascii=True).encode("ascii"))


# -- the terms, told once -----------------------------------------------------------------------


def terms_of(reading: Reading) -> dict[str, Any]:
    """How mail is read, as plain JSON."""
    return asdict(reading) | {"secret": reading.secret.hex()}


def reading_of(terms: dict[str, Any]) -> Reading:
    """How mail is read, back from JSON."""
    return Reading(
        own=OwnAddress(**terms["own"]),
        authserv_id=terms["authserv_id"],
        secret=bytes.fromhex(terms["secret"]),
        channel=terms["channel"],
        limits=Limits(**terms["limits"]),
    )


# -- one mail to read ---------------------------------------------------------------------------


def task(content: bytes, received_at: datetime, place: str, *, whole: bool) -> bytes:
    """One mail to be read whole, or only for what its header says."""
    words = {"received_at": received_at.isoformat(), "place": place, "whole": whole}
    return json_frame(words) + frame(content)


# -- what was read ------------------------------------------------------------------------------


def result(incoming: Incoming) -> Iterator[bytes]:
    """What was read of a mail: its record, then each of its files."""
    names = [
        {"name": file.name, "media_type": file.media_type, "damaged": file.damaged}
        for file in incoming.files
    ]
    yield json_frame(incoming.as_record() | {"files": names})
    for file in incoming.files:
        yield frame(file.content)


def file_of(words: dict[str, Any], content: bytes) -> IncomingFile:
    """A file, from what its record says and its bytes."""
    name, media_type = str(words["name"]), str(words["media_type"])
    return IncomingFile(name, media_type, content, damaged=bool(words["damaged"]))
