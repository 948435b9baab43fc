"""Misspelt words of our subject, put right so that cues find them: « insription », « comande ».

Only words that carry a request are corrected, and only when one letter is wrong (two in a long
word), so that no other French word is taken for one of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

_WORDS = (
    *("inscription", "inscrire", "desinscription", "desinscrire", "affiliation", "adhesion"),
    *("adherer", "plateforme", "participer", "participation", "utilisateur", "utilisatrice"),
    *("commande", "commander", "commandons", "catalogue", "centrale", "remplacer", "remplacera"),
    *("suppleant", "suppleante", "confirmer", "confirmons", "statistiques", "echeance"),
    *("resiliation", "convention", "deliberation", "disposition", "cherchons", "recherchons"),
    *("supprimer", "desabonner", "proposons", "souhaite", "souhaitons", "souhaiterions", "enquete"),
)
_STEMS = tuple(
    """
    inscri desinscri affili adhe plateforme particip utilisat command catalogue central remplac
    supplea confirm statisti echean resili convention deliber disposi cherch recherch propos souhait
    enquet conform comment recommand demand
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""What begins so is spelt well, or is another word that only looks like one of ours."""
_OTHERS = frozenset({"replacer", "remplaces", "participes", "dispositions", "adhesif", "enquetes"})
_SHORTEST, _LONG = 7, 10
_WORD = re.compile(r"[a-z]{7,}")


def corrected(plain: str) -> str:
    """Levelled text with our own words spelt right; all else stays as it is."""
    return _WORD.sub(lambda match: _nearest(match.group()), plain)


@lru_cache(maxsize=8192)
def _nearest(word: str) -> str:
    if word.startswith(_STEMS) or word in _OTHERS or len(word) > 20:
        return word
    allowed = 2 if len(word) >= _LONG else 1
    found = [
        (distance, known)
        for known in _WORDS
        if len(known) >= _SHORTEST
        and known[0] == word[0]
        and (distance := OSA.distance(word, known, score_cutoff=allowed)) <= allowed
    ]
    return min(found)[1] if found else word
