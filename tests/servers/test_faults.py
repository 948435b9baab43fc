"""The way to the homeserver fails again and again: nothing lost, nothing doubled, order kept."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sandbox.faults import run

FAULTS, RATE, SEED = 60, 0.25, 20261123


@pytest.mark.servers
@pytest.mark.kills
@pytest.mark.timeout(600)
async def test_nothing_is_lost_doubled_or_out_of_order(tmp_path: Path) -> None:
    report = await run(tmp_path, faults=FAULTS, rate=RATE, seed=SEED)
    told = "\n".join(report.lines())
    logging.getLogger(__name__).info("%s", told)
    assert report.good, told
    assert report.count >= FAULTS
    # Otherwise the faults did not hit what they are meant to hit.
    assert {part for _fault, part in report.faults} >= {"sync", "send", "rooms"}
    assert any(fault.is_taken for fault, _part in report.faults)
