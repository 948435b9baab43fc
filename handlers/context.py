"""A desk with a request on it: what a handler is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.observation import Action, Observation
from handlers.platform import Platform
from handlers.policy import Role
from handlers.reading.language import language_of
from handlers.reply import Refusal, Reply
from handlers.request import Incoming, Topic
from handlers.wording import _
from storage import conversations, languages, purchasing
from storage.conversations import Question
from storage.inbox import Entry
from storage.members import Institution, Person, Standing

if TYPE_CHECKING:
    from handlers.command import Command


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier message that was changed or taken back: what it was at first, and all that it was
    since. ``words`` is what it says now, without the name of a command.
    """

    origin: Entry
    versions: tuple[Entry, ...]
    words: str = ""
    is_command: bool = False

    @property
    def topic(self) -> Topic | None:
        """What its first version was about, or became to be."""
        return Topic.parse(self.origin.topic) if self.origin.topic else None

    @property
    def ids(self) -> tuple[int, ...]:
        """The rows of the inbox that are versions of it."""
        return tuple(version.id for version in self.versions)


class Context(Desk):
    """One request: what came in, who sent it as far as that is believed, what it is about."""

    def __init__(
        self,
        session: Session,
        platform: Platform,
        now: datetime,
        incoming: Incoming,
        *,
        entry: Entry,
        person: Person | None,
        topic: Topic | None,
        believed: bool,
        observation: Observation | None = None,
    ) -> None:
        super().__init__(session, platform, now, cause=entry.id)
        self.incoming = incoming
        self.letter = incoming
        """The words to read as a letter: what came in, or what it only passes on."""
        self.entry = entry
        self.released: int | None = None
        """The held inbox entry that this message released, if it did."""
        self.asked = False
        """Whether something was asked because of it: what else was done waits for the answer."""
        self.commands: Sequence[Command] = ()
        """Every command there is, for the help."""
        self.again: Callable[[str], Reply | None] = _nothing
        """Runs a command from its words, as if the sender had written them now."""
        self.nearest: Callable[[str], str | None] = _nothing
        """The command that words may be with a slip, as it is written; nothing is asked or run."""
        self.shown = 0
        """How many entries of a list the sender has seen before."""
        self.person = person if believed else None
        self.claimed = person
        """Whose address it is, whether or not the sender is believed."""
        self.topic = topic
        self.believed = believed
        self._observation = observation
        self.roles = self._roles()

    def _roles(self) -> frozenset[Role]:
        roles = set()
        if self.believed and self.incoming.sender in self.platform.settings.platform.administrators:
            roles.add(Role.ADMINISTRATOR)
        if self.person and self.person.may_act(self.today):
            if self.person.institution.state == Standing.ACTIVE:
                roles.add(Role.MEMBER)
            if purchasing.manages(self.session, self.person):
                roles.add(Role.MANAGER)
        return frozenset(roles)

    @property
    def language(self) -> str:
        """The language of the answer: in a room the room's, else the person's own, else that in
        which the conversation is held.
        """
        if self._in_room:
            return self._held_in or self.platform.language
        if self.claimed:
            return self.claimed.language
        return self._held_in or self._written_in or self.platform.language

    @property
    def _in_room(self) -> bool:
        return not self.incoming.direct or self.incoming.place is not None

    @cached_property
    def _held_in(self) -> str | None:
        # Asked for with nearly every word of an answer.
        incoming = self.incoming
        return languages.language_of(self.session, incoming.channel, incoming.conversation)

    @cached_property
    def _written_in(self) -> str | None:
        """The language of a stranger's words, if they are enough to tell."""
        return language_of(self.incoming.text)

    def speak(self, language: str) -> None:
        """Hold this conversation in a language from now on."""
        incoming = self.incoming
        languages.keep(self.session, incoming.channel, incoming.conversation, language, self.now)
        self._held_in = language

    def settle_language(self, command_in: str | None) -> None:
        """Hold a stranger's conversation in the language that their words show, or else that in
        which they named a command: it does not change with the next few words.
        """
        if self.claimed is None and not self._in_room and self._held_in is None:
            shown = self._written_in or command_in
            if shown:
                self.speak(shown)

    @property
    def member(self) -> Person:
        """The person who acts; the command table has made sure that there is one."""
        if self.person is None:
            raise Refusal(_("Je ne vous connais pas encore : écrivez `aide` pour commencer."))
        return self.person

    @property
    def institution(self) -> Institution:
        """The institution for which the person acts."""
        return self.member.institution

    def ask(self, kind: str, topic: Topic, digest: str = "", **data: Any) -> Question:
        """Put a question to the sender; an answer to the reply about ``question:ID`` is its answer.

        A former question of the same kind about the same topic is withdrawn.
        """
        conversations.withdraw(self.session, kind, str(topic), self.now)
        self.observe(action=Action.ASK)
        self.asked = True
        hours = self.platform.settings.rules.confirmation_hours
        return conversations.ask(
            self.session,
            Question(
                kind=kind,
                topic=str(topic),
                channel=self.incoming.channel,
                address=self.incoming.sender.lower(),
                conversation=self.incoming.conversation,
                thread=self.incoming.thread or "",
                digest=digest,
                data=data,
                entry_id=self.entry.id,
                asked_at=self.now,
                expires_at=self.now + timedelta(hours=hours),
            ),
        )

    def observe(self, **facts: Any) -> None:
        """Note what is understood or decided, if somebody wants to know (``supracom explain``)."""
        if self._observation is not None:
            self._observation.note(**facts)

    def observe_default(self, **facts: Any) -> None:
        """The same for what a handler may have noted more precisely."""
        if self._observation is not None:
            self._observation.default(**facts)

    def audit(self, action: str, topic: Topic, **facts: str | int) -> None:
        """Add what the sender did to the audit chain."""
        self.record(self.incoming.sender, action, topic, **facts)


def _nothing(_words: str) -> None:
    return None
