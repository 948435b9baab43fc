"""What a member offers to a campaign: « nous envoyons 3 ouvriers à Rochefort »; pure.

Nothing is guessed: what may mean two numbers, or no place for certain, is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from config.folding import fold
from config.folding import words as folded_words
from handlers.finding import alike
from handlers.reading.letters import level
from handlers.reading.number_words import COUNTS
from handlers.reading.offer_words import (
    DATE,
    DENIED,
    GIVES,
    INSTEAD,
    MORE,
    MOVED,
    NUMBER,
    ONLY,
    TAKEN_BACK,
    TELLS,
    VAGUE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a campaign needs at a place, as it may be named; ``id`` is the need's."""

    id: int
    place: str
    thing: str


class Lacking(StrEnum):
    """What has to be asked."""

    COUNT = "count"
    PLACE = "place"
    THING = "thing"
    """The place is clear, but several things are wanted there."""


class Act(StrEnum):
    """What is done to what was offered before."""

    GIVE = "give"
    """It takes the place of what the institution offered there before."""
    ADD = "add"
    MOVE = "move"
    """It takes the place of what was offered elsewhere."""
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood: counts by the id of the need, or what has to be asked about it.

    ``places`` and ``count`` are what is known already where something lacks. ``offers`` if words
    give, so that they may be meant although nothing asked for them.
    """

    act: Act
    given: tuple[tuple[int, int], ...] = ()
    lacking: Lacking | None = None
    places: tuple[int, ...] = ()
    count: int | None = None
    offers: bool = False
    placed: bool = False
    """Whether a place is named."""


def read_offer(text: str, places: Sequence[Place]) -> Read | None:
    """What words say to a campaign; None if they offer nothing and take nothing back."""
    plain = level(text)
    only = ONLY.search(plain) is not None
    taken = TAKEN_BACK.search(plain) is not None and not only
    said = _blank(DATE, _blank(INSTEAD, plain))
    named = _named(said, places)
    counts = _counts(said)
    if taken and not counts:
        return Read(Act.WITHDRAW, places=tuple(one.id for _at, one in named))
    if not taken and _is_no_offer(plain, only=only):
        return None
    act = _act(plain)
    if taken:
        # « nous retirons 2 ouvriers » : whether two leave or two stay is not said.
        return Read(act, lacking=Lacking.COUNT, places=_ids(named))
    if not counts and not (VAGUE.search(said) and named):
        return None
    offers = GIVES.search(plain) is not None
    return _paired(act, counts, named, places, said, offers=offers)


def _is_no_offer(plain: str, *, only: bool) -> bool:
    """Whether words ask, deny, or tell how things are."""
    denied = DENIED.search(plain) is not None and not only
    return "?" in plain or denied or bool(TELLS.search(plain) and not GIVES.search(plain))


def _act(plain: str) -> Act:
    if MOVED.search(plain):
        return Act.MOVE
    return Act.ADD if MORE.search(plain) else Act.GIVE


def _ids(named: Sequence[tuple[int, Place]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.id for _at, one in named))


def numbers(text: str) -> list[int]:
    """The numbers that a short answer gives."""
    return [count for _at, count in _counts(_blank(DATE, level(text)))]


def _blank(pattern: re.Pattern[str], plain: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), plain)


def _counts(plain: str) -> list[tuple[int, int]]:
    found = []
    for match in NUMBER.finditer(plain):
        word = match["count"]
        found.append((match.start(), int(word) if word.isdigit() else COUNTS[word]))
    # « une pelle » says how many where nothing else does; « d'un commun accord » does not count.
    digits = [one for one in found if plain[one[0]].isdigit()]
    return digits or found


def _named(said: str, places: Sequence[Place]) -> list[tuple[int, Place]]:
    """Each place that is named, where it stands; of several things there, the one that is said."""
    found: list[tuple[int, Place]] = []
    by_name: dict[str, list[Place]] = {}
    for place in places:
        by_name.setdefault(fold(place.place), []).append(place)
    for name, wanted in by_name.items():
        for at in _spots(said, name, [one for one in by_name if one != name]):
            found += [(at, one) for one in _meant(said, wanted)]
    return sorted(found, key=lambda one: one[0])


def _spots(said: str, name: str, others: Sequence[str]) -> list[int]:
    """Where a place is named: in full, by its first word of some length, or with a wrong letter."""
    words = folded_words(said)
    parts = name.split()
    size = len(parts)
    exact = [
        words[at].start
        for at in range(len(words) - size + 1)
        if [word.text for word in words[at : at + size]] == parts
    ]
    if exact:
        return exact[:1]
    first = next((part for part in parts if len(part) >= 4), "")
    shared = any(first in other.split() for other in others)
    if first and not shared:
        short = [word.start for word in words if word.text == first]
        if short:
            return short[:1]
    return [
        word.start
        for word in words
        if len(word.text) >= 5 and alike(word.text, [name, *([first] if not shared else [])])
    ][:1]


def _meant(said: str, wanted: Sequence[Place]) -> list[Place]:
    """Of the things wanted at one place those that words name; all of them if they name none."""
    named = [one for one in wanted if one.thing and _stem(one.thing) in said]
    return named or list(wanted)


def _stem(thing: str) -> str:
    word = level(thing).split()[0]
    return word.rstrip("sx")[: max(4, len(word) - 2)]


def _paired(
    act: Act,
    counts: Sequence[tuple[int, int]],
    named: Sequence[tuple[int, Place]],
    places: Sequence[Place],
    said: str,
    *,
    offers: bool,
) -> Read:
    spots = list(dict.fromkeys(at for at, _one in named))
    count = counts[0][1] if len(counts) == 1 and not VAGUE.search(said) else None
    ids, clear = _ids(named), len(spots) == len(named) == len(counts)
    if not spots and len(places) == 1:
        ids = (places[0].id,)
        if count is not None:
            return Read(act, given=((ids[0], count),), offers=offers)
    elif clear and (count is not None or len(counts) > 1):
        pairs = zip(counts, named, strict=True)
        given = tuple((one.id, number) for (_at, number), (_spot, one) in pairs)
        return Read(act, given=given, offers=offers, placed=True)
    elif len(spots) != 1:
        return Read(act, lacking=Lacking.PLACE, places=ids, count=count, offers=offers)
    lacking = Lacking.COUNT if count is None else Lacking.THING
    return Read(act, lacking=lacking, places=ids, count=count, offers=offers, placed=bool(spots))
