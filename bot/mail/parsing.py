"""Reading mail in a process of its own, warm, with a deadline for each mail.

All mails of a batch are handed over at once and answered in order, so that a mail costs little more
than its parsing. When the process dies, or is killed for taking too long, it was over the first
mail that is not answered: of that one only the header is read, by a new process; the others are
handed over again.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.mail import frames
from bot.mail.bodies import header_of
from bot.mail.parse import Reading, out_of_reach
from handlers.request import Incoming

_log = structlog.get_logger(__name__)
_START_SECONDS = 60.0
_MARGIN_SECONDS = 5.0
"""How long after a mail's deadline, which the process keeps by itself, it is killed from here."""


class ParsingError(Exception):
    """No process that reads mail can be started; no fault of any mail."""


class _Died(Exception):
    """The process ended, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mail to read: its bytes (only the first ones unless ``whole``), when and where it was."""

    content: bytes
    received_at: datetime
    place: str
    whole: bool = True

    def task(self) -> bytes:
        """As the process is told."""
        return frames.task(self.content, self.received_at, self.place, whole=self.whole)

    def header_only(self, longest: int) -> Sheet:
        """Of a mail that cannot be read: what comes before its first empty line."""
        head = header_of(self.content[:longest])
        return Sheet(head, self.received_at, self.place, whole=False)


class ParsingProcess:
    """One process, started when it is first needed; used by one task at a time."""

    def __init__(self, reading: Reading, seconds: float) -> None:
        """``seconds`` is what one mail may take."""
        self._reading = reading
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    async def read(self, sheets: Sequence[Sheet]) -> list[Incoming]:
        """What the mails say, in their order; one that is too much for a parser is unreadable.

        Raises ParsingError when no process can be started.
        """
        found: list[Incoming] = []
        async with self._lock:
            while len(found) < len(sheets):
                rest = sheets[len(found) :]
                try:
                    await self._read(rest, found)
                except _Died:
                    found.append(await self._spared(sheets[len(found)]))
        return found

    async def close(self) -> None:
        """End the process."""
        async with self._lock:
            await self._end()

    async def _spared(self, sheet: Sheet) -> Incoming:
        """What can be said of the mail over which a process died."""
        _log.warning("mail.parser_ended", place=sheet.place, bytes=len(sheet.content))
        read: list[Incoming] = []
        try:
            await self._read([sheet.header_only(self._reading.limits.header_bytes)], read)
        except _Died:
            return out_of_reach(self._reading, sheet.received_at, sheet.place)
        return read[0]

    async def _read(self, sheets: Sequence[Sheet], found: list[Incoming]) -> None:
        """Add what is read to ``found``; raises _Died over the first mail that is not there."""
        process = await self._ready()
        # Beside the reading: the process does not take the next mail before its answer is read.
        writing = asyncio.create_task(_write(process, sheets))
        try:
            for _sheet in sheets:
                async with asyncio.timeout(self._seconds + _MARGIN_SECONDS):
                    found.append(await _answer(process))
        except (asyncio.IncompleteReadError, TimeoutError, ValueError, KeyError) as error:
            await self._end()
            raise _Died from error
        except BaseException:
            await self._end()
            raise
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _ready(self) -> asyncio.subprocess.Process:
        """The process; a new one if it ended while there was nothing to do."""
        if self._process is not None and _is_gone(self._process):
            await self._end()
        return self._process or await self._started()

    async def _started(self) -> asyncio.subprocess.Process:
        """A process that has imported what it needs. Raises ParsingError if there is none."""
        self._process = process = await _spawn()
        terms = {"reading": frames.terms_of(self._reading), "seconds": self._seconds}
        try:
            async with asyncio.timeout(_START_SECONDS):
                await _hand_over(process, frames.json_frame(terms))
                await _words(process)
        except (asyncio.IncompleteReadError, OSError, ValueError) as error:
            await self._end()
            raise ParsingError("the process that reads mail does not start") from error
        except BaseException:
            await self._end()
            raise
        return process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        # Both ends of both pipes are closed once the process is gone.
        await process.communicate()


async def _spawn() -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.mail.parsing_child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # A traceback could hold what people wrote.
            stderr=asyncio.subprocess.DEVNULL,
            # It needs no secret that the bot was given by its environment.
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,
        )
    except OSError as error:
        raise ParsingError(f"no process can be started: {error.strerror}") from error


def _is_gone(process: asyncio.subprocess.Process) -> bool:
    return process.returncode is not None or process.stdout is None or process.stdout.at_eof()


async def _write(process: asyncio.subprocess.Process, sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        await _hand_over(process, sheet.task())


async def _hand_over(process: asyncio.subprocess.Process, words: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - it was started with a pipe
    process.stdin.write(words)
    await process.stdin.drain()


async def _answer(process: asyncio.subprocess.Process) -> Incoming:
    """What was read of the next mail."""
    record = await _words(process)
    files = [frames.file_of(words, await _frame(process)) for words in record["files"]]
    return Incoming.from_record(record, tuple(files))


async def _words(process: asyncio.subprocess.Process) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await _frame(process))
    return found


async def _frame(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    head = await process.stdout.readexactly(frames.LENGTH_BYTES)
    return await process.stdout.readexactly(frames.length(head))
