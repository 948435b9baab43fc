"""The tables in which each capability declares what it answers to.

A module of handlers makes one :class:`Table` and declares in it its commands, the questions whose
answers it takes, the topics whose conversations it follows, the intents it serves and the reminders
it carries out. :mod:`handlers.commands` lists the tables.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar, get_type_hints

from babel.dates import format_date

from config.folding import fold
from handlers import nearness
from handlers.context import Context, Revision
from handlers.desk import Desk
from handlers.nearness import LONGEST_NAME, Name, Slip
from handlers.policy import Role, allowed
from handlers.reply import Reply
from handlers.request import Topic, is_polite
from handlers.wording import Text
from storage.conversations import Question

H = TypeVar("H", bound=Callable[..., Any])

_SOON, _LATER, _LATELY = timedelta(days=30), timedelta(days=51), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command: its name, and the type that says how it is read."""

    name: str
    kind: Any


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its French name, its other names, who may use it, and how."""

    name: str
    aliases: tuple[str, ...]
    who: Role
    usage: Text
    summary: Text
    run: Callable[..., Reply | None]
    parameters: tuple[Parameter, ...]
    example: str = ""
    listed: bool = True
    """Whether the help names it: what only follows from something else is told there."""
    private: bool = False
    """Whether its answer is for its author alone, so that it is not given in a room."""
    alone: bool = False
    """Whether it is meant only where nothing but a polite word stands beside it."""
    helps: frozenset[Role] = frozenset(Role)
    """To whom it is shown in the help; ``ANYONE`` is somebody without any other role."""
    paged: bool = False
    """Whether it answers with a list that may be long, and only looks things up."""
    own_names: Mapping[str, str] = field(default_factory=dict)
    """Its name in each language that has one of its own."""
    part: str = ""
    """The part of the platform that it belongs to, if it can be closed (:mod:`handlers.parts`)."""

    def name_in(self, language: str) -> str:
        """Its name as the people of a language say it."""
        return self.own_names.get(language, self.name)

    def serves(self, roles: frozenset[Role]) -> bool:
        """Whether somebody with these roles may use it and has a use for it."""
        return allowed(roles, self.who) and bool((roles or {Role.ANYONE}) & self.helps)

    def example_at(self, today: date, language: str = "fr") -> str:
        """The example under its name in a language and with its days filled in, so that it can be
        copied: ``{soon}`` and ``{later}`` begin and end a period to come, ``{lately}`` is a day of
        the last weeks.
        """
        example = self.example.replace(self.name, self.name_in(language), 1)
        days = {"soon": today + _SOON, "later": today + _LATER, "lately": today - _LATELY}
        said = {name: format_date(day, "d MMMM y", "fr_BE") for name, day in days.items()}
        return example.format(**said)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Call:
    """A command found in a text, with the words that follow its name."""

    command: Command
    words: str


@dataclass(frozen=True, slots=True)
class QuestionHandler:
    """Who takes the answer to a kind of question, and whether it takes more than yes or no."""

    run: Callable[[Context, Question, bool | None], Reply | None]
    free_text: bool
    proves_address: bool = False
    """Whether answering it is itself the proof that the sender holds the address."""
    called_off: bool = False
    """Whether « finalement, laissez tomber » is a no, though it takes other words."""


@dataclass(frozen=True, slots=True)
class IntentHandler:
    """Who serves a free-form message with an intent, and who may have it served."""

    run: Callable[[Context, Any], Reply | None]
    who: Role
    private: str = ""
    """The command that asks for the same, if its answer is for its author alone."""
    part: str = ""


@dataclass(frozen=True, slots=True)
class TopicHandler:
    """Who follows a conversation about a kind of thing, and who may take part."""

    run: Callable[[Context, Topic], Reply | None]
    who: Role
    symbols: bool = False
    """Whether it takes reactions, too."""
    takes: Callable[[Context], bool] | None = None
    """Which words are part of the conversation; others are answered as if they began anew."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A change of an earlier message was followed; ``words`` is what its author is told of it."""

    words: Reply | None = None


Follower = Callable[[Context, Revision], Followed | None]
"""Follows the change of a message that did something; None if it was none of this capability."""


@dataclass(slots=True)
class Table:
    """What one capability, or after :meth:`merged` the whole platform, answers to."""

    commands: list[Command] = field(default_factory=list)
    questions: dict[str, QuestionHandler] = field(default_factory=dict)
    late: dict[str, Callable[[Context, Question], Reply | None]] = field(default_factory=dict)
    """Who answers a yes or no that comes after its question was closed."""
    topics: dict[str, TopicHandler] = field(default_factory=dict)
    intents: dict[str, IntentHandler] = field(default_factory=dict)
    reminders: dict[str, Callable[[Desk, Topic], None]] = field(default_factory=dict)
    edits: list[Follower] = field(default_factory=list)
    """Who follows a message that now says something else."""
    withdrawals: list[Follower] = field(default_factory=list)
    """Who follows a message that was taken back."""
    _names: dict[str, Command] = field(default_factory=dict, repr=False)
    _spoken: dict[str, set[str]] = field(default_factory=dict, repr=False)
    """In which languages a name is said."""
    _spelled: list[Name] = field(default_factory=list, repr=False)
    """Every name, as mistyped ones are compared with it."""
    _longest: int = field(default=0, repr=False)
    """How many words the longest name has."""

    def command(
        self,
        name: str,
        *,
        usage: Text,
        summary: Text,
        who: Role = Role.ANYONE,
        aliases: Mapping[str, Sequence[str]] | None = None,
        example: str = "",
        listed: bool = True,
        private: bool = False,
        alone: bool = False,
        helps: Iterable[Role] = tuple(Role),
        paged: bool = False,
    ) -> Callable[[H], H]:
        """Declare a command by its French name; ``aliases`` are its names by language."""

        def declare(run: H) -> H:
            self._note_languages(name, aliases or {})
            others = tuple(alias for names in (aliases or {}).values() for alias in names)
            self.commands.append(
                Command(
                    name,
                    others,
                    who,
                    usage,
                    summary,
                    run,
                    _parameters(run),
                    example,
                    listed,
                    private,
                    alone,
                    frozenset(helps),
                    paged,
                    {lang: own[0] for lang, own in (aliases or {}).items() if lang != "fr"},
                )
            )
            return run

        return declare

    def question(
        self,
        kind: str,
        *,
        free_text: bool = False,
        proves_address: bool = False,
        called_off: bool = False,
    ) -> Callable[[H], H]:
        """Declare who takes the answers to a kind of question."""

        def declare(run: H) -> H:
            self.questions[kind] = QuestionHandler(run, free_text, proves_address, called_off)
            return run

        return declare

    def too_late(self, kind: str) -> Callable[[H], H]:
        """Declare who answers what is said to a closed question of a kind."""

        def declare(run: H) -> H:
            self.late[kind] = run
            return run

        return declare

    def topic(
        self,
        kind: str,
        *,
        who: Role,
        symbols: bool = False,
        takes: Callable[[Context], bool] | None = None,
    ) -> Callable[[H], H]:
        """Declare who follows the conversations about a kind of thing; ``symbols`` if reactions to
        what was said about it count, too; ``takes`` if not all words are part of them.
        """

        def declare(run: H) -> H:
            self.topics[kind] = TopicHandler(run, who, symbols, takes)
            return run

        return declare

    def intent(self, name: str, *, who: Role = Role.ANYONE, private: str = "") -> Callable[[H], H]:
        """Declare who serves free-form messages with an intent."""

        def declare(run: H) -> H:
            self.intents[name] = IntentHandler(run, who, private)
            return run

        return declare

    def reminder(self, kind: str) -> Callable[[H], H]:
        """Declare who carries out a kind of reminder."""

        def declare(run: H) -> H:
            self.reminders[kind] = run
            return run

        return declare

    def edited(self, run: Follower) -> Follower:
        """Declare who follows a message that now says something else."""
        self.edits.append(run)
        return run

    def withdrawn(self, run: Follower) -> Follower:
        """Declare who follows a message that was taken back."""
        self.withdrawals.append(run)
        return run

    @classmethod
    def merged(cls, tables: Iterable[Table]) -> Table:
        """All tables as one. ValueError if two declare the same name."""
        whole = cls()
        for table in tables:
            whole.commands += table.commands
            whole.edits += table.edits
            whole.withdrawals += table.withdrawals
            for name, languages in table._spoken.items():
                whole._spoken.setdefault(name, set()).update(languages)
            for mine, theirs in (
                (whole.questions, table.questions),
                (whole.late, table.late),
                (whole.topics, table.topics),
                (whole.intents, table.intents),
                (whole.reminders, table.reminders),
            ):
                _join(mine, theirs)
        for command in whole.commands:
            _join(whole._names, {fold(name): command for name in command.names})
            whole._spelled += [
                Name(name, fold(name), frozenset(whole._spoken[fold(name)]), command.alone)
                for name in command.names
            ]
        whole._longest = max((len(name.split()) for name in whole._names), default=0)
        return whole

    def within(self, part: str) -> Table:
        """The same table, all of whose commands and intents belong to one part."""
        return replace(
            self,
            commands=[replace(command, part=part) for command in self.commands],
            intents={name: replace(one, part=part) for name, one in self.intents.items()},
        )

    def find(self, text: str) -> Call | None:
        """The command that a text begins with; accents, case and punctuation do not matter."""
        for count in range(self._longest, 0, -1):
            words = text.split(maxsplit=count)
            named = " ".join(words[:count])
            # No name is so long, and folding a page takes its time.
            command = self._names.get(fold(named)) if len(named) <= LONGEST_NAME else None
            if command is not None and len(words) >= count:
                rest = words[count] if len(words) > count else ""
                if not command.alone or is_polite(rest):
                    return Call(command, rest)
        return None

    def language_of(self, text: str) -> str | None:
        """The one language in which a text names a command; None if French people say so, too."""
        call = self.find(text)
        if call is None:
            return None
        said = text[: len(text) - len(call.words)] if call.words else text
        spoken = self._spoken.get(fold(said), set())
        return next(iter(spoken)) if len(spoken) == 1 and "fr" not in spoken else None

    def nearest(
        self, text: str, language: str = "fr", roles: frozenset[Role] = frozenset(Role)
    ) -> str | None:
        """The same text with its first words corrected to the name of the nearest command that
        somebody with these roles may use.
        """
        return nearness.nearest(text, self._spelled, language, lambda one: self._open(one, roles))

    def slip(
        self, text: str, language: str, roles: frozenset[Role], *, longer_than: int = 0
    ) -> Slip | None:
        """The command of more than so many words that a text begins with but for one letter."""
        return nearness.slip(
            text,
            self._spelled,
            language,
            lambda one: self._open(one, roles),
            longer_than=longer_than,
        )

    def _open(self, name: Name, roles: frozenset[Role]) -> bool:
        """Whether somebody may use what a name stands for."""
        command = self._names[name.folded]
        # A stranger is offered nothing that is of use to members only.
        return allowed(roles, command.who) if roles else command.serves(roles)

    def _note_languages(self, name: str, aliases: Mapping[str, Sequence[str]]) -> None:
        self._spoken.setdefault(fold(name), set()).add("fr")
        for language, others in aliases.items():
            for other in others:
                self._spoken.setdefault(fold(other), set()).add(language)


def _join(mine: dict[str, Any], theirs: Mapping[str, Any]) -> None:
    twice = mine.keys() & theirs.keys()
    if twice:
        raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
    mine.update(theirs)


def _parameters(run: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = get_type_hints(run)
    names = list(inspect.signature(run).parameters)[1:]
    return tuple(Parameter(name, hints[name]) for name in names)
