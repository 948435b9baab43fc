"""Not pressing one domain of recipients: few mails at once, and a rest where it asks for one."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channel import TryLater

FIRST_REST = 30.0
"""Seconds of rest once a domain put off a second mail in a row; doubled by each that follows. One
alone may be about its recipient only (a greylist, a full mailbox).
"""
LONGEST_REST = 900.0


class PutOff(TryLater):
    """The server of a recipient asks to come again later (RFC 5321, section 4.2.1: 4yz)."""


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class _Domain:
    slots: asyncio.Semaphore
    in_a_row: int = 0
    rest: float = 0.0
    until: float = field(default=float("-inf"))


class Politeness:
    """At most ``at_once`` mails for a domain at the same time; ``now`` counts seconds."""

    def __init__(self, at_once: int, now: Callable[[], float] = _loop_time) -> None:
        self._now = now
        self._domains: defaultdict[str, _Domain] = defaultdict(
            lambda: _Domain(asyncio.Semaphore(at_once))
        )

    @asynccontextmanager
    async def turn(self, domain: str) -> AsyncIterator[None]:
        """Hold a turn while a mail is handed over. Raises TryLater while the domain rests."""
        state = self._domains[domain]
        async with state.slots:
            left = state.until - self._now()
            if left > 0:
                raise TryLater("this domain rests", timedelta(seconds=left), tried=False)
            try:
                yield
            except PutOff:
                self._put_off(state)
                raise
            state.in_a_row, state.rest = 0, 0.0

    def _put_off(self, state: _Domain) -> None:
        state.in_a_row += 1
        if state.in_a_row > 1:
            state.rest = min(max(FIRST_REST, 2 * state.rest), LONGEST_REST)
            state.until = self._now() + state.rest
