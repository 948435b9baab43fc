"""Files that people send: fetched from the homeserver until they are whole, or given up."""

from __future__ import annotations

from http import HTTPStatus

from bot.matrix.attachments import unlocked
from bot.matrix.events import Media, Reading
from bot.matrix.patience import Patience, Persistence
from bot.matrix.transport import Connection, MatrixError, Pause, TooLarge
from handlers.request import Incoming, Kind

MOST_FILE_BYTES = 25 * 1024 * 1024
ATTEMPTS = 5
"""How often a file is asked for while the homeserver is there."""


class Fetcher:
    """Makes requests whole. A homeserver that is away costs no attempt; one file's trouble does."""

    def __init__(self, connection: Connection, persistence: Persistence, pause: Pause) -> None:
        self._connection = connection
        self._persistence = persistence
        self._pause = pause

    async def whole(self, reading: Reading) -> Incoming:
        """The request with its file; unreadable if that is too large, or cannot be had."""
        if reading.media is None or reading.incoming.kind is Kind.UNREADABLE:
            return reading.incoming
        content = await self._fetched(reading.media)
        return reading.without_file() if content is None else reading.with_file(content)

    async def _fetched(self, media: Media) -> bytes | None:
        patience, former = Patience(), b""
        for _ in range(ATTEMPTS):
            try:
                content = await self._connection.download(media.mxc, MOST_FILE_BYTES)
            except TooLarge:
                return None
            except MatrixError as told:
                if told.is_final:
                    return None
                error = told
            else:
                # What is not what was sent may be a proxy's; twice the same, it is what is stored.
                if content == former or _is_whole(content, media):
                    return _opened(content, media)
                former = content
                error = MatrixError(HTTPStatus.OK, "", "not the file that was sent")
            await self._pause(patience.after(error, "fetching a file"))
            await self._persistence.do("fetching a file", self._connection.whoami)
        return None


def _opened(content: bytes, media: Media) -> bytes | None:
    return content if media.lock is None else unlocked(content, media.lock)


def _is_whole(content: bytes, media: Media) -> bool:
    """Whether a file is as it was sent, as far as its sender told."""
    if media.lock is not None:
        return _opened(content, media) is not None
    return media.size is None or media.size == len(content)
