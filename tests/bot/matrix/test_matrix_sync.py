"""The Matrix channel against a scripted homeserver: what goes wrong, and what must not be lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.channel import Batch, Delivery, Refused, TryLater
from bot.matrix import MatrixChannel
from bot.matrix.breaker import QUICK_ATTEMPTS
from bot.matrix.sync import MOST_TOGETHER
from bot.matrix.transport import Connection, MatrixError, TooLarge
from config.settings import Matrix
from handlers.request import Kind

US, YOU = "@supracom:x.example", "@helene:x.example"
ROOM = "!direct"
SECONDS = 10.0
CUT = object()
"""An answer that is no answer: the connection is cut."""
CUTS = (CUT, CUT)
"""What it takes to fail: on a kept connection aiohttp tries an idempotent request once more."""

Answer = Any
Script = Callable[[web.Request], Answer]


def failure(code: str, **more: Any) -> dict[str, Any]:
    return {"errcode": code, "error": code, **more}


@dataclass
class Fake:
    """A homeserver that says what it is told to; each route is an answer, or gives one."""

    routes: dict[str, Answer | Script] = field(default_factory=dict)
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        self.bodies.append(await request.read())
        answer = next((a for part, a in self.routes.items() if part in request.path), None)
        if callable(answer):
            answer = answer(request)
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer is CUT:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, body = answer if answer is not None else (404, failure("M_NOT_FOUND"))
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)

    def asked(self, part: str) -> list[web.Request]:
        return [request for request in self.requests if part in request.path]


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    homeserver = Fake()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", homeserver.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    homeserver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    homeserver.routes = {
        "/account/whoami": (200, {"user_id": US, "device_id": "DEV"}),
        "/directory/room/#membres": (200, {"room_id": "!members", "servers": []}),
        "/directory/room/#admins": (200, {"room_id": "!admins", "servers": []}),
        "/state/m.room.member/": (200, {"membership": "join"}),
        "/state/m.room.power_levels": (200, {"users": {}}),
        "/state/m.room.create": (200, {"sender": US, "content": {"room_version": "12"}}),
        "/joined_members": (200, {"joined": {US: {}, YOU: {"display_name": "Hélène"}}}),
        "/displayname": (200, {"displayname": "Supracom"}),
        "/send/": (200, {"event_id": "$sent"}),
        "/keys/query": (200, {"device_keys": {}}),
        "/keys/upload": (200, {"one_time_key_counts": {"signed_curve25519": 50}}),
    }
    yield homeserver
    await runner.cleanup()


class Pauses(list[float]):
    """Waits that take no time, and are counted."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def channel(fake: Fake, tmp_path: Path, pauses: Pauses) -> AsyncIterator[MatrixChannel]:
    settings = Matrix(
        homeserver=fake.url,
        user=US,
        access_token=SecretStr("token"),
        members_room="#membres:x.example",
        admins_room="#admins:x.example",
        invites_from=("x.example",),
    )
    made = MatrixChannel(settings, data_dir=tmp_path, pause=pauses)
    yield made
    await made.close()


def event(number: int, **content: Any) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": f"${number}",
        "sender": YOU,
        "origin_server_ts": 1_774_353_600_000 + number,
        "content": {"msgtype": "m.text", "body": f"message {number}", **content},
    }


def answer(token: str, *events: dict[str, Any], **timeline: Any) -> Answer:
    room = {"timeline": {"events": list(events), "prev_batch": "p0", **timeline}}
    return 200, {"next_batch": token, "rooms": {"join": {ROOM: room}} if events else {}}


def script(*answers: Answer) -> Script:
    """One answer after the other; after the last, nothing happens any more."""
    left = list(answers)

    async def never() -> Answer:
        await asyncio.sleep(3600)

    return lambda _: left.pop(0) if left else never()


async def first(channel: MatrixChannel, cursor: str | None) -> Batch:
    async with asyncio.timeout(SECONDS), aclosing(channel.batches(cursor)) as batches:
        async for batch in batches:
            return batch
    raise AssertionError("no batch")


def texts(batch: Batch) -> list[str]:
    return [request.text for request in batch.requests]


async def test_the_first_sync_has_no_past(fake: Fake, channel: MatrixChannel) -> None:
    fake.routes["/sync"] = script(answer("s1", event(1), limited=True))
    assert await first(channel, None) == Batch([], "s1")
    (request,) = fake.asked("/sync")
    assert "since" not in request.query
    assert request.query["timeout"] == "0"
    assert fake.asked("/messages") == []


async def test_a_batch_has_the_cursor_after_it(fake: Fake, channel: MatrixChannel) -> None:
    fake.routes["/sync"] = script(answer("s2", event(1), event(2)), answer("s3", event(3)))
    async with asyncio.timeout(SECONDS), aclosing(channel.batches("s1")) as batches:
        one, two = [await anext(batches), await anext(batches)]
    assert (texts(one), one.cursor) == (["message 1", "message 2"], "s2")
    assert (texts(two), two.cursor) == (["message 3"], "s3")
    assert [r.query["since"] for r in fake.asked("/sync")][:2] == ["s1", "s2"]
    assert one.requests[0].display_name == "Hélène"


async def test_quiet_answers_are_not_handed_on(fake: Fake, channel: MatrixChannel) -> None:
    fake.routes["/sync"] = script(answer("s2"), answer("s3"), answer("s4", event(1)))
    assert (await first(channel, "s1")).cursor == "s4"


BROKEN: list[Answer] = [
    (502, "<html>bad gateway</html>"),
    (500, failure("M_UNKNOWN")),
    (200, "<html>captive portal</html>"),
    (200, {"rooms": {}}),
    (200, []),
    (404, "not found"),
]


async def test_back_off_grows_and_nothing_is_lost(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    fake.routes["/sync"] = script(*BROKEN, *CUTS, answer("s2", event(1)))
    assert texts(await first(channel, "s1")) == ["message 1"]
    ceilings = [min(60.0, 2.0**n) for n in range(len(BROKEN) + 1)]
    assert len(pauses) == len(ceilings)
    assert all(
        ceiling / 2 <= waited <= ceiling for waited, ceiling in zip(pauses, ceilings, strict=True)
    )
    assert {r.query["since"] for r in fake.asked("/sync")} == {"s1"}


async def test_the_asked_wait_is_kept(fake: Fake, channel: MatrixChannel, pauses: Pauses) -> None:
    fake.routes["/sync"] = script(
        (429, failure("M_LIMIT_EXCEEDED", retry_after_ms=12_345)), answer("s2", event(1))
    )
    await first(channel, "s1")
    assert pauses == [12.345]


async def test_a_lost_login_is_said_once_and_tried_slowly(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    gone = (401, failure("M_UNKNOWN_TOKEN"))
    fake.routes["/sync"] = script(gone, gone, gone, answer("s2", event(1)))
    with capture_logs() as logs:
        await first(channel, "s1")
    assert pauses == [60.0] * 3
    assert [entry["log_level"] for entry in logs] == ["error"]
    assert "token" not in json.dumps(logs).replace("M_UNKNOWN_TOKEN", "").replace(
        "access token", ""
    )


def pages(fake: Fake, *chunks: Answer) -> None:
    """Pages of a room's past, each continued by the next."""
    made = []
    for index, chunk in enumerate(chunks):
        if isinstance(chunk, list):
            end = {"end": f"p{index + 1}"} if index + 1 < len(chunks) else {}
            made.append((200, {"start": "x", "chunk": chunk, **end}))
        else:
            made.append(chunk)
    fake.routes["/messages"] = script(*made)


async def test_a_cut_timeline_is_completed_in_order(fake: Fake, channel: MatrixChannel) -> None:
    fake.routes["/sync"] = script(answer("s2", event(7), event(8), limited=True))
    pages(fake, [event(6), event(5)], [], [event(4), event(3)], [event(3), event(2)])
    batch = await first(channel, "s1")
    assert texts(batch) == [f"message {n}" for n in range(2, 9)]
    assert batch.cursor == "s2"
    asked = fake.asked("/messages")
    assert [r.query["from"] for r in asked] == ["p0", "p1", "p2", "p3"]
    assert {(r.query["to"], r.query["dir"]) for r in asked} == {("s1", "b")}


async def test_a_failing_completion_goes_on_where_it_was(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    fake.routes["/sync"] = script(answer("s2", event(3), limited=True))
    more = (200, {"start": "x", "chunk": [event(2)], "end": "p1"})
    last = (200, {"start": "x", "chunk": [event(1)]})
    fake.routes["/messages"] = script((502, "<html>"), more, *CUTS, last)
    assert texts(await first(channel, "s1")) == ["message 1", "message 2", "message 3"]
    assert len(pauses) == 2
    assert len(fake.asked("/sync")) == 1
    asked = [request.query["from"] for request in fake.asked("/messages")]
    assert list(dict.fromkeys(asked)) == ["p0", "p1"]


async def test_what_piled_up_comes_in_batches_and_the_cursor_moves_with_the_last(
    fake: Fake, channel: MatrixChannel
) -> None:
    events = [event(number) for number in range(1, 2 * MOST_TOGETHER + 51)]
    fake.routes["/sync"] = script(answer("s2", *events[-50:], limited=True), answer("s3", event(0)))
    newest, oldest = events[MOST_TOGETHER:-50][::-1], events[:MOST_TOGETHER][::-1]
    pages(fake, newest, oldest)
    async with asyncio.timeout(SECONDS), aclosing(channel.batches("s1")) as batches:
        got = [await anext(batches) for _ in range(4)]
    assert [batch.cursor for batch in got] == ["s1", "s1", "s2", "s3"]
    assert [text for batch in got[:3] for text in texts(batch)] == [
        f"message {n}" for n in range(1, len(events) + 1)
    ]
    assert all(len(batch.requests) <= MOST_TOGETHER for batch in got)


async def test_an_invitation_in_a_gap_ends_it(fake: Fake, channel: MatrixChannel) -> None:
    content = {"membership": "invite"}
    invited = event(4) | {"type": "m.room.member", "state_key": US, "content": content}
    fake.routes["/sync"] = script(answer("s2", event(7), limited=True))
    pages(fake, [event(6), event(5), invited, event(3)], [event(2)])
    assert texts(await first(channel, "s1")) == ["message 5", "message 6", "message 7"]
    assert len(fake.asked("/messages")) == 1


async def test_a_room_that_shut_us_out_does_not_stop_the_others(
    fake: Fake, channel: MatrixChannel
) -> None:
    fake.routes["/sync"] = script(answer("s2", event(3), limited=True))
    fake.routes["/messages"] = (403, failure("M_FORBIDDEN"))
    with capture_logs() as logs:
        assert texts(await first(channel, "s1")) == ["message 3"]
    assert "error" in [entry["log_level"] for entry in logs]


async def test_ill_formed_events_do_not_stop_the_others(fake: Fake, channel: MatrixChannel) -> None:
    # matrix-nio 0.26 raises TypeError on such a time, for the whole answer.
    odd = event(1) | {"origin_server_ts": "hier"}
    worse: Any = [{"content": 5}, {"event_id": 5, "content": {}}, {"unsigned": 5}]
    fake.routes["/sync"] = script(answer("s2", odd, *worse, event(2)))
    assert texts(await first(channel, "s1")) == ["message 1", "message 2"]


async def test_who_is_there_is_asked_once_until_it_changes(
    fake: Fake, channel: MatrixChannel
) -> None:
    third = {
        **event(9),
        "type": "m.room.member",
        "state_key": "@third:x.example",
        "content": {"membership": "join"},
    }
    fake.routes["/sync"] = script(
        answer("s2", event(1)), answer("s3", event(2)), answer("s4", third, event(3))
    )
    async with asyncio.timeout(SECONDS), aclosing(channel.batches("s1")) as batches:
        assert (await anext(batches)).requests[0].direct
        assert (await anext(batches)).requests[0].direct
        assert len(fake.asked("/joined_members")) == 1
        three: dict[str, Any] = {US: {}, YOU: {}, "@third:x.example": {}}
        fake.routes["/joined_members"] = (200, {"joined": three})
        (request,) = (await anext(batches)).requests
    assert (request.direct, request.addressed) == (False, False)


async def test_invitations_from_elsewhere_are_left_alone(
    fake: Fake, channel: MatrixChannel
) -> None:
    def invited(sender: str) -> dict[str, Any]:
        content = {"membership": "invite"}
        mine = {"type": "m.room.member", "state_key": US, "sender": sender, "content": content}
        return {"invite_state": {"events": [mine]}}

    rooms = {"invite": {"!near": invited(YOU), "!far": invited("@spam:evil.example"), "!odd": 5}}
    fake.routes["/sync"] = script((200, {"next_batch": "s2", "rooms": rooms}))
    (got,) = (await first(channel, None)).requests
    assert (got.kind, got.conversation, got.sender) == (Kind.INVITATION, "!near", YOU)


async def test_opening_is_tried_until_it_works(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    fake.routes["/account/whoami"] = script(
        (502, "<html>"), *CUTS, (200, {"user_id": US, "device_id": "DEV"})
    )
    fake.routes["/sync"] = script(answer("s2", event(1)))
    assert texts(await first(channel, "s1")) == ["message 1"]
    assert len(pauses) == 2


async def test_a_download_that_fails_is_tried_again_then_told(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    file = event(1, msgtype="m.file", body="plan.pdf", url="mxc://x.example/1")
    fake.routes["/sync"] = script(answer("s2", file))
    fake.routes["/media/download"] = (502, "<html>")
    (got,) = (await first(channel, "s1")).requests
    assert (got.kind, got.files) == (Kind.UNREADABLE, ())
    assert len(fake.asked("/media/download")) == len(pauses) == 5


async def test_a_homeserver_that_is_away_costs_no_file(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    file = event(1, msgtype="m.file", body="plan.pdf", url="mxc://x.example/1")
    fake.routes["/sync"] = script(answer("s2", file))
    fake.routes["/media/download"] = script((502, "<html>"), (200, {"a": "plan"}))
    known = (200, {"user_id": US, "device_id": "DEV"})
    fake.routes["/account/whoami"] = script(known, *[(502, "<html>")] * 20, known)
    (got,) = (await first(channel, "s1")).requests
    assert [kept.name for kept in got.files] == ["plan.pdf"]
    assert len(pauses) == 21


async def test_a_file_too_large_is_not_read(fake: Fake) -> None:
    fake.routes["/media/download"] = (200, "x" * 5_000)
    connection = Connection(fake.url, US)
    with pytest.raises(TooLarge):
        await connection.download("mxc://x.example/1", 4_999)
    assert len(await connection.download("mxc://x.example/1", 5_000)) == 5_000
    await connection.close()


# -- sending --------------------------------------------------------------------------------


def delivery(destination: str = ROOM, **more: Any) -> Delivery:
    content = {"msgtype": "m.notice", "body": "x"}
    usual: dict[str, Any] = {
        "id": 1,
        "key": "key-1",
        "destination": destination,
        "payload": {"action": "message", "content": content},
        "external_id": None,
        "follows": None,
        "unclear": False,
        "age": timedelta(0),
    }
    return Delivery(**usual | more)


SOON = object()
"""A wait of at most a second, that was drawn."""


@pytest.mark.parametrize(
    ("answer", "error", "after", "tried"),
    [
        ((429, failure("M_LIMIT_EXCEEDED", retry_after_ms=1500)), TryLater, 1.5, False),
        ((429, "slow down"), TryLater, SOON, False),
        ((500, failure("M_UNKNOWN")), TryLater, None, True),
        ((502, "<html>"), TryLater, SOON, False),
        ((404, "<html>"), TryLater, SOON, False),
        ((200, "<html>captive portal</html>"), TryLater, SOON, False),
        (CUT, TryLater, SOON, False),
        ((401, failure("M_UNKNOWN_TOKEN")), TryLater, 60.0, False),
        ((403, failure("M_FORBIDDEN")), Refused, None, True),
        ((404, failure("M_NOT_FOUND")), Refused, None, True),
        ((400, failure("M_BAD_JSON")), Refused, None, True),
        ((413, failure("M_TOO_LARGE")), Refused, None, True),
        ((413, "<html>"), Refused, None, True),
    ],
)
async def test_what_an_error_means(
    fake: Fake,
    channel: MatrixChannel,
    answer: Answer,
    error: type[Exception],
    after: object,
    tried: bool,
) -> None:
    fake.routes["/send/"] = answer
    with pytest.raises(error) as caught:
        await channel.send(delivery())
    waits = getattr(caught.value, "after", None)
    seconds = waits.total_seconds() if waits else None
    assert 0.5 <= seconds <= 1.0 if after is SOON and seconds else seconds == after
    assert getattr(caught.value, "tried", True) is tried
    # aiohttp sends an idempotent request once more when a kept connection turns out dead.
    assert len(fake.asked("/send/")) <= 2


async def attempt(channel: MatrixChannel, room: str = ROOM) -> TryLater | None:
    """One delivery; why it did not succeed."""
    try:
        await channel.send(delivery(room))
    except TryLater as later:
        return later
    return None


async def test_one_rooms_limit_does_not_stop_the_others(fake: Fake, channel: MatrixChannel) -> None:
    limited = (429, failure("M_LIMIT_EXCEEDED", retry_after_ms=60_000))
    fake.routes = {f"/rooms/{ROOM}/send/": limited, **fake.routes}
    for _ in range(20):
        later = await attempt(channel)
        assert later is not None
        assert (later.after, later.tried) == (timedelta(minutes=1), False)
        assert await attempt(channel, "!other") is None


async def test_a_homeserver_that_is_away_is_asked_seldom_and_costs_no_attempt(
    fake: Fake, channel: MatrixChannel
) -> None:
    assert await attempt(channel) is None
    fake.routes["/send/"] = (502, "<html>")
    fake.requests.clear()
    for _ in range(20):
        later = await attempt(channel)
        assert later is not None
        assert not later.tried
    assert len(fake.requests) == 1


async def test_a_lost_login_is_told_once_by_whoever_meets_it(
    fake: Fake, channel: MatrixChannel, pauses: Pauses
) -> None:
    assert await attempt(channel) is None
    gone = (401, failure("M_UNKNOWN_TOKEN"))
    fake.routes["/send/"] = gone
    fake.routes["/sync"] = script(gone, gone, answer("s2", event(1)))
    fake.requests.clear()
    with capture_logs() as logs:
        for room in (ROOM, "!other", ROOM):
            later = await attempt(channel, room)
            assert later is not None
            assert not later.tried
        await first(channel, "s1")
    assert len(fake.asked("/send/")) == 1
    assert pauses == [60.0, 60.0]
    assert [entry["log_level"] for entry in logs] == ["error"]


async def test_what_a_proxy_does_not_bear_of_one_message_counts_in_the_end(
    fake: Fake, channel: MatrixChannel
) -> None:
    fake.routes = {f"/rooms/{ROOM}/send/": (403, "<html>blocked</html>"), **fake.routes}
    seen = []
    for _ in range(QUICK_ATTEMPTS + 2):
        later = await attempt(channel)
        assert later is not None
        seen.append((later.tried, later.after is None))
        channel._breaker._rests_until = 0.0
        assert await attempt(channel, "!other") is None
    assert seen == [(False, False)] * QUICK_ATTEMPTS + [(True, True)] * 2


async def test_nothing_is_a_messages_fault_while_the_rooms_are_not_there(
    fake: Fake, channel: MatrixChannel
) -> None:
    fake.routes["/directory/room/#membres"] = (403, failure("M_FORBIDDEN"))
    for _ in range(3):
        with pytest.raises(TryLater):
            await channel.send(delivery())
    assert len(fake.asked("/directory/")) == 1


@pytest.mark.parametrize(
    ("destination", "more", "payload", "relation"),
    [
        (ROOM, {}, {}, None),
        (ROOM, {"follows": "$f"}, {}, None),
        (YOU, {"follows": "$f"}, {}, None),
        (ROOM, {}, {"answers": "$a"}, {"m.in_reply_to": {"event_id": "$a"}}),
        (ROOM, {}, {"answers": "invite:!r:$i"}, None),
        (
            "room:members",
            {"follows": "$f"},
            {},
            {
                "rel_type": "m.thread",
                "event_id": "$f",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$f"},
            },
        ),
        (
            "room:members",
            {"follows": "$f"},
            {"thread": "$r", "answers": "$a"},
            {
                "rel_type": "m.thread",
                "event_id": "$r",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$a"},
            },
        ),
    ],
)
async def test_what_is_sent(
    fake: Fake,
    channel: MatrixChannel,
    destination: str,
    more: dict[str, Any],
    payload: dict[str, Any],
    relation: dict[str, Any] | None,
) -> None:
    fake.routes["/directory/room/#supracom-direct"] = (200, {"room_id": "!d", "servers": []})
    base = delivery().payload
    sent = await channel.send(delivery(destination, payload={**base, **payload}, **more))
    assert sent == "$sent"
    (request,) = fake.asked("/send/")
    assert request.path.endswith("/send/m.room.message/key-1")
    content = json.loads(fake.bodies[fake.requests.index(request)])
    assert content.pop("be.supracom.key") == "key-1"
    assert content.pop("m.relates_to", None) == relation
    assert content == base["content"]


@pytest.mark.parametrize("destination", ["room:nowhere", "x", "members"])
async def test_an_unknown_destination(channel: MatrixChannel, destination: str) -> None:
    with pytest.raises(Refused):
        await channel.send(delivery(destination))


async def test_the_token_must_be_ours(fake: Fake, channel: MatrixChannel) -> None:
    fake.routes["/account/whoami"] = (200, {"user_id": "@other:x.example", "device_id": "D"})
    with pytest.raises(TryLater):
        await channel.send(delivery())


async def test_a_connection_refused_is_a_matrix_error() -> None:
    connection = Connection("http://127.0.0.1:1", US)
    with pytest.raises(MatrixError) as caught:
        await connection.get(["sync"])
    assert caught.value.status == 0
    await connection.close()
