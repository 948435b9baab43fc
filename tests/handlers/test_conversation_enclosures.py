"""Files that go with an announcement, whenever they are sent: with its first words, while its form
is filled, to the draft that is shown, with the yes (acceptance B07).
"""

from __future__ import annotations

import pytest

from handlers.request import IncomingFile
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World

PHOTO = IncomingFile("photo.jpg", "image/jpeg", b"\xff\xd8\xff")
PLAN = IncomingFile("plan.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
def helene(world: World) -> Somebody:
    return world.helene()


def _received(said: list[Said], reader: Somebody) -> int:
    return sum(one.files for one in reader.got(said))


def test_to_the_draft_that_is_shown(world: World, helene: Somebody) -> None:
    bruno = world.bruno()
    draft = helene.asks("offre 40 chaises, du 4 au 8 mai 2026")
    words = "Voici une photo." if helene.channel == MAIL else ""
    again = helene.replies(draft, words, files=(PHOTO,))
    assert "photo.jpg" in again.text
    assert bruno.got() == []
    assert _received(helene.answers(again, "oui"), bruno) == 1


def test_with_the_yes(world: World, helene: Somebody) -> None:
    bruno = world.bruno()
    draft = helene.asks("offre 40 chaises, du 4 au 8 mai 2026")
    assert _received(helene.answers(draft, "oui", files=(PHOTO,)), bruno) == 1


def test_to_a_draft_that_would_leave_by_itself(world: World, helene: Somebody) -> None:
    bruno = world.bruno()
    draft = helene.asks(
        "Bonjour,\n\nLa commune de Musson cherche un agent pour le service population, du 4 au 29"
        " mai 2026.\n\nMerci d'avance,\nHélène Lambiotte",
        files=(PLAN,),
    )
    again = helene.replies(draft, "", files=(PHOTO,))
    assert "plan.pdf, photo.jpg" in again.text
    assert _received(helene.answers(again, "oui"), bruno) == 2


def test_with_the_first_words_of_a_form(world: World, helene: Somebody) -> None:
    bruno = world.bruno()
    asked = helene.asks("offre", files=(PLAN,))
    draft = helene.replies(asked, "40 chaises, du 4 au 8 mai 2026")
    if helene.channel == MATRIX:
        draft = helene.asks("c'est tout")
    assert "plan.pdf" in draft.text
    assert _received(helene.answers(draft, "oui"), bruno) == 1


def test_alone_it_is_asked_what_it_is_about(helene: Somebody) -> None:
    told = helene.asks("", files=(PHOTO,), subject="")
    assert "dites à quoi il se rapporte" in told.text


class TestInAChat:
    """Where people send a picture on its own."""

    @pytest.fixture
    def channel(self) -> str:
        return MATRIX

    def test_while_the_form_is_filled(self, world: World, helene: Somebody) -> None:
        bruno = world.bruno()
        helene.asks("offre")
        helene.asks("40 chaises")
        joined = helene.asks("", files=(PHOTO,))
        assert "C'est joint" in joined.text
        assert "Pour quelle période" in joined.text
        draft = helene.asks("c'est tout")
        assert "photo.jpg" in draft.text
        assert _received(helene.answers(draft, "oui"), bruno) == 1

    def test_after_what_was_just_shown(self, world: World, helene: Somebody) -> None:
        bruno = world.bruno()
        helene.asks("offre 40 chaises, du 4 au 8 mai 2026")
        again = helene.asks("", files=(PHOTO,))
        assert "photo.jpg" in again.text
        assert _received(helene.writes("oui"), bruno) == 1

    def test_beside_the_thread_in_which_the_draft_is_shown(
        self, world: World, helene: Somebody
    ) -> None:
        bruno = world.bruno()
        helene.asks("offre 40 chaises, du 4 au 8 mai 2026", thread="$mine")
        again = helene.asks("", files=(PHOTO,))
        assert "photo.jpg" in again.text
        assert _received(helene.answers(again, "oui"), bruno) == 1

    def test_beside_the_thread_of_a_form(self, world: World, helene: Somebody) -> None:
        bruno = world.bruno()
        helene.asks("offre", thread="$mine")
        helene.asks("40 chaises", thread="$mine")
        assert "C'est joint" in helene.asks("", files=(PHOTO,)).text
        draft = helene.asks("c'est tout", thread="$mine")
        assert _received(helene.answers(draft, "oui"), bruno) == 1
