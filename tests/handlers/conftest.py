"""What the conversation tests share: the world, on both channels and both databases."""

from __future__ import annotations

import pytest

from handlers.platform import Platform
from storage.engine import Database
from tests.conftest import MovableClock
from tests.handlers.conversation import MAIL, MATRIX, World


@pytest.fixture(params=[MAIL, MATRIX])
def channel(request: pytest.FixtureRequest) -> str:
    """Where those who may use either channel write: every conversation is held on both."""
    return str(request.param)


@pytest.fixture
def world(database: Database, platform: Platform, clock: MovableClock, channel: str) -> World:
    """A platform that nobody has written to yet, without any central."""
    return World(database, platform, clock, channel)


@pytest.fixture
def shop(world: World) -> World:
    """A platform with the sample centrals and their catalogue."""
    world.load_catalogue()
    return world
