"""Every command written wrong on purpose: an answer comes, and it says how to go on."""

from __future__ import annotations

import re

import pytest

from handlers.command import Command
from handlers.commands import everything
from handlers.policy import Role
from handlers.request import Place
from tests.handlers.conversation import MATRIX, Somebody, World

NOT_FOUND = re.compile(r"Je ne (?:trouve|connais|comprends) pas")
WAY_ON = re.compile(
    r"aide|écrivez|montre|par exemple|Les centrales :|Au catalogue :|vouliez-vous|interlocuteur"
    r"|[?]"
)
LONGEST_REFUSAL = 300
WRONG = ("xyzzy 999", "bla " * 1000)
COMMANDS = everything().commands


@pytest.fixture
def channel() -> str:
    """Where people mistype: a mail of such words is a letter."""
    return MATRIX


def somebody(shop: World, role: Role) -> Somebody:
    """Somebody who may do it."""
    if role is Role.ADMINISTRATOR:
        return shop.camille
    return shop.smart if role is Role.MANAGER else shop.helene()


def swapped(name: str) -> str:
    """A name with two letters of its first word the wrong way round."""
    first, *rest = name.split(" ")
    at = next(at for at in range(2, len(first)) if first[at] != first[at - 1])
    return " ".join([first[: at - 1] + first[at] + first[at - 1] + first[at + 1 :], *rest])


def said_to(somebody: Somebody, text: str) -> str:
    """What comes back, in one line; something must."""
    said = [one.text for one in somebody.writes(text) if one.destination == somebody.conversation]
    assert said, f"{text[:40]!r} is met with silence"
    assert not any("E-2026-" in one for one in said), said
    return " ".join(said)


@pytest.mark.parametrize("words", WRONG, ids=["wrong", "long"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_no_refusal_is_a_dead_end(shop: World, command: Command, words: str) -> None:
    text = said_to(somebody(shop, command.who), f"{command.name} {words}")
    if NOT_FOUND.search(text):
        assert WAY_ON.search(text), text
        assert len(text) < LONGEST_REFUSAL, text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_what_is_others_says_how_to_reach_them(shop: World, role: Role) -> None:
    reserved = next(command for command in COMMANDS if command.who is role)
    text = said_to(shop.helene(), reserved.name)
    assert "réservé" in text
    assert "interlocuteur" in text or "Écrivez-la en une phrase" in text


@pytest.mark.parametrize(
    "command",
    [
        c
        for c in COMMANDS
        if c.who in {Role.ANYONE, Role.MEMBER} and len(c.name.split()[0]) > 3 and not c.alone
    ],
    ids=lambda command: command.name,
)
def test_two_letters_the_wrong_way_round_name_the_nearest_command(
    shop: World, command: Command
) -> None:
    text = said_to(shop.helene(), swapped(command.name))
    if "Si vous confirmez" in text:
        # « déisnscrire » is understood as what it is; it asks before it does anything.
        assert command.name == "désinscrire"
        return
    assert "vouliez-vous dire" in text
    assert command.name in text


@pytest.mark.parametrize("words", ["stop xyzzy 999", "continuer xyzzy", "reprendre xyzzy"])
def test_what_stands_alone_is_offered_without_the_words_behind_it(shop: World, words: str) -> None:
    text = said_to(shop.helene(), words)
    assert f"vouliez-vous dire {words.partition(' ')[0]} ?" in text


def test_in_the_members_room_a_slip_is_answered_in_one_line(shop: World) -> None:
    text = said_to(shop.helene().elsewhere(Place.MEMBERS), "catalogeu e-guichet")
    assert "catalogue e-guichet" in text
    assert len(text) < 160
