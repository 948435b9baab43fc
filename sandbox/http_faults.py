"""A web proxy between the bot and its homeserver that does what bad networks and bad proxies do.

It cuts a request before or after the homeserver took it, cuts answers short, answers in the
homeserver's place, asks to wait, and is slow. What it did is counted, by kind and by what was
asked for. The moments are drawn; ``rate`` is the share of requests that go wrong.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

from sandbox.ports import LOOPBACK


class Fault(StrEnum):
    """What can go wrong with one request; the value is how the report names it."""

    CUT_BEFORE = "cut before it was taken"
    CUT_AFTER = "cut after it was taken"
    CUT_SHORT = "cut in the middle of the answer"
    SHORTENED = "half an answer that looks whole"
    BAD_GATEWAY = "502 in HTML, not taken"
    GATEWAY_TIMEOUT = "504 in HTML, taken"
    LIMITED = "429 with a wait"
    LIMITED_BY_PROXY = "429 in HTML"
    INTERNAL = "500 of the homeserver"
    PAGE = "200 in HTML, not taken"
    SLOW = "slow"


TAKEN = frozenset({Fault.CUT_AFTER, Fault.CUT_SHORT, Fault.SHORTENED, Fault.GATEWAY_TIMEOUT})
"""After which the homeserver has done what was asked, and the bot does not know."""
LONGEST_SECONDS = 1.5
"""How long a slow answer takes at most, and how long a limit asks to wait at most."""
_HTML = "<html><body><h1>{}</h1></body></html>"
_KEPT_HEADERS = ("Content-Type", "Content-Disposition")
_PARTS = {
    "sync": r"/sync$",
    "send": r"/rooms/[^/]+/send/",
    "messages": r"/rooms/[^/]+/messages$",
    "upload": r"/media/v3/upload$|/media/v1/create$",
    "download": r"/media/download/",
    "keys": r"/keys/|/sendToDevice/",
    "login": r"/login$|/account/whoami$",
}
_ROOM = re.compile(r"/rooms/(?P<room>[^/]+)/send/")


def part_of(path: str) -> str:
    """What a path asks for, in a word."""
    return next((name for name, shape in _PARTS.items() if re.search(shape, path)), "rooms")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, of the homeserver or made up."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class HttpFaults:
    """`async with HttpFaults(url, seed=1) as proxy`: what is asked at `proxy.url` reaches `url`.

    ``rate`` and ``kinds`` may change at any time. While ``locked_out`` is true, every login is
    refused with 401. A room in ``limited`` takes nothing: 429. ``hold`` keeps /sync waiting.
    """

    def __init__(self, url: str, *, seed: int, rate: float = 0.0) -> None:
        self.url = ""
        self.rate = rate
        self.kinds: Sequence[Fault] = tuple(Fault)
        self.locked_out = False
        self.limited: set[str] = set()
        self.faults: Counter[tuple[Fault, str]] = Counter()
        self.asked: Counter[str] = Counter()
        self._behind = url
        self._chance = random.Random(seed)
        self._open = asyncio.Event()
        self._open.set()
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        # Every request connects anew: a kept connection that turns out dead is tried twice, and
        # half of what the homeserver took would be hidden from the bot's own care.
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        self._http = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        self._runner = web.ServerRunner(web.Server(self._serve), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        self.url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
        await self._runner.cleanup()
        await self._http.close()

    @property
    def count(self) -> int:
        """How many requests went wrong."""
        return self.faults.total()

    def hold(self) -> None:
        """From now on /sync waits, so that what is said piles up."""
        self._open.clear()

    def release(self) -> None:
        """Let /sync go on."""
        self._open.set()

    async def happened(self, times: int) -> None:
        """Wait until so many requests went wrong."""
        async with self._news:
            await self._news.wait_for(lambda: self.count >= times)

    # -- one request ----------------------------------------------------------------------------

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        part, body = part_of(request.path), await request.read()
        self.asked[part] += 1
        if part == "sync":
            await self._open.wait()
        refused = self._refused(request)
        if refused is not None:
            return _made(refused)
        fault = self._drawn()
        if fault is None:
            return _made(await self._forwarded(request, body))
        async with self._news:
            self.faults[fault, part] += 1
            self._news.notify_all()
        return await self._gone_wrong(fault, request, body)

    def _refused(self, request: web.BaseRequest) -> Answer | None:
        if self.locked_out:
            return _error(401, "M_UNKNOWN_TOKEN")
        match = _ROOM.search(request.path)
        if match and match["room"] in self.limited:
            return _error(429, "M_LIMIT_EXCEEDED", retry_after_ms=200)
        return None

    def _drawn(self) -> Fault | None:
        return self._chance.choice(self.kinds) if self._chance.random() < self.rate else None

    async def _gone_wrong(
        self, fault: Fault, request: web.BaseRequest, body: bytes
    ) -> web.StreamResponse:
        if fault is Fault.SLOW:
            await asyncio.sleep(self._chance.uniform(0.1, LONGEST_SECONDS))
            return _made(await self._forwarded(request, body))
        told = await self._forwarded(request, body) if fault in TAKEN else None
        if fault in {Fault.CUT_BEFORE, Fault.CUT_AFTER}:
            return _cut(request)
        if told is not None and fault is Fault.CUT_SHORT:
            return await _begun(request, told)
        if told is not None and fault is Fault.SHORTENED:
            return _made(Answer(told.status, told.body[: len(told.body) // 2], told.headers))
        return _made(self._invented(fault))

    def _invented(self, fault: Fault) -> Answer:
        """What is answered in the homeserver's place."""
        match fault:
            case Fault.LIMITED:
                milliseconds = int(1000 * self._chance.uniform(0.05, LONGEST_SECONDS))
                return _error(429, "M_LIMIT_EXCEEDED", retry_after_ms=milliseconds)
            case Fault.LIMITED_BY_PROXY:
                return _page(429, {"Retry-After": "1"})
            case Fault.INTERNAL:
                return _error(500, "M_UNKNOWN")
            case Fault.PAGE:
                return _page(200)
            case Fault.GATEWAY_TIMEOUT:
                return _page(504)
            case _:
                return _page(502)

    async def _forwarded(self, request: web.BaseRequest, body: bytes) -> Answer:
        url = URL(self._behind + request.raw_path, encoded=True)
        names = ("Authorization", "Content-Type")
        headers = {name: request.headers[name] for name in names if name in request.headers}
        try:
            async with self._http.request(
                request.method, url, data=body, headers=headers
            ) as response:
                kept = {n: response.headers[n] for n in _KEPT_HEADERS if n in response.headers}
                return Answer(response.status, await response.read(), kept)
        except aiohttp.ClientError:
            # The homeserver is away: what a proxy says then.
            return _page(502)


def _made(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _error(status: int, code: str, **more: object) -> Answer:
    body = json.dumps({"errcode": code, "error": "as the test wants it", **more})
    return Answer(status, body.encode(), {"Content-Type": "application/json"})


def _page(status: int, headers: Mapping[str, str] | None = None) -> Answer:
    body = _HTML.format(status).encode()
    return Answer(status, body, {"Content-Type": "text/html", **(headers or {})})


def _cut(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _begun(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """The head and half of the body; then the connection is cut."""
    length = {"Content-Length": str(len(answer.body))}
    begun = web.StreamResponse(status=answer.status, headers={**answer.headers, **length})
    await begun.prepare(request)
    await begun.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return begun
