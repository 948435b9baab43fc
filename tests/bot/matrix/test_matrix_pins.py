"""Pinning: what a room has pinned before stays, and doing it twice changes nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

import pytest

from bot.matrix.outgoing import Sender
from bot.matrix.transport import MatrixError
from tests.bot.matrix.deliveries import delivery

ROOM = "!members:x.example"


class Room:
    """The pinned events of a room, as its homeserver keeps them."""

    def __init__(self, content: dict[str, Any] | None) -> None:
        self.content = content
        self.writes = 0

    async def get(self, path: list[str]) -> dict[str, Any]:
        """The state, or that there is none."""
        assert path == ["rooms", ROOM, "state", "m.room.pinned_events", ""]
        if self.content is None:
            raise MatrixError(HTTPStatus.NOT_FOUND, "M_NOT_FOUND", "no such state")
        return self.content

    async def put(self, path: list[str], body: dict[str, Any]) -> None:
        """Set the state anew."""
        assert path[3] == "m.room.pinned_events"
        self.content, self.writes = body, self.writes + 1


async def done(room: Room, *actions: str) -> list[str]:
    """What is pinned when these were done to the event that went out before."""
    nobody = cast("Any", None)
    sender = Sender(cast("Any", room), nobody, nobody, nobody, nobody)
    for action in actions:
        assert await sender.send(delivery(ROOM, {"action": action})) == ""
    assert room.content is not None
    pinned: list[str] = room.content["pinned"]
    return pinned


@pytest.mark.parametrize(
    ("before", "actions", "after", "writes"),
    [
        (None, ["pin"], ["$before"], 1),
        ({"pinned": ["$rules"]}, ["pin"], ["$rules", "$before"], 1),
        # Killed between doing it and noting it, it is done again.
        ({"pinned": ["$rules"]}, ["pin", "pin"], ["$rules", "$before"], 1),
        ({"pinned": ["$rules", "$before", "$b"]}, ["unpin", "unpin"], ["$rules", "$b"], 1),
        ({"pinned": ["$rules"]}, ["unpin"], ["$rules"], 0),
        ({"pinned": "nonsense"}, ["pin"], ["$before"], 1),
    ],
)
async def test_pins(
    before: dict[str, Any] | None, actions: list[str], after: list[str], writes: int
) -> None:
    room = Room(before)
    assert await done(room, *actions) == after
    assert room.writes == writes
