"""A homeserver that is all script: a room with many members in which a great deal was said.

No real homeserver would be asked to make 2,000 accounts and 10,000 events for one measurement. What
it answers has the shape of Synapse's answers. ``python -m sandbox.piled_homeserver --port N`` runs
it as a process of its own, so that its work and memory are not taken for the bot's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.ports import LOOPBACK

Json = dict[str, Any]

SERVER = "supracom.example"
US = f"@supracom:{SERVER}"
ADMINISTRATOR = f"@camille:{SERVER}"
MEMBERS, ADMINS = f"!members:{SERVER}", f"!admins:{SERVER}"
TOKEN = "a token of the sandbox"
LONG_POLL_SECONDS = 30.0
_BEGAN = 1_774_353_600_000
"""Milliseconds: 24 March 2026."""


class PiledHomeserver:
    """The first /sync is empty, the second tells of the pile, later ones have nothing to tell.

    Of the ``waiting`` events, every ``command_every``-th is a command to the bot, the others are
    talk. ``asked`` counts the requests by their last words, ``answers`` holds what the bot sent.
    """

    def __init__(self, *, members: int, waiting: int, command_every: int = 1) -> None:
        self.members = members
        self.waiting = waiting
        self.command_every = command_every
        self.asked: Counter[str] = Counter()
        self.filters: set[str] = set()
        self.answers: list[Json] = []
        self.finished = asyncio.Event()
        """Set once every command has an answer."""
        self.fault: Callable[[web.Request], web.Response | None] = lambda _request: None

    @property
    def commands(self) -> list[str]:
        """The ids of the events that are commands, in order."""
        return [f"${n}" for n in range(self.waiting) if n % self.command_every == 0]

    def app(self) -> web.Application:
        """The web application; it also counts answers as JSON under ``/answers``."""
        app = web.Application()
        client = "/_matrix/client/v3"
        room = f"{client}/rooms/{{room}}"
        app.router.add_get(f"{client}/account/whoami", self._whoami)
        app.router.add_get(f"{client}/user/{{user}}/account_data/{{kind}}", self._kept)
        app.router.add_put(f"{client}/user/{{user}}/account_data/{{kind}}", self._taken)
        app.router.add_get(f"{client}/directory/room/{{alias}}", self._directory)
        app.router.add_get(f"{client}/profile/{{user}}/displayname", self._nothing)
        app.router.add_get(f"{client}/sync", self._sync)
        app.router.add_get(f"{room}/messages", self._messages)
        app.router.add_get(f"{room}/joined_members", self._joined)
        app.router.add_get(f"{room}/members", self._present)
        app.router.add_get(f"{room}/state/{{kind}}/{{key:.*}}", self._state)
        app.router.add_put(f"{room}/send/m.room.message/{{key}}", self._send)
        app.router.add_get("/answers", self._answers)
        return app

    def member(self, number: int) -> str:
        """The user id of a member."""
        return f"@membre{number}:{SERVER}"

    def event(self, number: int) -> Json:
        """One event of the pile."""
        is_command = number % self.command_every == 0
        body = "!aide" if is_command else f"Nous en parlions hier, et voici le point {number}."
        return {
            "type": "m.room.message",
            "event_id": f"${number}",
            "sender": self.member(number % self.members),
            "origin_server_ts": _BEGAN + number,
            "unsigned": {"age": 1000},
            "content": {"msgtype": "m.text", "body": body, "m.mentions": {}},
        }

    # -- answers --------------------------------------------------------------------------------

    async def _whoami(self, _request: web.Request) -> web.Response:
        return web.json_response({"user_id": US, "device_id": "PILED"})

    async def _directory(self, request: web.Request) -> web.Response:
        room = MEMBERS if "membres" in request.match_info["alias"] else ADMINS
        return web.json_response({"room_id": room, "servers": [SERVER]})

    async def _kept(self, _request: web.Request) -> web.Response:
        """Which rooms are which, as the bot noted it in its own account when it was set up."""
        return web.json_response({"rooms": {"members": MEMBERS, "admins": ADMINS}})

    async def _taken(self, _request: web.Request) -> web.Response:
        return web.json_response({})

    async def _nothing(self, _request: web.Request) -> web.Response:
        return _unknown()

    async def _state(self, request: web.Request) -> web.Response:
        answers: dict[str, Json] = {
            "m.room.member": {"membership": "join"},
            "m.room.power_levels": {"users": {US: 100, ADMINISTRATOR: 100}},
            "m.room.create": {"sender": US, "content": {"room_version": "12"}},
        }
        found = answers.get(request.match_info["kind"])
        return _unknown() if found is None else web.json_response(found)

    async def _joined(self, _request: web.Request) -> web.Response:
        self.asked["joined_members"] += 1
        named = {self.member(n): {"display_name": f"Membre {n}"} for n in range(self.members)}
        return web.json_response({"joined": {US: {}, **named}})

    async def _present(self, _request: web.Request) -> web.Response:
        self.asked["members"] += 1
        return web.json_response({"chunk": [self._membership(n) for n in range(self.members)]})

    def _membership(self, number: int) -> Json:
        user = self.member(number)
        return {
            "type": "m.room.member",
            "event_id": f"$join{number}",
            "state_key": user,
            "sender": user,
            "origin_server_ts": _BEGAN,
            "content": {"membership": "join", "displayname": f"Membre {number}"},
        }

    async def _sync(self, request: web.Request) -> web.Response:
        self.asked["sync"] += 1
        self.filters.add(request.query.get("filter", ""))
        since = request.query.get("since")
        if since is None:
            return web.json_response({"next_batch": "s0"})
        if since != "s0":
            await asyncio.sleep(LONG_POLL_SECONDS)
            return web.json_response({"next_batch": since})
        limit = int(json.loads(request.query["filter"])["room"]["timeline"]["limit"])
        first = max(0, self.waiting - limit)
        events = [self.event(number) for number in range(first, self.waiting)]
        # Lazily loaded: the members who speak in this part of the timeline.
        state = [self._membership(number % self.members) for number in range(first, self.waiting)]
        timeline = {"events": events, "limited": first > 0, "prev_batch": f"t{first}"}
        room = {"timeline": timeline, "state": {"events": state}}
        return web.json_response({"next_batch": "s1", "rooms": {"join": {MEMBERS: room}}})

    async def _messages(self, request: web.Request) -> web.Response:
        self.asked["messages"] += 1
        failed = self.fault(request)
        if failed is not None:
            return failed
        before, limit = int(request.query["from"][1:]), int(request.query["limit"])
        first = max(0, before - limit)
        page: Json = {"start": f"t{before}"}
        page["chunk"] = [self.event(number) for number in range(before - 1, first - 1, -1)]
        if first > 0:
            page["end"] = f"t{first}"
        return web.json_response(page)

    async def _send(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        known = {answer["key"] for answer in self.answers[-1000:]}
        if key not in known:
            self.answers.append({"key": key, "content": await request.json()})
        if len(self.answers) >= len(self.commands):
            self.finished.set()
        return web.json_response({"event_id": f"$answer-{key}"})

    async def _answers(self, _request: web.Request) -> web.Response:
        return web.json_response(len(self.answers))


def _unknown() -> web.Response:
    return web.json_response({"errcode": "M_NOT_FOUND", "error": "not found"}, status=404)


def main() -> None:
    """Answer until ended."""
    parser = argparse.ArgumentParser(prog="sandbox.piled_homeserver", description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--command-every", type=int, default=1)
    chosen = parser.parse_args()
    pile = PiledHomeserver(
        members=chosen.members, waiting=chosen.waiting, command_every=chosen.command_every
    )
    web.run_app(pile.app(), host=LOOPBACK, port=chosen.port, print=lambda *_: None)


if __name__ == "__main__":
    main()
