"""Opening encrypted events, at once or when their key comes."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import structlog
from vodozemac import DecodeException, MegolmDecryptionException

from bot.matrix.polls import RESPONSES
from bot.matrix.transport import Json
from bot.matrix.waiting import Waiting

log = structlog.get_logger()

ALGORITHM = "m.megolm.v1.aes-sha2"
ENCRYPTION_STATE: Json = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": ALGORITHM},
}
"""The state that makes a room encrypted, for ever."""
_MESSAGES = frozenset({"m.room.message", "m.reaction", *RESPONSES})
"""What may be encrypted: state may not, and must not be believed if it is."""
_MOST_INDICES = 100_000


def is_sealed(event: Json) -> bool:
    """Whether an event is an encrypted message."""
    return event.get("type") == "m.room.encrypted" and "state_key" not in event


def ill_formed(event: Json) -> bool:
    """Whether an encrypted event lacks what is needed to open it, whatever keys we have."""
    content = event.get("content")
    if not isinstance(content, dict) or content.get("algorithm") != ALGORITHM:
        return True
    return not all(isinstance(content.get(key), str) for key in ("session_id", "ciphertext"))


class Opener:
    """Opens events with the keys of ``olm``."""

    def __init__(self) -> None:
        self.olm: Any = None
        self.waiting = Waiting()
        self._indices: OrderedDict[tuple[str, int], str] = OrderedDict()

    def opened(self, room: str, event: Json) -> Json | None:
        """The event as its sender wrote it; None if it cannot be read or is not to be believed."""
        session = None if ill_formed(event) else self._session(room, event["content"]["session_id"])
        if session is None or not self._is_of_sender(session, event):
            return None
        try:
            text, index = session.decrypt(event["content"]["ciphertext"])
            told = json.loads(text)
        except (MegolmDecryptionException, DecodeException, ValueError, RecursionError):
            return None
        if not self._is_first(session.id, index, str(event.get("event_id"))):
            log.warning("matrix: an encrypted message that was said before", room=room)
            return None
        return _unsealed(room, event, told)

    def keep(self, room: str, event: Json) -> bool:
        """Keep an event until its key comes, or for a while; False if the key is there."""
        if self._session(room, event["content"]["session_id"]) is not None:
            return False
        self.waiting.keep(room, event)
        return True

    def late(self) -> Iterator[tuple[str, Json]]:
        """What was kept and can be opened now, with its room, the oldest first; each once."""
        for id_, (_since, room, event) in self.waiting:
            found = self.opened(room, event)
            if found is not None:
                self.waiting.opened(id_)
                yield room, found

    def _session(self, room: str, session_id: str) -> Any:
        # By its own id: what the event says of its sender's key is not to be believed.
        by_sender = self.olm.inbound_group_store[room].values()
        return next((known[session_id] for known in by_sender if session_id in known), None)

    def _is_of_sender(self, session: Any, event: Json) -> bool:
        """Whether a key came from a device of the event's sender, logged out meanwhile or not."""
        return any(
            device.curve25519 == session.sender_key and device.ed25519 == session.ed25519
            for device in self.olm.device_store[event["sender"]].values()
        )

    def _is_first(self, session: str, index: int, event_id: str) -> bool:
        """Whether a message was not said before under another id: nobody may repeat our words."""
        known = self._indices.setdefault((session, index), event_id)
        if len(self._indices) > _MOST_INDICES:
            self._indices.popitem(last=False)
        return known == event_id


def _unsealed(room: str, event: Json, told: Any) -> Json | None:
    """The outer event with the inner content; its relation is what stands outside."""
    if not isinstance(told, dict) or told.get("room_id") != room:
        return None
    content = told.get("content")
    if told.get("type") not in _MESSAGES or not isinstance(content, dict):
        return None
    related = event["content"].get("m.relates_to")
    outside = {"m.relates_to": related} if isinstance(related, dict) else {}
    return event | {"type": told["type"], "content": content | outside}
