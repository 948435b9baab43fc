"""A burst of mails through the pool of SMTP connections, beside a connection for each mail.

    python -m benchmarks.burst --mails 300
    python -m benchmarks.burst --mails 300 --delay 0.02

The server is the sandbox's, a process of its own. ``--delay`` seconds pass on every way there and
back again, as between two machines. Ends with 1 if a mail is missing, or if the pool opened more
connections than it may have.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib

from bot.mail.smtp import SmtpPool
from config.settings import Smtp
from sandbox.mail_user import MailUser
from sandbox.mailserver import MailServerProcess

BOT, CLERK = "bot@supracom.example", "secretariat@commune.example"
PASSWORD = "loopback-only"  # noqa: S105 - of a server that is gone with the benchmark
SIZES = (1, 4, 8)
"""How many mails are under way at the same time; 8 is what the courier does."""


@dataclass(frozen=True)
class Figures:
    """What one way of sending came to."""

    way: str
    mails: int
    connections: int
    seconds: float

    def __str__(self) -> str:
        rate = self.mails / self.seconds
        return f"{self.way:24} {rate:8.0f} mails/s  {self.connections:5} connections"


async def burst(mails: int, delay: float, directory: Path) -> list[Figures]:
    """Send the mails in every way. Raises AssertionError if one of them is missing."""
    async with (
        MailServerProcess(directory, dict.fromkeys((BOT, CLERK), PASSWORD)) as server,
        await asyncio.start_server(_further(server.smtp_port, delay), server.host) as between,
    ):
        port = int(between.sockets[0].getsockname()[1])
        ways = [(way, size) for size in SIZES for way in (_each_its_own, _pooled)]
        told = [await way(server.host, port, mails, size) for way, size in ways]
        async with MailUser(server, CLERK, PASSWORD) as clerk:
            arrived = len(await clerk.all_mails())
    assert arrived == mails * len(told), f"{arrived} of {mails * len(told)} mails arrived"
    return told


async def _pooled(host: str, port: int, mails: int, size: int) -> Figures:
    account = {"host": host, "port": port, "tls": "none", "user": BOT, "password": PASSWORD}
    settings = Smtp.model_validate(account | {"connections": size})
    pool = SmtpPool(settings, "bot.supracom.example")

    async def one(mail: bytes) -> None:
        await pool.deliver(BOT, CLERK, BOT, mail)

    seconds = await _all(mails, size, one)
    await pool.close()
    assert pool.opened <= size, f"{pool.opened} connections of at most {size}"
    return Figures(f"a pool of {size}", mails, pool.opened, seconds)


async def _each_its_own(host: str, port: int, mails: int, size: int) -> Figures:
    async def one(mail: bytes) -> None:
        await aiosmtplib.send(
            mail,
            sender=BOT,
            recipients=[CLERK, BOT],
            hostname=host,
            port=port,
            start_tls=False,
            username=BOT,
            password=PASSWORD,
        )

    return Figures(f"one for each, {size} at once", mails, mails, await _all(mails, size, one))


async def _all(mails: int, size: int, one: Callable[[bytes], Awaitable[None]]) -> float:
    """Send so many at once; the seconds that all of them took."""
    slots = asyncio.Semaphore(size)

    async def send(number: int) -> None:
        async with slots:
            await one(_mail(number))

    start = time.perf_counter()
    await asyncio.gather(*map(send, range(mails)))
    return time.perf_counter() - start


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = BOT, CLERK, f"Annonce {number}"
    mail.set_content("Un agent pour le service population, du 4 au 29 mai 2026.\n" * 40)
    return mail.as_bytes()


_Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def _further(port: int, delay: float) -> _Serve:
    """Serves connections as if the server were further away."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass(reader, to_there, delay), _pass(there, writer, delay))

    return serve


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            if delay:
                await asyncio.sleep(delay)
            writer.write(data)
            await writer.drain()
    writer.close()


def main() -> int:
    """Print what each way came to; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst", description=__doc__)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="supracom-burst-") as directory:
        try:
            told = asyncio.run(burst(given.mails, given.delay, Path(directory)))
        except AssertionError as error:
            print(error)
            return 1
    print(*told, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
