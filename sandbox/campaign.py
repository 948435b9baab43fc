"""A crisis campaign and a moderated announcement, while the bot is killed.

``python -m sandbox.campaign --offers 30 --kills 15 [--seed N]``: an administrator calls all members
for help and has the call sent; offers come in turn from the members' room and from a mailbox, in
four languages; an announcement is read first, and accepted. The bot is killed with SIGKILL at
random moments just after somebody spoke. In the end the pinned total, the offers in the books and
what both sides were told must agree, nothing doubled and nothing lost; else the exit code is 1.
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import load
from sandbox.clients import RoomEvent
from sandbox.crash import PATIENCE, chosen_database, noted, wait_for_closed_books
from sandbox.killer import Listener
from sandbox.stage import BOT, PLATFORM, stage
from sandbox.story import (
    BRUNO,
    CAMILLE,
    HELENE,
    Play,
    administrator_arrives,
    found,
    play,
    register_by_mail,
    register_mail_only,
)
from sandbox.witness import (
    WRONG,
    Asked,
    Expected,
    Finding,
    accounts,
    answers,
    asked_by_mail,
    keys,
    of_event,
    of_mail,
    promises,
)
from storage.campaigns import CampaignOffer, Need
from storage.engine import Database

CALL = "!ouvrir campagne inondations : 400 personnes à Rochefort, 300 à Marche"
WANTED = {"Rochefort": 400, "Marche": 300}
SAID = (
    "nous envoyons {count} ouvriers à {place}",
    "wij sturen {count} arbeiders naar {place}",
    "wir schicken {count} Arbeiter nach {place}",
    "we are sending {count} workers to {place}",
)
OFFER = "offre une pelleteuse de 8 tonnes, du 1er au 12 juin"
_LATEST_KILL = 1.2
"""How many seconds after somebody spoke the bot is killed, at most."""


@dataclass(slots=True)
class Report:
    """What was done and what was found."""

    database: str
    seed: int
    offers: int = 0
    kills: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or wrong."""
        return not self.findings

    def lines(self) -> Iterator[str]:
        """The report in words."""
        yield f"database  {self.database} (seed {self.seed}, {self.seconds:.0f} s)"
        yield f"offers    {self.offers}, by mail and in Matrix"
        yield f"kills     {self.kills}"
        yield from (f"  {finding}" for finding in self.findings)
        good = "nothing lost, nothing doubled, the pin is right"
        yield f"verdict   {good if self.good else 'NOT GOOD'}"


@dataclass(slots=True)
class Crisis:
    """The campaign as it is played: who said what, and what must have become of it."""

    play: Play
    chance: random.Random
    killing: frozenset[int]
    """Behind which of the things said the bot is killed."""
    rules: str = ""
    """What a person had pinned before."""
    root: str = ""
    broadcast: EmailMessage | None = None
    promised: dict[tuple[str, str], int] = field(default_factory=dict)
    """The last number that each person gave for each place."""
    asked: list[Asked] = field(default_factory=list)
    spoken: int = 0
    offers: int = 0
    killers: list[asyncio.Task[None]] = field(default_factory=list)
    kills: int = 0

    def spoke(self) -> None:
        """Somebody just spoke; perhaps the bot is killed a moment later."""
        if self.spoken in self.killing:
            self.killers.append(asyncio.create_task(self._kill()))
        self.spoken += 1

    async def _kill(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, _LATEST_KILL))
        # A moment between two lives is none: there is nothing to kill.
        while not self.play.stage.bot.kill():  # noqa: ASYNC110 - a process has no event for it
            await asyncio.sleep(0.02)
        self.kills += 1

    def total(self, place: str) -> int:
        """How many are promised at a place."""
        return sum(count for (_who, where), count in self.promised.items() if where == place)

    async def tells(self, room: str, text: str, *words: str) -> RoomEvent:
        """The administrator writes in a room, and is answered."""
        return await self._answered(CAMILLE, room, text, *words)

    async def asks(self, text: str, *words: str) -> RoomEvent:
        """The member in Matrix writes to the platform alone, and is answered."""
        return await self._answered(HELENE, self.play.direct, text, *words)

    async def _answered(self, who: str, room: str, text: str, *words: str) -> RoomEvent:
        user = self.play.camille if who == CAMILLE else self.play.helene
        answer = asyncio.create_task(self.play.ask(who, user, room, text, *words))
        # So that the question is under way when the moment of the kill is drawn.
        await asyncio.sleep(0)
        self.spoke()
        got = await answer
        self.asked.append(Asked(str(got.reply_to), room, text))
        return got


# -- what is played ---------------------------------------------------------------------------


async def call(crisis: Crisis) -> None:
    """The administrator calls, and has the call sent with a symbol."""
    p = crisis.play
    crisis.rules = await p.camille.send(p.members, "Les règles de ce salon")
    await p.camille.pin(p.members, [crisis.rules])
    since, mailbox = p.helene.mark(), await p.bruno_mail.mark()
    shown = await crisis.tells(p.admins, CALL, "Rien n'est envoyé", "Rochefort")
    await p.camille.react(p.admins, shown.event_id, "✅")
    crisis.spoke()
    root = await p.sees(HELENE, p.helene, p.members, "0/400", since=since)
    crisis.root = root.event_id
    crisis.broadcast = await p.mail_with(BRUNO, p.bruno_mail, "Appel C-", since=mailbox)


async def offer(crisis: Crisis, number: int) -> None:
    """One offer, in turn from the room and from the mailbox; it takes the place of the last."""
    place = crisis.chance.choice(sorted(WANTED))
    count = crisis.chance.randint(1, 90)
    words = SAID[number % len(SAID)].format(count=count, place=place)
    who = HELENE if number % 2 else BRUNO
    await (_in_the_thread if who == HELENE else _by_mail)(crisis, words)
    crisis.promised[who, place] = count
    crisis.offers += 1


async def _in_the_thread(crisis: Crisis, words: str) -> None:
    p = crisis.play
    since = p.helene.mark()
    told = await p.helene.send(p.members, words, thread=crisis.root)
    crisis.spoke()
    crisis.asked.append(Asked(told, p.members, words))
    await p.helene.wait_for(
        lambda event: event.sender == BOT and event.reply_to == told, p.patience, since=since
    )


async def _by_mail(crisis: Crisis, words: str) -> None:
    p = crisis.play
    if crisis.broadcast is None:
        raise AssertionError("the call did not come by mail")
    told = await p.answer(BRUNO, p.bruno_mail, crisis.broadcast, f"{words}\n\nBruno Wéry")
    crisis.spoke()
    await p.receipt(BRUNO, p.bruno_mail, told)


async def moderated(crisis: Crisis) -> None:
    """An announcement waits until an administrator has read it, and leaves once."""
    p = crisis.play
    await crisis.tells(p.admins, "!modération tout", "toutes les annonces")
    since, room, mailbox = p.camille.mark(), p.helene.mark(), await p.bruno_mail.mark()
    await crisis.asks(OFFER, "Rien n'est envoyé")
    await crisis.asks("oui", "attend la relecture")
    waiting = await p.sees(CAMILLE, p.camille, p.admins, "pelleteuse", "M-", since=since)
    reference = found(r"M-\d+", waiting.body)
    await crisis.tells(p.admins, f"!valider {reference}")
    await p.sees(HELENE, p.helene, p.members, "Offre A-", "pelleteuse", since=room)
    await p.mail_with(BRUNO, p.bruno_mail, "Offre A-", "pelleteuse", since=mailbox)


async def _played(crisis: Crisis, offers: int) -> None:
    for step in (administrator_arrives, register_by_mail, register_mail_only):
        await step(crisis.play)
    await call(crisis)
    for number in range(offers):
        if number == offers // 2:
            await moderated(crisis)
        await offer(crisis, number)
    await asyncio.gather(*crisis.killers)


# -- what is found ----------------------------------------------------------------------------


async def look(crisis: Crisis) -> list[Finding]:
    """What stands in the rooms, in the mailboxes and in the books."""
    p = crisis.play
    books = await wait_for_closed_books(p.stage)
    async with p.stage.chat("supracom") as bot:
        rooms = sorted({event.room_id for event in bot.events})
        events = [event for room in rooms for event in await bot.all_messages(room)]
    spoken = [event for event in events if event.type == "m.room.message"]
    mails = [
        of_mail(user.address, mail, PLATFORM)
        for user in (p.helene_mail, p.bruno_mail)
        for mail in await user.all_mails()
    ]
    said = [of_event(event, BOT) for event in spoken if event.sender == BOT]
    ours = [*said, *(mail for mail in mails if mail.ours)]
    return [
        *keys(ours),
        *answers([*crisis.asked, *asked_by_mail(p.sent)], ours),
        *promises(_expected(crisis), ours),
        *(one for one in accounts(books, [], []) if one.kind == WRONG),
        *_pinned(crisis, await p.camille.state(p.members, "m.room.pinned_events")),
        *_shown(crisis, spoken),
        *await _counted(crisis),
    ]


def _expected(crisis: Crisis) -> list[Expected]:
    p = crisis.play
    return [
        Expected("the call in the room", p.members, ("Appel C-", "0/400")),
        Expected("the call by mail", p.bruno_mail.address, ("Appel C-", "0/400")),
        Expected("the announcement in the room", p.members, ("Offre A-", "pelleteuse")),
        Expected("the announcement by mail", p.bruno_mail.address, ("Offre A-", "pelleteuse")),
    ]


def _pinned(crisis: Crisis, state: dict[str, object]) -> Iterator[Finding]:
    """The call stands beside what a person had pinned, once."""
    if state.get("pinned") != [crisis.rules, crisis.root]:
        yield Finding(WRONG, f"pinned are {state.get('pinned')}", crisis.play.members)


def _shown(crisis: Crisis, spoken: Sequence[RoomEvent]) -> Iterator[Finding]:
    """The last edit of the pinned call says the sum of the last words of everybody."""
    edits = [
        str(event.content["m.new_content"]["body"])
        for event in spoken
        if event.sender == BOT
        and event.content.get("m.relates_to", {}).get("rel_type") == "m.replace"
        and event.content["m.relates_to"].get("event_id") == crisis.root
    ]
    for place, wanted in WANTED.items():
        total = f"{crisis.total(place)}/{wanted}"
        if not edits or total not in edits[-1]:
            yield Finding(WRONG, f"the pinned total does not say {total} at {place}")


async def _counted(crisis: Crisis) -> list[Finding]:
    """The offers that stand in the books are the last words of everybody."""
    settings = load(crisis.play.stage.config, {})
    database = Database.open(settings.database.url.get_secret_value())
    try:
        standing = await asyncio.to_thread(database.run, _standing)
    finally:
        database.close()
    wanted = sorted((place, count) for (_who, place), count in crisis.promised.items())
    return [] if standing == wanted else [Finding(WRONG, f"the books say {standing}, not {wanted}")]


def _standing(session: Session) -> list[tuple[str, int]]:
    wanted = select(Need.place, CampaignOffer.count).join(CampaignOffer)
    rows = session.execute(wanted.where(CampaignOffer.ended_at.is_(None)))
    return sorted((place, count) for place, count in rows)


# -- the program ------------------------------------------------------------------------------

_OTHERS = 6
"""How many things are said beside the offers."""


async def campaign(
    directory: Path, *, offers: int, kills: int, database: str, database_url: str, seed: int
) -> Report:
    """Play the crisis under kills, then look. ``database_url`` is empty for SQLite."""
    report, chance, began = Report(database, seed), random.Random(seed), time.monotonic()
    moments = range(offers + _OTHERS)
    killing = frozenset(chance.sample(moments, min(kills, len(moments))))
    async with (
        stage(directory, database_url=database_url) as set_stage,
        play(set_stage, Listener(), PATIENCE) as people,
    ):
        crisis = Crisis(people, chance, killing)
        with noted(report.findings, "the crisis"):
            await _played(crisis, offers)
            report.findings += await look(crisis)
    report.offers, report.kills = crisis.offers, crisis.kills
    report.seconds = time.monotonic() - began
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Call, offer, kill and look; 0 if nothing was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="sandbox.campaign", description=main.__doc__)
    parser.add_argument("--offers", type=int, default=30)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    directory = Path(tempfile.mkdtemp(prefix="supracom-campaign-"))
    with chosen_database(chosen.database, directory) as url:
        report = asyncio.run(
            campaign(
                directory,
                offers=chosen.offers,
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
