"""What a mistyped command was meant to be: a name that is like it, or one but for a letter.

A few words that are no command may be *like* one (`nearest`). Within more words, or where they
would be said to others or passed on to a person, only a *slip* counts: one letter left out, put in,
wrong, or two the wrong way round (optimal string alignment, distance 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from config.folding import fold

LONGEST_NAME = 80
"""More letters than any command's name has, mistypings included."""

NEAREST = 70
"""From which likeness (0 to 100) a mistyped command is taken for a known one."""
NEAREST_FOREIGN = 80
"""The same for a name in another language than the reader's."""
NEAREST_FIRST_WORD = 50
"""The same for the first word of a name of several."""
CERTAIN = 85
"""From which likeness a name is meant although one that somebody may not use is nearer."""
SHORT = 4
"""Up to how many letters a name has to begin as it was typed; shorter ones have no slip."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a command: as it is written, how it is compared, whether it stands alone."""

    spelled: str
    folded: str
    languages: frozenset[str]
    alone: bool

    @property
    def size(self) -> int:
        """How many words it has as people type it: « l'accord » is one."""
        return len(self.spelled.split())


@dataclass(frozen=True, slots=True)
class Slip:
    """A text that begins with a name but for one letter."""

    said: str
    """The words that were meant for the name."""
    name: Name
    rest: str

    @property
    def corrected(self) -> str:
        """The text as it was meant."""
        return corrected(self.name, self.rest)

    @property
    def is_inflection(self) -> bool:
        """Whether only the end differs: « commandez » may be a word of a sentence."""
        said, name = fold(self.said), self.name.folded
        return said.startswith(name[:-1]) or name.startswith(said[:-1])


def corrected(name: Name, rest: str) -> str:
    """A name in place of what was typed for it; with words behind it, it may not be alone."""
    return name.spelled if name.alone else f"{name.spelled} {rest}".strip()


def nearest(
    text: str, names: Iterable[Name], language: str, may: Callable[[Name], bool]
) -> str | None:
    """The text with its first words corrected to the nearest name that somebody may use; a name in
    the reader's language comes before a nearer one in another. None if nothing is near, or if
    something that they may not use is much nearer.
    """
    words = text.split()
    known = sorted(names, key=attrgetter("folded"))
    said = _beginnings(words, known)
    rated = [(_likeness(said, name), name) for name in known]
    found = _best(rated, language, may)
    if found is None or _is_anothers(found, rated, language, may):
        return None
    name = found[1]
    return corrected(name, " ".join(words[name.size :]))


Rated = tuple[float, Name]


def _best(rated: Sequence[Rated], language: str, may: Callable[[Name], bool]) -> Rated | None:
    for own, least in ((True, NEAREST), (False, NEAREST_FOREIGN)):
        near = [one for one in rated if one[0] >= least and (language in one[1].languages) is own]
        best = max((one for one in near if may(one[1])), key=itemgetter(0), default=None)
        if best is not None:
            return best
    return None


def _is_anothers(
    found: Rated, rated: Sequence[Rated], language: str, may: Callable[[Name], bool]
) -> bool:
    """Whether what somebody may not use is so much nearer that it was meant."""
    likeness, name = found
    return any(
        other > likeness and (likeness < CERTAIN or one.size > name.size)
        for other, one in rated
        if language in one.languages and not may(one)
    )


def slip(
    text: str,
    names: Iterable[Name],
    language: str,
    may: Callable[[Name], bool],
    *,
    longer_than: int = 0,
) -> Slip | None:
    """The name of more than so many words that a text begins with but for one letter, the longest
    first, one of the reader's language before others; None if it is one that they may not use.
    """
    words = text.split()
    known = [
        name
        for name in sorted(names, key=attrgetter("folded"))
        if name.size > longer_than and len(name.folded) > SHORT
        if not name.alone or len(words) == name.size
    ]
    said = _beginnings(words, known)
    slipped = [name for name in known if _is_slip(said.get(name.size, ""), name.folded)]
    if not slipped:
        return None
    name = max(
        slipped,
        key=lambda one: (
            one.size,
            may(one),
            language in one.languages,
            fuzz.ratio(said[one.size], one.folded),
        ),
    )
    if not may(name):
        return None
    rest = text.split(maxsplit=name.size)[name.size :]
    return Slip(" ".join(words[: name.size]), name, rest[0] if rest else "")


def _is_slip(said: str, name: str) -> bool:
    same_start = said[:1] == name[:1]
    return same_start and said != name and OSA.distance(said, name, score_cutoff=1) == 1


def _beginnings(words: Sequence[str], names: Iterable[Name]) -> Mapping[int, str]:
    """The first words of a text for comparison, by how many they are."""
    sizes = {name.size for name in names}
    return {
        size: fold(" ".join(words[:size])[:LONGEST_NAME]) for size in sizes if size <= len(words)
    }


def _likeness(beginnings: Mapping[int, str], name: Name) -> float:
    """How much the first words are like a name, from 0 to 100."""
    said, folded = beginnings.get(name.size, ""), name.folded
    # Short words are like many others: « hier » is no « lier ».
    if len(folded) <= SHORT and said[:1] != folded[:1]:
        return 0.0
    # « anunler la commande » is no « qui a commandé »: it is the first word that names an act.
    if fuzz.ratio(said.partition(" ")[0], folded.partition(" ")[0]) < NEAREST_FIRST_WORD:
        return 0.0
    return fuzz.ratio(said, folded)
