"""What a witness says who saw everything: nothing lost, nothing doubled, nothing out of order.

Pure functions over what was collected from the homeserver, the mailboxes and the books (the
database). A message and a mail are the same here: a sighting of words in a place.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from sandbox.clients import RoomEvent, text_of

KEY = "be.supracom.key"
LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"
_SPOKEN = frozenset({"m.room.message", "m.reaction"})
_REFERENCE = re.compile(r"(?P<series>.+-\d{4})-(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be: of what kind, what it is about, and where."""

    kind: str
    what: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}" + (f" in {self.place}" if self.place else "")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One message or mail as it stands in a room or a mailbox.

    ``place`` is the room's id or the mailbox's address, ``id`` the event id or Message-ID. ``key``
    is what the platform may use once only. ``answers`` and ``thread`` are ids of other sightings.
    """

    place: str
    id: str
    text: str
    ours: bool
    key: str = ""
    answers: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a person wrote, and how many answers it must have.

    ``id`` is what an answer names: of a reaction, which nobody can read by itself, the message that
    it was put to.
    """

    id: str
    place: str
    text: str
    answers: int = 1


@dataclass(frozen=True, slots=True)
class Expected:
    """Words of the platform that must stand in a place so many times, in a thread if it is named.

    Leave ``thread`` None where it does not matter.
    """

    what: str
    place: str
    words: tuple[str, ...]
    times: int = 1
    thread: str | None = None

    def fits(self, seen: Sighting) -> bool:
        """Whether a sighting is of these words."""
        at_home = self.place == seen.place and self.thread in {None, seen.thread}
        return seen.ours and at_home and all(word in seen.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says: keys of rows, ids under which they went out, references."""

    audit_break: int | None
    waiting: Sequence[str]
    dead: Sequence[str]
    shelved: Sequence[str]
    sent: Sequence[str]
    orders: Sequence[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was collected, and what people did and were promised.

    ``orders`` are the references that people were told, in the order in which they were told;
    ``figures`` is the platform's last answer about its figures.
    """

    seen: Sequence[Sighting]
    asked: Sequence[Asked]
    expected: Sequence[Expected]
    orders: Sequence[str]
    figures: str
    rooms: frozenset[str]
    known_rooms: frozenset[str]
    books: Books


# -- taking down ------------------------------------------------------------------------------


def of_event(event: RoomEvent, bot: str) -> Sighting:
    """A message of a room."""
    return Sighting(
        place=event.room_id,
        id=event.event_id,
        # A change repeats what stands there already.
        text="" if _is_change(event) else _line(event.body),
        ours=event.sender == bot,
        key=str(event.content.get(KEY, "")),
        answers=event.reply_to,
        thread=event.thread,
    )


def _is_change(event: RoomEvent) -> bool:
    related = event.content.get("m.relates_to")
    return isinstance(related, dict) and related.get("rel_type") == "m.replace"


def of_mail(mailbox: str, mail: EmailMessage, platform: str) -> Sighting:
    """A mail of a mailbox: subject, text, and the names of its files."""
    files = (part.get_filename() or "" for part in mail.iter_attachments())
    return Sighting(
        place=mailbox,
        id=str(mail["Message-ID"]),
        text=_line(f"{mail['Subject']} {text_of(mail)} {' '.join(files)}"),
        ours=platform in str(mail["From"]),
        key=str(mail["Message-ID"]),
        answers=_only(mail["In-Reply-To"]),
    )


def asked_in_rooms(
    events: Iterable[RoomEvent], bot: str, alone: frozenset[str], prefix: str = "!"
) -> list[Asked]:
    """What people wrote, in order: who is ``alone`` with the platform, or names it, is answered."""
    return [
        Asked(
            event.annotates or event.event_id,
            event.room_id,
            event.body,
            answers=int(event.room_id in alone or event.body.startswith(prefix)),
        )
        for event in events
        if event.type in _SPOKEN and event.sender != bot
    ]


def asked_by_mail(mails: Iterable[EmailMessage]) -> list[Asked]:
    """What people wrote to the platform by mail."""
    return [Asked(str(mail["Message-ID"]), str(mail["From"]), said_by(mail)) for mail in mails]


def said_by(mail: EmailMessage) -> str:
    """A mail in a few words, for a finding."""
    return _line(f"{mail['Subject']}: {text_of(mail)}")[:80]


def _line(text: str) -> str:
    return " ".join(text.split())


def _only(header: object) -> str | None:
    return str(header).strip() if header else None


# -- judging ----------------------------------------------------------------------------------


def findings(evidence: Evidence) -> list[Finding]:
    """All that is not as it must be; nothing, if nothing was lost or doubled."""
    ours = [seen for seen in evidence.seen if seen.ours]
    return [
        *keys(ours),
        *answers(evidence.asked, ours),
        *order_of_answers(evidence.asked, ours),
        *promises(evidence.expected, ours),
        *numbers(evidence.orders),
        *figures(evidence.figures, len(evidence.orders)),
        *rooms(evidence.rooms, evidence.known_rooms),
        *accounts(evidence.books, ours, evidence.orders),
    ]


def keys(ours: Sequence[Sighting]) -> Iterator[Finding]:
    """Every message bears a key of its own."""
    by_key: dict[str, list[Sighting]] = defaultdict(list)
    for seen in ours:
        by_key[seen.key].append(seen)
    for key, sightings in by_key.items():
        places = ", ".join(sorted({seen.place for seen in sightings}))
        if not key:
            yield Finding(WRONG, f"{len(sightings)} messages without a key", places)
        elif len(sightings) > 1:
            yield Finding(DOUBLED, f"key {key}, {len(sightings)} times", places)


def answers(asked: Sequence[Asked], ours: Sequence[Sighting]) -> Iterator[Finding]:
    """Every command and every mail has its answer, once."""
    found = Counter(seen.answers for seen in ours if seen.answers)
    for one in asked:
        yield from _counted(
            f"the answer to {one.id} « {one.text[:60]} »", one.place, one.answers, found[one.id]
        )


def order_of_answers(asked: Sequence[Asked], ours: Sequence[Sighting]) -> Iterator[Finding]:
    """Within a room, answers stand in the order of what was asked."""
    number = {one.id: index for index, one in enumerate(asked)}
    room = {one.id: one.place for one in asked}
    last: dict[str, int] = {}
    for seen in ours:
        if seen.answers is None or room.get(seen.answers) != seen.place:
            continue
        if number[seen.answers] < last.get(seen.place, -1):
            yield Finding(WRONG, f"the answer {seen.id} stands behind a later one", seen.place)
        last[seen.place] = number[seen.answers]


def promises(expected: Sequence[Expected], ours: Sequence[Sighting]) -> Iterator[Finding]:
    """What must stand somewhere stands there, exactly so many times."""
    at: dict[str, list[Sighting]] = defaultdict(list)
    for seen in ours:
        at[seen.place].append(seen)
    for promise in expected:
        found = sum(map(promise.fits, at[promise.place]))
        yield from _counted(promise.what, promise.place, promise.times, found)


def numbers(references: Sequence[str]) -> Iterator[Finding]:
    """The references of each series run from 1 on, without gap or double."""
    series: dict[str, list[int]] = defaultdict(list)
    for reference in references:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            yield Finding(WRONG, f"no reference: {reference}")
        else:
            series[match["series"]].append(int(match["number"]))
    for name, used in series.items():
        for number in range(1, max(used) + 1):
            yield from _counted(f"number {number} of {name}", "", 1, used.count(number))


def figures(told: str, orders: int) -> Iterator[Finding]:
    """The platform's figures agree with what was ordered."""
    match = re.search(r"Commandes notifiées : ([\d.]+)", told)
    if match is None:
        yield Finding(LOST, f"the number of orders in the figures « {told[:60]} »")
    elif int(match[1].replace(".", "")) != orders:
        yield Finding(WRONG, f"the figures say {match[1]} orders, people were told of {orders}")


def rooms(found: frozenset[str], known: frozenset[str]) -> Iterator[Finding]:
    """The platform is in the rooms that people know, and made no other."""
    for room in found - known:
        yield Finding(DOUBLED, "a room that nobody knows", room)
    for room in known - found:
        yield Finding(LOST, "the platform is not there", room)


def accounts(books: Books, ours: Sequence[Sighting], told: Sequence[str]) -> Iterator[Finding]:
    """The books are closed, and say what the rooms and the mailboxes say."""
    if books.audit_break is not None:
        yield Finding(WRONG, f"the audit chain breaks at entry {books.audit_break}")
    for name, rows in (
        ("row still waiting in the outbox", books.waiting),
        ("dead letter", books.dead),
        ("message on the shelf", books.shelved),
    ):
        for row in rows:
            yield Finding(WRONG, f"{name}: {row}")
    places = {seen.id: seen.place for seen in ours}
    found = Counter(seen.id for seen in ours)
    yield from _same("message noted as sent", Counter(books.sent), found, places)
    yield from _same("order in the books", Counter(books.orders), Counter(told), {})


def _same(
    what: str, noted: Counter[str], found: Counter[str], places: Mapping[str, str]
) -> Iterator[Finding]:
    for one in noted - found:
        yield Finding(LOST, f"{what}, and found nowhere: {one}")
    for one in found - noted:
        yield Finding(DOUBLED, f"not a {what}: {one}", places.get(one, ""))


def _counted(what: str, place: str, wanted: int, found: int) -> Iterator[Finding]:
    if found < wanted:
        yield Finding(LOST, f"{what} ({found} of {wanted})", place)
    elif found > wanted:
        yield Finding(DOUBLED, f"{what} ({found} instead of {wanted})", place)
