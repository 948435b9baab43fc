"""``supracom shelf``: what an administrator reads of what could not be handled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot.__main__ import app
from handlers.request import Incoming, Kind
from storage import inbox
from storage.engine import Database
from storage.upgrade import upgrade
from tests.servers.test_logs import CONFIGURATION

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
REFERENCE = "E-2026-0001"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "supracom.toml"
    path.write_text(CONFIGURATION.format(port=9), "utf-8")
    (tmp_path / "var").mkdir()
    return path


def shelve(config: Path, incoming: Incoming, traceback: str | None = None) -> None:
    def put(session: Session) -> None:
        record = incoming.as_record()
        entry = inbox.accept(session, "mail", incoming.external_id, incoming.sender, record, NOW)
        assert entry is not None
        entry.state, entry.reference, entry.traceback = inbox.State.SHELVED, REFERENCE, traceback

    database = Database.open(f"sqlite:///{config.parent / 'var' / 'supracom.sqlite3'}")
    upgrade(database.engine)
    database.run(put)
    database.close()


def shelf(config: Path, *command: str) -> Result:
    return CliRunner().invoke(app, ["shelf", *command, "--config", str(config)])


def message(text: str, kind: Kind, sender: str = "anne@commune.example") -> Incoming:
    return Incoming("mail", "<1@x.example>", sender, sender, NOW, text, kind)


def test_what_could_not_be_read_shows_where_it_lies(config: Path) -> None:
    shelve(config, message("", Kind.UNREADABLE, sender=""))
    shown = shelf(config, "show", REFERENCE)
    assert "None" not in shown.output
    assert "unreadable" in shown.output
    assert "<1@x.example>" in shown.output
    retried = shelf(config, "retry", REFERENCE)
    assert retried.exit_code == 1
    assert "could not be read" in " ".join(retried.output.split())


def test_a_retry_says_that_it_failed_again(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("still broken")

    shelve(config, message("aide", Kind.MESSAGE), "Traceback: broken")
    with monkeypatch.context() as patched:
        patched.setattr("handlers.routing.Router.answer", broken)
        failed = shelf(config, "retry", REFERENCE)
    assert (failed.exit_code, "stays on the shelf" in failed.output) == (1, True)
    mended = shelf(config, "retry", REFERENCE)
    assert (mended.exit_code, "was handled" in mended.output) == (0, True)
    assert shelf(config, "retry", REFERENCE).exit_code == 1
