"""The one file that knows aioimaplib (2.0.3) and its traps.

- More than about 250 mails in one FETCH overflow its recursive parser: ``MOST_AT_ONCE``.
- Two commands at once kill a connection: one lock per connection.
- After a lost connection, commands and IDLE may wait for ever: every command waits for the loss
  and for a deadline too, and whatever goes wrong ends the connection; a new one is opened.
- A NO is a result, not an exception: it becomes Denied here.
- It takes "* " out of lines: nothing is read but numbers and literals (BODY[]), never ENVELOPE.
- It forgets EXISTS that comes with another command's reply, so an IDLE after it would sleep over
  new mail: :class:`_Protocol` remembers it.
- It quotes neither the user's name nor a mailbox's; it refuses CR, LF and NUL, and so do we.
- It has no STARTTLS: done here. A refused access token stalls it: answered here.
- It logs what it receives at level debug: silenced.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any, Self, TypeVar

import aioimaplib
from aioimaplib.aioimaplib import AUTH, Command, IMAP4ClientProtocol

from bot.mail.access_tokens import AccessTokens, TokenError
from bot.mail.imap_words import (
    Fetched,
    chunks,
    mailbox_name,
    mails_in,
    number_in,
    quoted,
    token_shown,
    uid_set,
)
from config.settings import Imap

HEADER_BYTES = 65_536
"""What is fetched of a mail too large to be read whole."""
_SLOWEST_BYTES_PER_SECOND = 50_000
_POLL_SECONDS = 10.0

# Personal data would go to the log of whoever turns on debugging.
logging.getLogger("aioimaplib.aioimaplib").setLevel(logging.WARNING)

_T = TypeVar("_T")


class ImapError(Exception):
    """The base of what goes wrong with IMAP."""


class ConnectionLostError(ImapError):
    """There is no connection, or no more; open a new one."""


class StalledError(ConnectionLostError):
    """A command was not answered within its deadline; the connection was given up."""


class DeniedError(ImapError):
    """The server answered NO or BAD; the connection goes on."""


class _Protocol(IMAP4ClientProtocol):  # type: ignore[misc] # the library has no types
    """Remembers that the server spoke of new mail, whichever command it came with."""

    news = False

    def _continuation(self, line: bytes) -> None:
        """A « + » to AUTHENTICATE refuses the token and asks for a word before the NO (RFC 7628,
        section 3.2.3); the library would wait for ever.
        """
        command = self.pending_sync_command
        if command is not None and command.name == "AUTHENTICATE":
            self.transport.write(_ACKNOWLEDGED[command.args[0]])
            return
        super()._continuation(line)

    def _untagged_response(self, line: bytes) -> Any:
        if _EXISTS.search(line):
            self.news = True
        return super()._untagged_response(line)


_ACKNOWLEDGED = {"XOAUTH2": b"\r\n", "OAUTHBEARER": b"AQ==\r\n"}
_EXISTS = re.compile(rb"^\* \d+ EXISTS", re.IGNORECASE)


class _Client(aioimaplib.IMAP4):  # type: ignore[misc] # the library has no types
    """The library's client with our protocol; it also waits for the loss of the connection."""

    def create_client(
        self, host: str, port: int, loop: Any, conn_lost_cb: Any = None, ssl_context: Any = None
    ) -> None:
        running = loop or asyncio.get_running_loop()
        self.protocol = _Protocol(running, conn_lost_cb)
        self._client_task = running.create_task(
            running.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        )


class ImapConnection:
    """One logged-in connection; used by one task at a time, closed by the first fault."""

    def __init__(
        self,
        settings: Imap,
        context: ssl.SSLContext | None = None,
        tokens: AccessTokens | None = None,
    ) -> None:
        """``context`` replaces the system's certificates where TLS is used; ``tokens`` are needed
        where the settings ask for them.
        """
        self._settings = settings
        self._tokens = tokens
        self._context = context or ssl.create_default_context()
        self._lock = asyncio.Lock()
        self._lost = asyncio.Event()
        self._mailbox: str | None = None
        self._client: Any = None

    @property
    def is_open(self) -> bool:
        """Whether nothing has gone wrong yet."""
        return self._client is not None and not self._lost.is_set()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect and log in; raises ConnectionLostError or DeniedError."""
        settings = self._settings
        try:
            self._client = _Client(
                settings.host,
                settings.port,
                timeout=settings.deadline_seconds,
                conn_lost_cb=lambda _: self._lost.set(),
                ssl_context=self._context if settings.tls == "implicit" else None,
            )
            await self._run(self._client.wait_hello_from_server())
            if settings.tls == "starttls":
                await self._start_tls()
            await self._log_in()
            # Servers tell an unknown guest less than they tell a user.
            await self._run(self._client.protocol.capability())
        except BaseException:
            self._abort()
            raise

    async def close(self) -> None:
        """Log out if that is still possible."""
        if self.is_open:
            with suppress(ImapError):
                await self._run(self._client.logout(), seconds=2.0)
        self._abort()

    async def select(self, mailbox: str) -> int:
        """Open a mailbox; gives its UIDVALIDITY."""
        lines = await self._ok(self._client.select(mailbox_name(mailbox)))
        self._mailbox = mailbox
        found = re.search(rb"\[UIDVALIDITY (\d+)\]", b"\n".join(lines), re.IGNORECASE)
        if found is None:
            raise DeniedError("the server gives no UIDVALIDITY")
        return int(found[1])

    async def uids_after(self, uid: int) -> list[int]:
        """The UIDs above ``uid``, ascending."""
        # "n:*" always includes the last mail, even if its UID is below n (RFC 3501, 6.4.8).
        return [found for found in await self.search("UID", f"{uid + 1}:*") if found > uid]

    async def search(self, *criteria: str) -> list[int]:
        """The UIDs of the mails that match, ascending."""
        lines = await self._ok(self._client.uid_search(*criteria, charset=None))
        return sorted({int(word) for line in lines for word in line.split() if word.isdigit()})

    async def find_message_id(self, message_id: str) -> bool:
        """Whether the open mailbox holds a mail with this Message-ID."""
        return bool(await self.search("HEADER", "Message-ID", quoted(message_id)))

    async def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The size in bytes of each of these mails that is still there."""
        sizes: dict[int, int] = {}
        for chunk in chunks(uids):
            lines = await self._ok(self._client.uid("fetch", uid_set(chunk), "(UID RFC822.SIZE)"))
            for line in lines:
                uid, size = number_in(rb"UID", line), number_in(rb"RFC822\.SIZE", line)
                if uid is not None and size is not None:
                    sizes[uid] = size
        return sizes

    async def fetch(self, uids: Sequence[int], expected_bytes: int) -> list[Fetched]:
        """Whole mails, without marking them as seen."""
        return await self._fetch(uids, "BODY.PEEK[]", expected_bytes)

    async def fetch_headers(self, uids: Sequence[int]) -> list[Fetched]:
        """The first bytes of each mail's header."""
        part = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"
        return await self._fetch(uids, part, HEADER_BYTES * len(uids))

    async def _fetch(self, uids: Sequence[int], part: str, expected: int) -> list[Fetched]:
        found: dict[int, Fetched] = {}
        patience = self._settings.deadline_seconds + expected / _SLOWEST_BYTES_PER_SECOND
        for chunk in chunks(uids):
            command = self._client.uid("fetch", uid_set(chunk), f"(UID {part})")
            lines = await self._ok(command, patience)
            found |= {mail.uid: mail for mail in mails_in(lines)}
        return [found[uid] for uid in sorted(found) if uid in set(uids)]

    async def flag(self, uids: Sequence[int], flag: str) -> None:
        """Add a flag, such as ``\\Seen``."""
        for chunk in chunks(uids):
            await self._ok(self._client.uid("store", uid_set(chunk), "+FLAGS.SILENT", f"({flag})"))

    async def move(self, uids: Sequence[int], mailbox: str) -> None:
        """Move mails; by copying and expunging where the server cannot (RFC 6851)."""
        for chunk in chunks(uids):
            if self._client.has_capability("MOVE"):
                await self._ok(self._client.uid("move", uid_set(chunk), mailbox_name(mailbox)))
                continue
            await self._ok(self._client.uid("copy", uid_set(chunk), mailbox_name(mailbox)))
            await self.flag(chunk, "\\Deleted")
            if self._client.has_capability("UIDPLUS"):
                await self._ok(self._client.uid("expunge", uid_set(chunk)))
            else:
                await self._ok(self._client.expunge())

    async def create(self, mailbox: str) -> None:
        """Create a mailbox; raises DeniedError if it exists."""
        await self._ok(self._client.create(mailbox_name(mailbox)))

    def forget_news(self) -> None:
        """From now on, only what comes later is news."""
        self._client.protocol.news = False

    async def wait_for_news(self) -> None:
        """Wait until the server speaks of new mail, or until it is time to look anyway."""
        if self._client.protocol.news:
            return
        if not self._client.has_capability("IDLE"):
            await self._sleep(_POLL_SECONDS)
            await self._ok(self._client.noop())
            return
        async with self._lock:
            await self._idle()

    async def _idle(self) -> None:
        client = self._client
        waiting = await self._guarded(
            client.idle_start(timeout=self._settings.idle_renew_seconds + 60),
            self._settings.deadline_seconds,
        )
        try:
            async with asyncio.timeout(self._settings.idle_renew_seconds):
                while not client.protocol.news:
                    # The lines themselves are not read: what counts is whether EXISTS was there.
                    await self._guarded(client.wait_server_push(), None)
        except TimeoutError:
            pass
        except BaseException:
            # Whoever stops waiting leaves IDLE unfinished, in which no other command is possible.
            self._abort()
            raise
        client.idle_done()
        await self._guarded(waiting, self._settings.deadline_seconds)
        while not client.protocol.idle_queue.empty():
            client.protocol.idle_queue.get_nowait()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._lost.wait()
        except TimeoutError:
            return
        raise ConnectionLostError("the connection was lost")

    async def _log_in(self) -> None:
        settings = self._settings
        if self._tokens is None or settings.authentication == "password":
            password = settings.password.get_secret_value()
            await self._ok(self._client.login(quoted(settings.user), password))
            return
        try:
            token = await self._tokens.token()
        except TokenError as error:
            raise ConnectionLostError(str(error)) from error
        try:
            await self._ok(self._authentication(token))
        except DeniedError:
            self._tokens.refused(token)
            raise
        self._client.protocol.state = AUTH

    def _authentication(self, token: str) -> Awaitable[Any]:
        """AUTHENTICATE with the token at once (RFC 4959); the library knows XOAUTH2 only, and not
        how to be refused.
        """
        settings, protocol = self._settings, self._client.protocol
        shown = token_shown(
            settings.authentication, settings.user, token, settings.host, settings.port
        )
        mechanism = settings.authentication.upper()
        command = Command("AUTHENTICATE", protocol.new_tag(), mechanism, shown, loop=protocol.loop)
        answer: Awaitable[Any] = protocol.execute(command, scrub=shown)
        return answer

    async def _start_tls(self) -> None:
        """STARTTLS (RFC 3501, section 6.2.1); what was said before it is forgotten."""
        protocol = self._client.protocol
        command = Command("STARTTLS", protocol.new_tag(), loop=protocol.loop)
        await self._ok(protocol.execute(command))
        if protocol.incomplete_line:
            raise ConnectionLostError("the server went on in plain text after STARTTLS")
        upgrade = asyncio.get_running_loop().start_tls(
            protocol.transport, protocol, self._context, server_hostname=self._settings.host
        )
        protocol.transport = await self._run(upgrade)
        await self._run(protocol.capability())

    async def _ok(self, command: Awaitable[Any], seconds: float | None = None) -> list[bytes]:
        """The lines before the last one, which is the result's; raises DeniedError for a NO."""
        response = await self._run(command, seconds)
        if response.result != "OK":
            last = bytes(response.lines[-1]) if response.lines else b""
            raise DeniedError(f"{response.result} {last[:200].decode('utf-8', 'replace')}")
        lines: list[bytes] = response.lines[:-1]
        return lines

    async def _run(self, command: Awaitable[_T], seconds: float | None = None) -> _T:
        async with self._lock:
            return await self._guarded(command, seconds or self._settings.deadline_seconds)

    async def _guarded(self, command: Awaitable[_T], seconds: float | None) -> _T:
        """Run a command until its end, the loss of the connection, or its deadline.

        Whatever is not an answer leaves the library in an unknown state: the connection ends.
        """
        task = asyncio.ensure_future(command)
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({task, lost}, timeout=seconds, return_when="FIRST_COMPLETED")
            if task.done():
                return task.result()
            raise _no_answer(lost.done())  # noqa: TRY301 - ends the connection like the others
        except ImapError:
            self._abort()
            raise
        except Exception as error:
            # The library raises what its own code happens to raise: IndexError, AttributeError…
            self._abort()
            raise ConnectionLostError(type(error).__name__) from error
        except BaseException:
            if not self._is_renewal(task, seconds):
                self._abort()
            raise
        finally:
            await _end(task, lost)

    def _is_renewal(self, task: asyncio.Future[Any], seconds: float | None) -> bool:
        """Waiting for a push of the server has no deadline of its own: it may be interrupted."""
        return seconds is None and not task.done() and not self._lost.is_set()

    def _abort(self) -> None:
        self._lost.set()
        if self._client is None:
            return
        client = self._client
        # Nothing of the library may go on waiting, nor be found unfinished when the loop ends.
        if client._idle_waiter is not None:
            client._idle_waiter.cancel()
        for task in (client._client_task, *client.tasks, *client.protocol.tasks):
            task.cancel()
        if client.protocol.transport is not None:
            client.protocol.transport.abort()


async def _end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what still runs and look at every result, so that none is reported as unseen."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _no_answer(lost: bool) -> ImapError:
    return ConnectionLostError("the connection was lost") if lost else StalledError("no answer")
