"""The public pages as visitors meet them: over real HTTP, beside a platform with members."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio
from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestServer

from bot.web.serving import WebServer
from config.settings import Web
from handlers.platform import Platform
from storage.engine import Database
from tests.conftest import MovableClock
from tests.handlers.conversation import MAIL, Somebody, World


@dataclass
class Site:
    """The pages, whoever asks for them, and the platform behind them."""

    world: World
    asks: ClientSession
    helene: Somebody
    woken: list[None]
    """One entry for each time that whoever sends was woken."""

    async def page(self, path: str, status: int = 200, language: str = "") -> str:
        """The words of a page, which has to have a status."""
        wanted = {"Accept-Language": language} if language else {}
        async with self.asks.get(path, headers=wanted) as response:
            assert response.status == status, await response.text()
            return await response.text()

    async def sends(self, path: str, data: dict[str, str], **headers: str) -> ClientResponse:
        """A form is sent; what comes back, read."""
        async with self.asks.post(path, data=data, headers=headers) as response:
            await response.read()
            return response


def peopled(database: Database, platform: Platform, clock: MovableClock) -> tuple[World, Somebody]:
    """A platform with a catalogue and a member who joined a central and asked for help."""
    world = World(database, platform, clock, MAIL)
    world.load_catalogue()
    helene = world.helene()
    helene.asks("adhérer Smart, décision du Conseil du 3 mars 2026, réf. 2026/12")
    demand = helene.asks("demande un agent pour le service population, du 4 au 29 mai 2026")
    helene.answers(demand, "oui")
    world.move_to(clock.now() + timedelta(minutes=30))
    return world, helene


@pytest_asyncio.fixture
async def site(database: Database, platform: Platform, clock: MovableClock) -> AsyncIterator[Site]:
    """The pages of a platform with members."""
    world, helene = await asyncio.to_thread(peopled, database, platform, clock)
    woken: list[None] = []
    served = WebServer(
        Web(pages=True), database, world.dispatcher, clock.now, lambda: woken.append(None)
    )
    async with (
        TestServer(served.application()) as server,
        ClientSession(server.make_url("/")) as asks,
    ):
        yield Site(world, asks, helene, woken)
