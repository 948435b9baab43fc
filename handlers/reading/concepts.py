"""What the words of a clause are about, whatever their order and in four languages.

A *concept* is a group of words that say the same for our purposes. Cues with wordings
(``cues_*.py``) know how a thing is usually said; concepts know it however it is said: « Romain à ma
place, mettez » and « mettez Romain à ma place » are the same concepts. ``gists.py`` tells which
concepts together make an intent.
"""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import dedent

from handlers.reading.concept_acts import ACTS
from handlers.reading.concept_things import THINGS


def _pattern(alternatives: str) -> re.Pattern[str]:
    lines = re.sub(r"\n +", "", dedent(alternatives.rstrip()).strip()).replace("\n", "|")
    return re.compile(rf"(?<![\w-])(?:{lines.replace(' ', chr(92) + 's+')})(?!\w)")


_PATTERNS = {name: _pattern(words) for name, words in (THINGS | ACTS).items()}


@lru_cache(maxsize=1024)
def concepts(plain: str) -> frozenset[str]:
    """The concepts that levelled words speak of."""
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(plain))


def names() -> frozenset[str]:
    """The names of all concepts."""
    return frozenset(_PATTERNS)
