"""What a great pile of waiting events does to the bot: stalls, transactions, throughput, memory.

A members' room with 2,000 members in which 10,000 events wait, read by the platform as it is: its
channel, its handlers, its database, its courier. The floor reads the same answers with aiohttp and
does nothing with them. The homeserver is a script in a process of its own.

    python -m benchmarks.pile [--waiting 10000] [--members 2000] [--command-every 10]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bot import logs
from bot.app import MATRIX, SWITCH_SECONDS, compose, open_database
from bot.matrix.sync import sync_filter
from config.settings import load
from sandbox.piled_homeserver import ADMINISTRATOR, MEMBERS, TOKEN, US
from sandbox.ports import LOOPBACK, free_port
from sandbox.processes import tethered
from storage import cursors
from storage.engine import Database

BEAT_SECONDS = 0.005
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Figures:
    """What one run showed; times in seconds, memory in bytes."""

    events: int = 0
    seconds: float = 0.0
    longest_stall: float = 0.0
    transactions: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    @property
    def longest_transaction(self) -> float:
        """The longest time for which the database was held."""
        return max(self.transactions, default=0.0)


def memory() -> int:
    """The resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


@asynccontextmanager
async def watched(figures: Figures) -> AsyncIterator[None]:
    """Measure how late the event loop gets to what is due, and the memory, while it lasts."""

    async def beat() -> None:
        due = time.perf_counter() + BEAT_SECONDS
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            now = time.perf_counter()
            figures.longest_stall = max(figures.longest_stall, now - due)
            figures.memory.append(memory())
            due = now + BEAT_SECONDS

    figures.memory.append(memory())
    heart = asyncio.create_task(beat())
    began = time.perf_counter()
    try:
        yield
    finally:
        figures.seconds = time.perf_counter() - began
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart


@asynccontextmanager
async def homeserver(chosen: argparse.Namespace) -> AsyncIterator[str]:
    """The script as a process; gives its address."""
    port = free_port()
    told = {"port": port, "members": chosen.members, "waiting": chosen.waiting}
    told["command-every"] = chosen.command_every
    arguments = [part for name, value in told.items() for part in (f"--{name}", str(value))]
    process = await asyncio.create_subprocess_exec(
        *tethered(sys.executable, "-m", "sandbox.piled_homeserver", *arguments)
    )
    url = f"http://{LOOPBACK}:{port}"
    try:
        await _until(url, lambda _answers: True)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _until(url: str, enough: Callable[[int], bool]) -> None:
    """Wait until the homeserver got enough answers."""
    async with aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/answers") as response:
                    if enough(await response.json()):
                        return
            await asyncio.sleep(0.05)


# -- the floor and the platform ---------------------------------------------------------------


async def floor(url: str, waiting: int) -> Figures:
    """Read the same answers, and do nothing with them."""
    figures, client = Figures(waiting), f"{url}/_matrix/client/v3"
    async with aiohttp.ClientSession() as http, watched(figures):
        query = {"filter": json.dumps(sync_filter(US)), "since": "s0", "timeout": "0"}
        told = await _got(http, f"{client}/sync", query)
        start: str | None = told["rooms"]["join"][MEMBERS]["timeline"]["prev_batch"]
        while start is not None:
            query = {"dir": "b", "from": start, "to": "s0", "limit": "100"}
            page = await _got(http, f"{client}/rooms/{MEMBERS}/messages", query)
            start = page.get("end")
    return figures


async def _got(http: aiohttp.ClientSession, url: str, query: dict[str, str]) -> dict[str, Any]:
    async with http.get(url, params=query) as response:
        told: dict[str, Any] = await response.json()
        return told


async def platform(url: str, folder: Path, chosen: argparse.Namespace) -> Figures:
    """Read, handle and answer as the platform does, until every command has its answer."""
    sys.setswitchinterval(SWITCH_SECONDS)
    (folder / "supracom.toml").write_text(_configuration(url))
    settings = load(folder / "supracom.toml", {})
    logs.set_up(settings.logging)
    database = open_database(settings)
    database.run(cursors.advance, MATRIX, "s0", 0)
    figures = Figures(chosen.waiting)
    _time_transactions(database, figures)
    parts = compose(settings, database, "benchmark")
    (post,) = (one for one in parts.posts if one.sender is not None)
    async with watched(figures):
        running = asyncio.create_task(post.run())
        commands = -(-chosen.waiting // chosen.command_every)
        await _until(url, lambda answers: answers >= commands)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await asyncio.gather(*(channel.close() for channel in parts.channels))
    database.close()
    return figures


def _time_transactions(database: Database, figures: Figures) -> None:
    began: dict[int, float] = {}

    def begin(connection: Any) -> None:
        began[id(connection)] = time.perf_counter()

    def end(connection: Any) -> None:
        figures.transactions.append(time.perf_counter() - began.pop(id(connection)))

    # After the house's own BEGIN IMMEDIATE, so that waiting for the lock is not counted.
    event.listen(database.engine, "begin", begin)
    for name in ("commit", "rollback"):
        event.listen(database.engine, name, end)


def _configuration(url: str) -> str:
    return f'''\
[platform]
name = "e-plateforme"
institution = "Province de Luxembourg"
administrators = ["{ADMINISTRATOR}"]
secret = "a secret of the sandbox, never of a platform"
contact = {{ name = "Camille Exemple", function = "Coordination" }}

[matrix]
homeserver = "{url}"
user = "{US}"
access_token = "{TOKEN}"
members_room = "#membres:supracom.example"
admins_room = "#administrateurs:supracom.example"
encryption = false

[mail]
address = "plateforme@supracom.example"
authserv_id = "mx.supracom.example"

[mail.imap]
host = "127.0.0.1"
tls = "none"
user = "unused"
password = "unused"

[mail.smtp]
host = "127.0.0.1"
tls = "none"

[logging]
level = "info"
'''


def show(found: dict[str, Figures]) -> None:
    """The figures, side by side."""
    table = Table(title="A pile of waiting events")
    for heading in ("", "events/s", "longest stall, ms", "longest transaction, ms", "memory, MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, one in found.items():
        before, most, after = one.memory[0], max(one.memory), one.memory[-1]
        table.add_row(
            name,
            f"{one.events / one.seconds:.0f}",
            f"{1000 * one.longest_stall:.0f}",
            f"{1000 * one.longest_transaction:.0f}" if one.transactions else "",
            f"{before / 1e6:.0f} before, {most / 1e6:.0f} at most, {after / 1e6:.0f} after",
        )
    Console().print(table)


async def run(chosen: argparse.Namespace) -> None:
    """Measure the floor and the platform, each on a homeserver of its own; show."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="supracom-pile-") as folder:
        async with homeserver(chosen) as url:
            found["floor: read only"] = await floor(url, chosen.waiting)
        async with homeserver(chosen) as url:
            found["platform"] = await platform(url, Path(folder), chosen)
    show(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--command-every", type=int, default=10)
    asyncio.run(run(parser.parse_args()))
