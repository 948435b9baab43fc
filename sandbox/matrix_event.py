"""The events of a Matrix room as a client of the sandbox sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

Json = dict[str, Any]


@dataclass(frozen=True)
class RoomEvent:
    """One event of a room's timeline; `raw` is all that the homeserver told."""

    room_id: str
    event_id: str
    sender: str
    type: str
    content: Json
    timestamp: int
    raw: Json

    @classmethod
    def read(cls, room_id: str, raw: Json) -> Self:
        """Read an event as the homeserver sends it."""
        head = raw["event_id"], raw["sender"], raw["type"]
        return cls(room_id, *head, raw["content"], raw["origin_server_ts"], raw)

    @property
    def body(self) -> str:
        """The plain text of a message, or nothing."""
        return str(self.content.get("body", ""))

    @property
    def thread(self) -> str | None:
        """The root event of the thread that the event belongs to."""
        relation = self.content.get("m.relates_to", {})
        return relation.get("event_id") if relation.get("rel_type") == "m.thread" else None

    @property
    def reply_to(self) -> str | None:
        """The event answered by this one."""
        answered = self.content.get("m.relates_to", {}).get("m.in_reply_to", {})
        event_id: str | None = answered.get("event_id")
        return event_id

    @property
    def annotates(self) -> str | None:
        """The event that a reaction was put to."""
        relation = self.content.get("m.relates_to", {})
        return relation.get("event_id") if relation.get("rel_type") == "m.annotation" else None


def relation(thread: str | None, reply_to: str | None) -> Json:
    """Give the relation of a message; in a thread, old clients see a reply to its root."""
    if thread is None:
        return {"m.in_reply_to": {"event_id": reply_to}} if reply_to else {}
    return {
        "rel_type": "m.thread",
        "event_id": thread,
        "is_falling_back": reply_to is None,
        "m.in_reply_to": {"event_id": reply_to or thread},
    }


def replacement(event_id: str, text: str) -> Json:
    """Give the content of an edit; programs that know none show it as a message with a star."""
    return {
        "msgtype": "m.text",
        "body": f"* {text}",
        "m.new_content": {"msgtype": "m.text", "body": text, "m.mentions": {}},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
        "m.mentions": {},
    }


def ballot(poll: str, *answers: str, stable: bool = False) -> tuple[str, Json]:
    """Give the type and content of a vote in a poll, in either form."""
    related = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll}}
    if stable:
        return "m.poll.response", related | {"m.selections": list(answers)}
    earlier = "org.matrix.msc3381.poll.response"
    return earlier, related | {earlier: {"answers": list(answers)}}
