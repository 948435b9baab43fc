"""The composition root: builds the parts from the settings, runs them, shuts them down."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot.channel import Channel
from bot.clock import Clock
from bot.courier import Courier
from bot.instance import occupied
from bot.leadership import Leadership, keep_alive
from bot.mail.addresses import OwnAddress
from bot.mail.channel import MailChannel
from bot.mail.render import MailRenderer, Signature
from bot.matrix.blueprint import CentralRoom
from bot.matrix.channel import MatrixChannel
from bot.matrix.render import MatrixRenderer
from bot.parcels import Claimed
from bot.receiver import Receiver
from bot.schedule import Schedule
from bot.web.serving import WebServer
from config.settings import Settings
from config.territory import load_territory
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.platform import Platform
from storage import outbox, purchasing
from storage.engine import Database
from storage.upgrade import upgrade

log = structlog.get_logger()

MATRIX, MAIL = "matrix", "mail"
SWITCH_SECONDS = 0.001
"""After how long a busy worker thread lets the event loop run: Python's own 5 ms add up."""


def open_database(settings: Settings) -> Database:
    """The database of the settings, its schema brought up to date."""
    database = Database.open(settings.database.url.get_secret_value())
    upgrade(database.engine)
    return database


def open_platform(settings: Settings) -> Platform:
    """The platform as its handlers see it."""
    return Platform(
        settings=settings,
        territory=load_territory(settings.platform.territory),
        renderers={
            MATRIX: MatrixRenderer(
                settings.matrix.command_prefix, stable_polls=settings.matrix.stable_polls
            ),
            MAIL: mail_renderer(settings),
        },
        place_channel=MATRIX,
        record_channel=MAIL,
        machine_channels=frozenset({MAIL}),
        place_address=settings.matrix.user,
        central_places=settings.matrix.central_rooms,
    )


def mail_renderer(settings: Settings) -> MailRenderer:
    """What writes mails in the platform's name."""
    own = OwnAddress(settings.mail.address, settings.mail.plus_addressing)
    secret = settings.platform.secret.get_secret_value()
    return MailRenderer(own, signature(settings), secret.encode(), settings.web.url)


def signature(settings: Settings) -> Signature:
    """What stands under every mail."""
    platform, web = settings.platform, settings.web
    site = platform.site or (web.url if web.pages else "")
    return Signature(platform.name, platform.institution, platform.slogan, site)


def central_rooms(session: Session) -> list[CentralRoom]:
    """The purchasing centrals, each of which has a room."""
    return [CentralRoom(one.slug, one.name) for one in purchasing.centrals(session)]


@dataclass(frozen=True, slots=True)
class Post:
    """One channel, read by one process at a time; ``sender`` if it is also sent on there only."""

    leadership: Leadership
    receiver: Receiver[Claimed]
    sender: Courier | None = None

    async def run(self) -> None:
        """Read, and perhaps send, whenever this process leads; until cancelled."""
        await self.leadership.run(self._lead)

    async def _lead(self, epoch: int) -> None:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self.sender.run()) if self.sender else None
            try:
                await self.receiver.run(epoch)
            finally:
                # After the receiver, which may hand over something at its very end.
                if sending is not None:
                    sending.cancel()


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that runs, composed but not yet started."""

    presence: Callable[[], Coroutine[None, None, None]]
    posts: Sequence[Post]
    couriers: Sequence[Courier]
    schedule: Schedule
    web: WebServer | None
    channels: Sequence[Channel]


def compose(settings: Settings, database: Database, holder: str) -> Parts:
    """Build every part of one process."""
    platform = open_platform(settings)
    table = everything()
    dispatcher = Dispatcher(platform, table)
    clock = Clock(settings.clock.offset_file)
    secret = settings.platform.secret.get_secret_value()
    channels: list[Channel] = [
        MatrixChannel(
            settings.matrix,
            data_dir=settings.platform.data_dir,
            administrators=settings.platform.administrators,
            platform=settings.platform.name,
            language=settings.platform.language,
            centrals=partial(asyncio.to_thread, database.run, central_rooms),
        ),
        MailChannel(
            settings.mail,
            signature=signature(settings),
            secret=secret,
            clock=clock.now,
            data_dir=settings.platform.data_dir,
        ),
    ]
    couriers = [Courier(channel, database, platform, holder, clock.now) for channel in channels]

    def committed(channels: Collection[str] = tuple(channel.name for channel in channels)) -> None:
        for courier in couriers:
            if courier.channel.name in channels:
                courier.wake()

    def post(courier: Courier) -> Post:
        channel = courier.channel
        sender = courier if sends_where_it_reads(courier) else None
        return Post(
            Leadership(database, holder, channel.name, lambda: channel.is_tied),
            Receiver(channel, database, dispatcher, clock.now, committed, sender),
            sender,
        )

    return Parts(
        presence=partial(keep_alive, database, holder),
        posts=[post(courier) for courier in couriers],
        couriers=[courier for courier in couriers if not sends_where_it_reads(courier)],
        schedule=Schedule(database, platform, table, clock.now, committed),
        web=WebServer(settings.web, database, dispatcher, clock.now, committed)
        if settings.web.url or settings.web.pages
        else None,
        channels=channels,
    )


async def run(settings: Settings) -> None:
    """Run one process of the platform until it is told to stop. Raises AlreadyRunning."""
    sys.setswitchinterval(SWITCH_SECONDS)
    with occupied(settings.platform.data_dir) as holder:
        database = await asyncio.to_thread(open_database, settings)
        try:
            clock = Clock(settings.clock.offset_file)
            freed = await asyncio.to_thread(database.run, outbox.recover, holder, clock.now())
            if freed:
                log.warning("deliveries with an unclear end, looked for first", count=freed)
            await _run_until_told(compose(settings, database, holder))
        finally:
            database.close()


async def _run_until_told(parts: Parts) -> None:
    """Run the parts until SIGTERM or SIGINT, then stop them in order."""
    main = asyncio.current_task()
    assert main is not None  # noqa: S101 - a coroutine that runs has a task
    told = False

    def stop() -> None:
        nonlocal told
        if not told:
            told = True
            main.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await _run(parts)
    except asyncio.CancelledError:
        if not told:
            raise
        log.info("stopped as told")
    finally:
        await asyncio.gather(*(channel.close() for channel in parts.channels))


async def _run(parts: Parts) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(parts.presence())
        for post in parts.posts:
            group.create_task(post.run())
        group.create_task(parts.schedule.run())
        if parts.web is not None:
            group.create_task(parts.web.run())
        for courier in parts.couriers:
            group.create_task(courier.run())


def sends_where_it_reads(courier: Courier) -> bool:
    """Matrix is sent where it is read: one login, one device, one place for its keys."""
    return courier.channel.name == MATRIX
