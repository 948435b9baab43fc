"""A real Chromium without a window, told what to do over its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

PATH = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
_LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
_SECONDS = 60


class Page:
    """One tab."""

    def __init__(self, socket: ClientWebSocketResponse, session: str) -> None:
        self._socket = socket
        self._session = session
        self._ids = count(1)
        self._loads = 0

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command; what it gives. Raises RuntimeError if the browser refuses it."""
        number = next(self._ids)
        await self._socket.send_json(
            {"id": number, "method": method, "params": parameters, "sessionId": self._session}
        )
        while True:
            said = await self._said()
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']}")
                found: dict[str, Any] = said["result"]
                return found

    async def _loaded(self, method: str, **parameters: Any) -> None:
        """A command that leads to a page, which then is loaded whole."""
        self._loads = 0
        await self.ask(method, **parameters)
        while not self._loads:
            await self._said()

    async def _said(self) -> dict[str, Any]:
        """What the browser says next of this tab."""
        while True:
            said: dict[str, Any] = await self._socket.receive_json(timeout=_SECONDS)
            if said.get("sessionId") == self._session:
                self._loads += said.get("method") == "Page.loadEventFired"
                return said

    async def show(self, html: str, *, width: int, dark: bool) -> None:
        """Lay a document out on a screen of some width, in light or dark colours."""
        await self._screen(width, dark=dark)
        tree = await self.ask("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        await self.ask("Page.setDocumentContent", frameId=frame, html=html)

    async def open(self, url: str, *, width: int, dark: bool) -> None:
        """The same for the page at an address, pictures included."""
        await self._screen(width, dark=dark)
        await self._loaded("Page.navigate", url=url)

    async def follow(self, script: str) -> None:
        """Do something that leads to another page, and wait until that is there."""
        await self._loaded("Runtime.evaluate", expression=script)

    async def _screen(self, width: int, *, dark: bool) -> None:
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=800, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])

    async def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"]))
        return found["result"].get("value")

    async def picture(self) -> bytes:
        """The whole page as PNG."""
        found = await self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(found["data"])


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Page]:
    """A browser with one tab; its profile is kept in a folder of its own."""
    _require()
    process = await asyncio.create_subprocess_exec(
        str(PATH), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
        f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_SECONDS):
            address = await _address(process)
        async with (
            ClientSession() as session,
            session.ws_connect(address, max_msg_size=0) as socket,
        ):
            yield await _tab(socket)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def _require() -> None:
    if not PATH.exists():
        raise AssertionError(
            f"There is no Chromium at {PATH}: install Debian's package « chromium », or name"
            " another one in the variable CHROMIUM."
        )


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        found = _LISTENING.search(line)
        if found:
            return found[1].decode()
    raise AssertionError("Chromium ended before it could be spoken to")


async def _tab(socket: ClientWebSocketResponse) -> Page:
    await socket.send_json(
        {"id": 0, "method": "Target.createTarget", "params": {"url": "about:blank"}}
    )
    target = await _result(socket, 0)
    attach = {"targetId": target["targetId"], "flatten": True}
    await socket.send_json({"id": -1, "method": "Target.attachToTarget", "params": attach})
    page = Page(socket, (await _result(socket, -1))["sessionId"])
    await page.ask("Page.enable")
    return page


async def _result(socket: ClientWebSocketResponse, number: int) -> dict[str, Any]:
    while True:
        said: dict[str, Any] = await socket.receive_json(timeout=_SECONDS)
        if said.get("id") == number:
            found: dict[str, Any] = said["result"]
            return found
