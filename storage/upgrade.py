"""The schema, brought up to date at start."""

from __future__ import annotations

import time
from importlib.resources import files

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

HEAD = "0001"
"""The revision that this code needs; a test holds it against the migrations."""
ATTEMPTS = 10
PAUSE_SECONDS = 0.5


def upgrade(engine: Engine) -> None:
    """Bring a database to the schema of this code; quick when it is there already.

    Several processes may start at once: the schema changes in one transaction, so whoever comes
    second fails, looks again, and finds the work done.
    """
    for attempt in range(1, ATTEMPTS + 1):
        if _revision(engine) == HEAD:
            return
        try:
            _migrate(engine)
        except DBAPIError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)


def _migrate(engine: Engine) -> None:
    # Imported here: a start that has nothing to upgrade need not wait for it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found else None
