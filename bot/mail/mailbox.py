"""What the channel does in its mailbox: read on from a position, and tidy up behind it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self, TypeVar

import structlog

from bot.mail.access_tokens import AccessTokens
from bot.mail.imap import (
    ConnectionLostError,
    DeniedError,
    ImapConnection,
    StalledError,
)
from bot.mail.imap_words import Fetched
from config.settings import Mail

MOST_MAILS = 50
MOST_BYTES = 20_000_000
_TRIES = 4
_log = structlog.get_logger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where a mailbox has been read: the cursor « uidvalidity:uid »."""

    uidvalidity: int = 0
    uid: int = 0

    def __str__(self) -> str:
        return f"{self.uidvalidity}:{self.uid}"

    @classmethod
    def parse(cls, cursor: str | None) -> Self:
        """From a cursor; the beginning without one. Raises ValueError for anything else."""
        if cursor is None:
            return cls()
        uidvalidity, _, uid = cursor.partition(":")
        return cls(int(uidvalidity), int(uid))

    def is_before(self, end: Position) -> bool:
        """Whether what lies here is read up to ``end``; all of a former mailbox is."""
        return self.uidvalidity != end.uidvalidity or self.uid <= end.uid

    def within(self, uidvalidity: int) -> Position:
        """The position in the mailbox as it is now: its beginning if it was made anew.

        All of it is then read again; the ids of the mails tell which are known (RFC 3501, 2.3.1.1).
        """
        return self if self.uidvalidity == uidvalidity else Position(uidvalidity, 0)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it lies in the mailbox: whole, only its header, or (None) out of reach."""

    uid: int
    content: bytes | None
    whole: bool = True


@dataclass(slots=True)
class MailboxReader:
    """Reads a mailbox from a position on, over one connection."""

    connection: ImapConnection
    settings: Mail
    position: Position
    trouble: Trouble
    _waiting: list[int] = field(default_factory=list)

    async def start(self) -> None:
        """Open the mailbox."""
        uidvalidity = await self.connection.select(self.settings.imap.mailbox)
        self.position = self.position.within(uidvalidity)

    async def next(self) -> list[Letter]:
        """The next mails in order, at least one; waits until there are some."""
        while True:
            if not self._waiting:
                await self._look()
            letters = await self._take() if self._waiting else []
            if letters:
                return letters

    async def _look(self) -> None:
        self.connection.forget_news()
        self._waiting = await self.connection.uids_after(self.position.uid)
        if not self._waiting:
            await self.connection.wait_for_news()

    async def _take(self) -> list[Letter]:
        """The first of the waiting mails; moves the position past them."""
        uids = self._waiting[: self.trouble.allowed(self._waiting[0])]
        try:
            sizes = await self.connection.sizes(uids)
            taken = _within_bounds(uids, sizes, self.settings.max_bytes)
            letters = await self._letters(taken, sizes)
        except (DeniedError, StalledError) as error:
            if self.trouble.note(uids[0]):
                raise
            _log.error("mail.out_of_reach", uid=uids[0], reason=str(error))
            taken, letters = uids[:1], [Letter(uids[0], None)]
        self._waiting = self._waiting[len(taken) :]
        self.position = Position(self.position.uidvalidity, taken[-1])
        return letters

    async def _letters(self, uids: Sequence[int], sizes: dict[int, int]) -> list[Letter]:
        # A mail without a size was removed by somebody since the search.
        large = [uid for uid in uids if sizes.get(uid, 0) > self.settings.max_bytes]
        small = [uid for uid in uids if uid in sizes and uid not in large]
        heads = await self.connection.fetch_headers(large) if large else []
        expected = sum(sizes[uid] for uid in small)
        mails = await self.connection.fetch(small, expected) if small else []
        letters = [_letter(mail, whole=True) for mail in mails]
        letters += [_letter(head, whole=False) for head in heads]
        return sorted(letters, key=lambda letter: letter.uid)


def _letter(mail: Fetched, whole: bool) -> Letter:
    return Letter(mail.uid, mail.content, whole)


def _within_bounds(uids: Sequence[int], sizes: dict[int, int], largest: int) -> list[int]:
    """The first mails that fit in one batch; always at least one."""
    taken: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        total += 0 if size > largest else size
        if taken and total > MOST_BYTES:
            break
        taken.append(uid)
    return taken


@dataclass(slots=True)
class Trouble:
    """Narrows down which mail makes the server or the library fail, across connections.

    Each failure at the same place asks for fewer mails; one that fails alone again and again is
    passed over, so that it does not stop all those after it.
    """

    _uid: int = 0
    _failures: int = 0

    def allowed(self, uid: int) -> int:
        """How many mails to ask for from this one on."""
        failures = self._failures if uid == self._uid else 0
        return max(1, MOST_MAILS >> (3 * failures))

    def note(self, uid: int) -> bool:
        """Note a failure; says whether it is worth another try."""
        self._failures = self._failures + 1 if uid == self._uid else 1
        self._uid = uid
        return self._failures < _TRIES


class MailboxKeeper:
    """Flags, moves and looks for mails over a connection of its own, beside the reader's.

    The reader may lie in IDLE; and a search here sees what arrived since.
    """

    def __init__(
        self,
        settings: Mail,
        context: ssl.SSLContext | None = None,
        tokens: AccessTokens | None = None,
    ) -> None:
        self._settings = settings
        self._context = context
        self._tokens = tokens
        self._connection: ImapConnection | None = None
        self._lock = asyncio.Lock()

    async def tidy(
        self, position: Position, is_copy: Callable[[bytes], bool], unreadable: Collection[int] = ()
    ) -> None:
        """Mark as seen everything up to a position, put our own copies in their mailbox, and what
        was found ``unreadable`` in quarantine.

        What a killed run left unseen is done along with it, but for the quarantine: what could not
        be read then is only marked as seen. Raises ImapError.
        """

        async def work(connection: ImapConnection) -> None:
            if await connection.select(self._settings.imap.mailbox) != position.uidvalidity:
                return
            unseen = await connection.search("UID", f"1:{position.uid}", "UNSEEN")
            heads = await connection.fetch_headers(unseen) if unseen else []
            copies = [head.uid for head in heads if is_copy(head.content)]
            await connection.flag(copies, "\\Seen")
            await _file(connection, copies, self._settings.sent_mailbox)
            await connection.flag([uid for uid in unseen if uid not in set(copies)], "\\Seen")
            await _file(connection, sorted(unreadable), self._settings.quarantine_mailbox)

        await self._with_connection(work)

    async def holds(self, message_id: str) -> bool:
        """Whether the inbox or the mailbox of sent mail holds this Message-ID.

        In this order: a copy is moved from the first to the second. Raises ImapError.
        """

        async def work(connection: ImapConnection) -> bool:
            for mailbox in (self._settings.imap.mailbox, self._settings.sent_mailbox):
                # Without a mailbox of sent mail, nothing was ever moved to it.
                with suppress(DeniedError):
                    await connection.select(mailbox)
                    if await connection.find_message_id(message_id):
                        return True
            return False

        return await self._with_connection(work)

    async def close(self) -> None:
        """Log out."""
        async with self._lock:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None

    async def _with_connection(self, work: Callable[[ImapConnection], Awaitable[_T]]) -> _T:
        """Do the work over the open connection, or over a new one if that has gone meanwhile."""
        async with self._lock:
            if self._connection is not None and self._connection.is_open:
                try:
                    return await work(self._connection)
                except ConnectionLostError:
                    # A connection that lay idle is often found closed.
                    await self._connection.close()
            self._connection = ImapConnection(self._settings.imap, self._context, self._tokens)
            await self._connection.open()
            return await work(self._connection)


async def _file(connection: ImapConnection, uids: Sequence[int], mailbox: str) -> None:
    if not uids:
        return
    try:
        await connection.move(uids, mailbox)
    except DeniedError:
        # TRYCREATE: the mailbox is missing. If it is something else, the second move says so.
        with suppress(DeniedError):
            await connection.create(mailbox)
        await connection.move(uids, mailbox)
