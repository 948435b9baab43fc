"""Parts of the platform that administrators open and close (acceptance B39)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.announcements import Announcement
from tests.handlers.conversation import World

LETTER = "Bonjour, pouvez-vous nous prêter vingt tables du 3 au 5 août 2026 pour notre kermesse ?"


@pytest.fixture
def shop(world: World) -> World:
    world.load_catalogue()
    return world


@pytest.mark.parametrize(
    ("part", "asked"),
    [
        ("annonces", "demande vingt tables du 3 au 5 août 2026"),
        ("annonces", "annonces"),
        ("annonces", LETTER),
        ("modèles", "modèles"),
        ("modèles", "modèle services"),
        ("missions", "missions"),
        ("centrales", "catalogue"),
        ("centrales", "qui gère la centrale Smart ?"),
        ("commandes", "commander e-guichet"),
    ],
)
def test_what_is_closed_is_not_open_yet_and_opens(shop: World, part: str, asked: str) -> None:
    helene = shop.helene()
    assert "fermée" in shop.camille.asks(f"fermer partie {part}").text
    closed = helene.asks(asked, subject="Question" if asked == LETTER else "")
    assert "pas encore ouverte" in closed.text
    assert part.capitalize() in closed.text
    assert shop.count(Announcement) == 0
    shop.camille.asks(f"ouvrir partie {part}")
    assert "pas encore ouverte" not in helene.asks(asked).text


def test_the_help_names_only_what_is_open(shop: World) -> None:
    helene = shop.helene()
    assert "catalogue" in helene.asks("aide").text
    shop.camille.asks("fermer partie centrales")
    menu = helene.asks("menu").text
    assert "`catalogue`" not in menu
    assert "fiche" not in menu
    assert "annonces" in menu


def test_a_part_opens_by_itself_on_its_day(shop: World) -> None:
    helene = shop.helene()
    day = shop.clock.now() + timedelta(days=20)
    said = shop.camille.asks(f"fermer partie modèles jusqu'au {day:%d/%m/%Y}").text
    assert "ouvre le" in said
    assert "elle ouvre le" in helene.asks("modèles").text
    assert "fermée, ouvre le" in shop.camille.asks("parties").text
    shop.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    assert "services" in helene.asks("modèles").text


def test_who_prepares_a_part_goes_on(shop: World) -> None:
    shop.camille.asks("fermer partie enquêtes")
    assert "pas encore ouverte" not in shop.camille.asks("enquête Quels besoins ?").text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("fermer partie licornes", "Quelle partie"),
        ("ouvrir partie annonces", "est ouverte"),
        ("fermer partie annonces jusqu'au 1er janvier 2020", "jour à venir"),
    ],
)
def test_what_cannot_be_is_said(shop: World, said: str, answer: str) -> None:
    assert answer in shop.camille.asks(said).text


def test_only_administrators_open_and_close(shop: World) -> None:
    helene = shop.helene()
    assert "administrat" in helene.asks("fermer partie annonces").text
    assert "pas encore ouverte" not in helene.asks("annonces").text
