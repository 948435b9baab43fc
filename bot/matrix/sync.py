"""Reading what the homeserver has for us: our own loop around /sync.

nio's ``sync_forever`` is not used: it moves on before anything is committed, and asks thousands of
times a second where the homeserver fails. A timeline that the homeserver cut (``limited``) is
completed from /messages before it is handed on, so that nothing is lost after a pause.

What waited long comes in several batches. All but the last bear the cursor from before them: after
a kill in between, all is read again, and the inbox knows what it has.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import structlog

from bot.channel import Batch
from bot.matrix.attachments import unlocked
from bot.matrix.directs import Directs
from bot.matrix.encryption import Encryption
from bot.matrix.events import (
    Ourselves,
    Reading,
    Scene,
    display_names,
    is_invited_by,
    membership_of,
    read,
    read_invitation,
    since_invited,
)
from bot.matrix.patience import Patience
from bot.matrix.places import Places
from bot.matrix.polls import RESPONSES
from bot.matrix.rooms import Rooms
from bot.matrix.transport import Connection, Json, MatrixError, TooLarge
from handlers.request import Incoming, Kind

log = structlog.get_logger()

_T = TypeVar("_T")

Pause = Callable[[float], Awaitable[None]]

_TYPES = [
    "m.room.message",
    "m.room.member",
    "m.room.redaction",
    "m.reaction",
    *RESPONSES,
    "m.room.encrypted",
    "m.room.encryption",
]
_CHANGES = frozenset({"m.room.member", "m.room.encryption"})
"""After which what is known of a room is asked again."""
_TIMELINE_LIMIT = 100
_SYNC_MILLISECONDS = 30_000
_SYNC_GRACE_SECONDS = 15.0
_QUIET_SECONDS = 60.0
"""How often the cursor of batches without requests is handed on, to be kept."""
MOST_PAGES = 500
MOST_TOGETHER = 100
"""How many requests a batch holds at most: it is one transaction, and others wait meanwhile."""
MOST_FILE_BYTES = 25 * 1024 * 1024
_DOWNLOAD_ATTEMPTS = 5
_ALONE_WITH_US = 2


def timeline_filter(user: str) -> Json:
    """Which events are wanted: our own would wake the loop after each message that we send."""
    return {
        "types": _TYPES,
        "not_senders": [user],
        "limit": _TIMELINE_LIMIT,
        "lazy_load_members": True,
        "include_redundant_members": True,
    }


def sync_filter(user: str) -> Json:
    """What /sync shall tell: messages, reactions, who comes and goes; nothing else."""
    members = {
        "types": ["m.room.member"],
        "lazy_load_members": True,
        "include_redundant_members": True,
    }
    nothing: Json = {"types": []}
    return {
        "presence": nothing,
        "account_data": nothing,
        "room": {
            "ephemeral": nothing,
            "account_data": nothing,
            "state": members,
            "timeline": timeline_filter(user),
        },
    }


class Reader:
    """Turns the homeserver's answers into batches of requests, for ever."""

    def __init__(
        self,
        connection: Connection,
        rooms: Rooms,
        places: Places,
        directs: Directs,
        encryption: Encryption,
        us: Ourselves,
        invites_from: Sequence[str],
        pause: Pause,
        patience: Patience | None = None,
    ) -> None:
        self._connection = connection
        self._rooms = rooms
        self._places = places
        self._directs = directs
        self._encryption = encryption
        self._us = us
        self._invites_from = tuple(invites_from)
        self._pause = pause
        self._patience = patience or Patience()

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """What comes in after a cursor; None is the very first start, which has no past."""
        handed_on = _time()
        while True:
            since = cursor
            answer = await self._patiently("reading", partial(self._sync, since))
            # Before the next /sync, with which the homeserver forgets the keys of this one.
            self._encryption.receive(answer)
            cursor, together = str(answer["next_batch"]), list[Incoming]()
            async with aclosing(self._parts(answer, since)) as parts:
                async for part in parts:
                    if since is not None and len(together) + len(part) > MOST_TOGETHER:
                        self._encryption.save_waiting()
                        yield Batch(together, since)
                        together = []
                    together += part
            self._encryption.save_waiting()
            if together or since is None or _time() - handed_on > _QUIET_SECONDS:
                handed_on = _time()
                yield Batch(together, cursor)
            self._encryption.handled()
            await self._tend()

    async def _tend(self) -> None:
        """What our keys need; where it fails it is done after the next answer."""
        try:
            await self._encryption.tend()
        except MatrixError as error:
            log.warning("matrix: our keys could not be tended", status=error.status)

    async def _patiently(self, doing: str, act: Callable[[], Awaitable[_T]]) -> _T:
        """Do one thing until it succeeds: each by itself, so that a long way is gone once."""
        while True:
            try:
                done = await act()
            except MatrixError as error:
                await self._pause(self._patience.after(error, doing))
            else:
                self._patience.succeeded()
                return done

    async def _sync(self, since: str | None) -> Json:
        wait = 0 if since is None else _SYNC_MILLISECONDS
        query = {"timeout": str(wait), "filter": json.dumps(sync_filter(self._us.user))}
        if since is not None:
            query["since"] = since
        seconds = _SYNC_MILLISECONDS / 1000 + _SYNC_GRACE_SECONDS
        answer = await self._connection.request("GET", ["sync"], query=query, seconds=seconds)
        if not isinstance(answer.get("next_batch"), str):
            raise MatrixError(200, "", "an answer to /sync without next_batch")
        return answer

    async def _parts(self, answer: Json, since: str | None) -> AsyncGenerator[list[Incoming], None]:
        """All that one answer asks of us: invitations, then room by room in timeline order."""
        rooms = answer.get("rooms", {})
        yield self._invitations(rooms.get("invite", {}), since)
        for room in rooms.get("leave", {}):
            self._changed(room)
        joined = rooms.get("join", {})
        for room, update in joined.items():
            self._note_members(room, update)
        if since is not None:
            for room, update in joined.items():
                async for part in self._of_room(room, update, since):
                    yield part
        for room, event in self._encryption.late():
            yield await self._read(room, [event], display_names([]))

    def _invitations(self, updates: Json, since: str | None) -> list[Incoming]:
        now = datetime.now(UTC)
        found = []
        for room, update in updates.items():
            invitation = read_invitation(room, update, self._us, since or "first", now)
            if invitation is None:
                log.warning("matrix: an invitation that cannot be read", room=room)
            elif not is_invited_by(invitation, self._invites_from):
                log.warning("matrix: an invitation from a server not listed in matrix.invites_from")
            else:
                found.append(invitation)
        return found

    def _note_members(self, room: str, update: Json) -> None:
        events = _events(update, "timeline")
        moved = any(event.get("type") in _CHANGES for event in events)
        if moved or _timeline(update).get("limited"):
            self._changed(room)

    def _changed(self, room: str) -> None:
        self._encryption.changed(room)
        self._rooms.forget(room)
        self._directs.changed(room)

    # -- one room ---------------------------------------------------------------------------

    async def _of_room(self, room: str, update: Json, since: str) -> AsyncIterator[list[Incoming]]:
        entered = room in self._places.entered
        self._places.entered.discard(room)
        if entered:
            return
        told = _events(update, "state")
        async for events in self._complete(room, update, since):
            if events:
                yield await self._read(room, events, display_names([*told, *events]))

    async def _read(self, room: str, events: list[Json], names: dict[str, str]) -> list[Incoming]:
        scene = await self._scene(room, names)
        opened = [await self._opened(room, event) for event in events]
        readings = (read(event, scene, self._us) for event in opened)
        incoming = [await self._whole(reading) for reading in readings if reading]
        if scene.direct:
            for one in incoming:
                self._directs.spoke(one.sender, room)
        return incoming

    async def _opened(self, room: str, event: Json) -> Json:
        return await self._patiently(
            "opening a message", partial(self._encryption.opened, room, event)
        )

    async def _scene(self, room: str, names: dict[str, str]) -> Scene:
        now = datetime.now(UTC)
        place = self._places.place(room)
        if place is not None:
            return Scene(room, now, place=place, names=names)
        joined = await self._patiently("looking who is there", partial(self._rooms.joined, room))
        direct = self._us.user in joined and len(joined) <= _ALONE_WITH_US
        return Scene(room, now, direct=direct, names={**joined, **names})

    async def _complete(self, room: str, update: Json, since: str) -> AsyncIterator[list[Json]]:
        """A room's events since a cursor and since we were invited, oldest first, each once."""
        timeline, events = _timeline(update), _events(update, "timeline")
        start = timeline.get("prev_batch")
        seen: set[str] = set()
        if timeline.get("limited") and not self._invites_us(events) and isinstance(start, str):
            for older in await self._gap(room, start, since):
                yield since_invited(list(_unseen(_unpacked(older), seen)), self._us.user)
        yield since_invited(list(_unseen(events, seen)), self._us.user)

    def _invites_us(self, events: Sequence[Json]) -> bool:
        return any(membership_of(event, self._us.user) == "invite" for event in events)

    async def _gap(self, room: str, start: str, since: str) -> list[bytes]:
        """What a cut timeline left out: packed pages, backwards to the cursor; oldest first."""
        pages: list[bytes] = []
        for _ in range(MOST_PAGES):
            page = await self._patiently("completing", partial(self._page, room, start, since))
            if page is None:
                log.error("matrix: a room's missing events are refused", room=room)
                break
            events = [event for event in page.get("chunk", ()) if isinstance(event, dict)]
            pages.append(_packed(events[::-1]))
            end = page.get("end")
            # What was said before our invitation is not for us.
            if not isinstance(end, str) or end == start or self._invites_us(events):
                break
            start = end
        else:
            log.error("matrix: a gap too long to be filled", room=room, pages=len(pages))
        return pages[::-1]

    async def _page(self, room: str, start: str, since: str) -> Json | None:
        """One page of a room's past; None if we are no longer in that room."""
        wanted = json.dumps(timeline_filter(self._us.user))
        query = {"dir": "b", "from": start, "to": since, "limit": str(_TIMELINE_LIMIT)}
        try:
            return await self._connection.get(["rooms", room, "messages"], **query, filter=wanted)
        except MatrixError as error:
            if not error.is_final:
                raise
            return None

    # -- files ------------------------------------------------------------------------------

    async def _whole(self, reading: Reading) -> Incoming:
        if reading.media is None or reading.incoming.kind is Kind.UNREADABLE:
            return reading.incoming
        content = await self._downloaded(reading.media.mxc)
        if content is not None and reading.media.lock is not None:
            content = unlocked(content, reading.media.lock)
        return reading.without_file() if content is None else reading.with_file(content)

    async def _downloaded(self, mxc: str) -> bytes | None:
        """A file; None if it is too large, or cannot be had while the homeserver is there."""
        patience = Patience()
        for _ in range(_DOWNLOAD_ATTEMPTS):
            try:
                return await self._connection.download(mxc, MOST_FILE_BYTES)
            except TooLarge:
                return None
            except MatrixError as error:
                if error.is_final:
                    return None
                await self._pause(patience.after(error, "fetching a file"))
            await self._patiently("fetching a file", self._connection.whoami)
        return None


def _packed(events: list[Json]) -> bytes:
    """A page to keep until its turn comes: a tenth of the memory that it takes unpacked."""
    return zlib.compress(json.dumps(events).encode(), 1)


def _unpacked(page: bytes) -> list[Json]:
    events: list[Json] = json.loads(zlib.decompress(page))
    return events


def _unseen(events: Sequence[Json], seen: set[str]) -> Iterator[Json]:
    """The events that were not there before; pages may overlap."""
    for event in events:
        id_ = event.get("event_id")
        if isinstance(id_, str) and id_ not in seen:
            seen.add(id_)
            yield event


def _timeline(update: Json) -> Json:
    timeline = update.get("timeline")
    return timeline if isinstance(timeline, dict) else {}


def _events(update: Json, part: str) -> list[Json]:
    holder = update.get(part)
    events = holder.get("events") if isinstance(holder, dict) else None
    return [event for event in events if isinstance(event, dict)] if events else []


def _time() -> float:
    return asyncio.get_running_loop().time()
