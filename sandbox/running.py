"""What is started before a test or a demonstration, and stopped after it whatever happens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Running(ABC):
    """A server, a bot or a user that runs within an ``async with`` block."""

    @abstractmethod
    async def start(self) -> None:
        """Start, and return when it can be used."""

    @abstractmethod
    async def stop(self) -> object:
        """Stop; nothing of what `start` started is left."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
