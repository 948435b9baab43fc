"""Which process reads the channels: the one that holds the lease, for as long as it renews it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from storage import leases
from storage.cursors import Fenced
from storage.engine import Database

log = structlog.get_logger()

LEASE = "channels"
TTL = timedelta(seconds=15)
RENEWAL = 5.0


class Lost(Exception):
    """The lease could not be renewed in time."""


class Leadership:
    """Takes the lease, does the leader's work under it, and starts again when it is lost."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    async def run(self, work: Callable[[int], Awaitable[None]]) -> None:
        """Lead whenever possible, until cancelled; ``work`` is given the epoch."""
        while True:
            epoch = await self._acquire()
            log.info("reading the channels", epoch=epoch)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._renew(epoch))
                    group.create_task(_forever(work(epoch)))
            except* (Lost, Fenced):
                log.warning("another process reads the channels now", epoch=epoch)
            finally:
                await self._release(epoch)

    async def keep_alive(self) -> None:
        """Show for as long as this process runs that what it claimed is in living hands."""
        name = f"process:{self._holder}"
        while True:
            try:
                await asyncio.to_thread(self._database.run, leases.acquire, name, self._holder, TTL)
            except SQLAlchemyError as error:
                log.error("sign of life not written", error=type(error).__name__)
            await asyncio.sleep(RENEWAL)

    async def _acquire(self) -> int:
        while True:
            try:
                epoch = await asyncio.to_thread(
                    self._database.run, leases.acquire, LEASE, self._holder, TTL
                )
            except SQLAlchemyError as error:
                log.error("lease not taken", error=type(error).__name__)
                epoch = None
            if epoch is not None:
                return epoch
            await asyncio.sleep(RENEWAL)

    async def _renew(self, epoch: int) -> None:
        failures = 0
        while True:
            await asyncio.sleep(RENEWAL)
            try:
                kept = await asyncio.to_thread(
                    self._database.run, leases.acquire, LEASE, self._holder, TTL, renew=epoch
                )
                failures = 0
            except SQLAlchemyError as error:
                log.error("lease not renewed", error=type(error).__name__)
                failures += 1
                kept = epoch if failures * RENEWAL < TTL.total_seconds() else None
            if kept is None:
                raise Lost

    async def _release(self, epoch: int) -> None:
        try:
            await asyncio.to_thread(self._database.run, leases.release, LEASE, self._holder, epoch)
        except SQLAlchemyError as error:
            log.warning("lease not given back; it runs out", error=type(error).__name__)


async def _forever(work: Awaitable[None]) -> None:
    await work
