"""The log of a real run, in which libraries speak too: JSON, line by line."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox.ports import free_port
from sandbox.processes import tethered

pytestmark = pytest.mark.servers
PATIENCE = 30.0

CONFIGURATION = """
[platform]
name = "e-plateforme"
institution = "Province"
administrators = ["@camille:supracom.example"]
secret = "a secret of the tests, never of a platform"
contact = {{ name = "Camille Exemple", function = "Coordination" }}
[matrix]
homeserver = "http://127.0.0.1:{port}"
user = "@supracom:supracom.example"
password = "nowhere"
members_room = "#membres:supracom.example"
admins_room = "#administration:supracom.example"
[mail]
address = "plateforme@supracom.example"
trust = "token-only"
imap = {{ host = "127.0.0.1", port = {port}, user = "x", password = "nowhere", tls = "none" }}
smtp = {{ host = "127.0.0.1", port = {port}, tls = "none" }}
[schedule]
tick_seconds = 0.001
[logging]
format = "json"
"""


async def test_every_line_is_json_whoever_wrote_it(tmp_path: Path) -> None:
    """Nothing listens where the bot connects, and its clock ticks faster than its jobs end, of
    which APScheduler complains in its own way.
    """
    config = tmp_path / "supracom.toml"
    config.write_text(CONFIGURATION.format(port=free_port()), "utf-8")
    process = await asyncio.create_subprocess_exec(
        *tethered(sys.executable, "-m", "bot", "run", "--config", str(config)),
        cwd=Path(__file__).parents[2],
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    said: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE):
        awaited = {"mail.connection_lost", "apscheduler.scheduler"}
        while not awaited <= {one.get("logger", one["event"]) for one in said}:
            said.append(json.loads(await process.stderr.readline()))
        process.send_signal(signal.SIGTERM)
        said += [json.loads(line) async for line in process.stderr]
    assert await process.wait() == 0
    assert all({"event", "level", "timestamp"} <= one.keys() for one in said)
    assert said[-1]["event"] == "stopped as told"
