"""What the homeserver knows about rooms: their names, their members, who made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from bot.matrix.transport import Connection, Json, MatrixError
from config.values import server_of


class Rooms:
    """Questions and acts about rooms; who is joined is remembered until somebody comes or goes."""

    def __init__(self, connection: Connection, user: str) -> None:
        self.connection = connection
        self.user = user
        self._joined: dict[str, Mapping[str, str]] = {}
        self._present: dict[str, frozenset[str]] = {}

    async def resolve(self, alias: str) -> str | None:
        """The room behind an alias, or None."""
        try:
            answer = await self.connection.get(["directory", "room", alias])
        except MatrixError as error:
            if error.is_unknown:
                return None
            raise
        return str(answer["room_id"])

    async def create(self, alias: str, **how: Any) -> str | None:
        """Create a room under an alias of our server; None if the alias is taken."""
        localpart = alias[1:].partition(":")[0]
        client = self.connection.client
        try:
            answer = await self.connection.ask(client.room_create(alias=localpart, **how))
        except MatrixError as error:
            if error.errcode == "M_ROOM_IN_USE":
                return None
            raise
        return str(answer.room_id)

    async def join(self, room: str) -> None:
        """Enter a room; does nothing where we are already."""
        await self.connection.ask(self.connection.client.join(room))
        self.forget(room)

    async def membership(self, room: str, user: str) -> str:
        """How somebody stands in a room: join, invite, leave, ban, knock, or "" if in no way."""
        try:
            content = await self.state(room, "m.room.member", user)
        except MatrixError as error:
            if error.is_unknown:
                return ""
            raise
        return str(content.get("membership", ""))

    async def invite(self, room: str, user: str) -> None:
        """Invite somebody; that they are in or invited already is a success."""
        self.forget(room)
        try:
            await self.connection.ask(self.connection.client.room_invite(room, user))
        except MatrixError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            if await self.membership(room, user) not in {"join", "invite"}:
                raise

    async def remove(self, room: str, user: str) -> None:
        """Put somebody out of a room, or take their invitation back; they may be gone already."""
        if await self.membership(room, user) not in {"join", "invite", "knock"}:
            return
        await self.connection.ask(self.connection.client.room_kick(room, user))
        # Our own acts do not come back to us: nobody else would tell that they are gone.
        self.forget(room)

    async def joined(self, room: str) -> Mapping[str, str]:
        """Who is in a room, with their display names; nobody if we are not in it ourselves."""
        if room not in self._joined:
            try:
                answer = await self.connection.get(["rooms", room, "joined_members"])
            except MatrixError as error:
                if error.is_final:
                    return {}
                raise
            self._joined[room] = {
                user: _name(profile) for user, profile in answer.get("joined", {}).items()
            }
        return self._joined[room]

    async def present(self, room: str) -> frozenset[str]:
        """Who is in a room or invited to it: those who may read what is said there now."""
        if room not in self._present:
            answer = await self.connection.get(["rooms", room, "members"], not_membership="leave")
            self._present[room] = frozenset(_present(answer.get("chunk")))
        return self._present[room]

    def forget(self, room: str) -> None:
        """Somebody came or went."""
        self._joined.pop(room, None)
        self._present.pop(room, None)

    async def state(self, room: str, kind: str, key: str = "") -> Json:
        """The content of one piece of a room's state; raises MatrixError."""
        return await self.connection.get(["rooms", room, "state", kind, key])

    async def creation(self, room: str) -> Json:
        """The event with which a room began: its sender made it."""
        path = ["rooms", room, "state", "m.room.create", ""]
        return await self.connection.get(path, format="event")

    async def is_ours(self, room: str) -> bool:
        """Whether we made a room: an alias alone proves nothing, anybody could have taken it."""
        try:
            event = await self.creation(room)
        except MatrixError as error:
            if error.is_final:
                return False
            raise
        return event.get("sender") == self.user

    def alias(self, localpart: str) -> str:
        """An alias on our own server."""
        return f"#{localpart}:{server_of(self.user)}"


def _present(events: object) -> Iterator[str]:
    for event in events if isinstance(events, list) else ():
        if event.get("content", {}).get("membership") in {"join", "invite"}:
            yield str(event.get("state_key"))


def _name(profile: object) -> str:
    name = profile.get("display_name") if isinstance(profile, dict) else None
    return name if isinstance(name, str) else ""
