"""The disposable mail server: delivery, authentication results, IMAP's commands, faults."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest
import pytest_asyncio
from aioimaplib import aioimaplib

from sandbox.clients import Attachment, MailboxError, MailUser, text_of
from sandbox.mailserver import MailServerProcess
from sandbox.processes import ServerError

pytestmark = pytest.mark.servers

BOT = "bot@supracom.example"
COMMUNE = "secretariat@commune.example"
CENTRALE = "achats@centrale.example"


@pytest_asyncio.fixture
async def commune(mailserver: MailServerProcess) -> AsyncIterator[MailUser]:
    """The secretariat of a commune at its mailbox."""
    async with MailUser(mailserver, COMMUNE, "commune-secret", "Secrétariat") as user:
        yield user


@pytest_asyncio.fixture
async def bot(mailserver: MailServerProcess) -> AsyncIterator[MailUser]:
    """Somebody reading the bot's mailbox."""
    async with MailUser(mailserver, BOT, "bot-secret", "Supracom") as user:
        yield user


@pytest_asyncio.fixture
async def imap(mailserver: MailServerProcess) -> AsyncIterator[aioimaplib.IMAP4]:
    """A bare connection to the bot's mailbox."""
    client = await _connect(mailserver)
    yield client
    client.protocol.transport.close()


async def _connect(server: MailServerProcess) -> aioimaplib.IMAP4:
    client = aioimaplib.IMAP4(server.host, server.imap_port)
    await client.wait_hello_from_server()
    assert (await client.login(BOT, "bot-secret")).result == "OK"
    assert (await client.select("INBOX")).result == "OK"
    return client


async def test_a_mail_of_a_logged_in_account_passes(commune: MailUser, bot: MailUser) -> None:
    await commune.write(BOT, "Inscription", "Bonjour")
    mail = await bot.wait_for(lambda m: m["Subject"] == "Inscription")
    assert mail.keys()[:4] == ["Authentication-Results", "Return-Path", "Delivered-To", "Received"]
    assert mail["Authentication-Results"] == (
        "mx.supracom.example; dmarc=pass header.from=commune.example"
    )
    assert mail["Return-Path"] == f"<{COMMUNE}>"
    assert "with ESMTPA" in mail["Received"]
    assert text_of(mail) == "Bonjour\n"


async def test_a_mail_without_login_fails(commune: MailUser, bot: MailUser) -> None:
    await commune.send(commune.compose(BOT, "Anonyme", "x"), authenticated=False)
    mail = await bot.wait_for(lambda m: m["Subject"] == "Anonyme")
    assert mail["Authentication-Results"] == (
        "mx.supracom.example; dmarc=fail header.from=commune.example"
    )


async def test_a_login_does_not_vouch_for_another_author(commune: MailUser, bot: MailUser) -> None:
    forged = commune.compose(BOT, "Faux", "x", headers={"From": CENTRALE})
    await commune.send(forged)
    mail = await bot.wait_for(lambda m: m["Subject"] == "Faux")
    assert mail["Authentication-Results"] == (
        "mx.supracom.example; dmarc=fail header.from=centrale.example"
    )


async def test_forged_results_of_ours_are_removed(commune: MailUser, bot: MailUser) -> None:
    forged = {"Authentication-Results": "MX.supracom.example; dmarc=pass header.from=x.example"}
    await commune.send(commune.compose(BOT, "Forgé", "x", headers=forged), authenticated=False)
    mail = await bot.wait_for(lambda m: m["Subject"] == "Forgé")
    assert len(mail.get_all("Authentication-Results", [])) == 1


async def test_a_wrong_password_is_refused(mailserver: MailServerProcess) -> None:
    stranger = MailUser(mailserver, COMMUNE, "guessed")
    with pytest.raises(MailboxError, match="AUTHENTICATIONFAILED"):
        await stranger.all_mails()
    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        await _submit(mailserver, stranger, "guessed")


async def test_plus_addresses_fold_and_are_recorded(commune: MailUser, bot: MailUser) -> None:
    await commune.write(
        ["Bot+jeton-1@SUPRACOM.example", "bot+jeton-2@supracom.example"], "Deux", ""
    )
    await bot.wait_for(lambda m: str(m["Delivered-To"]).startswith("bot+jeton-2@"))
    delivered = [str(mail["Delivered-To"]).partition("@")[0] for mail in await bot.all_mails()]
    assert delivered == ["Bot+jeton-1", "bot+jeton-2"]


async def test_all_recipients_have_the_mail_when_it_is_accepted(
    mailserver: MailServerProcess, commune: MailUser, bot: MailUser
) -> None:
    await commune.write([BOT, CENTRALE], "À tous", "x")
    async with MailUser(mailserver, CENTRALE, "centrale-secret") as centrale:
        for reader in (bot, centrale):
            assert [str(mail["Subject"]) for mail in await reader.all_mails()] == ["À tous"]


async def test_unknown_recipients_are_refused(commune: MailUser) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await commune.write("personne@supracom.example", "?", "?")
    assert refused.value.recipients[0].code == 550


async def test_an_account_can_be_added_later(
    mailserver: MailServerProcess, commune: MailUser
) -> None:
    await mailserver.add_account("zone@police.example", "zone-secret")
    await commune.write("zone@police.example", "Bienvenue", "x")
    async with MailUser(mailserver, "zone@police.example", "zone-secret") as zone:
        assert len(await zone.all_mails()) == 1


async def test_imap_append_search_fetch_store_copy_move_create(
    imap: aioimaplib.IMAP4, commune: MailUser
) -> None:
    mail = commune.compose(BOT, "Envoyé", "copie")
    assert (await imap.append(bytes(mail), "Sent", flags=r"(\Seen)")).result == "OK"
    assert (await imap.select("Sent")).result == "OK"
    found = await imap.uid_search(f'HEADER Message-ID "{mail["Message-ID"]}"', charset=None)
    (uid,) = found.lines[0].decode().split()
    assert (await imap.uid_search('HEADER Message-ID "<other@x>"', charset=None)).lines[0] == b""
    fetched = await imap.uid("FETCH", uid, "(UID FLAGS BODY.PEEK[])")
    assert b"Envoy" in fetched.lines[1]
    assert rb"\Seen" in fetched.lines[0]
    assert (await imap.uid("STORE", uid, "+FLAGS", r"(\Flagged)")).result == "OK"
    assert (await imap.uid_search("FLAGGED", charset=None)).lines[0].decode() == uid
    assert (await imap.create("Archive")).result == "OK"
    assert (await imap.uid("COPY", uid, "Archive")).result == "OK"
    assert {"MOVE", "UIDPLUS", "IDLE"} <= imap.protocol.capabilities
    assert (await imap.uid("MOVE", uid, "Archive")).result == "OK"
    assert (await imap.uid_search("ALL", charset=None)).lines[0] == b""
    assert (await imap.select("Archive")).result == "OK"
    assert len((await imap.uid_search("ALL", charset=None)).lines[0].split()) == 2


async def test_idle_tells_of_a_new_mail(imap: aioimaplib.IMAP4, commune: MailUser) -> None:
    idle = await imap.idle_start(timeout=10)
    await commune.write(BOT, "Réveil", "x")
    told = await imap.wait_server_push(5)
    imap.idle_done()
    await asyncio.wait_for(idle, 5)
    assert any(b"EXISTS" in line for line in told)


async def test_idle_tells_of_a_mail_that_came_just_before(
    imap: aioimaplib.IMAP4, commune: MailUser
) -> None:
    await commune.write(BOT, "Déjà là", "x")
    idle = await imap.idle_start(timeout=10)
    told = await imap.wait_server_push(5)
    imap.idle_done()
    await asyncio.wait_for(idle, 5)
    assert any(b"EXISTS" in line for line in told)


async def test_fault_a_mail_is_kept_but_not_acknowledged(
    mailserver: MailServerProcess, commune: MailUser, bot: MailUser
) -> None:
    await mailserver.drop_after_data()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await commune.write(BOT, "Incertain", "x")
    await commune.write(BOT, "Certain", "x")
    assert [m["Subject"] for m in await bot.all_mails()] == ["Incertain", "Certain"]


async def test_fault_a_mail_is_lost_and_not_acknowledged(
    mailserver: MailServerProcess, commune: MailUser, bot: MailUser
) -> None:
    await mailserver.drop_after_data(keep=False)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await commune.write(BOT, "Perdu", "x")
    assert await bot.all_mails() == []


async def test_fault_recipients_are_deferred(
    mailserver: MailServerProcess, commune: MailUser
) -> None:
    await mailserver.defer_recipients(1)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await commune.write(BOT, "Plus tard", "x")
    assert refused.value.recipients[0].code == 451
    await commune.write(BOT, "Maintenant", "x")


@pytest.mark.parametrize("abrupt", [False, True])
async def test_fault_imap_connections_are_ended(
    mailserver: MailServerProcess, abrupt: bool, commune: MailUser, bot: MailUser
) -> None:
    client = await _connect(mailserver)
    lost = asyncio.Event()
    client.protocol.conn_lost_cb = lambda _error: lost.set()
    assert await bot.all_mails() == []
    await mailserver.kick_imap(abrupt=abrupt)
    await asyncio.wait_for(lost.wait(), 5)
    await commune.write(BOT, "Après", "x")
    assert len(await bot.all_mails()) == 1  # over a new connection


async def test_a_waiting_reader_survives_a_kick(
    mailserver: MailServerProcess, commune: MailUser, bot: MailUser
) -> None:
    waiting = asyncio.create_task(bot.wait_for(lambda m: m["Subject"] == "Enfin"))
    await mailserver.kick_imap()
    await commune.write(BOT, "Enfin", "x")
    assert (await waiting)["Subject"] == "Enfin"


async def test_more_mails_than_one_fetch_may_ask_for(commune: MailUser, bot: MailUser) -> None:
    async with aiosmtplib.SMTP(
        hostname="127.0.0.1", port=commune._server.smtp_port, start_tls=False
    ) as smtp:
        for number in range(230):
            await smtp.send_message(commune.compose(BOT, f"Mail {number}", "x"))
    assert [m["Subject"] for m in await bot.all_mails()] == [f"Mail {n}" for n in range(230)]


async def test_an_answer_is_threaded_quoted_and_goes_to_reply_to(
    commune: MailUser, bot: MailUser
) -> None:
    question = bot.compose(
        COMMUNE,
        "Combien ?",
        "Première ligne\n\nTroisième ligne",
        attachments=[Attachment("modèle.pdf", b"%PDF-1.7")],
        headers={
            "Reply-To": "Supracom <bot+jeton@supracom.example>",
            "Date": "Thu, 12 Mar 2026 14:05:00 +0100",
            "References": "<a@supracom.example>",
        },
    )
    await bot.send(question)
    asked = await commune.wait_for(lambda m: m["Subject"] == "Combien ?")
    await commune.answer(asked, "Douze")
    answer = await bot.wait_for(lambda m: m["Subject"] == "Re: Combien ?")
    assert answer["Delivered-To"] == "bot+jeton@supracom.example"
    assert answer["In-Reply-To"] == question["Message-ID"]
    assert answer["References"].split() == ["<a@supracom.example>", question["Message-ID"]]
    assert text_of(answer) == (
        "Douze\n\nLe 12 mars 2026 à 14:05, Supracom <bot@supracom.example> a écrit :\n\n"
        "> Première ligne\n>\n> Troisième ligne\n"
    )


async def test_a_server_that_cannot_start_shows_its_log(
    mailserver: MailServerProcess, tmp_path: Path
) -> None:
    second = MailServerProcess(tmp_path / "second", {}, smtp_port=mailserver.smtp_port)
    with pytest.raises(ServerError, match="address already in use"):
        await second.start()


async def test_the_server_in_process(tmp_path: Path) -> None:
    """In its own interpreter still: what pymap and aiosmtpd warn about would be errors here."""
    script = tmp_path / "in_process.py"
    script.write_text(_IN_PROCESS, "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, output) == (0, b"Bonjour\n")
    assert b"Traceback" not in errors


_IN_PROCESS = """
import asyncio
from sandbox.clients import MailUser
from sandbox.mailserver import MailServer

async def main():
    async with MailServer({"a@commune.example": "secret"}) as server:
        async with MailUser(server, "a@commune.example", "secret") as user:
            await user.write("a@commune.example", "Bonjour", "x")
            print((await user.wait_for(lambda m: True))["Subject"])

asyncio.run(main())
"""


async def _submit(server: MailServerProcess, user: MailUser, password: str) -> None:
    mail: EmailMessage = user.compose(BOT, "?", "?")
    await aiosmtplib.send(
        mail,
        hostname=server.host,
        port=server.smtp_port,
        username=user.address,
        password=password,
        start_tls=False,
    )
