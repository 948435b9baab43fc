"""The letters of a text: one plain form in which patterns are matched, place for place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SAME = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "\t": " ",
}


def tidy(text: str) -> str:
    """Text with composed accents, one kind of line end and one hyphen, as every reader here expects
    it. Word processors put hyphens that do not break into double first names.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", re.sub("[\u2010\u2011]", "-", lines))


def level(text: str) -> str:
    """Small letters without accents, plain spaces, hyphens and apostrophes.

    The result is exactly as long as the text: a match in it is a place in the original.
    """
    return "".join(map(_level, text))


@lru_cache(maxsize=4096)
def _level(letter: str) -> str:
    if letter == "\n":
        return letter
    if letter in _SAME:
        return _SAME[letter]
    if unicodedata.category(letter) == "Zs":
        return " "
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return base if len(base) == 1 else letter
