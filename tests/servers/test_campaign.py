"""A crisis campaign over real servers: called in the administrators' room, answered in the members'
room and by mail, its running total pinned beside what was pinned before, and edited.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console

from sandbox.clients import MatrixError, RoomEvent
from sandbox.stage import BOT, stage
from sandbox.story import (
    BRUNO,
    CAMILLE,
    Play,
    administrator_arrives,
    play,
    register_by_mail,
    register_mail_only,
)
from sandbox.transcript import Transcript

pytestmark = [
    pytest.mark.servers,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(180),
]
SECONDS = 30.0
CALL = "!ouvrir campagne inondations : 40 personnes à Rochefort, 2 à Marche"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def p(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    """Two members, one of them with a mailbox only, and the administrator, on one stage."""
    quiet = Transcript(Console(file=io.StringIO(), width=120))
    async with (
        stage(tmp_path_factory.mktemp("stage")) as set_stage,
        play(set_stage, quiet, SECONDS) as cast,
    ):
        await administrator_arrives(cast)
        await register_by_mail(cast)
        await register_mail_only(cast)
        yield cast


async def total(p: Play, since: int, *words: str) -> RoomEvent:
    """The first message of the campaign now says this, as an edit of it."""
    return await p.helene.wait_for(
        lambda e: (
            e.room_id == p.members
            and e.sender == BOT
            and "m.new_content" in e.content
            and all(word in str(e.content["m.new_content"]["body"]) for word in words)
        ),
        SECONDS,
        since=since,
    )


async def pinned(p: Play) -> list[str]:
    """What the members' room has pinned."""
    try:
        state: dict[str, Any] = await p.camille.state(p.members, "m.room.pinned_events")
    except MatrixError as error:
        if error.errcode != "M_NOT_FOUND":
            raise
        return []
    found: list[str] = state["pinned"]
    return found


async def test_a_campaign_on_both_channels_with_its_pin(p: Play) -> None:
    rules = await p.camille.send(p.members, "Les règles de ce salon")
    since, admins, mailbox = p.helene.mark(), p.camille.mark(), await p.bruno_mail.mark()
    await p.camille.pin(p.members, [rules])
    shown = await p.ask(CAMILLE, p.camille, p.admins, CALL, "Rien n'est envoyé", "Rochefort")
    await p.camille.react(p.admins, shown.event_id, "✅")
    root = await p.helene.wait_for(
        lambda e: e.room_id == p.members and "0/40" in e.body, SECONDS, since=since
    )
    mail = await p.mail_with(BRUNO, p.bruno_mail, "Appel C-", "Rochefort", since=mailbox)
    await p.sees(CAMILLE, p.camille, p.admins, "0/40", since=admins)
    await p.helene.wait_for(
        lambda e: e.type == "m.room.pinned_events" and root.event_id in e.content.get("pinned", []),
        SECONDS,
        since=since,
    )
    assert await pinned(p) == [rules, root.event_id]

    edits = p.helene.mark()
    said = await p.helene.send(
        p.members, "nous envoyons 3 ouvriers à Rochefort de lundi à mercredi", thread=root.event_id
    )
    told = await p.helene.wait_for(lambda e: e.sender == BOT and e.reply_to == said, SECONDS)
    assert "3 sur 40" in told.body
    answered = await p.answer(BRUNO, p.bruno_mail, mail, "5 personnes à Marche.\n\nBruno")
    await p.receipt(BRUNO, p.bruno_mail, answered, "plus qu'il ne faut", "plutôt à Rochefort")
    changed = await total(p, edits, "3/40", "5/2")
    assert changed.content["m.relates_to"]["event_id"] == root.event_id

    edits, mailbox = p.helene.mark(), await p.bruno_mail.mark()
    await p.ask(CAMILLE, p.camille, p.admins, "!clore campagne C-1", "est clos", "CPAS de Rouvroy")
    await total(p, edits, "est clos", "3/40")
    await p.mail_with(BRUNO, p.bruno_mail, "est clos", "2 institutions ont aidé", since=mailbox)
    await p.helene.wait_for(lambda e: e.type == "m.room.pinned_events", SECONDS, since=edits)
    assert await pinned(p) == [rules]
