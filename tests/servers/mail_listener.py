"""What the tests of the mail channel share: somebody who listens, and something to send."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.channel import Batch, Delivery
from bot.mail.channel import MailChannel
from handlers.reply import Message, reply
from handlers.request import Incoming
from handlers.wording import verbatim

PATIENCE = 20.0


class Listener:
    """Reads a channel in a task of its own, as the receiver does."""

    def __init__(self, channel: MailChannel, cursor: str | None = None) -> None:
        self.requests: list[Incoming] = []
        self.batches: list[Batch] = []
        self._channel = channel
        self._cursor = cursor
        self._came = asyncio.Condition()

    async def __aenter__(self) -> Listener:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        async for batch in self._channel.batches(self._cursor):
            await self._channel.committed(batch)
            async with self._came:
                self.requests += batch.requests
                self.batches.append(batch)
                self._came.notify_all()

    async def until(self, count: int, patience: float = PATIENCE) -> list[Incoming]:
        """What came, once it is so many."""
        async with asyncio.timeout(patience), self._came:
            await self._came.wait_for(lambda: len(self.requests) >= count)
        return self.requests


def delivery(channel: MailChannel, key: str, to: str, **changes: Any) -> Delivery:
    """A short answer to somebody, as the outbox hands it over."""
    words = reply(verbatim("Bien reçu."), title=verbatim("Votre demande"))
    (rendered,) = channel.renderer.render(Message(key, to, "fr", words, tag="jeton"))
    made = Delivery(
        id=1,
        key=key,
        destination=to,
        payload=rendered.payload,
        external_id=rendered.external_id,
        follows=None,
        unclear=False,
        age=timedelta(0),
    )
    return replace(made, **changes)
