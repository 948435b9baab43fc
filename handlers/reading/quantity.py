"""How many of what: « 3 e-guichet », « e-guichet x3 », « trois e-guichets ».

A number is never dropped: what is not read as a quantity stays in the name, and
:func:`stray_number` finds it there, so that it can be asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.letters import level
from handlers.reading.number_words import COUNTS

MOST = 999
"""The largest quantity that is taken as meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name and how many; ``quantity`` is None when none was said."""

    name: str
    quantity: int | None = None


_WORDS = "|".join(sorted(COUNTS, key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,3}}|{_WORDS})"
WRITTEN = rf"(?:{_WORDS})"
"""The numbers that people write out, in levelled words."""
_UNITS = r"(?:fois|licences?|unites?|pieces?|exemplaires?|commandes?)"
_BEFORE = re.compile(
    rf"^{_COUNT}(?:\s*(?:x(?![^\W\d])|[×*])\s*|\s+{_UNITS}\s+|\s+)"
    r"(?:(?:de |d')(?:la |l'|le |les )?)?(?=\w)"
)
_BEHIND = re.compile(
    rf"[\s,;:(]+(?:(?:[x×*]|fois|quantite|qte|nombre)\s*:?\s*{_COUNT}"
    rf"|(?P<second>\d{{1,3}}|{_WORDS})\s*(?:[x×]|{_UNITS}))\s*\)?$"
)
_ALONE = re.compile(r"\s(?P<count>\d{1,3})$")
_CHANGED = re.compile(
    r"\b(?:quantite|qte|nombre|plutot|mettez(?:[ -]en)?|prenez(?:[ -]en)?|en faut)\s*"
    rf"(?:en |de |a |:)*\s*{_COUNT}\b"
    rf"|^(?P<second>\d{{1,3}}|{_WORDS})$|\b(?P<third>\d{{1,3}})\s*(?:x|×|{_UNITS})\b"
)
_ANY = re.compile(rf"\d|\b(?:{_WORDS})\b")
_ARTICLE = re.compile(r"^(?:(?:une?|le|la|les|des|du)\s+|l')(?=\w)")
_STRAY = re.compile(r"(?<![\w.,-])[-+]?\d[\d.,\u00a0\u202f]*(?![\w-])")


def read_wanted(words: str) -> Wanted:
    """The name and the quantity that the words behind an order say."""
    words = words.strip(" .,;")
    plain = level(words)
    for pattern in (_BEHIND, _BEFORE, _ALONE):
        match = pattern.search(plain)
        if match is None or plain[: match.start()].endswith(("-", ",")):
            continue
        name = f"{words[: match.start()]}{words[match.end() :]}".strip(" ,;:(")
        if name:
            return Wanted(without_article(name), _count(match))
    return Wanted(without_article(words))


def read_changed(words: str) -> int | None:
    """The quantity that an answer to a draft says: « quantité 3 », « plutôt deux », « 3 »."""
    match = _CHANGED.search(level(words.strip(" .,;!")))
    return _count(match) if match else None


def says_number(words: str) -> bool:
    """Whether words say any number, in figures or written out."""
    return _ANY.search(level(words)) is not None


def stray_number(words: str, known: str = "") -> str:
    """The first number of some words that a known name does not contain; empty without one."""
    allowed = {match.group() for match in _STRAY.finditer(level(known))}
    found = (match.group() for match in _STRAY.finditer(level(words)))
    return next((number.rstrip(".,") for number in found if number not in allowed), "")


def without_article(name: str) -> str:
    """A name without the article before it; « un e-guichet » is the e-guichet."""
    return name[len(match.group()) :] if (match := _ARTICLE.match(level(name))) else name


def _count(match: re.Match[str]) -> int:
    return count_of(next(value for value in match.groupdict().values() if value))


def count_of(told: str) -> int:
    """A number in figures or in levelled words. KeyError for anything else."""
    return int(told) if told.isdigit() else COUNTS[told]
