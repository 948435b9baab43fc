"""A person with a mailbox: sends over SMTP, reads over IMAP, quotes like a usual mail program."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr, parsedate_to_datetime
from itertools import islice
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import aiosmtplib
from aioimaplib import aioimaplib

_COMMAND_SECONDS = 10.0
_IDLE_SECONDS = 1.0
# aioimaplib's parser is recursive: a few hundred mails in one answer overflow it.
_FETCH_AT_MOST = 100
_UID = re.compile(rb"\bUID (\d+)")
_MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)

_Answer = TypeVar("_Answer")


class MailboxError(RuntimeError):
    """The IMAP server refused a command, such as the login."""


class MailPorts(Protocol):
    """Where a mail server listens: MailServer and MailServerProcess alike."""

    @property
    def host(self) -> str: ...
    @property
    def imap_port(self) -> int: ...
    @property
    def smtp_port(self) -> int: ...


@dataclass(frozen=True)
class Attachment:
    """A file to send with a mail."""

    filename: str
    data: bytes

    @property
    def mimetype(self) -> tuple[str, str]:
        """The type and subtype that the name tells."""
        guessed = mimetypes.guess_type(self.filename)[0] or "application/octet-stream"
        maintype, _, subtype = guessed.partition("/")
        return maintype, subtype


class MailUser:
    """One mailbox and its owner.

    `wait_for` looks at the mails received since the mark, which `mark()` and each sending set
    to the present; so it finds answers to what was just sent.
    """

    def __init__(self, server: MailPorts, address: str, password: str, name: str = "") -> None:
        self.address = address
        self.name = name
        self._server = server
        self._password = password
        self._mails: list[EmailMessage] = []
        self._last_uid = 0
        self._mark = 0
        self._imap: aioimaplib.IMAP4 | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Disconnect from IMAP for good; what still waits for a mail fails at once."""
        self._closed = True
        await self._disconnect()

    # Writing

    def compose(
        self,
        to: str | Iterable[str],
        subject: str,
        text: str,
        *,
        attachments: Iterable[Attachment] = (),
        headers: Mapping[str, str] | None = None,
    ) -> EmailMessage:
        """Write a new mail; `headers` are added, or replace those it would have."""
        mail = EmailMessage()
        mail["From"] = formataddr((self.name, self.address))
        mail["To"] = to if isinstance(to, str) else ", ".join(to)
        mail["Subject"] = subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain=self.address.rpartition("@")[2])
        mail.set_content(text)
        for file in attachments:
            maintype, subtype = file.mimetype
            mail.add_attachment(
                file.data, maintype=maintype, subtype=subtype, filename=file.filename
            )
        for header, value in (headers or {}).items():
            del mail[header]
            mail[header] = value
        return mail

    def reply(
        self,
        to_message: EmailMessage,
        text: str,
        *,
        quote: bool = True,
        attachments: Iterable[Attachment] = (),
    ) -> EmailMessage:
        """Write an answer, above the quoted mail; it goes to Reply-To where there is one."""
        recipient = to_message["Reply-To"] or to_message["From"]
        subject = str(to_message["Subject"] or "")
        if not subject.casefold().startswith("re:"):
            subject = f"Re: {subject}"
        body = f"{text}\n\n{quotation(to_message)}" if quote else text
        threading = _threading(to_message)
        return self.compose(
            str(recipient), subject, body, attachments=attachments, headers=threading
        )

    async def send(
        self,
        mail: EmailMessage | bytes,
        *,
        to: Iterable[str] | None = None,
        authenticated: bool = True,
    ) -> None:
        """Send a mail, or raw bytes with `to`, logged in to one's own account unless told not to.

        Raises aiosmtplib's exceptions for what the server refuses.
        """
        await self.mark()
        await aiosmtplib.send(
            mail,
            sender=self.address,
            recipients=list(to) if to is not None else None,
            hostname=self._server.host,
            port=self._server.smtp_port,
            start_tls=False,
            timeout=_COMMAND_SECONDS,
            username=self.address if authenticated else None,
            password=self._password if authenticated else None,
        )

    async def write(self, to: str | Iterable[str], subject: str, text: str) -> EmailMessage:
        """Compose and send in one go; gives the mail sent."""
        mail = self.compose(to, subject, text)
        await self.send(mail)
        return mail

    async def answer(self, to_message: EmailMessage, text: str) -> EmailMessage:
        """Reply and send in one go; gives the mail sent."""
        mail = self.reply(to_message, text)
        await self.send(mail)
        return mail

    # Reading

    async def all_mails(self) -> list[EmailMessage]:
        """Give all mails of the inbox, oldest first."""
        await self._command(self._fetch_new)
        return list(self._mails)

    async def mark(self) -> int:
        """Set the mark to the present; gives it, for use as `since`."""
        self._mark = len(await self.all_mails())
        return self._mark

    async def wait_for(
        self,
        predicate: Callable[[EmailMessage], bool],
        timeout: float = 10.0,  # noqa: ASYNC109 - part of the sentence at the call
        *,
        since: int | None = None,
    ) -> EmailMessage:
        """Give the first matching mail since the mark; raises TimeoutError, saying what came."""
        start = self._mark if since is None else since
        try:
            # asyncio.wait_for of Python 3.11 can lose the cancellation, and would wait for ever.
            async with asyncio.timeout(timeout):
                return await self._until(predicate, start)
        except TimeoutError:
            came = [str(mail["Subject"]) for mail in self._mails[start:]]
            raise TimeoutError(
                f"{self.address} got no such mail in {timeout:.0f} s, but: {came or 'nothing'}"
            ) from None

    async def _until(self, predicate: Callable[[EmailMessage], bool], start: int) -> EmailMessage:
        while True:
            await self._command(self._fetch_new)
            found = next(filter(predicate, islice(self._mails, start, None)), None)
            if found is not None:
                return found
            start = len(self._mails)
            await self._command(self._idle)

    async def _command(self, operation: Callable[[aioimaplib.IMAP4], Awaitable[None]]) -> None:
        """Run one operation on the connection; on a fresh one, when the old one was lost."""
        async with self._turn:
            try:
                await self._on_connection(operation)
            except _LOST:
                await self._on_connection(operation)

    async def _on_connection(
        self, operation: Callable[[aioimaplib.IMAP4], Awaitable[None]]
    ) -> None:
        try:
            if self._imap is None:
                await self._connect()
            await operation(self._imap)
        except BaseException:
            # A command that was interrupted leaves the connection in an unknown state.
            await self._disconnect()
            raise

    async def _connect(self) -> None:
        if self._closed:
            raise MailboxError("this mail program was closed")
        self._lost = lost = asyncio.get_running_loop().create_future()

        def note_loss(_error: Exception | None) -> None:
            if not lost.done():
                lost.set_result(None)

        self._imap = aioimaplib.IMAP4(
            self._server.host,
            self._server.imap_port,
            timeout=_COMMAND_SECONDS,
            conn_lost_cb=note_loss,
        )
        await self._while_connected(self._imap.wait_hello_from_server())
        await self._ok(self._imap.login(self.address, self._password))
        await self._ok(self._imap.select("INBOX"))

    async def _disconnect(self) -> None:
        imap, self._imap = self._imap, None
        if imap is None:
            return
        # A command the library still runs holds its lock, for which a cancelled one would wait.
        for task in (imap._client_task, *imap.tasks, *imap.protocol.tasks):
            task.cancel()
        if imap.protocol.transport is not None:
            imap.protocol.transport.close()

    async def _ok(self, command: Awaitable[Any]) -> list[Any]:
        """Await a command, but no longer than the connection lives; gives its lines."""
        result, lines = await self._while_connected(command)
        if result != "OK":
            raise MailboxError(f"IMAP answered {result}: {lines[-1:]!r}")
        return list(lines)

    async def _while_connected(self, awaitable: Awaitable[_Answer]) -> _Answer:
        task = asyncio.ensure_future(awaitable)
        try:
            await asyncio.wait(
                {task, self._lost}, timeout=_COMMAND_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if not task.done():
                raise ConnectionResetError("the IMAP connection was lost, or does not answer")
            return await task
        finally:
            task.cancel()

    async def _fetch_new(self, imap: aioimaplib.IMAP4) -> None:
        await self._ok(imap.noop())
        lines = await self._ok(imap.uid_search(f"UID {self._last_uid + 1}:*", charset=None))
        # "n:*" means the last mail at least, even one before n (RFC 9051, section 9, seq-range).
        uids = sorted(uid for uid in map(int, lines[0].split()) if uid > self._last_uid)
        for start in range(0, len(uids), _FETCH_AT_MOST):
            await self._fetch(imap, uids[start : start + _FETCH_AT_MOST])

    async def _fetch(self, imap: aioimaplib.IMAP4, uids: list[int]) -> None:
        wanted = ",".join(map(str, uids))
        lines = await self._ok(imap.uid("FETCH", wanted, "(UID BODY.PEEK[])"))
        mails = dict(_fetched(lines))
        for uid in sorted(mails):
            self._mails.append(mails[uid])
            self._last_uid = uid

    async def _idle(self, imap: aioimaplib.IMAP4) -> None:
        """Wait until the server tells of something, for a short while at most."""
        ended = await self._while_connected(imap.idle_start(timeout=_COMMAND_SECONDS))
        with suppress(TimeoutError):
            await self._while_connected(imap.wait_server_push(_IDLE_SECONDS))
        imap.idle_done()
        await self._while_connected(ended)


_LOST = (OSError, TimeoutError, aioimaplib.AioImapException)


def quotation(mail: EmailMessage) -> str:
    """Quote a mail's text under the line that mail programs write in French."""
    name, address = parseaddr(str(mail["From"]))
    author = f"{name} <{address}>" if name else address
    quoted = "\n".join(f"> {line}".rstrip() for line in text_of(mail).splitlines())
    return f"Le {_moment(mail)}, {author} a écrit :\n\n{quoted}\n"


def text_of(mail: EmailMessage) -> str:
    """Give a mail's plain text, with LF at the ends of lines; empty when it has none."""
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def _moment(mail: EmailMessage) -> str:
    at = parsedate_to_datetime(str(mail["Date"]))
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year} à {at:%H:%M}"


def _threading(answered: EmailMessage) -> dict[str, str]:
    """Give the fields that put an answer in its thread (RFC 5322, section 3.6.4)."""
    message_id = answered["Message-ID"]
    if not message_id:
        return {}
    ancestors = answered["References"] or answered["In-Reply-To"] or ""
    references = f"{ancestors} {message_id}".split()
    return {"In-Reply-To": str(message_id), "References": " ".join(references)}


def _fetched(lines: Iterable[Any]) -> Iterable[tuple[int, EmailMessage]]:
    """Read the answer to a FETCH: a line with the UID, then the mail as a bytearray."""
    uid = 0
    for line in lines:
        if isinstance(line, bytearray):
            yield uid, message_from_bytes(bytes(line), policy=policy.default)
        elif found := _UID.search(line):
            uid = int(found.group(1))
