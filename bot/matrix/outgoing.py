"""Sending what the renderer made: messages, files, invitations, and entering rooms.

A message is sent under the transaction id ``delivery.key``, always the same: for about a day the
homeserver gives a second sending the event of the first. An older one is looked for before.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import structlog

from bot.channel import Attachment, Delivery, Refused, TryLater
from bot.matrix.attachments import locked
from bot.matrix.directs import Directs
from bot.matrix.encryption import ENCRYPTED, Encryption
from bot.matrix.images import size_of
from bot.matrix.places import Places
from bot.matrix.polls import POLLS
from bot.matrix.rooms import Rooms
from bot.matrix.transport import Connection, Json, MatrixError
from handlers.desk import PLACE

log = structlog.get_logger()

MESSAGE = "m.room.message"
PINNED = "m.room.pinned_events"
KEY = "be.supracom.key"
"""Where a message holds the key of its outbox row."""
_REMEMBERED_FOR = timedelta(hours=23)
"""Synapse forgets transaction ids after 24 h."""
_MARGIN = timedelta(hours=1)
_SEARCH_PAGES = 50
_SEARCH_LIMIT = 100


class Sender:
    """Sends one delivery at a time; every method raises MatrixError or a DeliveryError."""

    def __init__(
        self,
        connection: Connection,
        rooms: Rooms,
        places: Places,
        directs: Directs,
        encryption: Encryption,
    ) -> None:
        self._encryption = encryption
        self._connection = connection
        self._rooms = rooms
        self._places = places
        self._directs = directs
        self._uploads: dict[str, Json] = {}
        self._actions: dict[str, Callable[[Delivery], Awaitable[str]]] = {
            "message": self._message,
            "file": self._file,
            "poll": self._message,
            "poll-end": self._poll_end,
            "redact": self._redact,
            "edit": self._edit,
            "pin": self._pin,
            "unpin": self._unpin,
            "invite": self._invite,
            "remove": self._remove,
            "join": self._join,
        }

    async def send(self, delivery: Delivery) -> str:
        """Do what a payload says; gives the event's id, or "" where there is none."""
        action = self._actions.get(str(delivery.payload.get("action")))
        if action is None:
            raise Refused("the payload names no known action")
        return await action(delivery)

    async def _message(self, delivery: Delivery) -> str:
        return await self._say(delivery, dict(delivery.payload["content"]))

    async def _file(self, delivery: Delivery) -> str:
        if not delivery.files:
            raise Refused("the file to send is not there")
        file = delivery.files[0]
        content = {
            "msgtype": msgtype_of(file.media_type),
            "body": delivery.payload.get("text") or file.name,
            "filename": file.name,
            "info": info_of(file),
            "m.mentions": {},
        }
        return await self._say(delivery, content)

    async def _poll_end(self, delivery: Delivery) -> str:
        poll = _event(delivery.follows)
        if not poll:
            # It never went out.
            return ""
        related = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll}}
        return await self._say(delivery, dict(delivery.payload["content"]) | related)

    async def _edit(self, delivery: Delivery) -> str:
        """Make the event that a row was sent as say something else."""
        if not _event(delivery.follows):
            # It never went out.
            return ""
        return await self._say(delivery, dict(delivery.payload["content"]))

    async def _pin(self, delivery: Delivery, *, on: bool = True) -> str:
        """Keep the event that a row was sent as in sight, or no longer; what else is pinned stays.

        Done twice it is the same, so a kill in between does no harm. The list is read and set: the
        protocol has no way to add to it, so the pin of a person in that very instant may be lost.
        """
        event = _event(delivery.follows)
        if not event:
            # It never went out.
            return ""
        path = ["rooms", self._room(delivery.destination), "state", PINNED, ""]
        pinned = await self._pinned(path)
        if (event in pinned) is not on:
            others = [one for one in pinned if one != event]
            await self._connection.put(path, {"pinned": [*others, event] if on else others})
        return ""

    async def _unpin(self, delivery: Delivery) -> str:
        return await self._pin(delivery, on=False)

    async def _pinned(self, path: list[str]) -> list[str]:
        try:
            content = await self._connection.get(path)
        except MatrixError as error:
            if not error.is_unknown:
                raise
            return []
        pinned = content.get("pinned")
        return [one for one in pinned if isinstance(one, str)] if isinstance(pinned, list) else []

    async def _redact(self, delivery: Delivery) -> str:
        """Take back the event that a row was sent as; gives nothing: nobody answers that."""
        event = _event(delivery.follows)
        if not event:
            return ""
        user = delivery.destination
        room = await self._directs.room(user) if user.startswith("@") else self._room(user)
        try:
            path = ["rooms", room, "redact", event, delivery.key]
            await self._connection.request("PUT", path, body={})
        except MatrixError as error:
            if not error.is_unknown:
                raise
            log.warning("matrix: what is to be taken back is not there", delivery=delivery.id)
        return ""

    async def _stored_once(self, room: str, delivery: Delivery) -> Json:
        """Store a delivery's file, and remember where until it is sent."""
        if delivery.key not in self._uploads:
            encrypted = await self._encryption.is_encrypted(room)
            stored = await self._stored(delivery.files[0], encrypted=encrypted)
            self._uploads[delivery.key] = stored
        return self._uploads[delivery.key]

    async def _stored(self, file: Attachment, *, encrypted: bool) -> Json:
        """Store a file with the homeserver; gives what a message says of where it is."""
        if not encrypted:
            mxc = await self._connection.upload(file.name, file.media_type, file.content)
            return {"url": mxc}
        content, lock = locked(file.content)
        mxc = await self._connection.upload("file", "application/octet-stream", content)
        return {"file": lock | {"url": mxc}}

    async def _invite(self, delivery: Delivery) -> str:
        room = self._places.find(delivery.payload["place"])
        if room is not None:
            # Where there is no room yet, everybody is called once there is one.
            await self._rooms.invite(room, delivery.payload["user"])
        return ""

    async def _remove(self, delivery: Delivery) -> str:
        room = self._places.find(delivery.payload["place"])
        if room is not None:
            await self._rooms.remove(room, delivery.payload["user"])
        return ""

    async def _join(self, delivery: Delivery) -> str:
        await self._rooms.join(delivery.payload["room"])
        return ""

    # -- messages ---------------------------------------------------------------------------

    async def _say(self, delivery: Delivery, content: Json) -> str:
        content[KEY] = delivery.key
        user = await self._reader(delivery) or delivery.destination
        if not user.startswith("@"):
            return await self._say_in(self._room(delivery.destination), delivery, content)
        try:
            return await self._say_in(await self._directs.room(user), delivery, content)
        except MatrixError as error:
            if error.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
                raise
            # We are no longer in the room that we knew: found or made anew, once.
            self._directs.forget(user)
            return await self._say_in(await self._directs.room(user), delivery, content)

    async def _reader(self, delivery: Delivery) -> str:
        """For whom alone something is meant, if others may read in the conversation by now."""
        reader = delivery.payload.get("reader")
        if not isinstance(reader, str) or not delivery.destination.startswith("!"):
            return ""
        alone = await self._rooms.is_closed(delivery.destination)
        return "" if alone else reader

    def room_of(self, conversation: str) -> str | None:
        """The room of a conversation; None while it is not known."""
        try:
            return self._room(conversation)
        except (Refused, KeyError):
            return None

    def _room(self, destination: str) -> str:
        if destination.startswith("!"):
            return destination
        named = destination.startswith(PLACE)
        room = self._places.find(destination.removeprefix(PLACE)) if named else None
        if room is None:
            raise Refused("the destination is neither a room, nor a place, nor a person")
        return room

    async def _say_in(self, room: str, delivery: Delivery, content: Json) -> str:
        if delivery.unclear and delivery.age > _REMEMBERED_FOR:
            found = await self._found(room, delivery)
            if found is not None:
                return found
        if delivery.payload.get("action") == "file":
            content = content | await self._stored_once(room, delivery)
        relation = relation_of(delivery)
        try:
            return await self._put(room, delivery, content | relation)
        except MatrixError as error:
            is_edit = delivery.payload.get("action") == "edit"
            if is_edit or not relation or error.status != HTTPStatus.BAD_REQUEST:
                raise
            # The thread's root is gone, or is itself in a thread: said outside of it then.
            log.warning("matrix: a relation is refused, sent without it", delivery=delivery.id)
            return await self._put(room, delivery, content)

    async def _put(self, room: str, delivery: Delivery, content: Json) -> str:
        key, kind = delivery.key, str(delivery.payload.get("type") or MESSAGE)
        if await self._encryption.is_encrypted(room):
            # The key stays readable, to find the message again; it says nothing about its words.
            content = await self._encryption.sealed(room, kind, content) | {KEY: key}
            kind = ENCRYPTED
        sending = self._connection.client.room_send(room, kind, content, tx_id=key)
        sent = str((await self._connection.ask(sending)).event_id)
        self._uploads.pop(key, None)
        return sent

    async def _found(self, room: str, delivery: Delivery) -> str | None:
        """The event of an earlier attempt, looked for from now back to that attempt."""
        oldest = datetime.now(UTC) - delivery.age - _MARGIN
        types = [MESSAGE, ENCRYPTED, *POLLS]
        wanted = {"types": types, "senders": [self._rooms.user]}
        query = {"dir": "b", "limit": str(_SEARCH_LIMIT), "filter": json.dumps(wanted)}
        for _ in range(_SEARCH_PAGES):
            page = await self._connection.get(["rooms", room, "messages"], **query)
            events = page.get("chunk", [])
            for event in events:
                if event.get("content", {}).get(KEY) == delivery.key:
                    return str(event["event_id"])
            if "end" not in page or _all_older(events, oldest):
                return None
            query["from"] = page["end"]
        raise TryLater("an earlier attempt could not be looked for far enough back")


def _all_older(events: list[Json], instant: datetime) -> bool:
    limit = instant.timestamp() * 1000
    return bool(events) and all(event["origin_server_ts"] < limit for event in events)


def relation_of(delivery: Delivery) -> Json:
    """The relation of a message: its thread and the message it answers, as ``m.relates_to``.

    What it follows makes a thread in a place only: with one person alone, threads hide words.
    """
    payload = delivery.payload
    if payload.get("action") == "poll-end":
        return {}
    if payload.get("action") == "edit":
        related = {"rel_type": "m.replace", "event_id": _event(delivery.follows)}
        return {"m.relates_to": related}
    in_place = delivery.destination.startswith(PLACE)
    root = _event(payload.get("thread")) or (_event(delivery.follows) if in_place else "")
    answered = _event(payload.get("answers"))
    if not root and not answered:
        return {}
    relation: Json = {"m.in_reply_to": {"event_id": answered or root}}
    if root:
        relation |= {"rel_type": "m.thread", "event_id": root, "is_falling_back": True}
    return {"m.relates_to": relation}


def info_of(file: Attachment) -> Json:
    """What programs are told of a file before they fetch it."""
    info: Json = {"mimetype": file.media_type, "size": len(file.content)}
    sides = size_of(file.content) if msgtype_of(file.media_type) == "m.image" else None
    return info | (dict(zip(("w", "h"), sides, strict=True)) if sides else {})


def msgtype_of(media_type: str) -> str:
    """As what a file is shown (client-server API, « m.room.message msgtypes »)."""
    sort = media_type.partition("/")[0]
    return f"m.{sort}" if sort in {"image", "audio", "video"} else "m.file"


def _event(value: Any) -> str:
    """An event id, or nothing: invitations have ids that are no event's."""
    return value if isinstance(value, str) and value.startswith("$") else ""
