"""The public pages of a bot that runs: read over real HTTP, answered by real mail."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError, ClientSession

from sandbox.clients import text_of
from sandbox.stage import stage

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

HELENE = "helene.lambiotte@musson.example"


async def first_look(asks: ClientSession, path: str) -> str:
    """The words of a page, as soon as the bot that was just started listens."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with asks.get(path) as response:
                    return await response.text()
            except ClientConnectionError:
                await asyncio.sleep(0.05)


async def test_a_form_is_answered_by_mail_and_lives_through_a_kill(tmp_path: Path) -> None:
    """What the page says it took is answered, even if the bot dies the moment after."""
    async with (
        stage(tmp_path, pages=True) as set_stage,
        set_stage.mailbox(HELENE) as mailbox,
        ClientSession(f"http://127.0.0.1:{set_stage.web_port}") as asks,
    ):
        assert "Civadis" in await first_look(asks, "/catalogue/e-guichet")
        async with asks.get("/inscription") as response:
            ticket = re.search(r'name="ticket" value="([^"]+)"', await response.text())
        assert ticket is not None
        typed = {
            "ticket": ticket[1],
            "institution": "Commune de Musson",
            "user": "Madame Hélène Lambiotte",
            "email": HELENE,
        }
        async with asks.post("/inscription", data=typed) as response:
            assert response.status == 200
        assert set_stage.bot.kill()
        receipt = await mailbox.wait_for(lambda mail: "bien reçue" in str(mail["Subject"]))
        assert "Commune de Musson" in text_of(receipt)
        assert receipt["In-Reply-To"] is None
