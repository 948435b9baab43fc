"""A Matrix user who encrypts: another library loop than the bot's, and a key store of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import nio  # type: ignore[import-untyped, unused-ignore]  # no py.typed

from sandbox.homeserver import Account
from sandbox.matrix_event import Json, RoomEvent, relation

_ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}
_FILTER = {"room": {"timeline": {"limit": 100}}}
_LOOK_MILLISECONDS = 1000


class EncryptedUser:
    """A person whose program encrypts, as nio's own client does; ``seen`` is all that it read.

    It looks at what happened only while somebody waits for something (`sees`) or says `sync`.
    """

    def __init__(self, url: str, account: Account, store: Path) -> None:
        config = nio.AsyncClientConfig(encryption_enabled=True)
        self.client: Any = nio.AsyncClient(
            url, account.user_id, store_path=str(store), config=config
        )
        self.client.restore_login(account.user_id, account.device_id, account.access_token)
        self.seen: list[Any] = []
        self.events: list[RoomEvent] = []
        self.client.add_event_callback(self._keep, nio.Event)

    @classmethod
    async def with_new_device(cls, url: str, account: Account, store: Path) -> Self:
        """Log the person in once more, on a device that encrypts beside one that does not."""
        store.mkdir(parents=True, exist_ok=True)
        door = nio.AsyncClient(url, account.user_id)
        answer = await door.login(account.password)
        await door.close()
        device = Account(account.user_id, answer.access_token, answer.device_id, account.password)
        user = cls(url, device, store)
        await user.sync()
        return user

    async def close(self) -> None:
        """Stop; the device stays logged in."""
        await self.client.close()

    async def sync(self, milliseconds: int = 0) -> None:
        """Look at what happened, and do what the keys ask for."""
        await self.client.sync(
            timeout=milliseconds,
            sync_filter=_FILTER,
            full_state=self.client.next_batch is None,
        )
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()

    async def room_with(self, *users: str) -> str:
        """Make an encrypted room with others, invited; gives its id."""
        made = await self.client.room_create(
            invite=list(users), is_direct=True, initial_state=[_ENCRYPTION]
        )
        await self.sync()
        return str(made.room_id)

    async def send(self, room: str, content: Json) -> str:
        """Send a message of any content, encrypted; gives its event id."""
        sent = await self.client.room_send(
            room, "m.room.message", content, ignore_unverified_devices=True
        )
        # Every other answer of nio's is an error, which it does not raise.
        event_id = getattr(sent, "event_id", "")
        if not event_id:
            raise RuntimeError(f"not sent: {sent}")
        return str(event_id)

    async def say(self, room: str, body: str, *, thread: str | None = None) -> str:
        """Send a text, possibly in a thread; gives its event id."""
        content: Json = {"msgtype": "m.text", "body": body}
        if related := relation(thread, None):
            content["m.relates_to"] = related
        return await self.send(room, content)

    async def sees(self, wanted: Callable[[Any], bool], seconds: float = 30.0) -> Any:
        """Give the first event, read by this program, that is what is looked for; raises
        TimeoutError.
        """
        return await self._first(self.seen, wanted, seconds)

    async def wait_for(self, wanted: Callable[[RoomEvent], bool], seconds: float) -> RoomEvent:
        """The same among the events as other programs of the sandbox have them."""
        event: RoomEvent = await self._first(self.events, wanted, seconds)
        return event

    async def _first(self, seen: list[Any], wanted: Callable[[Any], bool], seconds: float) -> Any:
        async with asyncio.timeout(seconds):
            while True:
                found = next((event for event in seen if wanted(event)), None)
                if found is not None:
                    return found
                await self.sync(_LOOK_MILLISECONDS)

    def _keep(self, room: Any, event: Any) -> None:
        self.seen.append(event)
        self.events.append(RoomEvent.read(room.room_id, event.source))
