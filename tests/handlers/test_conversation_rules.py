"""The rules of the platform: accepted with a registration, announced once when they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.content import Content, read_content
from handlers.loading import Channels, load
from tests.handlers.conversation import CONTENT, MAIL, MATRIX, Said, World, in_members_room

CHANGED = "6. Le matériel prêté revient propre."
LETTER = (
    "Bonjour,\n\nLa commune de Wellin souhaite s'inscrire à la plateforme. Notre utilisatrice est"
    " Mme Luce Simon, luce.simon@wellin.example."
)


@pytest.fixture
def ruled(world: World) -> World:
    world.load_catalogue()
    return world


def _newer(version: str) -> Content:
    whole = read_content(CONTENT)
    [rules] = whole.library.regulations
    newer = replace(rules, version=version, dated="2026-05", text=f"{rules.text}\n\n{CHANGED}")
    return replace(whole, library=replace(whole.library, regulations=(newer,)))


def _loaded(world: World, whole: Content) -> list[Said]:
    channels = Channels(MAIL, MATRIX)
    world.change(lambda session: load(session, whole, "fr", channels, world.clock.now()))
    return world.move_to(world.clock.now() + timedelta(minutes=1))


def test_a_new_version_is_announced_once_and_shown_from_then_on(ruled: World) -> None:
    helene, bruno = ruled.helene(), ruled.bruno()
    bruno.writes("stop")
    said = _loaded(ruled, _newer("2.0"))
    assert len(in_members_room(said)) == 1
    assert CHANGED in in_members_room(said)[0].text
    for member in (helene, bruno):
        (told,) = member.got(said) if member.channel == MAIL else in_members_room(said)
        assert "version 2.0" in told.text
        assert "mai 2026" in told.text
        assert member.channel == MAIL or not member.got(said)
    assert not ruled.move_to(ruled.clock.now() + timedelta(days=2))
    assert not _loaded(ruled, _newer("2.0"))
    assert CHANGED in ruled.stranger().asks("règlement").text


def test_the_same_rules_again_are_announced_to_nobody(ruled: World) -> None:
    ruled.helene()
    assert not _loaded(ruled, read_content(CONTENT))


def test_what_was_accepted_with_the_registration_stays_on_record(ruled: World) -> None:
    receipt = ruled.stranger("luce.simon@wellin").asks(LETTER, subject="Inscription")
    assert "règlement, version 1.0" in receipt.text
    _loaded(ruled, _newer("2.0"))
    record = ruled.camille.asks("membre Commune de Wellin").text
    assert "1.0 2026-01" in record
    assert "2.0" not in record
