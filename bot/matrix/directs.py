"""The room in which one person and the platform talk alone: found again, or created once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from hashlib import sha256
from http import HTTPStatus

from bot.matrix.rooms import Rooms
from bot.matrix.sealed import ENCRYPTION_STATE
from bot.matrix.transport import TRUSTED, MatrixError

_CANDIDATES = 3
_PRESENT = {"join", "invite"}


class Directs:
    """Rooms with one person each.

    A room where that person spoke to us is remembered while the program runs. Otherwise it is found
    by an alias made from the person's user id: the alias is what makes creating it twice
    impossible, whenever the program is killed. With ``encrypted``, new rooms are encrypted.
    """

    def __init__(self, rooms: Rooms, *, encrypted: bool = False) -> None:
        self._rooms = rooms
        self._state = [ENCRYPTION_STATE] if encrypted else []
        self._known: dict[str, str] = {}
        self._checked: set[str] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def spoke(self, user: str, room: str) -> None:
        """Somebody spoke to us alone in a room."""
        if self._known.setdefault(user, room) == room:
            self._checked.add(user)

    def changed(self, room: str) -> None:
        """Somebody came to a room or left it: who is there is asked again before it is used."""
        self._checked -= {user for user, known in self._known.items() if known == room}

    def forget(self, user: str) -> None:
        """The room known for somebody is of no use any more."""
        self._known.pop(user, None)
        self._checked.discard(user)

    async def room(self, user: str) -> str:
        """The room to reach somebody in, where they are present or invited; raises MatrixError."""
        async with self._locks[user]:
            if user not in self._checked and not await self._is_private(user):
                self.forget(user)
            if user not in self._known:
                self._known[user] = await self._found_or_created(user)
            if user not in self._checked:
                await self._call(self._known[user], user)
                self._checked.add(user)
            return self._known[user]

    async def _is_private(self, user: str) -> bool:
        """Whether nobody else came, or may come, into the room that is known for somebody."""
        return user in self._known and await self._rooms.is_closed(self._known[user])

    async def _call(self, room: str, user: str) -> None:
        if await self._rooms.membership(room, user) not in _PRESENT:
            await self._rooms.invite(room, user)

    async def _found_or_created(self, user: str) -> str:
        for number in range(_CANDIDATES):
            alias = self._rooms.alias(alias_for(user, number))
            room = await self._rooms.resolve(alias) or await self._created(alias, user)
            if await self._is_usable(room):
                return room
        raise MatrixError(HTTPStatus.FORBIDDEN, "M_FORBIDDEN", "every alias for them is taken")

    async def _created(self, alias: str, user: str) -> str:
        room = await self._rooms.create(
            alias, invite=[user], is_direct=True, preset=TRUSTED, initial_state=self._state
        )
        return room or await self._rooms.resolve(alias) or ""

    async def _is_usable(self, room: str) -> bool:
        if not room or not await self._rooms.is_ours(room):
            return False
        return await self._rooms.is_in(room) and await self._rooms.is_closed(room)


def alias_for(user: str, number: int) -> str:
    """The local part of the alias of somebody's direct room: the first choice is number 0."""
    digest = sha256(f"{number}:{user}".encode()).hexdigest()[:32]
    return f"supracom-direct-{digest}"
