"""Help: short, only what this person can do here, with examples that work when copied."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.command import Command
from handlers.commands import everything
from handlers.policy import Role
from handlers.request import Place
from tests.handlers.conversation import MAIL, MATRIX, Somebody, World

COMMANDS = [command for command in everything().commands if command.example]
DAY = date(2026, 3, 24)
ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
NOT_HANDLED = ("Je ne comprends pas", "Il manque", "vouliez-vous", "E-2026-", "pas compris")
OF_OTHERS = ("inscriptions", "accepter", "refuser", "membre ")


def test_a_stranger_is_shown_how_to_register_and_nothing_reserved(world: World) -> None:
    text = world.stranger().asks("aide").text
    assert "inscrire INSTITUTION" in text
    assert "catalogue" in text
    for name in (*OF_OTHERS, "diffusion", "commander SOLUTION", "annonces"):
        assert name not in text
    assert len(text) < 1200


def test_a_member_is_shown_what_members_do(world: World) -> None:
    text = world.helene().asks("aide").text
    for name in ("demande", "offre", "annonces", "commander", "diffusion", "langue"):
        assert name in text
    for name in (*OF_OTHERS, "inscrire INSTITUTION"):
        assert name not in text
    assert len(text) < 1200


def test_what_is_private_is_not_shown_where_others_read(world: World) -> None:
    helene = world.helene()
    if helene.channel == MATRIX:
        text = helene.elsewhere(Place.MEMBERS).asks("aide").text
        assert "désinscrire" not in text
        assert "demande" in text


def test_an_administrator_is_shown_what_waits_for_them(world: World) -> None:
    text = world.camille.asks("aide").text
    for name in ("inscriptions", "accepter"):
        assert name in text


def test_help_on_what_one_may_not_do_is_not_given(world: World) -> None:
    assert "accepter" not in world.helene().asks("aide accepter").text.replace("« accepter »", "")
    assert "accepter RÉFÉRENCE" in world.camille.asks("aide accepter").text


def who(shop: World, role: Role) -> Somebody:
    """Somebody who has a role."""
    match role:
        case Role.ADMINISTRATOR:
            return shop.camille
        case Role.MANAGER:
            return shop.smart
        case _:
            return shop.helene()


@pytest.fixture
def prepared(shop: World) -> World:
    """A platform on which the examples name something that is there."""
    bruno = shop.bruno()
    bruno.writes(ADHESION)
    bruno.replies(bruno.asks("commander e-guichet"), "oui")
    bruno.replies(bruno.asks("demande un tracteur pour demain"), "oui")
    Somebody(shop, MATRIX, "@paul:supracom.example").asks(
        "inscrire Commune de Tintigny, utilisateur désigné : Paul Meunier,"
        " paul.meunier@tintigny.example"
    )
    shop.clock.move(shop.clock.now().replace(day=25) - shop.clock.now())
    return shop


@pytest.mark.parametrize(
    ("channel", "language"),
    [(MAIL, "fr"), (MATRIX, "nl"), (MAIL, "de"), (MATRIX, "en")],
    indirect=["channel"],
)
@pytest.mark.parametrize("own", COMMANDS, ids=lambda command: command.name)
def test_the_example_of_a_command_works_in_every_language(
    prepared: World, language: str, own: Command
) -> None:
    example = own.example_at(DAY, language)
    call = prepared.table.find(example)
    assert call is not None
    assert call.command.name == own.name
    somebody = who(prepared, own.who)
    if own.name in {"retirer", "diffusion"}:
        somebody = Somebody(prepared, MAIL, "bruno@cpas-85047.example")
    if own.name == "commander":
        somebody.writes(ADHESION)
    said = somebody.writes(example)
    (answer,) = [one for one in said if one.answers and one.destination == somebody.conversation]
    assert not [words for words in NOT_HANDLED if words in answer.text], answer.text
