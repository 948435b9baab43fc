"""Channel to dispatcher: every batch is one committed unit of work, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channel import Batch, Channel
from bot.papers.reading import PaperReader
from handlers.request import Incoming
from storage import cursors, outbox
from storage.engine import Database

log = structlog.get_logger()

_Claimed = TypeVar("_Claimed")

LONGEST_PAUSE = 30.0
LONGEST_SETTLING = 10.0
"""How many seconds an answer is held back until what it may answer is known to have gone out."""
SETTLING_STEP = 0.02
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


class Claimant(Protocol[_Claimed]):
    """Who sends on the channel that is read: :class:`bot.courier.Courier`."""

    def claim(self, session: Session) -> _Claimed:
        """Take what is due, in the transaction in which it became due."""
        ...

    async def hand_over(self, claimed: _Claimed) -> None:
        """Send it: the transaction is committed."""
        ...

    async def eased(self) -> None:
        """Wait a moment where much is being sent."""
        ...


class Receiver(Generic[_Claimed]):
    """Reads one channel for as long as the lease of ``epoch`` is held.

    ``claimant`` is given the answers at once, if it sends here too: they then wait for no other
    transaction. It must run for longer than this receiver.
    """

    def __init__(
        self,
        channel: Channel,
        database: Database,
        dispatcher: Taker,
        now: Callable[[], datetime],
        committed: Callable[[Collection[str]], None],
        claimant: Claimant[_Claimed] | None = None,
        papers: PaperReader | None = None,
    ) -> None:
        self.channel = channel
        self._database = database
        self._dispatcher = dispatcher
        self._now = now
        self._committed = committed
        self._claimant = claimant
        self._papers = papers or PaperReader()

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
            async with self.channel.working(batch):
                await self._commit(await self._with_papers(batch), epoch)
            await self.channel.committed(batch)
            if self._claimant is not None:
                await self._claimant.eased()

    async def _with_papers(self, batch: Batch) -> Batch:
        """The same with what stands in the documents that came with it."""
        if not any(incoming.files for incoming in batch.requests):
            return batch
        read = await asyncio.to_thread(self._papers.read, batch.requests)
        return replace(batch, requests=read)

    async def _settled(self, batch: Batch) -> None:
        """Wait until what a batch may answer bears its id, or for a while at most.

        People may answer before the id is noted: at once, or when a killed run sent it last. An
        answer to an unknown message would not be recognised as meant for us.
        """
        if not any(incoming.answers for incoming in batch.requests):
            return
        deadline = asyncio.get_running_loop().time() + LONGEST_SETTLING
        waiting = await self._unidentified()
        while waiting:
            if asyncio.get_running_loop().time() > deadline:
                log.warning("answers read before what they may answer", rows=len(waiting))
                return
            await asyncio.sleep(SETTLING_STEP)
            waiting &= await self._unidentified()

    async def _unidentified(self) -> set[int]:
        return await asyncio.to_thread(self._database.run, outbox.unidentified, self.channel.name)

    async def _commit(self, batch: Batch, epoch: int) -> None:
        """Commit a batch, however long the database is away: nothing is read past it."""
        pause = 0.5
        while True:
            try:
                await self._settled(batch)
                await self._take(batch, epoch)
            except SQLAlchemyError as error:
                log.error(
                    "batch not committed", channel=self.channel.name, error=type(error).__name__
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return

    async def _take(self, batch: Batch, epoch: int) -> None:
        """One transaction, ended and handed over even where the reading is told to stop."""
        taking = asyncio.create_task(
            asyncio.to_thread(self._database.run, self._taken, batch, epoch, self._now())
        )
        try:
            await asyncio.shield(taking)
        finally:
            await asyncio.wait([taking])
            if taking.exception() is None:
                await self._handed_over(*taking.result())

    async def _handed_over(self, claimed: _Claimed | None, channels: Collection[str]) -> None:
        if self._claimant is not None and claimed is not None:
            await self._claimant.hand_over(claimed)
            # The answers leave before anything else is asked.
            await asyncio.sleep(0)
            # Whoever was given it need not look for it.
            channels = set(channels) - {self.channel.name}
        self._committed(channels)

    def _taken(
        self, session: Session, batch: Batch, epoch: int, now: datetime
    ) -> tuple[_Claimed | None, Collection[str]]:
        name = self.channel.name
        self._dispatcher.take(session, name, batch.requests, batch.cursor, epoch, now)
        claimed = self._claimant.claim(session) if self._claimant is not None else None
        return claimed, outbox.channels_added_to(session)
