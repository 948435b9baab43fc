"""The bot as a process of its own: started, killed, started again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sandbox.processes import tethered
from sandbox.running import Running

_STOP_SECONDS = 20.0


class BotProcess(Running):
    """``supracom run``, kept alive: one that ends unasked is started again at once.

    Its log is ``bot.log`` beside the configuration. ``restarted`` is called after each new start
    that nobody asked for, with the signal or exit code of the end before it.
    """

    def __init__(
        self, config: Path, *, restarted: Callable[[int], None] = lambda _code: None
    ) -> None:
        self.config = config
        self.starts = 0
        self._restarted = restarted
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while the bot runs."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    @property
    def log(self) -> Path:
        """Where the bot writes its log."""
        return self.config.parent / "bot.log"

    async def start(self) -> None:
        """Start the bot and keep it alive."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> int:
        """End the bot as a service manager does, by SIGTERM; gives its exit code."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            return await process.wait()

    def kill(self) -> bool:
        """Kill the bot without warning (SIGKILL); False if it was not running."""
        process = self._process
        if process is None or process.returncode is not None:
            return False
        process.kill()
        return True

    async def once(self, *command: str) -> int:
        """Run another of the bot's commands to its end; gives its exit code."""
        process = await self._execute(*command, "--config", str(self.config))
        return await process.wait()

    async def _spawn(self) -> None:
        self._process = await self._execute("run", "--config", str(self.config))
        self.starts += 1

    async def _execute(self, *command: str) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *tethered(sys.executable, "-m", "bot", *command),
                cwd=Path(__file__).parent.parent,
                stdout=log,
                stderr=log,
            )

    async def _keep(self) -> None:
        while self._process is not None:
            code = await self._process.wait()
            if code >= 0:
                # It ended by itself, so it would end again: leave time to read its log.
                await asyncio.sleep(1)
            await self._spawn()
            self._restarted(code)
