"""A TCP proxy between the bot and a server, for what networks do: silence, cuts, slowness."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from sandbox.ports import LOOPBACK

_CHUNK = 4_096


class _Pair:
    """One connection of a client, and the one to the server behind it."""

    def __init__(self, proxy: FaultProxy, ends: tuple[asyncio.StreamWriter, ...]) -> None:
        self.frozen = False
        self.left = proxy.cut_after
        self._proxy = proxy
        self._ends = ends

    async def pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on what comes, until an end."""
        while data := await source.read(_CHUNK):
            await asyncio.sleep(self._proxy.delay_seconds)
            if self.frozen:
                # As a router that forgot the connection: nobody is told anything.
                continue
            if self.left is not None:
                data, self.left = data[: self.left], self.left - len(data)
            target.write(data)
            await target.drain()
            if self.left is not None and self.left <= 0:
                self.cut()
                return

    def cut(self) -> None:
        """End both connections without a word."""
        for end in self._ends:
            end.transport.abort()


class FaultProxy:
    """`async with FaultProxy(port) as proxy`: what connects to `proxy.port` reaches the server.

    `cut_after`: new connections are cut after so many bytes, counted in both directions (None:
    never). `delay_seconds`: how long every piece takes, in each direction.
    """

    def __init__(self, server_port: int) -> None:
        self.cut_after: int | None = None
        self.delay_seconds = 0.0
        self.connections = 0
        self.port = 0
        self._server_port = server_port
        self._came = asyncio.Condition()
        self._pairs: set[_Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        self.cut()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def connected(self, times: int) -> None:
        """Wait until so many connections were made."""
        async with self._came:
            await self._came.wait_for(lambda: self.connections >= times)

    def freeze(self) -> None:
        """From now on, what is connected hears nothing more; new connections work."""
        for pair in self._pairs:
            pair.frozen = True

    def cut(self) -> None:
        """Cut what is connected; new connections work."""
        for pair in self._pairs:
            pair.cut()

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio keeps no strong reference to a task, and reports what a handler raises.
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Also for a task that is cancelled before it begins.
        task.add_done_callback(lambda _task: writer.close())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._came:
            self.connections += 1
            self._came.notify_all()
        try:
            server = await asyncio.open_connection(LOOPBACK, self._server_port)
        except OSError:
            return
        pair = _Pair(self, (writer, server[1]))
        self._pairs.add(pair)
        ways = [pair.pump(reader, server[1]), pair.pump(server[0], writer)]
        running = [asyncio.ensure_future(way) for way in ways]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._pairs.discard(pair)
            server[1].close()
            for one in running:
                one.cancel()
            await asyncio.gather(*running, return_exceptions=True)
