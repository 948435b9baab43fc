"""Somebody who only looks: they are told what a stranger is told, and leave nothing behind."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from handlers import visit
from handlers.platform import Platform
from handlers.policy import Role
from handlers.reply import Forbidden, Refusal, Reply
from handlers.visit import Visit
from handlers.wording import LOCALES, plain
from storage.engine import Database
from storage.inbox import Entry
from tests.conftest import MovableClock
from tests.handlers.conversation import MAIL, World

Asks = Callable[..., Reply]


@pytest.fixture
def world(database: Database, platform: Platform, clock: MovableClock) -> World:
    """A platform with a catalogue and one member."""
    made = World(database, platform, clock, MAIL)
    made.load_catalogue()
    made.helene()
    return made


@pytest.fixture
def asks(world: World) -> Asks:
    """A stranger looks."""

    def ask(command: str, words: str = "", language: str = "fr") -> Reply:
        def work(session: Session) -> Reply:
            ctx = Visit(session, world.platform, world.clock.now(), language)
            return visit.told(ctx, world.table, command, words)

        return world.database.read(work)

    return ask


def bare(words: str) -> str:
    """Words alone: quotation marks and lines are the channel's."""
    return " ".join(re.findall(r"\w+", words))


def test_a_visitor_is_told_what_a_stranger_is_told(world: World, asks: Asks) -> None:
    said = bare(world.stranger().asks("centrale Smart").text)
    told = [block.text for block in asks("centrale", "Smart").blocks if hasattr(block, "text")]
    assert len(told) >= 3
    for words in told:
        assert bare(plain(words, "fr")) in said


def test_a_visit_is_in_the_language_that_was_asked_for(asks: Asks) -> None:
    pictures = {asks("carte", "Smart", language).files[0].content for language in LOCALES}
    assert len(pictures) == len(LOCALES)


def test_nothing_is_entered(world: World, asks: Asks) -> None:
    before = world.count(Entry)
    asks("catalogue", "repas")
    with pytest.raises(Refusal):
        asks("centrale", "Zzzz")
    assert world.count(Entry) == before
    assert world.post() == []


def test_what_needs_a_right_is_refused(world: World, asks: Asks) -> None:
    for command in world.table.commands:
        if command.who is not Role.ANYONE:
            with pytest.raises(Forbidden):
                asks(command.name, "tout")


@pytest.mark.parametrize("command", ["inscrire", "langue", "lier"])
def test_what_would_write_or_ask_fails_loudly(asks: Asks, command: str) -> None:
    with pytest.raises((RuntimeError, DBAPIError, Refusal)):
        asks(command, "nederlands")


def test_what_is_unclear_is_offered_as_commands(asks: Asks) -> None:
    words = [plain(item, "fr") for block in asks("fiche", "Guichet et citoyens").blocks
             for item in getattr(block, "items", ())]  # fmt: skip
    assert any("fiche e-guichet" in said for said in words)
    assert len(words) >= 2


def test_an_unknown_command_is_a_fault_of_the_table_of_pages(asks: Asks) -> None:
    with pytest.raises(LookupError):
        asks("inventer")


def test_what_has_a_name_is_known(world: World) -> None:
    def work(session: Session) -> set[tuple[str, str, str]]:
        ctx = Visit(session, world.platform, world.clock.now(), "fr")
        return {(one.name, one.command, one.words) for one in visit.known(ctx)}

    known = world.database.read(work)
    assert ("Smart", "centrale", "Smart") in known
    assert ("E-guichet", "fiche", "e-guichet") in known
    assert ("Civadis", "fournisseur", "Civadis") in known
