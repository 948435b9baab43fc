"""SMTP (aiosmtpd) before IMAP mailboxes in memory (pymap), in the present event loop.

What is known to fall short of a full IMAP server: no special-use attributes on mailboxes
(RFC 6154), no TLS, and new mailboxes start at UID 101.
"""

from __future__ import annotations

import asyncio
import secrets
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.selected import SelectedMailbox
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext

from sandbox.mail_stamp import Arrival, stamp
from sandbox.ports import LOOPBACK
from sandbox.running import Running

AUTHSERV_ID = "mx.supracom.example"
HOSTNAME = "mail.supracom.example"
SENT = "Sent"
MAX_MAIL_BYTES = 32 * 1024 * 1024


def fold(address: str) -> str:
    """Give the account of an address: case folded, without its plus-part (RFC 5233)."""
    local, at, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


@dataclass
class Faults:
    """What the server still has to do wrong."""

    silent_drops: int = 0
    keep_dropped_mail: bool = True
    deferred_recipients: int = 0


@dataclass
class MailServer(Running):
    """SMTP and IMAP on loopback in the present event loop; the mailboxes live in memory.

    `accounts` maps addresses to passwords. Each account has INBOX and Sent. A mail is in the
    mailboxes of all its recipients before the sender gets its 250.
    """

    accounts: Mapping[str, str]
    imap_port: int = 0
    smtp_port: int = 0
    hostname: str = HOSTNAME
    authserv_id: str = AUTHSERV_ID
    host: str = LOOPBACK
    faults: Faults = field(default_factory=Faults)

    async def start(self) -> None:
        """Open both ports and create the accounts."""
        self._passwords: dict[str, str] = {}
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._transmissions: set[asyncio.BaseTransport] = set()
        self._config = _imap_config()
        self._config.apply_context()
        self._login = Login(self._config)
        for address, password in self.accounts.items():
            await self.add_account(address, password)
        await self._listen()

    async def stop(self) -> None:
        """Close both ports and every connection."""
        self._imap.close()
        self._smtp.close()
        for transport in list(self._transmissions):
            transport.close()
        await self.kick_imap()

    async def add_account(self, address: str, password: str) -> None:
        """Create an account, or change its password."""
        name = fold(address)
        hashed = await Passwords(self._config).hash_password(password)
        identity = self._identity(name)
        await identity.set(UserMetadata(self._config, name, password=hashed))
        if name not in self._passwords:
            mailboxes = _Mailboxes()
            await mailboxes.add_mailbox(SENT)
            self._config.set_cache[name] = mailboxes, FilterSet()
        self._passwords[name] = password

    async def drop_after_data(self, times: int = 1, keep: bool = True) -> None:
        """Fault: take the next mails whole, then close the connection without a reply.

        The mail is delivered when `keep` is true: the two outcomes a sender cannot tell apart.
        """
        self.faults.silent_drops = times
        self.faults.keep_dropped_mail = keep

    async def defer_recipients(self, times: int) -> None:
        """Fault: answer 451 to the next RCPT commands."""
        self.faults.deferred_recipients = times

    async def kick_imap(self, abrupt: bool = False) -> None:
        """Fault: end every IMAP connection, with a BYE or, when abrupt, with a reset."""
        connections = list(self._connections.items())
        for task, writer in connections:
            if abrupt:
                writer.transport.abort()
            task.cancel()
        await asyncio.gather(*(task for task, _ in connections), return_exceptions=True)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Accept the addresses of our accounts."""
        if self.faults.deferred_recipients > 0:
            self.faults.deferred_recipients -= 1
            return "451 4.3.0 try again later"
        if fold(address) not in self._passwords:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Deliver to every recipient before answering."""
        dropping = self.faults.silent_drops > 0
        if not dropping or self.faults.keep_dropped_mail:
            await self._deliver(session, envelope)
        if dropping:
            self.faults.silent_drops -= 1
            cast("asyncio.Transport", server.transport).abort()
        return "250 2.0.0 delivered"

    async def _listen(self) -> None:
        self._imap = await asyncio.start_server(
            self._serve_imap, host=self.host, port=self.imap_port
        )
        self._smtp = await asyncio.get_running_loop().create_server(
            self._smtp_protocol, host=self.host, port=self.smtp_port
        )
        self.imap_port = self._imap.sockets[0].getsockname()[1]
        self.smtp_port = self._smtp.sockets[0].getsockname()[1]

    async def _serve_imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # pymap's own callback keeps no reference to the task of a connection, which the garbage
        # collector may then end (seen on Python 3.13); this one is referred to until it is done.
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        self._connections[task] = writer
        info = SocketInfo.get(writer, None, unique_id=secrets.token_bytes(16))
        try:
            await IMAPServer(self._login, self._config)(reader, writer, info)
        finally:
            del self._connections[task]

    def _smtp_protocol(self) -> SMTP:
        return _Smtp(
            self,
            transmissions=self._transmissions,
            hostname=self.hostname,
            ident="Supracom sandbox",
            data_size_limit=MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        name = data.login.decode("utf-8", "replace").casefold()
        known = self._passwords.get(name)
        accepted = known is not None and known.encode() == data.password
        return AuthResult(success=accepted, handled=accepted, auth_data=name)

    async def _deliver(self, session: Session, envelope: Envelope) -> None:
        queue_id = secrets.token_hex(6)
        now = datetime.now(UTC)
        for recipient in envelope.rcpt_tos:
            arrival = Arrival(
                mail_from=envelope.mail_from or "",
                recipient=recipient,
                helo=session.host_name or "unknown",
                peer=session.peer[0] if session.peer else "unknown",
                authenticated_as=session.auth_data if session.authenticated else None,
                at=now,
                queue_id=queue_id,
            )
            await self._append(arrival, cast("bytes", envelope.content))

    async def _append(self, arrival: Arrival, content: bytes) -> None:
        mail = stamp(content, arrival, authserv_id=self.authserv_id, hostname=self.hostname)
        async with self._identity(fold(arrival.recipient)).new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            await inbox.append(AppendMessage(mail, arrival.at, frozenset()), recent=True)

    def _identity(self, name: str) -> Identity:
        return Identity(name, self._login, None, frozenset())


class _Smtp(SMTP):
    """aiosmtpd's server, registering its transport so that it can be closed at the end."""

    def __init__(
        self, handler: object, *, transmissions: set[asyncio.BaseTransport], **options: Any
    ) -> None:
        super().__init__(handler, **options)
        self._transmissions = transmissions

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open = transport
        self._transmissions.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._transmissions.discard(self._open)
        super().connection_lost(error)


class _Mailbox(MailboxData):
    """pymap's mailbox, whose IDLE also tells of what changed before it began.

    pymap's own waits for the next change: a mail that came between a client's last command and
    its IDLE would stay unannounced, which no client may be asked to bear (RFC 2177).
    """

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        known = selected.mod_sequence
        if known is not None and self._mod_sequences.highest > known:
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Mailboxes(MailboxSet):
    """The mailboxes of one account."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Mailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        await super().add_mailbox(name)
        self._set[name] = mailbox = _Mailbox(self._content_cache, self._thread_cache)
        return mailbox.mailbox_id


def _imap_config() -> Config:
    arguments = Namespace(
        host=LOOPBACK,
        port="0",
        debug=False,
        cert=None,
        key=None,
        tls=False,
        proxy_protocol=None,
        passlib_cfg=None,
        demo_data=False,
        demo_user="",
        demo_password="",
    )
    # Passwords of throw-away accounts need no slow hash: it would cost a login 50 ms.
    return Config.from_args(arguments, hash_context=Cleartext())
