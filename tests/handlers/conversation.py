"""Conversations without servers: people write, the dispatcher answers, everybody reads.

The renderers, the table of commands and the database are the real ones. What the outbox holds is
taken to have arrived, as a courier without any trouble would see to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, func, inspect, select, update
from sqlalchemy.orm import Session

from config.content import read_content
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.loading import Channels, load
from handlers.platform import Platform
from handlers.reminding import carry_out_next
from handlers.request import Incoming, IncomingFile, Kind, Place
from storage import attendance, claims, members, outbox
from storage.engine import Database
from storage.inbox import Entry
from storage.members import Institution, Person, Standing
from storage.outbox import Row
from storage.purchasing import Central
from storage.schema import metadata
from tests.conftest import ADMINISTRATOR, SERVER, MovableClock

MAIL, MATRIX = "mail", "matrix"
CONTENT = Path(__file__).parents[2] / "config" / "content" / "sample"
ROOMS = {Place.MEMBERS: f"!membres:{SERVER}", Place.ADMINS: f"!administrateurs:{SERVER}"}
R = TypeVar("R")


Rows = tuple[Table, list[dict[str, Any]]]
_CATALOGUE: list[Rows] = []
"""What the loading of the sample gave: the next test gets the rows, in a tenth of the time."""
_OUT_OF_THE_WAY = 1_000_000
"""Added to the ids of these rows, which no sequence of the database knows."""


def _rows(session: Session) -> list[Rows]:
    return [
        (table, [_moved(table, row._asdict()) for row in session.execute(table.select())])
        for table in metadata.sorted_tables
    ]


def _moved(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    ids = [c.name for c in table.columns if c.foreign_keys or (c.primary_key and c.name == "id")]
    return row | {n: row[n] + _OUT_OF_THE_WAY for n in ids if row[n] is not None}


def _let_join(session: Session) -> None:
    session.execute(update(Central).values(joining="recorded"))


def _insert(session: Session, whole: list[Rows]) -> None:
    for table, rows in whole:
        if rows:
            session.execute(table.insert(), rows)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the platform said, as its reader has it."""

    channel: str
    destination: str
    subject: str
    text: str
    external_id: str
    tag: str | None
    answers: str | None
    thread: str | None
    row: Row

    @classmethod
    def of(cls, row: Row, follows: str | None) -> Said:
        """What a row of the outbox looks like when it has arrived."""
        payload = row.payload
        content = payload.get("content") or {}
        words = payload.get("text") or content.get("body") or payload.get("name") or ""
        reply_to = payload.get("reply_to") or ""
        return cls(
            channel=row.channel,
            destination=row.destination,
            subject=payload.get("subject", ""),
            text=" ".join(str(words).split()),
            external_id=row.external_id or "",
            tag=reply_to.partition("@")[0].partition("+")[2] or None,
            answers=payload.get("in_reply_to") or payload.get("answers"),
            thread=payload.get("thread") or follows,
            row=row,
        )

    @property
    def action(self) -> str:
        """What a Matrix row does; a mail is a message."""
        return str(self.row.payload.get("action", "message"))

    @property
    def files(self) -> int:
        """How many files came with it."""
        return len(self.row.payload.get("files", ())) + (self.action == "file")


class World:
    """The platform and everybody who writes to it, at one moment after another."""

    def __init__(
        self, database: Database, platform: Platform, clock: MovableClock, channel: str
    ) -> None:
        self.database = database
        self.platform = platform
        self.clock = clock
        self.channel = channel
        """The channel of those who may use either."""
        self.table = everything()
        self.dispatcher = Dispatcher(platform, self.table)
        self.epoch = 1
        self.said: list[Said] = []
        """Everything that the platform ever said."""
        self._count = 0

    # -- people -----------------------------------------------------------------------------

    @property
    def camille(self) -> Somebody:
        """The administrator, in the administrators' room."""
        return Somebody(self, MATRIX, ADMINISTRATOR, place=Place.ADMINS)

    @property
    def smart(self) -> Somebody:
        """The manager of the central Smart, in her mailbox."""
        return Somebody(self, MAIL, "smart@centrale-achats.example")

    @property
    def offices(self) -> Somebody:
        """The manager of another central."""
        return Somebody(self, MAIL, "achats@centrale-achats.example")

    def stranger(self, name: str = "visiteur") -> Somebody:
        """Somebody who is not registered."""
        address = f"@{name}:{SERVER}" if self.channel == MATRIX else f"{name}@ailleurs.example"
        return Somebody(self, self.channel, address)

    def member(self, name: str, type_: str, code: str, *, channel: str | None = None) -> Somebody:
        """The designated user of an active institution; in Matrix with a mail address, too."""
        channel = channel or self.channel
        local = name.partition(" ")[0].lower().replace("é", "e").replace("è", "e")
        mail, chat = f"{local}@{type_}-{code}.example", f"@{local}:{SERVER}"

        def work(session: Session) -> int:
            authority = self.platform.territory.authority(type_, code)
            institution = Institution(
                type=type_,
                code=code,
                name=authority.name,
                state=Standing.ACTIVE,
                reference=f"I-2025-{code}{type_}",
                requested_at=self.clock.now(),
                active_on=self.clock.now().date(),
            )
            person = Person(institution=institution, name=name, active=True)
            session.add_all([institution, person])
            session.flush()
            members.link(session, person, MAIL, mail, self.clock.now())
            if channel == MATRIX:
                members.link(session, person, MATRIX, chat, self.clock.now())
                attendance.admit(session, Place.MEMBERS, chat, self.clock.now())
                attendance.admit(session, Place.SPACE, chat, self.clock.now())
                attendance.note(session, Place.MEMBERS, chat, attendance.JOINED, self.clock.now())
            return person.id

        id_ = self.database.run(work)
        return Somebody(
            self, channel, chat if channel == MATRIX else mail, mail=mail, person_id=id_
        )

    def helene(self) -> Somebody:
        """The user of the commune of Musson."""
        return self.member("Hélène Lambiotte", "commune", "85026")

    def bruno(self) -> Somebody:
        """The user of the CPAS of Rouvroy, who has nothing but a mailbox."""
        return self.member("Bruno Wéry", "cpas", "85047", channel=MAIL)

    def load_catalogue(self) -> None:
        """The sample centrals, their managers and solutions; a decision is enough to join Smart.

        That a manager accepts it first is what `test_conversation_adhesions.py` is about.
        """
        if not _CATALOGUE:
            self.database.run(
                load, read_content(CONTENT), "fr", Channels(MAIL, MATRIX), self.clock.now()
            )
            self.database.run(_let_join)
            _CATALOGUE.extend(self.database.run(_rows))
        else:
            self.database.run(_insert, _CATALOGUE)

    # -- what happens -----------------------------------------------------------------------

    def new_id(self, channel: str) -> str:
        """The id of a new message."""
        self._count += 1
        return f"$in-{self._count}" if channel == MATRIX else f"<in-{self._count}@x.example>"

    def take(self, *incoming: Incoming) -> list[Said]:
        """One batch comes in; what is said because of it."""
        self._count += 1
        self.database.run(
            self.dispatcher.take,
            incoming[0].channel,
            incoming,
            f"cursor-{self._count}",
            self.epoch,
            self.clock.now(),
        )
        return self.post()

    def tick(self) -> list[Said]:
        """The clock strikes: everything that is due is carried out."""
        now = self.clock.now()
        while self.database.run(carry_out_next, self.platform, self.table, now):
            pass
        return self.post()

    def move_to(self, moment: datetime) -> list[Said]:
        """Time goes on, and the clock strikes."""
        self.clock.move(moment - self.clock.now())
        return self.tick()

    def post(self) -> list[Said]:
        """Everything that is due arrives."""
        arrived = self.database.run(self._delivered)
        self.said += arrived
        return arrived

    def _delivered(self, session: Session) -> list[Said]:
        arrived = []
        claimed = [
            row
            for channel in (MAIL, MATRIX)
            for row in claims.claim(session, channel, "courier", self.clock.now(), 500)
        ]
        for row in sorted(claimed, key=lambda row: row.id):
            external = row.external_id or f"$out-{row.id}"
            outbox.mark_sent(session, row.id, external, self.clock.now())
            # Marked past what the session holds of it.
            session.refresh(row)
            follows = outbox.external_id_of(session, row.follows_id) if row.follows_id else None
            arrived.append(Said.of(row, follows))
        return arrived

    # -- looking ----------------------------------------------------------------------------

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every row of a table, in the order of its key: PostgreSQL has none of its own."""
        keys = inspect(kind).primary_key
        return self.database.run(
            lambda session: session.scalars(select(kind).order_by(*keys)).all()
        )

    def count(self, kind: type[object]) -> int:
        """How many rows a table has."""
        query = select(func.count()).select_from(kind)
        return self.database.run(lambda session: session.scalar(query)) or 0

    def change(self, work: Callable[[Session], R]) -> R:
        """Do something behind the platform's back."""
        return self.database.run(work)

    def entries(self) -> Sequence[Entry]:
        """Everything that was entered."""
        return self.all(Entry)


@dataclass(frozen=True)
class Somebody:
    """A person at an address: writes, answers, reacts, and has a place where answers arrive."""

    world: World
    channel: str
    address: str
    place: Place | None = None
    mail: str = ""
    person_id: int = 0
    name: str = field(default="", kw_only=True)

    @property
    def conversation(self) -> str:
        """Where an answer to this person goes."""
        if self.place is not None:
            return ROOMS[self.place]
        return f"!direct-{self.address[1:]}" if self.channel == MATRIX else self.address

    def elsewhere(self, place: Place | None) -> Somebody:
        """The same person in one of the rooms, or in a private conversation."""
        return replace(self, place=place)

    def at_mail(self) -> Somebody:
        """The same person in their mailbox."""
        return replace(self, channel=MAIL, address=self.mail, place=None)

    def message(self, text: str, **other: object) -> Incoming:
        """A message of theirs, not yet sent; in a chat a subject is left out."""
        fields: dict[str, object] = {
            "channel": self.channel,
            "external_id": self.world.new_id(self.channel),
            "conversation": self.conversation,
            "sender": self.address,
            "sent_at": self.world.clock.now().astimezone(UTC) - timedelta(seconds=3),
            "text": text,
            "subject": "Message",
            "display_name": self.name,
            "place": self.place,
            "direct": self.place is None,
            "addressed": True,
            "interactive": self.channel == MATRIX,
        }
        no_subject = {"subject": ""} if self.channel == MATRIX else {}
        return Incoming(**fields | other | no_subject)  # type: ignore[arg-type] # its own keys

    def writes(self, text: str, **other: object) -> list[Said]:
        """They write; everything that is said because of it, to whomever."""
        return self.world.take(self.message(text, **other))

    def asks(self, text: str, **other: object) -> Said:
        """They write; the one thing that is said back to them."""
        return self._back(self.writes(text, **other))

    def answers(self, said: Said, text: str, **other: object) -> list[Said]:
        """They answer a message, as their program does: by its id, and in mail by its address."""
        fields: dict[str, object] = {
            "answers": (said.external_id,),
            "tag": said.tag,
            "subject": f"Re: {said.subject}",
        }
        return self.writes(text, **fields | other)

    def replies(self, said: Said, text: str, **other: object) -> Said:
        """They answer a message; the one thing that is said back to them."""
        return self._back(self.answers(said, text, **other))

    def finishes(self, said: Said) -> Said:
        """They pass over what a form need not have and say that they fill it themselves; where all
        is asked at once there is nothing left to say.
        """
        while self.channel == MATRIX and " : " in said.text and "/7" in said.text[:30]:
            said = self.asks("passer" if "facultatif" in said.text else "oui")
        return said

    def reacts(self, said: Said, symbol: str) -> list[Said]:
        """They put a symbol to a message, where there are such; else they write it."""
        if self.channel == MAIL:
            return self.answers(said, "oui" if symbol == "✅" else "non")
        kind: dict[str, object] = {"kind": Kind.REACTION, "answers": (said.external_id,)}
        return self.writes(symbol, **kind)

    def edits(self, message: Incoming, text: str, **other: object) -> list[Said]:
        """They change a message of theirs, where that can be done."""
        change: dict[str, object] = {"kind": Kind.EDIT, "revises": message.external_id}
        return self.writes(text, **change | other)

    def deletes(self, message: Incoming) -> list[Said]:
        """They take back a message, where that can be done."""
        return self.writes("", kind=Kind.WITHDRAWAL, revises=message.external_id)

    def sends(self, text: str, **other: object) -> tuple[Incoming, list[Said]]:
        """They write; the message, to change it later, and all that is said because of it."""
        message = self.message(text, **other)
        return message, self.world.take(message)

    def attaches(self, text: str, name: str, content: bytes) -> list[Said]:
        """They send a file."""
        return self.writes(text, files=(IncomingFile(name, "application/pdf", content),))

    def got(self, said: Sequence[Said] | None = None) -> list[Said]:
        """What arrived where they read, the members' room left out."""
        everything_ = self.world.said if said is None else said
        places = {self.conversation, self.address, *([self.mail] if self.mail else [])}
        if self.place is not None:
            places.add(f"room:{self.place}")
        return [one for one in everything_ if one.destination in places]

    def _back(self, said: Sequence[Said]) -> Said:
        back = [one for one in said if one.destination == self.conversation and one.answers]
        assert len(back) == 1, f"expected one answer, got {[one.text for one in said]}"
        return back[0]


def in_members_room(said: Sequence[Said]) -> list[Said]:
    """What was said to all members in their room, changes of earlier words left out."""
    there = [one for one in said if one.destination == "room:members"]
    return [one for one in there if one.action != "edit"]


def changed_in_members_room(said: Sequence[Said]) -> list[Said]:
    """What earlier words in the members' room were changed to."""
    there = [one for one in said if one.destination == "room:members"]
    return [one for one in there if one.action == "edit"]


def to_administrators(said: Sequence[Said]) -> list[Said]:
    """What the administrators were told of their own accord."""
    return [one for one in said if one.destination == "room:admins"]
