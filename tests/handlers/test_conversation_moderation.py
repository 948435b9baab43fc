"""Moderation: what an administrator reads first, decides, and what its author does meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.request import Kind
from storage.announcement_states import Stage
from storage.announcements import Announcement
from tests.handlers.conversation import (
    MATRIX,
    Said,
    Somebody,
    World,
    in_members_room,
    to_administrators,
)

OFFER = "offre une pelleteuse de 8 tonnes, du 1er au 12 juin 2026"
in_chat = pytest.mark.parametrize("channel", [MATRIX])


def handed_in(who: Somebody, words: str = OFFER) -> tuple[Said, Said]:
    """Its author confirms an announcement: what they and the administrators are told."""
    said = who.reacts(who.asks(words), "✅")
    assert in_members_room(said) == []
    (told,) = who.got(said)
    shown = to_administrators(said)[0]
    return told, shown


def waiting(world: World) -> str:
    """How the one announcement that waits is called."""
    (kept,) = [one for one in world.all(Announcement) if one.stage == Stage.PENDING]
    return f"M-{kept.id}"


def stage(world: World) -> str:
    """Where the one announcement stands."""
    (kept,) = world.all(Announcement)
    return kept.stage


def test_it_waits_and_leaves_when_it_is_accepted(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    assert "toutes les annonces" in world.camille.asks("modération tout").text
    told, shown = handed_in(helene)
    assert "attend la relecture" in told.text
    assert "pelleteuse de 8 tonnes" in shown.text
    assert stage(world) == Stage.PENDING
    reference = waiting(world)
    assert reference in world.camille.asks("modération").text
    said = world.camille.writes("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    assert any("pelleteuse" in one.text for one in in_members_room(said))
    assert any("pelleteuse" in one.text for one in bruno.got(said))
    assert any("est publiée" in one.text for one in helene.got(said))
    assert stage(world) == Stage.OPEN
    assert "Aucune annonce n'attend" in world.camille.asks(f"valider {reference}").text


LETTER = (
    "Bonjour,\n\nLa commune de Musson cherche un agent pour le service population, du 4 au 29"
    " mai 2026.\n\nMerci d'avance,\nHélène Lambiotte"
)


def test_its_author_is_told_beforehand_that_it_is_read_first(world: World) -> None:
    helene = world.helene()
    mail = helene.at_mail()
    assert "Elle part à tous les membres le" in mail.asks(LETTER).text
    world.camille.writes("modération tout")
    told = mail.asks(LETTER)
    assert "Un administrateur la relit d'abord" in told.text
    assert "Elle part à" not in told.text
    assert "remise tout de suite à un administrateur" in told.text
    shown = helene.asks(OFFER)
    assert "un administrateur la relit d'abord" in shown.text
    assert "part à tous les membres" not in shown.text


def test_a_refusal_has_a_reason_that_its_author_is_told(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    world.camille.writes("modération tout")
    _told, shown = handed_in(helene)
    (asked,) = world.camille.writes("❌", kind=Kind.REACTION, answers=(shown.external_id,))
    assert "Quel motif" in asked.text
    assert stage(world) == Stage.PENDING
    said = world.camille.answers(asked, "merci de préciser la remorque")
    (told,) = helene.got(said)
    assert "merci de préciser la remorque" in told.text
    assert "pelleteuse" in told.text
    assert bruno.got(said) == []
    assert stage(world) == Stage.REFUSED
    assert "pelleteuse" not in bruno.asks("annonces toutes").text


def test_by_command_with_its_reason(world: World) -> None:
    helene = world.helene()
    world.camille.writes("modération tout")
    handed_in(helene)
    assert "motif part" in world.camille.asks(f"rejeter {waiting(world)} texte trop long").text
    assert stage(world) == Stage.REFUSED


def test_only_the_kinds_that_are_named(world: World) -> None:
    helene = world.helene()
    assert "personnel" in world.camille.asks("modération personnel").text
    said = helene.reacts(helene.asks(OFFER), "✅")
    assert any("pelleteuse" in one.text for one in in_members_room(said))
    handed_in(helene, "offre un ouvrier communal, du 1er au 12 juin 2026")
    assert "Aucune annonce n'est relue" in world.camille.asks("modération aucune").text
    assert "Dites quoi relire" in world.camille.asks("modération pelleteuses").text
    assert "administrateurs" in helene.asks("modération tout").text


def test_its_author_changes_it_while_it_waits(world: World) -> None:
    helene = world.helene()
    world.camille.writes("modération tout")
    told, shown = handed_in(helene)
    said = helene.answers(told, "Une pelleteuse de 8 tonnes avec chauffeur, du 1er au 12 juin 2026")
    again = to_administrators(said)[0]
    assert "avec chauffeur" in again.text
    # A yes under the former words does not let the new ones out.
    (late,) = world.camille.writes("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    assert "a changé depuis" in late.text
    assert stage(world) == Stage.PENDING
    said = world.camille.writes("✅", kind=Kind.REACTION, answers=(again.external_id,))
    assert any("avec chauffeur" in one.text for one in in_members_room(said))


def test_its_author_takes_it_back_while_it_waits(world: World) -> None:
    helene = world.helene()
    world.camille.writes("modération tout")
    told, shown = handed_in(helene)
    said = helene.answers(told, "annuler")
    assert any("retirée par son auteur" in one.text for one in to_administrators(said))
    assert stage(world) == Stage.WITHDRAWN
    (late,) = world.camille.writes("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    assert "n'attend plus" in late.text


@in_chat
def test_an_edited_message_is_shown_again(world: World) -> None:
    helene = world.helene()
    world.camille.writes("modération tout")
    message, shown = helene.sends(OFFER)
    helene.reacts(helene.got(shown)[0], "✅")
    said = helene.edits(message, "offre une pelleteuse de 12 tonnes, du 1er au 12 juin 2026")
    assert "12 tonnes" in to_administrators(said)[0].text
    helene.deletes(message)
    assert stage(world) == Stage.WITHDRAWN


def test_the_administrators_are_reminded(world: World) -> None:
    helene = world.helene()
    world.camille.writes("modération tout")
    handed_in(helene)
    said = world.move_to(world.clock.now() + timedelta(days=1, minutes=1))
    assert any("attend toujours" in one.text for one in to_administrators(said))
    world.camille.writes(f"valider {waiting(world)}")
    said = world.move_to(world.clock.now() + timedelta(days=1, minutes=1))
    assert not any("attend toujours" in one.text for one in to_administrators(said))


def test_what_leaves_by_itself_waits_too(world: World) -> None:
    bruno = world.bruno()
    world.camille.writes("modération tout")
    bruno.writes(
        "Bonjour,\n\nNous proposons une pelleteuse de 8 tonnes du 1er au 12 juin 2026.\n\nBruno",
        subject="Offre de matériel : pelleteuse",
    )
    world.move_to(world.clock.now() + timedelta(hours=1))
    assert stage(world) == Stage.PENDING
    assert not any("pelleteuse" in one.text for one in in_members_room(world.said))
