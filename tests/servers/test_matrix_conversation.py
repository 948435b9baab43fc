"""Conversations over a real homeserver: threads, edits, redactions, reactions, polls, receipts."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console

from sandbox.clients import RoomEvent, text_of
from sandbox.matrix_event import ballot
from sandbox.stage import BOT, stage
from sandbox.story import (
    BRUNO,
    CAMILLE,
    HELENE,
    Play,
    administrator_arrives,
    ask_for_help,
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


@dataclass(frozen=True)
class Talk:
    """What was said by somebody, and what the bot said to it."""

    asked: str
    answer: RoomEvent


async def ask(p: Play, room: str, text: str, **more: Any) -> Talk:
    """The administrator asks in a room."""
    asked = await p.camille.send(room, text, **more)
    return Talk(asked, await answer_to(p, asked))


async def answer_to(p: Play, asked: str) -> RoomEvent:
    return await p.camille.wait_for(lambda e: e.sender == BOT and e.reply_to == asked, SECONDS)


async def is_gone(p: Play, room: str, event_id: str) -> None:
    """The homeserver holds an event without its words any more."""
    await p.camille.wait_for(
        lambda e: e.type == "m.room.redaction" and e.sender == BOT and _redacts(e) == event_id,
        SECONDS,
    )
    kept = [e for e in await p.camille.all_messages(room) if e.event_id == event_id]
    assert [event.content for event in kept] == [{}]


def _redacts(event: RoomEvent) -> str:
    return str(event.content.get("redacts") or event.raw.get("redacts"))


async def test_the_tick_of_who_was_asked_and_nobody_else_in_the_thread(p: Play) -> None:
    root = await p.camille.send(p.members, "Quelqu'un a un tracteur ?")
    talk = await ask(p, p.members, "!catalogu repas", thread=root)
    assert talk.answer.thread == root
    await p.helene.react(p.members, talk.answer.event_id, "✅")
    await p.camille.react(p.members, talk.answer.event_id, "🎉")
    tick = await p.camille.react(p.members, talk.answer.event_id, "✅")
    told = await p.camille.wait_for(
        lambda e: e.sender == BOT and "solution" in e.body, SECONDS, since=0
    )
    # A symbol stands in no thread; what it does is said where the question was.
    assert (told.thread, told.reply_to) == (root, talk.answer.event_id)
    again = await ask(p, p.members, "!aide", thread=root)
    said = [e for e in p.camille.timeline(p.members) if e.sender == BOT and e.thread == root]
    assert [e.event_id for e in said] == [e.event_id for e in (talk.answer, told, again.answer)]
    assert tick


async def test_an_edited_command_is_answered_again(p: Play) -> None:
    talk = await ask(p, p.members, "!statistiqes")
    await p.camille.edit(p.members, talk.asked, "!statistiques")
    assert "institution" in (await answer_to(p, talk.asked)).body


async def test_a_deleted_command_takes_its_answer_with_it(p: Play) -> None:
    talk = await ask(p, p.members, "!statistiqes")
    await p.camille.redact(p.members, talk.asked)
    await is_gone(p, p.members, talk.answer.event_id)


async def test_nobody_is_notified_and_no_bot_answers_us(p: Play) -> None:
    talk = await ask(p, p.members, "!aide")
    assert talk.answer.content["m.mentions"] == {}
    assert talk.answer.content["msgtype"] == "m.notice"


async def test_what_was_taken_in_is_marked_as_read(p: Play) -> None:
    talk = await ask(p, p.members, "!aide")
    receipt = await p.camille.wait_for_passing(
        lambda room, e: (
            room == p.members
            and e["type"] == "m.receipt"
            and BOT in e["content"].get(talk.asked, {}).get("m.read", {})
        ),
        SECONDS,
    )
    assert receipt


def is_demand(event: RoomEvent) -> bool:
    """The first words about a demand: its later states are edits of them."""
    return "Demande A-" in event.body and "m.new_content" not in event.content


async def test_an_answer_in_the_room_is_followed_in_the_mailboxes(p: Play) -> None:
    await ask_for_help(p)
    root = next(e for e in reversed(p.helene.timeline(p.members)) if is_demand(e))
    mailbox = await p.bruno_mail.mark()
    said = await p.helene.send(p.members, "Il nous faut plutôt deux jours.", thread=root.event_id)
    await p.mail_with(BRUNO, p.bruno_mail, "plutôt deux jours", since=mailbox)
    mailbox = await p.bruno_mail.mark()
    await p.helene.edit(p.members, said, "Il nous faut plutôt quatre jours.")
    got = await p.mail_with(BRUNO, p.bruno_mail, "corrige sa réponse", since=mailbox)
    assert "plutôt quatre jours" in text_of(got)
    mailbox = await p.bruno_mail.mark()
    await p.helene.redact(p.members, said)
    await p.mail_with(BRUNO, p.bruno_mail, "retire sa réponse", since=mailbox)
    told = await p.sees(HELENE, p.helene, p.members, "Votre réponse est retirée", since=0)
    assert "déjà reçue" in told.body


async def test_a_survey_by_poll_and_by_mail(p: Play) -> None:
    mailbox, since = await p.bruno_mail.mark(), p.helene.mark()
    asked = "!sondage Quel jour vous convient ? mardi / jeudi"
    shown = await p.ask(CAMILLE, p.camille, p.admins, asked, "Rien n'est envoyé")
    await p.camille.react(p.admins, shown.event_id, "✅")
    poll = await p.helene.wait_for(lambda e: e.type.endswith("poll.start"), SECONDS, since=since)
    mail = await p.mail_with(BRUNO, p.bruno_mail, "Quel jour vous convient", since=mailbox)
    for stable, choice in ((True, "1"), (False, "2")):
        kind, content = ballot(poll.event_id, choice, stable=stable)
        await p.helene.send_content(p.members, content, kind)
    answered = await p.answer(BRUNO, p.bruno_mail, mail, "2")
    await p.receipt(BRUNO, p.bruno_mail, answered, "Noté", "jeudi")
    ended = p.helene.mark()
    results = await p.ask(CAMILLE, p.camille, p.admins, "!fermer S-1", "2 institutions")
    assert "jeudi" in results.body
    assert "<td>mardi</td><td>0</td>" in results.content["formatted_body"]
    assert "<td>jeudi</td><td>2</td>" in results.content["formatted_body"]
    end = await p.helene.wait_for(lambda e: e.type.endswith("poll.end"), SECONDS, since=ended)
    assert end.content["m.relates_to"]["event_id"] == poll.event_id


async def test_a_kill_doubles_and_loses_nothing(p: Play) -> None:
    talk = await ask(p, p.members, "!statistiqes")
    await p.camille.edit(p.members, talk.asked, "!statistiques")
    assert p.stage.bot.kill()
    assert "institution" in (await answer_to(p, talk.asked)).body
    gone = await ask(p, p.members, "!catalogu repas")
    await p.camille.redact(p.members, gone.asked)
    assert p.stage.bot.kill()
    await is_gone(p, p.members, gone.answer.event_id)
    # What comes after shows that nothing more is on its way.
    await ask(p, p.members, "!aide")
    said = [e.reply_to for e in p.camille.timeline(p.members) if e.sender == BOT]
    redactions = [e for e in p.camille.timeline(p.members) if _redacts(e) == gone.answer.event_id]
    assert (said.count(talk.asked), said.count(gone.asked), len(redactions)) == (2, 1, 1)
