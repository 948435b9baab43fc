"""What a survey asks, and what an answer chooses: one table for each question."""

from __future__ import annotations

import pytest

from handlers.survey_words import chosen, read_survey, voted
from storage.surveys import Survey


@pytest.mark.parametrize(
    ("words", "question", "options", "several", "until"),
    [
        ("Quel jour ? mardi / jeudi", "Quel jour ?", ("mardi", "jeudi"), False, ""),
        (
            "Quel jour ? mardi ; jeudi | samedi",
            "Quel jour ?",
            ("mardi", "jeudi", "samedi"),
            False,
            "",
        ),
        ("Quel jour ?\n- mardi\n- jeudi", "Quel jour ?", ("mardi", "jeudi"), False, ""),
        ("Quel jour\n1. mardi\n2) jeudi", "Quel jour", ("mardi", "jeudi"), False, ""),
        ("Êtes-vous d'accord ?", "Êtes-vous d'accord ?", ("oui", "non"), False, ""),
        (
            "Quels jours ? mardi / jeudi (plusieurs réponses possibles)",
            "Quels jours ?",
            ("mardi", "jeudi"),
            True,
            "",
        ),
        (
            "Quel jour ? mardi / jeudi, jusqu'au 30 avril 2026",
            "Quel jour ?",
            ("mardi", "jeudi"),
            False,
            "30 avril 2026",
        ),
        ("D'accord ? jusqu’au 30 avril", "D'accord ?", ("oui", "non"), False, "30 avril"),
        ("Jusqu'au soir ? oui / non", "Jusqu'au soir ?", ("oui", "non"), False, ""),
    ],
)
def test_what_is_asked(
    words: str, question: str, options: tuple[str, ...], several: bool, until: str
) -> None:
    asked = read_survey(words)
    assert (asked.question, asked.options) == (question, options)
    assert (asked.several, asked.until) == (several, until)


DAYS = ["mardi", "jeudi matin", "jeudi", "les deux"]


def survey(options: list[str], *, several: bool = False) -> Survey:
    return Survey(words="?", options=options, several=several)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("1", ["mardi"]),
        ("1.", ["mardi"]),
        (" n° 1 ", ["mardi"]),
        ("2) jeudi matin, merci", ["jeudi matin"]),
        ("1, merci", ["mardi"]),
        ("Mardi !", ["mardi"]),
        ("JEUDI", ["jeudi"]),
        ("mardi pour nous\n\nBien à vous", ["mardi"]),
        ("les deux", ["les deux"]),
        ("1\n\n-- \nHélène, 063 00 07 41", ["mardi"]),
        # Neither of several, nor against one, nor a number of something else.
        ("mardi ou jeudi", None),
        ("pas mardi", None),
        ("1 et 2", None),
        ("1, 2", None),
        ("5", None),
        ("0", None),
        ("2 personnes viendront", None),
        ("mercredi", None),
        ("", None),
        ("1. mardi\n2. jeudi matin\n3. jeudi\n4. les deux", None),
        ("- « 1 » : mardi\n- « 2 » : jeudi matin", None),
    ],
)
def test_what_words_choose(words: str, wanted: list[str] | None) -> None:
    assert chosen(survey(DAYS), words) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("1, 3", ["mardi", "jeudi"]),
        ("1 et 3", ["mardi", "jeudi"]),
        ("3 1 1", ["jeudi", "mardi"]),
        ("mardi et les deux", ["mardi", "les deux"]),
        ("1, 9", None),
    ],
)
def test_where_several_may_be_chosen(words: str, wanted: list[str] | None) -> None:
    assert chosen(survey(DAYS, several=True), words) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("oui", ["oui"]),
        ("Oui, merci", ["oui"]),
        ("ja", ["oui"]),
        ("non", ["non"]),
        ("❌", ["non"]),
        ("oui mais", None),
        ("1", None),
    ],
)
def test_yes_and_no_in_everybodys_words(words: str, wanted: list[str] | None) -> None:
    assert chosen(survey(["oui", "non"]), words) == wanted


@pytest.mark.parametrize(
    ("words", "several", "wanted"),
    [
        ("1", False, ["mardi"]),
        ("3\n1", False, ["jeudi"]),
        ("3\n1", True, ["jeudi", "mardi"]),
        ("1\n1", True, ["mardi"]),
        ("9", False, []),
        ("mardi", False, []),
        ("", False, []),
    ],
)
def test_what_a_vote_chooses(words: str, several: bool, wanted: list[str]) -> None:
    assert voted(survey(DAYS, several=several), words) == wanted
