"""Power levels of the platform's rooms, before and after room version 12."""

from __future__ import annotations

from typing import Any

import pytest

from bot.matrix.directs import alias_for
from bot.matrix.places import empowered

BOT, ADMIN, OTHER = "@bot:x.example", "@admin:x.example", "@other:x.example"


def creation(version: str | None, *creators: str) -> dict[str, Any]:
    content: dict[str, Any] = {"additional_creators": list(creators)} if creators else {}
    return {"sender": BOT, "content": content | ({"room_version": version} if version else {})}


@pytest.mark.parametrize(
    ("levels", "made", "users"),
    [
        ({"users": {BOT: 100}}, creation("11"), {BOT: 100, ADMIN: 100}),
        ({"users": {BOT: 100, ADMIN: 50}}, creation("10"), {BOT: 100, ADMIN: 100}),
        ({"users": {}}, creation("12"), {ADMIN: 100}),
        ({"users": {OTHER: 150, ADMIN: 150}}, creation("12"), {OTHER: 150, ADMIN: 150}),
        ({"users": {}}, creation("12", ADMIN), {}),
        ({"users": {}}, creation("12", OTHER), {ADMIN: 100}),
        ({}, creation(None), {ADMIN: 100}),
    ],
)
def test_administrators_get_power(
    levels: dict[str, Any], made: dict[str, Any], users: dict[str, int]
) -> None:
    kept = {"events_default": 0, **levels}
    assert empowered(kept, made, [ADMIN]).get("users", {}) == users
    assert empowered(kept, made, [ADMIN])["events_default"] == 0


def test_a_creator_is_never_listed_from_version_12_on() -> None:
    made = creation("12") | {"sender": ADMIN}
    assert empowered({"users": {}}, made, [ADMIN]) == {"users": {}}
    assert empowered({"users": {}}, made | {"content": {}}, [ADMIN]) == {"users": {ADMIN: 100}}


def test_the_alias_of_a_direct_room_is_stable_and_tells_nothing() -> None:
    assert alias_for(ADMIN, 0) == alias_for(ADMIN, 0)
    assert len({alias_for(user, n) for user in (ADMIN, OTHER) for n in range(3)}) == 6
    assert "admin" not in alias_for(ADMIN, 0)
