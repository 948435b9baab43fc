"""The Matrix channel: login, the platform's rooms, reading and sending put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import timedelta
from pathlib import Path

from bot.channel import Batch, Delivery, TryLater, Unfit
from bot.matrix.attention import Attention
from bot.matrix.breaker import Breaker
from bot.matrix.directs import Directs
from bot.matrix.encryption import Encryption
from bot.matrix.events import CHANNEL, Ourselves
from bot.matrix.outgoing import Sender
from bot.matrix.patience import Lockout, Patience
from bot.matrix.places import Places
from bot.matrix.render import MatrixRenderer
from bot.matrix.rooms import Rooms
from bot.matrix.session import FILE, log_in
from bot.matrix.sync import Pause, Reader
from bot.matrix.transport import Connection, KeyStoreError, MatrixError
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
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.renderer = MatrixRenderer(settings.command_prefix, stable_polls=settings.stable_polls)
        self._settings = settings
        self._session_file = data_dir / FILE
        self._pause = pause
        self._connection = Connection(settings.homeserver, settings.user)
        self._rooms = Rooms(self._connection, settings.user)
        self._places = Places(self._rooms, settings, administrators, platform, language)
        self._directs = Directs(self._rooms, encrypted=settings.encryption)
        self._encryption = Encryption(self._connection, self._rooms, settings, data_dir)
        self._sender = Sender(
            self._connection, self._rooms, self._places, self._directs, self._encryption
        )
        self._attention = Attention(self._connection, settings.user, self._sender.room_of)
        self._opening = asyncio.Lock()
        self._lockout = Lockout()
        self._patience = Patience(lockout=self._lockout)
        self._breaker = Breaker(self._lockout)
        self._ourselves: Ourselves | None = None
        self._failure: tuple[float, MatrixError] | None = None

    @property
    def is_tied(self) -> bool | None:
        """Whether only this process can read what is encrypted: the keys are of one device."""
        return self._encryption.is_open or None if self._encryption.enabled else False

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """What comes in after a cursor, for ever; the first start handles no past messages.

        Raises Unfit where the store of our encryption keys cannot be used.
        """
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
            Patience(lockout=self._lockout),
        )

    async def _beginning(self) -> Batch:
        """The very first cursor, with the invitations that wait for us."""
        await self._logged_in_at_last()
        async with aclosing(self._reader(self._named("")).batches(None)) as batches:
            return await anext(batches)

    def working(self, batch: Batch) -> AbstractAsyncContextManager[None]:
        """Shows in the rooms of a batch that we type, if it takes longer than a moment."""
        return self._attention.working(batch.requests)

    async def committed(self, batch: Batch) -> None:
        """Mark what was asked of us as read, without waiting for it."""
        self._attention.taken(batch.requests)

    async def send(self, delivery: Delivery) -> str:
        """Send one unit; gives its event id, "" if it has none. Raises TryLater or Refused."""
        try:
            await self._opened()
        except MatrixError as error:
            # Whatever is wrong with our login or rooms, it is not this message's fault.
            later = timedelta(seconds=self._seconds_left())
            raise TryLater(str(error), later, tried=False) from error
        self._breaker.check()
        try:
            sent = await self._sender.send(delivery)
        except MatrixError as error:
            raise self._breaker.failed(delivery.destination, error) from error
        self._breaker.succeeded(delivery.destination)
        return sent

    async def close(self) -> None:
        """Give back every connection; the device stays logged in."""
        await self._attention.close()
        await self._connection.close()
        self._encryption.close()

    # -- login and rooms --------------------------------------------------------------------

    async def _opened_at_last(self) -> Ourselves:
        while True:
            try:
                return await self._opened()
            except KeyStoreError as error:
                raise Unfit(error.reason) from error
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
                seconds = self._patience.after(error, "opening")
                if isinstance(error, KeyStoreError):
                    raise Unfit(error.reason) from error
                await self._pause(seconds)
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
