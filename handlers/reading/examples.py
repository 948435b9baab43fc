"""What a letter resembles: known letters of every intent, and how near an unknown one is to them.

Clerks find ever new words for the few things that they want. Cues and gists know how things are
said; where they know nothing, the whole letter is compared with all the letters of
``examples/*.txt``: its words, pairs of words and parts of words, each counted by how rare it is,
against the middle of each intent (Rocchio's classifier, tf-idf weighted). To teach it, add a line.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from handlers.reading.cue import Intent
from handlers.reading.letters import level

_ADDRESS = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d[\d./:h ]*")
_WORD = re.compile(r"[a-z]+|_[a-z]+_")
_PART = 4
"""Letters of a part of a word: enough to know a misspelt or an inflected one again."""
_LONGEST = 3000
"""Letters of a message that are compared: who goes on longer has said what they want."""


def features(text: str) -> set[str]:
    """The words, pairs and parts by which texts are compared; numbers and addresses are alike."""
    plain = _NUMBER.sub(" _n_ ", _ADDRESS.sub(" _a_ ", level(text[:_LONGEST])))
    words = _WORD.findall(plain)
    found = {f"w {word}" for word in words}
    found.update(f"p {one} {other}" for one, other in pairwise(words))
    for word in words:
        framed = f"^{word}$"
        found.update(framed[at : at + _PART] for at in range(len(framed) - _PART + 1))
    return found


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a text is to each intent, as a share of the nearest one."""

    intent: Intent
    """The nearest one."""
    lead: float
    """How far the next one is behind it."""
    nearness: Mapping[Intent, float]


class Examples:
    """The middles of the intents of some labelled texts."""

    def __init__(self, labelled: Iterable[tuple[Intent, str]]) -> None:
        known = [(intent, features(text)) for intent, text in labelled]
        counts = Counter(name for _intent, found in known for name in found)
        self._rarity = {
            name: math.log(1 + len(known) / count) for name, count in counts.items() if count > 1
        }
        self._middles: dict[str, dict[Intent, float]] = defaultdict(dict)
        for intent, found in known:
            for name, share in self._shares(found):
                row = self._middles[name]
                row[intent] = row.get(intent, 0.0) + share
        squares: dict[Intent, float] = defaultdict(float)
        for row in self._middles.values():
            for intent, value in row.items():
                squares[intent] += value * value
        self._lengths = {intent: math.sqrt(square) for intent, square in squares.items()}

    def _shares(self, found: set[str]) -> Iterator[tuple[str, float]]:
        """The parts of a text that are known, as shares of its length."""
        known = [(name, self._rarity[name]) for name in found if name in self._rarity]
        length = math.sqrt(sum(weight * weight for _name, weight in known)) or 1.0
        return ((name, weight / length) for name, weight in known)

    def scores(self, text: str) -> dict[Intent, float]:
        """How near a text is to the middle of each intent, from 0 to 1."""
        sums: dict[Intent, float] = dict.fromkeys(self._lengths, 0.0)
        for name, share in self._shares(features(text)):
            for intent, value in self._middles[name].items():
                sums[intent] += share * value
        return {intent: value / self._lengths[intent] for intent, value in sums.items()}

    def likeness(self, text: str) -> Likeness:
        """The nearest intent, its lead over the next one, and how near all of them are."""
        ranked = sorted(self.scores(text).items(), key=lambda pair: -pair[1])
        (best, first), (_other, second) = ranked[:2]
        if not first:
            return Likeness(best, 0.0, {})
        near = {intent: score / first for intent, score in ranked}
        return Likeness(best, 1 - second / first, near)


def read_examples(text: str) -> Iterator[tuple[Intent, str]]:
    """The letters of a file: « intent | subject | text » a line, « ⏎ » for a line break."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            intent, subject, body = line.split(" | ", 2)
            yield Intent(intent), f"{subject}\n{body}".replace("⏎", "\n")


@cache
def known_letters() -> Examples:
    """The letters that come with the program, read once."""
    return Examples(pair for text in _texts() for pair in read_examples(text))


@cache
def known_words() -> frozenset[str]:
    """The words that letters use, as `config.folding.fold` has them: these are no mistypings."""
    return frozenset(word for text in _texts() for word in _WORD.findall(level(text)))


def _texts() -> list[str]:
    folder = files("handlers.reading") / "known"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".txt")]
    return [entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda one: one.name)]
