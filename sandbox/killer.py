"""Kills the bot at random moments: while it starts, while it works, and just after a person spoke.

The moments are drawn in these three strata, because moments drawn from the clock alone would, on a
slow machine, all fall into the start, where there is little to lose.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise

from rich.console import Console

from sandbox.bot_process import BotProcess
from sandbox.transcript import Transcript

WORKING_SECONDS, ANSWERING_SECONDS = 1.0, 0.3
"""From how long a stretch a moment is drawn: of the bot's work, and after somebody spoke."""
SILENCE_SECONDS = 3.0
"""How long the killer waits for somebody to speak."""
_WEIGHTS = (2, 3, 5)
_FIRST_START_SECONDS, _LONGEST_START_SECONDS = 1.5, 30.0
_STEP_SECONDS = 0.02
_READING, _UNCLEAR = b"reading a channel", b"deliveries with an unclear end"


class Listener(Transcript):
    """A transcript that nobody reads, and that tells when somebody speaks."""

    def __init__(self) -> None:
        super().__init__(Console(file=StringIO()))
        self.spoken = asyncio.Event()

    def says(self, channel: str, who: str, what: str) -> None:
        """A person speaks."""
        super().says(channel, who, what)
        self.spoken.set()


@dataclass(slots=True)
class Killer:
    """Kills the bot until it was killed often enough."""

    wanted: int
    chance: random.Random
    listener: Listener
    ended: list[int] = field(default_factory=list)
    """The exit codes with which the bot ended by itself."""
    marks: list[int] = field(default_factory=list)
    """How long the bot's log was at each kill."""
    _started: asyncio.Event = field(default_factory=asyncio.Event)
    _start_seconds: float = _FIRST_START_SECONDS

    @property
    def kills(self) -> int:
        """How often the bot was killed."""
        return len(self.marks)

    def restarted(self, code: int) -> None:
        """The bot was started again after an end that nobody asked for."""
        if code >= 0:
            self.ended.append(code)
        self._started.set()

    async def run(self, bot: BotProcess) -> None:
        """Kill, wait for the next start, kill again."""
        moments: list[Callable[[BotProcess], Awaitable[None]]] = [
            self._starting,
            self._working,
            self._answering,
        ]
        while self.kills < self.wanted:
            await self.chance.choices(moments, _WEIGHTS)[0](bot)
            self._started.clear()
            if bot.kill():
                self.marks.append(bot.log.stat().st_size)
            await self._started.wait()

    # -- moments ------------------------------------------------------------------------------

    async def _starting(self, _bot: BotProcess) -> None:
        await asyncio.sleep(self.chance.uniform(0, self._start_seconds))

    async def _working(self, bot: BotProcess) -> None:
        await self._at_work(bot)
        await asyncio.sleep(self.chance.uniform(0, WORKING_SECONDS))

    async def _answering(self, bot: BotProcess) -> None:
        await self._at_work(bot)
        self.listener.spoken.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.listener.spoken.wait(), SILENCE_SECONDS)
        await asyncio.sleep(self.chance.uniform(0, ANSWERING_SECONDS))

    async def _at_work(self, bot: BotProcess) -> None:
        """Wait until the bot's log says that it reads, and learn how long a start takes."""
        began = asyncio.get_running_loop().time()
        seconds = 0.0
        while seconds < _LONGEST_START_SECONDS and not self._reads(bot):
            # A log file has no event to wait for.
            await asyncio.sleep(_STEP_SECONDS)
            seconds = asyncio.get_running_loop().time() - began
        self._start_seconds = seconds or self._start_seconds

    def _reads(self, bot: BotProcess) -> bool:
        with bot.log.open("rb") as log:
            log.seek(self.marks[-1] if self.marks else 0)
            return _READING in log.read()


def phases(log: bytes, marks: Sequence[int]) -> Counter[str]:
    """In which phase each kill hit the bot, as its log tells: the next start says what it found."""
    bounds = [0, *marks, len(log)]
    lives = [log[start:end] for start, end in pairwise(bounds)]
    return Counter(
        "starting" if _READING not in life else "sending" if _UNCLEAR in after else "reading"
        for life, after in pairwise(lives)
    )
