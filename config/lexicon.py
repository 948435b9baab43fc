"""The names of a territory's authorities and the words around them, folded and indexed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from rapidfuzz.distance import OSA

from config.authorities import Authority, AuthorityType
from config.folding import fold

Alone = Literal["yes", "capital", "never"]
Phrase = tuple[str, ...]
Value = TypeVar("Value")

# How certain an authority is, see `config.authorities.Match`.
CERTAIN, UNTYPED, LIKELY, AS_WELL = 1.0, 0.9, 0.7, 0.6
_ONE_ERROR = 0.1
# Up to this length, a name with another first letter is taken for another name.
_SHORT = 6


class Body(StrEnum):
    """A body that is not the authority whose name it bears (words.toml)."""

    ALWAYS = "always"
    WITH_PLACE = "with_place"
    SITE = "sites"


def phrase(text: str) -> Phrase:
    """The folded words of a name or expression."""
    return tuple(fold(text).split())


class Phrases(Generic[Value]):
    """Expressions of one or more words, found at a place in a text, the longest first."""

    def __init__(self, items: Iterable[tuple[Phrase, Value]] = ()) -> None:
        self._values: dict[Phrase, Value] = {}
        self._lengths: dict[str, list[int]] = {}
        for words, value in items:
            self.add(words, value)

    def add(self, words: Phrase, value: Value) -> None:
        """Index `words`, which are not empty; a second value replaces the first."""
        self._values[words] = value
        lengths = self._lengths.setdefault(words[0], [])
        if len(words) not in lengths:
            lengths.append(len(words))
            lengths.sort(reverse=True)

    def get(self, words: Sequence[str]) -> Value | None:
        """What exactly these words stand for."""
        return self._values.get(tuple(words))

    def at(self, words: Sequence[str], start: int) -> Iterator[tuple[int, Value]]:
        """What stands at `start`, as (end, value), the longest first."""
        if start >= len(words):
            return
        for length in self._lengths.get(words[start], ()):
            end = start + length
            value = self._values.get(tuple(words[start:end]))
            if value is not None and end <= len(words):
                yield end, value

    def items(self) -> Iterable[tuple[Phrase, Value]]:
        """Every expression with its value."""
        return self._values.items()


@dataclass(frozen=True)
class Vocabulary:
    """The words around names (words.toml): type words by what they mean, and small words."""

    types: Phrases[AuthorityType]
    streets: Phrases[bool]
    beside_a_name: frozenset[Phrase]
    links: frozenset[str]
    determiners: frozenset[str]
    titles: frozenset[str]
    no_street_after: frozenset[str]
    conjunctions: frozenset[str]
    bodies: Phrases[Body]
    legal_forms: frozenset[str]

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Vocabulary:
        """The vocabulary in the content of words.toml."""
        words = table["words"]
        folded = {key: frozenset(fold(word) for word in entry) for key, entry in words.items()}
        return cls(
            types=Phrases(
                (phrase(text), AuthorityType(kind))
                for kind, texts in table["types"].items()
                for text in texts
            ),
            streets=Phrases((phrase(text), True) for text in words["streets"]),
            beside_a_name=frozenset(phrase(text) for text in words["beside_a_name"]),
            links=folded["links"],
            determiners=folded["determiners"],
            titles=folded["titles"],
            no_street_after=folded["no_street_after"],
            conjunctions=folded["conjunctions"],
            bodies=Phrases(
                (words, body)
                for body in (Body.SITE, Body.WITH_PLACE, Body.ALWAYS)
                for text in table["bodies"][body]
                for words in _with_plural(phrase(text))
            ),
            legal_forms=frozenset(fold(form) for form in table["bodies"]["forms"]),
        )


def _with_plural(words: Phrase) -> Iterator[Phrase]:
    """A body in the singular and in the plural ("écoles communales")."""
    yield words
    following = [f"{word}s" if word.endswith(("ale", "que", "aire")) else word for word in words]
    yield (f"{words[0]}s", *following[1:])


@dataclass
class Name:
    """What a name stands for: its authorities, and the larger ones competent for that place.

    A name without either is one from elsewhere, known so that it is not mistaken.
    """

    own: list[Authority] = field(default_factory=list)
    competent: list[Authority] = field(default_factory=list)
    alone: Alone = "never"

    @property
    def elsewhere(self) -> bool:
        """Whether the name is that of a place outside the territory."""
        return not self.own

    @property
    def nis(self) -> str | None:
        """The commune the name stands for, if it is a place."""
        communes = (one.code for one in self.own if one.type is AuthorityType.COMMUNE)
        return next(communes, None)

    def authorities(self, kind: AuthorityType | None) -> list[tuple[Authority, float]]:
        """The authorities meant, with a type word for `kind` or without one, the best first."""
        if kind is None:
            return self._untyped()
        own = [(authority, CERTAIN) for authority in self.own if authority.type is kind]
        wider = [(authority, LIKELY) for authority in self.competent if authority.type is kind]
        return own or wider

    def _untyped(self) -> list[tuple[Authority, float]]:
        best = LIKELY if self.alone == "never" else UNTYPED
        if len(self.own) == 1:
            return [(self.own[0], best)]
        return [
            (one, best if one.type is AuthorityType.COMMUNE else AS_WELL)
            for one in sorted(self.own, key=_by_type)
        ]


def _by_type(authority: Authority) -> int:
    return list(AuthorityType).index(authority.type)


class Lexicon:
    """Names by their folded words, exact and misspelt."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.names: Phrases[Name] = Phrases()
        self._joined: dict[str, Name] = {}
        self._own: dict[str, Name] = {}  # of those, the ones of the territory
        self._authorities: dict[AuthorityType, list[Authority]] = {}

    def of_type(self, kind: AuthorityType) -> Sequence[Authority]:
        """The authorities of one kind that have a name here."""
        return self._authorities.get(kind, [])

    def add(
        self,
        words: Phrase,
        own: Sequence[Authority] = (),
        competent: Sequence[Authority] = (),
        alone: Alone = "never",
    ) -> None:
        """Let `words` stand for these authorities too; `alone` replaces what was said before."""
        name = self.names.get(words)
        if name is None:
            name = Name()
            self.names.add(words, name)
            self._joined.setdefault("".join(words), name)
        if own:
            self._own["".join(words)] = name
        name.own += [authority for authority in own if authority not in name.own]
        for authority in own:
            of_type = self._authorities.setdefault(authority.type, [])
            if authority not in of_type:
                of_type.append(authority)
        name.competent += [one for one in competent if one not in name.competent]
        name.alone = alone

    def add_elsewhere(self, words: Phrase) -> None:
        """Let `words` be the name of a place outside the territory, unless it is one inside."""
        if self.names.get(words) is None:
            self.add(words)

    def exact(self, words: Sequence[str]) -> Name | None:
        """The name that these words are, however they are parted ("Libramontchevigny")."""
        known = self.names.get(words)
        if known or self._elided(words):
            return known
        return self._joined.get("".join(words))

    def misspelt(
        self, words: Sequence[str], kind: AuthorityType | None
    ) -> list[tuple[Authority, float]]:
        """The authorities whose name these words nearly are, the best first.

        How many errors are allowed depends on the length of the name, and is less without a type
        word. The name of a place elsewhere is never taken for a misspelt one.
        """
        typed = "".join(words)
        if self.exact(words) or self._elided(words):
            return []
        nearest, distance = self._nearest(typed, kind)
        found = {
            authority: score - distance * _ONE_ERROR
            for name in nearest
            for authority, score in name.authorities(kind)
        }
        return list(found.items())

    def _elided(self, words: Sequence[str]) -> bool:
        """Whether the first word is an elision, which belongs to no name ("l'église")."""
        return bool(words) and len(words[0]) == 1 and words[0] in self.vocabulary.links

    def _nearest(self, typed: str, kind: AuthorityType | None) -> tuple[list[Name], int]:
        nearest: list[Name] = []
        least = _allowed_errors(typed, kind)
        for known, name in self._own.items():
            limit = min(least, _allowed_errors(known, kind))
            if not limit or not name.authorities(kind) or not _same_start(typed, known):
                continue
            distance = OSA.distance(typed, known, score_cutoff=limit)
            if distance < least and distance <= limit:
                nearest, least = [], distance
            if distance <= limit:
                nearest.append(name)
        return nearest, least


def _allowed_errors(name: str, kind: AuthorityType | None) -> int:
    """Letters that may be wrong: none in a short name, where each makes another word."""
    one, two = (5, 9) if kind else (6, 10)
    return (len(name) >= one) + (len(name) >= two)


def _same_start(typed: str, known: str) -> bool:
    return typed[:1] == known[0] or len(known) > _SHORT
