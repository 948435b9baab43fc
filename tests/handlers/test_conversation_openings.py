"""Registrations that open by type and by date: what comes before is kept, and taken up once
(acceptance B45, B46).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.audit import AuditEntry
from storage.members import Institution, Standing
from storage.openings import Opening
from tests.handlers.conversation import Said, Somebody, World, to_administrators

COMPLETE = (
    "inscrire CPAS de Rouvroy, utilisateur désigné : Bruno Wéry, 063 00 07 42,"
    " bruno.wery@rouvroy.example"
)
LETTER = """\
Bonjour,

Le CPAS de Rouvroy souhaite s'inscrire à la plateforme. Notre utilisateur est M. Bruno Wéry.

Bruno Wéry
CPAS de Rouvroy
063 00 07 42
bruno.wery@rouvroy.example
"""
COMMUNE = (
    "inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41,"
    " helene.lambiotte@musson.example"
)


def _in(world: World, days: int) -> datetime:
    day = world.clock.now() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def _about(said: list[Said], words: str) -> list[Said]:
    return [one for one in said if words in one.text]


def _only(world: World) -> Institution:
    (institution,) = world.all(Institution)
    return institution


@pytest.mark.parametrize("asked", [COMPLETE, LETTER], ids=["command", "letter"])
def test_a_type_that_is_not_open_is_kept_and_taken_up_on_its_day(world: World, asked: str) -> None:
    day = _in(world, 20)
    opening = f"ouvrir inscriptions CPAS dès le {day:%d/%m/%Y}, décision CP 2026/12"
    assert "ouvrent le" in world.camille.asks(opening).text

    bruno = world.stranger("bruno.wery")
    receipt = bruno.asks(asked, subject="Inscription" if asked == LETTER else "").text
    assert "pas encore ouvertes (CPAS)" in receipt
    assert "CP 2026/12" in receipt
    assert "conservée" in receipt
    assert "valide d'ordinaire" not in receipt
    kept = _only(world)
    assert (kept.state, kept.held) == (Standing.PENDING, True)

    assert "gardée jusqu'à l'ouverture" in world.camille.asks("inscriptions").text
    assert "gardée jusque-là" in world.camille.asks(f"accepter {kept.reference}").text
    assert not _about(world.move_to(_in(world, 19)), "est reprise")

    said = world.move_to(day)
    (told,) = _about(said, "est reprise")
    assert kept.reference is not None
    assert kept.reference in told.text
    assert len(_about(to_administrators(said), f"accepter {kept.reference}")) == 1
    assert not _only(world).held
    assert not _about(world.move_to(_in(world, 3)), "est reprise")
    assert "est membre" in world.camille.asks(f"accepter {kept.reference}").text
    assert _only(world).state == Standing.ACTIVE


def test_other_types_register_meanwhile(world: World) -> None:
    world.camille.asks("fermer inscriptions CPAS")
    assert "valide d'ordinaire" in world.stranger("helene").asks(COMMUNE).text
    assert not _only(world).held


def test_outside_its_dates_nobody_registers_and_nothing_is_lost(world: World) -> None:
    first, last = _in(world, 10), _in(world, 40)
    world.camille.asks(f"ouvrir inscriptions du {first:%d/%m/%Y} au {last:%d/%m/%Y}")
    receipt = world.stranger("helene").asks(COMMUNE).text
    assert "Toutes les institutions" in receipt
    assert "elles ouvrent le" in receipt
    assert len(_about(world.move_to(first), "est reprise")) == 1
    world.move_to(last + timedelta(days=1))
    late = world.stranger("bruno.wery").asks(COMPLETE).text
    assert "closes depuis" in late
    assert {one.name: one.held for one in world.all(Institution)} == {
        "Commune de Musson": False,
        "CPAS de Rouvroy": True,
    }
    taken_up = world.camille.writes("ouvrir inscriptions")
    assert _about(taken_up, "1 inscription gardée est reprise")
    assert len(_about(taken_up, "avions conservée")) == 1


def test_a_type_that_opens_while_all_are_closed_waits_on(world: World) -> None:
    world.camille.asks("fermer inscriptions")
    world.stranger("bruno.wery").asks(COMPLETE)
    world.camille.asks("ouvrir inscriptions CPAS, décision CP 2026/12")
    assert _only(world).held
    world.camille.asks("ouvrir inscriptions")
    assert not _only(world).held


def test_an_opening_that_is_put_off_opens_nothing_on_its_old_day(world: World) -> None:
    early, late = _in(world, 5), _in(world, 15)
    for day in (early, late):
        world.camille.asks(f"ouvrir inscriptions CPAS dès le {day:%d/%m/%Y}, décision 12")
    world.stranger("bruno.wery").asks(COMPLETE)
    assert not _about(world.move_to(early), "est reprise")
    assert len(_about(world.move_to(late), "est reprise")) == 1


def test_who_asks_again_is_told_that_it_is_kept(world: World) -> None:
    world.camille.asks("fermer inscriptions CPAS")
    bruno = world.stranger("bruno.wery")
    bruno.asks(COMPLETE)
    assert "déjà conservée" in bruno.asks(COMPLETE).text
    assert world.count(Institution) == 1


def test_what_is_refused_meanwhile_is_not_taken_up(world: World) -> None:
    world.camille.asks("fermer inscriptions CPAS")
    world.stranger("bruno.wery").asks(COMPLETE)
    world.camille.asks(f"refuser {_only(world).reference} erreur de commune")
    assert not _about(world.camille.writes("ouvrir inscriptions CPAS, décision 12"), "reprise")


def test_a_mail_that_lacks_something_is_told_the_day_too(world: World) -> None:
    day = _in(world, 20)
    world.camille.asks(f"fermer inscriptions jusqu'au {day:%d/%m/%Y}")
    writer = Somebody(world, "mail", "accueil@rouvroy.example")
    asked = writer.asks("Bonjour, le CPAS de Rouvroy veut s'inscrire.", subject="Inscription").text
    assert "il me manque" in asked
    assert "elles ouvrent le" in asked


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("ouvrir inscriptions CPAS", "par une décision"),
        ("ouvrir inscriptions licornes, décision 12", "Pour qui"),
        ("ouvrir inscriptions licornes dès le 1er avril 2027", "Pour qui"),
        ("ouvrir inscriptions CPAS bientôt, décision 12", "Pour qui"),
        ("fermer inscriptions jusqu'au 1er janvier 2020", "jour à venir"),
        ("ouvrir inscriptions du 1er janvier 2020 au 2 janvier 2020", "déjà passé"),
    ],
)
def test_what_cannot_be_is_said(world: World, said: str, answer: str) -> None:
    assert answer in world.camille.asks(said).text
    assert not world.count(Opening)


@pytest.mark.parametrize(
    ("named", "type_"),
    [
        ("zone de police", "zone_police"),
        ("aux zones de police", "zone_police"),
        ("aux zones de secours", "zone_secours"),
        ("les communes", "commune"),
        ("à la Province", "province"),
    ],
)
def test_types_as_they_are_said(world: World, named: str, type_: str) -> None:
    world.camille.asks(f"ouvrir inscriptions {named}, décision 12")
    (entry,) = [one for one in world.all(AuditEntry) if one.action == "registrations.opened"]
    assert entry.facts["type"] == type_
    assert entry.facts["decision"] == "12"


def test_only_administrators_open_and_close(world: World) -> None:
    helene = world.helene()
    assert "administrat" in helene.asks("fermer inscriptions").text
    assert not world.count(Opening)


def test_what_is_open_is_listed_with_its_decision(world: World) -> None:
    assert "décision" in world.camille.asks("ouvrir inscriptions CPAS, décision CP 2026/12").text
    listed = world.camille.asks("ouvertures").text
    assert "décision CP 2026/12" in listed
    assert "Zones de police" in listed
