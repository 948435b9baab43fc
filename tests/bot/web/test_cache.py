"""Pages are made once for many, few at a time, and forgotten when they are old."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from bot.web import cache
from bot.web.cache import Cache, Made
from bot.web.workers import MOST_WAITING, Busy, Workers
from handlers.reply import File


@pytest.fixture
def workers() -> Iterator[Workers]:
    """What makes pages."""
    made = Workers()
    yield made
    made.close()


class Maker:
    """Makes pages, when it is let, and counts them."""

    def __init__(self, size: int = 10) -> None:
        self.goes_on = Event()
        self.goes_on.set()
        self.count = 0
        self._size = size

    def __call__(self) -> Made:
        self.goes_on.wait()
        self.count += 1
        return Made(200, b"x" * self._size)


async def test_a_page_is_made_once_for_everybody(workers: Workers) -> None:
    maker, kept = Maker(), Cache(workers)
    maker.goes_on.clear()
    looks = [asyncio.create_task(kept.get("a", maker)) for _ in range(100)]
    await asyncio.sleep(0)
    maker.goes_on.set()
    assert len({id(made) for made in await asyncio.gather(*looks)}) == 1
    await kept.get("a", maker)
    assert maker.count == 1


async def test_it_is_made_anew_when_it_is_old(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SECONDS", -1.0)
    maker, kept = Maker(), Cache(workers)
    await kept.get("a", maker)
    await kept.get("a", maker)
    assert maker.count == 2


async def test_beyond_a_queue_visitors_are_asked_to_come_back(
    workers: Workers,
) -> None:
    maker, kept = Maker(), Cache(workers)
    maker.goes_on.clear()
    looks = [asyncio.create_task(kept.get(n, maker)) for n in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await kept.get("one more", maker)
    maker.goes_on.set()
    await asyncio.gather(*looks)
    await kept.get("one more", maker)


async def test_who_leaves_takes_the_page_from_nobody(workers: Workers) -> None:
    maker, kept = Maker(), Cache(workers)
    maker.goes_on.clear()
    first = asyncio.create_task(kept.get("a", maker))
    second = asyncio.create_task(kept.get("a", maker))
    await asyncio.sleep(0)
    first.cancel()
    maker.goes_on.set()
    assert (await second).status == 200
    assert maker.count == 1


async def test_what_is_kept_stays_small_pictures_included(workers: Workers) -> None:
    kept = Cache(workers, most_bytes=100)
    small, whole = Maker(40), Made(200, b"", (File("a.png", "image/png", b"x" * 90),))
    await kept.get("a", small)
    await kept.get("b", lambda: whole)
    await kept.get("b", lambda: whole)
    await kept.get("a", small)
    assert small.count == 2, "the oldest made room for the picture"


async def test_a_fault_is_told_to_whoever_waits_and_is_not_kept(
    workers: Workers,
) -> None:
    def fails() -> Made:
        raise RuntimeError("away")

    maker, kept = Maker(), Cache(workers)
    with pytest.raises(RuntimeError):
        await kept.get("a", fails)
    assert (await kept.get("a", maker)).status == 200
