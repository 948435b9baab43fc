"""Languages: each person's own, kept; one for a conversation, whatever its messages look like."""

from __future__ import annotations

import pytest

from handlers.request import Place
from storage.members import Person
from tests.handlers.conversation import MAIL, Somebody, World

SHOWN_IN_DUTCH = "Wat u kunt doen"
ENGLISH = (
    "register Commune of Musson, designated user: Hélène Lambiotte, 063 00 07 41,"
    " helene.lambiotte@musson.example"
)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("langue néerlandais", "nl"),
        ("langue en allemand", "de"),
        ("language English", "en"),
        ("taal Nederlands", "nl"),
        ("Sprache Deutsch", "de"),
        ("taal Frans", "fr"),
        ("langue nl", "nl"),
    ],
)
def test_a_language_is_chosen_in_any_language(world: World, words: str, language: str) -> None:
    helene = world.helene()
    helene.asks("langue English")
    helene.asks(words)
    assert [person.language for person in world.all(Person)] == [language]


def test_a_preference_is_kept(world: World) -> None:
    helene = world.helene()
    helene.asks("taal Nederlands")
    assert SHOWN_IN_DUTCH in helene.asks("aide").text
    if helene.mail != helene.address:
        assert SHOWN_IN_DUTCH in helene.at_mail().asks("aide").text


def test_an_unknown_language_is_refused_with_those_there_are(world: World) -> None:
    assert "néerlandais" in world.helene().asks("langue espagnol").text
    assert [person.language for person in world.all(Person)] == ["fr"]


def test_nobody_changes_another_persons_language(world: World) -> None:
    helene = world.helene()
    helene.writes("langue Deutsch", authenticated=False)
    assert [person.language for person in world.all(Person)] == ["fr"]


def test_a_registration_in_english_is_answered_in_english_and_stays_so(world: World) -> None:
    somebody = world.stranger("helene")
    receipt = somebody.asks(ENGLISH)
    assert "registration" in receipt.text
    assert "inscription" not in receipt.text
    assert "What you can do" in somebody.asks("aide").text
    assert [person.language for person in world.all(Person)] == ["en"]


def test_a_strangers_conversation_keeps_its_language(world: World) -> None:
    somebody = world.stranger()
    somebody.asks(
        "Goedendag, wij zijn een gemeente en willen graag weten wat het platform voor ons kan doen"
    )
    assert SHOWN_IN_DUTCH in somebody.asks("aide").text


def test_a_room_has_one_language(world: World) -> None:
    helene = world.helene()
    helene.asks("langue Nederlands")
    if helene.channel == MAIL:
        return
    there = helene.elsewhere(Place.MEMBERS)
    assert "Ce que vous pouvez faire" in there.asks("aide").text
    assert "Dans ce salon" in there.asks("langue Deutsch").text


@pytest.mark.parametrize(
    "form",
    [
        "Instelling: Gemeente Musson\nAangeduide gebruiker: Hélène Lambiotte\nE-mail: {mail}",
        "Einrichtung: Gemeinde Musson\nBenutzer: Hélène Lambiotte\nE-Mail: {mail}",
        "Institution: Commune of Musson\nDesignated user: Hélène Lambiotte\nEmail: {mail}",
    ],
    ids=["nl", "de", "en"],
)
def test_the_labels_of_a_form_are_read_in_its_language(world: World, form: str) -> None:
    clerk = Somebody(world, MAIL, "accueil@musson.example")
    command = {"Instelling": "inschrijven", "Einrichtung": "anmelden"}.get(
        form.partition(":")[0], "register"
    )
    clerk.writes(f"{command}\n{form.format(mail='helene.lambiotte@musson.example')}")
    (person,) = world.all(Person)
    assert person.name == "Hélène Lambiotte"
