"""The Matrix channel: login, the platform's rooms, reading and sending put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

from bot.channel import Batch, Delivery, TryLater
from bot.matrix.directs import Directs
from bot.matrix.encryption import Encryption
from bot.matrix.events import CHANNEL, Ourselves
from bot.matrix.outgoing import Sender, delivery_error
from bot.matrix.patience import Patience
from bot.matrix.places import Centrals, Places, no_centrals
from bot.matrix.render import MatrixRenderer
from bot.matrix.rooms import Rooms
from bot.matrix.session import FILE, log_in
from bot.matrix.sync import Pause, Reader
from bot.matrix.transport import Connection, MatrixError
from config.settings import Matrix
from config.values import server_of


class MatrixChannel:
    """A `bot.channel.Channel` over one Matrix account.

    ``data_dir`` keeps the login and the encryption keys. The homeserver is not asked anything
    before the first use.
    """

    name = CHANNEL
    grace = timedelta(0)

    def __init__(
        self,
        settings: Matrix,
        *,
        data_dir: Path,
        administrators: Sequence[str] = (),
        platform: str = "Supracom",
        language: str = "fr",
        centrals: Centrals = no_centrals,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.renderer = MatrixRenderer(settings.command_prefix)
        self._settings = settings
        self._session_file = data_dir / FILE
        self._pause = pause
        self._connection = Connection(settings.homeserver, settings.user)
        self._rooms = Rooms(self._connection, settings.user)
        self._places = Places(self._rooms, settings, administrators, platform, language, centrals)
        self._directs = Directs(self._rooms, encrypted=settings.encryption)
        self._encryption = Encryption(self._connection, self._rooms, settings, data_dir)
        self._sender = Sender(
            self._connection, self._rooms, self._places, self._directs, self._encryption
        )
        self._opening = asyncio.Lock()
        self._patience = Patience()
        self._ourselves: Ourselves | None = None
        self._failure: tuple[float, MatrixError] | None = None

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """What comes in after a cursor, for ever; the first start handles no past messages."""
        if cursor is None:
            # Kept before our rooms are made: whatever is said in them then comes after it. Nobody
            # may open the rooms meanwhile, which sending does too.
            async with self._opening:
                first = await self._beginning()
                yield first
            cursor = first.cursor
        us = await self._opened_at_last()
        async with aclosing(self._reader(us).batches(cursor)) as batches:
            async for batch in batches:
                yield batch

    def _reader(self, us: Ourselves) -> Reader:
        servers = self._settings.invites_from or (server_of(us.user),)
        return Reader(
            self._connection,
            self._rooms,
            self._places,
            self._directs,
            self._encryption,
            us,
            servers,
            self._pause,
        )

    async def _beginning(self) -> Batch:
        """The very first cursor, with the invitations that wait for us."""
        await self._logged_in_at_last()
        async with aclosing(self._reader(self._named("")).batches(None)) as batches:
            return await anext(batches)

    async def committed(self, batch: Batch) -> None:
        """Nothing to do: the homeserver keeps no mark of what we read."""

    async def send(self, delivery: Delivery) -> str:
        """Send one unit; gives its event id, "" if it has none. Raises TryLater or Refused."""
        try:
            await self._opened()
        except MatrixError as error:
            # Whatever is wrong with our login or rooms, it is not this message's fault.
            raise TryLater(str(error), timedelta(seconds=self._seconds_left())) from error
        try:
            return await self._sender.send(delivery)
        except MatrixError as error:
            raise delivery_error(error) from error

    async def close(self) -> None:
        """Give back every connection; the device stays logged in."""
        await self._connection.close()
        self._encryption.close()

    # -- login and rooms --------------------------------------------------------------------

    async def _opened_at_last(self) -> Ourselves:
        while True:
            try:
                return await self._opened()
            except MatrixError:
                await self._pause(self._seconds_left())
                self._failure = None

    async def _opened(self) -> Ourselves:
        """Log in and find the rooms, once; between attempts, gives the last failure again."""
        async with self._opening:
            if self._ourselves is None:
                if self._failure is not None and self._seconds_left() > 0:
                    raise self._failure[1]
                self._ourselves = await self._open()
            return self._ourselves

    async def _open(self) -> Ourselves:
        try:
            await self._log_in()
            await self._places.prepare()
            name = await self._display_name()
        except MatrixError as error:
            seconds = self._patience.after(error, "opening")
            self._failure = (asyncio.get_running_loop().time() + seconds, error)
            raise
        self._patience.succeeded()
        return self._named(name)

    def _named(self, name: str) -> Ourselves:
        return Ourselves(self._settings.user, name, self._settings.command_prefix)

    async def _logged_in_at_last(self) -> None:
        while True:
            try:
                await self._log_in()
            except MatrixError as error:
                await self._pause(self._patience.after(error, "opening"))
            else:
                self._patience.succeeded()
                return

    async def _log_in(self) -> None:
        session = await log_in(self._connection, self._settings, self._session_file)
        await self._encryption.open(session.user, session.device)

    def _seconds_left(self) -> float:
        if self._failure is None:
            return 0.0
        return max(0.0, self._failure[0] - asyncio.get_running_loop().time())

    async def _display_name(self) -> str:
        try:
            profile = await self._connection.get(["profile", self._settings.user, "displayname"])
        except MatrixError as error:
            if error.is_unknown:
                return ""
            raise
        name = profile.get("displayname")
        return name if isinstance(name, str) else ""
