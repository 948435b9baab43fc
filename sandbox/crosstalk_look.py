"""What both sides hold of a conversation in the end; whether anybody read what is not theirs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence

from config.settings import load
from sandbox.clients import RoomEvent, text_of
from sandbox.crash import read_books
from sandbox.stage import BOT, PLATFORM
from sandbox.talk import BRUNO, MARC, SECRET, Talk
from sandbox.witness import (
    DOUBLED,
    LOST,
    WRONG,
    Books,
    Finding,
    Sighting,
    accounts,
    keys,
    of_event,
    of_mail,
)
from storage.engine import Database

LEAKED = "leaked"
_QUIET_SECONDS = 20.0


async def look(talk: Talk) -> list[Finding]:
    """What both sides hold in the end, and whether anybody read what is not theirs."""
    p = talk.play
    asked = await p.write(BRUNO, p.bruno_mail, "annonce", f"annonce {talk.reference}")
    view = await p.receipt(BRUNO, p.bruno_mail, asked)
    other = await p.write(MARC, talk.marc_mail, "aide", "aide")
    await p.receipt(MARC, talk.marc_mail, other)
    books = await _books(talk)
    async with p.stage.chat("supracom") as bot:
        rooms = sorted({event.room_id for event in bot.events})
        events = [e for room in rooms for e in await bot.all_messages(room)]
    spoken = [e for e in events if e.type == "m.room.message"]
    mails = [
        of_mail(user.address, mail, PLATFORM)
        for user in (*talk.mailboxes.values(), p.helene_mail, talk.odile_mail)
        for mail in await user.all_mails()
    ]
    ours = [of_event(event, BOT) for event in spoken if event.sender == BOT]
    ours += [mail for mail in mails if mail.ours]
    seen = [one for one in ours if one.answers != str(asked["Message-ID"])]
    return [
        *keys(ours),
        *_thread(talk, spoken),
        *_same_on_both_sides(talk, text_of(view)),
        *_in_mailboxes(talk, seen),
        *_leaks(talk, spoken, mails),
        *(one for one in accounts(books, [], []) if one.kind == WRONG),
    ]


async def _books(talk: Talk) -> Books:
    url = load(talk.play.stage.config, {}).database.url.get_secret_value()
    database = Database.open(url)
    try:
        deadline = time.monotonic() + _QUIET_SECONDS
        while True:
            books = await asyncio.to_thread(database.run, read_books)
            if not books.waiting or time.monotonic() > deadline:
                return books
            await asyncio.sleep(0.1)
    finally:
        database.close()


def _thread(talk: Talk, spoken: Sequence[RoomEvent]) -> Iterator[Finding]:
    """Every message stands in the thread, once, in the order in which it was said."""
    there = [e for e in spoken if e.room_id == talk.play.members]
    said_there = [
        e for e in there if e.content.get("m.relates_to", {}).get("rel_type") != "m.replace"
    ]
    for event in said_there:
        if any(token in event.body for token in talk.tokens) and event.thread != talk.root:
            yield Finding(WRONG, f"outside of the thread: « {event.body[:60]} »", event.room_id)
    for token in talk.tokens:
        times = sum(token in event.body for event in said_there)
        if times != 1:
            yield Finding(DOUBLED if times else LOST, f"{token} ({times} times)", "the thread")
    order = [t for e in said_there for t in talk.tokens if t in e.body]
    if len(order) == len(talk.tokens) and order != talk.tokens:
        yield Finding(WRONG, f"the order in the thread: {order}", "the thread")


def _same_on_both_sides(talk: Talk, view: str) -> Iterator[Finding]:
    """The conversation as a mailbox is shown it is that of the thread, with its correction."""
    order = sorted((token for token in talk.tokens if token in view), key=view.index)
    if order != talk.tokens:
        yield Finding(WRONG, f"the conversation by mail is {order}, said was {talk.tokens}")
    if "corrige-ainsi" not in view:
        yield Finding(LOST, "the correction, in the conversation by mail")


def _in_mailboxes(talk: Talk, seen: Sequence[Sighting]) -> Iterator[Finding]:
    """Who takes part by mail has everything that others said since, once."""
    for name, user in talk.mailboxes.items():
        got = [one.text for one in seen if one.place == user.address]
        for number, (token, author) in enumerate(zip(talk.tokens, talk.by, strict=True)):
            times = sum(token in text and "corrige-ainsi" not in text for text in got)
            after_stop = name == MARC and talk.stopped is not None and number >= talk.stopped
            due = author != name and number > talk.since.get(name, len(talk.tokens))
            if due and not times and not after_stop:
                yield Finding(LOST, token, user.address)
            if times > 1:
                yield Finding(DOUBLED, f"{token} ({times} times)", user.address)
            if times and (after_stop or author == name):
                yield Finding(WRONG, f"{token}, which was not to come", user.address)


def _leaks(talk: Talk, spoken: Sequence[RoomEvent], mails: Sequence[Sighting]) -> Iterator[Finding]:
    """The private answer is with the asker, once, and with nobody else."""
    helene = {talk.play.direct, talk.play.helene_mail.address}
    sightings = [(e.room_id, e.body) for e in spoken] + [(m.place, m.text) for m in mails if m.ours]
    places = [place for place, text in sightings if SECRET in text]
    for place in places:
        if place not in helene:
            yield Finding(LEAKED, "the private answer", place)
    if len(places) != 1:
        yield Finding(DOUBLED if places else LOST, f"the private answer ({len(places)} times)")
