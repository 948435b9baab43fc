"""The mail channel against a real IMAP and SMTP server."""

from __future__ import annotations

import asyncio
import imaplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_string
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio

from bot.channel import Attachment, Delivery, Refused, TryLater, Unclear
from bot.mail.channel import MailChannel
from bot.mail.imap import ConnectionLostError, DeniedError, ImapConnection
from bot.mail.render import Signature
from config.settings import Imap, Mail
from handlers.request import Kind, Severity
from handlers.tokens import return_tag
from sandbox.mail_user import MailUser
from sandbox.mailserver import MailServerProcess
from tests.servers.mail_listener import PATIENCE, Listener
from tests.servers.mail_listener import delivery as delivery_to

pytestmark = pytest.mark.servers

BOT, CLERK, OTHER = (
    "bot@supracom.example",
    "secretariat@commune.example",
    "achats@centrale.example",
)
PASSWORDS = {BOT: "bot-secret", CLERK: "commune-secret", OTHER: "centrale-secret"}


def mail_settings(server: MailServerProcess, **changes: Any) -> Mail:
    account = {"host": server.host, "tls": "none", "user": BOT, "password": PASSWORDS[BOT]}
    return Mail.model_validate(
        {
            "address": BOT,
            "sender_name": "Supracom",
            "authserv_id": server.authserv_id,
            "unclear_after_seconds": 1,
            "imap": account | {"port": server.imap_port, "deadline_seconds": 5},
            "smtp": account | {"port": server.smtp_port, "deadline_seconds": 5, "connections": 2},
        }
        | changes
    )


@asynccontextmanager
async def channel_on(server: MailServerProcess, **changes: Any) -> AsyncIterator[MailChannel]:
    channel = MailChannel(
        mail_settings(server, **changes), signature=Signature("Supracom"), secret="s" * 32
    )
    try:
        yield channel
    finally:
        await channel.close()


@pytest_asyncio.fixture
async def channel(mailserver: MailServerProcess) -> AsyncIterator[MailChannel]:
    async with channel_on(mailserver) as opened:
        yield opened


@pytest_asyncio.fixture
async def clerk(mailserver: MailServerProcess) -> AsyncIterator[MailUser]:
    async with MailUser(mailserver, CLERK, PASSWORDS[CLERK], "Anne") as user:
        yield user


def delivery(channel: MailChannel, key: str, to: str = CLERK, **changes: Any) -> Delivery:
    return delivery_to(channel, key, to, **changes)


async def mailbox(server: MailServerProcess, name: str, criteria: str = "ALL") -> list[str]:
    """The Message-IDs in a mailbox of the bot, read with the standard library."""

    def look() -> list[str]:
        imap = imaplib.IMAP4(server.host, server.imap_port, timeout=PATIENCE)
        try:
            imap.login(BOT, PASSWORDS[BOT])
            imap.select(name, readonly=True)
            numbers = imap.search(None, criteria)[1][0].split()
            found = [imap.fetch(number.decode(), "(BODY[HEADER])")[1][0] for number in numbers]
        finally:
            imap.shutdown()
        return [_message_id(head[1]) for head in found if isinstance(head, tuple)]

    return await asyncio.to_thread(look)


def _any(_mail: object) -> bool:
    return True


def _message_id(head: bytes) -> str:
    lines = head.decode().replace("\r\n ", " ").splitlines()
    fields = [line for line in lines if line.lower().startswith("message-id:")]
    return fields[0].partition(":")[2].strip()


async def test_mails_are_read_in_order_while_more_are_written(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser
) -> None:
    for number in range(60):
        await clerk.write(BOT, f"n° {number}", "Bonjour")
    async with Listener(channel) as listener:
        for number in range(60, 120):
            await clerk.write(BOT, f"n° {number}", "Bonjour")
        requests = await listener.until(120)
    assert [request.subject for request in requests] == [f"n° {number}" for number in range(120)]
    assert max(len(batch.requests) for batch in listener.batches) <= 50
    assert {request.sender for request in requests} == {CLERK}
    assert all(request.authenticated for request in requests)
    assert len(await mailbox(mailserver, "INBOX", "SEEN")) == 120


async def test_reading_goes_on_after_the_cursor(channel: MailChannel, clerk: MailUser) -> None:
    for number in range(3):
        await clerk.write(BOT, f"n° {number}", "Bonjour")
    async with Listener(channel) as listener:
        await listener.until(3)
        cursor = listener.batches[-1].cursor
    await clerk.write(BOT, "suite", "Bonjour")
    async with Listener(channel, cursor) as listener:
        requests = await listener.until(1)
    assert [request.subject for request in requests] == ["suite"]


@pytest.mark.parametrize("abrupt", [True, False])
async def test_a_lost_connection_is_resumed(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser, abrupt: bool
) -> None:
    async with Listener(channel) as listener:
        await clerk.write(BOT, "avant", "Bonjour")
        await listener.until(1)
        await mailserver.kick_imap(abrupt)
        await clerk.write(BOT, "après", "Bonjour")
        requests = await listener.until(2)
    assert [request.subject for request in requests] == ["avant", "après"]


async def test_a_mailbox_made_anew_is_read_from_its_beginning(
    channel: MailChannel, mailserver: MailServerProcess
) -> None:
    async with Listener(channel) as listener:
        for number in range(3):
            async with MailUser(mailserver, CLERK, PASSWORDS[CLERK]) as clerk:
                await clerk.write(BOT, f"n° {number}", "Bonjour")
        await listener.until(3)
        await mailserver.stop()
        await mailserver.start()
        async with MailUser(mailserver, CLERK, PASSWORDS[CLERK]) as clerk:
            await clerk.write(BOT, "neuf", "Bonjour")
        requests = await listener.until(4)
    assert requests[3].subject == "neuf"
    before, after = listener.batches[-2].cursor, listener.batches[-1].cursor
    assert before.partition(":")[0] != after.partition(":")[0]


async def test_what_cannot_be_read_stops_nothing(
    mailserver: MailServerProcess, clerk: MailUser
) -> None:
    await clerk.write(BOT, "un", "Bonjour")
    await clerk.write(BOT, "trop grand", "x" * 50_000)
    twofold = f"From: a@b.example\r\nFrom: {CLERK}\r\nMessage-ID: <2@x.example>\r\n\r\nx"
    await clerk.send(twofold.encode(), to=[BOT])
    await clerk.write(BOT, "deux", "Bonjour")
    async with channel_on(mailserver, max_bytes=20_000) as channel, Listener(channel) as listener:
        requests = await listener.until(4)
    assert [(request.kind, request.sender) for request in requests] == [
        (Kind.MESSAGE, CLERK),
        (Kind.UNREADABLE, CLERK),
        (Kind.UNREADABLE, ""),
        (Kind.MESSAGE, CLERK),
    ]
    assert requests[1].subject == "trop grand"
    assert len(await mailbox(mailserver, "INBOX", "SEEN")) == 2
    assert len(await mailbox(mailserver, "Quarantaine", "SEEN")) == 2


async def test_what_is_sent_arrives_and_its_copy_is_filed(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser
) -> None:
    files = [Attachment("décision.pdf", "application/pdf", b"%PDF")]
    async with Listener(channel) as listener:
        sent = await channel.send(delivery(channel, "k1", files=files))
        (copy,) = await listener.until(1)
    arrived = await clerk.wait_for(_any, since=0)
    assert arrived["Message-ID"] == sent == "<k1@supracom.example>"
    assert [part.get_filename() for part in arrived.iter_attachments()] == ["décision.pdf"]
    assert (copy.kind, copy.external_id) == (Kind.COPY, sent)
    assert await mailbox(mailserver, "Sent", "SEEN") == [sent]
    assert await mailbox(mailserver, "INBOX") == []


async def test_a_mail_that_comes_back_names_the_one_that_was_sent(
    channel: MailChannel, clerk: MailUser
) -> None:
    """The return path bears a token, and a report sent there is known by it alone."""
    async with Listener(channel) as listener:
        await channel.send(delivery(channel, "k1", id=7))
        arrived = await clerk.wait_for(_any, since=0)
        path = str(arrived["Return-Path"]).strip("<> ")
        assert path == BOT.replace("@", f"+{return_tag('s' * 32, 7)}@")
        report = EmailMessage()
        report["From"], report["To"] = "MAILER-DAEMON@elsewhere.example", path
        report.make_mixed()
        report.set_type("multipart/report")
        report.set_param("report-type", "delivery-status")
        fields = "Final-Recipient: x-hidden; somebody\nAction: failed\nStatus: 5.1.1\n"
        status: EmailMessage = message_from_string(
            f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n{fields}",
            EmailMessage,
        )
        report.attach(status)
        await clerk.send(report)
        requests = await listener.until(2)
    bounce = requests[1]
    assert (bounce.kind, bounce.tag) == (Kind.BOUNCE, return_tag("s" * 32, 7))
    assert bounce.failure is not None
    assert bounce.failure.code == "5.1.1"


async def test_an_answer_comes_back_with_its_tag_and_without_the_quotation(
    channel: MailChannel, clerk: MailUser
) -> None:
    async with Listener(channel) as listener:
        sent = await channel.send(delivery(channel, "k1"))
        await clerk.answer(await clerk.wait_for(_any, since=0), "oui")
        requests = await listener.until(2)
    answer = requests[1]
    assert (answer.text, answer.tag, answer.answers[0]) == ("oui", "jeton", sent)
    assert "Bien reçu." in answer.quoted


async def test_copies_that_a_killed_run_left_are_filed_later(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser
) -> None:
    sent = await channel.send(delivery(channel, "k1"))
    # Read and committed, but killed before anything was done in the mailbox.
    first = await anext(aiter(channel.batches(None)))
    await clerk.write(BOT, "suite", "Bonjour")
    async with Listener(channel, first.cursor) as listener:
        await listener.until(1)
    assert await mailbox(mailserver, "Sent") == [sent]
    assert len(await mailbox(mailserver, "INBOX", "SEEN")) == 1


async def test_the_mailbox_of_sent_mail_is_created(
    mailserver: MailServerProcess,
) -> None:
    async with channel_on(mailserver, sent_mailbox="Envoyés") as channel:
        async with Listener(channel) as listener:
            sent = await channel.send(delivery(channel, "k1"))
            await listener.until(1)
        assert await mailbox(mailserver, '"Envoy&AOk-s"') == [sent]


@pytest.mark.parametrize("kept", [True, False])
async def test_an_unclear_delivery_is_looked_for_and_sent_once(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser, kept: bool
) -> None:
    row = delivery(channel, "k1")
    await mailserver.drop_after_data(1, keep=kept)
    with pytest.raises(Unclear):
        await channel.send(row)
    assert len(await clerk.all_mails()) == (1 if kept else 0)
    assert await channel.send(replace(row, unclear=True)) == row.external_id
    assert len(await clerk.all_mails()) == 1


async def test_a_filed_copy_is_found_too(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser
) -> None:
    row = delivery(channel, "k1")
    async with Listener(channel) as listener:
        await channel.send(row)
        await listener.until(1)
    assert await mailbox(mailserver, "INBOX") == []
    await channel.send(replace(row, unclear=True))
    assert len(await clerk.all_mails()) == 1


async def test_nothing_is_sent_again_while_the_copy_cannot_be_looked_for(
    mailserver: MailServerProcess, clerk: MailUser
) -> None:
    wrong = mail_settings(mailserver).imap.model_copy(update={"user": "nobody@supracom.example"})
    async with channel_on(mailserver, imap=wrong.model_dump()) as channel:
        with pytest.raises(Unclear):
            await channel.send(delivery(channel, "k1", unclear=True))
    assert await clerk.all_mails() == []


async def test_a_temporary_refusal_is_for_later(
    channel: MailChannel, mailserver: MailServerProcess, clerk: MailUser
) -> None:
    await mailserver.defer_recipients(1)
    with pytest.raises(TryLater, match="451"):
        await channel.send(delivery(channel, "k1"))
    assert await clerk.all_mails() == []
    await channel.send(delivery(channel, "k1"))
    assert len(await clerk.all_mails()) == 1


async def test_a_final_refusal_is_final_and_the_next_mail_goes(
    channel: MailChannel, clerk: MailUser
) -> None:
    with pytest.raises(Refused, match="550") as refused:
        await channel.send(delivery(channel, "k1", to="personne@commune.example"))
    failure = refused.value.failure
    assert failure is not None
    assert (failure.recipient, failure.severity) == ("personne@commune.example", Severity.HARD)
    await channel.send(delivery(channel, "k2"))
    assert [mail["Message-ID"] for mail in await clerk.all_mails()] == ["<k2@supracom.example>"]


async def test_a_mail_that_is_none_is_refused(channel: MailChannel) -> None:
    row = delivery(channel, "k1")
    with pytest.raises(Refused, match="not a mail"):
        await channel.send(replace(row, payload=row.payload | {"to": "x@y.example\r\nRCPT"}))


async def test_a_refused_copy_does_not_stop_the_mail(
    mailserver: MailServerProcess, clerk: MailUser
) -> None:
    async with channel_on(mailserver, address="sans-boite@supracom.example") as channel:
        await channel.send(delivery(channel, "k1"))
    assert len(await clerk.all_mails()) == 1


async def test_a_server_that_is_away_is_for_later_and_found_again(
    channel: MailChannel, mailserver: MailServerProcess
) -> None:
    await channel.send(delivery(channel, "k1"))
    await mailserver.stop()
    with pytest.raises(TryLater):
        await channel.send(delivery(channel, "k2"))
    await mailserver.start()
    await channel.send(delivery(channel, "k2"))
    async with MailUser(mailserver, CLERK, PASSWORDS[CLERK]) as clerk:
        assert len(await clerk.all_mails()) == 1


async def test_many_mails_share_few_connections(channel: MailChannel, clerk: MailUser) -> None:
    rows = [delivery(channel, f"k{number}") for number in range(20)]
    sent = await asyncio.gather(*map(channel.send, rows))
    assert len(set(sent)) == 20
    assert {mail["Message-ID"] for mail in await clerk.all_mails()} == set(sent)
    assert channel._pool.opened <= 2


def imap_settings(server: MailServerProcess, **changes: Any) -> Imap:
    return mail_settings(server).imap.model_copy(update=changes)


async def test_news_that_comes_with_another_command_ends_the_wait(
    mailserver: MailServerProcess, clerk: MailUser
) -> None:
    async with ImapConnection(imap_settings(mailserver)) as connection:
        await connection.select("INBOX")
        connection.forget_news()
        assert await connection.uids_after(0) == []
        await clerk.write(BOT, "x", "Bonjour")
        # The server tells of the mail here, and will not tell it again in IDLE.
        await connection.search("SEEN")
        async with asyncio.timeout(3):
            await connection.wait_for_news()
        (uid,) = await connection.uids_after(0)
        assert await connection.uids_after(uid) == []


@pytest.mark.parametrize("abrupt", [True, False])
async def test_a_connection_lost_while_waiting_ends_the_wait(
    mailserver: MailServerProcess, abrupt: bool
) -> None:
    async with ImapConnection(imap_settings(mailserver)) as connection:
        await connection.select("INBOX")
        connection.forget_news()
        waiting = asyncio.create_task(connection.wait_for_news())
        await connection._client.protocol.wait_for_idle_response()
        await mailserver.kick_imap(abrupt)
        async with asyncio.timeout(3):
            with pytest.raises(ConnectionLostError):
                await waiting
        assert not connection.is_open


async def test_a_wait_that_is_given_up_ends_the_connection_at_once(
    mailserver: MailServerProcess,
) -> None:
    async with asyncio.timeout(1.5), ImapConnection(imap_settings(mailserver)) as connection:
        await connection.select("INBOX")
        connection.forget_news()
        waiting = asyncio.create_task(connection.wait_for_news())
        await connection._client.protocol.wait_for_idle_response()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert not connection.is_open


async def test_idle_is_renewed(mailserver: MailServerProcess) -> None:
    settings = imap_settings(mailserver, idle_renew_seconds=0.2)
    async with ImapConnection(settings) as connection:
        await connection.select("INBOX")
        connection.forget_news()
        async with asyncio.timeout(3):
            await connection.wait_for_news()
            await connection.wait_for_news()
        assert await connection.search("ALL") == []


async def test_more_mails_than_the_library_bears_are_fetched(
    mailserver: MailServerProcess, clerk: MailUser
) -> None:
    raw = f"From: {CLERK}\r\n\r\n* 3 EXISTS\r\nA1 OK done)\r\n".encode()
    for _ in range(130):
        await clerk.send(raw, to=[BOT])
    async with ImapConnection(imap_settings(mailserver)) as connection:
        await connection.select("INBOX")
        uids = await connection.uids_after(0)
        sizes = await connection.sizes(uids)
        mails = await connection.fetch(uids, sum(sizes.values()))
    assert [mail.uid for mail in mails] == uids
    assert all(len(mail.content) == sizes[mail.uid] for mail in mails)
    assert all(mail.content.endswith(b"A1 OK done)\r\n") for mail in mails)


async def test_a_wrong_password_is_told_and_a_closed_port_too(
    mailserver: MailServerProcess,
) -> None:
    wrong = Imap.model_validate(
        imap_settings(mailserver).model_dump() | {"password": 'wrong "\\ secret'}
    )
    with pytest.raises(DeniedError):
        await ImapConnection(wrong).open()
    await mailserver.stop()
    with pytest.raises(ConnectionLostError):
        await ImapConnection(imap_settings(mailserver)).open()


async def test_a_server_that_says_nothing_is_given_up(unused_tcp_port_factory: Any) -> None:
    port = unused_tcp_port_factory()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", port)
    settings = Imap.model_validate(
        {"host": "127.0.0.1", "port": port, "tls": "none", "user": "x", "password": "x"}
        | {"deadline_seconds": 0.2}
    )
    async with server:
        with pytest.raises(ConnectionLostError):
            await ImapConnection(settings).open()
