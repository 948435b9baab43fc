"""The login: once, on one device, in a file that only its owner reads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.matrix.patience import Patience
from bot.matrix.session import FILE, Session, load, log_in, save
from bot.matrix.transport import Connection, MatrixError
from config.settings import Matrix

US = "@supracom:x.example"


class Fake:
    """A homeserver that logs people in, unless told to fail."""

    def __init__(self) -> None:
        self.logins: list[dict[str, Any]] = []
        self.failures: list[int] = []
        self.url = ""

    async def login(self, request: web.Request) -> web.Response:
        self.logins.append(await request.json())
        if self.failures:
            status = self.failures.pop(0)
            told = {"errcode": "M_FORBIDDEN" if status == 403 else "M_UNKNOWN", "error": "no"}
            return web.json_response(told, status=status)
        device = self.logins[-1]["device_id"]
        return web.json_response({"user_id": US, "device_id": device, "access_token": "secret"})


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    homeserver = Fake()
    app = web.Application()
    app.router.add_post("/_matrix/client/v3/login", homeserver.login)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    homeserver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield homeserver
    await runner.cleanup()


def settings(fake: Fake) -> Matrix:
    return Matrix(
        homeserver=fake.url,
        user=US,
        password=SecretStr("password"),
        members_room="#membres:x.example",
        admins_room="#admins:x.example",
    )


@pytest.fixture
async def connection(fake: Fake) -> AsyncIterator[Connection]:
    made = Connection(fake.url, US)
    yield made
    await made.close()


async def test_one_login_for_ever(fake: Fake, connection: Connection, tmp_path: Path) -> None:
    path = tmp_path / "var" / FILE
    one = await log_in(connection, settings(fake), path)
    two = await log_in(connection, settings(fake), path)
    assert one == two == load(path)
    assert len(fake.logins) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert [kept.name for kept in path.parent.iterdir()] == [FILE]
    assert "secret" not in repr(one)


async def test_a_login_cut_short_keeps_its_device(
    fake: Fake, connection: Connection, tmp_path: Path
) -> None:
    fake.failures = [502, 403]
    path = tmp_path / FILE
    for status in (502, 401):
        with pytest.raises(MatrixError) as caught:
            await log_in(connection, settings(fake), path)
        assert caught.value.status == status
    session = await log_in(connection, settings(fake), path)
    assert {login["device_id"] for login in fake.logins} == {session.device}


async def test_another_account_is_another_login(
    fake: Fake, connection: Connection, tmp_path: Path
) -> None:
    save(tmp_path / FILE, Session(fake.url, "@other:x.example", "DEV", "old"))
    session = await log_in(connection, settings(fake), tmp_path / FILE)
    assert (session.user, session.token) == (US, "secret")


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"user": "x"}), "null"])
def test_a_spoilt_file_is_not_taken_for_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(ValueError, match="remove it"):
        load(tmp_path / FILE)


def test_waits_grow_to_a_minute_and_start_over() -> None:
    patience = Patience()
    error = MatrixError(502, "", "")
    waits = [patience.after(error, "x") for _ in range(40)]
    assert 0.5 <= waits[0] <= 1.0
    assert all(30.0 <= wait <= 60.0 for wait in waits[6:])
    assert len(set(waits)) > 30
    patience.succeeded()
    assert patience.after(error, "x") <= 1.0
