"""A token service on loopback: hands out access tokens, and tells a mail server whose they are."""

from __future__ import annotations

import secrets
import time
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.ports import LOOPBACK


class TokenService:
    """OAuth 2.0's token endpoint (RFC 6749) and token introspection (RFC 7662) for one mailbox.

    ``rotates``: every use of a refresh token replaces it and voids it. ``revoke()`` voids what was
    handed out. ``life_seconds`` is how long an access token is good.
    """

    def __init__(self, user: str, port: int = 0) -> None:
        self.user = user
        self.port = port
        self.client = ("supracom", "client-secret")
        self.refresh_token = "refresh-1"
        self.rotates = False
        self.life_seconds = 3600.0
        self.grants: list[str] = []
        self._good: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/token", self._token)
        app.router.add_post("/introspect", self._introspect)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The token endpoint."""
        return f"http://{LOOPBACK}:{self.port}/token"

    def revoke(self) -> None:
        """Void every access token."""
        self._good.clear()

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return web.json_response({"error": "invalid_client"}, status=401)
        grant = str(form.get("grant_type"))
        if grant == "refresh_token" and form.get("refresh_token") != self.refresh_token:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.grants.append(grant)
        value = secrets.token_urlsafe(24)
        self._good[value] = time.monotonic() + self.life_seconds
        answer = {"access_token": value, "token_type": "Bearer", "expires_in": self.life_seconds}
        if self.rotates and grant == "refresh_token":
            self.refresh_token = f"refresh-{len(self.grants) + 1}"
            answer["refresh_token"] = self.refresh_token
        return web.json_response(answer)

    async def _introspect(self, request: web.Request) -> web.Response:
        token = str((await request.post()).get("token"))
        if self._good.get(token, 0) < time.monotonic():
            return web.json_response({"active": False})
        return web.json_response({"active": True, "username": self.user})
