"""The Matrix user of the sandbox: sees everything, and can do what people do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from sandbox.clients import MatrixUser
from sandbox.homeserver import Account, Homeserver

pytestmark = pytest.mark.servers


@pytest_asyncio.fixture
async def people(
    homeserver: Homeserver, new_account: Callable[[str], Awaitable[Account]]
) -> AsyncIterator[tuple[MatrixUser, MatrixUser]]:
    """Two users, connected."""
    first = MatrixUser(homeserver.url, await new_account("greffe"))
    second = MatrixUser(homeserver.url, await new_account("bourgmestre"))
    async with first, second:
        yield first, second


async def test_a_direct_room_is_noted_and_can_be_joined(
    people: tuple[MatrixUser, MatrixUser],
) -> None:
    clerk, mayor = people
    room = await clerk.create_direct(mayor.user_id)
    assert await clerk.direct_rooms() == {mayor.user_id: [room]}
    assert await mayor.wait_for_invitation() == room
    assert mayor.invitations[room] == clerk.user_id
    assert await mayor.join(room) == room
    await clerk.wait_for(lambda e: e.type == "m.room.member" and e.sender == mayor.user_id)
    assert await clerk.members(room) == {clerk.user_id, mayor.user_id}
    with pytest.raises(Exception, match="M_NOT_FOUND"):
        await clerk.state(room, "m.room.encryption")


async def test_threads_replies_and_reactions_arrive_as_such(
    people: tuple[MatrixUser, MatrixUser],
) -> None:
    clerk, mayor = people
    room = await _shared_room(clerk, mayor)
    root = await clerk.send(room, "question")
    threaded = await clerk.send(room, "précision", thread=root)
    await clerk.send(room, "réponse", reply_to=root)
    await clerk.react(room, root, "✅")
    in_thread = await mayor.wait_for(lambda e: e.event_id == threaded)
    assert (in_thread.thread, in_thread.reply_to) == (root, root)
    reply = await mayor.wait_for(lambda e: e.body == "réponse")
    assert (reply.thread, reply.reply_to) == (None, root)
    reaction = await mayor.wait_for(lambda e: e.type == "m.reaction")
    assert reaction.content["m.relates_to"]["key"] == "✅"


async def test_a_file_goes_up_and_comes_down(people: tuple[MatrixUser, MatrixUser]) -> None:
    clerk, mayor = people
    room = await _shared_room(clerk, mayor)
    data = bytes(range(256)) * 300
    await clerk.send_file(room, data, "modèle d’arrêté.pdf", "application/pdf")
    event = await mayor.wait_for(lambda e: e.content.get("msgtype") == "m.file")
    assert event.body == "modèle d’arrêté.pdf"
    assert await mayor.download(event.content["url"]) == data


async def test_a_burst_longer_than_the_timeline_is_seen_whole_and_in_order(
    people: tuple[MatrixUser, MatrixUser],
) -> None:
    clerk, mayor = people
    room = await _shared_room(clerk, mayor)
    await clerk.send(room, "avant")
    await mayor.wait_for(lambda e: e.body == "avant")
    await mayor.pause()
    sent = [f"message {number}" for number in range(250)]
    for text in sent:
        await clerk.send(room, text)
    mayor.resume()
    await mayor.wait_for(lambda e: e.body == sent[-1], timeout=30)
    seen = [event.body for event in mayor.timeline(room) if event.type == "m.room.message"]
    assert seen == ["avant", *sent]
    assert [e.body for e in await mayor.all_messages(room) if e.body] == ["avant", *sent]


async def test_waiting_looks_back_to_the_mark_only(people: tuple[MatrixUser, MatrixUser]) -> None:
    clerk, mayor = people
    room = await _shared_room(clerk, mayor)
    await clerk.send(room, "un")
    await mayor.wait_for(lambda e: e.body == "un")
    mayor.mark()
    await clerk.send(room, "deux")
    assert (await mayor.wait_for(lambda e: bool(e.body))).body == "deux"
    mayor.mark()
    with pytest.raises(TimeoutError, match="saw no such event"):
        await mayor.wait_for(lambda e: bool(e.body), timeout=0.1)


async def test_waiting_is_woken_by_the_event(people: tuple[MatrixUser, MatrixUser]) -> None:
    clerk, mayor = people
    room = await _shared_room(clerk, mayor)
    waiting = asyncio.create_task(mayor.wait_for(lambda e: e.body == "maintenant"))
    await clerk.send(room, "maintenant")
    assert (await waiting).sender == clerk.user_id


async def _shared_room(clerk: MatrixUser, mayor: MatrixUser) -> str:
    room = await clerk.create_room(name="Collège", public=True)
    await mayor.join(room)
    await clerk.wait_for(lambda e: e.type == "m.room.member" and e.room_id == room)
    await mayor.wait_for(lambda e: e.room_id == room, own=True)
    return room
