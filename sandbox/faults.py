"""Lets the bot's way to its homeserver fail at random, and looks whether anything was lost.

``python -m sandbox.faults --faults 300 [--rate 0.3] [--seed N]`` plays the story and then salvos of
commands in many rooms, while a proxy (`sandbox.http_faults`) cuts, delays, shortens and refuses
what the bot asks. Meanwhile the homeserver is restarted, and a long gap is filled. At the end the
witness of the kill harness looks at every room, every mailbox and the books. The exit code is 1 if
anything was lost, doubled, out of order or wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.crash import collect, noted
from sandbox.http_faults import TAKEN, Fault, HttpFaults
from sandbox.killer import Listener
from sandbox.rounds import Rounds, answered, last_words
from sandbox.stage import BOT, Stage, stage
from sandbox.story import STEPS, Play, administrator_arrives, play
from sandbox.witness import Finding, findings

PATIENCE = 120.0
"""How many seconds something may take to come, faults included, before it counts as lost."""
ROOMS, COMMANDS = 20, 8
"""A salvo: so many rooms, so many commands in each, all at once."""
GAP = 150
"""How many commands pile up in one room while the bot cannot read: more than one answer holds."""


@dataclass(slots=True)
class Report:
    """What was done and what was found."""

    seed: int
    faults: Counter[tuple[Fault, str]] = field(default_factory=Counter)
    asked: int = 0
    messages: int = 0
    salvos: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many of the bot's requests went wrong."""
        return self.faults.total()

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled, out of order or wrong."""
        return not self.findings

    def lines(self) -> Iterator[str]:
        """The report in words."""
        taken = sum(count for (kind, _part), count in self.faults.items() if kind in TAKEN)
        yield f"faults    {self.count}, {taken} of them after the homeserver took the request"
        yield f"          seed {self.seed}, {self.seconds:.0f} s"
        for position, name in enumerate(("kinds", "requests")):
            counted: Counter[str] = Counter()
            for key, count in self.faults.items():
                counted[str(key[position])] += count
            told = ", ".join(f"{count} {what}" for what, count in counted.most_common())
            yield f"{name:<9} {told}"
        yield f"asked     {self.asked} messages of people, {self.salvos} salvos"
        yield f"seen      {self.messages} messages of the platform"
        yield from (f"  {finding}" for finding in self.findings)
        verdict = "nothing lost, nothing doubled, order kept" if self.good else "NOT GOOD"
        yield f"verdict   {verdict}"


# -- playing ----------------------------------------------------------------------------------


async def run(directory: Path, *, faults: int, rate: float, seed: int) -> Report:
    """Play while requests fail, until so many did; then look."""
    report, proxies = Report(seed), list[HttpFaults]()

    @asynccontextmanager
    async def between(url: str) -> AsyncIterator[str]:
        async with HttpFaults(url, seed=seed, rate=rate) as proxy:
            proxies.append(proxy)
            yield proxy.url

    began = time.monotonic()
    async with stage(directory, between=between) as set_stage:
        (proxy,) = proxies
        async with play(set_stage, Listener(), PATIENCE) as people:
            salvos = Salvos(people, proxy)
            with noted(report.findings, "the play"):
                await _played(people, salvos, faults)
            proxy.rate = 0.0
            proxy.release()
            with noted(report.findings, "the last words"):
                await _judged(report, salvos)
    report.faults, report.salvos = proxy.faults, salvos.number
    report.seconds = time.monotonic() - began
    return report


async def _played(people: Play, salvos: Salvos, faults: int) -> None:
    await administrator_arrives(people)
    for _name, step in STEPS:
        await step(people)
    await salvos.enter()
    await salvos.gap()
    await salvos.restart(people.stage)
    while salvos.proxy.count < faults:
        await salvos.fire()


async def _judged(report: Report, salvos: Salvos) -> None:
    rounds = Rounds(salvos.play)
    rounds.after_the_story()
    evidence = await collect(rounds, await last_words(rounds), frozenset(salvos.rooms))
    report.findings += findings(evidence)
    report.asked = len(evidence.asked)
    report.messages = sum(seen.ours and "@" not in seen.place for seen in evidence.seen)


class Salvos:
    """Hélène in many rooms with the bot, asking faster than it can answer."""

    def __init__(self, people: Play, proxy: HttpFaults) -> None:
        self.play = people
        self.proxy = proxy
        self.rooms: list[str] = []
        self.number = 0

    async def enter(self) -> None:
        """Open the rooms, and ask before the bot is in."""
        helene = self.play.helene
        self.rooms = [await helene.create_room(invite=[BOT]) for _ in range(ROOMS)]
        await self._answered(await self._asked(1))

    async def fire(self) -> None:
        """One salvo, and all its answers."""
        self.number += 1
        await self._answered(await self._asked(COMMANDS))

    async def gap(self) -> None:
        """More than one answer to /sync can hold is said while the bot cannot read."""
        helene = self.play.helene
        since = helene.mark()
        self.proxy.hold()
        asked = [await helene.send(self.rooms[0], "!aide") for _ in range(GAP)]
        asked += await self._sent(2)
        self.proxy.release()
        await self._answered((since, asked))

    async def restart(self, set_stage: Stage) -> None:
        """The homeserver goes away while answers are on their way, and comes back."""
        since, asked = await self._asked(COMMANDS)
        await set_stage.homeserver.restart()
        await self._answered((since, asked))

    async def _asked(self, commands: int) -> tuple[int, list[str]]:
        return self.play.helene.mark(), await self._sent(commands)

    async def _sent(self, commands: int) -> list[str]:
        """So many commands in every room: one after the other in each, in all rooms at once."""

        async def one(room: str) -> list[str]:
            return [await self.play.helene.send(room, "!aide") for _ in range(commands)]

        return [id_ for ids in await asyncio.gather(*map(one, self.rooms)) for id_ in ids]

    async def _answered(self, salvo: tuple[int, list[str]]) -> None:
        since, asked = salvo
        for event in asked:
            await answered(self.play, event, since=since)


# -- the program ------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Fail and look; 0 if nothing was lost, doubled, out of order or wrong."""
    parser = argparse.ArgumentParser(prog="sandbox.faults", description=main.__doc__)
    parser.add_argument("--faults", type=int, default=300)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    directory = Path(tempfile.mkdtemp(prefix="supracom-faults-"))
    report = asyncio.run(run(directory, faults=chosen.faults, rate=chosen.rate, seed=seed))
    print("\n".join(report.lines()))
    if report.good:
        shutil.rmtree(directory, ignore_errors=True)
    else:
        print(f"kept      {directory}")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
