"""The command `supracom explain`, as an administrator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.explain_command import instant

MAIL = """\
From: Ada Petit <ada@aubange.example>
To: plateforme@supracom.example
Subject: inscription
Message-ID: <one@aubange.example>

La commune d'Aubange souhaite s'inscrire. Je serai la personne designee.

Ada Petit
"""


@pytest.fixture
def mail(tmp_path: Path) -> str:
    path = tmp_path / "one.eml"
    path.write_text(MAIL)
    return str(path)


def test_a_mail_is_explained_as_json(mail: str) -> None:
    result = CliRunner().invoke(app, ["explain", mail, "--at", "2026-05-05T10:30", "--believed"])
    facts = json.loads(result.output)
    assert (facts["action"], facts["intent"]) == ("accept", "register")
    assert facts["institution"]["code"] == "81004"
    assert "jeudi 7 mai 2026" in " ".join(facts["reply"]["text"].split())


def test_a_mail_is_explained_for_the_eye(mail: str) -> None:
    result = CliRunner().invoke(app, ["explain", mail, "--pretty"])
    assert result.exit_code == 0
    assert "Commune d'Aubange" in result.output


@pytest.mark.parametrize("arguments", [["nowhere.eml"], ["{mail}", "--at", "tomorrow"]])
def test_what_cannot_be_explained_is_said(mail: str, arguments: list[str]) -> None:
    words = [word.replace("{mail}", mail) for word in arguments]
    assert CliRunner().invoke(app, ["explain", *words]).exit_code == 2


def test_an_instant_without_a_zone_is_the_platform_s() -> None:
    assert instant("2026-05-05T10:30", "Europe/Brussels").isoformat() == "2026-05-05T10:30:00+02:00"
