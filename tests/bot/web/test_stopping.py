"""The page for stopping with one click: over real HTTP, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import pytest_asyncio
from aiohttp import ClientConnectionError, ClientSession
from aiohttp.test_utils import TestServer

from bot.web.serving import WebServer
from config.settings import Web
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.platform import Platform
from handlers.tokens import leave_tag
from storage import rhythms
from storage.engine import Database
from storage.rhythms import Rhythm
from tests.conftest import SECRET, MovableClock
from tests.handlers.conversation import MAIL, Somebody, World

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest_asyncio.fixture
async def page(
    database: Database, platform: Platform, clock: MovableClock
) -> AsyncIterator[SimpleNamespace]:
    """The page, somebody who gets the announcements, and a way to ask for it."""
    world = await asyncio.to_thread(World, database, platform, clock, MAIL)
    bruno = await asyncio.to_thread(world.bruno)
    served = WebServer(Web(), database, world.dispatcher, clock.now, lambda: None)
    async with (
        TestServer(served.application()) as server,
        ClientSession(server.make_url("/")) as asks,
    ):
        yield SimpleNamespace(world=world, bruno=bruno, asks=asks)


def path_of(somebody: Somebody) -> str:
    return f"/stop/{leave_tag(SECRET, somebody.person_id)}"


async def rhythm_of(page: SimpleNamespace) -> Rhythm:
    return await asyncio.to_thread(
        page.world.change, lambda session: rhythms.of(session, page.bruno.person_id)
    )


async def test_looking_changes_nothing(page: SimpleNamespace) -> None:
    for ask in (page.asks.get, page.asks.head):
        async with ask(path_of(page.bruno)) as response:
            assert response.status == 200
            assert response.headers["Cache-Control"] == "no-store"
            text = await response.text()
    async with page.asks.get(path_of(page.bruno)) as response:
        text = await response.text()
    assert '<form method="post">' in text
    assert '<html lang="fr">' in text
    assert await rhythm_of(page) is Rhythm.IMMEDIATE


async def test_one_click_stops_and_is_confirmed_once(page: SimpleNamespace) -> None:
    for _ in range(2):
        async with page.asks.post(path_of(page.bruno), data=ONE_CLICK) as response:
            assert response.status == 200
    assert await rhythm_of(page) is Rhythm.OWN
    (said,) = await asyncio.to_thread(page.world.post)
    assert said.destination == page.bruno.address
    assert "reprendre" in said.text


async def test_the_button_of_the_page_does_the_same(page: SimpleNamespace) -> None:
    async with page.asks.post(path_of(page.bruno)) as response:
        assert "ne recevez plus" in await response.text()
    assert await rhythm_of(page) is Rhythm.OWN


async def test_a_wrong_link_says_what_works(page: SimpleNamespace) -> None:
    for path in ("/stop/l1-aaaaaaaaaaaaaaaa", "/stop/x", "/stop/%00"):
        for ask in (page.asks.get, page.asks.post):
            async with ask(path) as response:
                assert response.status == 404
    assert await rhythm_of(page) is Rhythm.IMMEDIATE


async def test_a_large_body_is_refused(page: SimpleNamespace) -> None:
    async with page.asks.post(path_of(page.bruno), data=b"x" * 100_000) as response:
        assert response.status == 413
    assert await rhythm_of(page) is Rhythm.IMMEDIATE


async def test_it_listens_where_the_settings_say_until_it_is_told_to_stop(
    database: Database, platform: Platform, clock: MovableClock, unused_tcp_port: int
) -> None:
    settings = Web(port=unused_tcp_port)
    dispatcher = Dispatcher(platform, everything())
    listening = asyncio.create_task(
        WebServer(settings, database, dispatcher, clock.now, lambda: None).run()
    )
    url = f"http://{settings.host}:{settings.port}/stop/x"
    async with asyncio.timeout(10), ClientSession() as asks:
        status = 0
        while not status:
            try:
                async with asks.get(url) as response:
                    status = response.status
            except ClientConnectionError:
                await asyncio.sleep(0)
    assert status == 404
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    async with ClientSession() as asks:
        with pytest.raises(ClientConnectionError):
            await asks.get(url)


async def test_without_public_pages_nothing_else_is_served(page: SimpleNamespace) -> None:
    for path in ("/", "/catalogue", "/inscription", "/style.css"):
        async with page.asks.get(path) as response:
            assert response.status == 404
