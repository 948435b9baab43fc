"""What is believed of an encrypted event, between two devices without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nio.crypto import (  # type: ignore[import-untyped, unused-ignore]  # no py.typed
    InboundGroupSession,
    OlmDevice,
    OutboundGroupSession,
)

from bot.matrix import waiting
from bot.matrix.attachments import locked, unlocked
from bot.matrix.keystore import PASSPHRASE, STORE, open_store, to_device
from bot.matrix.sealed import ALGORITHM, Opener, ill_formed, is_sealed
from bot.matrix.transport import KeyStoreError

US, YOU, THIEF = "@supracom:x.example", "@helene:x.example", "@thief:x.example"
ROOM = "!room"
KEYS = {"ed25519": "signing", "curve25519": "identity"}
SAID = {"msgtype": "m.text", "body": "aide"}


class Writer:
    """Somebody whose device encrypts for us."""

    def __init__(self, olm: Any) -> None:
        olm.device_store.add(OlmDevice(YOU, "DEV", KEYS))
        self.olm = olm
        self.session = OutboundGroupSession()
        self.session.mark_as_shared()
        self.key = self.session.session_key

    def shares(self, room: str = ROOM) -> None:
        session = InboundGroupSession(self.key, KEYS["ed25519"], KEYS["curve25519"], room)
        self.olm.inbound_group_store.add(session)

    def writes(self, number: int = 1, **told: Any) -> dict[str, Any]:
        inner = {"type": "m.room.message", "content": SAID, "room_id": ROOM} | told
        content = {
            "algorithm": ALGORITHM,
            "session_id": self.session.id,
            "ciphertext": self.session.encrypt(json.dumps(inner)),
        }
        head = {"type": "m.room.encrypted", "event_id": f"${number}", "sender": YOU}
        return head | {"content": content}


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    made = Opener()
    made.olm = open_store(tmp_path, US, "OURS", "a passphrase")
    return made


@pytest.fixture
def you(opener: Opener) -> Writer:
    return Writer(opener.olm)


def test_what_was_said_is_opened(opener: Opener, you: Writer) -> None:
    event = you.writes()
    assert opener.opened(ROOM, event) is None
    you.shares()
    assert opener.opened(ROOM, event) == event | {"type": "m.room.message", "content": SAID}
    # The same event, read a second time after a failure.
    assert opener.opened(ROOM, event) is not None


def test_a_relation_stands_outside(opener: Opener, you: Writer) -> None:
    you.shares()
    event = you.writes()
    event["content"]["m.relates_to"] = {"rel_type": "m.thread", "event_id": "$root"}
    opened = opener.opened(ROOM, event)
    assert opened is not None
    assert opened["content"]["m.relates_to"]["event_id"] == "$root"


def test_nobody_speaks_with_the_key_of_another(opener: Opener, you: Writer) -> None:
    you.shares()
    theirs = {"ed25519": "their signing", "curve25519": "their identity"}
    opener.olm.device_store.add(OlmDevice(THIEF, "DEV", theirs))
    assert opener.opened(ROOM, you.writes() | {"sender": THIEF}) is None


def test_nothing_is_said_twice(opener: Opener, you: Writer) -> None:
    you.shares()
    event = you.writes()
    assert opener.opened(ROOM, event) is not None
    assert opener.opened(ROOM, event | {"event_id": "$again"}) is None


def test_nothing_moves_to_another_room(opener: Opener, you: Writer) -> None:
    you.shares()
    assert opener.opened(ROOM, you.writes(room_id="!other")) is None
    assert opener.opened("!other", you.writes(2)) is None


@pytest.mark.parametrize(
    "told",
    [{"type": "m.room.member"}, {"type": 5}, {"content": []}, {"room_id": None}],
)
def test_only_messages_are_believed(opener: Opener, you: Writer, told: dict[str, Any]) -> None:
    you.shares()
    assert opener.opened(ROOM, you.writes(**told)) is None


@pytest.mark.parametrize(
    "content",
    [None, {}, {"algorithm": "other", "session_id": "x", "ciphertext": "x"}, {"algorithm": 5}],
)
def test_ill_formed(opener: Opener, content: Any) -> None:
    event = {"type": "m.room.encrypted", "event_id": "$1", "sender": YOU, "content": content}
    assert ill_formed(event)
    assert opener.opened(ROOM, event) is None


def test_state_is_no_message(you: Writer) -> None:
    assert is_sealed(you.writes())
    assert not is_sealed(you.writes() | {"state_key": ""})


def test_bytes_that_are_no_message(opener: Opener, you: Writer) -> None:
    you.shares()
    event = you.writes()
    for ciphertext in ("", "%%%", "é", event["content"]["ciphertext"][:-4]):
        content = event["content"] | {"ciphertext": ciphertext}
        assert opener.opened(ROOM, event | {"content": content}) is None


def test_what_waits_is_opened_once_its_key_comes(opener: Opener, you: Writer) -> None:
    first, second = you.writes(1), you.writes(2)
    assert opener.keep(ROOM, first)
    assert opener.keep(ROOM, second)
    assert list(opener.late()) == []
    you.shares()
    assert [event["event_id"] for _room, event in opener.late()] == ["$1", "$2"]
    assert list(opener.late()) == []
    assert not opener.keep(ROOM, you.writes(3))


def test_what_waited_too_long_is_forgotten(
    opener: Opener, you: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener.keep(ROOM, you.writes())
    monkeypatch.setattr(waiting, "KEPT_SECONDS", -1.0)
    assert list(opener.late()) == []
    you.shares()
    assert list(opener.late()) == []


def test_what_waits_survives_a_restart_until_it_is_handled(
    opener: Opener, you: Writer, tmp_path: Path
) -> None:
    def restarted() -> Opener:
        made = Opener()
        made.olm = opener.olm
        made.waiting.open(opener.olm.store.database)
        return made

    opener.waiting.open(opener.olm.store.database)
    opener.keep(ROOM, you.writes(1))
    opener.keep(ROOM, you.writes(2))
    assert list(restarted().waiting) == []
    opener.waiting.save()
    assert [id_ for id_, _one in restarted().waiting] == ["$1", "$2"]
    you.shares()
    assert len(list(opener.late())) == 2
    opener.waiting.save()
    # Killed before its batch was committed: opened again.
    again = restarted()
    assert [event["event_id"] for _room, event in again.late()] == ["$1", "$2"]
    again.waiting.handled()
    again.waiting.save()
    assert list(restarted().waiting) == []
    assert SAID["body"].encode() not in (tmp_path / STORE).read_bytes()


# -- the store and files ----------------------------------------------------------------------


def test_a_passphrase_is_made_once(tmp_path: Path) -> None:
    ours = open_store(tmp_path, US, "OURS", "").account.identity_keys
    assert open_store(tmp_path, US, "OURS", "").account.identity_keys == ours
    for name in (STORE, PASSPHRASE):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    (tmp_path / PASSPHRASE).unlink()
    with pytest.raises(KeyStoreError, match="is missing"):
        open_store(tmp_path, US, "OURS", "")


def test_the_store_of_another_device(tmp_path: Path) -> None:
    open_store(tmp_path, US, "OURS", "x")
    with pytest.raises(KeyStoreError, match="of the device OURS"):
        open_store(tmp_path, US, "OTHER", "x")


def test_a_damaged_store(tmp_path: Path) -> None:
    (tmp_path / STORE).write_bytes(b"this is no database " * 500)
    with pytest.raises(KeyStoreError, match="damaged"):
        open_store(tmp_path, US, "OURS", "x")


def test_without_a_device(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreError, match="no device"):
        open_store(tmp_path, US, "", "x")


@pytest.mark.parametrize(
    "event", [None, 5, {}, {"type": "m.room.encrypted", "sender": YOU, "content": {}}]
)
def test_what_is_sent_to_our_device_may_be_anything(event: object) -> None:
    assert to_device(event) is None


def test_a_file_is_locked_and_unlocked() -> None:
    content, lock = locked(b"%PDF-1.7")
    assert content != b"%PDF-1.7"
    assert unlocked(content, lock) == b"%PDF-1.7"
    assert unlocked(content + b"x", lock) is None
    for broken in ({}, {"key": 5}, lock | {"hashes": {"sha256": 5}}, lock | {"iv": "é"}):
        assert unlocked(content, broken) is None


@pytest.mark.parametrize("kind", ["m.poll.response", "org.matrix.msc3381.poll.response"])
def test_a_vote_may_be_encrypted(opener: Opener, kind: str) -> None:
    writer = Writer(opener.olm)
    writer.shares()
    event = writer.writes(type=kind, content={"m.selections": ["1"]})
    event["content"]["m.relates_to"] = {"rel_type": "m.reference", "event_id": "$poll"}
    found = opener.opened(ROOM, event)
    assert found is not None
    assert (found["type"], found["content"]["m.selections"]) == (kind, ["1"])
    assert found["content"]["m.relates_to"]["event_id"] == "$poll"
