"""Outbox to channel: claims rows, sends them, marks them; may be killed at any instant."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channel import (
    Attachment,
    Channel,
    Delivery,
    DeliveryError,
    Refused,
    TryLater,
    Unclear,
)
from config.settings import Courier as CourierSettings
from handlers import notices, texts, undelivered
from handlers.desk import PLACE, Desk
from handlers.platform import Platform
from handlers.request import Failure, Place, Severity
from storage import files, outbox
from storage.engine import Database
from storage.outbox import Row

log = structlog.get_logger()

AT_ONCE = 8
"""How many destinations are served at the same time."""
LEAST_OF_PAUSE = 0.8
"""What share of a pause before the next attempt is waited at least."""
FAREWELL = 10.0
"""How many seconds a courier that is told to stop gives to what it is sending."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed row: sent (with its external id), failed, or not tried at all."""

    row_id: int
    attempts: int
    external_id: str | None = None
    error: DeliveryError | None = None
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row with its files, and the external id of what it follows if that is known."""

    row: Row
    files: tuple[Attachment, ...]
    follows: str | None


Claimed = list[list[Parcel]]
"""What was claimed, by destination."""


class Courier:
    """Sends what is due on one channel. Several may work side by side, on PostgreSQL also on
    several machines.
    """

    def __init__(
        self,
        channel: Channel,
        database: Database,
        platform: Platform,
        holder: str,
        now: Callable[[], datetime],
    ) -> None:
        self.channel = channel
        self._database = database
        self._platform = platform
        self._settings: CourierSettings = platform.settings.courier
        self._holder = holder
        self._now = now
        self._news = asyncio.Event()
        self._outcomes: list[Outcome] = []
        self._settle_now = asyncio.Event()
        self._stopping = False
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._claimed: deque[list[Parcel]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something may be due: look at once."""
        self._news.set()

    async def run(self) -> None:
        """Send until cancelled; then let what is being sent end, and give the rest back."""
        self._stopping = False
        settler = asyncio.create_task(self._settle_forever())
        try:
            while True:
                self._news.clear()
                if not self._claimed:
                    self._claimed.extend(await self._claim())
                while self._claimed:
                    await self._begin()
                await self._wait_for_news()
        finally:
            self._give_back(parcel for parcels in self._claimed for parcel in parcels)
            self._claimed.clear()
            await self._farewell(self._tasks)
            self._stopping = True
            self._settle_now.set()
            await settler

    async def _begin(self) -> None:
        """Begin with the next destination, as soon as there is a place."""
        await self._slots.acquire()
        if not self._claimed:
            self._slots.release()
            return
        task = asyncio.create_task(self._serve(self._claimed.popleft()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wait_for_news(self) -> None:
        try:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the news.
            async with asyncio.timeout(self._settings.poll_seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _farewell(self, tasks: set[asyncio.Task[None]]) -> None:
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=FAREWELL)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -- claiming ---------------------------------------------------------------------------

    def claim(self, session: Session) -> Claimed:
        """Take what is due, in somebody else's transaction: it need not wait for one of its own.

        Give it to `hand_over` once that is committed. Nothing is taken while enough is claimed.
        """
        return [] if self._claimed else self._due(session)

    async def hand_over(self, claimed: Claimed) -> None:
        """Send what was taken with `claim`: at once as far as there is place; it does not wait."""
        self._claimed.extend(claimed)
        self._news.set()
        while self._claimed and not self._slots.locked():
            await self._begin()

    async def _claim(self) -> Claimed:
        """Take what is due; what is taken while the courier is told to stop is given back."""
        claiming = asyncio.create_task(asyncio.to_thread(self._database.run, self._due))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            await asyncio.wait([claiming])
            if claiming.exception() is None:
                self._give_back(parcel for parcels in claiming.result() for parcel in parcels)
            raise
        except SQLAlchemyError as error:
            log.error("nothing claimed", channel=self.channel.name, error=type(error).__name__)
            return []

    def _due(self, session: Session) -> Claimed:
        rows = outbox.claim(
            session, self.channel.name, self._holder, self._now(), self._settings.batch
        )
        by_destination: dict[str, list[Parcel]] = defaultdict(list)
        for row in rows:
            by_destination[row.destination].append(
                Parcel(row, _files(session, row), _follows(session, row))
            )
        return list(by_destination.values())

    # -- sending ----------------------------------------------------------------------------

    async def _serve(self, parcels: Sequence[Parcel]) -> None:
        """Send the parcels of one destination in order; after a failure the rest waits."""
        sent: dict[int, str] = {}
        waiting = deque(parcels)
        try:
            while waiting:
                parcel = waiting.popleft()
                outcome = await self._send(parcel, sent)
                self._done(outcome)
                if outcome.error is not None and not isinstance(outcome.error, Refused):
                    return
                if outcome.external_id:
                    sent[parcel.row.id] = outcome.external_id
        finally:
            self._give_back(waiting)
            self._slots.release()

    async def _send(self, parcel: Parcel, sent: Mapping[int, str]) -> Outcome:
        row = parcel.row
        delivery = Delivery(
            id=row.id,
            key=row.key,
            destination=row.destination,
            payload=row.payload,
            external_id=row.external_id,
            follows=sent.get(row.follows_id or 0) or parcel.follows,
            unclear=row.unclear,
            age=outbox.claim_age(row, self._now()),
            files=parcel.files,
        )
        try:
            external_id = await self.channel.send(delivery)
        except DeliveryError as error:
            return Outcome(row.id, row.attempts, error=error)
        except asyncio.CancelledError:
            self._done(Outcome(row.id, row.attempts, error=Unclear("stopped while sending")))
            raise
        except Exception as error:  # noqa: BLE001 - one faulty message must not stop the others
            # It may have gone out before it failed.
            log.error("delivery failed unexpectedly", row=row.id, error=type(error).__name__)
            return Outcome(row.id, row.attempts, error=Unclear(type(error).__name__))
        return Outcome(row.id, row.attempts, external_id=external_id)

    # -- marking ----------------------------------------------------------------------------

    def _give_back(self, parcels: Iterable[Parcel]) -> None:
        for parcel in parcels:
            self._done(Outcome(parcel.row.id, parcel.row.attempts, tried=False))

    def _done(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._settle_now.set()

    async def _settle_forever(self) -> None:
        while not (self._stopping and not self._outcomes):
            await self._settle_now.wait()
            self._settle_now.clear()
            if await self._settle():
                continue
            if self._stopping:
                # The rows stay claimed: the next process looks for them before it sends.
                return
            await asyncio.sleep(self._settings.poll_seconds)
            self._settle_now.set()

    async def _settle(self) -> bool:
        """Write down what became of the rows, many in one transaction; False to try again."""
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes:
            return True
        try:
            await asyncio.to_thread(self._database.run, self._settled, outcomes)
        except SQLAlchemyError as error:
            log.error("outcomes not written", channel=self.channel.name, error=type(error).__name__)
            self._outcomes = outcomes + self._outcomes
            return False
        self.wake()
        return True

    def _settled(self, session: Session, outcomes: Sequence[Outcome]) -> None:
        now = self._now()
        for outcome in outcomes:
            if not outcome.tried:
                outbox.put_back(session, [outcome.row_id], now, error=None, unclear=False)
            elif outcome.error is None:
                outbox.mark_sent(session, outcome.row_id, outcome.external_id, now)
            else:
                self._failed(session, outcome, outcome.error, now)

    def _failed(
        self, session: Session, outcome: Outcome, error: DeliveryError, now: datetime
    ) -> None:
        if isinstance(error, TryLater) and not error.tried:
            later = now + self._pause(outcome.attempts, error)
            outbox.put_back(session, [outcome.row_id], later, error=None, unclear=False)
            return
        log.warning("not delivered", row=outcome.row_id, kind=type(error).__name__, why=str(error))
        exhausted = outcome.attempts >= self._settings.attempts
        if isinstance(error, Refused) or exhausted:
            row = outbox.give_up(session, outcome.row_id, str(error))
            failure = error.failure if isinstance(error, Refused) else None
            self._tell(session, row, failure, now)
            return
        unclear = isinstance(error, Unclear)
        pause = self._pause(outcome.attempts, error)
        due = now + (max(self.channel.grace, pause) if unclear else pause)
        outbox.put_back(session, [outcome.row_id], due, error=str(error), unclear=unclear)

    def _pause(self, attempts: int, error: DeliveryError) -> timedelta:
        if isinstance(error, TryLater) and error.after is not None:
            return error.after
        steps = self._settings.retry_seconds
        # What failed together is not tried together again.
        jitter = random.uniform(LEAST_OF_PAUSE, 1.0)  # noqa: S311 - not a secret
        return timedelta(seconds=jitter * steps[min(attempts, len(steps)) - 1])

    def _tell(self, session: Session, row: Row, failure: Failure | None, now: datetime) -> None:
        """A person is told of what is given up: of an address that is wrong, once a week."""
        if row.destination == f"{PLACE}{Place.ADMINS}":
            return
        desk = Desk(session, self._platform, now)
        if failure is not None:
            undelivered.mark(desk, row.channel, row.destination, failure)
            if failure.severity is Severity.HARD:
                return
        words = texts.dead_letter(row.destination, row.error or "")
        notices.tell(desk, notices.Sort.DEAD_LETTER, words, name=row.destination)


def _files(session: Session, row: Row) -> tuple[Attachment, ...]:
    named = row.payload.get("files") or [id_ for id_ in [row.payload.get("file")] if id_]
    kept = (session.get_one(files.StoredFile, file_id) for file_id in named)
    return tuple(Attachment(file.name, file.media_type, file.content) for file in kept)


def _follows(session: Session, row: Row) -> str | None:
    return outbox.external_id_of(session, row.follows_id) if row.follows_id else None
