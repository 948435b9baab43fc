"""The schema, brought up to date at start."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Engine, inspect, text

HEAD = "0001"
"""The revision that this code needs; a test holds it against the migrations."""


def upgrade(engine: Engine) -> None:
    """Bring a database to the schema of this code; quick when it is there already.

    Several processes may start at once: on PostgreSQL they wait for one another.
    """
    if _revision(engine) == HEAD:
        return
    # Imported here: a start that has nothing to upgrade need not wait for it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE pg_catalog.pg_class IN SHARE ROW EXCLUSIVE MODE"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))
