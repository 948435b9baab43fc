"""A Matrix user over plain HTTP (client-server API v3), who loses no event."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
from yarl import URL

from sandbox.homeserver import Account
from sandbox.matrix_event import Json, RoomEvent, relation, replacement
from sandbox.running import Running

_CLIENT = "/_matrix/client/v3"
_TIMELINE_LIMIT = 100
_SYNC_MILLISECONDS = 25_000
_RETRY_SECONDS = 0.2
_RATE_LIMIT_RETRIES = 20
_FILTER = json.dumps({"room": {"timeline": {"limit": _TIMELINE_LIMIT}}})
_TIMEOUT = aiohttp.ClientTimeout(total=60)

_Found = TypeVar("_Found")


class MatrixError(RuntimeError):
    """The homeserver refused a request."""

    def __init__(self, status: int, errcode: str, message: str) -> None:
        super().__init__(f"{status} {errcode}: {message}")
        self.status = status
        self.errcode = errcode


class MatrixUser(Running):
    """A user with one device: talks, and keeps every event of every room since login.

    `events` has them in the order seen; `passing` who types and who has read what, with the room.
    `wait_for` looks at the events since the mark, which `mark()` and each own message set to the
    present; so it finds answers to what was just said, even those that came before the call.
    """

    def __init__(self, url: str, account: Account) -> None:
        self.user_id = account.user_id
        self.events: list[RoomEvent] = []
        self.invitations: dict[str, str] = {}
        self.passing: list[tuple[str, Json]] = []
        self._url = url
        self._token = account.access_token
        self._seen: set[str] = set()
        self._since: str | None = None
        self._mark = 0
        self._failure: MatrixError | None = None
        self._changed = asyncio.Condition()
        self._http: aiohttp.ClientSession | None = None
        self._syncing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, take the present state in, and follow what happens from then on."""
        headers = {"Authorization": f"Bearer {self._token}"}
        self._http = aiohttp.ClientSession(self._url, headers=headers, timeout=_TIMEOUT)
        try:
            await self._sync_once(0)
        except BaseException:
            await self._http.close()
            raise
        self.resume()

    async def stop(self) -> None:
        """Stop following and disconnect; the device stays logged in."""
        await self.pause()
        if self._http is not None:
            await self._http.close()

    async def pause(self) -> None:
        """Stop following, as a program that is closed; `resume` catches up with what was missed."""
        syncing, self._syncing = self._syncing, None
        if syncing is not None:
            syncing.cancel()
            with suppress(asyncio.CancelledError):
                await syncing

    def resume(self) -> None:
        """Follow again what happens."""
        if self._syncing is None:
            self._syncing = asyncio.create_task(self._follow())

    # Talking

    async def send(
        self, room: str, text: str, *, thread: str | None = None, reply_to: str | None = None
    ) -> str:
        """Send a text, possibly in a thread or as a reply; gives its event id."""
        content: Json = {"msgtype": "m.text", "body": text}
        if related := relation(thread, reply_to):
            content["m.relates_to"] = related
        return await self.send_content(room, content)

    async def react(self, room: str, event_id: str, key: str) -> str:
        """React to an event with an emoji or a word."""
        annotation = {"rel_type": "m.annotation", "event_id": event_id, "key": key}
        return await self.send_content(room, {"m.relates_to": annotation}, kind="m.reaction")

    async def send_content(
        self, room: str, content: Mapping[str, object], kind: str = "m.room.message"
    ) -> str:
        """Send an event of any content; gives its event id."""
        self.mark()
        path = f"/rooms/{quote(room, safe='')}/send/{kind}/{uuid.uuid4().hex}"
        return str((await self._request("PUT", path, content))["event_id"])

    async def edit(self, room: str, event_id: str, text: str) -> str:
        """Change a text that was sent; gives the id of the event that says so."""
        return await self.send_content(room, replacement(event_id, text))

    async def redact(self, room: str, event_id: str) -> str:
        """Take an event back; gives the id of the event that says so."""
        self.mark()
        path = f"/rooms/{quote(room, safe='')}/redact/{quote(event_id, safe='')}/{uuid.uuid4().hex}"
        return str((await self._request("PUT", path, {}))["event_id"])

    async def send_file(self, room: str, data: bytes, filename: str, mimetype: str) -> str:
        """Upload a file and send it; gives the event id."""
        url = await self.upload(data, filename, mimetype)
        info = {"mimetype": mimetype, "size": len(data)}
        content = {"msgtype": "m.file", "body": filename, "url": url, "info": info}
        return await self.send_content(room, content)

    # Rooms

    async def create_room(
        self,
        *,
        name: str | None = None,
        alias: str | None = None,
        invite: Iterable[str] = (),
        public: bool = False,
    ) -> str:
        """Create a room, `alias` being the local part of its address; gives its id."""
        preset = "public_chat" if public else "private_chat"
        body = {"preset": preset, "invite": list(invite)}
        optional = {"name": name, "room_alias_name": alias}
        body |= {key: value for key, value in optional.items() if value is not None}
        return str((await self._request("POST", "/createRoom", body))["room_id"])

    async def create_direct(self, user_id: str) -> str:
        """Open a direct conversation, noted as such in the account; gives the room's id."""
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [user_id]}
        room = str((await self._request("POST", "/createRoom", body))["room_id"])
        direct = await self.direct_rooms()
        direct.setdefault(user_id, []).append(room)
        await self._request("PUT", self._account_data("m.direct"), direct)
        return room

    async def direct_rooms(self) -> dict[str, list[str]]:
        """Give the direct conversations: user id to room ids."""
        try:
            return dict(await self._request("GET", self._account_data("m.direct")))
        except MatrixError as error:
            if error.errcode != "M_NOT_FOUND":
                raise
            return {}

    async def rename(self, name: str) -> None:
        """Take another display name."""
        path = f"/profile/{quote(self.user_id, safe='')}/displayname"
        await self._request("PUT", path, {"displayname": name})

    async def join(self, room_or_alias: str) -> str:
        """Join a room by id or alias; gives its id."""
        answer = await self._request("POST", f"/join/{quote(room_or_alias, safe='')}", {})
        room = str(answer["room_id"])
        self.invitations.pop(room, None)
        return room

    async def leave(self, room: str) -> None:
        """Leave a room, or decline an invitation."""
        await self._request("POST", f"/rooms/{quote(room, safe='')}/leave", {})
        self.invitations.pop(room, None)

    async def invite(self, room: str, user_id: str) -> None:
        """Invite somebody."""
        body = {"user_id": user_id}
        await self._request("POST", f"/rooms/{quote(room, safe='')}/invite", body)

    async def members(self, room: str) -> set[str]:
        """Give the ids of the users who have joined."""
        answer = await self._request("GET", f"/rooms/{quote(room, safe='')}/joined_members")
        return set(answer["joined"])

    async def state(self, room: str, kind: str, key: str = "") -> Json:
        """Give the content of one piece of the room's state; raises MatrixError if absent."""
        path = f"/rooms/{quote(room, safe='')}/state/{kind}/{quote(key, safe='')}"
        return await self._request("GET", path)

    async def pin(self, room: str, events: list[str]) -> None:
        """Say what the room has pinned."""
        path = f"/rooms/{quote(room, safe='')}/state/m.room.pinned_events/"
        await self._request("PUT", path, {"pinned": events})

    async def rooms_in(self, space: str) -> set[str]:
        """Give the rooms that a space holds."""
        events: Any = await self._request("GET", f"/rooms/{quote(space, safe='')}/state")
        children = [event for event in events if event["type"] == "m.space.child"]
        return {event["state_key"] for event in children if event["content"].get("via")}

    async def all_messages(self, room: str) -> list[RoomEvent]:
        """Give the room's whole timeline as the homeserver has it, oldest first."""
        return await self._history(room, start=None, end=None)

    # Media

    async def upload(self, data: bytes, filename: str, mimetype: str) -> str:
        """Upload a file; gives its mxc address."""
        path = f"/_matrix/media/v3/upload?filename={quote(filename)}"
        headers = {"Content-Type": mimetype}
        async with self._session.post(path, data=data, headers=headers) as response:
            return str((await _checked(response))["content_uri"])

    async def download(self, mxc: str) -> bytes:
        """Download a file by its mxc address, over the authenticated endpoint."""
        address = mxc.removeprefix("mxc://")
        async with self._session.get(f"/_matrix/client/v1/media/download/{address}") as response:
            if response.status != 200:
                await _checked(response)
            return await response.read()

    # Waiting

    def mark(self) -> int:
        """Set the mark to the present; gives it, for use as `since`."""
        self._mark = len(self.events)
        return self._mark

    async def wait_for(
        self,
        predicate: Callable[[RoomEvent], bool],
        timeout: float = 10.0,  # noqa: ASYNC109 - part of the sentence at the call
        *,
        since: int | None = None,
        own: bool = False,
    ) -> RoomEvent:
        """Give the first matching event since the mark; raises TimeoutError, saying what came.

        One's own events are left out unless `own`.
        """
        start = self._mark if since is None else since

        def found() -> RoomEvent | None:
            events = islice(self.events, start, None)
            others = (event for event in events if own or event.sender != self.user_id)
            return next(filter(predicate, others), None)

        try:
            event = await asyncio.wait_for(self._until(found), timeout)
        except TimeoutError:
            raise TimeoutError(self._told(start, timeout)) from None
        return event

    async def wait_for_invitation(
        self,
        timeout: float = 10.0,  # noqa: ASYNC109 - see wait_for
        *,
        to: str = "",
    ) -> str:
        """Give a room that one is invited to, or wait for one room's; raises TimeoutError."""

        def found() -> str | None:
            return next((room for room in self.invitations if to in {"", room}), None)

        return await asyncio.wait_for(self._until(found), timeout)

    async def wait_for_passing(
        self,
        predicate: Callable[[str, Json], bool],
        timeout: float = 10.0,  # noqa: ASYNC109 - see wait_for
    ) -> Json:
        """Give the first matching one of `passing`, with its room; raises TimeoutError."""
        return await asyncio.wait_for(
            self._until(lambda: next((e for r, e in self.passing if predicate(r, e)), None)),
            timeout,
        )

    def timeline(self, room: str) -> list[RoomEvent]:
        """Give the events seen in one room."""
        return [event for event in self.events if event.room_id == room]

    async def _until(self, found: Callable[[], _Found | None]) -> _Found:
        async with self._changed:
            while (result := found()) is None:
                if self._failure is not None:
                    raise self._failure
                await self._changed.wait()
        return result

    def _told(self, start: int, seconds: float) -> str:
        came = [f"{e.sender} {e.type} {e.body[:80]!r}" for e in self.events[start:]]
        return f"{self.user_id} saw no such event in {seconds:.0f} s, but: {came or 'nothing'}"

    # Following

    async def _follow(self) -> None:
        while self._failure is None:
            try:
                await self._sync_once(_SYNC_MILLISECONDS)
            except (aiohttp.ClientError, TimeoutError):
                # The homeserver restarts, or is being stopped: tried again until told to stop.
                await asyncio.sleep(_RETRY_SECONDS)
            except MatrixError as error:
                if error.status >= 500:
                    await asyncio.sleep(_RETRY_SECONDS)
                else:
                    await self._fail(error)

    async def _fail(self, error: MatrixError) -> None:
        async with self._changed:
            self._failure = error
            self._changed.notify_all()

    async def _sync_once(self, milliseconds: int) -> None:
        query = {"filter": _FILTER, "timeout": str(milliseconds)}
        if self._since is not None:
            query["since"] = self._since
        answer = await self._request("GET", "/sync", query=query)
        rooms = answer.get("rooms", {})
        arrived = await self._arrived({**rooms.get("leave", {}), **rooms.get("join", {})})
        async with self._changed:
            self._keep(arrived)
            self._keep_invitations(rooms)
            for room, update in rooms.get("join", {}).items():
                told = update.get("ephemeral", {}).get("events", [])
                self.passing += [(room, event) for event in told]
            self._since = answer["next_batch"]
            self._changed.notify_all()

    async def _arrived(self, rooms: Json) -> list[RoomEvent]:
        """Read the rooms of one sync, and fetch what it left out of a long timeline."""
        arrived: list[RoomEvent] = []
        for room, update in rooms.items():
            timeline = update.get("timeline", {})
            if timeline.get("limited") and self._since is not None:
                start = timeline["prev_batch"]
                arrived += await self._history(room, start=start, end=self._since)
            arrived += [RoomEvent.read(room, raw) for raw in timeline.get("events", [])]
        return arrived

    def _keep(self, arrived: list[RoomEvent]) -> None:
        fresh = [event for event in arrived if event.event_id not in self._seen]
        self.events += fresh
        self._seen.update(event.event_id for event in fresh)

    def _keep_invitations(self, rooms: Json) -> None:
        for room, update in rooms.get("invite", {}).items():
            self.invitations[room] = self._inviter(update)
        for room in (*rooms.get("join", {}), *rooms.get("leave", {})):
            self.invitations.pop(room, None)

    def _inviter(self, update: Json) -> str:
        state = update.get("invite_state", {}).get("events", [])
        mine = (str(event["sender"]) for event in state if event["state_key"] == self.user_id)
        return next(mine, "")

    async def _history(self, room: str, *, start: str | None, end: str | None) -> list[RoomEvent]:
        """Page backwards through a room from one token to another; oldest first."""
        path = f"/rooms/{quote(room, safe='')}/messages"
        query = {"dir": "b", "limit": str(_TIMELINE_LIMIT)}
        if end is not None:
            query["to"] = end
        events: list[RoomEvent] = []
        while True:
            page = await self._request(
                "GET", path, query=query | ({"from": start} if start else {})
            )
            events += [RoomEvent.read(room, raw) for raw in page["chunk"]]
            if page.get("end") in {None, start}:
                return events[::-1]
            start = page["end"]

    # Requests

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("the user is not started")
        return self._http

    def _account_data(self, kind: str) -> str:
        return f"/user/{quote(self.user_id, safe='')}/account_data/{kind}"

    async def _request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """Make one request of the client API, waiting when the homeserver says to slow down."""
        # Encoded already: aiohttp would decode the escaped "/" of a room alias.
        url = URL(f"{self._url}{_CLIENT}{path}", encoded=True)
        for _ in range(_RATE_LIMIT_RETRIES):
            async with self._session.request(method, url, json=body, params=query) as response:
                if response.status != 429:
                    return await _checked(response)
                told = await response.json()
            await asyncio.sleep(told.get("retry_after_ms", 500) / 1000)
        raise MatrixError(429, "M_LIMIT_EXCEEDED", f"still after {_RATE_LIMIT_RETRIES} retries")


async def _checked(response: aiohttp.ClientResponse) -> Json:
    try:
        answer: Json = await response.json()
    except (aiohttp.ContentTypeError, ValueError):
        answer = {"error": (await response.text())[:200]}
    if response.status != 200:
        raise MatrixError(response.status, answer.get("errcode", ""), answer.get("error", ""))
    return answer
