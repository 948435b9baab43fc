"""Whether the author of an announcement takes up what was answered to it: « nous acceptons », « ok
pour l'offre de Rouvroy », « d'accord ».

What is read as such is shown with its terms and asked about, so that a wrong reading costs a no.
"""

from __future__ import annotations

import re
from enum import Enum

from handlers.reading.letters import level
from handlers.reading.number_words import COUNTS
from handlers.reading.wordings import any_of

LONGEST = 40
"""Words with more than this say more than that something is accepted."""
BRIEF = 8


class Taken(Enum):
    """How plainly something is taken up."""

    PLAINLY = "plainly"
    BY_THE_WAY = "by the way"
    """An agreement, perhaps to what was said last rather than to the offer."""


_OFFER = (
    r"(?:offre|aide|proposition|reponse|demande|materiel|agent|pret|tente|machine|engin|vehicule"
    r"|coup de main)s?"
)
# Names in capitals stand for one of the lists below: the words compared are all small letters.
_WORDS = {
    "WE": r"(?:nous|on|je|j')",
    "TAKE": r"(?:accept(?:e|ons|erons|erais|erions)|retien(?:s|t|drons)|retenons"
    r"|pren(?:d|ds|ons|drons)(?! (?:contact|note|rendez|acte|en (?:compte|charge)|le temps|soin"
    r"|connaissance|la liberte)))",
    "THE": r"(?:l'|la |le |les |votre |vos |cette |ces |sa |leurs? |deux |trois |toutes les )*",
    "OFFER": _OFFER,
    "YES": r"(?:c'est )?(?:ok|d'accord|bon|parfait|entendu|volontiers|convenu)",
}  # fmt: skip
_PLAIN = any_of(
    r"""
    WE ?TAKE\b
    WE (?:avec \w+ |volontiers )TAKE\b
    YES pour (?:THE)?(?:OFFER)\b
    YES pour (?:une?|deux|trois|quatre|cinq|\d+)\b
    YES pour (?:le|la|les|celui|celle|celles|ceux) d(?:[eu]\b|')
    marche conclu
    (?:l'|la |votre |leur )OFFER (?:nous|me|m') ?(?:convient|va|interesse)
    wij aanvaarden
    wij nemen .{0,30}\baan
    wir nehmen (?:.{0,40} )?an
    we accept
    """,
    _WORDS,
)
_AGREES = re.compile(
    r"^\W*(?:(?:bonjour|merci|super|tres bien)\b[^.!?\n]{0,25}[.,!?\n]+\s*)*"
    r"(?:c'est )?(?:ok|d'accord|parfait|entendu|volontiers|avec plaisir"
    r"|ca (?:nous )?(?:va|convient)|cela (?:nous )?convient|akkoord|einverstanden|agreed)\b[\s.,!]*"
    r"(?:merci|pour nous|alors|on fait comme ca|[\s.,!])*(?:\n|$)"
)
_NOT = re.compile(
    r"\?|\b(?:n'accept\w+|ne (?:prenons|prends|retenons|retiens)|pas (?:encore|possible|d'accord)"
    r"|refus\w*|sinon|si (?!possible|besoin)|des que|a condition)\b"
)
_ALL = re.compile(
    r"\b(?:(?:toutes|tous) (?:les |vos )?|les (?P<count>deux|trois|quatre|cinq) |vos "
    r"|l'ensemble des )(?:offres|propositions|reponses|aides)\b"
)


def takes_up(words: str) -> Taken | None:
    """Whether words take up an answer, and how plainly."""
    plain = " ".join(level(words).split())
    if not plain or len(plain.split()) > LONGEST or _NOT.search(plain):
        return None
    if _PLAIN.search(plain):
        return Taken.PLAINLY
    if len(plain.split()) <= BRIEF and _AGREES.search(plain):
        return Taken.BY_THE_WAY
    return None


def takes_all(words: str) -> int | None:
    """How many answers words speak of together, « les deux offres »; 0 for all there are, None if
    they speak of none together.
    """
    found = _ALL.search(level(words))
    if found is None:
        return None
    return COUNTS.get(found["count"] or "", 0)
