"""``supracom forget-keys``: Matrix may be read elsewhere, when its keys are lost for good."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from bot.__main__ import app
from bot.leadership import TTL, lease_of
from storage import leases
from storage.engine import Database
from storage.upgrade import upgrade
from tests.servers.test_logs import CONFIGURATION


def test_it_lets_whoever_comes_first_have_the_lease(tmp_path: Path) -> None:
    config = tmp_path / "supracom.toml"
    config.write_text(CONFIGURATION.format(port=9), "utf-8")
    database = Database.open(f"sqlite:///{tmp_path / 'var' / 'supracom.sqlite3'}")
    upgrade(database.engine)
    name = lease_of("matrix")
    epoch = database.run(leases.acquire, name, "lost", TTL, reserve=True)
    assert epoch is not None
    database.run(leases.release, name, "lost", epoch)
    told = [CliRunner().invoke(app, ["forget-keys", "--config", str(config)]) for _ in range(2)]
    assert [one.exit_code for one in told] == [0, 0]
    assert "as a new device" in told[0].output
    assert "nothing is changed" in told[1].output
    assert database.run(leases.acquire, name, "other", TTL) == epoch + 1
    database.close()
