"""Which process reads a channel: the one that holds its lease, for as long as it renews it.

A channel whose keys lie with one process is reserved for that one: another would be deaf to what
was encrypted for these keys. A process that finds out that it cannot read gives the lease up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channel import Unfit
from storage import leases
from storage.cursors import Fenced
from storage.engine import Database

log = structlog.get_logger()

TTL = timedelta(seconds=15)
RENEWAL = 5.0
UNFIT_PAUSE = 60.0
"""How many seconds a process that cannot read a channel leaves it to the others."""


def lease_of(channel: str) -> str:
    """The name of the lease under which a channel is read."""
    return f"channel:{channel}"


class Lost(Exception):
    """The lease could not be renewed in time."""


async def keep_alive(database: Database, holder: str) -> None:
    """Show for as long as this process runs that what it claimed is in living hands."""
    while True:
        try:
            await asyncio.to_thread(database.run, leases.acquire, f"process:{holder}", holder, TTL)
        except SQLAlchemyError as error:
            log.error("sign of life not written", error=type(error).__name__)
        await asyncio.sleep(RENEWAL)


class Leadership:
    """Takes a channel's lease, works under it, and starts again when it is lost.

    ``is_tied`` says whether the channel must stay with this process (`bot.channel.Channel`).
    """

    def __init__(
        self,
        database: Database,
        holder: str,
        channel: str,
        is_tied: Callable[[], bool | None] = lambda: False,
    ) -> None:
        self._database = database
        self._holder = holder
        self._channel = channel
        self._is_tied = is_tied
        self._told = False

    async def run(self, work: Callable[[int], Awaitable[None]]) -> None:
        """Lead whenever possible, until cancelled; ``work`` is given the epoch."""
        while True:
            epoch = await self._acquire()
            log.info("reading a channel", channel=self._channel, epoch=epoch)
            fit = True
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._renew(epoch))
                    group.create_task(_forever(work(epoch)))
            except* (Lost, Fenced):
                log.warning("another process reads a channel now", channel=self._channel)
            except* Unfit:
                log.warning("a channel is left to other processes", channel=self._channel)
                fit = False
            finally:
                await self._release(epoch)
            if not fit:
                await asyncio.sleep(UNFIT_PAUSE)

    async def _acquire(self) -> int:
        while True:
            try:
                epoch = await self._asked(None)
            except SQLAlchemyError as error:
                log.error("lease not taken", channel=self._channel, error=type(error).__name__)
                epoch = None
            except leases.Reserved:
                self._tell_reserved()
                epoch = None
            if epoch is not None:
                return epoch
            await asyncio.sleep(RENEWAL)

    async def _asked(self, renew: int | None) -> int | None:
        return await asyncio.to_thread(
            self._database.run,
            leases.acquire,
            lease_of(self._channel),
            self._holder,
            TTL,
            renew=renew,
            reserve=self._is_tied(),
        )

    def _tell_reserved(self) -> None:
        if self._told:
            return
        self._told = True
        log.error(
            "a channel can only be read where its encryption keys lie: in the data_dir of another"
            " process; this one leaves it alone. Start that process, or restore its data_dir as a"
            " whole; if it is lost for good: supracom forget-keys",
            channel=self._channel,
        )

    async def _renew(self, epoch: int) -> None:
        failures = 0
        while True:
            await asyncio.sleep(RENEWAL)
            try:
                kept = await self._asked(epoch)
                failures = 0
            except leases.Reserved:
                kept = None
            except SQLAlchemyError as error:
                log.error("lease not renewed", error=type(error).__name__)
                failures += 1
                kept = epoch if failures * RENEWAL < TTL.total_seconds() else None
            if kept is None:
                raise Lost

    async def _release(self, epoch: int) -> None:
        try:
            await asyncio.to_thread(
                self._database.run, leases.release, lease_of(self._channel), self._holder, epoch
            )
        except SQLAlchemyError as error:
            log.warning("lease not given back; it runs out", error=type(error).__name__)


async def _forever(work: Awaitable[None]) -> None:
    await work
