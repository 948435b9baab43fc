"""The neutral vocabulary of questions: what came in, whichever way it came."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from config.folding import fold
from handlers.paper import Paper


class Kind(StrEnum):
    """What sort of thing came in."""

    MESSAGE = "message"
    REACTION = "reaction"
    VOTE = "vote"
    """Options were chosen in a poll of ours: ``text`` holds their words, one a line."""
    EDIT = "edit"
    """An earlier message of the same sender, which ``revises`` names, now says this."""
    WITHDRAWAL = "withdrawal"
    """The earlier message which ``revises`` names was taken back, by its author or by whoever may
    where it was written."""
    INVITATION = "invitation"
    """The platform is asked to join a conversation."""
    ARRIVAL = "arrival"
    """Somebody entered a conversation of several, such as one of the platform's places."""
    DEPARTURE = "departure"
    """Somebody left such a conversation, or was put out of it."""
    ROLL = "roll"
    """Who is in one of the platform's places, and who was: see ``roll``."""
    COPY = "copy"
    """A message of our own came back, and proves that it went out; ``tag`` is its key, if known."""
    UNREADABLE = "unreadable"
    """It could not be read; ``text`` is empty and the original stays where it came from."""
    SEALED = "sealed"
    """It is encrypted with a key that is not there; it comes again, readable, if the key comes."""
    BOUNCE = "bounce"
    """A message of ours did not arrive, or not yet: see ``failure``. A machine says so."""


MOVES = frozenset({Kind.ARRIVAL, Kind.DEPARTURE, Kind.ROLL})
"""What tells who is where, and asks for no answer."""


class Severity(StrEnum):
    """How bad it is that a message did not arrive."""

    HARD = "hard"
    """Nothing will arrive at this address."""
    SOFT = "soft"
    """This message did not arrive, another one may: a full mailbox, a rule of the receiver."""
    DELAY = "delay"
    """It may still arrive."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is reported of a message of ours: to whom, how bad, and a status without words."""

    recipient: str
    severity: Severity
    code: str = ""


class Place(StrEnum):
    """A room that the platform keeps; anything else is a conversation with its members."""

    MEMBERS = "members"
    ADMINS = "admins"
    CENTRAL = "central"
    """The room of a purchasing central: there is one for each (see :func:`central_place`)."""
    SPACE = "space"
    """What holds the others together; nothing is said in it."""


def central_place(slug: str) -> str:
    """The name of the place of one central."""
    return f"{Place.CENTRAL}:{slug}"


def place_named(name: str) -> Place | None:
    """Which kind of place a name means; None if it names none."""
    kind = name.partition(":")[0]
    return Place(kind) if kind in set(Place) else None


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that came with a message, inert: its own name is only ever shown. ``paper`` is what
    stands in it, if it is a document that may be read. ``damaged`` if it did not come whole.
    """

    name: str
    media_type: str
    content: bytes
    paper: Paper | None = None
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that came in through a channel, in neutral words.

    ``external_id`` names it for ever in its channel: the same id is never handled twice.
    ``conversation`` is where an answer goes. ``sender`` is an address that the channel vouches
    for when ``authenticated``; ``disowned`` says that the channel found it to be somebody else's.
    ``direct`` is true where everything said is meant for the platform;
    elsewhere only what is ``addressed`` to it is. ``interactive`` where people answer at once, so
    that one thing can be asked at a time. ``text`` is what was written now, ``quoted`` what
    was cut as quotation. ``answers`` are the ids of the messages it answers, the nearest first;
    ``tag`` the reply token it was sent to. ``automatic`` mail is never answered; ``mailing``
    counts what its form shows of a mailing to many. ``failure`` is
    what a BOUNCE reports; ``answers`` then names the message of ours, if it says which.
    ``roll`` holds pairs of an address and how it stands in the place ("join", "invite", "leave").
    ``revises`` is the earlier message that an EDIT changes or a WITHDRAWAL takes back.
    """

    channel: str
    external_id: str
    conversation: str
    sender: str
    sent_at: datetime
    text: str = ""
    kind: Kind = Kind.MESSAGE
    subject: str = ""
    quoted: str = ""
    display_name: str = ""
    place: Place | None = None
    direct: bool = True
    addressed: bool = True
    interactive: bool = False
    authenticated: bool = True
    disowned: bool = False
    automatic: bool = False
    mailing: int = 0
    answers: tuple[str, ...] = ()
    thread: str | None = None
    revises: str = ""
    tag: str | None = None
    failure: Failure | None = None
    roll: tuple[tuple[str, str], ...] = ()
    files: tuple[IncomingFile, ...] = field(default=(), repr=False)

    def as_record(self) -> dict[str, Any]:
        """As plain JSON without the files, for the inbox."""
        record = asdict(self)
        record["files"] = []
        record["sent_at"] = self.sent_at.astimezone(UTC).isoformat()
        return record

    @classmethod
    def from_record(cls, record: dict[str, Any], files: tuple[IncomingFile, ...] = ()) -> Incoming:
        """Back from the inbox, with its files."""
        place, failure = record["place"], record.get("failure")
        return cls(
            **record
            | {
                "kind": Kind(record["kind"]),
                "place": Place(place) if place else None,
                "sent_at": datetime.fromisoformat(record["sent_at"]),
                "answers": tuple(record["answers"]),
                "roll": (),
                "failure": Failure(**failure | {"severity": Severity(failure["severity"])})
                if failure
                else None,
                "files": files,
            }
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """What a conversation is about: a kind of thing and its number, written ``kind:id``."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Topic:
        """From ``kind:id``; ValueError if it is not of that form."""
        kind, _, number = text.partition(":")
        return cls(kind, int(number))


YES = frozenset(
    {"allez y", "oui allez y", "vas y", "c est bon", "c est parfait", "envoyez", "envoyer"}
    | {"oui", "ok", "confirmer", "confirme", "je confirme", "nous confirmons", "d accord"}
    | {"yes", "confirm", "i confirm", "ja", "bevestigen", "ik bevestig", "wij bevestigen"}
    | {"bestatigen", "ich bestatige", "wir bestatigen", "✅"}
)
NO = frozenset(
    {"non", "annuler", "annule", "no", "cancel", "nee", "neen", "annuleren", "nein", "abbrechen"}
    | {"❌"}
)
DENIALS = frozenset(
    {"ce n est pas moi", "c est pas moi", "pas moi", "ce n etait pas moi", "ca n est pas moi"}
    | {"ce n est pas de moi", "je n ai rien ecrit", "je n ai rien envoye", "je n ai rien demande"}
    | {"je n ai pas ecrit", "je n ai pas envoye", "je n ai jamais ecrit", "je n ai jamais envoye"}
    | {"it s not me", "it is not me", "not me", "it was not me", "it wasn t me", "that s not me"}
    | {"that was not me", "that wasn t me", "i did not write", "i didn t write", "i did not send"}
    | {"i didn t send", "dat ben ik niet", "ik ben het niet", "dat was ik niet", "ik was het niet"}
    | {"niet van mij", "ik heb dit niet", "ik heb dat niet", "ik heb niets", "das bin ich nicht"}
    | {"ich bin es nicht", "das war ich nicht", "ich war das nicht", "ich war es nicht"}
    | {"nicht von mir", "ich habe das nicht", "ich habe dies nicht", "ich habe nichts"}
)
"""What says that a message is somebody else's."""
ASSENTS = frozenset(
    {"c est moi", "c est bien moi", "c etait moi", "c est bien de moi", "it s me", "it is me"}
    | {"it was me", "that was me", "dat ben ik", "ik ben het", "dat was ik", "ik was het"}
    | {"das bin ich", "ich bin es", "das war ich", "ich war es"}
)
"""What says that a message is one's own."""
_POLITE = frozenset(
    """
    bonjour bonsoir merci beaucoup bien a vous cordialement madame monsieur svp s il te vous plait
    hello dag goedendag guten tag thanks thank you dank u danke please
    """.split()  # noqa: SIM905 - a list of words reads best as words
)


_DRAWN_OUT = re.compile(r"^o+u+i+\b")


def is_polite(text: str) -> bool:
    """Whether words say nothing but a greeting or thanks."""
    return all(word in _POLITE for word in fold(text).split())


def consent(text: str) -> bool | None:
    """Whether a short answer says yes or no; None when it says neither.

    Only the first line that is more than a greeting counts, and only if it says nothing else:
    « oui, merci » is a yes, « oui mais… » is not.
    """
    for line in text.splitlines():
        words = [word for word in (fold(line) or line.strip()).split() if word not in _POLITE]
        if words:
            said = _DRAWN_OUT.sub("oui", " ".join(words))
            return True if _only(YES, said) else False if _only(NO, said) else None
    return None


def authorship(text: str) -> bool | None:
    """Whether somebody says that a message is theirs; None when they say neither clearly.

    What denies it anywhere, or begins with a no, is a no: doing nothing can be mended.
    """
    said = consent(text)
    folded = f" {fold(text)} "
    if said is not None:
        return said
    if any(f" {words} " in folded for words in DENIALS) or _begins_with_no(text):
        return False
    line = next((fold(line) for line in text.splitlines() if fold(line)), "")
    rest = " ".join(word for word in line.split() if word not in _POLITE)
    return True if _only(YES | ASSENTS, rest) else None


def _begins_with_no(text: str) -> bool:
    words = [word for word in fold(text).split() if word not in _POLITE]
    return bool(words) and words[0] in NO


def _only(phrases: frozenset[str], said: str) -> bool:
    """Whether a line is one of the phrases, or several of them: « oui, je confirme »."""
    rest = said
    while rest not in phrases:
        start = max((p for p in phrases if rest.startswith(f"{p} ")), key=len, default=None)
        if start is None:
            return False
        rest = rest[len(start) + 1 :]
    return True
