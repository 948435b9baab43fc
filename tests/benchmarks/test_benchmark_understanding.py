"""The score of a folder: right, wrong, wrongly accepted, and the exit that follows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import matching
from benchmarks.understanding import main, score

WORLD = {
    "platform_address": "plateforme@supracom.example",
    "members": [{"institution": "Commune de Virton", "users": ["zoe@virton.example"]}],
}
MAIL = """\
From: Ada Petit <ada@aubange.example>
To: plateforme@supracom.example
Subject: inscription
Date: Tue, 05 May 2026 10:30:00 +0200
Message-ID: <one@aubange.example>

La commune d'Aubange souhaite s'inscrire. Je serai la personne designee.

Ada Petit
"""
RIGHT = {
    "file": "one.eml",
    "action": "accept",
    "intent": "register",
    "institution": {"name": "Commune d'Aubange", "type": "commune", "code": "81004"},
    "designated_user": {"name": "PETIT Ada", "email": "ada@aubange.example"},
}


def folder(path: Path, **changes: Any) -> Path:
    """A folder with one mail and what is expected of it."""
    (path / "one.eml").write_text(MAIL)
    expected = {"world": WORLD, "cases": [RIGHT | changes]}
    (path / "expected.json").write_text(json.dumps(expected))
    return path


def test_what_agrees_is_right(tmp_path: Path) -> None:
    (outcome,) = score(folder(tmp_path))
    assert (outcome.right, outcome.wrongly_accepted) == (True, False)
    assert main([str(tmp_path)]) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"institution": {"name": "Commune de Messancy", "code": "81015"}},
        {"designated_user": {"name": "Ada Grand", "email": "ada@aubange.example"}},
        {"action": "refuse"},
        {"must_not": ["register Aubange"]},
        {"must_not": ["create an active member"]},
        {"must_not": ["reply"]},
    ],
)
def test_what_is_done_and_should_not_be_is_wrongly_accepted(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    (outcome,) = score(folder(tmp_path, **changes))
    assert (outcome.right, outcome.wrongly_accepted) == (False, True)
    assert main([str(tmp_path)]) == 1


def test_an_action_that_is_accepted_also_is_right(tmp_path: Path) -> None:
    (outcome,) = score(folder(tmp_path, action="ask", accept_also=["accept"]))
    assert outcome.right


def test_what_only_a_person_can_judge_is_counted(tmp_path: Path) -> None:
    (outcome,) = score(folder(tmp_path, must_not=["be rude"]))
    assert (outcome.right, outcome.unchecked) == (True, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Commune de Virton", "Ville de VIRTON"),
        ("Provincie Limburg", "Province de Limbourg"),
        ("Commune d'Étalle", "commune de Etalle"),
    ],
)
def test_names_of_institutions_that_are_equal(one: str, other: str) -> None:
    assert matching.name_key(one).split() == matching.name_key(other).split()


def test_a_commune_is_not_its_cpas() -> None:
    assert matching.name_key("CPAS de Virton") != matching.name_key("Commune de Virton")
