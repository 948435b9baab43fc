"""The documents hold against the code: links, commands, examples, and what must not be named."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest
import typer

from bot.__main__ import app
from config.content import read_content
from config.settings import load
from config.territory import Territory, load_territory
from handlers.commands import everything
from handlers.intents import understand
from handlers.request import consent

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDE = ROOT / "docs" / "guide-utilisateur.md"
OPERATING = ROOT / "docs" / "operating.md"
READING_DAY = date(2027, 3, 1)

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"(?:^|[/`])supracom ([a-z][a-z-]*[a-z])(?: ([a-z]+))?", re.MULTILINE)
_PATH = re.compile(r"(?<![\w.:/$])/([a-z_.-]+)/")
_MAIL_DOMAIN = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_SITE = re.compile(r"https?://([\w.-]+)")


def fences(document: Path, kind: str) -> list[tuple[str, str]]:
    """The fenced blocks of a kind: the word behind the kind, and the text."""
    found = _FENCE.findall(document.read_text("utf-8"))
    return [(word, text) for name, word, text in found if name == kind]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory("luxembourg_be")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in _LINK.findall(document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for code in _CODE.findall(document.read_text("utf-8")):
        for named in re.findall(r"\bmake (\w+)", code):
            assert named in targets, named


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_console_command_exists(document: Path) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    shelf = group.commands["shelf"]
    assert isinstance(shelf, typer.core.TyperGroup)
    for code in _CODE.findall(document.read_text("utf-8")):
        # An argument follows the name: « supracom » alone is also a user and a folder.
        for first, second in _CONSOLE.findall(code):
            assert first in group.commands, first
            if first == "shelf" and second:
                assert second in shelf.commands, second


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_modules_named_to_be_run_exist(document: Path) -> None:
    for module in re.findall(r"-m ((?:sandbox|benchmarks|bot)[.\w]*)", document.read_text("utf-8")):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_nothing_real_is_named(document: Path) -> None:
    text = document.read_text("utf-8")
    for domain in [*_MAIL_DOMAIN.findall(text), *_SITE.findall(text)]:
        assert domain.endswith(".example"), domain
    assert "pypi" not in text.lower()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_only_the_usual_places_of_a_server_are_named(document: Path) -> None:
    usual = {"etc", "opt", "usr", "var", ".well-known", "_matrix", "stop"}
    assert set(_PATH.findall(document.read_text("utf-8"))) <= usual


def test_the_picture_asks_nobody() -> None:
    drawn = (ROOT / "docs" / "images" / "transcript.svg").read_text("utf-8")
    # The one address is the name of the format.
    assert set(_SITE.findall(drawn)) == {"www.w3.org"}
    assert "@font-face" not in drawn


# -- the guide ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [text for _word, text in fences(GUIDE, "commande")])
def test_a_command_of_the_guide_is_known(text: str) -> None:
    call = everything().find(text.strip())
    assert call is not None
    assert bool(call.words) is (len(text.split()) > len(call.command.name.split()))


@pytest.mark.parametrize(("word", "text"), fences(GUIDE, "reponse"))
def test_an_answer_of_the_guide_says_yes_or_no(word: str, text: str) -> None:
    assert consent(text) is (word == "oui")


@pytest.mark.parametrize(("intent", "text"), fences(GUIDE, "mail"))
def test_a_letter_of_the_guide_is_understood(intent: str, text: str, territory: Territory) -> None:
    subject, _blank, body = text.partition("\n\n")
    read = understand(subject, body, "helene.lambiotte@musson.example", "", READING_DAY, territory)
    assert read.intent == intent
    if intent == "register":
        assert read.registration.missing == ()
    else:
        assert read.announcement is not None
        assert read.announcement.period is not None


def test_the_guide_shows_every_listed_command() -> None:
    table = everything()
    shown = {
        call.command.name
        for _word, text in fences(GUIDE, "commande")
        if (call := table.find(text.strip()))
    }
    theirs = {command.name for command in table.commands if command.who.name != "ADMINISTRATOR"}
    assert theirs - {"aide", "à propos"} <= shown


# -- the operator's manual ------------------------------------------------------------------


def test_the_settings_of_the_manual_are_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for secret in ("platform", "matrix", "imap", "smtp"):
        (tmp_path / secret).write_text("a secret of a test, of some length\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    config = tmp_path / "supracom.toml"
    config.write_text(_with_changes((ROOT / "config" / "example.toml").read_text("utf-8")))
    settings = load(config, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert settings.mail.smtp.user == "eplateforme"
    assert settings.matrix.access_token.get_secret_value().startswith("a secret")


def _with_changes(example: str) -> str:
    """The example with the first block of settings of the manual put into its sections."""
    for section in re.split(r"^(?=\[)", fences(OPERATING, "toml")[0][1], flags=re.MULTILINE):
        heading, _newline, lines = section.partition("\n")
        if heading:
            example = example.replace(f"{heading}\n", f"{heading}\n{lines}", 1)
    return example


def test_the_sample_content_of_the_manual_is_there() -> None:
    loads = re.findall(r"^supracom load (.*)$", OPERATING.read_text("utf-8"), re.MULTILINE)
    assert loads
    for arguments in loads:
        assert read_content(ROOT / shlex.split(arguments)[0]).centrals
