"""The store of our encryption keys: opened, and known to be that of our device, or refused.

What other people's programs encrypt for us can be read with these keys only. A store that is lost
or another's is never replaced silently: a person is told what to do (`KeyStoreError`).
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import nio  # type: ignore[import-untyped, unused-ignore]  # it ships annotations without py.typed
import structlog
from nio.crypto import Olm  # type: ignore[import-untyped, unused-ignore]  # as above
from nio.store import SqliteStore  # type: ignore[import-untyped, unused-ignore]  # as above
from peewee import DatabaseError  # type: ignore[import-untyped, unused-ignore]  # no annotations
from vodozemac import PickleException

from bot.matrix.transport import Connection, KeyStoreError

log = structlog.get_logger()

STORE = "matrix-keys.db"
PASSPHRASE = "matrix-keys.passphrase"  # noqa: S105 - the name of a file
_RESTORE = (
    "restore matrix-keys.db and its passphrase from the backup; if they are lost for good, log the"
    " device out with the homeserver and remove matrix-session.json and matrix-keys.db, to start"
    " with a new device that cannot read older messages"
)


class Machine(Olm):  # type: ignore[misc, unused-ignore]  # as above
    """nio's encryption, which also takes a key that we asked for from the device that made it."""

    def _should_accept_forward(self, sender: str, sender_key: str, event: Any) -> bool:
        maker = event.source.get("content", {}).get("sender_key")
        asked = self.outgoing_key_requests.get(event.session_id)
        is_theirs = asked is not None and asked.room_id == event.room_id and maker == sender_key
        return is_theirs or bool(super()._should_accept_forward(sender, sender_key, event))


def passphrase(data_dir: Path, given: str) -> str:
    """What the store is locked with: as configured, or made once and kept beside the store."""
    if given:
        return given
    path = data_dir / PASSPHRASE
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    if (data_dir / STORE).exists():
        raise KeyStoreError(
            f"{path} is missing, and matrix.store_passphrase is not set: {_RESTORE}"
        )
    made = token_urlsafe(32)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return made


def open_store(data_dir: Path, user: str, device: str, given: str) -> Any:
    """Our encryption over its store; a new one where there is none. Raises KeyStoreError."""
    if not device:
        raise KeyStoreError("the access token has no device, so nothing can be encrypted for us")
    data_dir.mkdir(parents=True, exist_ok=True)
    phrase = passphrase(data_dir, given)
    _private(data_dir / STORE)
    try:
        store = SqliteStore(user, device, str(data_dir), phrase, STORE)
        _is_of(store, device)
        return Machine(user, device, store)
    except (PickleException, ValueError) as error:
        raise KeyStoreError(
            f"matrix.store_passphrase does not open {data_dir / STORE}: {_RESTORE}"
        ) from error
    except DatabaseError as error:
        raise KeyStoreError(f"{data_dir / STORE} is damaged: {_RESTORE}") from error


def _private(path: Path) -> None:
    """Make sure that the store is there for its owner only, before anything is written to it."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _is_of(store: Any, device: str) -> None:
    others = store.database.execute_sql("SELECT device_id FROM accounts").fetchall()
    if others and (device,) not in others:
        store.database.close()
        raise KeyStoreError(
            f"matrix-keys.db is of the device {others[0][0]}, but we are logged in as {device}:"
            f" {_RESTORE}"
        )


async def recognise(connection: Connection, olm: Any) -> None:
    """Compare our keys with those that the homeserver shows for our device.

    Raises KeyStoreError where they differ: the store was lost, and others still encrypt for the
    keys that were in it.
    """
    asked = {"device_keys": {olm.user_id: [olm.device_id]}}
    answer = await connection.request("POST", ["keys", "query"], body=asked)
    shown = answer.get("device_keys", {}).get(olm.user_id, {}).get(olm.device_id)
    if shown is None:
        if olm.account.shared:
            log.warning("matrix: the homeserver forgot our device's keys; they are sent again")
            olm.account.shared = False
        return
    if shown.get("keys", {}).get(f"curve25519:{olm.device_id}") != _own_key(olm):
        raise KeyStoreError(
            "the homeserver knows other encryption keys of our device than matrix-keys.db holds:"
            f" {_RESTORE}"
        )
    olm.account.shared = True


def _own_key(olm: Any) -> str:
    return str(olm.account.identity_keys["curve25519"])


def to_device(event: object) -> Any:
    """An event sent to our device, as nio reads it; None if it is not well-formed or not for us."""
    if not isinstance(event, dict):
        return None
    read = nio.ToDeviceEvent.parse_event(event)
    return read if isinstance(read, nio.OlmEvent) else None
