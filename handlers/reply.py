"""The neutral vocabulary of answers: blocks that every channel renders in its own best form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from handlers.policy import Role
from handlers.wording import Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or two sentences."""

    text: Text


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and their values: what was understood, in a form that the eye checks quickly."""

    rows: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column headings; ``amounts`` names the columns (from 0) set flush right."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    amounts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person wrote, word for word."""

    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing the reader may answer: a symbol for a reaction, and the word to type."""

    symbol: str
    phrase: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader may answer now."""

    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose in a poll: the word that stands for it everywhere, and what it says."""

    word: str
    meaning: Text


@dataclass(frozen=True, slots=True)
class Poll:
    """A question and the answers to choose from; ``several`` if more than one may be chosen.

    Where there are polls it is one, besides the list that everybody can read and answer in words.
    """

    question: Text
    options: tuple[Option, ...]
    several: bool = False


Block = Paragraph | Heading | Bullets | Steps | Fields | Table | Quote | Choices | Poll


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a reply; a picture with ``alt`` words is shown within it, the words
    standing for it where it is not seen.
    """

    name: str
    media_type: str
    content: bytes
    alt: Text | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A date for the reader's calendar: whole days, both included (RFC 5545).

    ``uid`` names it for ever; a later word about it has the same one and a higher ``sequence``.
    ``asks`` if the reader is asked whether they take part, ``cancelled`` if it is off (RFC 5546).
    """

    uid: str
    title: Text
    first: date
    last: date
    stamped_at: datetime
    sequence: int = 0
    asks: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or a word to somebody: a title (a mail's subject), blocks, files, a topic.

    ``topic`` names what the conversation is about, as ``kind:id`` ("announcement:12"); an answer
    to this message is then known to be about it. ``broadcast`` if it is said to everybody, so that
    its reader may want to hear no more of its sort. What an ``appointment`` says stands in the
    blocks, too: not everybody has a calendar.
    """

    blocks: tuple[Block, ...]
    title: Text | None = None
    files: tuple[File, ...] = ()
    topic: str | None = None
    broadcast: bool = False
    appointment: Appointment | None = None

    def with_files(self, *files: File) -> Reply:
        """The same words with files added."""
        return replace(self, files=self.files + files)

    def about(self, topic: str) -> Reply:
        """The same words, tied to a topic."""
        return replace(self, topic=topic)

    def to_all(self) -> Reply:
        """The same words, as said to everybody."""
        return replace(self, broadcast=True)

    def on(self, appointment: Appointment) -> Reply:
        """The same words, with a date for the reader's calendar."""
        return replace(self, appointment=appointment)


def reply(*content: Block | Text, title: Text | None = None, topic: str | None = None) -> Reply:
    """A reply made of blocks; a bare sentence is a paragraph."""
    blocks = (Paragraph(part) if isinstance(part, Text) else part for part in content)
    return Reply(tuple(blocks), title=title, topic=topic)


class Refusal(Exception):
    """A request that cannot be done, with the sentence that says why and how to do it right.

    Raised by a handler; everything that the handler changed is undone, and the sentence is sent.
    """

    def __init__(self, *content: Block | Text, title: Text | None = None) -> None:
        super().__init__("refused")
        self.reply = reply(*content, title=title)


class Ambiguous(Refusal):
    """Words that may mean several things: ``meant`` are the words that mean just one of them, with
    what is shown for it. Raised before anything is changed.
    """

    def __init__(self, lead: Text, words: str, meant: Sequence[tuple[str, Text]]) -> None:
        super().__init__(lead, Bullets(tuple(label for _named, label in meant)))
        self.lead = lead
        self.words = words
        self.meant = tuple(meant)


class Forbidden(Refusal):
    """A request that its sender has no right to make: ``needed`` is the role it takes, ``act`` the
    command. It is kept who tried (acceptance B03).
    """

    def __init__(self, needed: Role, act: str, *content: Block | Text) -> None:
        super().__init__(*content)
        self.needed = needed
        self.act = act


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file already kept in the database, as a rendered payload names it."""

    id: int
    name: str
    media_type: str
    size: int
    alt: Text | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A reply on its way to one destination in one language, before a channel renders it.

    ``key`` is unique and for ever: the channel derives from it the id that makes a second sending
    recognisable. ``tag`` is the reply token for this topic and destination, if the channel has a
    place for one; ``leave`` the token with which the reader stops what is said to everybody.
    ``answers`` is the external id of the message that it answers, ``thread`` that
    of the thread's root, where there are such. ``reader`` is the address of the one person for whom
    it is meant, if nobody else may read it; ``shared`` if it answers somebody where others read, so
    that a command has to be addressed there. ``greeting`` is how that person is greeted, where a
    message begins with such a line.
    """

    key: str
    destination: str
    language: str
    reply: Reply
    files: tuple[StoredFile, ...] = ()
    tag: str | None = None
    leave: str | None = None
    answers: str | None = None
    thread: str | None = None
    subject: str = ""
    references: tuple[str, ...] = ()
    reader: str = ""
    shared: bool = False
    greeting: Text | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the courier will send as one unit: a payload of plain JSON, and the id that it will
    bear outside where that is known beforehand (a mail's Message-ID).
    """

    payload: dict[str, object] = field(default_factory=dict)
    external_id: str | None = None


class Renderer(Protocol):
    """Turns a neutral message into what one channel sends; pure."""

    @property
    def greets(self) -> bool:
        """Whether what it writes begins with a greeting."""
        ...

    def render(self, message: Message) -> list[Rendered]:
        """The units to send, in order; each is sent exactly once."""
        ...

    def admit(self, place: str, address: str) -> list[Rendered]:
        """What lets an address into one of the platform's places; nothing if it has none."""
        ...

    def dismiss(self, place: str, address: str) -> list[Rendered]:
        """What puts an address out of one of the platform's places; nothing if it has none."""
        ...

    def accept(self, conversation: str) -> list[Rendered]:
        """What follows an invitation to a conversation; nothing if there is nothing to do."""
        ...

    def retract(self, payload: Mapping[str, object]) -> list[Rendered]:
        """What takes back a unit that was sent; nothing where what is sent stays."""
        ...

    def amend(self, payload: Mapping[str, object], message: Message) -> list[Rendered]:
        """What makes a unit that was sent say another message; nothing where what is sent stays."""
        ...

    def pin(self, payload: Mapping[str, object], *, on: bool) -> list[Rendered]:
        """What keeps a unit that was sent in everybody's sight, or no longer; nothing where
        nothing can be pinned.
        """
        ...

    def close(self, payload: Mapping[str, object], words: Text, language: str) -> list[Rendered]:
        """What ends a poll that was sent, with a word; nothing if that unit is none."""
        ...
