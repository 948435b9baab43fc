"""Hostile mails in a real mailbox: the channel reads past every one of them."""

from __future__ import annotations

import shutil

import pytest

from handlers.request import Kind
from sandbox.debian_mail import DebianMailServer
from sandbox.mail_user import MailUser
from tests.bot.mail.hostile import all_mails
from tests.servers.mail_listener import Listener
from tests.servers.test_debian_mail import (
    BOT,
    by_hand,
    channel_on,
    clerk,
    count,
    eventually,
    server,
    settings_for,
)

__all__ = ["clerk", "server"]  # fixtures

pytestmark = [pytest.mark.servers, pytest.mark.debian, pytest.mark.xdist_group("debian")]
LARGEST = 200_000
"""Bytes: larger ones are tested without a server."""


@pytest.mark.timeout(300)
async def test_the_mailbox_is_served_whatever_lies_in_it(
    server: DebianMailServer, clerk: MailUser
) -> None:
    made = (make() for make in all_mails().values())
    mails = [mail for mail in made if 0 < len(mail) <= LARGEST]
    assert len(mails) > 200
    # Dovecot makes the mailbox at the first visit.
    await by_hand(server, lambda imap: imap.noop())
    box = server.maildir(BOT)
    for number, mail in enumerate(mails):
        path = box / "new" / f"1774346{number:03}.M{number}.hostile"
        path.write_bytes(mail)
        shutil.chown(path, box.stat().st_uid, box.stat().st_gid)
    async with channel_on(server, settings_for(server)) as channel, Listener(channel) as listener:
        requests = await listener.until(len(mails), patience=120)
        await clerk.write(BOT, "aide", "aide")
        requests = await listener.until(len(mails) + 1)
        assert (requests[-1].kind, requests[-1].subject) == (Kind.MESSAGE, "aide")
        unreadable = sum(request.kind is Kind.UNREADABLE for request in requests)

        async def set_aside() -> bool:
            return await count(server, "Quarantaine") == unreadable

        assert unreadable > 10
        await eventually(set_aside)
