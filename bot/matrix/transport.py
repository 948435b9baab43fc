"""The connection to the homeserver: matrix-nio's client, whose many answers become one exception.

Sending, rooms, login and uploads go through the client's own methods. What the homeserver tells
(/sync, /messages, state) is read as plain JSON over the same session: nio refuses or alters a whole
response when one part of it is ill-formed, and what one person sends must not stop the others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from io import BytesIO
from secrets import SystemRandom
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import nio  # type: ignore[import-untyped, unused-ignore]  # it ships annotations without py.typed

Json = dict[str, Any]

Pause = Callable[[float], Awaitable[None]]
"""How it is waited for so many seconds."""

CLIENT = "/_matrix/client/v3"
MEDIA = "/_matrix/client/v1/media"
REQUEST_SECONDS = 60.0
QUICK_ATTEMPTS = 3
"""How often something is read or set before its failure is told: what is made of many such acts, as
finding and mending our rooms is, would otherwise never be whole on a bad network."""
_QUICK_SECONDS = (0.1, 0.5)
_UPLOAD_SECONDS = 300.0
_CHUNK = 64 * 1024
_random = SystemRandom()

TRUSTED = nio.RoomPreset.trusted_private_chat
"""The preset of a room whose two people are equals."""

NO_ANSWER = 0
"""The status of a request that got no answer at all."""


class MatrixError(Exception):
    """The homeserver did not do what was asked.

    ``status`` is the HTTP status (NO_ANSWER if none came), ``errcode`` the Matrix error code (empty
    if it was not Matrix that answered), ``after`` how long it asks to wait.
    """

    def __init__(
        self, status: int, errcode: str, reason: str, after: timedelta | None = None
    ) -> None:
        super().__init__(f"{status} {errcode} {reason}".strip())
        self.status = status
        self.errcode = errcode
        self.reason = reason
        self.after = after

    @property
    def is_final(self) -> bool:
        """Whether asking again would get the same answer.

        Only an error that Matrix itself wrote is final: a proxy's 404 may pass.
        """
        if self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return True
        return self.errcode != "" and self.status in {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.NOT_FOUND,
        }

    @property
    def is_passing(self) -> bool:
        """Whether asking again in a moment may help."""
        asked_to_wait = self.after is not None and self.after.total_seconds() > _QUICK_SECONDS[1]
        return not (self.is_final or self.status == HTTPStatus.UNAUTHORIZED or asked_to_wait)

    @property
    def is_unknown(self) -> bool:
        """Whether what was asked for does not exist, as Matrix says it."""
        return self.status == HTTPStatus.NOT_FOUND and self.errcode == "M_NOT_FOUND"


class KeyStoreError(MatrixError):
    """The store of our encryption keys cannot be used; the sentence says what a person does."""

    def __init__(self, reason: str) -> None:
        super().__init__(NO_ANSWER, "", reason)


class TooLarge(Exception):
    """A file is larger than what is accepted."""


class Connection:
    """One account's connection, with one pool for everything."""

    def __init__(self, homeserver: str, user: str, pause: Pause = asyncio.sleep) -> None:
        self._pause = pause
        # Its own retries are switched off: they sleep inside a call, and repeat for ever.
        config = nio.AsyncClientConfig(
            encryption_enabled=False,
            max_limit_exceeded=0,
            max_timeouts=0,
            request_timeout=REQUEST_SECONDS,
        )
        self.client: Any = nio.AsyncClient(homeserver, user, config=config)
        self.served = 0
        """How often the homeserver did what it was asked."""

    async def close(self) -> None:
        """Give the connections back; the device stays logged in."""
        await self.client.close()

    def authenticate(self, user: str, device: str, token: str) -> None:
        """Use an access token from now on; ``device`` is empty where it is not known yet."""
        # Not `restore_login`: it asks for a device, and opens a store of its own.
        self.client.user_id, self.client.device_id = user, device
        self.client.access_token = token

    async def ask(self, answer: Awaitable[Any]) -> Any:
        """Await one of the client's methods; raises MatrixError where it gives an error."""
        try:
            response = await answer
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # ValueError: bytes that are not UTF-8 where JSON was expected.
            raise MatrixError(NO_ANSWER, "", type(error).__name__) from error
        if isinstance(response, nio.ErrorResponse):
            raise _of_nio(response)
        _check_is_of_matrix(response.transport_response)
        self.served += 1
        return response

    async def request(
        self,
        method: str,
        path: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        seconds: float = REQUEST_SECONDS,
        api: str = CLIENT,
    ) -> Json:
        """Make one request of the client API; gives its JSON object, raises MatrixError."""
        url = _url(api, path, query)
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", **self._authorization()}
        try:
            response = await self.client.send(method, url, data, headers, timeout=seconds)
            async with response:
                content = await response.read()
        except (aiohttp.ClientError, OSError) as error:
            raise MatrixError(NO_ANSWER, "", type(error).__name__) from error
        answer = decoded(response.status, response.headers, content)
        self.served += 1
        return answer

    async def get(self, path: Sequence[str], **query: str) -> Json:
        """Read something, quickly again where that may help; see `request`."""
        return await self._quickly(partial(self.request, "GET", path, query=query))

    async def put(self, path: Sequence[str], body: Mapping[str, object]) -> None:
        """Set something to a value, quickly again where that may help; see `request`."""
        await self._quickly(partial(self.request, "PUT", path, body=body))

    async def _quickly(self, ask: Callable[[], Awaitable[Json]]) -> Json:
        """Ask for what may be asked for twice."""
        for _ in range(QUICK_ATTEMPTS - 1):
            try:
                return await ask()
            except MatrixError as error:
                if not error.is_passing:
                    raise
            await self._pause(_random.uniform(*_QUICK_SECONDS))
        return await ask()

    async def whoami(self) -> Json:
        """Whose account it is: the least that can be asked of a homeserver that knows us."""
        return await self.get(["account", "whoami"])

    async def upload(self, name: str, media_type: str, content: bytes) -> str:
        """Store a file with the homeserver; gives its mxc address."""
        return str((await self.ask(self._uploaded(name, media_type, content))).content_uri)

    async def download(self, mxc: str, most: int) -> bytes:
        """Fetch a file of at most ``most`` bytes; raises MatrixError or TooLarge."""
        url = _url(MEDIA, ["download", *mxc.removeprefix("mxc://").split("/", 1)], None)
        try:
            response = await self.client.send(
                "GET", url, None, self._authorization(), timeout=REQUEST_SECONDS
            )
            async with response:
                content = await _read(response, most)
        except (aiohttp.ClientError, OSError) as error:
            raise MatrixError(NO_ANSWER, "", type(error).__name__) from error
        if response.status != HTTPStatus.OK:
            decoded(response.status, response.headers, content)
        return content

    async def _uploaded(self, name: str, media_type: str, content: bytes) -> Any:
        # The client sets no time limit of its own here.
        async with asyncio.timeout(_UPLOAD_SECONDS):
            answer, _ = await self.client.upload(
                BytesIO(content), content_type=media_type, filename=name, filesize=len(content)
            )
        return answer

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.client.access_token}"}


def decoded(status: int, headers: Mapping[str, str], content: bytes) -> Json:
    """The JSON object of an answer; raises MatrixError if it is an error or no such object."""
    told = _object(content)
    if status != HTTPStatus.OK or told is None:
        told = told or {}
        raise MatrixError(
            status,
            _string(told.get("errcode")),
            _string(told.get("error")) or "not an answer of Matrix",
            _wait(told.get("retry_after_ms"), headers),
        )
    return told


def _object(content: bytes) -> Json | None:
    """A JSON object; None if the bytes are something else."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _check_is_of_matrix(transport: Any) -> None:
    """Where nio expects an empty answer, it takes a proxy's page for one. Raises MatrixError."""
    if transport is not None and transport.content_type != "application/json":
        raise MatrixError(transport.status, "", "not an answer of Matrix")


def _of_nio(response: Any) -> MatrixError:
    transport = response.transport_response
    status = transport.status if transport is not None else NO_ANSWER
    headers = transport.headers if transport is not None else {}
    after = _wait(response.retry_after_ms, headers)
    code = response.status_code
    return MatrixError(status, _string(code), _string(response.message), after)


def _wait(milliseconds: object, headers: Mapping[str, str]) -> timedelta | None:
    """How long to wait: ``retry_after_ms`` of older servers, or the Retry-After header."""
    if isinstance(milliseconds, int | float) and 0 <= milliseconds <= 86_400_000:
        return timedelta(milliseconds=milliseconds)
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 6 else None


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _url(base: str, path: Sequence[str], query: Mapping[str, str] | None) -> str:
    quoted = "/".join(quote(part, safe="") for part in path)
    return f"{base}/{quoted}" + (f"?{urlencode(query)}" if query else "")


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    kept = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        kept += chunk
        if len(kept) > most:
            raise TooLarge
    return bytes(kept)
