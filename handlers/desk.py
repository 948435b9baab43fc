"""The desk at which a unit of work is done: the session, the time, and the ways to tell people.

A handler gets a :class:`~handlers.context.Context`, which is a desk with a request on it; a
reminder gets the bare desk. Nothing here says which channel a word will take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from uuid import uuid4

from sqlalchemy.orm import Session

from handlers import courtesy
from handlers.platform import Platform
from handlers.reply import File, Message, Rendered, Renderer, Reply, StoredFile
from handlers.request import Incoming, Kind, Place, Topic
from handlers.tokens import leave_tag, reply_tag
from handlers.wording import Text
from storage import (
    attendance,
    audit,
    conversations,
    files,
    languages,
    members,
    outbox,
    reminders,
)
from storage.conversations import Question
from storage.inbox import Entry
from storage.members import Address, Person
from storage.outbox import Row

FORGET_FILE_AFTER = timedelta(days=1)
PLACE = "room:"
"""How the outbox names one of the platform's places: ``room:members``."""


class Desk:
    """One transaction's tools. Everything done here is committed, or undone, together."""

    def __init__(
        self, session: Session, platform: Platform, now: datetime, *, cause: int | None = None
    ) -> None:
        self.session = session
        self.platform = platform
        self.now = now
        self._cause = cause
        self._kept: dict[str, StoredFile] = {}

    @cached_property
    def today(self) -> date:
        """The day it is in the platform's zone."""
        return self.now.astimezone(self.platform.zone).date()

    # -- telling people ---------------------------------------------------------------------

    def tell(self, person: Person, words: Reply) -> int | None:
        """Tell a person something, once, in the channel in which they are told things first.

        Gives the outbox row of its first unit; None if the person has no address.
        """
        address = self.first_address(person)
        if address is None:
            return None
        return self._tell_at(address, person.language, words)

    def tell_back(self, person: Person, message: Entry | None, words: Reply) -> int | None:
        """Tell a person something where a message of theirs came from, if that is still an address
        of theirs, else where they are told things first.
        """
        if message is not None:
            for address in person.addresses:
                if (address.channel, address.address) == (message.channel, message.sender):
                    return self._tell_at(address, person.language, words)
        return self.tell(person, words)

    def tell_everywhere(self, person: Person, words: Reply, *, but: str | None = None) -> None:
        """Tell a person something at each of their addresses, ``but`` for one channel's."""
        for address in person.addresses:
            if address.channel != but:
                self._tell_at(address, person.language, words)

    def ask_person(
        self, person: Person, kind: str, topic: Topic, words: Reply, until: datetime
    ) -> int | None:
        """Tell a person something that ends in a question; only an answer that names it counts.

        Gives the outbox row of its first unit; None if the person has no address.
        """
        address = self.first_address(person)
        if address is None:
            return None
        question = conversations.ask(
            self.session,
            Question(
                kind=kind,
                topic=str(topic),
                channel=address.channel,
                address=address.address,
                asked_at=self.now,
                expires_at=until,
            ),
        )
        return self._tell_at(address, person.language, words.about(f"question:{question.id}"))

    def tell_place(self, place: Place, words: Reply) -> int | None:
        """Say something in one of the platform's places; gives the row of its first unit."""
        channel = self.platform.place_channel
        return self.put(channel, f"{PLACE}{place}", self.platform.language, words)

    def tell_administrators(self, words: Reply) -> None:
        """Tell the administrators something."""
        self.tell_place(Place.ADMINS, words)

    def has_places(self, channel: str) -> bool:
        """Whether the platform's places are in a channel."""
        return channel == self.platform.place_channel

    def is_in_places(self, person: Person) -> bool:
        """Whether a person reads the members' place: who left it, or never came, does not."""
        return any(
            self.has_places(a.channel) and a.address in self._readers for a in person.addresses
        )

    @cached_property
    def _readers(self) -> frozenset[str]:
        return attendance.present(self.session, Place.MEMBERS)

    def admit(self, address: str, place: str) -> None:
        """Let an address of the channel that has places into one of them."""
        channel = self.platform.place_channel
        for unit in self._renderer(channel).admit(place, address):
            self.add_unit(channel, f"{PLACE}{place}", unit)

    def dismiss(self, address: str, place: str) -> None:
        """Put an address out of one of the platform's places."""
        channel = self.platform.place_channel
        for unit in self._renderer(channel).dismiss(place, address):
            self.add_unit(channel, f"{PLACE}{place}", unit)

    def language_at(self, channel: str, address: str, conversation: str) -> str:
        """The language of whoever writes from an address: their own if they are known, else that
        in which the conversation is held.
        """
        person = members.person_at(self.session, channel, address)
        if person is not None:
            return person.language
        kept = languages.language_of(self.session, channel, conversation)
        return kept or self.platform.language

    def add_unit(self, channel: str, destination: str, unit: Rendered) -> None:
        """Put one unit that says nothing, such as an invitation, in the outbox."""
        self._add(channel, destination, uuid4().hex, unit.payload)

    def retract(self, row: Row) -> bool:
        """Take back what was put out: it does not leave, or is taken away where it was sent.

        False if whoever has it keeps it. Its words are forgotten when nothing is under way with it.
        """
        for id_ in outbox.files_of(row):
            # Not at once: it may be on its way to somebody.
            due = self.now + FORGET_FILE_AFTER
            reminders.plan_once(self.session, "forget-file", f"file:{id_}", due)
        if outbox.drop(self.session, row):
            outbox.erase(row)
            return True
        units = self._renderer(row.channel).retract(row.payload)
        for unit in units:
            key = uuid4().hex
            self._add(row.channel, row.destination, key, unit.payload, follows_id=row.id)
        return bool(units)

    def amend(self, row: Row, words: Reply) -> None:
        """Make what was put out say something else, where that can be done; nobody is told of it.

        Its files stay as they are.
        """
        message = Message(
            key=uuid4().hex,
            destination=row.destination,
            language=self.platform.language,
            reply=words,
        )
        for unit in self._renderer(row.channel).amend(row.payload, message):
            self._add(row.channel, row.destination, message.key, unit.payload, follows_id=row.id)

    def pin(self, row: Row, *, on: bool = True) -> None:
        """Keep what was put out in sight of all who read there, or no longer, where that can be
        done.
        """
        for unit in self._renderer(row.channel).pin(row.payload, on=on):
            self._add(row.channel, row.destination, uuid4().hex, unit.payload, follows_id=row.id)

    def end_poll(self, row: Row, words: Text, language: str) -> None:
        """End the poll that a row is, with a word; nothing if it is none."""
        for unit in self._renderer(row.channel).close(row.payload, words, language):
            key = uuid4().hex
            self._add(row.channel, row.destination, key, unit.payload, follows_id=row.id)

    def first_address(self, person: Person) -> Address | None:
        """Where a person is told things first; None if they have no address."""
        order = list(self.platform.renderers)
        known = [a for a in person.addresses if a.channel in order]
        # Where somebody left the conversation with us they read us last.
        return min(known, key=lambda a: (a.away, order.index(a.channel)), default=None)

    def _tell_at(self, address: Address, language: str, words: Reply) -> int | None:
        leave = leave_tag(self.platform.secret, address.person_id) if words.broadcast else None
        here = None if address.away else address.conversation
        destination = here or address.address
        return self.put(
            address.channel, destination, language, words, leave=leave, reader=address.address
        )

    def put(
        self,
        channel: str,
        destination: str,
        language: str,
        words: Reply,
        *,
        answering: Incoming | None = None,
        leave: str | None = None,
        reader: str = "",
    ) -> int | None:
        """Render words for a destination and put them in the outbox; gives the first unit's row.

        They continue the thread of their topic at that destination, unless they answer a message.
        """
        topic = words.topic
        root = outbox.first_about(self.session, topic, channel, destination) if topic else None
        message = Message(
            key=uuid4().hex,
            destination=destination,
            language=language,
            reply=words,
            files=tuple(replace(self.keep(file), alt=file.alt) for file in words.files),
            tag=self._tag(topic, destination),
            leave=leave,
            answers=_named(answering) if answering else root.external_id if root else None,
            thread=answering.thread if answering else None,
            subject=answering.subject if answering else "",
            references=answering.answers if answering else (),
            reader=reader,
            shared=answering is not None and not answering.direct,
            greeting=self._greeting(channel, destination),
        )
        follows = root.id if root and answering is None else None
        rows = []
        for index, unit in enumerate(self._renderer(channel).render(message)):
            key = message.key if index == 0 else f"{message.key}-{index}"
            rows.append(
                self._add(channel, destination, key, unit.payload, unit.external_id, topic, follows)
            )
        return rows[0] if rows else None

    def _add(
        self,
        channel: str,
        destination: str,
        key: str,
        payload: dict[str, object],
        external_id: str | None = None,
        topic: str | None = None,
        follows_id: int | None = None,
    ) -> int:
        return outbox.add(
            self.session,
            key=key,
            channel=channel,
            destination=destination,
            payload=payload,
            now=self.now,
            external_id=external_id,
            topic=topic,
            follows_id=follows_id,
            entry_id=self._cause,
        ).id

    def _tag(self, topic: str | None, destination: str) -> str | None:
        return reply_tag(self.platform.secret, Topic.parse(topic), destination) if topic else None

    def _greeting(self, channel: str, destination: str) -> Text | None:
        """How whoever reads there is greeted: by their name if the address is known as theirs."""
        if destination.startswith(PLACE) or not self._renderer(channel).greets:
            return None
        return courtesy.greeting(members.person_at(self.session, channel, destination))

    def _renderer(self, channel: str) -> Renderer:
        return self.platform.renderers[channel]

    # -- keeping ----------------------------------------------------------------------------

    def keep(self, file: File) -> StoredFile:
        """Keep a file once per transaction, however many people it goes to."""
        known = sha256(file.content).hexdigest() + file.name
        if known not in self._kept:
            row = files.keep(self.session, file.name, file.media_type, file.content, self.now)
            self._kept[known] = StoredFile(row.id, row.name, row.media_type, row.size)
        return self._kept[known]

    def remind(self, kind: str, topic: Topic, due_at: datetime) -> None:
        """Plan what is to be done later."""
        reminders.plan(self.session, kind, str(topic), due_at)

    def record(self, actor: str, action: str, topic: Topic, **facts: str | int) -> None:
        """Add an act to the audit chain; ``facts`` holds no personal data."""
        name = audit.pseudonym(self.platform.secret, actor)
        audit.append(self.session, self.now, name, action, str(topic), facts)


def _named(answering: Incoming) -> str:
    """The id of the message that is answered: of a changed one, that of its first version; of a
    symbol or a vote, which nobody can read by itself, what it was put to.
    """
    put_to = answering.answers[:1] if answering.kind in {Kind.REACTION, Kind.VOTE} else ()
    return next(iter(put_to), answering.revises or answering.external_id)


def tell_all(desk: Desk, people: Sequence[Person], words: Reply) -> None:
    """Tell several people the same thing, each once."""
    for person in people:
        desk.tell(person, words)
