"""The stage of the story: a homeserver, a mail server, a configured bot, and its people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from sandbox.bot_process import BotProcess
from sandbox.clients import MailUser, MatrixUser
from sandbox.homeserver import Account, Homeserver
from sandbox.mailserver import MailServerProcess
from sandbox.ports import free_port

SERVER = "supracom.example"
PLATFORM = "plateforme@supracom.example"
BOT = f"@supracom:{SERVER}"
ADMINISTRATOR = f"@camille:{SERVER}"
MEMBERS_ROOM, ADMINS_ROOM = f"#membres:{SERVER}", f"#administrateurs:{SERVER}"
SPACE = f"#supracom:{SERVER}"
PASSWORD = "loopback-only"
SECRET = "a secret of the sandbox, never of a platform"
CONTENT = Path(__file__).parent.parent / "config" / "content" / "sample"
ZONE = ZoneInfo("Europe/Brussels")

MAILBOXES = {
    "helene.lambiotte@musson.example": "Hélène Lambiotte",
    "bruno.wery@cpas-rouvroy.example": "Bruno Wéry",
    "smart@centrale-achats.example": "Centrale Smart",
    "visiteur@ailleurs.example": "Dominique Visiteur",
    "marc.lienard@cpas-virton.example": "Marc Liénard",
    "odile.frere@cpas-saint-leger.example": "Odile Frère",
}
"""The mailboxes of the people of the story, who are invented."""


Between = Callable[[str], AbstractAsyncContextManager[str]]
"""What stands between the bot and the homeserver of an address; gives the address to use."""


@dataclass(slots=True)
class Stage:
    """Everything that runs, and how to reach it."""

    directory: Path
    homeserver: Homeserver
    mail: MailServerProcess
    bot: BotProcess
    accounts: dict[str, Account]
    web_port: int | None = None
    """Where the public pages are, if the bot serves them."""

    @property
    def config(self) -> Path:
        """The bot's configuration."""
        return self.directory / "supracom.toml"

    def mailbox(self, address: str) -> MailUser:
        """A person's mail program."""
        return MailUser(self.mail, address, PASSWORD, MAILBOXES.get(address, ""))

    def chat(self, localpart: str) -> MatrixUser:
        """A person's Matrix program."""
        return MatrixUser(self.homeserver.url, self.accounts[localpart])

    @property
    def today(self) -> date:
        """The day that the bot's clock shows."""
        return Clock(self._clock).now().astimezone(ZONE).date()

    @property
    def _clock(self) -> Path:
        return self.directory / "clock-offset"

    def move_clock_to(self, day: date) -> None:
        """Move the bot's clock to nine o'clock in the morning of a day."""
        wanted = datetime.combine(day, time(9), ZONE)
        seconds = (wanted - datetime.now(UTC)).total_seconds()
        # Replaced in one step: the bot may look at any moment.
        written = self._clock.with_suffix(".new")
        written.write_text(f"{seconds:.0f}\n")
        written.replace(self._clock)


@asynccontextmanager
async def stage(
    directory: Path,
    *,
    database_url: str = "",
    told: Callable[[str], None] = lambda _what: None,
    restarted: Callable[[int], None] = lambda _code: None,
    between: Between | None = None,
    rooms: bool = True,
    pages: bool = False,
) -> AsyncIterator[Stage]:
    """Set the stage: servers first, then the bot with its sample catalogue.

    Without ``rooms`` the bot makes them by itself, at its first start; with ``pages`` it serves the
    public pages.
    """
    directory.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        homeserver = Homeserver(directory / "homeserver", server_name=SERVER)
        mail = MailServerProcess(
            directory / "mail", dict.fromkeys((PLATFORM, *MAILBOXES), PASSWORD)
        )
        told("starting the Matrix homeserver and the mail server")
        await asyncio.gather(stack.enter_async_context(homeserver), stack.enter_async_context(mail))
        told("making the accounts")
        names = ("supracom", "camille", "helene", "visiteur")
        made = await asyncio.gather(*(homeserver.register(name, PASSWORD) for name in names))
        config = directory / "supracom.toml"
        url = homeserver.url
        if between is not None:
            url = await stack.enter_async_context(between(url))
        web_port = free_port() if pages else None
        config.write_text(_configuration(url, mail, database_url) + _web(web_port))
        told("loading the sample catalogue")
        await _done(config, "load", str(CONTENT))
        if rooms:
            told("making the rooms")
            await _done(config, "setup")
        told("starting the bot")
        bot = await stack.enter_async_context(BotProcess(config, restarted=restarted))
        accounts = dict(zip(names, made, strict=True))
        yield Stage(directory, homeserver, mail, bot, accounts, web_port)


def _web(port: int | None) -> str:
    """The part of the configuration for the public pages, if there are any."""
    return f"\n[web]\npages = true\nport = {port}\n" if port else ""


async def _done(config: Path, *command: str) -> None:
    """Run one of the bot's commands to its end, which has to be a good one."""
    bot = BotProcess(config)
    if await bot.once(*command):
        raise RuntimeError(f"supracom {command[0]} failed: see {bot.log}")


def _configuration(homeserver_url: str, mail: MailServerProcess, database_url: str) -> str:
    return f'''\
[platform]
name = "e-plateforme"
institution = "Province de Luxembourg"
slogan = "L'ardeur d'avance"
launched = "--04"
history = "Depuis 2017, communes et CPAS pouvaient solliciter la Province pour un renfort."
administrators = ["{ADMINISTRATOR}"]
secret = "{SECRET}"
contact = {{ name = "Camille Exemple", function = "Coordination de la plateforme" }}

[database]
url = "{database_url}"

[matrix]
homeserver = "{homeserver_url}"
user = "{BOT}"
password = "{PASSWORD}"
members_room = "{MEMBERS_ROOM}"
admins_room = "{ADMINS_ROOM}"

[mail]
address = "{PLATFORM}"
authserv_id = "{mail.authserv_id}"
unclear_after_seconds = 1

[mail.imap]
host = "{mail.host}"
port = {mail.imap_port}
tls = "none"
user = "{PLATFORM}"
password = "{PASSWORD}"

[mail.smtp]
host = "{mail.host}"
port = {mail.smtp_port}
tls = "none"
user = "{PLATFORM}"
password = "{PASSWORD}"

[rules]
answers_per_hour = 100000

[schedule]
tick_seconds = 0.5

[courier]
poll_seconds = 0.5
retry_seconds = [1, 2, 5]

[clock]
offset_file = "clock-offset"
'''
