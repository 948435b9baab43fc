"""Channel to dispatcher: every batch is one committed unit of work, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channel import Batch, Channel
from handlers.request import Incoming
from storage import cursors
from storage.engine import Database

log = structlog.get_logger()

LONGEST_PAUSE = 30.0
IDLE_COMMITS = 50
"""After how many empty batches the cursor is written all the same, so that a restart is short."""


class Taker(Protocol):
    """Who takes a batch in: :class:`handlers.dispatch.Dispatcher`."""

    def take(
        self,
        session: Session,
        channel: str,
        requests: Sequence[Incoming],
        cursor: str,
        epoch: int,
        now: datetime,
    ) -> None:
        """One unit of work: the batch, its effects and the cursor."""
        ...


class Receiver:
    """Reads one channel for as long as the lease of ``epoch`` is held."""

    def __init__(
        self,
        channel: Channel,
        database: Database,
        dispatcher: Taker,
        now: Callable[[], datetime],
        committed: Callable[[], None],
    ) -> None:
        self.channel = channel
        self._database = database
        self._dispatcher = dispatcher
        self._now = now
        self._committed = committed

    async def run(self, epoch: int) -> None:
        """Read until cancelled. Raises Fenced when another process took over."""
        name = self.channel.name
        cursor = await asyncio.to_thread(self._database.run, cursors.read, name)
        empty = 0 if cursor else IDLE_COMMITS
        async for batch in self.channel.batches(cursor):
            empty = 0 if batch.requests else empty + 1
            if empty and empty < IDLE_COMMITS:
                continue
            empty = 0
            await self._commit(batch, epoch)
            self._committed()
            await self.channel.committed(batch)

    async def _commit(self, batch: Batch, epoch: int) -> None:
        """Commit a batch, however long the database is away: nothing is read past it."""
        pause = 0.5
        while True:
            try:
                await asyncio.to_thread(
                    self._database.run,
                    self._dispatcher.take,
                    self.channel.name,
                    batch.requests,
                    batch.cursor,
                    epoch,
                    self._now(),
                )
            except SQLAlchemyError as error:
                log.error(
                    "batch not committed", channel=self.channel.name, error=type(error).__name__
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return
