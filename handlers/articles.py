"""Names of bodies within a French sentence: their article, « de » and « à » contracted, elision.

« la commune de Musson », « du CPAS de Rouvroy », « à l'Intercommunale AIVE », « d'IDELUX ». Each
form is a sentence of its own (:func:`handlers.wording._`), so that other languages say it their
way.
"""

from __future__ import annotations

from handlers.reading.letters import level
from handlers.wording import Text, _, verbatim

_FEMININE = frozenset(
    {
        "commune", "ville", "zone", "province", "police", "regie", "societe", "maison",
        "cooperative", "federation", "region", "communaute", "fondation", "bibliotheque",
        "centrale", "plateforme", "direction", "cellule",
    }
)  # fmt: skip
_MASCULINE = frozenset(
    {
        "cpas", "service", "departement", "college", "centre", "bureau", "conseil", "groupe",
        "gouvernement", "ministere", "secretariat", "syndicat", "parc",
    }
)  # fmt: skip
_ELIDING = frozenset(
    {
        "administration", "intercommunale", "association", "agence", "office", "union",
        "institut", "institution", "ecole", "academie", "entreprise", "e-plateforme", "hopital",
        "hotel", "habitation",
    }
)  # fmt: skip
"""Nouns that take an article which loses its vowel."""
_SMALL = frozenset(["commune", "ville", "zone"])
"""What begins with a small letter within a sentence; « Province » keeps its capital, as in the
sources.
"""
_VOWELS = frozenset("aeiou")
_ASPIRATED = frozenset(["onze", "oui", "ouate", "un", "uhlan", "yacht"])
"""Words that begin with a vowel and yet take no elision."""
_SILENT = ("habit", "harmoni", "histoir", "homm", "honneur", "hopita", "horair", "hote", "humani")
"""How words with a silent h begin; before any other h, nothing is elided."""


def elides(name: str) -> bool:
    """Whether « de » loses its vowel before a name: « d'Arlon », « d'Yvoir », « de Habay »."""
    first = level(name.strip()).split(" ")[0]
    if not first or first in _ASPIRATED:
        return False
    if first.startswith(("œ", "æ")) or first[0] in _VOWELS:
        return True
    if first[0] == "y":
        return len(first) > 1 and first[1] not in _VOWELS
    return first.startswith(_SILENT)


def bare(name: str) -> str:
    """A name within a sentence: « commune de Musson », « Province de Luxembourg »."""
    return f"{name[:1].lower()}{name[1:]}" if _head(name) in _SMALL else name


def the(name: str) -> Text:
    """« la commune de Musson », « le CPAS de Rouvroy », « l'e-plateforme », « IDELUX »."""
    head = _head(name)
    if head in _ELIDING:
        return _("l'{name}", name=name)
    if head in _FEMININE:
        return _("la {name}", name=bare(name))
    if head in _MASCULINE:
        return _("le {name}", name=name)
    return verbatim(name)


def at_start(name: str) -> Text:
    """The same at the beginning of a sentence: « La commune de Musson »."""
    head = _head(name)
    if head in _ELIDING:
        return _("L'{name}", name=name)
    if head in _FEMININE:
        return _("La {name}", name=bare(name))
    if head in _MASCULINE:
        return _("Le {name}", name=name)
    return verbatim(name)


def of(name: str) -> Text:
    """« de la commune de Musson », « du CPAS de Rouvroy », « d'IDELUX », « de Civadis »."""
    head = _head(name)
    if head in _ELIDING:
        return _("de l'{name}", name=name)
    if head in _FEMININE:
        return _("de la {name}", name=bare(name))
    if head in _MASCULINE:
        return _("du {name}", name=name)
    return _("d'{name}", name=name) if elides(name) else _("de {name}", name=name)


def to(name: str) -> Text:
    """« à la commune de Musson », « au CPAS de Rouvroy », « à IDELUX »."""
    head = _head(name)
    if head in _ELIDING:
        return _("à l'{name}", name=name)
    if head in _FEMININE:
        return _("à la {name}", name=bare(name))
    if head in _MASCULINE:
        return _("au {name}", name=name)
    return _("à {name}", name=name)


def _head(name: str) -> str:
    return level(name.strip()).split(" ")[0]
