"""One conversation held crosswise by mail and in Matrix, while the bot is killed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sandbox.crosstalk import crosstalk

MESSAGES, KILLS = 12, 4
"""The whole is `python -m sandbox.crosstalk`: 30 messages and ten kills."""
SEED = 20260501


@pytest.mark.servers
@pytest.mark.kills
@pytest.mark.timeout(600)
async def test_both_sides_end_with_the_same_conversation(tmp_path: Path) -> None:
    report = await crosstalk(tmp_path, messages=MESSAGES, kills=KILLS, seed=SEED)
    told = "\n".join(report.lines())
    logging.getLogger(__name__).info("%s", told)
    assert report.good, told
    assert report.kills == KILLS
    assert report.messages >= MESSAGES
