"""A disposable mail server: SMTP (aiosmtpd) before IMAP mailboxes in memory (pymap).

In process: `async with MailServer({address: password}) as mail`. As a process of its own, so
that it shares no event loop with the bot: `MailServerProcess`, or from a shell

    python -m sandbox.mailserver --accounts accounts.json --imap-port 1143 --smtp-port 1025

which prints one line of JSON when it is ready. With `--control` it obeys lines of JSON on its
standard input (the fault hooks) and ends when that input ends, that is when its parent does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.mail_service import AUTHSERV_ID, HOSTNAME, SENT, Faults, MailServer
from sandbox.ports import LOOPBACK
from sandbox.processes import ServerError, tail
from sandbox.running import Running

__all__ = ["AUTHSERV_ID", "HOSTNAME", "SENT", "Faults", "MailServer", "MailServerProcess"]

_START_SECONDS = 30.0
_COMMAND_SECONDS = 10.0
_STOP_SECONDS = 5.0


class MailServerProcess(Running):
    """The same server as a process of its own, with the same fault hooks.

    It ends with this process, but does not depend on the bot: the mailboxes outlive a bot that
    is killed. Its log is `mailserver.log` in the directory.
    """

    host = LOOPBACK

    def __init__(
        self,
        directory: Path,
        accounts: Mapping[str, str],
        *,
        imap_port: int = 0,
        smtp_port: int = 0,
        hostname: str = HOSTNAME,
        authserv_id: str = AUTHSERV_ID,
    ) -> None:
        self.directory = directory.absolute()
        self.accounts = dict(accounts)
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self.hostname = hostname
        self.authserv_id = authserv_id
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Start and wait until both ports are open; raises ServerError with the log's tail."""
        self.directory.mkdir(parents=True, exist_ok=True)
        accounts = self.directory / "accounts.json"
        accounts.write_text(json.dumps(self.accounts), "utf-8")
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command(accounts),
                cwd=Path(__file__).parent.parent,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        try:
            ready = await self._answer(_START_SECONDS)
        except BaseException:
            await self.stop()
            raise
        self.imap_port, self.smtp_port = ready["imap_port"], ready["smtp_port"]

    async def stop(self) -> None:
        """Stop the server, which empties its mailboxes; nothing when it does not run."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def add_account(self, address: str, password: str) -> None:
        """See MailServer.add_account."""
        self.accounts[address] = password
        await self._order("add_account", address=address, password=password)

    async def drop_after_data(self, times: int = 1, keep: bool = True) -> None:
        """See MailServer.drop_after_data."""
        await self._order("drop_after_data", times=times, keep=keep)

    async def defer_recipients(self, times: int) -> None:
        """See MailServer.defer_recipients."""
        await self._order("defer_recipients", times=times)

    async def kick_imap(self, abrupt: bool = False) -> None:
        """See MailServer.kick_imap."""
        await self._order("kick_imap", abrupt=abrupt)

    @property
    def _log(self) -> Path:
        return self.directory / "mailserver.log"

    def _command(self, accounts: Path) -> list[str]:
        options = {
            "accounts": accounts,
            "imap-port": self.imap_port,
            "smtp-port": self.smtp_port,
            "hostname": self.hostname,
            "authserv-id": self.authserv_id,
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return [sys.executable, "-m", "sandbox.mailserver", "--control", *arguments]

    async def _order(self, name: str, **arguments: object) -> None:
        async with self._turn:
            if self._process is None or self._process.stdin is None:
                raise ServerError("the mail server is not running")
            self._process.stdin.write(json.dumps([name, arguments]).encode() + b"\n")
            await self._process.stdin.drain()
            await self._answer(_COMMAND_SECONDS)

    async def _answer(self, seconds: float) -> dict[str, Any]:
        if self._process is None or self._process.stdout is None:
            raise ServerError("the mail server is not running")
        line = await asyncio.wait_for(self._process.stdout.readline(), seconds)
        if not line:
            raise ServerError(f"the mail server ended\n{tail(self._log)}")
        answer: dict[str, Any] = json.loads(line)
        return answer


_ORDERS = frozenset({"add_account", "drop_after_data", "defer_recipients", "kick_imap"})


async def _obey(server: MailServer) -> None:
    """Carry out the orders on standard input until it ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        name, arguments = json.loads(line)
        if name not in _ORDERS:
            raise ValueError(f"unknown order {name!r}")
        await getattr(server, name)(**arguments)
        print(json.dumps({"done": name}), flush=True)


async def _serve(options: argparse.Namespace) -> None:
    server = MailServer(
        json.loads(options.accounts.read_text("utf-8")),
        imap_port=options.imap_port,
        smtp_port=options.smtp_port,
        hostname=options.hostname,
        authserv_id=options.authserv_id,
    )
    async with server:
        ports = {"imap_port": server.imap_port, "smtp_port": server.smtp_port}
        print(json.dumps({"ready": True, **ports}), flush=True)
        until_told = _obey(server) if options.control else asyncio.Event().wait()
        task = asyncio.ensure_future(until_told)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with suppress(asyncio.CancelledError):
            await task


def main() -> None:
    """Serve until SIGTERM, Ctrl-C or, with --control, the end of standard input."""
    parser = argparse.ArgumentParser(description="A disposable IMAP and SMTP server on loopback.")
    parser.add_argument("--accounts", type=Path, required=True, help="JSON: {address: password}")
    parser.add_argument("--imap-port", type=int, default=0)
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--hostname", default=HOSTNAME)
    parser.add_argument("--authserv-id", default=AUTHSERV_ID)
    parser.add_argument("--control", action="store_true", help="obey orders on standard input")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
