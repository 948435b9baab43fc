"""The one web server of a process: what it answers to, and where it listens.

Meant for this machine only, behind the administration's own web server, which sees to HTTPS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.web.cache import Cache
from bot.web.frame import Frame, base_of
from bot.web.looking import Looking
from bot.web.public import PublicPages
from bot.web.registering import MOST_BYTES, RegistrationPage
from bot.web.stopping import StopPage
from bot.web.workers import Workers
from config.settings import Web
from handlers.dispatch import Dispatcher
from storage.engine import Database


class WebServer:
    """Serves what the settings turn on, until it is cancelled.

    ``committed`` wakes whoever sends what a form or a click leaves in the outbox.
    """

    def __init__(
        self,
        settings: Web,
        database: Database,
        dispatcher: Dispatcher,
        now: Callable[[], datetime],
        committed: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._database = database
        self._dispatcher = dispatcher
        self._now = now
        self._committed = committed

    async def run(self) -> None:
        """Listen until cancelled. Raises OSError if the port is taken."""
        runner = web.AppRunner(self.application(), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.host, self._settings.port).start()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    def application(self) -> web.Application:
        """Everything as one application of aiohttp."""
        stop = StopPage(self._database, self._dispatcher.platform, self._now, self._committed)
        if not self._settings.pages:
            application = web.Application(client_max_size=MOST_BYTES)
            application.add_routes(stop.routes())
            return application
        workers = Workers()
        pages = self._pages(workers)
        form = RegistrationPage(
            pages, self._database, self._dispatcher, self._now, self._committed, workers
        )
        application = web.Application(client_max_size=MOST_BYTES, middlewares=[pages.in_words])
        application.add_routes([*stop.routes(), *pages.routes(), *form.routes()])
        application.on_cleanup.append(_ends(workers))
        return application

    def _pages(self, workers: Workers) -> PublicPages:
        platform = self._dispatcher.platform
        looking = Looking(
            self._database,
            platform,
            self._dispatcher.router.table,
            Frame(platform.settings),
            self._now,
        )
        base = base_of(self._settings.url)
        return PublicPages(looking, Cache(workers), base, platform.language)


def _ends(workers: Workers) -> Callable[[web.Application], Awaitable[None]]:
    async def end(_application: web.Application) -> None:
        workers.close()

    return end
