"""``supracom load``: what a folder would change is told before it is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.__main__ import app
from storage.engine import Database
from storage.purchasing import Solution
from tests.handlers.conversation import CONTENT
from tests.servers.test_logs import CONFIGURATION


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "supracom.toml"
    path.write_text(CONFIGURATION.format(port=9), "utf-8")
    (tmp_path / "var").mkdir()
    return path


def _load(config: Path, folder: Path, *more: str) -> str:
    done = CliRunner().invoke(app, ["load", str(folder), "--config", str(config), *more])
    assert done.exit_code == 0, done.output
    return done.output


def _count(config: Path) -> int:
    database = Database.open(f"sqlite:///{config.parent / 'var' / 'supracom.sqlite3'}")
    found = database.run(lambda s: s.scalar(select(func.count()).select_from(Solution)))
    database.close()
    return found or 0


def test_a_dry_run_tells_and_changes_nothing(config: Path) -> None:
    told = _load(config, CONTENT, "--dry-run")
    assert "solution e-guichet added" in told
    assert "nothing changed" in told
    assert _count(config) == 0


def test_only_what_changed_is_told(config: Path, tmp_path: Path) -> None:
    _load(config, CONTENT)
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    assert "solution e-guichet" not in _load(config, folder)
    solutions = folder / "solutions.toml"
    solutions.write_text(solutions.read_text("utf-8").replace("2400000", "2500000"), "utf-8")
    told = _load(config, folder, "--dry-run")
    assert "solution e-guichet changed: prices" in told
    assert _load(config, folder).count("changed: prices") == told.count("changed: prices")
