"""What a channel is, whichever it is: requests come in with their cursor, deliveries go out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from handlers.reply import Renderer
from handlers.request import Failure, Incoming


@dataclass(frozen=True, slots=True)
class Batch:
    """What came in together, and where to go on reading once it is committed."""

    requests: Sequence[Incoming]
    cursor: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send, read from the database."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """One unit to send: a row of the outbox, with its files.

    ``key`` never changes between attempts. ``follows`` is the external id under which the message
    that it continues was sent. ``unclear`` means that an earlier attempt may have succeeded.
    ``age`` is the time since the first attempt.
    """

    id: int
    key: str
    destination: str
    payload: dict[str, Any]
    external_id: str | None
    follows: str | None
    unclear: bool
    age: timedelta
    files: Sequence[Attachment] = ()


class DeliveryError(Exception):
    """A delivery that did not succeed; the base of the three ways it can fail."""


class TryLater(DeliveryError):
    """Certainly not sent: the server is away, busy, or asks to wait ``after`` (if it said so).

    Not ``tried`` if the server was not even asked: that counts as no attempt.
    """

    def __init__(self, reason: str, after: timedelta | None = None, *, tried: bool = True) -> None:
        super().__init__(reason)
        self.after = after
        self.tried = tried


class Unclear(DeliveryError):
    """Perhaps sent: the connection broke after the message was handed over."""


class Refused(DeliveryError):
    """Certainly not sent, and never will be: the server refuses this message or address.

    ``failure`` says what it finds wrong with the address, if that is why.
    """

    def __init__(self, reason: str, failure: Failure | None = None) -> None:
        super().__init__(reason)
        self.failure = failure


class Unfit(Exception):
    """This process cannot read a channel, and another one perhaps can; a person was told why."""


class Channel(Protocol):
    """A way in and a way out."""

    @property
    def name(self) -> str:
        """The channel's name, as rows bear it."""
        ...

    @property
    def renderer(self) -> Renderer:
        """What turns neutral messages into this channel's payloads."""
        ...

    @property
    def grace(self) -> timedelta:
        """How long an unclear delivery rests before it is looked for."""
        ...

    @property
    def is_tied(self) -> bool | None:
        """Whether no other process can read it, as its keys lie here; None if not known yet."""
        ...

    def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        """What comes in after a cursor, for ever; reconnects by itself, with back-off.

        Raises Unfit where what is needed is not there.
        """
        ...

    def working(self, batch: Batch) -> AbstractAsyncContextManager[None]:
        """Entered while a batch is worked on: the place to show people that it takes a while."""
        ...

    async def committed(self, batch: Batch) -> None:
        """Told after the batch is committed: the moment for flags and folders on the server."""
        ...

    async def send(self, delivery: Delivery) -> str:
        """Send one unit; gives its external id. Raises one of the DeliveryErrors.

        An unclear delivery is looked for first, and not sent again if it is found.
        """
        ...

    async def close(self) -> None:
        """Give back every connection."""
        ...
