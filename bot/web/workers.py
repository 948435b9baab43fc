"""A thread of the pages' own, with a queue before it that ends somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MOST_WAITING = 24
"""How much may wait to be done."""
_THREADS = 1
"""Two would take more of the interpreter from the bot than they give to visitors."""


class Busy(Exception):
    """Too much waits to be done."""


class Workers:
    """Does in another thread what takes longer than the event loop may be held."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(_THREADS, "web")
        self._waiting = 0

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it. Raises Busy, and whatever the work raises."""
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, partial(work, *args, **kwargs))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads; what still waits is not done."""
        self._executor.shutdown(wait=False, cancel_futures=True)
