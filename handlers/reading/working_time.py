"""How much somebody works, as it is said: « mi-temps », « 3 jours par semaine » (B35)."""

from __future__ import annotations

import re

from handlers.reading.days import NUMBERS
from handlers.reading.letters import level

_COUNT = rf"(?:\d{{1,2}}(?:[.,]\d)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_WORKING_TIME = re.compile(
    rf"\b{_COUNT} ?(?:demi-?jours?|demi-?journees?|jours?|journees?|heures?|h)"
    r" ?(?:par|/|la|chaque) ?(?:semaine|sem\b|jour|mois)"
    r"|\bmi-temps\b(?! (?:medical|therap))|\b(?:a )?temps plein\b|\btrois[- ]quarts? temps\b"
    r"|\b[1-4]/5(?:e|eme)? temps\b|(?<=\ba )[1-4]/5\b(?! au\b)(?!/)|\b[13]/4 temps\b"
)


def working_time(words: str) -> str:
    """The first working time that words tell, as they tell it; empty if they tell none."""
    found = _WORKING_TIME.search(level(words))
    return words[found.start() : found.end()] if found else ""
