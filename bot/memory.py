"""A channel without a network, for tests: what is put in comes in, what goes out can be looked at.

It keeps the promises of :class:`bot.channel.Channel`, and can break them on request.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta

from bot.channel import Batch, Delivery, DeliveryError
from handlers.reply import Message, Rendered
from handlers.request import Incoming
from handlers.wording import Text, plain


class MemoryRenderer:
    """Renders a message as the plain text of its title."""

    greets = False

    def render(self, message: Message) -> list[Rendered]:
        """One unit with the title's words and the files' ids."""
        title = plain(message.reply.title, message.language) if message.reply.title else ""
        return [Rendered({"text": title, "files": [file.id for file in message.files]})]

    def admit(self, place: str, address: str) -> list[Rendered]:
        """One unit that says who is let in where."""
        return [Rendered({"admit": address, "place": place})]

    def dismiss(self, place: str, address: str) -> list[Rendered]:
        """One unit that says who is put out of where."""
        return [Rendered({"dismiss": address, "place": place})]

    def accept(self, conversation: str) -> list[Rendered]:
        """One unit that says which invitation is followed."""
        return [Rendered({"accept": conversation})]

    def retract(self, payload: Mapping[str, object]) -> list[Rendered]:
        """One unit that says what is taken back."""
        return [Rendered({"retract": payload.get("text", "")})]

    def amend(self, payload: Mapping[str, object], message: Message) -> list[Rendered]:
        """One unit that says what is said instead."""
        del payload
        return [Rendered({"amended": unit.payload["text"]}) for unit in self.render(message)]

    def pin(self, payload: Mapping[str, object], *, on: bool) -> list[Rendered]:
        """One unit that says what is pinned, or no longer."""
        return [Rendered({"pinned" if on else "unpinned": payload.get("text", "")})]

    def close(self, payload: Mapping[str, object], words: Text, language: str) -> list[Rendered]:
        """Nothing: a memory has no polls."""
        del payload, words, language
        return []


class MemoryChannel:
    """Keeps everything in lists; ``fault`` may raise, or wait, before a delivery counts as sent."""

    is_tied: bool | None = False

    def __init__(self, name: str = "memory", grace: timedelta = timedelta(0)) -> None:
        self.name = name
        self.grace = grace
        self.renderer = MemoryRenderer()
        self.asked: list[Delivery] = []
        self.sent: list[Delivery] = []
        self.done: list[Batch] = []
        self.fault: Callable[[Delivery], DeliveryError | None] = lambda _delivery: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.news = asyncio.Condition()
        self._batches: asyncio.Queue[Batch] = asyncio.Queue()

    def put(self, requests: Sequence[Incoming], cursor: str) -> None:
        """Let a batch come in."""
        self._batches.put_nowait(Batch(requests, cursor))

    async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        """What was put in, in order; a memory has no past before ``cursor``."""
        del cursor
        while True:
            yield await self._batches.get()

    def working(self, batch: Batch) -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - the Protocol's
        """Nobody can be shown anything meanwhile."""
        return nullcontext()

    async def committed(self, batch: Batch) -> None:
        """Note that a batch is committed."""
        async with self.news:
            self.done.append(batch)
            self.news.notify_all()

    async def send(self, delivery: Delivery) -> str:
        """Send by remembering. Raises what ``fault`` gives."""
        async with self.news:
            self.asked.append(delivery)
            self.news.notify_all()
        await self.gate.wait()
        error = self.fault(delivery)
        if error is not None:
            raise error
        async with self.news:
            self.sent.append(delivery)
            self.news.notify_all()
        return f"memory:{delivery.key}"

    async def close(self) -> None:
        """Nothing is open."""
