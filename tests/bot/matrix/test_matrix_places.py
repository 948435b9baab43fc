"""What the platform's rooms shall be like: power levels before and after version 12, pictures."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from bot.matrix.blueprint import CentralRoom, differs, mended_levels, picture, wanted_rooms
from bot.matrix.directs import alias_for
from config.settings import Matrix

BOT, ADMIN, OTHER = "@bot:x.example", "@admin:x.example", "@other:x.example"


def creation(version: str | None, *creators: str) -> dict[str, Any]:
    content: dict[str, Any] = {"additional_creators": list(creators)} if creators else {}
    return {"sender": BOT, "content": content | ({"room_version": version} if version else {})}


def mended(levels: dict[str, Any], made: dict[str, Any], *, space: bool = False) -> dict[str, Any]:
    return mended_levels(levels, made, BOT, [ADMIN], is_space=space)


@pytest.mark.parametrize(
    ("levels", "made", "users"),
    [
        ({"users": {BOT: 100}}, creation("11"), {BOT: 100, ADMIN: 100}),
        ({"users": {BOT: 50, ADMIN: 50}}, creation("10"), {BOT: 100, ADMIN: 100}),
        ({"users": {}}, creation("12"), {ADMIN: 100}),
        ({"users": {OTHER: 150, ADMIN: 150}}, creation("12"), {ADMIN: 150}),
        ({"users": {OTHER: 100}}, creation("10"), {BOT: 100, ADMIN: 100}),
        ({"users": {OTHER: 50}}, creation("12"), {OTHER: 50, ADMIN: 100}),
        ({"users": {}}, creation("12", ADMIN), {}),
        ({"users": {}}, creation("12", OTHER), {ADMIN: 100}),
        ({}, creation(None), {BOT: 100, ADMIN: 100}),
    ],
)
def test_the_bot_and_the_administrators_have_all_rights_and_nobody_else(
    levels: dict[str, Any], made: dict[str, Any], users: dict[str, int]
) -> None:
    assert mended(levels, made)["users"] == users


def test_what_members_may_do_is_mended_and_what_is_stricter_stays() -> None:
    loose = {"invite": 0, "kick": 75, "users_default": 50, "ban": 50, "custom": 1}
    events = {"m.room.name": 0, "m.room.avatar": 60, "m.room.message": 0, "m.space.child": 0}
    found = mended(loose | {"events": events}, creation("12"))
    assert (found["invite"], found["kick"], found["ban"], found["redact"]) == (50, 75, 50, 50)
    assert (found["users_default"], found["events_default"], found["custom"]) == (0, 0, 1)
    assert found["events"] == {
        "m.room.name": 50,
        "m.room.avatar": 60,
        "m.room.message": 0,
        "m.space.child": 50,
    }
    assert mended({}, creation("12"), space=True)["events_default"] == 50


def test_levels_that_are_right_stay_as_they_are() -> None:
    once = mended({"users": {OTHER: 10}}, creation("12"))
    assert mended(once, creation("12")) == once


def test_every_room_has_a_picture_of_its_own() -> None:
    pictures = {picture(place) for place in ("space", "members", "admins", "central:smart")}
    assert len(pictures) == 4
    assert picture("members") == picture("members")
    assert all(one.startswith(b"\x89PNG\r\n\x1a\n") for one in pictures)


@pytest.mark.parametrize(
    ("found", "wanted", "differ"),
    [
        (None, {"name": "x"}, True),
        ({"name": "y"}, {"name": "x"}, True),
        ({"name": "x", "more": 1}, {"name": "x"}, False),
        ({}, {}, False),
    ],
)
def test_what_differs(found: Any, wanted: dict[str, Any], differ: bool) -> None:
    assert differs(found, wanted) is differ


def test_every_room_that_the_settings_ask_for() -> None:
    settings = Matrix(
        homeserver="https://x.example",
        user="@bot:x.example",
        access_token=SecretStr("token"),
        members_room="#m:x.example",
        admins_room="#a:x.example",
        encrypted_rooms=("admins",),
    )
    smart = CentralRoom("smart", "Smart")
    rooms = wanted_rooms(settings, "Plateforme", "fr", [smart])
    assert [(one.place, one.alias, one.name, one.encrypted) for one in rooms] == [
        ("space", "#bot:x.example", "Plateforme", False),
        ("members", "#m:x.example", "Plateforme · membres", False),
        ("admins", "#a:x.example", "Plateforme · administration", True),
        ("central:smart", "#centrale-smart:x.example", "Plateforme · centrale Smart", False),
    ]
    without = settings.model_copy(update={"central_rooms": False, "encryption": False})
    assert [one.encrypted for one in wanted_rooms(without, "P", "fr", [smart])] == [False] * 3


def test_the_alias_of_a_direct_room_is_stable_and_tells_nothing() -> None:
    assert alias_for(ADMIN, 0) == alias_for(ADMIN, 0)
    assert len({alias_for(user, n) for user in (ADMIN, OTHER) for n in range(3)}) == 6
    assert "admin" not in alias_for(ADMIN, 0)
