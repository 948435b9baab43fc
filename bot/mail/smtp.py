"""Handing mails to the SMTP server, over a few connections that are kept open.

A mail is in one of three states when something goes wrong: certainly not sent (before DATA, or
refused after it), certainly refused, or unclear (the connection ended or the deadline passed once
DATA had begun). aiosmtplib keeps the reply of a command that timed out in its queue, so a
connection on which anything but a plain refusal happened is closed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from aiosmtplib.typing import SMTPTokenGenerator

from bot.channel import Refused, TryLater, Unclear
from bot.mail.access_tokens import AccessTokens, TokenError
from bot.mail.bounces import severity_of, status_in
from bot.mail.politeness import PutOff
from config.settings import Smtp
from handlers.request import Failure

_log = structlog.get_logger(__name__)
_FRESH_SECONDS = 10.0
_SLOWEST_BYTES_PER_SECOND = 50_000
_TOO_LARGE = 552  # RFC 1870: the one refusal of MAIL that is about this message
_LOST = (SMTPException, OSError, TimeoutError)
"""What aiosmtplib raises when a connection is not there or does not answer."""


@dataclass(slots=True)
class _Line:
    """One open connection, and when it was last known to answer (the event loop's clock)."""

    client: SMTP
    proven_at: float


class SmtpPool:
    """At most ``settings.connections`` connections; the last one used is used first."""

    def __init__(
        self,
        settings: Smtp,
        hostname: str,
        context: ssl.SSLContext | None = None,
        tokens: AccessTokens | None = None,
    ) -> None:
        """``context`` replaces the system's certificates where TLS is used; ``tokens`` are needed
        where the settings ask for them.
        """
        self._tokens = tokens if settings.authentication == "xoauth2" else None
        self._settings = settings
        self._context = context
        self._hostname = hostname
        self._free: list[_Line] = []
        self._slots = asyncio.Semaphore(settings.connections)
        self._closing = False
        self.opened = 0
        """How many connections were opened so far."""

    async def deliver(self, sender: str, recipient: str, copy: str, mail: bytes) -> None:
        """Hand over one mail, with a copy in the same transaction.

        That the copy arrives is then the proof that the mail was accepted. A refused copy is
        logged and does not stop the mail. Raises TryLater, Refused or Unclear.
        """
        async with self._line() as line:
            await _envelope(line.client, sender, recipient, copy)
            await self._data(line.client, mail)

    async def close(self) -> None:
        """Take leave of the server on every connection that is not in use."""
        self._closing = True
        while self._free:
            client = self._free.pop().client
            with suppress(*_LOST):
                await client.quit()
            client.close()

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[_Line]:
        """A connection that answers; it is kept only if it is in a known state afterwards."""
        async with self._slots:
            line = await self._ready()
            try:
                yield line
            except (TryLater, Refused):
                await self._reset(line)
                raise
            except BaseException:
                line.client.close()
                raise
            self._keep(line)

    async def _ready(self) -> _Line:
        while self._free:
            line = self._free.pop()
            if await self._answers(line):
                return line
            line.client.close()
        return await self._open()

    async def _answers(self, line: _Line) -> bool:
        """Whether a connection is alive; one that lay idle is asked."""
        now = asyncio.get_running_loop().time()
        if not line.client.is_connected or now - line.proven_at < _FRESH_SECONDS:
            return line.client.is_connected
        try:
            await line.client.noop()
        except _LOST:
            return False
        return True

    async def _open(self) -> _Line:
        settings = self._settings
        token = await self._token()
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.user or None,
            password=None if token else settings.password.get_secret_value() or None,
            oauth_token_generator=_giving(token) if token else None,
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
            timeout=settings.deadline_seconds,
            local_hostname=self._hostname,
            tls_context=self._context,
        )
        try:
            await client.connect()
        except _LOST as error:
            client.close()
            if token and self._tokens and isinstance(error, SMTPAuthenticationError):
                self._tokens.refused(token)
            raise TryLater(f"no SMTP connection: {_reason(error)}") from error
        self.opened += 1
        return _Line(client, asyncio.get_running_loop().time())

    async def _token(self) -> str | None:
        """What is shown instead of a password, if the settings want that."""
        try:
            return await self._tokens.token() if self._tokens else None
        except TokenError as error:
            raise TryLater(str(error)) from error

    async def _reset(self, line: _Line) -> None:
        """After a refusal the envelope is forgotten, and the connection goes on."""
        if line.client.is_connected:
            try:
                await line.client.rset()
            except _LOST:
                line.client.close()
            else:
                self._keep(line)

    def _keep(self, line: _Line) -> None:
        if self._closing:
            line.client.close()
            return
        line.proven_at = asyncio.get_running_loop().time()
        self._free.append(line)

    async def _data(self, client: SMTP, mail: bytes) -> None:
        patience = self._settings.deadline_seconds + len(mail) / _SLOWEST_BYTES_PER_SECOND
        try:
            await client.data(mail, timeout=patience)
        except SMTPResponseException as error:
            raise _verdict(error) from error
        except _LOST as error:
            raise Unclear(f"no reply to DATA: {_reason(error)}") from error


def _giving(token: str) -> SMTPTokenGenerator:
    async def give() -> str:
        return token

    return give


async def _envelope(client: SMTP, sender: str, recipient: str, copy: str) -> None:
    """MAIL and RCPT; whatever fails here, nothing was sent."""
    try:
        await client.mail(sender)
        await client.rcpt(recipient)
        await _copy_to(client, copy)
    except SMTPSenderRefused as error:
        if error.code == _TOO_LARGE:
            raise Refused(_reason(error)) from error
        # Our own address is refused: a fault of the configuration, not of this mail.
        raise TryLater(f"sender refused: {_reason(error)}") from error
    except SMTPRecipientRefused as error:
        raise _verdict(error, recipient) from error
    except SMTPResponseException as error:
        raise _verdict(error) from error
    except _LOST as error:
        client.close()
        raise TryLater(f"SMTP connection lost before DATA: {_reason(error)}") from error
    except ValueError as error:
        raise Refused("an address that SMTP cannot carry") from error


async def _copy_to(client: SMTP, copy: str) -> None:
    try:
        await client.rcpt(copy)
    except SMTPRecipientRefused as error:
        _log.warning("smtp.copy_refused", code=error.code)


def _verdict(error: SMTPResponseException, recipient: str | None = None) -> TryLater | Refused:
    """RFC 5321, section 4.2.1: 5yz is for good, anything else is for now."""
    if not 500 <= error.code <= 599:
        return PutOff(_reason(error)) if recipient else TryLater(_reason(error))
    return Refused(_reason(error), _failure(error, recipient) if recipient else None)


def _failure(error: SMTPResponseException, recipient: str) -> Failure:
    """What a refusal of RCPT says of the recipient."""
    code = status_in(f"{error.code} {error.message}")
    return Failure(recipient, severity_of(code), code)


def _reason(error: BaseException) -> str:
    """The server's code and words, which may repeat an address; or the kind of error."""
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"[:300]
    return type(error).__name__
