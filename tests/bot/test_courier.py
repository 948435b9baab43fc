"""The courier over a channel without a network: order, failures, unclear ends, shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channel import Delivery, DeliveryError, Refused, TryLater, Unclear
from bot.courier import LEAST_OF_PAUSE, MUCH, Courier
from bot.memory import MemoryChannel
from bot.parcels import Claimed
from config.settings import Courier as CourierSettings
from config.settings import parse
from config.territory import load_territory
from handlers.platform import Platform
from handlers.request import Failure, Severity
from storage import files, outbox
from storage.bounces import Bounce
from storage.engine import Database
from storage.outbox import Row, State
from storage.schema import metadata

SETTINGS: dict[str, Any] = {
    "platform": {
        "name": "e-plateforme",
        "institution": "Province de Luxembourg",
        "administrators": ["@camille:supracom.example"],
        "secret": "x" * 32,
        "contact": {"name": "Camille Exemple", "function": "Coordination"},
    },
    "matrix": {
        "homeserver": "http://127.0.0.1:1",
        "user": "@supracom:supracom.example",
        "password": "unused",
        "members_room": "#membres:supracom.example",
        "admins_room": "#administrateurs:supracom.example",
    },
    "mail": {
        "address": "plateforme@supracom.example",
        "authserv_id": "mx.supracom.example",
        "imap": {"host": "127.0.0.1", "tls": "none", "user": "u", "password": "p"},
        "smtp": {"host": "127.0.0.1", "tls": "none"},
    },
    "courier": {"poll_seconds": 0.05, "attempts": 3, "retry_seconds": [10, 60]},
}


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 24, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


class Scene:
    """A courier, its channel, its database and its clock."""

    def __init__(self, folder: Path) -> None:
        self.database = Database.open(f"sqlite:///{folder}/rows.sqlite3")
        metadata.create_all(self.database.engine)
        self.channel = MemoryChannel(grace=timedelta(seconds=30))
        self.clock = Hand()
        settings = parse(SETTINGS, folder, {})
        platform = Platform(
            settings,
            load_territory("luxembourg_be"),
            {"memory": self.channel.renderer},
            place_channel="memory",
            record_channel="memory",
        )
        self.courier = Courier(self.channel, self.database, platform, "holder", self.clock.now)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.courier.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def post(self, key: str, destination: str = "a", **more: Any) -> int:
        def add(session: Session) -> int:
            row = outbox.add(
                session,
                key=key,
                channel="memory",
                destination=destination,
                payload=more.pop("payload", {}),
                now=self.clock.now(),
                **more,
            )
            return row.id

        return self.database.run(add)

    def row(self, key: str) -> Row:
        return self.database.run(lambda s: s.scalars(select(Row).where(Row.key == key)).one())

    async def sent(self, *keys: str) -> list[Delivery]:
        """Wait until these have gone out."""
        wanted = set(keys)
        async with asyncio.timeout(10), self.channel.news:
            await self.channel.news.wait_for(lambda: wanted <= {d.key for d in self.channel.sent})
        return self.channel.sent

    async def until(self, key: str, state: State, *, attempts: int | None = None) -> Row:
        """Wait until a row is settled in a state; the courier settles after it sent."""
        async with asyncio.timeout(10):
            while True:
                row = await asyncio.to_thread(self.row, key)
                if row.state == state and attempts in {None, row.attempts}:
                    return row
                self.courier.wake()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


async def test_rows_of_one_destination_leave_in_order(scene: Scene) -> None:
    keys = [f"k{n}" for n in range(120)]
    for index, key in enumerate(keys):
        scene.post(key, destination="ab"[index % 2])
    async with scene.running():
        sent = await scene.sent(*keys)
    for destination in "ab":
        order = [d.key for d in sent if d.destination == destination]
        assert order == [key for index, key in enumerate(keys) if "ab"[index % 2] == destination]


async def test_a_sent_row_bears_its_external_id(scene: Scene) -> None:
    scene.post("k")
    async with scene.running():
        row = await scene.until("k", State.SENT)
    assert (row.external_id, row.attempts, row.sent_at) == ("memory:k", 1, scene.clock.now())


async def test_a_failure_holds_back_what_comes_behind_it(scene: Scene) -> None:
    """Nothing overtakes; another destination is not held back; the pause grows."""

    def away(delivery: Delivery) -> DeliveryError | None:
        return TryLater("away") if delivery.key == "first" else None

    scene.channel.fault = away
    for key, destination in (("first", "a"), ("second", "a"), ("other", "b")):
        scene.post(key, destination)
    async with scene.running():
        await scene.sent("other")
        row = await scene.until("first", State.DUE, attempts=1)
        assert 8 <= (row.due_at - scene.clock.now()).total_seconds() <= 10
        second = await scene.until("second", State.DUE, attempts=0)
        assert not second.unclear
        scene.clock.time += timedelta(seconds=11)
        row = await scene.until("first", State.DUE, attempts=2)
        assert 48 <= (row.due_at - scene.clock.now()).total_seconds() <= 60
        scene.channel.fault = lambda _delivery: None
        scene.clock.time += timedelta(seconds=61)
        sent = await scene.sent("first", "second")
    assert [d.key for d in sent] == ["other", "first", "second"]


async def test_the_wait_that_a_server_asks_for_is_kept(scene: Scene) -> None:
    scene.channel.fault = lambda _delivery: TryLater("slow down", timedelta(seconds=7))
    scene.post("k")
    async with scene.running():
        row = await scene.until("k", State.DUE, attempts=1)
    assert row.due_at == scene.clock.now() + timedelta(seconds=7)


async def test_what_was_not_even_tried_is_no_attempt(scene: Scene) -> None:
    scene.channel.fault = lambda _delivery: TryLater("rests", timedelta(seconds=7), tried=False)
    scene.post("k")
    async with scene.running():
        row = await scene.until("k", State.DUE, attempts=0)
        while not scene.channel.asked:
            row = await scene.until("k", State.DUE, attempts=0)
        row = await scene.until("k", State.DUE, attempts=0)
    assert not row.unclear


def test_the_pauses_grow_and_end_after_days() -> None:
    """RFC 5321, section 4.5.4.1: a mail is given up after four to five days."""
    settings = CourierSettings()
    pauses = settings.retry_seconds
    assert list(pauses) == sorted(pauses)
    waited = [pauses[min(n, len(pauses) - 1)] for n in range(settings.attempts - 1)]
    days = timedelta(seconds=sum(waited)) / timedelta(days=1)
    assert LEAST_OF_PAUSE * days > 3.5
    assert days < 5.5


async def test_the_rest_after_unclear_ends_grows(scene: Scene) -> None:
    """A server that breaks off every time is not given up within minutes."""
    scene.channel.fault = lambda _delivery: Unclear("cut")
    scene.post("k")
    rests = []
    async with scene.running():
        for attempt in range(1, 3):
            row = await scene.until("k", State.DUE, attempts=attempt)
            rests.append((row.due_at - scene.clock.now()).total_seconds())
            scene.clock.time = row.due_at
    assert rests[0] == scene.channel.grace.total_seconds()
    assert rests[1] > rests[0]


async def test_an_unclear_end_rests_and_is_then_looked_for(scene: Scene) -> None:
    scene.channel.fault = lambda delivery: None if delivery.unclear else Unclear("cut")
    scene.post("k")
    async with scene.running():
        row = await scene.until("k", State.DUE, attempts=1)
        assert row.unclear
        assert row.due_at == scene.clock.now() + scene.channel.grace
        scene.clock.time += timedelta(seconds=31)
        (delivery,) = await scene.sent("k")
    assert delivery.unclear
    assert delivery.age == timedelta(seconds=31)


async def told_administrators(scene: Scene) -> None:
    async with asyncio.timeout(10), scene.channel.news:
        await scene.channel.news.wait_for(
            lambda: [d.destination for d in scene.channel.sent].count("room:admins") == 1
        )


async def test_what_is_refused_is_told_to_the_administrators(scene: Scene) -> None:
    """At once, and what stands behind it goes on."""
    scene.channel.fault = lambda d: Refused("no such mailbox") if d.key == "k" else None
    scene.post("k")
    scene.post("behind")
    async with scene.running():
        await scene.sent("behind")
        await told_administrators(scene)
    assert (scene.row("k").state, scene.row("k").error) == (State.DEAD, "no such mailbox")


async def marked(scene: Scene, key: str, failure: Failure) -> Bounce | None:
    """Send to an address that is refused; its mark afterwards."""
    scene.channel.fault = lambda d: Refused("550 no", failure) if d.key == key else None
    scene.post(key)
    async with scene.running():
        await scene.until(key, State.DEAD)
    return scene.database.run(lambda session: session.scalar(select(Bounce)))


async def test_an_address_that_is_refused_is_marked_and_told_once(scene: Scene) -> None:
    for count in (1, 2, 3):
        mark = await marked(scene, f"k{count}", Failure("a", Severity.HARD, "5.1.1"))
        assert mark is not None
        assert (mark.address, mark.hard, mark.code) == ("a", count, "5.1.1")
    told = scene.database.run(lambda session: session.scalars(select(Row.destination)).all())
    assert told.count("room:admins") == 1


async def test_a_refusal_that_may_pass_is_told_as_a_message_that_is_lost(scene: Scene) -> None:
    mark = await marked(scene, "k", Failure("a", Severity.SOFT, "5.7.1"))
    assert mark is not None
    assert (mark.hard, mark.soft) == (0, 1)
    told = scene.database.run(lambda session: session.scalars(select(Row.destination)).all())
    assert told.count("room:admins") == 1


async def test_what_never_succeeds_is_given_up_after_the_last_attempt(scene: Scene) -> None:
    scene.channel.fault = lambda d: TryLater("away") if d.key == "k" else None
    scene.post("k")
    async with scene.running():
        for attempt in (1, 2):
            await scene.until("k", State.DUE, attempts=attempt)
            scene.clock.time += timedelta(seconds=61)
        await scene.until("k", State.DEAD, attempts=3)
        await told_administrators(scene)


async def test_an_unforeseen_fault_stops_nothing_else(scene: Scene) -> None:
    def broken(delivery: Delivery) -> DeliveryError | None:
        if delivery.key == "k" and not delivery.unclear:
            raise ZeroDivisionError
        return None

    scene.channel.fault = broken
    scene.post("k")
    scene.post("other", "b")
    async with scene.running():
        await scene.sent("other")
        row = await scene.until("k", State.DUE, attempts=1)
    assert row.unclear, "it may have gone out before it failed"


async def test_a_courier_told_to_stop_lets_what_it_sends_end(scene: Scene) -> None:
    scene.channel.gate.clear()
    scene.post("k")
    task = asyncio.create_task(scene.courier.run())
    async with asyncio.timeout(10), scene.channel.news:
        await scene.channel.news.wait_for(lambda: scene.channel.asked)
    task.cancel()
    scene.channel.gate.set()
    await asyncio.gather(task, return_exceptions=True)
    assert scene.row("k").state == State.SENT
    assert [d.key for d in scene.channel.sent] == ["k"]


async def test_a_courier_told_to_stop_gives_back_what_it_claimed(scene: Scene) -> None:
    """At whatever moment it is told, no row stays claimed by a courier that is gone."""
    for number in range(40):
        scene.post(f"k{number}", destination=str(number))
    for turns in range(12):
        task = asyncio.create_task(scene.courier.run())
        for _turn in range(turns):
            await asyncio.to_thread(scene.row, "k0")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        states = scene.database.run(lambda s: set(s.scalars(select(Row.state))))
        assert State.SENDING not in states
    keys = [delivery.key for delivery in scene.channel.sent]
    assert len(keys) == len(set(keys))


async def test_files_and_the_root_of_a_thread_go_along(scene: Scene) -> None:
    def keep(session: Session) -> int:
        stored = files.keep(session, "bon.pdf", "application/pdf", b"%PDF", scene.clock.now())
        return stored.id

    file_id = scene.database.run(keep)
    root = scene.post("root")
    scene.post("answer", follows_id=root, payload={"files": [file_id]})
    async with scene.running():
        await scene.sent("answer")
    answer = scene.channel.sent[1]
    assert answer.follows == "memory:root"
    assert [(f.name, f.content) for f in answer.files] == [("bon.pdf", b"%PDF")]


# -- what is claimed with an answer, while others are being sent ------------------------------


async def being_sent(scene: Scene, key: str) -> None:
    async with asyncio.timeout(10), scene.channel.news:
        await scene.channel.news.wait_for(lambda: key in {d.key for d in scene.channel.asked})


def claimed_behind(scene: Scene) -> Claimed:
    claimed = scene.database.run(scene.courier.claim)
    assert claimed.free == []
    return claimed


async def test_answers_go_right_behind_what_is_being_sent(scene: Scene) -> None:
    """They wait for no transaction that says what became of it; files and threads go along."""
    scene.channel.gate.clear()
    scene.post("first")
    async with scene.running():
        await being_sent(scene, "first")
        scene.post("second", follows_id=scene.row("first").id)
        scene.post("third")
        await scene.courier.hand_over(claimed_behind(scene))
        scene.channel.gate.set()
        sent = await scene.sent("first", "second", "third")
        await scene.until("third", State.SENT)
    assert [d.key for d in sent] == ["first", "second", "third"]
    assert sent[1].follows == "memory:first"


async def test_answers_wait_where_what_is_being_sent_fails(scene: Scene) -> None:
    """Whether it fails before they are handed over, or after: nothing overtakes."""
    scene.channel.gate.clear()
    away: set[str] = {"first"}
    scene.channel.fault = lambda d: TryLater("away") if d.key in away else None
    scene.post("first")
    async with scene.running():
        await being_sent(scene, "first")
        scene.post("second")
        early = claimed_behind(scene)
        scene.post("third")
        scene.channel.gate.set()
        await scene.until("first", State.DUE, attempts=1)
        await scene.courier.hand_over(early)
        await scene.until("second", State.DUE, attempts=0)
        away.clear()
        scene.clock.time += timedelta(seconds=11)
        scene.courier.wake()
        sent = await scene.sent("first", "second", "third")
    assert [d.key for d in sent] == ["first", "second", "third"]


async def test_what_was_added_to_what_is_being_sent_waits_where_that_fails(scene: Scene) -> None:
    scene.channel.gate.clear()
    away: set[str] = {"first"}
    scene.channel.fault = lambda d: TryLater("away") if d.key in away else None
    scene.post("first")
    async with scene.running():
        await being_sent(scene, "first")
        scene.post("second")
        await scene.courier.hand_over(claimed_behind(scene))
        scene.channel.gate.set()
        await scene.until("second", State.DUE, attempts=0)
        assert scene.channel.sent == []
        away.clear()
        scene.clock.time += timedelta(seconds=11)
        sent = await scene.sent("first", "second")
    assert [d.key for d in sent] == ["first", "second"]


async def test_reading_waits_a_moment_where_much_is_being_sent(scene: Scene) -> None:
    """What is written meanwhile is read at once then; elsewhere nobody waits for long."""
    scene.channel.gate.clear()
    keys = [f"k{n}" for n in range(MUCH + 2)]
    for key in keys:
        scene.post(key)
    async with scene.running():
        await being_sent(scene, "k0")
        easing = asyncio.create_task(scene.courier.eased())
        await asyncio.sleep(0)
        assert not easing.done()
        scene.channel.gate.set()
        await scene.sent(*keys)
        await easing
        await scene.courier.eased()
