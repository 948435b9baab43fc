"""That people see their message taken in, and that we are at work; nobody waits for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from bot.matrix import attention
from bot.matrix.attention import Attention
from bot.matrix.transport import MatrixError
from handlers.request import Incoming, Kind

US = "@supracom:x.example"


class Homeserver:
    """Keeps what it is asked, and may refuse it."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.refuses = False

    async def request(self, method: str, path: list[str], *, body: Any) -> dict[str, Any]:
        await self.asked.put((" ".join([method, *path[1:]]), body))
        if self.refuses:
            raise MatrixError(429, "M_LIMIT_EXCEEDED", "later")
        return {}

    async def next(self) -> tuple[str, Any]:
        return await asyncio.wait_for(self.asked.get(), 5)


@pytest.fixture
def homeserver() -> Homeserver:
    return Homeserver()


@pytest_asyncio.fixture
async def shown(
    homeserver: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Attention]:
    for name in ("SOON", "RENEWED", "TOGETHER"):
        monkeypatch.setattr(attention, name, 0.01)
    rooms = {"!d": "!d", "room:members": "!m"}
    made = Attention(homeserver, US, rooms.get)  # type: ignore[arg-type] # the one method it uses
    yield made
    await made.close()


def said(id_: str = "$e", conversation: str = "!d", **more: Any) -> Incoming:
    now = datetime(2026, 3, 24, 12, 0, tzinfo=UTC)
    return Incoming("matrix", id_, conversation, "@helene:x.example", now, **more)


TYPES = (f"PUT !d typing {US}", {"typing": True, "timeout": 12_000})
STOPS = (f"PUT !d typing {US}", {"typing": False})


async def test_what_takes_long_shows_and_ends(homeserver: Homeserver, shown: Attention) -> None:
    async with shown.working([said()]):
        assert [await homeserver.next() for _ in range(2)] == [TYPES, TYPES]
    while (told := await homeserver.next()) == TYPES:
        pass
    assert told == STOPS


async def test_it_ends_when_the_work_fails(homeserver: Homeserver, shown: Attention) -> None:
    async def fails() -> None:
        async with shown.working([said()]):
            assert await homeserver.next() == TYPES
            raise ValueError("nothing")

    with pytest.raises(ValueError, match="nothing"):
        await fails()
    while (told := await homeserver.next()) == TYPES:
        pass
    assert told == STOPS


async def test_what_is_done_at_once_shows_nothing(
    homeserver: Homeserver, shown: Attention, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "SOON", 60.0)
    async with shown.working([said()]):
        pass
    await shown.close()
    assert homeserver.asked.empty()


async def test_where_nobody_waits_for_us_nothing_shows(
    homeserver: Homeserver, shown: Attention
) -> None:
    among_members = said("$m", "room:members", direct=False, addressed=False)
    async with shown.working([among_members, said("$x", "room:nowhere"), said()]):
        assert await homeserver.next() == TYPES
    shown.taken([among_members])
    shown.taken([said("$1")])
    assert (await _receipt(homeserver))[0].endswith("$1")


async def test_receipts_wait_while_messages_come(
    homeserver: Homeserver, shown: Attention, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = iter(["$2", "$3", "$4"])
    sleep = asyncio.sleep

    async def slept(_seconds: float) -> None:
        shown.taken([said(one) for one in [next(coming, None)] if one])
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", slept)
    shown.taken([said("$1")])
    assert (await _receipt(homeserver))[0].endswith("$4")
    assert homeserver.asked.empty()


async def test_receipts_do_not_wait_for_ever(
    homeserver: Homeserver, shown: Attention, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "AT_LAST", -1.0)
    monkeypatch.setattr(attention, "TOGETHER", 60.0)
    shown.taken([said("$1")])
    assert (await _receipt(homeserver))[0].endswith("$1")


async def _receipt(homeserver: Homeserver) -> tuple[str, Any]:
    while True:
        told = await homeserver.next()
        if told[0].startswith("POST"):
            return told


async def test_the_last_message_of_each_room_is_marked(
    homeserver: Homeserver, shown: Attention
) -> None:
    shown.taken([said("$1"), said("$2"), said("$3", "room:members", direct=False)])
    shown.taken([said("sealed:!d:key", kind=Kind.SEALED)])
    receipts = {(await _receipt(homeserver))[0] for _ in range(2)}
    assert receipts == {"POST !d receipt m.read $2", "POST !m receipt m.read $3"}


async def test_a_refusal_costs_nothing(homeserver: Homeserver, shown: Attention) -> None:
    homeserver.refuses = True
    async with shown.working([said()]):
        await homeserver.next()
    shown.taken([said("$1")])
    await _receipt(homeserver)
    homeserver.refuses = False
    shown.taken([said("$2")])
    assert (await _receipt(homeserver))[0].endswith("$2")
