"""How long to wait after the homeserver failed, and how loudly to say so."""

from __future__ import annotations

from http import HTTPStatus
from secrets import SystemRandom

import structlog

from bot.matrix.transport import KeyStoreError, MatrixError

log = structlog.get_logger()

_LEAST_SECONDS = 0.1
_FIRST_SECONDS = 1.0
_MOST_SECONDS = 60.0
_random = SystemRandom()


class Lockout:
    """What only a person can mend is told once, whoever meets it: reading, sending, opening."""

    def __init__(self) -> None:
        self._told = False

    def tell(self, words: str, **facts: object) -> None:
        """Say it as an error, unless it was said since the last success."""
        if not self._told:
            self._told = True
            log.error(words, **facts)

    def ended(self) -> None:
        """It works again."""
        self._told = False


class Patience:
    """Exponential back-off with jitter, up to a minute; starts over after a success.

    What the homeserver asks for comes first. A refused login, or a store of keys that cannot be
    used, is told once, as an error, and tried again slowly: only a person can mend it.
    """

    def __init__(
        self,
        first: float = _FIRST_SECONDS,
        most: float = _MOST_SECONDS,
        lockout: Lockout | None = None,
    ) -> None:
        self.failures = 0
        self._first = first
        self._most = most
        self._lockout = lockout or Lockout()

    def succeeded(self) -> None:
        """Forget past failures."""
        self.failures = 0
        self._lockout.ended()

    def after(self, error: MatrixError, doing: str) -> float:
        """Note a failure; gives the seconds to wait before the next attempt."""
        seconds = self._seconds(error)
        self.failures += 1
        self._tell(error, doing, seconds)
        return seconds

    def _seconds(self, error: MatrixError) -> float:
        if error.after is not None:
            return max(_LEAST_SECONDS, error.after.total_seconds())
        if error.status == HTTPStatus.UNAUTHORIZED or isinstance(error, KeyStoreError):
            return self._most
        ceiling = min(self._most, self._first * 2 ** min(self.failures, 30))
        return _random.uniform(ceiling / 2, ceiling)

    def _tell(self, error: MatrixError, doing: str, seconds: float) -> None:
        facts = {"status": error.status, "errcode": error.errcode, "again_in": round(seconds, 1)}
        if isinstance(error, KeyStoreError):
            self._lockout.tell(f"matrix: {error.reason}", doing=doing)
        elif error.status != HTTPStatus.UNAUTHORIZED:
            log.warning("matrix: the homeserver does not do it", doing=doing, **facts)
        else:
            self._lockout.tell(
                "matrix: the homeserver refuses our login; give a valid access token or password,"
                " and remove matrix-session.json to log in anew",
                doing=doing,
                **facts,
            )
