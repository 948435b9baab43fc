"""The whole platform over real servers: the story, its databases, its ends and its neighbours."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from sandbox.stage import BOT, PLATFORM, Stage, stage
from sandbox.story import (
    SECOND_MAIL,
    STEPS,
    Play,
    accept,
    administrator_arrives,
    is_words,
    play,
)
from sandbox.transcript import Transcript
from storage.engine import Database
from storage.inbox import Entry, State
from storage.outbox import Row

SECRET_LINE = 'secret = "a secret of the sandbox, never of a platform"\n'
pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


def silent() -> Transcript:
    return Transcript(Console(file=io.StringIO(), width=120))


def database_of(set_stage: Stage, url: str) -> Database:
    return Database.open(url or f"sqlite:///{set_stage.directory}/var/supracom.sqlite3")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Where the platform of a test keeps its rows: nothing for SQLite in its own directory."""
    if request.param == "sqlite":
        return ""
    found: str = request.getfixturevalue("database_url")
    return found


async def test_the_story_of_the_demo(tmp_path: Path, url: str) -> None:
    """Every step of the demo happens, and nothing is left on the shelf or in the outbox."""
    transcript = silent()
    async with stage(tmp_path, database_url=url) as set_stage:
        async with play(set_stage, transcript, 30) as people:
            await administrator_arrives(people)
            for name, step in STEPS:
                with transcript.step(name):
                    await step(people)
        assert await set_stage.bot.stop() == 0
        database = database_of(set_stage, url)
        shelved, unsent = database.run(
            lambda session: (
                list(session.scalars(select(Entry.id).where(Entry.state == State.SHELVED))),
                list(session.scalars(select(Row.id).where(Row.state != "sent"))),
            )
        )
        database.close()
        assert (shelved, unsent) == ([], [])
    assert [step.done for step in transcript.steps] == [True] * len(STEPS)


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[Play]:
    """The people of the story on a stage with SQLite, the administrator in the rooms."""
    async with stage(tmp_path) as set_stage, play(set_stage, silent(), 30) as cast:
        await administrator_arrives(cast)
        yield cast


async def test_what_nobody_understands_gets_one_line(people: Play) -> None:
    """An unknown command, a mistyped one, a missing argument, no right: one clear sentence each."""
    p = people
    cases = {
        "!xyzzy": "aide",
        "!statistik": "Au",
        "!catalogu": "vouliez-vous dire",
        "!fiche": "fiche e-guichet",
        "!commander e-guichet": "réservé aux membres",
        "!attribuer SMART-2026-0001": "réservé",
    }
    for said, expected in cases.items():
        got = await p.ask("Camille", p.camille, p.members, said, expected)
        assert len(got.body) < 700
    # What people say among themselves is not answered: the next answer is to the next command.
    await p.camille.send(p.members, "bonjour à tous, on se voit jeudi ?")
    await p.ask("Camille", p.camille, p.members, "!aide", "catalogue")
    said_by_bot = [e for e in p.camille.timeline(p.members) if e.sender == BOT and is_words(e)]
    assert len(said_by_bot) == len(cases) + 1


async def test_a_mistyped_command_runs_after_a_tick(people: Play) -> None:
    p = people
    asked = await p.ask("Camille", p.camille, p.members, "!catalogu repas", "catalogue repas")
    since = p.camille.mark()
    await p.camille.react(p.members, asked.event_id, "✅")
    await p.sees("Camille", p.camille, p.members, "1 solution", since=since)


async def test_a_faked_sender_is_asked_at_the_real_address(people: Play) -> None:
    """A mail that only claims to be a member's does nothing until that member confirms it."""
    p = people
    await STEPS[0][1](p)
    mailbox = await p.helene_mail.mark()
    forged = p.visitor_mail.compose(PLATFORM, "désinscrire", "désinscrire")
    forged.replace_header("From", p.helene_mail.address)
    await p.visitor_mail.send(forged)
    question = await p.mail_with("Hélène", p.helene_mail, "Est-ce bien vous", since=mailbox)
    answer = await p.answer("Hélène", p.helene_mail, question, "non")
    await p.receipt("Hélène", p.helene_mail, answer, "oublié")
    await p.ask("Hélène", p.helene, p.direct, "statistiques", "1 institution est inscrite")


async def test_servers_that_come_and_go(people: Play) -> None:
    """A homeserver that restarts and IMAP connections that break lose nothing."""
    p = people
    await p.stage.mail.kick_imap(abrupt=True)
    asked = await p.write("Visiteur", p.visitor_mail, "catalogue", "catalogue")
    await p.receipt("Visiteur", p.visitor_mail, asked, "10 solutions")
    await p.camille.pause()
    await p.stage.homeserver.restart()
    p.camille.resume()
    await p.ask("Camille", p.camille, p.admins, "!statistiques", "0 institution")


async def test_an_unclear_end_of_a_delivery_doubles_nothing(people: Play) -> None:
    """The mail server takes a mail and hangs up before it says so: the clerk gets it once."""
    p = people
    since = p.camille.mark()
    asked = await p.write("Bruno", p.bruno_mail, "Inscription", SECOND_MAIL)
    await p.receipt("Bruno", p.bruno_mail, asked, "sans engagement")
    mailbox = await p.bruno_mail.mark()
    await p.stage.mail.drop_after_data(times=1, keep=True)
    await accept(p, "CPAS de Rouvroy", since)
    await p.mail_with("Bruno", p.bruno_mail, "Bienvenue", since=mailbox)
    # The unclear row is looked for, found, and its place is free: only then does the next leave.
    again = await p.write("Bruno", p.bruno_mail, "aide", "aide")
    await p.receipt("Bruno", p.bruno_mail, again, "catalogue")
    subjects = [mail["Subject"] for mail in await p.bruno_mail.all_mails()]
    assert len(subjects) == 3


async def test_sigterm_ends_cleanly_and_a_second_process_is_refused(tmp_path: Path) -> None:
    async with stage(tmp_path) as set_stage, play(set_stage, silent(), 30) as cast:
        await administrator_arrives(cast)
        await cast.ask("Camille", cast.camille, cast.admins, "!aide", "catalogue")
        second = await set_stage.bot.once("run")
        assert second == 1
        assert "already uses" in set_stage.bot.log.read_text()
        assert await set_stage.bot.stop() == 0
        assert "stopped as told" in set_stage.bot.log.read_text()


async def test_faults_of_the_configuration_are_told_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as set_stage:
        text = set_stage.config.read_text()
        set_stage.config.write_text(
            text.replace('language = "fr"', "").replace("port =", "prot =").replace(SECRET_LINE, "")
        )
        await set_stage.bot.stop()
        before = len(set_stage.bot.log.read_text())
        assert await set_stage.bot.once("check") == 2
        said = set_stage.bot.log.read_text()[before:]
        named = {word.strip(":,") for word in said.split()}
        assert {"mail.imap.prot", "mail.smtp.prot", "platform.secret"} <= named
        assert "Traceback" not in said
