"""How many persons or things a sentence about a loan speaks of: « nous pouvons en prêter deux »."""

from __future__ import annotations

import re
from collections.abc import Collection

from handlers.reading.days import MONTHS
from handlers.reading.letters import level
from handlers.reading.number_words import COUNTS

ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip
"""Numbers that people round; they are shown before they count."""

_WORDS = "|".join(sorted({*COUNTS, *ABOUT}, key=len, reverse=True))
_NUMBER = rf"(?:une? (?={'|'.join(ABOUT)}))?(?P<number>\d{{1,4}}|{_WORDS})"
_PERSONS = (
    r"personnes?|agents?|ouvriers?|ouvrieres?|employee?s?|collaborateurs?|collaboratrices?|etp"
    r"|personen|medewerkers?|mitarbeiter|persons?|people"
)
_PIECES = (
    r"exemplaires?|pieces?|unites?|engins?|vehicules?|barrieres?|tables?|chaises?|tentes?"
    r"|stuks?|stucke?|items?"
)
_OF_WHAT = r"(?: (?:de |d')?(?!heures?|jours?|semaines?|mois|ans?|km|euros?|metres?)[a-z]+)?"
_NOT_MEASURED = (
    r"(?! ?(?:h\b|heures?|jours?|semaines?|mois\b|ans?\b|km|€|eur|%|/|m\b|metres?|kg|tonnes?|t\b"
    r"|x ?\d|fois\b))"
)
_NAMED = re.compile(r"\b(?:nombre|aantal|anzahl|number)\s*:\s*(?P<number>\d{1,4})\b")
_TIMES = re.compile(r"(?<![\dx×] )(?<![\dx×])\b(?P<number>\d{1,4}) ?[x×](?! ?\d)")
_ALONE = re.compile(
    r"\b(?:finalement|plutot|seulement|rien que|ne (?:pouvons|peut) (?:\w+ ){0,3}que"
    r"|(?:en|l'en) (?:preter|pretons|pretez|prete|avons|avoir|avez|a|ai|fournir|proposer|proposons"
    r"|mettre|envoyer|donner|prendre|prenons|prends|voulons|faut|faudrait|liberer|detacher"
    r"|garder|retenir)|disposons de|d'accord pour|ok pour|accept\w+|prenons|retenons)"
    rf" (?:encore |jusqu'a |environ |au moins |que )?{_NUMBER}\b{_NOT_MEASURED}"
)


def told_number(said: str, *, staff: bool, things: Collection[str] = ()) -> int:
    """How many ``said`` speaks of, 0 if it does not tell; persons where ``staff`` is lent, else
    pieces, or ``things`` by their names in the singular.
    """
    plain = level(said)
    nouns = [_PERSONS] if staff else [_PIECES, *(rf"{re.escape(one)}[sx]?" for one in things)]
    counted = re.compile(rf"\b{_NUMBER}{_OF_WHAT} (?:{'|'.join(nouns)})\b")
    last = list(_ALONE.finditer(plain))[-1:] if re.search(r"\bfinalement\b", plain) else []
    if last:
        return _value(last[0])
    for pattern in (_NAMED, _TIMES, counted, _ALONE):
        told = [_value(found) for found in pattern.finditer(plain)]
        if told:
            # « une nacelle … 2 exemplaires » : the article counts where nothing else does.
            return next((number for number in told if number > 1), told[0])
    return 0


def number_before(said: str, end: int) -> int:
    """The number that stands before a name: « 2 de Rouvroy », « deux tentes d'Etalle »; or 0."""
    found = _BEFORE.search(level(said)[:end])
    return _value(found) if found else 0


_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?<!du )(?<!au )(?<!le )\b{_NUMBER}(?: (?!(?:{_MONTH})\b)[a-z]+){{0,2}} "
    r"(?:de la |de l'|du |de |des |d'|chez |aupres de |par |pour )?"
    r"(?:(?:commune|ville|cpas|zone de police|province) (?:de |d'|du )?)?$"
)


def _value(found: re.Match[str]) -> int:
    word = found["number"]
    return int(word) if word.isdigit() else ABOUT.get(word) or COUNTS[word]
