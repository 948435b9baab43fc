"""Access tokens for IMAP and SMTP (OAuth 2.0, RFC 6749), fetched ahead of their expiry.

One of two grants: a refresh token that a person once obtained for the mailbox (RFC 6749, section
6), or, without one, the client's own credentials (section 4.4). A service that hands out a new
refresh token voids the former: the new one is kept in a file, and counts as long as the one in the
settings is the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from config.mail_settings import Oauth

_log = structlog.get_logger(__name__)
_SECONDS = 20.0
_USUAL_LIFE_SECONDS = 3600.0
_LONGEST_MARGIN_SECONDS = 300.0
_LONGEST_ANSWER = 100_000


class TokenError(Exception):
    """There is no access token to be had now; says why, without any secret."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: float


class AccessTokens:
    """Gives the token that is good now; used by several connections at once."""

    def __init__(
        self,
        settings: Oauth,
        kept: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``kept`` is the file for a refresh token that replaces the one in the settings."""
        self._settings = settings
        self._kept = kept
        self._clock = clock
        self._token: _Token | None = None
        self._refresh: str | None = None
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """An access token that is good for a while yet; raises TokenError."""
        async with self._lock:
            if self._token is None or self._clock() >= self._token.good_until:
                self._token = await self._fetched()
            return self._token.value

    def refused(self, token: str) -> None:
        """A server did not take this token: the next one asked for is a new one."""
        if self._token is not None and self._token.value == token:
            self._token = None

    async def _fetched(self) -> _Token:
        asked_at = self._clock()
        answer = await _asked(self._settings.token_url, await self._form())
        value = answer.get("access_token")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise TokenError("the token service gives no access token")
        await self._note_refresh(answer.get("refresh_token"))
        life = _life(answer.get("expires_in"))
        _log.info("mail.access_token_fetched", seconds=round(life))
        return _Token(value, asked_at + life - min(_LONGEST_MARGIN_SECONDS, life / 5))

    async def _form(self) -> dict[str, str]:
        settings = self._settings
        form = {"client_id": settings.client_id, "grant_type": "client_credentials"}
        if settings.refresh_token.get_secret_value():
            if self._refresh is None:
                self._refresh = await asyncio.to_thread(self._read_kept)
            form |= {"grant_type": "refresh_token", "refresh_token": self._refresh}
        for name, value in (
            ("client_secret", settings.client_secret.get_secret_value()),
            ("scope", settings.scope),
        ):
            if value:
                form[name] = value
        return form

    # -- a refresh token that was replaced ----------------------------------------------------

    async def _note_refresh(self, given: object) -> None:
        if not isinstance(given, str) or not given or self._refresh in {None, given}:
            return
        self._refresh = given
        await asyncio.to_thread(self._keep, given)

    def _read_kept(self) -> str:
        configured = self._settings.refresh_token.get_secret_value()
        try:
            found = json.loads(self._kept.read_text("utf-8")) if self._kept else {}
        except (OSError, ValueError):
            # None was kept yet, or it is lost: the one in the settings may still be good.
            found = {}
        same = isinstance(found, dict) and found.get("replaces") == _mark(configured)
        return str(found["refresh_token"]) if same else configured

    def _keep(self, token: str) -> None:
        if self._kept is None:
            return
        configured = self._settings.refresh_token.get_secret_value()
        words = {"replaces": _mark(configured), "refresh_token": token}
        written = self._kept.with_suffix(".new")
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(words))
                file.flush()
                os.fsync(handle)
            written.replace(self._kept)
        except OSError as error:
            # It is used while this process lives; the next start may need a new one from a person.
            _log.error("mail.refresh_token_not_kept", reason=error.strerror)


def _mark(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _life(expires_in: object) -> float:
    """Seconds; RFC 6749, section 5.1, only recommends that they be told."""
    if isinstance(expires_in, str) and expires_in.isdecimal():
        return float(expires_in)
    known = isinstance(expires_in, int | float) and not isinstance(expires_in, bool)
    return max(0.0, float(expires_in)) if known else _USUAL_LIFE_SECONDS  # type: ignore[arg-type]


async def _asked(url: str, form: dict[str, str]) -> dict[str, Any]:
    """The answer of a token endpoint; raises TokenError with the error's code (section 5.2)."""
    patience = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.post(url, data=form, allow_redirects=False) as response,
        ):
            raw = await response.content.read(_LONGEST_ANSWER)
            status = response.status
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise TokenError(f"no answer of the token service: {type(error).__name__}") from error
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = None
    if status != 200 or not isinstance(answer, dict):
        code = answer.get("error") if isinstance(answer, dict) else None
        told = code if isinstance(code, str) and code.isidentifier() else "no reason given"
        raise TokenError(f"the token service refuses ({status}, {told})")
    return answer
