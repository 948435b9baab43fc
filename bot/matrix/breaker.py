"""Whether it makes sense to ask the homeserver at all: a circuit breaker before all sending.

A homeserver that is away, or that refuses our login, is no message's fault: it is asked by one at
a time, ever more seldom, and meanwhile no message uses up its attempts. What it says about one
message, or one room, concerns only these.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from http import HTTPStatus

from bot.channel import DeliveryError, Refused, TryLater
from bot.matrix.patience import Lockout, Patience
from bot.matrix.transport import MatrixError

QUICK_ATTEMPTS = 5
"""How often a conversation may fail while others are served before its failures count."""


class Breaker:
    """Stands between deliveries and the homeserver."""

    def __init__(self, lockout: Lockout) -> None:
        self._patience = Patience(lockout=lockout)
        self._limits: dict[str, Patience] = {}
        self._failures: Counter[str] = Counter()
        self._rests_until = 0.0

    def check(self) -> None:
        """Raises TryLater while the homeserver rests."""
        left = self._rests_until - _time()
        if left > 0:
            raise TryLater("the homeserver is away", timedelta(seconds=left), tried=False)

    def succeeded(self, destination: str) -> None:
        """The homeserver did what was asked for a destination."""
        self._patience.succeeded()
        self._limits.pop(destination, None)
        del self._failures[destination]
        self._rests_until = 0.0

    def failed(self, destination: str, error: MatrixError) -> DeliveryError:
        """What an error means for the delivery that met it, and for the others.

        A connection that broke is not unclear: the same transaction id makes a second sending
        harmless.
        """
        if error.is_final:
            return Refused(str(error))
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._limited(destination, error)
        if error.status == HTTPStatus.UNAUTHORIZED or not error.errcode:
            return self._away(destination, error)
        return TryLater(str(error), error.after)

    def _limited(self, destination: str, error: MatrixError) -> TryLater:
        """One conversation waits as long as it is asked to; the others go on."""
        patience = self._limits.setdefault(destination, Patience())
        seconds = patience.after(error, "sending")
        return TryLater(str(error), timedelta(seconds=seconds), tried=False)

    def _away(self, destination: str, error: MatrixError) -> TryLater:
        """Nobody is asked for a while.

        Where one conversation fails and fails while others are served, it may be its message that
        a proxy does not bear: that counts, and is tried as slowly as the courier does.
        """
        self._failures[destination] += 1
        others_are_served = self._patience.failures == 0
        left = self._rests_until - _time()
        if left <= 0:
            left = self._patience.after(error, "sending")
            self._rests_until = _time() + left
        if others_are_served and self._failures[destination] > QUICK_ATTEMPTS:
            return TryLater(str(error))
        return TryLater(str(error), timedelta(seconds=left), tried=False)


def _time() -> float:
    return asyncio.get_running_loop().time()
