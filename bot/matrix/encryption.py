"""End-to-end encryption: what comes in is opened, what goes out is sealed for who is there.

The keys that a /sync brings are in the store, in one transaction, before anything else is done with
that answer: the homeserver deletes them as soon as we ask for the next one. Devices are not
verified: whoever the homeserver says is in a room can read what we say in it, as without
encryption; what is gained is that the homeserver cannot.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import nio  # type: ignore[import-untyped, unused-ignore]  # it ships annotations without py.typed
import structlog
from nio.crypto import OutgoingKeyRequest  # type: ignore[import-untyped, unused-ignore]  # as above

from bot.matrix.keystore import open_store, recognise, to_device
from bot.matrix.rooms import Rooms
from bot.matrix.sealed import ALGORITHM, Opener, ill_formed, is_sealed
from bot.matrix.transport import Connection, Json, MatrixError
from config.settings import Matrix
from config.values import server_of

log = structlog.get_logger()

ENCRYPTED = "m.room.encrypted"

Audience = frozenset[tuple[str, str, str]]
"""The devices that a room's key goes to: user, device, the device's key."""


class Encryption:
    """Our device's side of encrypted rooms; does nothing where encryption is switched off."""

    def __init__(
        self, connection: Connection, rooms: Rooms, settings: Matrix, data_dir: Path
    ) -> None:
        self.enabled = settings.encryption
        self._connection = connection
        self._rooms = rooms
        self._passphrase = settings.store_passphrase
        self._data_dir = data_dir
        self._olm: Any = None
        self._opener = Opener()
        self._encrypted: set[str] = set()
        self._plain: set[str] = set()
        self._tracked: set[str] = set()
        self._audiences: dict[str, Audience] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, user: str, device: str) -> None:
        """Open the store and publish our keys, once; raises MatrixError and KeyStoreError."""
        if not self.enabled or self._olm is not None:
            return
        olm = open_store(self._data_dir, user, device, self._passphrase.get_secret_value())
        try:
            await recognise(self._connection, olm)
        except MatrixError:
            olm.store.database.close()
            raise
        self._encrypted = set(olm.store.load_encrypted_rooms())
        self._opener.olm = olm
        self._opener.waiting.open(olm.store.database)
        self._olm = olm
        await self._publish()

    @property
    def is_open(self) -> bool:
        """Whether the store is open, and is known to be that of our device."""
        return self._olm is not None

    def close(self) -> None:
        """Close the store."""
        if self._olm is not None:
            self._olm.store.database.close()

    # -- what a sync brings -----------------------------------------------------------------

    def receive(self, answer: Json) -> None:
        """Keep the keys that came with an answer to /sync; before its messages are looked at."""
        if self._olm is None:
            return
        with self._olm.store.database.atomic():
            for event in _list(_table(answer.get("to_device")).get("events")):
                self._take(event)
        counts = answer.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            left = counts.get("signed_curve25519", 0)
            self._olm.uploaded_key_count = left if isinstance(left, int) else 0
        lists = _table(answer.get("device_lists"))
        self._tracked -= {str(user) for user in _list(lists.get("changed"))}
        self._tracked -= {str(user) for user in _list(lists.get("left"))}

    def _take(self, event: object) -> None:
        try:
            read = to_device(event)
            if read is not None:
                self._olm.handle_to_device_event(read)
        except Exception as error:  # noqa: BLE001 - whatever others send, it costs only itself
            log.warning("matrix: a key that cannot be read", error=type(error).__name__)

    def changed(self, room: str) -> None:
        """Something about a room may have changed: whether it is encrypted is asked again."""
        self._plain.discard(room)

    async def opened(self, room: str, event: Json) -> Json:
        """An event as it was before it was encrypted; as it is, where that cannot be had.

        Its sender is who the homeserver says, and the key must be of one of that person's devices.
        Raises MatrixError where asking again may help.
        """
        if self._olm is None or not is_sealed(event):
            return event
        self._remember([room])
        try:
            await self._know([str(event.get("sender"))])
            found = self._opener.opened(room, event)
            if found is not None:
                return found
            if not ill_formed(event) and self._opener.keep(room, event):
                await self._ask_for_key(room, event)
        except MatrixError as error:
            if not error.is_final:
                raise
            # Asked again, it would be refused again, and nobody else would be heard meanwhile.
            log.warning("matrix: keys are refused to us", status=error.status, room=room)
        return event

    def late(self) -> Iterator[tuple[str, Json]]:
        """Messages kept because their key was not there, and now is, with their rooms."""
        if self._olm is not None:
            yield from self._opener.late()

    def save_waiting(self) -> None:
        """Write down which messages wait for their key; before their batch is committed."""
        self._opener.waiting.save()

    def handled(self) -> None:
        """What was `late` is committed, and need not be kept any more."""
        self._opener.waiting.handled()
        self._opener.waiting.save()

    async def _ask_for_key(self, room: str, event: Json) -> None:
        session = event["content"]["session_id"]
        if session in self._olm.outgoing_key_requests:
            return
        body = {"algorithm": ALGORITHM, "room_id": room, "session_id": session}
        maker = event["content"].get("sender_key")
        request = {
            "action": "request",
            "body": body | ({"sender_key": maker} if isinstance(maker, str) else {}),
            "request_id": uuid4().hex,
            "requesting_device_id": self._olm.device_id,
        }
        kept = OutgoingKeyRequest(request["request_id"], session, room, ALGORITHM)
        self._olm.outgoing_key_requests[session] = kept
        self._olm.store.add_outgoing_key_request(kept)
        await self._to_devices("m.room_key_request", {str(event["sender"]): {"*": request}})

    # -- what is sent -----------------------------------------------------------------------

    async def is_encrypted(self, room: str) -> bool:
        """Whether what is said in a room is to be encrypted; once so, for ever."""
        if self._olm is None or room in self._plain:
            return False
        if room not in self._encrypted:
            try:
                await self._rooms.state(room, "m.room.encryption")
            except MatrixError as error:
                if not error.is_unknown:
                    raise
                self._plain.add(room)
                return False
            self._remember([room])
        return True

    def _remember(self, rooms: Iterable[str]) -> None:
        fresh = set(rooms) - self._encrypted
        if fresh:
            self._encrypted |= fresh
            self._plain -= fresh
            self._olm.store.save_encrypted_rooms(fresh)

    async def sealed(self, room: str, kind: str, content: Json) -> Json:
        """The content of an encrypted event, for all devices of who is in the room or invited.

        The relation stays outside, where the homeserver needs it to make threads. Raises
        MatrixError.
        """
        async with self._locks[room]:
            await self._share(room)
            inner = {key: value for key, value in content.items() if key != "m.relates_to"}
            outer: Json = self._olm.group_encrypt(room, {"type": kind, "content": inner})
        related = content.get("m.relates_to")
        return outer | ({"m.relates_to": related} if related else {})

    async def _share(self, room: str) -> None:
        """Make sure that everybody in a room has its key, and nobody else has the next one."""
        users = sorted(await self._rooms.present(room))
        await self._know(users)
        audience = self._audience(users)
        known = self._audiences.get(room)
        if known == audience and not self._olm.should_share_group_session(room):
            return
        await self._claim(self._olm.get_missing_sessions(users))
        self._olm.create_outbound_group_session(room)
        session = self._olm.outbound_group_sessions[room]
        sharing = self._olm.share_group_session_parallel(
            room, users, ignore_unverified_devices=True
        )
        for devices, content in sharing:
            await self._to_devices(ENCRYPTED, content["messages"])
            session.users_shared_with.update(devices)
        session.mark_as_shared()
        self._audiences[room] = audience

    def _audience(self, users: Iterable[str]) -> Audience:
        devices = (d for user in users for d in self._olm.device_store.active_user_devices(user))
        return frozenset((d.user_id, d.id, d.curve25519) for d in devices)

    # -- keys and devices -------------------------------------------------------------------

    async def tend(self) -> None:
        """What can wait until a batch was read: our one-time keys, broken sessions, requests."""
        if self._olm is None:
            return
        await self._publish()
        if self._olm.wedged_devices:
            await self._claim(self._olm.get_users_for_key_claiming())
            # Devices that may have missed the present keys get the next ones.
            self._audiences.clear()
        while self._olm.outgoing_to_device_messages:
            message = self._olm.outgoing_to_device_messages[0]
            await self._to_devices(message.type, message.as_dict()["messages"])
            self._olm.outgoing_to_device_messages.remove(message)

    async def _publish(self) -> None:
        if not self._olm.should_upload_keys:
            return
        keys = self._olm.share_keys()
        # Kept before they are known to others: what is encrypted for them can then be read.
        self._olm.save_account()
        answer = await self._connection.request("POST", ["keys", "upload"], body=keys)
        count = _table(answer.get("one_time_key_counts")).get("signed_curve25519", 0)
        self._olm.handle_response(nio.KeysUploadResponse(0, count))

    async def _know(self, users: Iterable[str]) -> None:
        """Learn the devices of people, unless they are known and have not changed since."""
        wanted = set(users) - self._tracked
        if not wanted:
            return
        # Before it is asked: a change that is told meanwhile must not be overlooked.
        self._tracked |= wanted
        try:
            body: Json = {"device_keys": {user: [] for user in wanted}}
            answer = await self._connection.request("POST", ["keys", "query"], body=body)
        except MatrixError:
            self._tracked -= wanted
            raise
        away = set(_table(answer.get("failures")))
        self._tracked -= {user for user in wanted if server_of(user) in away}
        for user, devices in _table(answer.get("device_keys")).items():
            if user in wanted:
                self._learn(nio.KeysQueryResponse.from_dict({"device_keys": {user: devices}}))

    async def _claim(self, missing: Json) -> None:
        """Begin a session with devices that we have none with."""
        if not missing:
            return
        wanted = {u: dict.fromkeys(devices, "signed_curve25519") for u, devices in missing.items()}
        body = {"one_time_keys": wanted}
        answer = await self._connection.request("POST", ["keys", "claim"], body=body)
        for user, devices in _table(answer.get("one_time_keys")).items():
            for device, key in _table(devices).items():
                self._learn(
                    nio.KeysClaimResponse.from_dict({"one_time_keys": {user: {device: key}}})
                )

    def _learn(self, response: Any) -> None:
        if isinstance(response, nio.ErrorResponse):
            log.warning("matrix: keys that are ill-formed")
            return
        try:
            self._olm.handle_response(response)
        except Exception as error:  # noqa: BLE001 - whatever others publish, it costs only itself
            log.warning("matrix: keys that cannot be used", error=type(error).__name__)

    async def _to_devices(self, kind: str, messages: Json) -> None:
        path = ["sendToDevice", kind, uuid4().hex]
        # Encrypted messages hold numbers and texts only: what was made is plain JSON.
        body = {"messages": json.loads(json.dumps(messages))}
        await self._connection.request("PUT", path, body=body)


def _table(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
