"""Engines and units of work for SQLite and PostgreSQL."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 8
"""How often a unit of work is tried when another one stood in its way."""

BUSY_MILLISECONDS = 30_000
"""How long a connection waits for another one's write on SQLite."""

_RETRYABLE = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of serialization failure, deadlock, lock not available."""


def open_engine(url: str) -> Engine:
    """An engine with the habits of the house; ``url`` as SQLAlchemy writes it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=6, max_overflow=4)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by itself, deferred, and several writers then collapse.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Change the file to write-ahead logging; raises OperationalError when it stays locked.

    SQLite does not wait where waiting could end in a deadlock: of two processes that change a new
    file at once, one is told at once that the database is locked, whatever the busy timeout.
    """
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - not a secret
        else:
            return


def _begin(connection: Any) -> None:
    """Begin as a writer, which waits for the others, or as a reader, which waits for nobody."""
    reads = connection.get_execution_options().get("reads_only", False)
    if connection.info.get("reads_only", False) != reads:
        connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
        connection.info["reads_only"] = reads
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class Database:
    """The one place where transactions begin and end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        readers = engine.execution_options(reads_only=True, postgresql_readonly=True)
        self._readers = sessionmaker(readers, expire_on_commit=False)

    @classmethod
    def open(cls, url: str) -> Database:
        """A database by its URL; the schema is not looked at."""
        return cls(open_engine(url))

    def run(
        self,
        work: Callable[Concatenate[Session, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do one unit of work in one transaction, again if the database asks for it.

        ``work`` must have no effect outside the session: it may run more than once.
        """
        for attempt in range(1, ATTEMPTS):
            try:
                with self._sessions.begin() as session:
                    return work(session, *args, **kwargs)
            except DBAPIError as error:
                if not is_contention(error):
                    raise
                time.sleep(random.uniform(0.005, 0.05) * 2**attempt)  # noqa: S311 - not a secret
        with self._sessions.begin() as session:
            return work(session, *args, **kwargs)

    def rehearse(
        self,
        work: Callable[Concatenate[Session, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do one unit of work and undo it, to see what it would do."""
        with self._sessions() as session:
            try:
                return work(session, *args, **kwargs)
            finally:
                session.rollback()

    def read(
        self,
        work: Callable[Concatenate[Session, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do what only looks, in a transaction in which the database refuses every write; it
        neither waits for those that write nor holds them up. Raises DBAPIError for a write.
        """
        with self._readers() as session:
            return work(session, *args, **kwargs)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def is_contention(error: DBAPIError) -> bool:
    """Whether the same work may succeed if it is simply done again."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in _RETRYABLE
