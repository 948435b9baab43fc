"""Finding what people name: exactly, in part, by words, or with a wrong letter (acceptance A11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz

from config.folding import fold

T = TypeVar("T")

ALIKE = 82
"""From which likeness (0 to 100) a word with a wrong letter is taken for a known one."""

SHORTEST = 3
"""From how many letters the beginning of a word stands for it."""


def search(
    things: Sequence[T],
    words: str,
    names: Callable[[T], Sequence[str]],
    description: Callable[[T], str],
) -> list[T]:
    """The things that words mean, the exact name before part of it, before words
    of it, before their beginnings, before a likeness."""
    wanted = fold(words)
    if not wanted:
        return []
    known = [(thing, [fold(name) for name in names(thing)]) for thing in things]
    exact = [thing for thing, named in known if wanted in named]
    if exact:
        return exact
    containing = [thing for thing, named in known if any(wanted in name for name in named)]
    if containing:
        return containing
    all_words = set(wanted.split())
    about = [
        thing
        for thing, named in known
        if all_words <= set(f"{' '.join(named)} {fold(description(thing))}".split())
    ]
    if about:
        return about
    shortened = [thing for thing, named in known if any(_shortens(wanted, n) for n in named)]
    return shortened or [thing for thing, named in known if alike(wanted, named)]


def _shortens(wanted: str, name: str) -> bool:
    """Whether folded words begin words of a name, in their order: « app mobile »."""
    rest = iter(name.split())
    return all(
        len(part) >= SHORTEST and any(word.startswith(part) for word in rest)
        for part in wanted.split()
    )


def alike(wanted: str, names: Sequence[str]) -> bool:
    """Whether folded words are one of the folded names but for a letter or a space."""
    # Without its spaces, « better street » is « betterstreet ».
    closed = [name.replace(" ", "") for name in names]
    wanted = wanted.replace(" ", "")
    return any(fuzz.ratio(wanted, name) >= ALIKE for name in closed)
