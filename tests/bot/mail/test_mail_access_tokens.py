"""Access tokens: fetched once, renewed ahead of their expiry, never shown in an error."""

from __future__ import annotations

import asyncio
import base64
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.mail.access_tokens import AccessTokens, TokenError
from bot.mail.imap_words import token_shown
from config.mail_settings import Oauth
from sandbox.ports import free_port
from sandbox.token_service import TokenService

pytestmark = pytest.mark.servers


def oauth(service: TokenService, **changes: Any) -> Oauth:
    client, secret = service.client
    words = {"token_url": service.url, "client_id": client, "client_secret": secret}
    return Oauth.model_validate(words | {"refresh_token": "refresh-1"} | changes)


async def test_one_token_serves_all_until_shortly_before_its_end() -> None:
    now = [0.0]
    async with TokenService("x@y.example") as service:
        service.life_seconds = 1000
        tokens = AccessTokens(oauth(service), clock=lambda: now[0])
        first = set(await asyncio.gather(*(tokens.token() for _ in range(5))))
        now[0] = 799
        assert {await tokens.token()} == first
        now[0] = 801
        assert await tokens.token() not in first
        assert service.grants == ["refresh_token"] * 2


async def test_a_token_that_was_refused_is_replaced_once() -> None:
    async with TokenService("x@y.example") as service:
        tokens = AccessTokens(oauth(service))
        old = await tokens.token()
        tokens.refused(old)
        new = await tokens.token()
        tokens.refused(old)
        assert (await tokens.token(), len(service.grants)) == (new, 2)
        assert old != new


async def test_without_a_refresh_token_the_client_shows_itself() -> None:
    async with TokenService("x@y.example") as service:
        assert await AccessTokens(oauth(service, refresh_token="")).token()
        assert service.grants == ["client_credentials"]


async def test_a_replaced_refresh_token_outlives_the_process(tmp_path: Path) -> None:
    kept = tmp_path / "data" / "refresh.json"
    async with TokenService("x@y.example") as service:
        service.rotates = True
        await AccessTokens(oauth(service), kept).token()
        assert await AccessTokens(oauth(service), kept).token()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        # Somebody puts a new one in the settings: it counts, not the one that was kept.
        service.refresh_token = "refresh-new"
        assert await AccessTokens(oauth(service, refresh_token="refresh-new"), kept).token()
        with pytest.raises(TokenError, match="invalid_grant"):
            await AccessTokens(oauth(service)).token()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"refresh_token": "geheim"}, r"the token service refuses \(400, invalid_grant\)"),
        ({"client_secret": "geheim"}, r"the token service refuses \(401, invalid_client\)"),
        ({"token_url": f"http://127.0.0.1:{free_port()}/"}, "no answer of the token service"),
    ],
)
async def test_what_goes_wrong_is_said_without_secrets(changes: dict[str, str], line: str) -> None:
    async with TokenService("x@y.example") as service:
        with pytest.raises(TokenError, match=line) as failed:
            await AccessTokens(oauth(service, **changes)).token()
    assert "geheim" not in str(failed.value)


def test_how_a_token_is_shown() -> None:
    def words(mechanism: str) -> bytes:
        return base64.b64decode(token_shown(mechanism, "a,b=c@x.example", "t", "h", 993))

    assert words("xoauth2") == b"user=a,b=c@x.example\1auth=Bearer t\1\1"
    assert words("oauthbearer") == (
        b"n,a=a=2Cb=3Dc@x.example,\1host=h\1port=993\1auth=Bearer t\1\1"
    )
    with pytest.raises(ValueError, match="control"):
        token_shown("xoauth2", "a\1auth=Bearer x", "t", "h", 1)
