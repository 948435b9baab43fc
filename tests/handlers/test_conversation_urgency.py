"""The service concerned, how urgent it is and how small the asker is: told by a form or in a
sentence, shown to the others, sought and sorted by (acceptance B28, B29, B31, B32).
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.announcements import Announcement
from tests.handlers.conversation import MAIL, Said, Somebody, World, in_members_room

BLOCKED = "demande un agent pour l'état civil, du 4 au 29 mai 2026, service bloqué"
OVERWHELMED = "demande un agent pour les finances, du 4 au 29 mai 2026, nous sommes débordés"
URGENT = "demande d'urgence une nacelle, du 4 au 8 mai 2026"
CALM = "demande une remorque, du 4 au 8 mai 2026"


@pytest.fixture
def bruno_asked(world: World) -> Said:
    """What the form asks of somebody who has nothing but a mailbox."""
    return world.bruno().asks("demande")


def _published(somebody: Somebody, words: str) -> list[Said]:
    return somebody.answers(somebody.asks(words), "oui")


def test_a_sentence_tells_it_and_everybody_reads_it(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    words = "demande d'urgence un agent au servise populasion, bloqué, du 4 au 29 mai 2026"
    said = _published(helene, words)
    for one in (*bruno.got(said), *in_members_room(said)):
        assert "Service : population" in one.text
        assert "Urgence : urgent, service bloqué" in one.text
    (kept,) = world.all(Announcement)
    assert (kept.service, kept.severity, kept.urgent) == ("population", "blocked", True)


def test_a_form_asks_for_what_was_not_said(world: World) -> None:
    helene = world.helene()
    if helene.channel == MAIL:
        asked = helene.asks("demande")
        draft = helene.replies(asked, "un agent débordé au service urbanisme, du 4 au 29 mai")
    else:
        helene.asks("demande")
        assert "Pour quel service" in helene.asks("un agent").text
        assert "Pour quelle période" in helene.asks("Urbanisme").text
        asked = helene.asks("du 4 au 29 mai 2026")
        assert "urgent" in asked.text
        helene.asks("2")
        draft = helene.asks("c'est tout")
    assert "Service : urbanisme" in draft.text
    assert "Urgence : service débordé" in draft.text
    assert draft.text.count("4 mai 2026") == 1


def test_by_mail_nothing_optional_is_asked(bruno_asked: Said) -> None:
    assert "service concerné" not in bruno_asked.text
    assert "urgence" not in bruno_asked.text


def _order_in(text: str) -> list[str]:
    names = [f"A-2026-000{number}" for number in range(1, 5)]
    return sorted((name for name in names if name in text), key=text.index)


def test_the_blocked_come_first_in_the_list_with_their_size(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    for words in (CALM, URGENT, OVERWHELMED, BLOCKED):
        _published(helene, words)
    text = bruno.asks("annonces").text
    assert _order_in(text) == ["A-2026-0004", "A-2026-0003", "A-2026-0002", "A-2026-0001"]
    assert "4.659 habitants" in text


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("demandes état civil", ["A-2026-0004"]),
        ("demandes debordees", ["A-2026-0003"]),
        ("annonces urgentes", ["A-2026-0002"]),
        ("demandes", ["A-2026-0004", "A-2026-0003", "A-2026-0002", "A-2026-0001"]),
        ("offres", []),
    ],
)
def test_they_are_sought_by_service_and_urgency(
    world: World, sought: str, found: list[str]
) -> None:
    helene, bruno = world.helene(), world.bruno()
    for words in (CALM, URGENT, OVERWHELMED, BLOCKED):
        _published(helene, words)
    assert _order_in(bruno.asks(sought).text) == found


def test_a_long_sentence_behind_demandes_is_shown_and_not_sought(world: World) -> None:
    said = world.helene().asks("demandes un agent pour le service population du 4 au 29 mai")
    assert "Rien n'est envoyé sans votre accord" in said.text


def test_the_blocked_come_first_in_the_digest(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    for words in (BLOCKED, CALM):
        _published(helene, words)
    (digest,) = bruno.got(world.move_to(datetime(2026, 3, 25, 12, tzinfo=UTC)))
    assert _order_in(digest.text) == ["A-2026-0001", "A-2026-0002"]


def test_a_correction_changes_it(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    message, said = helene.sends(BLOCKED)
    (draft,) = helene.got(said)
    helene.answers(draft, "oui")
    (asked,) = helene.got(helene.edits(message, OVERWHELMED))
    helene.answers(asked, "oui")
    assert "service débordé" in bruno.asks("annonces").text
