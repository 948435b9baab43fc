"""Reading what the homeserver has for us: our own loop around /sync.

nio's ``sync_forever`` is not used: it moves on before anything is committed, and asks thousands of
times a second where the homeserver fails. A timeline that the homeserver cut (``limited``) is
completed from /messages before its batch is handed on, so that nothing is lost after a pause.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import structlog

from bot.channel import Batch
from bot.matrix.attachments import unlocked
from bot.matrix.building import ACCOUNT_DATA
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
from bot.matrix.rooms import Rooms
from bot.matrix.transport import Connection, Json, MatrixError, TooLarge
from handlers.request import Incoming, Kind

log = structlog.get_logger()

_T = TypeVar("_T")

Pause = Callable[[float], Awaitable[None]]

_TYPES = [
    "m.room.message",
    "m.room.member",
    "m.reaction",
    "m.room.encrypted",
    "m.room.encryption",
    "m.room.join_rules",
    "m.room.history_visibility",
]
_CHANGES = frozenset(
    {"m.room.member", "m.room.encryption", "m.room.join_rules", "m.room.history_visibility"}
)
"""After which what is known of a room is asked again."""
_TIMELINE_LIMIT = 100
_SYNC_MILLISECONDS = 30_000
_SYNC_GRACE_SECONDS = 15.0
_QUIET_SECONDS = 60.0
"""How often the cursor of batches without requests is handed on, to be kept."""
MOST_PAGES = 500
MOST_FILE_BYTES = 25 * 1024 * 1024
_DOWNLOAD_ATTEMPTS = 3
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
        "account_data": {"types": [ACCOUNT_DATA]},
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
        self._late: list[tuple[str, Json]] = []
        self._us = us
        self._invites_from = tuple(invites_from)
        self._pause = pause
        self._patience = patience or Patience()

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """What comes in after a cursor; None is the very first start, which has no past."""
        handed_on = _time()
        while True:
            answer = await self._until_done("reading", partial(self._sync, cursor))
            # Before the next /sync, with which the homeserver forgets the keys of this one.
            self._encryption.receive(answer)
            self._late += self._encryption.late()
            requests = await self._until_done("completing", partial(self._requests, answer, cursor))
            first, cursor = cursor is None, answer["next_batch"]
            self._late.clear()
            if requests or first or _time() - handed_on > _QUIET_SECONDS:
                handed_on = _time()
                yield Batch(requests, cursor)
            await self._tend()

    async def _tend(self) -> None:
        """What our keys need; where it fails it is done after the next answer."""
        try:
            await self._encryption.tend()
        except MatrixError as error:
            log.warning("matrix: our keys could not be tended", status=error.status)

    async def _until_done(self, doing: str, act: Callable[[], Awaitable[_T]]) -> _T:
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

    async def _requests(self, answer: Json, since: str | None) -> list[Incoming]:
        """All that one answer asks of us: invitations, then room by room in timeline order."""
        self._places.learn(_events(answer, "account_data"))
        rooms = answer.get("rooms", {})
        requests = self._invitations(rooms.get("invite", {}), since)
        for room in rooms.get("leave", {}):
            self._changed(room)
        for room, update in rooms.get("join", {}).items():
            self._note_members(room, update)
            if since is not None:
                requests += await self._of_room(room, update, since)
        for room, event in self._late:
            requests += await self._read(room, [event], display_names([]))
        return requests + await self._places.rolls()

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

    async def _of_room(self, room: str, update: Json, since: str) -> list[Incoming]:
        events = await self._complete(room, update, since)
        if room in self._places.entered:
            self._places.entered.discard(room)
            return []
        if not events:
            return []
        names = display_names([*_events(update, "state"), *events])
        return await self._read(room, events, names)

    async def _read(self, room: str, events: list[Json], names: dict[str, str]) -> list[Incoming]:
        scene = await self._scene(room, names)
        opened = [await self._encryption.opened(room, event) for event in events]
        readings = (read(event, scene, self._us) for event in opened)
        incoming = [await self._whole(reading) for reading in readings if reading]
        if scene.direct:
            for one in incoming:
                self._directs.spoke(one.sender, room)
        return incoming

    async def _scene(self, room: str, names: dict[str, str]) -> Scene:
        now = datetime.now(UTC)
        place = self._places.place(room)
        if place:
            return Scene(room, now, place=place, names=names)
        joined = await self._rooms.joined(room)
        alone = self._us.user in joined and len(joined) <= _ALONE_WITH_US
        direct = alone and await self._rooms.is_closed(room)
        return Scene(room, now, direct=direct, names={**joined, **names})

    async def _complete(self, room: str, update: Json, since: str) -> list[Json]:
        """A room's events since a cursor and since we were invited, oldest first, each once."""
        timeline, events = _timeline(update), _events(update, "timeline")
        invited = any(membership_of(event, self._us.user) == "invite" for event in events)
        start = timeline.get("prev_batch")
        if timeline.get("limited") and not invited and isinstance(start, str):
            events = await self._gap(room, start, since) + events
        unique = {event["event_id"]: event for event in events if "event_id" in event}
        return since_invited(list(unique.values()), self._us.user)

    async def _gap(self, room: str, start: str, since: str) -> list[Json]:
        """What a cut timeline left out: pages backwards to the cursor; oldest first."""
        older: list[Json] = []
        for _ in range(MOST_PAGES):
            page = await self._page(room, start, since)
            if page is None:
                log.error("matrix: a room's missing events are refused", room=room)
                break
            older += [event for event in page.get("chunk", ()) if isinstance(event, dict)]
            end = page.get("end")
            if not isinstance(end, str) or end == start:
                break
            start = end
        else:
            log.error("matrix: a gap too long to be filled", room=room, events=len(older))
        return older[::-1]

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
        """A file; None if it is too large, or cannot be had."""
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
        return None


def _timeline(update: Json) -> Json:
    timeline = update.get("timeline")
    return timeline if isinstance(timeline, dict) else {}


def _events(update: Json, part: str) -> list[Json]:
    holder = update.get(part)
    events = holder.get("events") if isinstance(holder, dict) else None
    return [event for event in events if isinstance(event, dict)] if events else []


def _time() -> float:
    return asyncio.get_running_loop().time()
