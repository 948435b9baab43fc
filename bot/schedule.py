"""The clock's hand: one in-memory tick per periodic job.

The rows say what is due; APScheduler only says when to look. Its persistent job store is not used:
it deletes a job before running it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from handlers.admission import LOOK_EVERY, MOST_AT_ONCE, Changes, arrange
from handlers.command import Table
from handlers.desk import Desk
from handlers.platform import Platform
from handlers.reminding import carry_out_next
from storage import leases, outbox
from storage.engine import Database

log = structlog.get_logger()

MOST_PER_TICK = 200
"""How many reminders one tick carries out before it lets others have the database."""
ABANDONED = timedelta(seconds=60)
"""After how long a claim whose holder is gone is free again."""


class Schedule:
    """Looks regularly for due reminders and for what dead processes left behind."""

    def __init__(
        self,
        database: Database,
        platform: Platform,
        table: Table,
        now: Callable[[], datetime],
        committed: Callable[[], None],
    ) -> None:
        self._database = database
        self._platform = platform
        self._table = table
        self._now = now
        self._committed = committed

    async def run(self) -> None:
        """Tick until cancelled; a late tick is made up for by one, never by many."""
        scheduler = AsyncIOScheduler(timezone=self._platform.zone)
        every = IntervalTrigger(seconds=self._platform.settings.schedule.tick_seconds)
        look = IntervalTrigger(seconds=LOOK_EVERY.total_seconds())
        for job, when in ((self._remind, every), (self._recover, every), (self._arrange, look)):
            scheduler.add_job(
                job, when, next_run_time=datetime.now(self._platform.zone), coalesce=True,
                max_instances=1, misfire_grace_time=None,
            )  # fmt: skip
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def _remind(self) -> None:
        for _turn in range(MOST_PER_TICK):
            try:
                done = await asyncio.to_thread(
                    self._database.run, carry_out_next, self._platform, self._table, self._now()
                )
            except SQLAlchemyError as error:
                log.error("tick failed", error=type(error).__name__)
                return
            if not done:
                return
            self._committed()

    async def _arrange(self) -> None:
        """Call and put out everybody, some at a time: in between others have the database."""
        many = MOST_AT_ONCE
        while many >= MOST_AT_ONCE:
            try:
                changes = await asyncio.to_thread(
                    self._database.run, _arrange, self._platform, self._now()
                )
            except SQLAlchemyError as error:
                log.error("places not arranged", error=type(error).__name__)
                return
            if any(changes):
                self._committed()
            many = sum(changes)

    async def _recover(self) -> None:
        try:
            freed = await asyncio.to_thread(self._database.run, _free_abandoned, self._now())
        except SQLAlchemyError as error:
            log.error("recovery failed", error=type(error).__name__)
            return
        if freed:
            log.warning("took over abandoned deliveries", count=freed)
            self._committed()


def _arrange(session: Session, platform: Platform, now: datetime) -> Changes:
    return arrange(Desk(session, platform, now))


def _free_abandoned(session: Session, now: datetime) -> int:
    return outbox.recover_abandoned(session, leases.alive(session), now - ABANDONED)
