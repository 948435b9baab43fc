"""Who reads the channels, and what becomes of a reader that lost its place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import leadership
from bot.channel import Unfit
from bot.instance import AlreadyRunning, occupied
from bot.leadership import TTL, Leadership, keep_alive, lease_of
from bot.memory import MemoryChannel
from bot.receiver import IDLE_COMMITS, Receiver
from handlers.request import Incoming
from storage import cursors, leases
from storage.cursors import Fenced
from storage.engine import Database
from storage.schema import metadata

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = Database.open(f"sqlite:///{tmp_path}/rows.sqlite3")
    metadata.create_all(found.engine)
    return found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renew often, so that a test sees a renewal fail."""
    monkeypatch.setattr(leadership, "RENEWAL", 0.02)


async def test_one_leads_and_the_next_takes_over_when_it_ends(database: Database) -> None:
    order: list[tuple[str, int]] = []
    ready = {name: asyncio.Event() for name in ("first", "second")}

    def work(name: str) -> Callable[[int], asyncio.Future[None]]:
        def lead(epoch: int) -> asyncio.Future[None]:
            order.append((name, epoch))
            ready[name].set()
            return asyncio.get_running_loop().create_future()

        return lead

    first = asyncio.create_task(Leadership(database, "first", "memory").run(work("first")))
    await asyncio.wait_for(ready["first"].wait(), 10)
    second = asyncio.create_task(Leadership(database, "second", "memory").run(work("second")))
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.wait_for(ready["second"].wait(), 10)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert order == [("first", 1), ("second", 2)]


async def test_a_leader_that_was_overtaken_stops_its_work(database: Database) -> None:
    """A process that wakes from a freeze finds another holder, and starts again behind it."""
    stopped, started = asyncio.Event(), asyncio.Event()

    async def work(_epoch: int) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    task = asyncio.create_task(Leadership(database, "frozen", "memory").run(work))
    await asyncio.wait_for(started.wait(), 10)

    def overtake(session: Session) -> None:
        lease = session.get_one(leases.Lease, lease_of("memory"))
        lease.holder, lease.epoch = "other", lease.epoch + 1
        lease.expires_at = leases.database_now(session) + TTL

    database.run(overtake)
    await asyncio.wait_for(stopped.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_cannot_read_leaves_the_channel_to_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store of keys that cannot be used must not leave everybody deaf."""
    monkeypatch.setattr(leadership, "UNFIT_PAUSE", 3600.0)
    tried, reads = asyncio.Event(), asyncio.Event()

    async def unfit(_epoch: int) -> None:
        tried.set()
        raise Unfit("the keys are not here")

    async def read(_epoch: int) -> None:
        reads.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        one = group.create_task(Leadership(database, "one", "memory").run(unfit))
        await tried.wait()
        two = group.create_task(Leadership(database, "two", "memory").run(read))
        await reads.wait()
        one.cancel()
        two.cancel()


async def test_a_channel_whose_keys_lie_elsewhere_is_left_alone_and_that_is_said_once(
    database: Database,
) -> None:
    reads = asyncio.Event()
    keys: list[bool | None] = [None]

    async def owner(_epoch: int) -> None:
        # The store is opened in the course of the work.
        keys[0] = True
        await asyncio.Event().wait()

    async def other(_epoch: int) -> None:
        reads.set()
        await asyncio.Event().wait()

    leads = Leadership(database, "owner", "memory", lambda: keys[0])
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        task = group.create_task(leads.run(owner))
        while await asyncio.to_thread(database.run, reserved_for) != "owner":
            pass
        task.cancel()
        await asyncio.wait([task])
        with capture_logs() as logs:
            task = group.create_task(Leadership(database, "other", "memory").run(other))
            while not logs:
                assert await asyncio.to_thread(database.run, reserved_for) == "owner"
            await asyncio.to_thread(database.run, leases.set_free, lease_of("memory"))
            await reads.wait()
        task.cancel()
    assert [entry["log_level"] for entry in logs] == ["error", "info"]


def reserved_for(session: Session) -> str | None:
    lease = session.get(leases.Lease, lease_of("memory"))
    return lease.reserved_for if lease else None


def test_the_same_place_is_used_once_and_keeps_its_name(tmp_path: Path) -> None:
    with occupied(tmp_path) as first, pytest.raises(AlreadyRunning), occupied(tmp_path):
        pass
    with occupied(tmp_path) as again:
        assert again == first


class Recorder:
    """Stands for the dispatcher: moves the cursor and notes what it was given."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], str]] = []

    def take(
        self,
        session: Session,
        channel: str,
        requests: Sequence[Incoming],
        cursor: str,
        epoch: int,
        now: datetime,
    ) -> None:
        assert now == NOW
        cursors.advance(session, channel, cursor, epoch)
        self.taken.append(([one.external_id for one in requests], cursor))


def incoming(number: int) -> Incoming:
    return Incoming("memory", f"<{number}@m.example>", "c", "a@m.example", NOW)


async def test_batches_are_committed_in_order_and_then_told(database: Database) -> None:
    channel, recorder, woken = MemoryChannel(), Recorder(), asyncio.Event()
    receiver: Receiver[None] = Receiver(
        channel, database, recorder, lambda: NOW, lambda _: woken.set()
    )
    channel.put([], "start")
    channel.put([incoming(1), incoming(2)], "two")
    for _empty in range(IDLE_COMMITS - 1):
        channel.put([], "not worth a commit")
    channel.put([incoming(3)], "three")
    task = asyncio.create_task(receiver.run(epoch=1))
    async with asyncio.timeout(10), channel.news:
        await channel.news.wait_for(lambda: len(channel.done) == 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert woken.is_set()
    assert recorder.taken == [
        ([], "start"),
        (["<1@m.example>", "<2@m.example>"], "two"),
        (["<3@m.example>"], "three"),
    ]
    assert database.run(cursors.read, "memory") == "three"


class Claimant:
    """Stands for the courier: notes in which transaction it claimed, and what it was given."""

    def __init__(self) -> None:
        self.given: list[str | None] = []
        self.news = asyncio.Event()

    def claim(self, session: Session) -> str | None:
        return cursors.read(session, "memory")

    async def hand_over(self, claimed: str | None) -> None:
        self.given.append(claimed)
        self.news.set()

    async def eased(self) -> None:
        """Nothing is being sent."""


async def test_answers_are_claimed_in_the_transaction_in_which_they_are_made(
    database: Database,
) -> None:
    channel, claimant = MemoryChannel(), Claimant()
    receiver = Receiver(channel, database, Recorder(), lambda: NOW, lambda _: None, claimant)
    channel.put([incoming(1)], "one")
    task = asyncio.create_task(receiver.run(epoch=1))
    async with asyncio.timeout(10):
        await claimant.news.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert claimant.given == ["one"]


async def test_what_was_claimed_is_handed_over_even_if_reading_stops_meanwhile(
    database: Database,
) -> None:
    began, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(Recorder):
        def take(self, *args: Any) -> None:
            super().take(*args)
            loop.call_soon_threadsafe(began.set)
            go_on.wait(10)

    channel, claimant = MemoryChannel(), Claimant()
    receiver = Receiver(channel, database, Slow(), lambda: NOW, lambda _: None, claimant)
    channel.put([incoming(1)], "one")
    task = asyncio.create_task(receiver.run(epoch=1))
    await asyncio.wait_for(began.wait(), 10)
    task.cancel()
    go_on.set()
    await asyncio.gather(task, return_exceptions=True)
    assert claimant.given == ["one"]


async def test_a_reader_with_an_old_epoch_commits_nothing(database: Database) -> None:
    database.run(cursors.advance, "memory", "newer", 5)
    channel, recorder = MemoryChannel(), Recorder()
    receiver: Receiver[None] = Receiver(channel, database, recorder, lambda: NOW, lambda _: None)
    channel.put([incoming(1)], "older")
    with pytest.raises(Fenced):
        await asyncio.wait_for(receiver.run(epoch=4), 10)
    assert (recorder.taken, channel.done) == ([], [])
    assert database.run(cursors.read, "memory") == "newer"


async def test_a_sign_of_life_names_the_process(database: Database) -> None:
    task = asyncio.create_task(keep_alive(database, "me"))
    async with asyncio.timeout(10):
        while await asyncio.to_thread(database.run, leases.alive) != ["me"]:
            pass
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert timedelta(seconds=2 * leadership.RENEWAL) < TTL
