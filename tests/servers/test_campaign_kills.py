"""A crisis campaign and a moderated announcement, while the bot is killed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sandbox.campaign import campaign
from sandbox.crash import chosen_database

OFFERS, KILLS = 6, 4
"""The whole is `python -m sandbox.campaign`: 30 offers and 15 kills."""
SEED = 20260601


@pytest.mark.servers
@pytest.mark.kills
@pytest.mark.timeout(600)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_the_pin_and_the_books_agree(database: str, tmp_path: Path) -> None:
    with chosen_database(database, tmp_path) as url:
        report = await campaign(
            tmp_path,
            offers=OFFERS,
            kills=KILLS,
            database=database,
            database_url=url,
            seed=SEED,
        )
    told = "\n".join(report.lines())
    logging.getLogger(__name__).info("%s", told)
    assert report.good, told
    assert report.kills == KILLS
    assert report.offers == OFFERS
