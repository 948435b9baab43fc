"""The disposable homeserver: it starts, restarts with its data, fails clearly, ends with us."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import aiohttp
import pytest

from sandbox.homeserver import Homeserver
from sandbox.matrix_user import MatrixError, MatrixUser
from sandbox.processes import ServerError

pytestmark = pytest.mark.servers


async def test_accounts_and_rooms_survive_a_restart_on_the_same_port(tmp_path: Path) -> None:
    async with Homeserver(tmp_path) as server:
        account = await server.register("greffe", "secret")
        url, first = server.url, server.pid
        async with MatrixUser(server.url, account) as user:
            room = await user.create_room(alias="accueil")
            await server.restart()
            assert (server.url, server.pid == first) == (url, False)
            assert await user.join("#accueil:supracom.example") == room
            await user.send(room, "encore là")
            assert (await user.wait_for(lambda e: e.body == "encore là", own=True)).room_id == room


async def test_a_homeserver_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    server = Homeserver(tmp_path, server_name="not a name")
    with pytest.raises(ServerError, match="invalid format"):
        await server.start()
    assert server.pid is None


async def test_a_missing_interpreter_says_what_to_run(tmp_path: Path) -> None:
    server = Homeserver(tmp_path, python=tmp_path / "nowhere" / "python")
    with pytest.raises(ServerError, match=r"sandbox\.bootstrap synapse"):
        await server.start()


async def test_a_taken_name_is_refused(homeserver: Homeserver) -> None:
    await homeserver.register("doublon", "secret")
    with pytest.raises(ServerError, match="M_USER_IN_USE"):
        await homeserver.register("doublon", "secret")


@pytest.mark.parametrize(("limits", "refused"), [(True, True), (False, False)])
async def test_rate_limits_are_lifted_unless_asked_for(
    tmp_path: Path, limits: bool, refused: bool
) -> None:
    async with Homeserver(tmp_path, limits=limits) as server:
        account = await server.register("bavard", "secret")
        async with MatrixUser(server.url, account) as user:
            room = await user.create_room()
        headers = {"Authorization": f"Bearer {account.access_token}"}
        async with aiohttp.ClientSession(server.url, headers=headers) as http:
            statuses = set()
            for number in range(15):  # the default burst is 10
                path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{number}"
                async with http.put(path, json={"msgtype": "m.text", "body": "x"}) as response:
                    statuses.add(response.status)
    assert (429 in statuses) is refused


async def test_a_revoked_token_ends_the_waiting(homeserver: Homeserver) -> None:
    account = await homeserver.register("revoked", "secret")
    async with MatrixUser(homeserver.url, account) as user:
        waiting = asyncio.create_task(user.wait_for(lambda _: False, timeout=20))
        async with aiohttp.ClientSession(homeserver.url) as http:
            headers = {"Authorization": f"Bearer {account.access_token}"}
            await http.post("/_matrix/client/v3/logout", headers=headers)
        with pytest.raises(MatrixError, match="M_UNKNOWN_TOKEN"):
            await waiting


_STARTER = """
import asyncio, sys
from pathlib import Path
from sandbox.homeserver import Homeserver

async def main():
    async with Homeserver(Path(sys.argv[1])) as server:
        print(server.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's help is Linux's")
async def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _STARTER, tmp_path, stdout=asyncio.subprocess.PIPE
    )
    assert starter.stdout is not None
    pid = int(await starter.stdout.readline())
    gone = os.pidfd_open(pid)
    try:
        starter.kill()
        await starter.wait()
        await asyncio.wait_for(_readable(gone), 5)
    finally:
        os.close(gone)


async def _readable(descriptor: int) -> None:
    """Wait until a process descriptor becomes readable, which it does when the process ends."""
    loop = asyncio.get_running_loop()
    happened = asyncio.Event()
    loop.add_reader(descriptor, happened.set)
    try:
        await happened.wait()
    finally:
        loop.remove_reader(descriptor)
