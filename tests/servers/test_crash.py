"""Fifty kills on each database: no order, message or mail lost or doubled."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sandbox.crash import chosen_database, crash

KILLS = 50
SEED = 20260401


@pytest.mark.servers
@pytest.mark.kills
@pytest.mark.timeout(600)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_nothing_is_lost_or_doubled(database: str, tmp_path: Path) -> None:
    with chosen_database(database, tmp_path) as url:
        report = await crash(tmp_path, kills=KILLS, database=database, database_url=url, seed=SEED)
    told = "\n".join(report.lines())
    logging.getLogger(__name__).info("%s", told)
    assert report.good, told
    assert report.kills == KILLS
    # Otherwise the kills did not hit what they are meant to hit.
    assert set(report.phases) == {"starting", "reading", "sending"}
    assert report.rounds > 1
