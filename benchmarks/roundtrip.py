"""How long a command takes in Matrix and by mail, beside the floor of each channel.

The floor in Matrix is an echo that does nothing but read /sync and answer; by mail it is the mail
server itself, which delivers a mail from one mailbox to another. All run against the same servers
in the same run, in turn, so the ratios hold whatever the machine does meanwhile.

    python -m benchmarks.roundtrip [--rounds 40] [--no-mail]
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import quote

import aiohttp
from rich.console import Console
from rich.table import Table

from sandbox.homeserver import Account
from sandbox.stage import BOT, PLATFORM, Stage, stage
from sandbox.story import Play, administrator_arrives, play
from sandbox.transcript import Transcript

PATIENCE = 20.0
_NOTHING: dict[str, list[str]] = {"types": []}
FILTER = json.dumps(
    {
        "presence": _NOTHING,
        "account_data": _NOTHING,
        "room": {
            "state": _NOTHING,
            "ephemeral": _NOTHING,
            "account_data": _NOTHING,
            "timeline": {"types": ["m.room.message"], "limit": 100},
        },
    }
)


@asynccontextmanager
async def echo(url: str, account: Account) -> AsyncIterator[None]:
    """The floor: answers every « ping » by « pong », and can do nothing else."""
    headers = {"Authorization": f"Bearer {account.access_token}"}
    async with aiohttp.ClientSession(f"{url}/_matrix/client/v3/", headers=headers) as http:
        since = await _sync(http, {"filter": FILTER})
        task = asyncio.create_task(_echo(http, since["next_batch"], account.user_id))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _sync(http: aiohttp.ClientSession, params: dict[str, str]) -> dict[str, object]:
    async with http.get("sync", params=params) as response:
        told: dict[str, object] = await response.json()
        return told


async def _echo(http: aiohttp.ClientSession, since: object, user: str) -> None:
    numbers = count()
    while True:
        told = await _sync(http, {"filter": FILTER, "since": str(since), "timeout": "30000"})
        since = told["next_batch"]
        rooms = told.get("rooms")
        joined = rooms.get("join", {}) if isinstance(rooms, dict) else {}
        for room, news in joined.items():
            for event in news["timeline"]["events"]:
                if event["sender"] != user and event["content"].get("body") == "ping":
                    path = f"rooms/{quote(room, safe='')}/send/m.room.message/{next(numbers)}"
                    answered = {"m.in_reply_to": {"event_id": event["event_id"]}}
                    content = {"msgtype": "m.notice", "body": "pong", "m.relates_to": answered}
                    await http.put(path, json=content)


async def timed(act: Callable[[], Awaitable[object]]) -> float:
    """How many milliseconds an act takes."""
    began = time.perf_counter()
    await act()
    return 1000 * (time.perf_counter() - began)


async def measure(
    set_stage: Stage, people: Play, rounds: int, *, mail: bool
) -> dict[str, list[float]]:
    """Round trips in milliseconds: floor and platform in turn, on both channels."""
    found: dict[str, list[float]] = defaultdict(list)
    floor = set_stage.accounts["visiteur"]
    room = await people.helene.create_room(invite=[floor.user_id])
    direct = await people.helene.create_direct(BOT)
    async with set_stage.chat("visiteur") as joiner:
        await joiner.join(room)
    async with echo(set_stage.homeserver.url, floor):
        for turn in range(rounds + 3):
            times = {
                "Matrix floor": await timed(lambda: answered(people, room, "ping", floor.user_id)),
                "Matrix": await timed(lambda: answered(people, direct, "aide", BOT)),
            }
            if mail:
                times["mail floor"] = await timed(lambda: delivered(people))
                times["mail"] = await timed(lambda: mailed(people))
            # The first turns warm up caches and connections on every side.
            if turn >= 3:
                for name, took in times.items():
                    found[name].append(took)
    return found


async def answered(people: Play, room: str, text: str, by: str) -> None:
    """Somebody writes in a room and sees the answer."""
    since = people.helene.mark()
    asked = await people.helene.send(room, text)
    await people.helene.wait_for(
        lambda event: event.sender == by and event.reply_to == asked, PATIENCE, since=since
    )


async def mailed(people: Play) -> None:
    """Somebody writes to the platform and gets the answer."""
    asked = await people.visitor_mail.write(PLATFORM, "aide", "aide")
    await people.visitor_mail.wait_for(
        lambda mail: mail["In-Reply-To"] == asked["Message-ID"], PATIENCE
    )


async def delivered(people: Play) -> None:
    """Somebody writes to somebody: twice this is the least that a question and answer can take."""
    sent = await people.visitor_mail.write(people.visitor_mail.address, "x", "x")
    await people.visitor_mail.wait_for(
        lambda mail: mail["Message-ID"] == sent["Message-ID"], PATIENCE
    )


def show(found: dict[str, list[float]]) -> None:
    """The figures, with the ratio to the floor of their channel."""
    table = Table(title="Round trip of a command, ms")
    for heading in ("", "median", "min", "max", "median / floor"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, times in found.items():
        ratio = median(times) / median(found[f"{name.removesuffix(' floor')} floor"])
        row = (f"{number:.0f}" for number in (median(times), min(times), max(times)))
        table.add_row(name, *row, f"{ratio:.2f}")
    Console().print(table)


async def run(rounds: int, *, mail: bool) -> None:
    """Set the stage, measure, show."""
    with tempfile.TemporaryDirectory(prefix="supracom-bench-") as folder:
        transcript = Transcript(Console(file=io.StringIO()))
        async with (
            stage(Path(folder)) as set_stage,
            play(set_stage, transcript, PATIENCE) as people,
        ):
            await administrator_arrives(people)
            show(await measure(set_stage, people, rounds, mail=mail))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--no-mail", action="store_true", help="Matrix only")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.rounds, mail=not chosen.no_mail))
