"""Outbox to channel: claims rows, sends them, marks them; may be killed at any instant."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channel import Channel, Delivery, DeliveryError, Refused, TryLater, Unclear
from bot.parcels import Claimed, Outcome, Parcel, parcels_of
from config.settings import Courier as CourierSettings
from handlers import notices, texts, undelivered
from handlers.desk import PLACE, Desk
from handlers.platform import Platform
from handlers.request import Failure, Place, Severity
from storage import claims, outbox
from storage.engine import Database
from storage.outbox import Row

log = structlog.get_logger()

AT_ONCE = 8
"""How many destinations are served at the same time."""
LEAST_OF_PAUSE = 0.8
"""What share of a pause before the next attempt is waited at least."""
FAREWELL = 10.0
"""How many seconds a courier that is told to stop gives to what it is sending."""
MUCH = 3
"""Behind how many answers to one place reading waits: more is then read at once."""
BREATH = 0.15
"""How many seconds it waits at most."""
REMEMBERED = 1000
"""Of how many rows the external id is known before the database tells it."""


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
        self._look = True
        self._outcomes: list[Outcome] = []
        self._settle_now = asyncio.Event()
        self._stopping = self._closing = False
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._claimed: deque[list[Parcel]] = deque()
        self._serving: dict[str, deque[Parcel]] = {}
        self._in_hand: dict[int, str] = {}
        """The rows being sent, or sent and not yet written down as such, with destinations."""
        self._ease = asyncio.Event()
        self._failures = 0
        self._sent: dict[int, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something may be due: look at once."""
        self._look = True
        self._news.set()

    async def run(self) -> None:
        """Send until cancelled; then let what is being sent end, and give the rest back."""
        self._stopping = self._closing = False
        settler = asyncio.create_task(self._settle_forever())
        try:
            while True:
                self._news.clear()
                if self._look and not self._claimed:
                    self._look = False
                    self._accept((await self._claim()).free)
                while self._claimed:
                    await self._begin()
                await self._wait_for_news()
        finally:
            self._closing = True
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
        waiting = deque(self._claimed.popleft())
        self._serving[waiting[0].row.destination] = waiting
        task = asyncio.create_task(self._serve(waiting))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wait_for_news(self) -> None:
        try:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the news.
            async with asyncio.timeout(self._settings.poll_seconds):
                await self._news.wait()
        except TimeoutError:
            self._look = True

    async def _farewell(self, tasks: set[asyncio.Task[None]]) -> None:
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=FAREWELL)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -- claiming ---------------------------------------------------------------------------

    def claim(self, session: Session) -> Claimed:
        """Take what is due, in somebody else's transaction: it need not wait for one of its own,
        nor for what is being sent to be written down.

        Give it to `hand_over` once that is committed, before the next is taken. Nothing is taken
        while enough is claimed.
        """
        if self._claimed:
            return Claimed()
        failures, in_hand = self._failures, self._by_destination()
        free = self._due(session).free
        behind = claims.claim_behind(session, *self._whose(), in_hand)
        return Claimed(free, parcels_of(session, behind), failures)

    async def hand_over(self, claimed: Claimed) -> None:
        """Send what was taken with `claim`: at once as far as there is place; it does not wait."""
        self._accept(claimed.free)
        for parcels in claimed.behind:
            self._append(parcels, claimed.failures)
        self._news.set()
        while self._claimed and not self._slots.locked():
            await self._begin()

    async def eased(self) -> None:
        """Wait a moment while much is being sent to one place: whoever wrote it is served in order
        anyhow, and every reading takes the server time that it needs for sending.
        """
        self._ease.clear()
        if self._backlog() > MUCH:
            with suppress(TimeoutError):
                async with asyncio.timeout(BREATH):
                    await self._ease.wait()

    def _backlog(self) -> int:
        return max(map(len, self._serving.values()), default=0)

    def _accept(self, free: Iterable[list[Parcel]]) -> None:
        for parcels in free:
            self._in_hand.update((parcel.row.id, parcel.row.destination) for parcel in parcels)
            self._claimed.append(parcels)

    def _append(self, parcels: list[Parcel], failures: int) -> None:
        """Add to what is being sent to a destination, unless something may have to go before."""
        if failures != self._failures:
            self._give_back(parcels)
            return
        under_way = self._serving.get(parcels[0].row.destination)
        if under_way is None:
            self._accept([parcels])
            return
        self._in_hand.update((parcel.row.id, parcel.row.destination) for parcel in parcels)
        under_way.extend(parcels)

    def _by_destination(self) -> dict[str, set[int]]:
        # Copied in one step: the event loop goes on while a worker thread asks.
        found: dict[str, set[int]] = defaultdict(set)
        for row_id, destination in self._in_hand.copy().items():
            found[destination].add(row_id)
        return found

    def _whose(self) -> tuple[str, str, datetime, int]:
        return self.channel.name, self._holder, self._now(), self._settings.batch

    async def _claim(self) -> Claimed:
        """Take what is due; what is taken while the courier is told to stop is given back."""
        claiming = asyncio.create_task(asyncio.to_thread(self._database.run, self._due))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            await asyncio.wait([claiming])
            if claiming.exception() is None:
                self._give_back(p for parcels in claiming.result().free for p in parcels)
            raise
        except SQLAlchemyError as error:
            log.error("nothing claimed", channel=self.channel.name, error=type(error).__name__)
            return Claimed()

    def _due(self, session: Session) -> Claimed:
        return Claimed(parcels_of(session, claims.claim(session, *self._whose())))

    # -- sending ----------------------------------------------------------------------------

    async def _serve(self, waiting: deque[Parcel]) -> None:
        """Send the parcels of one destination in order, also those that are added meanwhile; after
        a failure the rest waits.
        """
        destination = waiting[0].row.destination
        try:
            while waiting:
                outcome = await self._send(waiting.popleft())
                self._done(outcome)
                if outcome.holds_back:
                    return
        finally:
            del self._serving[destination]
            self._give_back(waiting)
            self._slots.release()

    def _remember(self, outcome: Outcome) -> None:
        """What follows a row may be claimed before the database knows as what it was sent."""
        if outcome.external_id:
            self._sent[outcome.row_id] = outcome.external_id
            if len(self._sent) > REMEMBERED:
                del self._sent[next(iter(self._sent))]

    async def _send(self, parcel: Parcel) -> Outcome:
        row = parcel.row
        delivery = Delivery(
            id=row.id,
            key=row.key,
            destination=row.destination,
            payload=row.payload,
            external_id=row.external_id,
            follows=self._sent.get(row.follows_id or 0) or parcel.follows,
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
        self._remember(outcome)
        if outcome.holds_back:
            self._failures += 1
            self._in_hand.pop(outcome.row_id, None)
        self._outcomes.append(outcome)
        if self._backlog() <= MUCH:
            self._ease.set()
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
            claimed = await asyncio.to_thread(self._database.run, self._settled, outcomes)
        except SQLAlchemyError as error:
            log.error("outcomes not written", channel=self.channel.name, error=type(error).__name__)
            self._outcomes = outcomes + self._outcomes
            return False
        for outcome in outcomes:
            self._in_hand.pop(outcome.row_id, None)
        if self._closing:
            self._give_back(parcel for parcels in claimed.free for parcel in parcels)
        else:
            await self.hand_over(claimed)
        return True

    def _settled(self, session: Session, outcomes: Sequence[Outcome]) -> Claimed:
        """Write down, and take what may go now: a transaction of its own would hold up others."""
        now = self._now()
        for outcome in outcomes:
            if not outcome.tried:
                outbox.put_back(session, [outcome.row_id], now, error=None, unclear=False)
            elif outcome.error is None:
                outbox.mark_sent(session, outcome.row_id, outcome.external_id, now)
            else:
                self._failed(session, outcome, outcome.error, now)
        return Claimed() if self._closing or self._claimed else self._due(session)

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
