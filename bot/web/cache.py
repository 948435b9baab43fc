"""Made once, shown to many: what bounds the work that visitors can cause.

However many people look, the same page is made once in some seconds.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256

from bot.web.workers import Workers
from handlers.reply import File

SECONDS = 20.0
"""How long a page is shown before it is made anew."""
MOST_BYTES = 16 << 20
"""How much is kept altogether, pictures included."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page as it is sent: the status, its bytes, and the files and pictures that go with it."""

    status: int
    body: bytes
    files: tuple[File, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes it is, files included."""
        return len(self.body) + sum(len(file.content) for file in self.files)


def tag_of(content: bytes) -> str:
    """The name of exactly these bytes, for a browser that has them already (RFC 9110, 8.8.3)."""
    return sha256(content).hexdigest()[:24]


class Cache:
    """Pages by their key; to be used by one event loop."""

    def __init__(self, workers: Workers, most_bytes: int = MOST_BYTES) -> None:
        self._workers = workers
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[float, Made]] = OrderedDict()
        self._bytes = 0
        self._making: dict[Hashable, asyncio.Future[Made]] = {}

    async def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The page of a key; ``make`` is called in another thread where it is not there.

        Raises Busy, and whatever ``make`` raises.
        """
        found = self._fresh(key)
        if found is not None:
            return found
        making = self._making.get(key)
        if making is None:
            making = asyncio.ensure_future(self._made(key, make))
            self._making[key] = making
            making.add_done_callback(lambda _done: self._making.pop(key))
        # One visitor who leaves must not take the page from the others.
        return await asyncio.shield(making)

    def _fresh(self, key: Hashable) -> Made | None:
        until, made = self._kept.get(key, (0.0, None))
        return made if until > asyncio.get_running_loop().time() else None

    async def _made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        made = await self._workers.run(make)
        self._drop(key)
        self._kept[key] = (asyncio.get_running_loop().time() + SECONDS, made)
        self._bytes += made.size
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._kept)))
        return made

    def _drop(self, key: Hashable) -> None:
        _until, made = self._kept.pop(key, (0.0, None))
        self._bytes -= made.size if made is not None else 0
