"""Encrypted messages whose key is not there yet: rows beside our keys, kept over a restart.

They are kept as they came, unreadable. One that was opened stays until what it asked is committed:
after a kill in between it is opened again, and the inbox knows what it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import time
from typing import Any, NamedTuple

from bot.matrix.transport import Json

KEPT_SECONDS = 600.0
"""How long a message waits for its key; later its author has written it again."""
MOST_KEPT = 200
_TABLE = """
CREATE TABLE IF NOT EXISTS supracom_waiting
  (event_id TEXT PRIMARY KEY, since REAL NOT NULL, room TEXT NOT NULL, event TEXT NOT NULL)
"""


class Sealed(NamedTuple):
    """An encrypted message, and since when it waits (seconds since 1970)."""

    since: float
    room: str
    event: Json


class Waiting:
    """What waits, the oldest first; at most `MOST_KEPT`. ``database`` is that of the key store."""

    def __init__(self) -> None:
        self._kept: dict[str, Sealed] = {}
        self._opened: dict[str, Sealed] = {}
        self._changed = False
        self._database: Any = None

    def open(self, database: Any) -> None:
        """Take up again what waited when the program ended."""
        self._database = database
        database.execute_sql(_TABLE)
        rows = database.execute_sql(
            "SELECT event_id, since, room, event FROM supracom_waiting ORDER BY rowid"
        )
        for id_, since, room, event in rows.fetchall():
            self._kept[id_] = Sealed(since, room, json.loads(event))

    def keep(self, room: str, event: Json) -> None:
        """Let a message wait."""
        self._kept.setdefault(str(event.get("event_id")), Sealed(time(), room, event))
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._changed = True

    def __iter__(self) -> Iterator[tuple[str, Sealed]]:
        """What waits, without what waited too long: that is forgotten."""
        for id_, one in list(self._kept.items()):
            if time() - one.since > KEPT_SECONDS:
                del self._kept[id_]
                self._changed = True
            else:
                yield id_, one

    def opened(self, id_: str) -> None:
        """A message can be read now: it waits no more, and is kept until `handled`."""
        self._opened[id_] = self._kept.pop(id_)

    def handled(self) -> None:
        """What was opened is committed."""
        self._changed = self._changed or bool(self._opened)
        self._opened.clear()

    def save(self) -> None:
        """Write down what waits, if that changed; before the messages after it are committed."""
        if self._database is None or not self._changed:
            return
        with self._database.atomic():
            self._database.execute_sql("DELETE FROM supracom_waiting")
            for id_, (since, room, event) in (self._opened | self._kept).items():
                self._database.execute_sql(
                    "INSERT INTO supracom_waiting VALUES (?, ?, ?, ?)",
                    (id_, since, room, json.dumps(event)),
                )
        self._changed = False
