"""Kinds of announcements that the operator adds: told by their words, in every language, in lists,
figures, balances, and moderated apart.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.settings import AnnouncementKind, Announcements
from handlers.announcement_words import headline
from handlers.kinds import own_kind
from handlers.platform import Platform
from handlers.wording import plain
from storage.announcements import Announcement
from storage.engine import Database
from tests.conftest import MovableClock
from tests.handlers.conversation import World, in_members_room

HOUSING = AnnouncementKind(
    slug="logement",
    fr="logement",
    nl="huisvesting",
    de="Unterkunft",
    en="housing",
    words=("appartement", "hébergement"),
)
SALT = AnnouncementKind(slug="sel", fr="sel", nl="zout", de="Salz", en="salt")


@pytest.fixture
def world(database: Database, platform: Platform, clock: MovableClock, channel: str) -> World:
    kinds = Announcements(kinds=(HOUSING, SALT))
    settings = platform.settings.model_copy(update={"announcements": kinds})
    return World(database, replace(platform, settings=settings), clock, channel)


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Nous cherchons un appartement meublé pour une famille", "logement"),
        ("Nous offrons deux APPARTEMENTS et du mobilier", "logement"),
        ("un hebergement d'urgence", "logement"),
        ("du sel avant un logement", "sel"),
        ("une selle de cheval", None),
        ("un camion-grue", None),
    ],
)
def test_a_kind_is_told_by_its_words(words: str, slug: str | None) -> None:
    found = own_kind((HOUSING, SALT), words)
    assert (found.slug if found else None) == slug


def test_an_announcement_is_filed_listed_and_counted_under_it(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    shown = helene.asks("demande Un appartement meublé pour une famille en mai")
    assert "logement" in shown.text
    said = helene.reacts(shown, "✅")
    assert any("logement" in one.text for one in in_members_room(said) + bruno.got(said))
    (kept,) = world.all(Announcement)
    assert plain(world.change(lambda s: headline(s.merge(kept))), "nl").count("huisvesting") == 1
    assert "A-2026-0001" in bruno.asks("annonces logement").text
    assert "logement" in helene.asks("demandes et offres").text


def test_it_is_moderated_apart(world: World) -> None:
    helene = world.helene()
    told = world.camille.asks("modération logement")
    assert "logement" in told.text
    waits = helene.reacts(helene.asks("demande Un appartement meublé en mai"), "✅")
    assert in_members_room(waits) == []
    assert "relecture" in helene.got(waits)[0].text
    sent = helene.reacts(helene.asks("demande Une tondeuse en mai"), "✅")
    assert in_members_room(sent) != []


def test_two_kinds_have_two_names() -> None:
    with pytest.raises(ValueError, match="slug of its own"):
        Announcements(kinds=(HOUSING, HOUSING))
