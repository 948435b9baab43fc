"""Attacks over a real Synapse: rooms, names and invitations give nobody a right, or what is
another's to read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

import pytest
import pytest_asyncio
from rich.console import Console

from bot.matrix import MatrixChannel
from handlers.request import Kind
from sandbox.clients import MatrixUser
from sandbox.matrix_user import MatrixError
from sandbox.stage import ADMINS_ROOM, BOT, MEMBERS_ROOM, SPACE, stage
from sandbox.story import STEPS, Play, administrator_arrives, is_words, play
from sandbox.transcript import Transcript
from tests.servers import test_matrix_channel as channels
from tests.servers.test_matrix_channel import SECONDS, World, delivery, first, gather, words

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

server, world = channels.server, channels.world


# -- the platform at work ---------------------------------------------------------------------


@dataclass
class Attack:
    """The people of the story, and a stranger who means harm."""

    people: Play
    stranger: MatrixUser

    async def ask(self, room: str, text: str) -> str:
        """What the platform answers to the stranger."""
        asked = await self.stranger.send(room, text)
        answer = await self.stranger.wait_for(
            lambda e: e.sender == BOT and e.reply_to == asked and is_words(e), SECONDS, since=0
        )
        return answer.body


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def attack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Attack]:
    async with (
        stage(tmp_path_factory.mktemp("stage")) as set_stage,
        play(set_stage, Transcript(Console(quiet=True)), 30) as people,
        set_stage.chat("visiteur") as stranger,
    ):
        await administrator_arrives(people)
        await STEPS[0][1](people)
        yield Attack(people, stranger)


async def test_a_stranger_gets_the_public_part_and_how_to_register(attack: Attack) -> None:
    room = await attack.stranger.create_direct(BOT)
    said = await attack.ask(room, "bonjour")
    assert "catalogue" in said
    assert "inscri" in said
    assert "Smart" in await attack.ask(room, "centrales")
    refused = await attack.ask(room, "annonces")
    assert "réservé aux membres" in refused
    assert "inscri" in refused


@pytest.mark.parametrize("name", ["@camille:supracom.example", "Camille", "Hélène Lambiotte"])
async def test_a_display_name_gives_no_right(attack: Attack, name: str) -> None:
    await attack.stranger.rename(name)
    room = await attack.stranger.create_direct(BOT)
    assert "administrateur" in await attack.ask(room, "inscriptions")
    assert "réservé" in await attack.ask(room, "annonces")


async def test_power_in_a_room_of_ones_own_gives_no_right(attack: Attack) -> None:
    room = await attack.stranger.create_room(name="administration", invite=[BOT], public=True)
    await attack.stranger.wait_for(
        lambda e: e.room_id == room and e.type == "m.room.member" and e.sender == BOT,
        SECONDS,
        since=0,
    )
    assert "administrateur" in await attack.ask(room, "!inscriptions")
    assert "réservé" in await attack.ask(room, "!annonces")


async def test_nobody_adds_themselves_to_the_platforms_rooms(attack: Attack) -> None:
    people = attack.people
    for room in (MEMBERS_ROOM, ADMINS_ROOM, SPACE):
        with pytest.raises(MatrixError, match="403"):
            await attack.stranger.join(room)
    # A member may not call others in, either.
    with pytest.raises(MatrixError, match="403"):
        await people.helene.invite(people.members, attack.stranger.user_id)


async def test_who_is_brought_into_the_rooms_gains_no_right(attack: Attack) -> None:
    people = attack.people
    for room, command in ((people.admins, "!inscriptions"), (people.members, "!annonces")):
        await people.camille.invite(room, attack.stranger.user_id)
        await attack.stranger.join(room)
        assert "réservé" in await attack.ask(room, command)


async def test_what_is_private_is_not_said_in_a_room_of_several(attack: Attack) -> None:
    """Attack: a member is led into a room of somebody else's, and asks there for a code."""
    helene = attack.people.helene
    room = await attack.stranger.create_room(invite=[BOT, helene.user_id])
    await helene.join(room)
    asked = await helene.send(room, "!nouveau code")
    answer = await helene.wait_for(
        lambda e: e.sender == BOT and e.reply_to == asked, SECONDS, since=0
    )
    assert "lier" not in answer.body


# -- the channel ------------------------------------------------------------------------------


async def test_an_invitation_from_elsewhere_is_turned_down_with_a_reason(world: World) -> None:
    settings = world.settings.model_copy(update={"invites_from": ("elsewhere.example",)})
    channel = MatrixChannel(settings, data_dir=world.data_dir, administrators=[world.admin.user_id])
    world.opened.append(channel)
    await first(channel)
    cursor = (await first(channel)).cursor
    room = await world.clerk.create_direct(world.bot.user_id)
    trusted = await world.admin.create_direct(world.bot.user_id)
    (invitation,), _ = await gather(channel, cursor, 1)
    assert (invitation.kind, invitation.conversation) == (Kind.INVITATION, trusted)
    left = await world.clerk.wait_for(
        lambda e: e.room_id == room and e.content.get("membership") == "leave", SECONDS, since=0
    )
    assert "elsewhere.example" in left.content["reason"]


@pytest.mark.parametrize("public", [True, False])
async def test_a_room_that_others_can_enter_or_read_is_not_private(
    world: World, public: bool
) -> None:
    """Attack: a room of two is left open, so that its maker may come back and read."""
    channel = world.channel()
    cursor = (await first(channel)).cursor
    room = await world.clerk.create_room(public=public, invite=[world.bot.user_id])
    _, cursor = await gather(channel, cursor, 1)
    await channel.send(delivery(room, {"action": "join", "room": room}, "join"))
    await world.clerk.send(room, "aide")
    (asked,), _ = await gather(channel, cursor, 1)
    assert (asked.direct, asked.addressed) == (not public, not public)


async def test_a_room_into_which_somebody_was_called_is_private_no_more(world: World) -> None:
    channel = world.channel()
    room, cursor = await channels.direct(world, channel)
    await world.clerk.send(room, "un")
    (asked,), cursor = await gather(channel, cursor, 1)
    assert asked.direct
    await world.clerk.invite(room, world.admin.user_id)
    await world.clerk.send(room, "deux")
    (asked,), _ = await gather(channel, cursor, 1)
    assert not asked.direct


async def test_what_is_meant_for_one_is_not_said_where_others_read(world: World) -> None:
    """Attack: a third person has themselves called into the conversation of two."""
    channel = world.channel()
    room, cursor = await channels.direct(world, channel)
    reader = world.clerk.user_id
    await world.clerk.send(room, "bonjour")
    _, cursor = await gather(channel, cursor, 1)
    private = {**words("confidentiel"), "reader": reader}
    assert await channel.send(delivery(room, {**words("avant"), "reader": reader}, "k-1"))
    await world.clerk.invite(room, world.admin.user_id)
    await world.admin.join(room)
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(cursor)) as batches:
        async for batch in batches:
            if any(one.kind is Kind.ARRIVAL for one in batch.requests):
                break
    sent = await channel.send(delivery(room, private, "k-2"))
    bodies = [event.body for event in await world.admin.all_messages(room)]
    assert "avant" in bodies
    assert "confidentiel" not in bodies
    other = await world.clerk.join(await world.clerk.wait_for_invitation(SECONDS))
    assert sent in {event.event_id for event in await world.clerk.all_messages(other)}
