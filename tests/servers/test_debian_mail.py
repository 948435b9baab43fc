"""The mail channel against Debian's Dovecot and Postfix, over TLS."""

from __future__ import annotations

import asyncio
import imaplib
import shutil
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from bot.channel import Delivery, Refused, TryLater, Unclear
from bot.mail.channel import MailChannel
from bot.mail.imap import ImapConnection
from bot.mail.render import Signature
from config.mail_settings import Mail
from handlers.request import Kind
from sandbox.debian_mail import DebianMailServer
from sandbox.fault_proxy import FaultProxy
from sandbox.mail_user import MailUser
from tests.servers.conftest import MAILBOXES
from tests.servers.mail_listener import PATIENCE, Listener, delivery

pytestmark = [pytest.mark.servers, pytest.mark.debian, pytest.mark.xdist_group("debian")]

BOT, CLERK, _ = MAILBOXES
_T = TypeVar("_T")


def trusting(server: DebianMailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.authority))


def settings_for(server: DebianMailServer, **ports: int) -> Mail:
    account = {"host": "localhost", "user": BOT, "password": MAILBOXES[BOT], "tls": "starttls"}
    imap = {"port": ports.get("imap", server.imap_port), "deadline_seconds": 3}
    smtp = {"port": ports.get("smtp", server.submission_port), "deadline_seconds": 5}
    return Mail.model_validate(
        {
            "address": BOT,
            "sender_name": "Supracom",
            "authserv_id": server.authserv_id,
            "unclear_after_seconds": 1,
            "imap": account | imap,
            "smtp": account | smtp,
        }
    )


def with_imap(settings: Mail, **changes: Any) -> Mail:
    return settings.model_copy(update={"imap": settings.imap.model_copy(update=changes)})


@asynccontextmanager
async def channel_on(server: DebianMailServer, settings: Mail) -> AsyncIterator[MailChannel]:
    channel = MailChannel(
        settings, signature=Signature("Supracom"), secret="s" * 32, tls=trusting(server)
    )
    try:
        yield channel
    finally:
        await channel.close()


@pytest_asyncio.fixture
async def server(debian_mail: DebianMailServer) -> AsyncIterator[DebianMailServer]:
    """The servers, with empty mailboxes."""
    yield debian_mail
    for address in MAILBOXES:
        await debian_mail.kick(address)
        shutil.rmtree(debian_mail.maildir(address), ignore_errors=True)


@pytest_asyncio.fixture
async def channel(server: DebianMailServer) -> AsyncIterator[MailChannel]:
    async with channel_on(server, settings_for(server)) as opened:
        yield opened


@pytest_asyncio.fixture
async def clerk(server: DebianMailServer) -> AsyncIterator[MailUser]:
    async with MailUser(server, CLERK, MAILBOXES[CLERK], "Anne") as user:
        yield user


async def by_hand(server: DebianMailServer, work: Callable[[imaplib.IMAP4], _T]) -> _T:
    """What a person does in the bot's mailbox, with another program."""

    def visit() -> _T:
        with imaplib.IMAP4(server.host, server.imap_port, timeout=PATIENCE) as imap:
            imap.login(BOT, MAILBOXES[BOT])
            imap.select("INBOX")
            return work(imap)

    return await asyncio.to_thread(visit)


async def count(server: DebianMailServer, mailbox: str) -> int:
    def look(imap: imaplib.IMAP4) -> int:
        return int((imap.select(mailbox, readonly=True)[1][0] or b"0").decode())

    return await by_hand(server, look)


def _any(_mail: object) -> bool:
    return True


# -- the whole way --------------------------------------------------------------------------------


async def test_a_mail_comes_in_while_idle_and_is_answered(
    channel: MailChannel, server: DebianMailServer, clerk: MailUser
) -> None:
    """IDLE, STARTTLS on both sides, login, LMTP, the token address, the copy among the sent."""
    async with Listener(channel) as listener:
        await clerk.write(BOT, "Une question", "Bonjour")
        (asked,) = await listener.until(1)
        assert (asked.sender, asked.authenticated) == (CLERK, True)
        sent = await channel.send(delivery(channel, "k1", CLERK))
        answer = await clerk.wait_for(_any, since=0)
        await clerk.answer(answer, "oui")
        requests = await listener.until(3)
    kinds = {request.kind: request for request in requests[1:]}
    assert kinds[Kind.COPY].external_id == sent
    assert (kinds[Kind.MESSAGE].text, kinds[Kind.MESSAGE].tag) == ("oui", "jeton")
    assert (await count(server, "Sent"), await count(server, "INBOX")) == (1, 2)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_nobody_is_spoken_to_without_a_certificate_that_is_trusted(
    server: DebianMailServer, tls: str
) -> None:
    port = server.imaps_port if tls == "implicit" else server.imap_port
    settings = with_imap(settings_for(server, imap=port), tls=tls).imap
    async with ImapConnection(settings, trusting(server)) as connection:
        assert await connection.select("INBOX")
    with pytest.raises(Exception, match=r"SSLCertVerificationError|lost"):
        await ImapConnection(settings).open()


async def test_a_recipient_who_does_not_exist_is_refused(channel: MailChannel) -> None:
    with pytest.raises(Refused, match="550"):
        await channel.send(delivery(channel, "k1", "personne@commune.example"))


async def test_what_cannot_be_delivered_later_comes_back_as_a_bounce(channel: MailChannel) -> None:
    async with Listener(channel) as listener:
        sent = await channel.send(delivery(channel, "k1", "qui@ailleurs.example"))
        requests = await listener.until(2)
    (bounce,) = [request for request in requests if request.kind is Kind.BOUNCE]
    assert bounce.failure is not None
    assert bounce.failure.recipient == "qui@ailleurs.example"
    assert sent in bounce.answers


# -- what servers and networks do -----------------------------------------------------------------


async def test_a_restarted_server_is_found_again(
    channel: MailChannel, server: DebianMailServer, clerk: MailUser
) -> None:
    async with Listener(channel) as listener:
        await clerk.write(BOT, "avant", "Bonjour")
        await listener.until(1)
        await server.stop_dovecot()
        await server.start_dovecot()
        await clerk.write(BOT, "après", "Bonjour")
        requests = await listener.until(2)
    assert [request.subject for request in requests] == ["avant", "après"]


async def test_a_mail_for_a_server_that_is_away_is_for_later(
    channel: MailChannel, server: DebianMailServer, clerk: MailUser
) -> None:
    await channel.send(delivery(channel, "k1", CLERK))
    # Postfix stopped in the middle of a local delivery makes it again when it starts.
    await clerk.wait_for(lambda mail: "k1@" in str(mail["Message-ID"]), since=0)
    await server.stop_postfix()
    try:
        with pytest.raises(TryLater):
            await channel.send(delivery(channel, "k2", CLERK))
    finally:
        await server.start_postfix()
    await channel.send(delivery(channel, "k2", CLERK))
    await clerk.wait_for(lambda mail: "k2@" in str(mail["Message-ID"]), since=0)
    # What an earlier test left in Postfix's queue may arrive here, too.
    ids = [str(mail["Message-ID"]) for mail in await clerk.all_mails()]
    assert [sum(key in id_ for id_ in ids) for key in ("k1@", "k2@")] == [1, 1]


async def test_who_is_thrown_out_of_idle_comes_back(
    channel: MailChannel, server: DebianMailServer, clerk: MailUser
) -> None:
    async with Listener(channel) as listener:
        await clerk.write(BOT, "avant", "Bonjour")
        await listener.until(1)
        await server.kick(BOT)
        await clerk.write(BOT, "après", "Bonjour")
        requests = await listener.until(2)
    assert [request.subject for request in requests] == ["avant", "après"]


async def test_idle_is_renewed_on_the_same_connection(
    server: DebianMailServer, clerk: MailUser
) -> None:
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(server.imap_port))
        settings = with_imap(settings_for(server, imap=proxy.port), idle_renew_seconds=0.2)
        connection = await stack.enter_async_context(
            ImapConnection(settings.imap, trusting(server))
        )
        await connection.select("INBOX")
        for _renewal in range(3):
            connection.forget_news()
            await connection.wait_for_news()
        connection.forget_news()
        waiting = asyncio.create_task(connection.wait_for_news())
        await clerk.write(BOT, "x", "Bonjour")
        while not await connection_news(connection, waiting):
            waiting = asyncio.create_task(connection.wait_for_news())
        assert proxy.connections == 1


async def connection_news(connection: ImapConnection, waiting: asyncio.Task[None]) -> list[int]:
    await waiting
    return await connection.uids_after(0)


async def test_a_half_open_connection_is_given_up(
    server: DebianMailServer, clerk: MailUser
) -> None:
    """The network forgot the connection and tells nobody: only the renewal of IDLE finds out."""
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(server.imap_port))
        settings = with_imap(
            settings_for(server, imap=proxy.port), idle_renew_seconds=0.5, deadline_seconds=0.5
        )
        channel = await stack.enter_async_context(channel_on(server, settings))
        listener = await stack.enter_async_context(Listener(channel))
        await clerk.write(BOT, "avant", "Bonjour")
        await listener.until(1)
        proxy.freeze()
        await clerk.write(BOT, "après", "Bonjour")
        requests = await listener.until(2)
    assert [request.subject for request in requests] == ["avant", "après"]


async def test_a_mailbox_with_new_numbers_is_read_anew(
    channel: MailChannel, server: DebianMailServer, clerk: MailUser
) -> None:
    async with Listener(channel) as listener:
        await clerk.write(BOT, "avant", "Bonjour")
        await listener.until(1)
        await server.renew_uidvalidity(BOT)
        await clerk.write(BOT, "après", "Bonjour")
        requests = await listener.until(3)
    # What was read is read again under its own id, by which the inbox knows it.
    assert sorted(request.subject for request in requests) == ["après", "avant", "avant"]
    assert len({request.external_id for request in requests}) == 2
    cursors = {batch.cursor.partition(":")[0] for batch in listener.batches}
    assert len(cursors) == 2


def _file_two_mails(imap: imaplib.IMAP4) -> None:
    imap.create("Dossier")
    imap.copy("2,4", "Dossier")
    imap.store("2,4", "+FLAGS", "\\Deleted")
    imap.expunge()


async def test_mails_that_a_person_moves_meanwhile_stop_nothing(
    channel: MailChannel,
    server: DebianMailServer,
    clerk: MailUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(6):
        await clerk.write(BOT, f"n° {number}", "Bonjour")
    await _arrived(server, 6)
    known = ImapConnection.sizes

    async def moved_before(self: ImapConnection, uids: Any) -> dict[int, int]:
        """Between the search and the reading, a person files two of the mails."""
        monkeypatch.setattr(ImapConnection, "sizes", known)
        await by_hand(server, _file_two_mails)
        return await known(self, uids)

    monkeypatch.setattr(ImapConnection, "sizes", moved_before)
    async with Listener(channel) as listener:
        requests = await listener.until(4)
        await clerk.write(BOT, "suite", "Bonjour")
        requests = await listener.until(5)
    # Postfix delivers several mails at once, in any order.
    assert len({request.subject for request in requests}) == 5
    assert requests[-1].subject == "suite"


async def _arrived(server: DebianMailServer, number: int) -> None:
    """Wait for Postfix, which answers before it has delivered."""

    async def all_there() -> bool:
        return await count(server, "INBOX") >= number

    await eventually(all_there)


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that tells nobody when it happens."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("bytes_until_cut", [10, 300, 900, 2_500, 6_000])
async def test_a_connection_cut_anywhere_while_reading_loses_nothing(
    server: DebianMailServer, clerk: MailUser, bytes_until_cut: int
) -> None:
    for number in range(3):
        await clerk.write(BOT, f"n° {number}", "Bonjour")
    await _arrived(server, 3)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(server.imap_port))
        settings = settings_for(server, imap=proxy.port)
        channel = await stack.enter_async_context(channel_on(server, settings))
        proxy.cut_after = bytes_until_cut
        listener = await stack.enter_async_context(Listener(channel))
        await proxy.connected(2)
        proxy.cut_after = None
        requests = await listener.until(3)
    assert sorted(request.subject for request in requests) == ["n° 0", "n° 1", "n° 2"]


@pytest.mark.parametrize("bytes_until_cut", [10, 400, 2_000, 3_500, 4_200])
async def test_a_connection_cut_anywhere_while_sending_doubles_nothing(
    server: DebianMailServer, clerk: MailUser, bytes_until_cut: int
) -> None:
    """Whatever the outcome was said to be, trying again as the courier does sends one mail."""
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(server.submission_port))
        settings = settings_for(server, smtp=proxy.port)
        channel = await stack.enter_async_context(channel_on(server, settings))
        row = delivery(channel, "k1", CLERK)
        proxy.cut_after = bytes_until_cut
        again: Delivery | None = None
        try:
            await channel.send(row)
        except TryLater:
            again = row
        except Unclear:
            again = replace(row, unclear=True)
            await asyncio.sleep(settings.unclear_after_seconds)
        proxy.cut_after = None
        if again is not None:
            await channel.send(again)
        await clerk.wait_for(_any, since=0)
        await channel.send(delivery(channel, "k2", CLERK))
        await clerk.wait_for(lambda mail: "k2@" in str(mail["Message-ID"]), since=0)
    # What an earlier test left in Postfix's queue may arrive here, too.
    ids = [str(mail["Message-ID"]) for mail in await clerk.all_mails()]
    assert [sum(key in id_ for id_ in ids) for key in ("k1@", "k2@")] == [1, 1]


async def test_a_slow_network_is_only_slow(server: DebianMailServer, clerk: MailUser) -> None:
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(server.imap_port))
        proxy.delay_seconds = 0.1
        settings = settings_for(server, imap=proxy.port)
        channel = await stack.enter_async_context(channel_on(server, settings))
        listener = await stack.enter_async_context(Listener(channel))
        await clerk.write(BOT, "x", "y" * 50_000)
        (read,) = await listener.until(1)
    assert read.kind is Kind.MESSAGE
