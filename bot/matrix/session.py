"""Logging in once, and keeping the device for ever.

The homeserver recognises a message that is sent twice by its transaction id *and device*: a new
login would forget what was already sent. So the device's name is kept before the first login, its
token after it, and nothing ever logs out.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex

from bot.matrix.transport import Connection, MatrixError
from config.settings import Matrix

FILE = "matrix-session.json"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in where; ``token`` is empty while the first login is under way."""

    homeserver: str
    user: str
    device: str
    token: str

    def __repr__(self) -> str:
        return f"Session({self.user!r}, {self.device!r})"

    def belongs_to(self, settings: Matrix) -> bool:
        """Whether it is of the account that the settings name."""
        return (self.homeserver, self.user) == (settings.homeserver, settings.user)


def load(path: Path) -> Session | None:
    """The session kept in a file; raises ValueError if the file holds something else."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        return Session(**kept)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} holds no session; remove it to log in again") from error


def save(path: Path, session: Session) -> None:
    """Keep a session, readable by its owner only; the file is whole at every instant."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(session), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


async def log_in(connection: Connection, settings: Matrix, path: Path) -> Session:
    """Use the kept session, or log in and keep it; raises MatrixError (401 if refused)."""
    kept = load(path)
    if kept is not None and not kept.belongs_to(settings):
        kept = None
    given = settings.access_token.get_secret_value()
    if kept is None or not kept.token or given not in {"", kept.token}:
        kept = await (_with_token if given else _with_password)(connection, settings, path, kept)
        save(path, kept)
    connection.authenticate(kept.user, kept.device, kept.token)
    return kept


async def _with_token(
    connection: Connection, settings: Matrix, path: Path, kept: Session | None
) -> Session:
    del path, kept  # the device is the token's
    token = settings.access_token.get_secret_value()
    connection.authenticate(settings.user, "", token)
    answer = await connection.ask(connection.client.whoami())
    if answer.user_id != settings.user:
        raise MatrixError(
            HTTPStatus.UNAUTHORIZED, "", f"the access token is of {answer.user_id}, not ours"
        )
    return Session(settings.homeserver, settings.user, answer.device_id or "", token)


async def _with_password(
    connection: Connection, settings: Matrix, path: Path, kept: Session | None
) -> Session:
    device = kept.device if kept else f"SUPRACOM{token_hex(4).upper()}"
    save(path, Session(settings.homeserver, settings.user, device, ""))
    client = connection.client
    client.user, client.device_id = settings.user, device
    login = client.login(settings.password.get_secret_value(), device_name=settings.device_name)
    try:
        answer = await connection.ask(login)
    except MatrixError as error:
        if error.status == HTTPStatus.FORBIDDEN:
            raise MatrixError(HTTPStatus.UNAUTHORIZED, error.errcode, error.reason) from error
        raise
    return Session(settings.homeserver, answer.user_id, answer.device_id, answer.access_token)
