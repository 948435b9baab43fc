"""The Matrix channel against a real Synapse: order, once and only once, rooms, threads, files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.channel import Attachment, Batch, Delivery, Refused, TryLater
from bot.matrix import MatrixChannel
from bot.matrix.directs import alias_for
from config.settings import Matrix
from handlers.request import Incoming, Kind, Place
from sandbox.clients import MatrixUser
from sandbox.homeserver import Account, Homeserver

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

PASSWORD = "a throw-away password"
SECONDS = 20.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Homeserver]:
    async with Homeserver(tmp_path_factory.mktemp("synapse")) as homeserver:
        yield homeserver


@dataclass
class World:
    """One bot account of its own, its two rooms, and an administrator and a clerk."""

    server: Homeserver
    bot: Account
    admin: MatrixUser
    clerk: MatrixUser
    data_dir: Path
    settings: Matrix
    opened: list[MatrixChannel] = field(default_factory=list)

    def channel(self) -> MatrixChannel:
        channel = MatrixChannel(
            self.settings, data_dir=self.data_dir, administrators=[self.admin.user_id]
        )
        self.opened.append(channel)
        return channel


@pytest_asyncio.fixture(loop_scope="module")
async def world(
    server: Homeserver, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    name = f"u{abs(hash(request.node.name)) % 10**9}"
    bot = await server.register(f"{name}-bot", PASSWORD)
    people = [await server.register(f"{name}-{who}", PASSWORD) for who in ("admin", "clerk")]
    settings = Matrix(
        homeserver=server.url,
        user=bot.user_id,
        password=SecretStr(PASSWORD),
        members_room=f"#{name}-membres:{server.server_name}",
        admins_room=f"#{name}-admins:{server.server_name}",
        invites_from=(server.server_name,),
        # These people's programs do not encrypt: see test_matrix_encryption.
        encryption=False,
    )
    async with MatrixUser(server.url, people[0]) as admin, MatrixUser(server.url, people[1]) as who:
        made = World(server, bot, admin, who, tmp_path, settings)
        yield made
        for channel in made.opened:
            await channel.close()


def delivery(destination: str, payload: dict[str, Any], key: str, **more: Any) -> Delivery:
    usual: dict[str, Any] = {
        "id": 1,
        "external_id": None,
        "follows": None,
        "unclear": False,
        "age": timedelta(0),
    }
    return Delivery(key=key, destination=destination, payload=payload, **usual | more)


def words(body: str, **more: Any) -> dict[str, Any]:
    return {"action": "message", "content": {"msgtype": "m.notice", "body": body}, **more}


async def first(channel: MatrixChannel, cursor: str | None = None) -> Batch:
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(cursor)) as batches:
        async for batch in batches:
            return batch
    raise AssertionError("no batch")


async def gather(channel: MatrixChannel, cursor: str, count: int) -> tuple[list[Incoming], str]:
    """The requests that come after a cursor, until there are ``count``."""
    got: list[Incoming] = []
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(cursor)) as batches:
        async for batch in batches:
            got += batch.requests
            if len(got) >= count:
                return got, batch.cursor
    raise AssertionError("no batch")


async def direct(world: World, channel: MatrixChannel) -> tuple[str, str]:
    """A room that the clerk opened with the bot, which is in it; and the cursor then."""
    cursor = (await first(channel)).cursor
    room = await world.clerk.create_direct(world.bot.user_id)
    (invitation,), cursor = await gather(channel, cursor, 1)
    await channel.send(delivery(room, {"action": "join", "room": room}, "join"))
    assert invitation.kind is Kind.INVITATION
    return room, cursor


async def test_first_start_ignores_the_past_but_sees_invitations(world: World) -> None:
    channel = world.channel()
    await channel.send(delivery("room:members", words("bienvenue"), "open"))
    members = await world.admin.join(world.settings.members_room)
    await world.admin.send(members, "!aide avant")
    waiting = await world.clerk.create_direct(world.bot.user_id)
    fresh = await first(channel)
    assert [(r.kind, r.conversation, r.sender) for r in fresh.requests] == [
        (Kind.INVITATION, waiting, world.clerk.user_id)
    ]


async def test_a_burst_while_away_comes_whole_and_in_order(world: World) -> None:
    channel = world.channel()
    room, cursor = await direct(world, channel)
    await world.clerk.send(room, "bonjour")
    _, cursor = await gather(channel, cursor, 1)
    await channel.close()
    sent = [await world.clerk.send(room, f"message {n}") for n in range(250)]
    again = world.channel()
    got, _ = await gather(again, cursor, len(sent))
    assert [one.external_id for one in got] == sent
    assert {(one.direct, one.addressed, one.kind) for one in got} == {(True, True, Kind.MESSAGE)}


async def test_what_was_said_before_the_invitation_is_not_for_us(world: World) -> None:
    channel = world.channel()
    cursor = (await first(channel)).cursor
    room = await world.clerk.create_room(name="archives")
    for n in range(5):
        await world.clerk.send(room, f"!vieux {n}")
    await world.clerk.invite(room, world.bot.user_id)
    await world.clerk.send(room, "!aide")
    _, cursor = await gather(channel, cursor, 1)
    await channel.send(delivery(room, {"action": "join", "room": room}, "join"))
    got, _ = await gather(channel, cursor, 1)
    assert [one.text for one in got] == ["aide"]


async def test_the_login_is_kept(world: World) -> None:
    channel = world.channel()
    await first(channel)
    path = world.data_dir / "matrix-session.json"
    kept = path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    await channel.close()
    again = world.channel()
    await first(again)
    assert path.read_text("utf-8") == kept


async def test_the_same_key_makes_one_event(world: World) -> None:
    channel = world.channel()
    room, _ = await direct(world, channel)
    once = await channel.send(delivery(room, words("une fois"), "key-1"))
    await channel.close()
    again = world.channel()
    twice = await again.send(delivery(room, words("une fois"), "key-1", unclear=True))
    assert once == twice
    bodies = [event.body for event in await world.clerk.all_messages(room)]
    assert bodies.count("une fois") == 1


async def test_an_old_unclear_message_is_looked_for(world: World) -> None:
    channel = world.channel()
    room, _ = await direct(world, channel)
    once = await channel.send(delivery(room, words("jadis"), "key-old"))
    for n in range(120):
        await channel.send(delivery(room, words(f"depuis {n}"), f"since-{n}"))
    # Another login: the homeserver does not recognise the transaction id any more.
    (world.data_dir / "matrix-session.json").unlink()
    other = world.channel()
    age = timedelta(hours=24)
    found = await other.send(delivery(room, words("jadis"), "key-old", unclear=True, age=age))
    lost = await other.send(delivery(room, words("perdu"), "key-lost", unclear=True, age=age))
    bodies = [event.body for event in await world.clerk.all_messages(room)]
    assert found == once
    assert lost
    assert bodies.count("jadis") == bodies.count("perdu") == 1


async def test_one_direct_room_however_often_it_is_asked_for(world: World) -> None:
    user = world.clerk.user_id
    one, two = world.channel(), world.channel()
    sent = await asyncio.gather(
        one.send(delivery(user, words("un"), "d-1")),
        one.send(delivery(user, words("deux"), "d-2")),
    )
    third = await two.send(delivery(user, words("trois"), "d-3"))
    room = await world.clerk.wait_for_invitation(SECONDS)
    await world.clerk.join(room)
    said = {event.event_id for event in await world.clerk.all_messages(room)}
    assert {*sent, third} <= said
    assert world.clerk.invitations == {}


async def test_who_left_the_direct_room_is_called_back(world: World) -> None:
    channel = world.channel()
    user = world.clerk.user_id
    await channel.send(delivery(user, words("un"), "d-1"))
    room = await world.clerk.wait_for_invitation(SECONDS)
    await world.clerk.leave(room)
    again = world.channel()
    await again.send(delivery(user, words("deux"), "d-2"))
    assert await world.clerk.wait_for_invitation(SECONDS) == room


async def test_an_alias_taken_by_somebody_else_is_not_trusted(world: World) -> None:
    user = world.admin.user_id
    trap = await world.clerk.create_room(alias=alias_for(user, 0), invite=[world.bot.user_id])
    channel = world.channel()
    await channel.send(delivery(trap, {"action": "join", "room": trap}, "join"))
    await channel.send(delivery(user, words("confidentiel"), "d-1"))
    assert "confidentiel" not in [event.body for event in await world.clerk.all_messages(trap)]


async def test_the_platforms_rooms(world: World) -> None:
    channel = world.channel()
    cursor = (await first(channel)).cursor
    # The first cursor comes before the rooms: nothing that is said in them can be missed.
    assert world.admin.invitations == {}
    await channel.send(delivery("room:admins", words("prêt"), "open"))
    for _ in range(2):
        await world.admin.join(await world.admin.wait_for_invitation(SECONDS))
    members = await world.admin.join(world.settings.members_room)
    levels = await world.admin.state(members, "m.room.power_levels")
    rules = await world.admin.state(members, "m.room.join_rules")
    assert levels["users"][world.admin.user_id] == 100
    assert rules["join_rule"] == "invite"

    invite = {"action": "invite", "place": "members", "user": world.clerk.user_id}
    for key in ("i-1", "i-2"):
        assert await channel.send(delivery("room:members", invite, key)) == ""
    assert await world.clerk.wait_for_invitation(SECONDS) == members
    await world.clerk.join(members)
    assert await channel.send(delivery("room:members", invite, "i-3")) == ""
    await world.clerk.send(members, "!aide")
    remove = invite | {"action": "remove"}
    for key in ("r-1", "r-2"):
        assert await channel.send(delivery("room:members", remove, key)) == ""
    left = await world.admin.state(members, "m.room.member", world.clerk.user_id)
    assert left["membership"] == "leave"

    got, _ = await gather(channel, cursor, 4)
    assert [(g.kind, g.sender, g.place) for g in got if g.place is Place.MEMBERS] == [
        (Kind.ARRIVAL, world.admin.user_id, Place.MEMBERS),
        (Kind.ARRIVAL, world.clerk.user_id, Place.MEMBERS),
        (Kind.MESSAGE, world.clerk.user_id, Place.MEMBERS),
    ]
    assert {g.conversation for g in got} == {"room:members", "room:admins"}
    again = world.channel()
    assert (await first(again)).requests == []


async def test_threads_answers_and_reactions(world: World) -> None:
    channel = world.channel()
    cursor = (await first(channel)).cursor
    await channel.send(delivery("room:admins", words("prêt"), "open"))
    members = await world.admin.join(world.settings.members_room)
    _, cursor = await gather(channel, cursor, 1)
    root = await channel.send(delivery("room:members", words("Demande A-1"), "t-1"))
    reply = await channel.send(delivery("room:members", words("suite"), "t-2", follows=root))
    seen = await world.admin.wait_for(lambda e: e.event_id == reply, SECONDS, since=0)
    assert seen.thread == root
    await world.admin.send(members, "je peux aider", thread=root)
    await world.admin.react(members, root, "✔️")
    got, _ = await gather(channel, cursor, 2)
    assert [(g.kind, g.answers, g.thread, g.text) for g in got] == [
        (Kind.MESSAGE, (root,), root, "je peux aider"),
        (Kind.REACTION, (root,), None, "✔"),
    ]
    # A root that is itself in a thread is refused by the homeserver: said all the same.
    assert await channel.send(delivery("room:members", words("encore"), "t-3", follows=reply))


async def test_files_both_ways(world: World) -> None:
    channel = world.channel()
    room, cursor = await direct(world, channel)
    payload = {"action": "file", "file": 1, "name": "plan.pdf", "media_type": "application/pdf"}
    plan = Attachment("plan.pdf", "application/pdf", b"%PDF-1.7 " + bytes(100_000))
    sent = await channel.send(delivery(room, payload, "f-1", files=[plan]))
    await world.clerk.join(room)
    seen = await world.clerk.wait_for(lambda e: e.event_id == sent, SECONDS, since=0)
    assert seen.content["msgtype"] == "m.file"
    assert seen.content["info"] == {"mimetype": "application/pdf", "size": len(plan.content)}
    assert await world.clerk.download(seen.content["url"]) == plan.content

    await world.clerk.send_file(room, b"decision", "decision.txt", "text/plain")
    missing = {"msgtype": "m.file", "body": "x", "url": f"mxc://{world.server.server_name}/none"}
    await world.clerk.send_content(room, missing)
    got, _ = await gather(channel, cursor, 2)
    assert [(g.kind, g.text) for g in got] == [(Kind.MESSAGE, ""), (Kind.UNREADABLE, "")]
    assert [(f.name, f.media_type, f.content) for f in got[0].files] == [
        ("decision.txt", "text/plain", b"decision")
    ]


async def test_what_cannot_be_sent_is_refused_or_put_off(world: World) -> None:
    channel = world.channel()
    await first(channel)
    with pytest.raises(Refused):
        await channel.send(delivery("!nowhere", words("x"), "r-1"))
    with pytest.raises(Refused):
        await channel.send(delivery("room:members", words("x" * 70_000), "r-2"))
    wrong = world.settings.model_copy(update={"password": SecretStr("wrong")})
    locked_out = MatrixChannel(wrong, data_dir=world.data_dir / "other")
    with pytest.raises(TryLater):
        await locked_out.send(delivery("room:members", words("x"), "r-3"))
    await locked_out.close()


async def test_a_restart_of_the_homeserver_is_survived(world: World) -> None:
    channel = world.channel()
    room, cursor = await direct(world, channel)
    waiting = asyncio.create_task(gather(channel, cursor, 2))
    await world.clerk.send(room, "avant")
    await world.server.restart()
    await world.clerk.send(room, "après")
    got, _ = await waiting
    assert [one.text for one in got] == ["avant", "après"]
    assert await channel.send(delivery(room, words("toujours là"), "after"))


async def test_who_waits_sees_that_we_type_until_it_is_done(world: World) -> None:
    channel = world.channel()
    room, cursor = await direct(world, channel)
    await world.clerk.join(room)
    await world.clerk.send(room, "aide")
    got, cursor = await gather(channel, cursor, 1)

    def typing(users: list[str]) -> Callable[[str, dict[str, Any]], bool]:
        told = {"type": "m.typing", "content": {"user_ids": users}}
        return lambda where, event: where == room and told.items() <= event.items()

    async with channel.working(Batch(got, cursor)):
        await world.clerk.wait_for_passing(typing([world.bot.user_id]), SECONDS)
    await world.clerk.wait_for_passing(typing([]), SECONDS)
