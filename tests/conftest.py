"""What tests of several folders share: databases of both engines, the platform, a clock."""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine, text

from config.settings import parse
from handlers.platform import Platform
from sandbox.database import PostgresServer
from storage.engine import Database, open_engine
from storage.schema import metadata
from storage.upgrade import upgrade

SECRET = "a secret of the tests, never of a platform"
SERVER = "supracom.example"
ADMINISTRATOR = f"@camille:{SERVER}"

SETTINGS = {
    "platform": {
        "name": "e-plateforme",
        "institution": "Province de Luxembourg",
        "administrators": [ADMINISTRATOR],
        "secret": SECRET,
        "contact": {"name": "Camille Exemple", "function": "Coordination de la plateforme"},
    },
    "matrix": {
        "homeserver": f"https://{SERVER}",
        "user": f"@supracom:{SERVER}",
        "password": "nowhere",
        "members_room": f"#membres:{SERVER}",
        "admins_room": f"#administrateurs:{SERVER}",
    },
    "mail": {
        "address": f"plateforme@{SERVER}",
        "authserv_id": f"mx.{SERVER}",
        "imap": {"host": "localhost", "user": "plateforme", "password": "nowhere", "tls": "none"},
        "smtp": {"host": "localhost", "tls": "none"},
    },
}


@pytest.fixture(autouse=True)
def _log_as_found() -> Iterator[None]:
    """A test that starts the command sets up its log, into a stream that ends with that test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


class MovableClock:
    """A clock that stands still until it is moved: Tuesday 24 March 2026, ten in the morning."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant it is."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Let time go by."""
        self._now += by

    def move_to(self, day: date, at: time = time(9, tzinfo=UTC)) -> None:
        """Move to an hour of a day."""
        self._now = datetime.combine(day, at)


@pytest.fixture
def clock() -> MovableClock:
    """The time, which only the test moves."""
    return MovableClock()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """The platform as the program composes it, with the sample territory."""
    # Imported here: the tests of the storage need nothing of what is above it.
    from bot.app import open_platform

    return open_platform(parse(SETTINGS, tmp_path_factory.getbasetemp(), {}))


# -- databases --------------------------------------------------------------------------------

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.servers))


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database with the schema of the house, once of each kind."""
    found = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(found, Database)
    return found


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database without any table, once of each kind."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_database(_sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite file: a copy of one that was migrated."""
    path = tmp_path / "supracom.sqlite3"
    shutil.copy(_sqlite_template, path)
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'supracom.sqlite3'}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[PostgresServer]:
    """One PostgreSQL for all tests and all of pytest-xdist's workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with PostgresServer(shared / "postgres") as server:
        yield server


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def empty_postgresql_url(database_url: str) -> str:
    """A PostgreSQL database without tables."""
    return database_url


@pytest.fixture(scope="session")
def _postgres_engine(postgres: PostgresServer) -> Iterator[Engine]:
    """A migrated database of this worker's own; each test leaves it empty."""
    name = f"worker_{uuid.uuid4().hex}"
    engine = open_engine(postgres.create_database(name))
    upgrade(engine)
    yield engine
    engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def postgresql_database(_postgres_engine: Engine) -> Iterator[Database]:
    """PostgreSQL, its tables emptied afterwards: ten times quicker than a database per test."""
    yield Database(_postgres_engine)
    with _postgres_engine.begin() as connection:
        # What a test left open must not hold up all the others.
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
