"""The schema at start: the migrations give what the models say, whoever starts first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from storage import upgrade as upgrading
from storage.engine import open_engine
from storage.schema import metadata
from storage.upgrade import HEAD, upgrade

ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def test_the_code_needs_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_migration_from_empty_equals_the_models(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert _constraints(engine) == _expected()


def test_upgrading_again_does_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(engine)
    monkeypatch.setattr(upgrading, "_migrate", _must_not_run)
    upgrade(engine)


_START = """
import sys
from storage.engine import open_engine
from storage.upgrade import upgrade
print("ready", flush=True)
sys.stdin.readline()
upgrade(open_engine(sys.argv[1]))
"""


def test_two_first_starts_at_once(empty_url: str, engine: Engine) -> None:
    """Both come up, with one schema: the second one waits, or fails and looks again."""
    command = [sys.executable, "-c", _START, empty_url]
    with ExitStack() as stack:
        starting = [
            stack.enter_context(
                subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
                )
            )
            for _ in range(2)
        ]
        for process in starting:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in starting:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in starting:
            process.communicate()
        assert [process.returncode for process in starting] == [0, 0]
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [HEAD]


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'new.sqlite3'}")
    upgrade(engine)
    assert inspect(engine).has_table("outbox")
    engine.dispose()


def _must_not_run(_engine: Engine) -> None:
    raise AssertionError("the schema was there already")


def _constraints(engine: Engine) -> set[str]:
    """The names of everything that a later migration must be able to name."""
    inspector = inspect(engine)
    names: set[str | None] = set()
    for table in metadata.tables:
        names.add(inspector.get_pk_constraint(table)["name"])
        names |= {key["name"] for key in inspector.get_foreign_keys(table)}
        names |= {key["name"] for key in inspector.get_unique_constraints(table)}
    return {name for name in names if name}


def _expected() -> set[str]:
    names: set[str] = set()
    for table in metadata.tables.values():
        kinds = {"primary_key_constraint", "foreign_key_constraint", "unique_constraint"}
        found = (c for c in table.constraints if c.__visit_name__ in kinds)
        names |= {str(constraint.name) for constraint in found}
    return names
