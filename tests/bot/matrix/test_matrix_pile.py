"""A great pile of waiting events: read in pieces, all of it, once, whatever happens in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channel import Batch
from bot.matrix import MatrixChannel
from bot.matrix.sync import MOST_TOGETHER
from bot.receiver import Receiver
from config.settings import Matrix
from handlers.request import MOVES, Incoming, Place
from sandbox.piled_homeserver import ADMINISTRATOR, TOKEN, US, PiledHomeserver
from storage import cursors, inbox
from storage.engine import Database
from storage.schema import metadata

WAITING, MEMBERS = 10_000, 2_000
NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
SECONDS = 60.0


@pytest.fixture
def pile() -> PiledHomeserver:
    return PiledHomeserver(members=MEMBERS, waiting=WAITING)


@pytest.fixture
async def url(pile: PiledHomeserver) -> AsyncIterator[str]:
    runner = web.AppRunner(pile.app(), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def opened(url: str, tmp_path: Path) -> AsyncIterator[Callable[[], MatrixChannel]]:
    settings = Matrix(
        homeserver=url,
        user=US,
        access_token=SecretStr(TOKEN),
        create_rooms=False,
        members_room="#membres:supracom.example",
        admins_room="#administrateurs:supracom.example",
        encryption=False,
    )
    made: list[MatrixChannel] = []

    def channel() -> MatrixChannel:
        made.append(
            MatrixChannel(
                settings, data_dir=tmp_path, administrators=[ADMINISTRATOR], pause=_at_once
            )
        )
        return made[-1]

    yield channel
    for one in made:
        await one.close()


async def piled(channel: MatrixChannel) -> list[Batch]:
    """All batches of the pile."""
    got: list[Batch] = []
    async with asyncio.timeout(SECONDS), aclosing(channel.batches("s0")) as batches:
        async for batch in batches:
            got.append(batch)
            if batch.cursor != "s0":
                return got
    raise AssertionError("the pile has no end")


async def test_it_comes_in_bounded_batches_and_the_cursor_moves_at_the_end(
    pile: PiledHomeserver, opened: Callable[[], MatrixChannel]
) -> None:
    batches = await piled(opened())
    read = [one.external_id for batch in batches for one in batch.requests if one.kind not in MOVES]
    assert read == pile.commands
    assert len(read) == WAITING
    assert max(len(batch.requests) for batch in batches) <= MOST_TOGETHER
    assert {batch.cursor for batch in batches[:-1]} == {"s0"}
    # Who is in the rooms is asked once, when the roll is called.
    assert pile.asked["joined_members"] == 0
    assert pile.asked["members"] == len((Place.MEMBERS, Place.ADMINS, Place.SPACE))


async def test_the_filter_is_tight_and_members_are_loaded_lazily(
    pile: PiledHomeserver, opened: Callable[[], MatrixChannel]
) -> None:
    await piled(opened())
    (told,) = pile.filters
    wanted = json.loads(told)
    nothing: dict[str, list[str]] = {"types": []}
    assert wanted["presence"] == nothing
    assert wanted["account_data"] == {"types": ["be.supracom.places"]}
    room = wanted["room"]
    assert room["ephemeral"] == room["account_data"] == nothing
    for part in ("state", "timeline"):
        assert room[part]["lazy_load_members"] is True
    assert room["state"]["types"] == ["m.room.member"]
    assert room["timeline"]["not_senders"] == [US]
    assert room["timeline"]["limit"] == 100
    assert "m.room.message" in room["timeline"]["types"]
    assert not {"m.typing", "m.receipt", "m.room.name"} & set(room["timeline"]["types"])


async def test_a_way_that_fails_at_every_third_page_is_gone_once(
    pile: PiledHomeserver, opened: Callable[[], MatrixChannel]
) -> None:
    count = 0

    def fault(_request: web.Request) -> web.Response | None:
        nonlocal count
        count += 1
        return web.Response(status=502, text="<html>") if count % 3 == 0 else None

    pile.fault = fault
    batches = await piled(opened())
    assert [
        one.external_id for batch in batches for one in batch.requests if one.kind not in MOVES
    ] == pile.commands
    pages = WAITING // 100 - 1
    assert pile.asked["messages"] < 1.6 * pages


class Keeper:
    """Stands for the dispatcher: enters each message once, and says when it is time to die."""

    def __init__(self, batches: int | None) -> None:
        self.left = batches
        self.over = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def take(
        self,
        session: Session,
        channel: str,
        requests: Sequence[Incoming],
        cursor: str,
        epoch: int,
        now: datetime,
    ) -> None:
        cursors.advance(session, channel, cursor, epoch)
        for one in (one for one in requests if one.kind not in MOVES):
            inbox.accept(session, channel, one.external_id, one.sender, {"text": one.text}, now)
        self.left = None if self.left is None else self.left - 1
        if self.left == 0 or cursor != "s0":
            self._loop.call_soon_threadsafe(self.over.set)


def entered(session: Session) -> list[str]:
    return list(session.scalars(select(inbox.Entry.external_id).order_by(inbox.Entry.id)))


async def test_killed_in_between_it_is_read_once_and_in_order(
    pile: PiledHomeserver, opened: Callable[[], MatrixChannel], tmp_path: Path
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/rows.sqlite3")
    metadata.create_all(database.engine)
    database.run(cursors.advance, "matrix", "s0", 0)
    for epoch, batches in enumerate((1, 30, 120, None)):
        keeper = Keeper(batches)
        receiver: Receiver[None] = Receiver(opened(), database, keeper, lambda: NOW, lambda _: None)
        reading = asyncio.create_task(receiver.run(epoch))
        async with asyncio.timeout(SECONDS):
            await keeper.over.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert database.run(cursors.read, "matrix") == ("s0" if batches else "s1")
    assert database.run(entered) == pile.commands
    database.close()
