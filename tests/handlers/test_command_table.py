"""The command table: what a text is taken for, and how a command's words are read."""

from __future__ import annotations

import re
from datetime import date

import pytest

from config.folding import fold
from handlers.arguments import _READERS
from handlers.command import Table
from handlers.commands import everything
from handlers.request import consent
from handlers.wording import _, plain

TABLE = everything()


@pytest.mark.parametrize(
    ("text", "command", "words"),
    [
        ("catalogue", "catalogue", ""),
        ("catalogue repas scolaires", "catalogue", "repas scolaires"),
        ("  Catalogue  ", "catalogue", ""),
        ("CATALOGUE !", "catalogue", ""),
        ("Catalogue.", "catalogue", ""),
        ("adherer Smart", "adhérer", "Smart"),
        ("ADHÉRER Smart", "adhérer", "Smart"),
        ("Desinscrire", "désinscrire", ""),
        ("répondre A-1 oui,\nvolontiers", "répondre", "A-1 oui,\nvolontiers"),
        ("a propos", "à propos", ""),
        ("commandes reçues", "commandes reçues", ""),
        ("commandes", "commandes", ""),
        ("mes commandes", "commandes", ""),
        ("commande e-guichet", "commander", "e-guichet"),
        ("order e-guichet", "commander", "e-guichet"),
        ("nouveau code", "nouveau code", ""),
        ("qui gère la centrale Smart ?", "centrale", "Smart ?"),
        ("help", "aide", ""),
        ("hulp", "aide", ""),
        ("hilfe", "aide", ""),
    ],
)
def test_a_text_begins_with_a_command(text: str, command: str, words: str) -> None:
    call = TABLE.find(text)
    assert call is not None
    assert (call.command.name, call.words) == (command, words)


@pytest.mark.parametrize(
    "text", ["", "   ", "xyzzy", "nouveau", "le catalogue", "cataloguer", "oui", "?", "🙂"]
)
def test_anything_else_is_no_command(text: str) -> None:
    assert TABLE.find(text) is None


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("catalogu", "catalogue"),
        ("comander e-guichet", "commander e-guichet"),
        ("anonces", "annonces"),
        ("statistque", "statistiques"),
        ("Désincrire", "désinscrire"),
    ],
)
def test_a_mistyped_command_has_a_nearest_one(text: str, corrected: str) -> None:
    assert TABLE.nearest(text) == corrected
    assert TABLE.find(corrected) is not None


@pytest.mark.parametrize(
    ("text", "language", "corrected"),
    [
        ("statistikes", "fr", "statistiques"),
        ("statistikes", "de", "statistik"),
        ("katalogg", "de", "katalog"),
        ("katalogg", "fr", "catalogue"),
        ("nouveu code", "fr", "nouveau code"),
        ("comandes recues", "fr", "commandes reçues"),
    ],
)
def test_the_nearest_is_in_the_readers_language(text: str, language: str, corrected: str) -> None:
    assert TABLE.nearest(text, language) == corrected


def test_examples_hold_no_past_date() -> None:
    for command in TABLE.commands:
        example = command.example_at(date(2031, 1, 15))
        assert not re.search(r" 20(?!30|31)\d\d", example), example
        assert "{" not in example


def test_the_nearest_begins_with_the_same_act() -> None:
    assert TABLE.nearest("anunler la commande", roles=frozenset()) is None
    assert TABLE.nearest("anunler la commande") == "annuler la commande"


@pytest.mark.parametrize("text", ["xyzzy", "", "🙂"])
def test_some_words_are_near_to_nothing(text: str) -> None:
    assert TABLE.nearest(text) is None


def test_every_name_finds_its_own_command() -> None:
    for command in TABLE.commands:
        for name in command.names:
            call = TABLE.find(name)
            assert call is not None, name
            assert call.command is command, name


def test_every_argument_can_be_read() -> None:
    """A command with a new kind of argument has a reader for it."""
    for command in TABLE.commands:
        for parameter in command.parameters:
            assert parameter.kind in _READERS, (command.name, parameter.name)


def test_every_example_is_a_call_of_its_command_and_every_usage_names_it() -> None:
    for command in TABLE.commands:
        assert fold(plain(command.usage, "fr")).startswith(fold(command.name)), command.name
        if command.example:
            call = TABLE.find(command.example_at(date(2026, 3, 24)))
            assert call is not None, command.example
            assert call.command is command, command.example


def test_no_command_is_a_yes_or_a_no() -> None:
    for command in TABLE.commands:
        for name in command.names:
            assert consent(name) is None, name


def test_two_commands_cannot_share_a_name() -> None:
    tables = []
    for name in ("Été", "ete"):
        table = Table()
        table.command(name, usage=_("x"), summary=_("x"))(_nothing)
        tables.append(table)
    with pytest.raises(ValueError, match="ete"):
        Table.merged(tables)


def _nothing(_ctx: object) -> None:
    return None


# -- yes and no -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("oui", True),
        ("Oui !", True),
        ("OK", True),
        ("oui, merci", True),
        ("Bonjour,\n\nOui.\n\nBien à vous,\nHélène", True),
        ("Je confirme.", True),
        ("confirmer", True),
        ("D'accord", True),
        ("✅", True),
        ("ja", True),
        ("yes please", True),
        ("non", False),
        ("Non merci", False),
        ("annuler", False),
        ("❌", False),
        ("nein", False),
        ("oui mais pas demain", None),
        ("oui et non", None),
        ("Nous avons bien reçu votre mail. Oui.", None),
        ("confirmer la commande SMART-2026-0001", None),
        ("peut-être", None),
        ("👍", None),
        ("", None),
        ("Bonjour,\nMerci,", None),
        ("Merci\noui", True),
    ],
)
def test_consent(text: str, said: bool | None) -> None:
    assert consent(text) is said
