"""Encrypted rooms against a real Synapse, with an independent client on the other side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import nio  # type: ignore[import-untyped, unused-ignore]  # no py.typed
import pytest
import pytest_asyncio
from nio.crypto.attachments import (  # type: ignore[import-untyped, unused-ignore]  # as above
    decrypt_attachment,
    encrypt_attachment,
)
from pydantic import SecretStr
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import leadership
from bot.channel import Attachment, Batch, Delivery, TryLater
from bot.matrix import MatrixChannel
from bot.matrix.keystore import PASSPHRASE, STORE
from bot.matrix.render import MatrixRenderer
from config.settings import Matrix
from handlers.reply import Message, Option, Poll, Reply
from handlers.request import MOVES, Incoming, Kind
from handlers.wording import verbatim
from sandbox.encrypted_user import EncryptedUser
from sandbox.homeserver import Account, Homeserver
from sandbox.http_faults import Fault, HttpFaults
from sandbox.matrix_event import ballot, replacement
from storage import cursors, leases
from storage.engine import Database
from storage.schema import metadata

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

PASSWORD = "a throw-away password"
SECONDS = 30.0
MOST_FILES = 20
PDF = b"%PDF-1.7 an order form"


@dataclass
class World:
    """The bot's account, and a person with an independent client."""

    server: Homeserver
    bot: Account
    peer: EncryptedUser
    data_dir: Path
    settings: Matrix
    opened: list[MatrixChannel] = field(default_factory=list)

    def channel(self, **changes: Any) -> MatrixChannel:
        settings = self.settings.model_copy(update=changes)
        made = MatrixChannel(settings, data_dir=self.data_dir)
        self.opened.append(made)
        return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Homeserver]:
    async with Homeserver(tmp_path_factory.mktemp("synapse")) as homeserver:
        yield homeserver


@pytest_asyncio.fixture(loop_scope="module")
async def world(
    server: Homeserver, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    name = f"e{abs(hash(request.node.name)) % 10**9}"
    bot = await server.register(f"{name}-bot", PASSWORD)
    person = await server.register(f"{name}-clerk", PASSWORD)
    settings = Matrix(
        homeserver=server.url,
        user=bot.user_id,
        password=SecretStr(PASSWORD),
        members_room=f"#{name}-membres:{server.server_name}",
        admins_room=f"#{name}-admins:{server.server_name}",
        invites_from=(server.server_name,),
    )
    (tmp_path / "peer").mkdir()
    peer = EncryptedUser(server.url, person, tmp_path / "peer")
    await peer.sync()
    made = World(server, bot, peer, tmp_path / "bot", settings)
    yield made
    for channel in made.opened:
        await channel.close()
    await peer.client.close()


def delivery(destination: str, payload: dict[str, Any], key: str, **more: Any) -> Delivery:
    usual = Delivery(1, key, destination, payload, None, None, unclear=False, age=timedelta(0))
    return replace(usual, **more)


def words(body: str, **more: Any) -> dict[str, Any]:
    return {"action": "message", "content": {"msgtype": "m.notice", "body": body}, **more}


async def first(channel: MatrixChannel) -> Batch:
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(None)) as batches:
        return await anext(batches)


async def gather(channel: MatrixChannel, cursor: str, count: int) -> tuple[list[Incoming], str]:
    got: list[Incoming] = []
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(cursor)) as batches:
        async for batch in batches:
            got += [one for one in batch.requests if one.kind not in MOVES]
            if len(got) >= count:
                return got, batch.cursor
    raise AssertionError("no batch")


async def together(world: World, channel: MatrixChannel) -> tuple[str, str]:
    """An encrypted room of the person and the bot, and the cursor when both are in it."""
    cursor = (await first(channel)).cursor
    room = await world.peer.room_with(world.bot.user_id)
    _, cursor = await gather(channel, cursor, 1)
    await channel.send(delivery(room, {"action": "join", "room": room}, "join"))
    await world.peer.sync()
    return room, cursor


def is_read(body: str) -> Callable[[Any], bool]:
    return lambda event: event.decrypted and getattr(event, "body", "") == body


async def test_a_command_its_answer_a_restart_and_a_command_again(world: World) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    asked = await world.peer.say(room, "aide")
    (request,), cursor = await gather(channel, cursor, 1)
    assert (request.text, request.kind, request.direct) == ("aide", Kind.MESSAGE, True)
    assert (request.external_id, request.sender) == (asked, world.peer.client.user_id)

    sent = await channel.send(delivery(room, words("voici", answers=asked), "k1"))
    answer = await world.peer.sees(is_read("voici"))
    assert answer.event_id == sent
    assert answer.source["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == asked

    await channel.close()
    await world.peer.say(room, "pendant votre absence")
    channel = world.channel()
    (request,), cursor = await gather(channel, cursor, 1)
    assert request.text == "pendant votre absence"
    again = await channel.send(delivery(room, words("voici", answers=asked), "k1"))
    assert again == sent
    await channel.send(delivery(room, words("et après"), "k2"))
    await world.peer.sees(is_read("et après"))
    assert (world.data_dir / PASSPHRASE).stat().st_mode & 0o777 == 0o600
    assert (world.data_dir / STORE).stat().st_mode & 0o777 == 0o600


async def test_a_key_survives_a_crash_before_the_batch_is_committed(world: World) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    await world.peer.say(room, "aide")
    lost, _ = await gather(channel, cursor, 1)
    await channel.close()
    # Nothing was committed: the same cursor, and the homeserver need not bring the key again.
    again, _ = await gather(world.channel(), cursor, 1)
    assert [one.text for one in again] == [one.text for one in lost] == ["aide"]


async def test_files_both_ways(world: World) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    sealed, lock = encrypt_attachment(PDF)
    url = await channel._connection.upload("x", "application/octet-stream", sealed)
    file = {"msgtype": "m.file", "body": "bon.pdf", "info": {"mimetype": "application/pdf"}}
    await world.peer.send(room, file | {"file": lock | {"url": url}})
    (request,), _ = await gather(channel, cursor, 1)
    assert [(f.name, f.media_type, f.content) for f in request.files] == [
        ("bon.pdf", "application/pdf", PDF)
    ]

    form = Attachment("bon.pdf", "application/pdf", PDF)
    payload = {"action": "file", "text": "bon.pdf"}
    await channel.send(delivery(room, payload, "f1", files=(form,)))
    event = await world.peer.sees(lambda e: isinstance(e, nio.RoomEncryptedFile))
    stored = (await world.peer.client.download(event.url)).body
    assert PDF not in stored
    assert decrypt_attachment(stored, event.key["k"], event.hashes["sha256"], event.iv) == PDF


async def test_without_its_key_a_message_is_told_once_and_read_when_the_key_comes(
    world: World,
) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    peer = world.peer.client
    # The key goes to nobody: as when our device was not known yet.
    await world.peer.client.joined_members(room)
    peer.olm.create_outbound_group_session(room)
    session = peer.olm.outbound_group_sessions[room]
    session.mark_as_shared()
    key = session.session_key
    for body in ("aide", "catalogue"):
        await world.peer.say(room, body)
    sealed, cursor = await gather(channel, cursor, 2)
    assert [one.kind for one in sealed] == [Kind.SEALED, Kind.SEALED]
    assert {one.external_id for one in sealed} == {f"sealed:{room}:{session.id}"}

    device = peer.olm.device_store[world.bot.user_id]
    (ours,) = (one for one in device.values() if not one.deleted)
    await peer.keys_claim({world.bot.user_id: [ours.id]})
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": room,
        "session_id": session.id,
        "session_key": key,
    }
    olm = peer.olm._olm_encrypt(
        peer.olm.session_store.get(ours.curve25519), ours, "m.room_key", content
    )
    await peer.to_device(nio.ToDeviceMessage("m.room.encrypted", ours.user_id, ours.id, olm))
    late, _ = await gather(channel, cursor, 2)
    assert [(one.kind, one.text) for one in late] == [
        (Kind.MESSAGE, "aide"),
        (Kind.MESSAGE, "catalogue"),
    ]


async def test_a_room_of_ours_is_encrypted_unless_switched_off(world: World) -> None:
    channel = world.channel()
    await first(channel)
    user = world.peer.client.user_id
    await channel.send(delivery(user, words("bonjour"), "d1"))
    await world.peer.sync()
    (room,) = world.peer.client.invited_rooms
    await world.peer.client.join(room)
    await world.peer.sees(is_read("bonjour"))


async def test_who_left_reads_nothing_more(world: World) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    await channel.send(delivery(room, words("avant"), "g1"))
    await world.peer.sees(is_read("avant"))
    olm = channel._encryption._olm
    before = olm.outbound_group_sessions[room].id
    await world.peer.client.room_leave(room)
    await world.peer.room_with(world.bot.user_id)
    await gather(channel, cursor, 1)
    await channel.send(delivery(room, words("après"), "g2"))
    assert olm.outbound_group_sessions[room].id != before


async def test_a_lost_store_is_told_and_not_replaced(world: World) -> None:
    channel = world.channel()
    await first(channel)
    await channel.close()
    (world.data_dir / STORE).unlink()
    channel = world.channel()
    with capture_logs() as logs, pytest.raises(TryLater, match="other encryption keys"):
        await channel.send(delivery("!room", words("x"), "l1"))
    assert [entry["log_level"] for entry in logs if "encryption keys" in entry["event"]] == [
        "error"
    ]


async def test_a_passphrase_that_does_not_open_the_store(world: World) -> None:
    channel = world.channel()
    await first(channel)
    await channel.close()
    other = world.channel(store_passphrase=SecretStr("another"))
    with pytest.raises(TryLater, match="does not open"):
        await other.send(delivery("!room", words("x"), "l1"))


async def test_switched_off_nothing_is_opened(world: World) -> None:
    channel = world.channel(encryption=False)
    room, cursor = await together(world, channel)
    await world.peer.client.joined_members(room)
    await world.peer.say(room, "aide")
    (request,), _ = await gather(channel, cursor, 1)
    assert request.kind is Kind.SEALED
    assert not (world.data_dir / STORE).exists()


@pytest.mark.parametrize("stable", [True, False])
async def test_a_poll_and_its_votes(world: World, stable: bool) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    poll = Poll(verbatim("Quel jour ?"), (Option("1", verbatim("mardi")),))
    message = Message("k", room, "fr", Reply((poll,)))
    _words, unit = MatrixRenderer(stable_polls=stable).render(message)
    sent = await channel.send(delivery(room, unit.payload, "poll"))
    seen = await world.peer.sees(lambda event: event.event_id == sent)
    assert (seen.decrypted, seen.type) == (True, unit.payload["type"])
    assert "mardi" in json.dumps(seen.source["content"])

    kind, vote = ballot(sent, "1", stable=stable)
    voted = await world.peer.client.room_send(room, kind, vote, ignore_unverified_devices=True)
    (request,), cursor = await gather(channel, cursor, 1)
    assert (request.kind, request.text, request.answers) == (Kind.VOTE, "1", (sent,))
    await world.peer.client.room_redact(room, voted.event_id)
    (request,), cursor = await gather(channel, cursor, 1)
    assert (request.kind, request.revises) == (Kind.WITHDRAWAL, voted.event_id)

    (end,) = MatrixRenderer().close(unit.payload, verbatim("Clos."), "fr")
    ended = await channel.send(delivery(room, end.payload, "end", follows=sent))
    last = await world.peer.sees(lambda event: event.event_id == ended)
    assert (last.decrypted, last.type) == (True, end.payload["type"])
    assert last.source["content"]["m.relates_to"]["event_id"] == sent


async def test_an_edit_a_redaction_and_our_own(world: World) -> None:
    channel = world.channel()
    room, cursor = await together(world, channel)
    asked = await world.peer.say(room, "statistiqes")
    _, cursor = await gather(channel, cursor, 1)
    await world.peer.send(room, replacement(asked, "statistiques"))
    (request,), cursor = await gather(channel, cursor, 1)
    assert (request.kind, request.revises, request.text) == (Kind.EDIT, asked, "statistiques")
    await world.peer.client.room_redact(room, asked)
    (request,), cursor = await gather(channel, cursor, 1)
    assert (request.kind, request.revises) == (Kind.WITHDRAWAL, asked)

    sent = await channel.send(delivery(room, words("voici"), "k1"))
    for _ in range(2):
        assert await channel.send(delivery(room, {"action": "redact"}, "r1", follows=sent)) == ""
    await world.peer.sees(lambda event: getattr(event, "redacts", "") == sent)
    # What never went out, or is not there any more, is nothing to take back.
    assert await channel.send(delivery(room, {"action": "redact"}, "r2")) == ""
    gone = delivery(room, {"action": "redact"}, "r3", follows="$nowhere")
    assert await channel.send(gone) == ""


# -- a bad network ----------------------------------------------------------------------------


async def sent(channel: MatrixChannel, what: Delivery) -> str:
    """What the courier does: try again until it is sent, however long the network is bad."""
    async with asyncio.timeout(3 * SECONDS):
        while True:
            try:
                return await channel.send(what)
            except TryLater as later:
                await asyncio.sleep(later.after.total_seconds() if later.after else 0.1)


async def test_encrypted_commands_and_answers_over_a_bad_network(world: World) -> None:
    async with HttpFaults(world.server.url, seed=20261123) as proxy:
        channel = world.channel(homeserver=proxy.url)
        room, cursor = await together(world, channel)
        proxy.rate = 0.3
        answers: list[str] = []
        for number in range(12):
            await world.peer.say(room, f"aide {number}")
            (request,), cursor = await gather(channel, cursor, 1)
            assert (request.kind, request.text) == (Kind.MESSAGE, f"aide {number}")
            answers.append(await sent(channel, delivery(room, words(f"{number}"), f"b{number}")))
            # A killed process would try once more.
            again = delivery(room, words(f"{number}"), f"b{number}", unclear=True)
            assert await sent(channel, again) == answers[-1]
            await world.peer.sees(is_read(f"{number}"))
        faults = proxy.faults
    read = [event for event in world.peer.seen if getattr(event, "body", "").isdecimal()]
    assert [event.event_id for event in read] == answers
    assert [event.body for event in read] == [str(number) for number in range(12)]
    assert all(event.decrypted for event in read)
    assert faults.total() > 12


@pytest.mark.timeout(400)
async def test_files_over_a_network_that_cuts_them(world: World) -> None:
    content = PDF + bytes(500_000)
    form = Attachment("bon.pdf", "application/pdf", content)
    async with HttpFaults(world.server.url, seed=20261123) as proxy:
        proxy.kinds = (Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.CUT_SHORT, Fault.SHORTENED)
        channel = world.channel(homeserver=proxy.url)
        room, cursor = await together(world, channel)
        proxy.rate = 0.4
        payload = {"action": "file", "text": "bon.pdf"}
        # Until both ways were cut; the moments depend on what else is asked.
        for number in range(MOST_FILES):
            await sent(channel, delivery(room, payload, f"f{number}", files=(form,)))
            sealed, lock = encrypt_attachment(content)
            url = await stored(world, sealed)
            file = {"msgtype": "m.file", "body": "bon.pdf", "file": lock | {"url": url}}
            await world.peer.send(room, file)
            (request,), cursor = await gather(channel, cursor, 1)
            assert [one.content for one in request.files] == [content]
            # Often enough that nothing falls out of what one sync tells.
            await world.peer.sync()
            if {part for _fault, part in proxy.faults} >= {"upload", "download"}:
                break
        assert {part for _fault, part in proxy.faults} >= {"upload", "download"}
        proxy.rate = 0.0
        await channel.send(delivery(room, words("tout y est"), "f-end"))
        await world.peer.sees(is_read("tout y est"))
    events = [event for event in world.peer.seen if isinstance(event, nio.RoomEncryptedFile)]
    ours = [event for event in events if event.sender == world.bot.user_id]
    assert len(ours) == number + 1
    for event in ours:
        kept = (await world.peer.client.download(event.url)).body
        opened = decrypt_attachment(kept, event.key["k"], event.hashes["sha256"], event.iv)
        assert opened == content


async def stored(world: World, content: bytes) -> str:
    """A file that the person stores with the homeserver."""
    answer, _ = await world.peer.client.upload(
        BytesIO(content), content_type="application/octet-stream", filesize=len(content)
    )
    return str(answer.content_uri)


# -- several processes ------------------------------------------------------------------------


async def test_who_has_not_the_keys_leaves_matrix_to_who_has(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes, one access token, one database: only one place has the keys."""
    monkeypatch.setattr(leadership, "RENEWAL", 0.05)
    token = SecretStr(world.bot.access_token)
    database = Database.open(f"sqlite:///{tmp_path}/rows.sqlite3")
    metadata.create_all(database.engine)
    owner = world.channel(access_token=token)
    room, cursor = await together(world, owner)
    await owner.close()
    database.run(cursors.advance, "matrix", cursor, 0)

    elsewhere = world.settings.model_copy(update={"access_token": token})
    other = MatrixChannel(elsewhere, data_dir=tmp_path / "elsewhere")
    world.opened.append(other)
    owner = world.channel(access_token=token)
    read: asyncio.Queue[str] = asyncio.Queue()

    def leader(channel: MatrixChannel, name: str) -> asyncio.Task[None]:
        leads = leadership.Leadership(database, name, "matrix", lambda: channel.is_tied)
        return asyncio.create_task(leads.run(reading(channel, name, cursor, read)))

    async with asyncio.timeout(SECONDS):
        with capture_logs() as logs:
            # The wrong one comes first, and gives it up.
            wrong = leader(other, "other")
            while not any("left to other processes" in entry["event"] for entry in logs):
                await asyncio.to_thread(database.run, leases.alive)
            right = leader(owner, "owner")
            await world.peer.say(room, "aide")
            assert await read.get() == "owner: aide"
            while not await asyncio.to_thread(database.run, _is_reserved):
                pass
            # Then it goes, and the wrong one does not even try.
            for task in (right, wrong):
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            wrong = leader(other, "other")
            while not any("encryption keys lie" in entry["event"] for entry in logs):
                await asyncio.to_thread(database.run, leases.alive)
            wrong.cancel()
            await asyncio.gather(wrong, return_exceptions=True)
    told = [entry["event"] for entry in logs if entry["log_level"] == "error"]
    assert len(told) == 2
    assert "the homeserver knows other encryption keys" in told[0]
    assert "forget-keys" in told[1]
    database.close()


def reading(
    channel: MatrixChannel, name: str, cursor: str, read: asyncio.Queue[str]
) -> Callable[[int], Coroutine[None, None, None]]:
    """What a leader does: put down what it reads, in its name."""

    async def lead(_epoch: int) -> None:
        async with aclosing(channel.batches(cursor)) as batches:
            async for batch in batches:
                for request in batch.requests:
                    if request.kind not in MOVES:
                        read.put_nowait(f"{name}: {request.text}")

    return lead


def _is_reserved(session: Session) -> bool:
    lease = session.get(leases.Lease, leadership.lease_of("matrix"))
    return lease is not None and lease.reserved_for == "owner"
