"""``supracom setup`` against a real Synapse; a plain HTTP client looks at what was made."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy.orm import Session
from yarl import URL

from bot.channel import Batch, Delivery, TryLater
from bot.matrix import MatrixChannel
from bot.setup_command import FINE, WAITS, WOULD_CHANGE, set_up
from config.content import read_content
from config.settings import Settings, parse
from handlers.loading import Channels, load
from handlers.request import Kind, Place
from sandbox.clients import MatrixUser
from sandbox.homeserver import Account, Homeserver
from sandbox.matrix_user import MatrixError
from storage import members
from storage.engine import Database
from storage.members import Institution, Person, Standing
from storage.outbox import Row
from storage.upgrade import upgrade
from tests.conftest import SETTINGS, MovableClock
from tests.handlers.conversation import CONTENT

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

PASSWORD = "a throw-away password"
SECONDS = 20.0
KINDS = ("name", "topic", "avatar", "canonical_alias", "join_rules", "history_visibility")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["12", "10"])
async def server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Homeserver]:
    """A homeserver that makes rooms of a version in which creators have all power, or have not."""
    rooms = {"default_room_version": request.param}
    async with Homeserver(tmp_path_factory.mktemp("synapse"), settings=rooms) as homeserver:
        yield homeserver


@dataclass
class World:
    """A platform that has no rooms yet, an administrator, a clerk, and the server's owner."""

    server: Homeserver
    name: str
    bot: Account
    admin: MatrixUser
    clerk: MatrixUser
    owner: Account
    settings: Settings
    said: list[str] = field(default_factory=list)

    async def setup(self, *, dry: bool = False, lift: bool = False) -> int:
        """Run the command; what it says is kept."""
        self.said.clear()
        return await set_up(self.settings, self.said.append, dry=dry, lift=lift)

    def with_owner(self) -> None:
        """Give the command the token of the server's owner."""
        self.change(admin_token=self.owner.access_token)

    def change(self, **matrix: Any) -> None:
        """Other settings for Matrix."""
        changed = parse_again(self.settings, **matrix)
        self.settings = changed

    def alias(self, what: str) -> str:
        return f"#{self.name}-{what}:{self.server.server_name}"

    async def room(self, what: str) -> str:
        """The room behind one of the aliases, as anybody would ask for it."""
        path = f"/_matrix/client/v3/directory/room/{quote(self.alias(what), safe='')}"
        return str((await self.call("GET", path))["room_id"])

    async def call(
        self, method: str, path: str, body: Any = None, token: str | None = None
    ) -> dict[str, Any]:
        """One plain request, as the server's owner or whoever has the token."""
        headers = {"Authorization": f"Bearer {token or self.owner.access_token}"}
        url = URL(f"{self.server.url}{path}", encoded=True)
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, url, json=body) as response,
        ):
            told: dict[str, Any] = await response.json()
            assert response.status == 200, told
            return told

    async def put_state(
        self, room: str, kind: str, content: Any, *, key: str = "", token: str = ""
    ) -> None:
        path = f"/_matrix/client/v3/rooms/{quote(room)}/state/{kind}/{quote(key, safe='')}"
        await self.call("PUT", path, content, token or self.admin_token)

    admin_token: str = ""

    def channel(self) -> MatrixChannel:
        return MatrixChannel(
            self.settings.matrix,
            data_dir=self.settings.platform.data_dir,
            administrators=self.settings.platform.administrators,
        )

    def database(self) -> Database:
        database = Database.open(self.settings.database.url.get_secret_value())
        upgrade(database.engine)
        return database


def parse_again(settings: Settings, **matrix: Any) -> Settings:
    changed = settings.matrix.model_validate(
        {**settings.matrix.model_dump(), **matrix}, strict=False
    )
    return settings.model_copy(update={"matrix": changed})


@pytest_asyncio.fixture(loop_scope="module")
async def world(
    server: Homeserver, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    name = f"u{abs(hash(request.node.name)) % 10**9}"
    bot, admin, clerk = [
        await server.register(f"{name}-{who}", PASSWORD) for who in ("bot", "admin", "clerk")
    ]
    owner = await server.register(f"{name}-owner", PASSWORD, admin=True)
    table: dict[str, Any] = copy.deepcopy(SETTINGS)
    table["platform"] |= {"administrators": [admin.user_id], "data_dir": str(tmp_path)}
    table["matrix"] |= {
        "homeserver": server.url,
        "user": bot.user_id,
        "password": PASSWORD,
        "members_room": f"#{name}-membres:{server.server_name}",
        "admins_room": f"#{name}-admins:{server.server_name}",
        "space": f"#{name}-espace:{server.server_name}",
        "central_alias": f"{name}-centrale-",
        "encryption": False,
    }
    settings = parse(table, tmp_path, {})
    async with MatrixUser(server.url, admin) as one, MatrixUser(server.url, clerk) as two:
        yield World(server, name, bot, one, two, owner, settings, admin_token=admin.access_token)


async def enter(world: World) -> dict[str, str]:
    """The administrator enters every room; their ids."""
    rooms = {}
    for what in ("espace", "membres", "admins"):
        room = await world.room(what)
        rooms[what] = await world.admin.join(room)
    return rooms


def delivery(destination: str, body: str, key: str) -> Delivery:
    payload = {"action": "message", "content": {"msgtype": "m.notice", "body": body}}
    return Delivery(1, key, destination, payload, None, None, unclear=False, age=timedelta(0))


async def test_what_would_be_made_is_said_and_nothing_is_made(world: World) -> None:
    assert await world.setup(dry=True) == WOULD_CHANGE
    made = [line for line in world.said if line.startswith("À faire : créer")]
    assert len(made) == 3
    with pytest.raises(AssertionError, match="M_NOT_FOUND"):
        await world.room("membres")


async def test_every_room_is_made_once_as_the_settings_want_it(world: World) -> None:
    database = world.database()
    clock = MovableClock()
    channels = Channels(mail="mail", chat="matrix")
    database.run(load, read_content(CONTENT), "fr", channels, clock.now())
    database.close()
    assert await world.setup() == FINE
    rooms = await enter(world)
    central = await world.admin.join(await world.room("centrale-smart"))
    space = await world.admin.state(rooms["espace"], "m.room.create")
    assert space["type"] == "m.space"
    for what, room in {**rooms, "centrale-smart": central}.items():
        found = {kind: await world.admin.state(room, f"m.room.{kind}") for kind in KINDS}
        assert found["name"]["name"].startswith("e-plateforme")
        assert found["topic"]["topic"]
        assert found["avatar"]["url"].startswith("mxc://")
        assert found["canonical_alias"]["alias"] == world.alias(what)
        assert found["join_rules"]["join_rule"] == "invite"
        assert found["history_visibility"]["history_visibility"] == "shared"
        levels = await world.admin.state(room, "m.room.power_levels")
        assert levels["users"][world.admin.user_id] == 100
        assert (levels["invite"], levels["users_default"]) == (50, 0)
    picture = await world.admin.state(central, "m.room.avatar")
    assert (await world.admin.download(picture["url"])).startswith(b"\x89PNG")
    for room in (rooms["membres"], rooms["admins"], central):
        child = await world.admin.state(rooms["espace"], "m.space.child", room)
        parent = await world.admin.state(room, "m.space.parent", rooms["espace"])
        assert child["via"] == parent["via"] == [world.server.server_name]
    assert await world.setup() == FINE
    assert world.said[-1] == "Tout est en ordre : il n'y a rien à faire."
    assert await world.setup(dry=True) == FINE
    assert {await world.room(what) for what in rooms} == set(rooms.values())


async def test_what_was_changed_is_mended(world: World) -> None:
    await world.setup()
    rooms = await enter(world)
    members, space = rooms["membres"], rooms["espace"]
    await world.put_state(members, "m.room.name", {"name": "Salon de thé"})
    await world.put_state(members, "m.room.topic", {"topic": ""})
    await world.put_state(members, "m.room.join_rules", {"join_rule": "public"})
    visible = {"history_visibility": "world_readable"}
    await world.put_state(members, "m.room.history_visibility", visible)
    await world.put_state(members, "m.room.canonical_alias", {})
    await world.put_state(space, "m.space.child", {}, key=members)
    levels = await world.admin.state(members, "m.room.power_levels")
    loose = levels | {"invite": 0, "users": levels["users"] | {world.clerk.user_id: 50}}
    loose["events"] = levels["events"] | {"m.room.name": 0}
    await world.put_state(members, "m.room.power_levels", loose)
    alias = f"/_matrix/client/v3/directory/room/{quote(world.alias('membres'), safe='')}"
    await world.call("DELETE", alias)

    assert await world.setup(dry=True) == WOULD_CHANGE
    assert (await world.admin.state(members, "m.room.name"))["name"] == "Salon de thé"
    assert await world.setup() == FINE
    assert await world.room("membres") == members
    found = {kind: await world.admin.state(members, f"m.room.{kind}") for kind in KINDS}
    assert found["name"]["name"] == "e-plateforme · membres"
    assert found["topic"]["topic"].startswith("Demandes")
    assert found["join_rules"]["join_rule"] == "invite"
    assert found["history_visibility"]["history_visibility"] == "shared"
    assert found["canonical_alias"]["alias"] == world.alias("membres")
    assert (await world.admin.state(space, "m.space.child", members))["via"]
    levels = await world.admin.state(members, "m.room.power_levels")
    assert (levels["invite"], levels["events"]["m.room.name"]) == (50, 50)
    # A moderator whom an administrator named stays one.
    assert levels["users"][world.clerk.user_id] == 50
    assert await world.setup(dry=True) == FINE


async def test_a_room_that_was_deleted_is_made_anew_and_the_running_bot_learns_it(
    world: World,
) -> None:
    channel = world.channel()
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(None)) as batches:
        await _called(batches)
        old = await world.room("membres")
        path = f"/_synapse/admin/v1/rooms/{quote(old)}"
        await world.call("DELETE", path, {"purge": True, "block": False})
        assert await world.setup() == FINE
        await _called(batches)
    new = await world.room("membres")
    assert new != old
    await world.admin.join(new)
    sent = await channel.send(delivery("room:members", "après", "k-1"))
    await world.admin.wait_for(lambda e: (e.room_id, e.event_id) == (new, sent), SECONDS, since=0)
    await channel.close()


async def _called(batches: AsyncGenerator[Batch, None]) -> None:
    """Wait until the roll of the members' room is called: the bot knows the room."""
    async for batch in batches:
        rolls = [one for one in batch.requests if one.kind is Kind.ROLL]
        if any(one.place is Place.MEMBERS for one in rolls):
            return


async def test_a_lost_power_level_is_said_and_given_back_by_the_servers_owner(
    world: World,
) -> None:
    await world.setup()
    rooms = await enter(world)
    members = rooms["membres"]
    levels = await world.admin.state(members, "m.room.power_levels")
    if world.bot.user_id not in levels["users"]:
        # The creator of a room of version 12 cannot lose their rights.
        creation = await world.admin.state(members, "m.room.create")
        assert creation["room_version"] == "12"
        return
    lost = levels | {"users": levels["users"] | {world.bot.user_id: 0}}
    await world.put_state(members, "m.room.power_levels", lost, token=world.bot.access_token)
    assert await world.setup() == WAITS
    assert any("rendre à" in line and world.bot.user_id in line for line in world.said)
    world.with_owner()
    assert await world.setup() == FINE
    levels = await world.admin.state(members, "m.room.power_levels")
    assert levels["users"][world.bot.user_id] == 100


async def test_the_limits_of_the_server_are_said_and_lifted(world: World) -> None:
    path = f"/_synapse/admin/v1/users/{quote(world.bot.user_id)}/override_ratelimit"
    await world.setup()
    assert "Limites du serveur" in world.said[0]
    assert "matrix.admin_token" in world.said[1]
    world.with_owner()
    await world.setup()
    assert await world.call("GET", path) == {}
    assert await world.setup(lift=True, dry=True) == WOULD_CHANGE
    assert await world.call("GET", path) == {}
    assert await world.setup(lift=True) == FINE
    assert await world.call("GET", path) == {"messages_per_second": 0, "burst_count": 0}
    await world.setup()
    assert "levées" in world.said[0]
    world.change(admin_token=world.bot.access_token)
    assert await world.setup(lift=True) == WAITS


async def test_an_alias_that_a_stranger_took_is_not_trusted(world: World) -> None:
    """Attack: the members' alias is taken before the platform starts, in an open room."""
    trap = await world.clerk.create_room(
        alias=f"{world.name}-membres", public=True, invite=[world.bot.user_id]
    )
    assert await world.setup() == WAITS
    assert any(world.alias("membres") in line for line in world.said)
    assert world.bot.user_id not in await world.clerk.members(trap)
    channel = world.channel()
    with pytest.raises(TryLater):
        await channel.send(delivery("room:members", "confidentiel", "k-1"))
    await channel.close()
    assert "confidentiel" not in [event.body for event in await world.clerk.all_messages(trap)]


async def test_members_are_called_and_those_who_left_are_put_out(world: World) -> None:
    await world.setup()
    members_room, admins = await world.room("membres"), await world.room("admins")
    await enter(world)
    guest = await world.server.register(f"{world.name}-guest", PASSWORD)
    await world.admin.invite(members_room, guest.user_id)
    await world.admin.invite(admins, guest.user_id)
    database = world.database()
    clock = MovableClock()

    def register(session: Session) -> None:
        for name, user in (("Hélène", world.clerk.user_id), ("Luc", "@luc:supracom.example")):
            place = Institution(
                type="commune",
                code=name,
                name=name,
                state=Standing.ACTIVE if name == "Hélène" else Standing.LEFT,
                requested_at=clock.now(),
            )
            person = Person(institution=place, name=name, active=name == "Hélène")
            session.add_all([place, person])
            session.flush()
            members.link(session, person, "matrix", user, clock.now())

    database.run(register)
    assert await world.setup(dry=True) == WOULD_CHANGE
    assert await world.setup() == FINE
    assert any(line.startswith("2 invitations") for line in world.said)
    assert sum(guest.user_id in line for line in world.said) == 2
    rows = database.run(lambda session: [r.payload for r in session.query(Row).order_by(Row.id)])
    assert [(r["action"], r["place"], r["user"]) for r in rows] == [
        ("invite", place, world.clerk.user_id) for place in ("members", "space")
    ]
    await world.setup()
    assert world.said[-1].startswith(guest.user_id)
    database.close()


async def test_rooms_are_encrypted_where_the_settings_want_it(world: World) -> None:
    world.change(encryption=True, encrypted_rooms=("admins",))
    assert await world.setup() == FINE
    rooms = await enter(world)
    told = await world.admin.state(rooms["admins"], "m.room.encryption")
    assert told["algorithm"] == "m.megolm.v1.aes-sha2"
    with pytest.raises(MatrixError, match="M_NOT_FOUND"):
        await world.admin.state(rooms["membres"], "m.room.encryption")
