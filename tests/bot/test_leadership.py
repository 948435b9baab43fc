"""Who reads the channels, and what becomes of a reader that lost its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot import leadership
from bot.instance import AlreadyRunning, occupied
from bot.leadership import LEASE, TTL, Leadership
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

    first = asyncio.create_task(Leadership(database, "first").run(work("first")))
    await asyncio.wait_for(ready["first"].wait(), 10)
    second = asyncio.create_task(Leadership(database, "second").run(work("second")))
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

    task = asyncio.create_task(Leadership(database, "frozen").run(work))
    await asyncio.wait_for(started.wait(), 10)

    def overtake(session: Session) -> None:
        lease = session.get_one(leases.Lease, LEASE)
        lease.holder, lease.epoch = "other", lease.epoch + 1
        lease.expires_at = leases.database_now(session) + TTL

    database.run(overtake)
    await asyncio.wait_for(stopped.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


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
    receiver = Receiver(
        channel,
        database,
        recorder,
        lambda: NOW,
        woken.set,
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


async def test_a_reader_with_an_old_epoch_commits_nothing(database: Database) -> None:
    database.run(cursors.advance, "memory", "newer", 5)
    channel, recorder = MemoryChannel(), Recorder()
    receiver = Receiver(
        channel,
        database,
        recorder,
        lambda: NOW,
        lambda: None,
    )
    channel.put([incoming(1)], "older")
    with pytest.raises(Fenced):
        await asyncio.wait_for(receiver.run(epoch=4), 10)
    assert (recorder.taken, channel.done) == ([], [])
    assert database.run(cursors.read, "memory") == "newer"


async def test_a_sign_of_life_names_the_process(database: Database) -> None:
    task = asyncio.create_task(Leadership(database, "me").keep_alive())
    async with asyncio.timeout(10):
        while await asyncio.to_thread(database.run, leases.alive) != ["me"]:
            pass
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert timedelta(seconds=2 * leadership.RENEWAL) < TTL
