"""Who leaves the members' room, or is put out of it, is reached elsewhere: the whole platform."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from sandbox.clients import text_of
from sandbox.stage import BOT, MEMBERS_ROOM, stage
from sandbox.story import (
    BRUNO,
    CAMILLE,
    STEPS,
    Play,
    administrator_arrives,
    found,
    is_words,
    play,
)
from sandbox.transcript import Transcript

pytestmark = pytest.mark.servers

DEMAND = "demande un agent pour le service population, du {day} au 29 mai, service bloqué"


async def announce(p: Play, day: int) -> str:
    """Bruno announces something by mail; the reference of his announcement."""
    asked = await p.write(BRUNO, p.bruno_mail, "Message", DEMAND.format(day=day))
    shown = await p.receipt(BRUNO, p.bruno_mail, asked, "Rien n'est envoyé")
    said = await p.answer(BRUNO, p.bruno_mail, shown, "oui")
    done = await p.receipt(BRUNO, p.bruno_mail, said, "est publiée")
    return found(r"A-\d{4}-\d{4}", text_of(done))


async def told(p: Play, room: str, since: int) -> str:
    """What Hélène reads of it, in one of her rooms."""
    got = await p.helene.wait_for(
        lambda e: e.room_id == room and e.sender == BOT and is_words(e) and "population" in e.body,
        30,
        since=since,
    )
    return got.body


async def reached(p: Play, reference: str, count: str) -> None:
    await p.ask(CAMILLE, p.camille, p.admins, f"!diffusion {reference}", f"reçue par {count}")


async def test_who_left_the_members_room_is_told_directly(tmp_path: Path) -> None:
    transcript = Transcript(Console(quiet=True))
    async with stage(tmp_path) as set_stage, play(set_stage, transcript, 30) as p:
        await administrator_arrives(p)
        for _name, step in STEPS[:2]:
            await step(p)
        since = p.helene.mark()
        reference = await announce(p, 4)
        await told(p, p.members, since)
        await reached(p, reference, "1 sur 1")

        await p.helene.leave(p.members)
        # What is answered after that was read after that.
        await p.ask(CAMILLE, p.camille, p.members, "!statistiques", "institution")
        since = p.helene.mark()
        reference = await announce(p, 5)
        await told(p, p.direct, since)
        await reached(p, reference, "1 sur 1")

        await p.helene.leave(p.direct)
        await p.ask(CAMILLE, p.camille, p.members, "!statistiques", "institution")
        mailbox = await p.helene_mail.mark()
        reference = await announce(p, 6)
        await p.mail_with("Hélène", p.helene_mail, "population", "6", since=mailbox)
        await reached(p, reference, "1 sur 1")
        assert p.helene.user_id not in await p.camille.members(await p.camille.join(MEMBERS_ROOM))
