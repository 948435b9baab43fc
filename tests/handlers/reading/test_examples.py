"""Known letters, and what an unknown one resembles."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from handlers.intents import Intent
from handlers.reading.examples import Examples, features, known_letters, read_examples
from handlers.reading.letter import open_letter
from handlers.reading.weighing import weights_of

FILES = sorted(
    entry.name
    for entry in (files("handlers.reading") / "known").iterdir()
    if entry.name.endswith(".txt")
)


@pytest.mark.parametrize("name", FILES)
def test_every_known_letter_has_an_intent_and_words(name: str) -> None:
    text = (files("handlers.reading") / "known" / name).read_text(encoding="utf-8")
    labelled = list(read_examples(text))
    assert labelled
    assert all(len(said.strip("-\n ")) > 2 for _intent, said in labelled)
    addresses = re.findall(r"@[\w.-]+\.[a-z]{2,}", text.lower())
    assert [one for one in addresses if not one.endswith(".example")] == []


def test_numbers_addresses_and_accents_do_not_matter() -> None:
    one = features("Écrivez à a@x.example avant le 12/06.")
    assert one == features("ecrivez a b.c@y.example avant le 3 mai".replace("3 mai", "7.8."))


def test_the_nearest_intent_and_its_lead() -> None:
    taught = Examples(
        [
            (Intent.LEAVE, "nous rendons notre tablier, fermez la porte derrière nous"),
            (Intent.LEAVE, "on rend son tablier de membre, bonne continuation"),
            (Intent.ORDER, "lancez la machine pour le guichet, le bourgmestre a signé"),
            (Intent.ORDER, "le bourgmestre a signé le bon pour le guichet"),
        ]
    )
    like = taught.likeness("la commune rend son tablier")
    assert like.intent is Intent.LEAVE
    assert like.lead > 0.5
    assert taught.likeness("xyz").lead == 0.0


def test_a_letter_without_a_known_wording_is_understood_by_what_it_resembles() -> None:
    text = (
        "Bonjour, après mûre réflexion la zone tire sa révérence : vous pouvez ranger notre fiche"
        " et nous oublier, nous ne serons plus de l'aventure dès lundi."
    )
    assert known_letters().likeness(text).intent is Intent.LEAVE


@pytest.mark.parametrize(
    "text",
    [
        "Si nous rendions un jour notre tablier de membre de la plateforme, que se passerait-il ?",
        "Bonjour. Merci. À bientôt.",
    ],
)
def test_what_is_supposed_or_too_short_resembles_nothing(text: str) -> None:
    assert Intent.LEAVE not in weights_of(open_letter("", text))
