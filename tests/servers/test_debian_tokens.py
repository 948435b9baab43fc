"""Access tokens instead of passwords, against Dovecot's OAuth 2.0 passdb and Postfix before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from bot.channel import TryLater
from bot.mail.access_tokens import AccessTokens
from bot.mail.channel import MailChannel
from bot.mail.imap import ConnectionLostError, DeniedError, ImapConnection
from config.mail_settings import Mail, Oauth
from handlers.request import Kind
from sandbox.debian_mail import DebianMailServer
from sandbox.mail_user import MailUser
from sandbox.token_service import TokenService
from tests.servers.mail_listener import Listener, delivery
from tests.servers.test_debian_mail import (
    BOT,
    CLERK,
    channel_on,
    clerk,
    server,
    settings_for,
    trusting,
)

__all__ = ["clerk", "server"]  # fixtures

pytestmark = [pytest.mark.servers, pytest.mark.debian, pytest.mark.xdist_group("debian")]


@pytest_asyncio.fixture
async def tokens(server: DebianMailServer) -> AsyncIterator[TokenService]:
    """The token service that Dovecot asks."""
    async with TokenService(BOT, urlsplit(server.introspection_url).port or 0) as service:
        yield service


def with_tokens(server: DebianMailServer, service: TokenService, mechanism: str) -> Mail:
    client, secret = service.client
    plain = settings_for(server)
    shown = {"authentication": mechanism, "password": ""}
    return Mail.model_validate(
        plain.model_dump()
        | {
            "imap": plain.imap.model_dump() | shown,
            "smtp": plain.smtp.model_dump() | {"authentication": "xoauth2", "password": ""},
            "oauth": {
                "token_url": service.url,
                "client_id": client,
                "client_secret": secret,
                "refresh_token": service.refresh_token,
            },
        }
    )


@pytest_asyncio.fixture
async def channel(server: DebianMailServer, tokens: TokenService) -> AsyncIterator[MailChannel]:
    async with channel_on(server, with_tokens(server, tokens, "xoauth2")) as opened:
        yield opened


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
async def test_mail_is_read_and_sent_with_one_token(
    server: DebianMailServer, tokens: TokenService, clerk: MailUser, mechanism: str
) -> None:
    async with AsyncExitStack() as stack:
        settings = with_tokens(server, tokens, mechanism)
        channel = await stack.enter_async_context(channel_on(server, settings))
        listener = await stack.enter_async_context(Listener(channel))
        await clerk.write(BOT, "Une question", "Bonjour")
        await listener.until(1)
        sent = await channel.send(delivery(channel, "k1", CLERK))
        requests = await listener.until(2)
    assert (requests[1].kind, requests[1].external_id) == (Kind.COPY, sent)
    assert tokens.grants == ["refresh_token"]


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
async def test_a_token_that_is_refused_is_told_at_once_and_replaced(
    server: DebianMailServer, tokens: TokenService, mechanism: str
) -> None:
    settings = with_tokens(server, tokens, mechanism)
    access = AccessTokens(settings.oauth)
    await access.token()
    tokens.revoke()
    with pytest.raises(DeniedError, match="NO"):
        await ImapConnection(settings.imap, trusting(server), access).open()
    async with ImapConnection(settings.imap, trusting(server), access) as connection:
        assert await connection.select("INBOX")
    assert len(tokens.grants) == 2


async def test_a_token_that_ends_in_the_middle_is_replaced_and_nothing_is_lost(
    channel: MailChannel, server: DebianMailServer, tokens: TokenService, clerk: MailUser
) -> None:
    async with Listener(channel) as listener:
        await clerk.write(BOT, "avant", "Bonjour")
        await listener.until(1)
        tokens.revoke()
        await server.kick(BOT)
        await clerk.write(BOT, "après", "Bonjour")
        requests = await listener.until(2)
    assert [request.subject for request in requests] == ["avant", "après"]
    assert len(tokens.grants) == 2


async def test_a_refused_token_is_for_later_when_sending(
    channel: MailChannel, tokens: TokenService, clerk: MailUser
) -> None:
    await channel._tokens.token()
    tokens.revoke()
    with pytest.raises(TryLater, match="535"):
        await channel.send(delivery(channel, "k1", CLERK))
    await channel.send(delivery(channel, "k1", CLERK))
    await clerk.wait_for(lambda mail: "k1@" in str(mail["Message-ID"]), since=0)
    assert len(await clerk.all_mails()) == 1


async def test_without_the_token_service_everything_is_for_later(
    server: DebianMailServer, tokens: TokenService
) -> None:
    settings = with_tokens(server, tokens, "xoauth2")
    away = Oauth.model_validate(settings.oauth.model_dump() | {"token_url": "http://127.0.0.1:9/"})
    settings = settings.model_copy(update={"oauth": away})
    with pytest.raises(ConnectionLostError, match="token service"):
        await ImapConnection(settings.imap, trusting(server), AccessTokens(away)).open()
    async with channel_on(server, settings) as channel:
        with pytest.raises(TryLater, match="token service"):
            await channel.send(delivery(channel, "k1", CLERK))
