"""The disposable PostgreSQL: shared, one database each, gone with its last user."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from sandbox.database import PostgresServer

pytestmark = pytest.mark.servers


def test_two_databases_are_separate(postgres: PostgresServer) -> None:
    urls = [postgres.create_database(name) for name in ("sandbox_a", "sandbox_b")]
    try:
        first, second = (sa.create_engine(url, poolclass=sa.NullPool) for url in urls)
        with first.begin() as connection:
            connection.execute(sa.text("CREATE TABLE t AS SELECT 'Éghezée' AS name"))
            assert connection.scalar(sa.text("SELECT lower(name) FROM t")) == "éghezée"
        assert sa.inspect(first).get_table_names() == ["t"]
        assert sa.inspect(second).get_table_names() == []
    finally:
        for name in ("sandbox_a", "sandbox_b"):
            postgres.drop_database(name)


def test_a_dropped_database_is_gone_even_while_used(postgres: PostgresServer) -> None:
    engine = sa.create_engine(postgres.create_database("sandbox_used"))
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        postgres.drop_database("sandbox_used")
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("SELECT 1"))
        connection.invalidate()
    engine.dispose()
    postgres.drop_database("sandbox_used")  # absent: nothing to do


def test_the_fixture_gives_an_empty_database(database_url: str) -> None:
    assert sa.inspect(sa.create_engine(database_url, poolclass=sa.NullPool)).get_table_names() == []


def test_it_listens_on_a_unix_socket_only(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SHOW listen_addresses")) == ""


def test_users_of_one_directory_share_the_server_until_the_last_leaves(tmp_path: Path) -> None:
    first, second = PostgresServer(tmp_path), PostgresServer(tmp_path)
    first.start()
    home = _socket_directory(first)
    with second:
        assert _socket_directory(second) == home
        first.stop()
        second.create_database("still_there")
    assert not home.exists()
    with first:
        assert _socket_directory(first) != home
        first.create_database("still_there")  # the data of before was not kept


_HOLDER = """
import sys
from pathlib import Path
from sandbox.database import PostgresServer
with PostgresServer(Path(sys.argv[1])) as server:
    print(server.url(), flush=True)
    sys.stdin.read()
"""


def test_a_killed_user_does_not_hold_the_server(tmp_path: Path) -> None:
    with PostgresServer(tmp_path) as server:
        command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline().strip() == server.url()
            other.kill()
        home = _socket_directory(server)
    assert not home.exists()


@pytest.mark.parametrize(("durable", "fsync"), [(False, "off"), (True, "on")])
def test_care_for_the_disk_is_a_choice(tmp_path: Path, durable: bool, fsync: str) -> None:
    with PostgresServer(tmp_path, durable=durable) as server:
        engine = sa.create_engine(server.url(), poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SHOW fsync")) == fsync


def _socket_directory(server: PostgresServer) -> Path:
    return Path(parse_qs(urlsplit(server.url()).query)["host"][0])
