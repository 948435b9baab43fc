"""A disposable PostgreSQL on a Unix socket, shared by the processes that want it."""

from __future__ import annotations

import fcntl
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from sandbox.processes import ServerError, tail

_SUPERVISOR = "sandbox.database_supervisor"
_STOP_SECONDS = 30.0


class PostgresServer:
    """A PostgreSQL shared by all processes that name the same directory.

    So pytest-xdist's workers share one server, each with databases of its own. A supervisor
    process (`database_supervisor`) keeps the server while anybody is connected to it, and stops
    it when the last one leaves or is killed. The directory holds the lock and the logs; the data
    is not kept. `durable` keeps PostgreSQL's care for the disk, for measurements; the first
    process to start decides.
    """

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        self.directory = directory.absolute()
        self._durable = durable
        self._supervisor: socket.socket | None = None
        self._socket_directory = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server or join the running one; raises ServerError with the logs' tails."""
        if self._supervisor is not None:
            raise ServerError("PostgreSQL is already in use through this object")
        self.directory.mkdir(parents=True, exist_ok=True)
        with _locked(self.directory / "start.lock"):
            if not self._join():
                self._launch()
                if not self._join():
                    raise self._failure()

    def stop(self) -> None:
        """Leave the server; the last one to leave waits until it is stopped."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None:
            return
        with supervisor:
            supervisor.shutdown(socket.SHUT_WR)
            supervisor.settimeout(_STOP_SECONDS)
            supervisor.recv(1)  # the end, as soon as others use the server or it is stopped

    def url(self, database: str = "postgres") -> str:
        """Give SQLAlchemy's URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._socket_directory}"

    def create_database(self, name: str) -> str:
        """Create an empty database and give its URL."""
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, closing the connections to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._administer(statement.format(sql.Identifier(name)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=self._socket_directory, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _join(self) -> bool:
        """Connect to the supervisor, if there is one that is not about to end."""
        try:
            address = (self.directory / "supervisor.address").read_text("utf-8")
        except FileNotFoundError:
            return False
        supervisor = socket.socket(socket.AF_UNIX)
        try:
            supervisor.connect(address)
            greeting = supervisor.makefile("rb").readline()
        except OSError:  # it was killed, or ends just now: another one is needed
            greeting = b""
        if not greeting:
            supervisor.close()
            return False
        self._supervisor = supervisor
        self._socket_directory = json.loads(greeting)["socket_directory"]
        return True

    def _launch(self) -> None:
        command = [sys.executable, "-m", _SUPERVISOR, str(self.directory)]
        if self._durable:
            command.append("--durable")
        with (self.directory / "supervisor.log").open("ab") as log:
            # A session of its own: the terminal's Ctrl-C is for the users, who leave in order.
            supervisor = subprocess.Popen(
                command,
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        # The supervisor forks away, so that it is nobody's child when its users end.
        ready, _ = supervisor.communicate()
        if not ready:
            raise self._failure()

    def _failure(self) -> ServerError:
        logs = (self.directory / name for name in ("supervisor.log", "postgres.log"))
        return ServerError("\n".join(["PostgreSQL did not start", *(tail(log) for log in logs)]))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by closing
        yield
