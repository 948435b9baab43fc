"""Kills the bot at random moments of its work, and asks the servers whether anything was lost.

``python -m sandbox.crash --kills 50 --database sqlite|postgresql [--seed N]`` plays the story and
then rounds of ordinary work (`sandbox.rounds`) while the bot is killed with SIGKILL again and
again. When the killing is over, a witness (`sandbox.witness`) looks at every room, every mailbox
and the books. The exit code is 1 if anything was lost, doubled or wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import load
from sandbox.clients import MatrixError, MatrixUser, RoomEvent
from sandbox.database import PostgresServer
from sandbox.killer import Killer, Listener, phases
from sandbox.rounds import Rounds, last_words
from sandbox.stage import ADMINS_ROOM, BOT, MEMBERS_ROOM, PLATFORM, SPACE, Stage, stage
from sandbox.story import CAMILLE, STEPS, Play, play
from sandbox.witness import (
    WRONG,
    Books,
    Evidence,
    Finding,
    Sighting,
    asked_by_mail,
    asked_in_rooms,
    findings,
    of_event,
    of_mail,
)
from storage import audit, inbox, orders, outbox
from storage.engine import Database

PATIENCE = 60.0
"""How many seconds something may take to come, kills included, before it counts as lost."""
QUIET_SECONDS = 15.0
"""How long the books may stay open after the last answer was seen."""
_STEP_SECONDS = 0.05


@dataclass(slots=True)
class Report:
    """What was done and what was found."""

    database: str
    seed: int
    kills: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    asked: int = 0
    messages: int = 0
    mails: int = 0
    orders: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or wrong."""
        return not self.findings

    def lines(self) -> Iterator[str]:
        """The report in words."""
        where = ", ".join(f"{count} {phase}" for phase, count in sorted(self.phases.items()))
        yield f"database  {self.database} (seed {self.seed}, {self.seconds:.0f} s)"
        yield f"kills     {self.kills} ({where})"
        yield f"played    the story and {self.rounds} rounds, {self.orders} orders"
        yield f"asked     {self.asked} messages and mails of people"
        yield f"seen      {self.messages} messages and {self.mails} mails of the platform"
        yield from (f"  {finding}" for finding in self.findings)
        yield f"verdict   {'nothing lost, nothing doubled' if self.good else 'NOT GOOD'}"


# -- playing ----------------------------------------------------------------------------------


async def crash(
    directory: Path, *, kills: int, database: str, database_url: str, seed: int
) -> Report:
    """Play under kills, then look. ``database_url`` is empty for SQLite in the directory."""
    report, listener = Report(database, seed), Listener()
    killer = Killer(kills, random.Random(seed), listener)
    began = time.monotonic()
    staged = stage(directory, database_url=database_url, restarted=killer.restarted, rooms=False)
    async with staged as set_stage, play(set_stage, listener, PATIENCE) as people:
        rounds = Rounds(people)
        report.findings += await _played_under_kills(rounds, killer)
        with noted(report.findings, "the last words"):
            figures = await last_words(rounds)
            evidence = await collect(rounds, figures)
            report.findings += findings(evidence)
            _count(report, evidence)
        log = set_stage.bot.log.read_bytes()
    report.findings += [Finding(WRONG, f"the bot ended by itself: {c}") for c in killer.ended]
    report.kills, report.phases = killer.kills, phases(log, killer.marks)
    report.rounds, report.seconds = rounds.number, time.monotonic() - began
    return report


async def _played_under_kills(rounds: Rounds, killer: Killer) -> list[Finding]:
    """Play until the killing is over; what did not come in time is a finding."""
    found: list[Finding] = []
    killing = asyncio.create_task(killer.run(rounds.play.stage.bot))
    try:
        with noted(found, "the story"):
            await _story(rounds)
        while not found and not killing.done():
            with noted(found, f"round {rounds.number + 1}"):
                await rounds.play_one()
    finally:
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
    return found


async def _story(rounds: Rounds) -> None:
    await administrator_speaks_at_once(rounds.play)
    for _name, step in STEPS:
        await step(rounds.play)
    rounds.after_the_story()


async def administrator_speaks_at_once(people: Play) -> None:
    """The administrator speaks as soon as there is a room, and the bot dies at that very moment.

    Random moments seldom hit the first second of its life, in which its rooms exist and nothing
    was read from them yet.
    """
    camille = people.camille
    first = await camille.wait_for_invitation(PATIENCE)
    people.stage.bot.kill()
    await camille.join(first)
    await people.ask(CAMILLE, camille, first, "!aide")
    # What is answered was read, and nothing is read before every room is there.
    people.admins = await camille.join(ADMINS_ROOM)
    people.members = await camille.join(MEMBERS_ROOM)


@contextmanager
def noted(found: list[Finding], when: str) -> Iterator[None]:
    """Note what failed, so that the witness is heard all the same."""
    try:
        yield
    except (AssertionError, TimeoutError, MatrixError) as error:
        found.append(Finding(WRONG, f"{when} did not end: {str(error) or type(error).__name__}"))


# -- collecting -------------------------------------------------------------------------------


async def collect(
    rounds: Rounds, figures: str, more_rooms: frozenset[str] = frozenset()
) -> Evidence:
    """All messages of all rooms that the bot is in, all mails of all mailboxes, and the books.

    In ``more_rooms`` somebody is alone with the bot, beside those that every play has.
    """
    people = rounds.play
    async with people.stage.chat("supracom") as bot:
        found = frozenset(event.room_id for event in bot.events)
        events = [event for room in sorted(found) for event in await _messages(bot, room)]
    mails = await _mails(people)
    known = frozenset({people.direct, *await _kept_rooms(people)}) | more_rooms
    asked = asked_in_rooms(events, BOT, frozenset({people.direct}) | more_rooms)
    said = [of_event(event, BOT) for event in events if event.type == "m.room.message"]
    return Evidence(
        seen=[*said, *mails],
        asked=[*asked, *asked_by_mail(people.sent)],
        expected=rounds.expected,
        orders=rounds.orders,
        figures=figures,
        rooms=found,
        known_rooms=known,
        books=await wait_for_closed_books(people.stage),
    )


async def _kept_rooms(people: Play) -> frozenset[str]:
    """The space, and the rooms in it."""
    space = await people.camille.join(SPACE)
    return frozenset({space, *await people.camille.rooms_in(space)})


async def _messages(bot: MatrixUser, room: str) -> list[RoomEvent]:
    wanted = {"m.room.message", "m.reaction"}
    return [event for event in await bot.all_messages(room) if event.type in wanted]


async def _mails(people: Play) -> list[Sighting]:
    users = (people.helene_mail, people.bruno_mail, people.manager_mail, people.visitor_mail)
    return [
        of_mail(user.address, mail, PLATFORM) for user in users for mail in await user.all_mails()
    ]


async def wait_for_closed_books(set_stage: Stage) -> Books:
    """The books once nothing waits in the outbox, or as they are after a while."""
    database = Database.open(load(set_stage.config, {}).database.url.get_secret_value())
    try:
        deadline = time.monotonic() + QUIET_SECONDS
        while True:
            books = await asyncio.to_thread(database.run, read_books)
            if not books.waiting or time.monotonic() > deadline:
                return books
            await asyncio.sleep(_STEP_SECONDS)
    finally:
        database.close()


def read_books(session: Session) -> Books:
    """What the database says about what went out."""
    rows = session.scalars(select(outbox.Row).order_by(outbox.Row.id)).all()
    sent = [order for order in session.scalars(select(orders.Order)).all() if order.number]
    return Books(
        audit_break=audit.first_break(session),
        waiting=[_named(row) for row in rows if row.state in outbox.WAITING],
        dead=[_named(row) for row in rows if row.state == outbox.State.DEAD],
        shelved=[str(entry.reference) for entry in inbox.shelved(session)],
        sent=[
            row.external_id for row in rows if row.state == outbox.State.SENT and row.external_id
        ],
        orders=[order.reference for order in sent],
    )


def _named(row: outbox.Row) -> str:
    return f"{row.key} to {row.destination} ({row.error or row.state})"


def _count(report: Report, evidence: Evidence) -> None:
    ours = Counter("@" in seen.place for seen in evidence.seen if seen.ours)
    report.messages, report.mails = ours[False], ours[True]
    report.asked, report.orders = len(evidence.asked), len(evidence.orders)


# -- the program ------------------------------------------------------------------------------


@contextmanager
def chosen_database(name: str, directory: Path) -> Iterator[str]:
    """The URL of an empty database: "" for the SQLite that the bot makes by itself."""
    if name == "sqlite":
        yield ""
        return
    with PostgresServer(directory / "postgres") as server:
        yield server.create_database("crash")


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill and look; 0 if nothing was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="sandbox.crash", description=main.__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    directory = Path(tempfile.mkdtemp(prefix="supracom-crash-"))
    with chosen_database(chosen.database, directory) as url:
        report = asyncio.run(
            crash(
                directory,
                kills=chosen.kills,
                database=chosen.database,
                database_url=url,
                seed=seed,
            )
        )
    print("\n".join(report.lines()))
    if report.good:
        shutil.rmtree(directory, ignore_errors=True)
    else:
        print(f"kept      {directory}")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
