"""What the homeserver knows about rooms: their names, their members, who made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from bot.matrix.transport import Connection, Json, MatrixError
from config.values import server_of

_TWO = 2


class Rooms:
    """Questions and acts about rooms; who is joined is remembered until somebody comes or goes."""

    def __init__(self, connection: Connection, user: str) -> None:
        self.connection = connection
        self.user = user
        self._joined: dict[str, Mapping[str, str]] = {}
        self._present: dict[str, frozenset[str]] = {}
        self._closed: dict[str, bool] = {}

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

    async def leave(self, room: str, reason: str = "") -> None:
        """Leave a room, or turn an invitation down, saying why; we may be gone already."""
        body = {"reason": reason} if reason else {}
        try:
            await self.connection.request("POST", ["rooms", room, "leave"], body=body)
        except MatrixError as error:
            if not error.is_final:
                raise
        self.forget(room)

    async def is_in(self, room: str) -> bool:
        """Whether we are in a room; a room that is gone, or that we were put out of, is none."""
        try:
            return await self.membership(room, self.user) == "join"
        except MatrixError as error:
            if error.is_final:
                return False
            raise

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

    async def memberships(self, room: str) -> dict[str, str]:
        """How everybody stands in a room who is, was, or was called there."""
        answer = await self.connection.get(["rooms", room, "members"])
        events = answer.get("chunk")
        return {
            str(event.get("state_key")): str(event.get("content", {}).get("membership", ""))
            for event in (events if isinstance(events, list) else ())
        }

    async def is_closed(self, room: str) -> bool:
        """Whether two are alone in a room, and nobody can enter it, or read it, by themselves; no
        room that we cannot look into is.
        """
        if room not in self._closed:
            try:
                self._closed[room] = await self._looks_closed(room)
            except MatrixError as error:
                if not error.is_final:
                    raise
                return False
        return self._closed[room]

    async def _looks_closed(self, room: str) -> bool:
        rules = await self.state_or_none(room, "m.room.join_rules") or {}
        seen = await self.state_or_none(room, "m.room.history_visibility") or {}
        return (
            len(await self.present(room)) <= _TWO
            and rules.get("join_rule", "invite") in {"invite", "private"}
            and seen.get("history_visibility") != "world_readable"
        )

    def forget(self, room: str) -> None:
        """Somebody came or went, or who may come changed."""
        self._closed.pop(room, None)
        self._joined.pop(room, None)
        self._present.pop(room, None)

    async def state(self, room: str, kind: str, key: str = "") -> Json:
        """The content of one piece of a room's state; raises MatrixError."""
        return await self.connection.get(["rooms", room, "state", kind, key])

    async def state_or_none(self, room: str, kind: str, key: str = "") -> Json | None:
        """The content of one piece of a room's state, or None where it was never set."""
        try:
            return await self.state(room, kind, key)
        except MatrixError as error:
            if error.is_unknown:
                return None
            raise

    async def put_state(self, room: str, kind: str, content: Json, key: str = "") -> None:
        """Set one piece of a room's state; raises MatrixError."""
        await self.connection.put(["rooms", room, "state", kind, key], content)

    async def name(self, room: str, alias: str) -> None:
        """Give a room an alias that is free."""
        # Once only: given twice, it would be taken.
        path = ["directory", "room", alias]
        await self.connection.request("PUT", path, body={"room_id": room})

    async def account_data(self, kind: str) -> Json:
        """What our account keeps under a name; empty if nothing."""
        try:
            return await self.connection.get(["user", self.user, "account_data", kind])
        except MatrixError as error:
            if error.is_unknown:
                return {}
            raise

    async def put_account_data(self, kind: str, content: Json) -> None:
        """Keep something in our account, where nobody else can write."""
        await self.connection.put(["user", self.user, "account_data", kind], content)

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
