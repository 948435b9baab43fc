"""A form over a real homeserver: in a thread, with the platform restarted in the middle of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from sandbox.clients import RoomEvent
from sandbox.stage import BOT, stage
from sandbox.story import Play, administrator_arrives, play
from sandbox.transcript import Transcript

pytestmark = [pytest.mark.servers, pytest.mark.asyncio, pytest.mark.timeout(180)]
SECONDS = 30.0


async def say(p: Play, text: str, root: str, to: RoomEvent | None = None) -> RoomEvent:
    """The administrator says something in a thread; what the bot answers."""
    said = await p.camille.send(p.members, text, thread=root, reply_to=to.event_id if to else None)
    return await p.camille.wait_for(lambda e: e.sender == BOT and e.reply_to == said, SECONDS)


async def test_a_form_in_a_thread_goes_on_after_a_restart(tmp_path: Path) -> None:
    quiet = Transcript(Console(file=io.StringIO(), width=120))
    async with stage(tmp_path) as set_stage, play(set_stage, quiet, SECONDS) as p:
        await administrator_arrives(p)
        root = await p.camille.send(p.members, "Qui inscrit le CPAS ?")
        asked = await say(p, "!inscrire", root)
        assert asked.thread == root
        asked = await say(p, "CPAS de Musson", root, asked)
        assert "2/7" in asked.body
        await set_stage.bot.stop()
        await set_stage.bot.start()
        asked = await say(p, "Hélène Lambiotte", root, asked)
        assert "3/7" in asked.body
        helped = await say(p, "!aide", root)
        assert "adresse mail" in helped.body
        asked = await say(p, "helene.lambiotte@musson.example", root, asked)
        assert "4/7" in asked.body
        left = await say(p, "annuler", root, asked)
        assert left.thread == root
        assert "annulé" in left.body
