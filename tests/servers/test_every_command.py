"""Commands typed right and wrong over a real homeserver, in encrypted and in plain rooms."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.every_command import Way, run

pytestmark = [pytest.mark.servers, pytest.mark.asyncio, pytest.mark.timeout(400)]
EVERY, FIRST = 24, 9
"""A few commands; the whole table takes minutes (`python -m sandbox.every_command`)."""


async def test_every_way_to_type_a_command_has_one_answer(tmp_path: Path) -> None:
    report = await run(tmp_path, every=EVERY, first=FIRST)
    assert report.findings == []
    people = {(one.who, one.where) for one in report.typed}
    roles = ("stranger", "member", "manager", "administrator")
    assert people == {(who, where) for who in roles for where in ("encrypted", "plain")}
    assert {one.way for one in report.typed} == set(Way)
