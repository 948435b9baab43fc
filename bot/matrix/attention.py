"""What people see of our reading: that their message was taken in, and that we are at work on it.

Neither is ever waited for, and a failure of either costs nothing: the homeserver forgets by itself
that somebody types.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.matrix.transport import Connection, Json, MatrixError
from handlers.request import Incoming

log = structlog.get_logger()

SOON = 0.9
"""After how many seconds without an answer people are shown that we are at work."""
RENEWED = 8.0
_TYPING_MILLISECONDS = 12_000
TOGETHER = 0.5
"""How many seconds without a message receipts wait for: of each room the last one says it for all,
and answers come first.
"""
AT_LAST = 3.0
"""After how many seconds they are sent though messages go on coming."""


class Attention:
    """Shows people that we read; ``room_of`` gives the room of a conversation, if it has one."""

    def __init__(
        self, connection: Connection, user: str, room_of: Callable[[str], str | None]
    ) -> None:
        self._connection = connection
        self._user = user
        self._room_of = room_of
        self._read: dict[str, str] = {}
        self._taken = 0
        self._marking: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def working(self, requests: Sequence[Incoming]) -> AsyncIterator[None]:
        """Show that we type wherever one of these requests waits for longer than a moment."""
        typing = self._begin(self._type(self._rooms(requests)))
        try:
            yield
        finally:
            typing.cancel()

    def taken(self, requests: Sequence[Incoming]) -> None:
        """Mark what was taken in, and committed, as read; soon."""
        self._taken += len(requests)
        for request in requests:
            room = self._room_of(request.conversation) if _concerns_us(request) else None
            # What was not an event of its own has no id that could be marked.
            if room is not None and request.external_id.startswith("$"):
                self._read[room] = request.external_id
        if self._read and (self._marking is None or self._marking.done()):
            self._marking = self._begin(self._mark())

    async def close(self) -> None:
        """Leave everything as it is."""
        # What is cancelled may begin its farewell.
        while self._tasks:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _rooms(self, requests: Iterable[Incoming]) -> set[str]:
        found = (self._room_of(one.conversation) for one in requests if _concerns_us(one))
        return {room for room in found if room is not None}

    async def _type(self, rooms: set[str]) -> None:
        await asyncio.sleep(SOON)
        try:
            while True:
                await self._tell(rooms, {"typing": True, "timeout": _TYPING_MILLISECONDS})
                await asyncio.sleep(RENEWED)
        finally:
            # Not here: whoever waited for the work must not wait for this.
            self._begin(self._tell(rooms, {"typing": False}))

    async def _tell(self, rooms: set[str], typing: Json) -> None:
        for room in rooms:
            await self._do("PUT", ["rooms", room, "typing", self._user], typing)

    async def _mark(self) -> None:
        while self._read:
            await self._lull()
            read, self._read = self._read, {}
            for room, event in read.items():
                await self._do("POST", ["rooms", room, "receipt", "m.read", event], {})

    async def _lull(self) -> None:
        until = asyncio.get_running_loop().time() + AT_LAST
        seen = -1
        while seen != self._taken and asyncio.get_running_loop().time() < until:
            seen = self._taken
            await asyncio.sleep(TOGETHER)

    async def _do(self, method: str, path: list[str], body: Json) -> None:
        try:
            await self._connection.request(method, path, body=body)
        except MatrixError as error:
            log.debug("matrix: people are not shown that we read", status=error.status)


def _concerns_us(request: Incoming) -> bool:
    """Whether somebody may wait for us: not where members talk among themselves."""
    return request.direct or request.addressed or bool(request.answers or request.revises)
