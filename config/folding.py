"""Comparing what people type: accents, capitals, punctuation and common abbreviations set aside."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A run of letters and digits with their combining accents; or initials with dots (C.P.A.S.).
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?|(?:[^\W_][\u0300-\u036f]*)+",
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "dvt": "devant",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, and where it stands in the text it was read from."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """`text` for comparison: lower case, no accents, words parted by one space.

    Punctuation, hyphens and apostrophes part words; dotted initials become one word; "St" and
    "Ste" become "saint" and "sainte", "dvt" becomes "devant" and "s/" becomes "sur".

    >>> fold("Vaux-s/Sûre,  Ste-Ode & l’É.N.A.")
    'vaux sur sure sainte ode l ena'
    """
    return " ".join(word.text for word in words(text))


def words(text: str) -> list[Word]:
    """The folded words of `text` in order, with their places in it; see `fold`."""
    found = []
    for token in _TOKEN.finditer(text):
        folded = _folded(token[0])
        if folded == "s" and text.startswith("/", token.end()):
            folded = "sur"
        if folded:
            found.append(Word(folded, token.start(), token.end()))
    return found


def _folded(token: str) -> str:
    # Styled letters (𝓐) have a case only once they are plain; a capital may fold to an accent.
    small = unicodedata.normalize("NFKD", token).casefold()
    plain = unicodedata.normalize("NFKD", small).translate(_LIGATURES)
    kept = "".join(letter for letter in plain if letter.isalnum())
    return _ABBREVIATIONS.get(kept, kept)
