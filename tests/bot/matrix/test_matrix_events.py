"""Room events into requests: one table for each question."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.events import (
    Media,
    Ourselves,
    Reading,
    Scene,
    display_names,
    read,
    read_invitation,
    since_invited,
    split_quotation,
)
from handlers.request import Incoming, Kind, Place

US = Ourselves("@supracom:x.example", "Supracom")
YOU = "@helene:x.example"
NOW = datetime(2026, 3, 24, 12, 0, tzinfo=UTC)
DIRECT = Scene("!d", NOW, direct=True, names={YOU: "Hélène"})
MEMBERS = Scene("!m:x.example", NOW, place=Place.MEMBERS)
GROUP = Scene("!g", NOW)
LINK = "https://matrix.to/#/@supracom:x.example"
MENTION = {"m.mentions": {"user_ids": [US.user]}}


def event(content: Any, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    head = {"event_id": "$e", "sender": YOU, "origin_server_ts": 1_774_353_600_000}
    return {**head, "type": kind, "content": content, **more}


def said(body: Any, **more: Any) -> dict[str, Any]:
    return event({"msgtype": "m.text", "body": body, **more})


def incoming(told: Any, scene: Scene = DIRECT) -> Incoming:
    reading = read(told, scene, US)
    assert reading is not None
    return reading.incoming


def test_a_message() -> None:
    assert incoming(said("!aide")) == Incoming(
        channel="matrix",
        external_id="$e",
        conversation="!d",
        sender=YOU,
        sent_at=NOW,
        text="aide",
        display_name="Hélène",
        interactive=True,
    )


@pytest.mark.parametrize(
    ("scene", "conversation", "place", "direct"),
    [
        (DIRECT, "!d", None, True),
        (GROUP, "!g", None, False),
        (MEMBERS, "room:members", Place.MEMBERS, False),
    ],
)
def test_where(scene: Scene, conversation: str, place: Place | None, direct: bool) -> None:
    got = incoming(said("bonjour"), scene)
    assert (got.conversation, got.place, got.direct) == (conversation, place, direct)


@pytest.mark.parametrize(
    ("body", "more", "addressed", "text"),
    [
        ("bonjour à tous", {}, False, "bonjour à tous"),
        ("!aide", {}, True, "aide"),
        ("! aide moi", {}, True, "aide moi"),
        ("  !aide  ", {}, True, "aide"),
        ("!!! attention", {}, False, "!!! attention"),
        ("!", {}, False, "!"),
        ("Supracom: aide", {}, True, "aide"),
        ("supracom, aide", {}, True, "aide"),
        ("Supracom : aide", {}, True, "aide"),
        ("@supracom:x.example aide", {}, True, "aide"),
        ("@supracom:x.example: !aide", {}, True, "aide"),
        ("@supracom: aide", {}, True, "aide"),
        ("Supracom est utile", {}, False, "Supracom est utile"),
        ("Supracommunal: oui", {}, False, "Supracommunal: oui"),
        ("Supracom aide", MENTION, True, "aide"),
        ("Supracom", MENTION, True, ""),
        ("merci Supracom", MENTION, True, "merci Supracom"),
        (f"[Supracom]({LINK}) aide", {}, True, "aide"),
        (f"[Supracom]({LINK}): !aide", {}, True, "aide"),
        ("[Autre](https://matrix.to/#/@autre:x.example) aide", {}, False, None),
        ("aide", {"formatted_body": f'<a href="{LINK}">Supracom</a> aide'}, True, "aide"),
        ("aide", {"formatted_body": '<a href="https://matrix.to/#/@b:x">b</a>'}, False, "aide"),
        ("aide", {"formatted_body": LINK, "m.mentions": {"user_ids": []}}, False, "aide"),
        ("aide", {"formatted_body": 5, "m.mentions": 5}, False, "aide"),
    ],
)
def test_to_whom(body: str, more: dict[str, Any], addressed: bool, text: str | None) -> None:
    got = incoming(said(body, **more), MEMBERS)
    assert got.addressed is addressed
    assert got.text == (body if text is None else text)


def test_alone_with_us_everything_is_for_us() -> None:
    got = incoming(said("je voudrais m'inscrire"))
    assert (got.addressed, got.text) == (True, "je voudrais m'inscrire")


@pytest.mark.parametrize(
    ("relation", "answers", "thread"),
    [
        ({}, (), None),
        ({"m.in_reply_to": {"event_id": "$a"}}, ("$a",), None),
        ({"rel_type": "m.thread", "event_id": "$r"}, ("$r",), "$r"),
        (
            {
                "rel_type": "m.thread",
                "event_id": "$r",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$last"},
            },
            ("$r",),
            "$r",
        ),
        (
            {
                "rel_type": "m.thread",
                "event_id": "$r",
                "is_falling_back": False,
                "m.in_reply_to": {"event_id": "$a"},
            },
            ("$a", "$r"),
            "$r",
        ),
        (
            {"rel_type": "m.thread", "event_id": "$r", "m.in_reply_to": {"event_id": "$r"}},
            ("$r",),
            "$r",
        ),
        ({"rel_type": "m.thread", "event_id": 5, "m.in_reply_to": []}, (), None),
        ("nonsense", (), None),
    ],
)
def test_in_answer_to_what(relation: Any, answers: tuple[str, ...], thread: str | None) -> None:
    got = incoming(said("oui", **{"m.relates_to": relation}))
    assert (got.answers, got.thread) == (answers, thread)


@pytest.mark.parametrize(
    ("body", "quoted", "text"),
    [
        ("> <@a:x> un\n> deux\n\noui", "un\ndeux", "oui"),
        ("> * <@a:x> agit\n\noui\n\nvite", "agit", "oui\n\nvite"),
        ("> <@a:x> un\n>\n> trois\noui", "un\n\ntrois", "oui"),
        ("> une citation à moi\n\noui", "", "> une citation à moi\n\noui"),
        ("> <@a:x> rien d'autre", "rien d'autre", ""),
        ("oui", "", "oui"),
        ("", "", ""),
    ],
)
def test_the_quotation_is_cut(body: str, quoted: str, text: str) -> None:
    assert split_quotation(body) == (quoted, text)


def test_a_quotation_is_only_cut_from_an_answer() -> None:
    body = "> <@a:x> un\n\n!oui"
    relation = {"m.relates_to": {"m.in_reply_to": {"event_id": "$a"}}}
    answer = incoming(said(body, **relation), MEMBERS)
    assert (answer.quoted, answer.text, answer.addressed) == ("un", "oui", True)
    assert incoming(said(body), MEMBERS).text == body


@pytest.mark.parametrize(
    "told",
    [
        event({"msgtype": "m.notice", "body": "!aide"}),
        event({"msgtype": "m.emote", "body": "!aide"}),
        event({"msgtype": "m.location", "body": "!aide"}),
        event({"msgtype": "m.text", "body": "!aide"}, sender=US.user),
        said("* !aide", **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}),
        event({}),
        said("!aide") | {"unsigned": {"redacted_because": {}}},
        event({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$1"}}, "m.reaction"),
        event({"m.relates_to": {"rel_type": "m.annotation", "key": "x"}}, "m.reaction"),
        event({"name": "x"}, "m.room.name", state_key=""),
        said("!aide") | {"event_id": 5},
        said("!aide") | {"sender": None},
        "nonsense",
        None,
    ],
)
def test_what_is_left_alone(told: Any) -> None:
    assert read(told, DIRECT, US) is None


@pytest.mark.parametrize(
    ("told", "scene", "kind"),
    [
        (said(5), DIRECT, Kind.UNREADABLE),
        (said(5), MEMBERS, None),
        (said(5, **MENTION), MEMBERS, Kind.UNREADABLE),
        (event({"body": "!aide"}), DIRECT, Kind.UNREADABLE),
        (event({"msgtype": "m.file", "body": "x", "url": 5}), DIRECT, Kind.UNREADABLE),
        (event({"algorithm": "m.megolm.v1.aes-sha2"}, "m.room.encrypted"), DIRECT, Kind.SEALED),
        (event({"algorithm": "m.megolm.v1.aes-sha2"}, "m.room.encrypted"), MEMBERS, None),
    ],
)
def test_what_cannot_be_read(told: Any, scene: Scene, kind: Kind | None) -> None:
    reading = read(told, scene, US)
    assert (reading.incoming.kind if reading else None) == kind
    assert reading is None or reading.incoming.text == ""


@pytest.mark.parametrize(("key", "text"), [("✔️", "✔"), ("👍", "👍"), ("❤️‍🔥", "❤‍🔥")])
def test_a_reaction(key: str, text: str) -> None:
    relation = {"rel_type": "m.annotation", "event_id": "$1", "key": key}
    got = incoming(event({"m.relates_to": relation}, "m.reaction"), MEMBERS)
    assert (got.kind, got.text, got.answers) == (Kind.REACTION, text, ("$1",))


def member(user: str, membership: str, **more: Any) -> dict[str, Any]:
    return event({"membership": membership}, "m.room.member", state_key=user, **more)


BEFORE = {"prev_content": {"membership": "join"}}
CALLED = {"prev_content": {"membership": "invite"}}
OTHER = "@other:x.example"


@pytest.mark.parametrize(
    ("told", "scene", "moves"),
    [
        (member(YOU, "join"), MEMBERS, (Kind.ARRIVAL, YOU)),
        (member(YOU, "join", unsigned=CALLED), MEMBERS, (Kind.ARRIVAL, YOU)),
        (member(YOU, "join", unsigned=BEFORE), MEMBERS, None),
        (member(YOU, "join"), GROUP, (Kind.ARRIVAL, YOU)),
        (member(YOU, "leave", unsigned=BEFORE), MEMBERS, (Kind.DEPARTURE, YOU)),
        (member(YOU, "leave", unsigned=CALLED), DIRECT, (Kind.DEPARTURE, YOU)),
        (member(OTHER, "leave", unsigned=BEFORE), MEMBERS, (Kind.DEPARTURE, OTHER)),
        (member(OTHER, "ban"), MEMBERS, (Kind.DEPARTURE, OTHER)),
        (member(OTHER, "invite"), MEMBERS, None),
        (member(OTHER, "knock"), MEMBERS, None),
        (member(US.user, "join", sender=US.user), MEMBERS, None),
    ],
)
def test_who_comes_and_goes(told: Any, scene: Scene, moves: tuple[Kind, str] | None) -> None:
    reading = read(told, scene, US)
    assert (reading and (reading.incoming.kind, reading.incoming.sender)) == moves


FILE = {"url": "mxc://x.example/1", "info": {"mimetype": "application/pdf"}}


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        ({"body": "plan.pdf", **FILE}, "plan.pdf", ""),
        ({"body": "plan.pdf", "filename": "plan.pdf", **FILE}, "plan.pdf", ""),
        (
            {"body": "!document urbanisme", "filename": "p.pdf", **FILE},
            "p.pdf",
            "document urbanisme",
        ),
        ({**FILE}, "file", ""),
    ],
)
def test_a_file(content: dict[str, Any], name: str, text: str) -> None:
    reading = read(event({"msgtype": "m.file", **content}), DIRECT, US)
    assert reading is not None
    assert reading.media == Media("mxc://x.example/1", name, "application/pdf")
    assert reading.incoming.text == text
    assert reading.with_file(b"x").files[0].content == b"x"
    assert reading.without_file().kind is Kind.UNREADABLE


def test_files_among_members_are_not_fetched() -> None:
    content = {"msgtype": "m.image", "body": "chat.png", **FILE}
    assert read(event(content), MEMBERS, US) is None
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$r"}}
    assert isinstance(read(event(content | thread), MEMBERS, US), Reading)


@pytest.mark.parametrize("stamp", [10**30, -(10**30), "hier", None, True, 1.5])
def test_an_impossible_time_is_the_time_of_reception(stamp: Any) -> None:
    assert incoming(said("x") | {"origin_server_ts": stamp}).sent_at == NOW


def test_text_that_no_database_takes_is_cleaned() -> None:
    assert incoming(said("a\0b\ud800c")).text == "ab\ufffdc"


def test_text_that_turns_the_words_around_is_straightened() -> None:
    """Attack: what is said back reads otherwise than it is, or a file shows another extension."""
    turned = "fiche \u202eesrever\u202c\u2066 👩\u200d🚒 ne\u200f"
    assert incoming(said(turned)).text == "fiche esrever 👩\u200d🚒 ne"


def test_an_invitation() -> None:
    mine = member(US.user, "invite")
    state = [event({"name": "x"}, "m.room.name"), mine]
    got = read_invitation("!r", {"invite_state": {"events": state}}, US, "s1", NOW)
    assert got is not None
    assert (got.kind, got.sender, got.conversation) == (Kind.INVITATION, YOU, "!r")
    assert got.external_id == "invite:!r:$e"
    del mine["event_id"], mine["origin_server_ts"]
    got = read_invitation("!r", {"invite_state": {"events": state}}, US, "s1", NOW)
    assert got is not None
    assert (got.external_id, got.sent_at) == ("invite:!r:s1", NOW)


@pytest.mark.parametrize("update", [None, {}, {"invite_state": 5}, {"invite_state": {"events": 5}}])
def test_an_ill_formed_invitation(update: Any) -> None:
    assert read_invitation("!r", update, US, "s1", NOW) is None


def test_only_what_follows_the_invitation() -> None:
    before, after = said("avant"), said("après")
    joined = member(US.user, "join")
    assert since_invited([before, after], US.user) == [before, after]
    assert since_invited([before, joined, after], US.user) == [before, joined, after]
    assert since_invited([before, member(US.user, "invite"), after], US.user) == [after]
    assert since_invited([before, member(YOU, "invite"), after], US.user)[0] == before


REPLACED = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}


def edit(new: Any, **more: Any) -> dict[str, Any]:
    return said("* quelque chose", **{**REPLACED, "m.new_content": new, **more})


@pytest.mark.parametrize(
    ("new", "scene", "addressed", "text"),
    [
        ({"msgtype": "m.text", "body": "catalogue"}, DIRECT, True, "catalogue"),
        ({"msgtype": "m.text", "body": "!catalogue"}, MEMBERS, True, "catalogue"),
        ({"msgtype": "m.text", "body": "catalogue"}, MEMBERS, False, "catalogue"),
        ({"msgtype": "m.text", "body": "aide", **MENTION}, MEMBERS, True, "aide"),
        ({"msgtype": "m.text", "body": "> <@a:x> un\n\n!oui"}, MEMBERS, True, "oui"),
    ],
)
def test_an_edit_says_what_a_message_now_is(
    new: dict[str, Any], scene: Scene, addressed: bool, text: str
) -> None:
    got = incoming(edit(new), scene)
    assert (got.kind, got.revises, got.addressed, got.text) == (Kind.EDIT, "$1", addressed, text)


def test_an_edited_caption_comes_with_its_file() -> None:
    new = {"msgtype": "m.file", "body": "délibération Smart", "filename": "d.pdf", **FILE}
    reading = read(edit(new), DIRECT, US)
    assert reading is not None
    assert (reading.incoming.kind, reading.incoming.revises) == (Kind.EDIT, "$1")
    assert reading.incoming.text == "délibération Smart"
    assert reading.media == Media("mxc://x.example/1", "d.pdf", "application/pdf")


@pytest.mark.parametrize(
    "told",
    [
        edit({"msgtype": "m.notice", "body": "aide"}),
        edit({"msgtype": ["m.file"], "body": "aide"}),
        edit({"msgtype": "m.text", "body": 5}),
        edit({"msgtype": "m.text"}),
        edit("nonsense"),
        edit({"msgtype": "m.text", "body": "aide"}) | {"sender": US.user},
        said("x", **{"m.relates_to": {"rel_type": "m.replace", "event_id": 5}}),
    ],
)
def test_an_edit_that_is_none(told: Any) -> None:
    assert read(told, DIRECT, US) is None


@pytest.mark.parametrize(
    ("content", "more"),
    [
        ({"redacts": "$1"}, {}),
        ({}, {"redacts": "$1"}),
        ({"redacts": "$1", "reason": "oups"}, {"redacts": "$1"}),
        ({"redacts": 5}, {"redacts": "$1"}),
    ],
)
def test_a_message_is_taken_back(content: Any, more: dict[str, Any]) -> None:
    got = incoming(event(content, "m.room.redaction", **more), MEMBERS)
    assert (got.kind, got.revises, got.text) == (Kind.WITHDRAWAL, "$1", "")


@pytest.mark.parametrize("content", [{}, {"redacts": 5}, "nonsense"])
def test_a_redaction_of_nothing(content: Any) -> None:
    assert read(event(content, "m.room.redaction", redacts=None), DIRECT, US) is None


POLL = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$p"}}
EARLIER = "org.matrix.msc3381.poll.response"


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("m.poll.response", {"m.selections": ["1"]}, "1"),
        ("m.poll.response", {"m.selections": ["1", "2"]}, "1\n2"),
        (EARLIER, {EARLIER: {"answers": ["1", "2"]}}, "1\n2"),
        # A vote that is ill-formed takes the one before it back, as an empty one does.
        (EARLIER, {EARLIER: {"answers": []}}, ""),
        (EARLIER, {EARLIER: {"answers": [1]}}, ""),
        (EARLIER, {EARLIER: 5}, ""),
        ("m.poll.response", {}, ""),
    ],
)
def test_a_vote(kind: str, content: dict[str, Any], text: str) -> None:
    got = incoming(event({**POLL, **content}, kind), MEMBERS)
    assert (got.kind, got.answers, got.text) == (Kind.VOTE, ("$p",), text)


def test_a_vote_in_nothing() -> None:
    vote = {"m.selections": ["1"]}
    assert read(event(vote, "m.poll.response"), MEMBERS, US) is None
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$p"}}
    assert read(event({**vote, **thread}, "m.poll.response"), MEMBERS, US) is None


def test_display_names() -> None:
    named = event({"membership": "join", "displayname": "Hélène"}, "m.room.member", state_key=YOU)
    odd = event({"membership": "join", "displayname": 5}, "m.room.member", state_key="@o:x")
    assert display_names([named, odd, None]) == {YOU: "Hélène"}


_KEYS = st.sampled_from(
    (
        *("body", "msgtype", "url", "info", "mimetype", "filename", "membership", "prev_content"),
        *("m.new_content", "redacts", "m.selections", EARLIER, "answers"),
        *("m.relates_to", "m.in_reply_to", "event_id", "rel_type", "key", "m.mentions", "user_ids"),
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_TYPES = st.sampled_from(
    (
        *("m.room.message", "m.room.member", "m.reaction", "m.room.encrypted", "m.room.redaction"),
        *("m.poll.response", EARLIER),
    )
)
_MSGTYPES = st.sampled_from(["m.text", "m.file", "m.image"]) | JSON


@given(_TYPES, st.dictionaries(_KEYS, JSON, max_size=6), _MSGTYPES, JSON, JSON)
def test_no_event_stops_the_reader(
    kind: str, content: Any, msgtype: Any, unsigned: Any, state_key: Any
) -> None:
    told = event({**content, "msgtype": msgtype}, kind, unsigned=unsigned, state_key=state_key)
    for scene in (DIRECT, MEMBERS, GROUP):
        reading = read(told, scene, US)
        assert reading is None or reading.incoming.text.encode() is not None
    display_names([told])
    read_invitation("!r", {"invite_state": {"events": [told]}}, US, "s", NOW)
