"""Bodies that stand beside an authority and are none: a church council, a school, a club.

« La fabrique d'église de Musson » is in Musson and is not the commune of Musson. A mention of an
authority that only says where such a body is, or whose it is, speaks for nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.reading.letters import level

_OWN_PERSONS = (
    r"(?:conseil de )?fabriques?(?: d'eglise)?|eglise protestante|consistoire|paroisses?|evech\w+"
    r"|asbl|a\.s\.b\.l\.?|aisbl|vzw|v\.z\.w\.?|gmbh|verein"
    r"|regies? (?:communales?|autonomes?|de quartier|fonciere|des eaux|provinciale)"
    r"|(?:royal |cercle |union )?clubs?|cercles?|confrerie|harmonie|fanfare|chorale|syndicat"
    r" d'initiatives?|office (?:communal )?du tourisme|maison du tourisme"
    r"|maisons? (?:des|de) jeunes|unite scoute|patro"
    r"|comites? (?:des (?:fetes|parents)|de (?:quartier|village|jumelage))"
    r"|association|fondation|mutuelle|mutualite|cooperative"
    r"|agence (?:de developpement local|immobiliere sociale|locale pour l'emploi)|adl|ais|ale"
    r"|intercommunale|contrat de riviere|parc naturel|gal|groupe d'action locale"
    r"|centre (?:culturel|sportif)|hopital|clinique|athenee|lycee|haute ecole"
    r"|mission regionale|maison medicale|kerkfabriek|kirchenfabrik|pfarre|pfarrei"
)
_SERVICES = (
    r"(?:ludo-?)?bibliotheques?|mediatheque|ecoles?|academie(?: de musique)?|creches?"
    r"|home|maison de repos|residence service|plaine de jeux|accueil extrascolaire|musee"
    r"|piscine|hall (?:omnisports?|sportif)|halle|cimetiere|creche|espace public numerique|epn"
    r"|bibliotheek|gemeentebibliotheek|school|gemeentebucherei|schule|kindergarten"
)
_BODY = re.compile(rf"(?<![\w-])(?:(?P<own>{_OWN_PERSONS})|(?P<part>{_SERVICES}))(?![\w-])")
# A street, a service or an office is named after a school without being one.
_NAMED_AFTER = re.compile(
    r"\b(?:rue|route|place|avenue|av\.|chemin|allee|impasse|clos|quai|square|services?|cellule"
    r"|departement|echevine?|responsable|directeur|directrice|coordinat\w+|agente?)"
    r"(?: (?:de|du|des|d'|la|le|les|l'|pour|communale?s?))*\s?(?:l')?$"
)
# What may stand between such a body and its place, capitals apart: « Saint-Martin de », « ASBL ».
_BETWEEN = re.compile(
    r"(?:[^\S\n]+|(?<=['’]))(?:(?:de|du|des|d|l|la|le|les|a|van|von|der|den|dans|sur)['’]?"
    r"|communale?s?|paroissiale?|autonome|fondamentale?|primaire|maternelle|libre|locale?"
    r"|publique?|protestante?|royale?|asbl|sportive?|culturel(?:le)?|football|tennis|fetes"
    r"|d['’]eglise|fabrique|jeunes|foot|basket|tourisme|musique|repos|commune|ville|entite"
    r"|administration|cpas|village|section|saint\S*|sainte\S*|notre-dame|st\S*"
    r"|[«\"“(])(?=[\s'’«\"“]|$)"
    # « Sports et Loisirs »; « et le CPAS » begins another.
    r"|[^\S\n]+(?:et|&)(?=[^\S\n]+[A-ZÀ-Þ])(?![^\S\n]+(?i:commune|ville|cpas|zone|province|admin))"
    r"|(?:[^\S\n]+|['’])[A-ZÀ-ÖØ-Þ«\"“][\w’'.»\"”-]*"
)
_REACH = 80
"""A place further behind a body than so many letters does not belong to it."""
_AFTER_NAME = re.compile(r"[^\S\n]*[,»\"”(–-]?[^\S\n]*(?:[\w-]+ ){0,3}\(?(?:asbl|vzw|a\.s\.b\.l)")


@dataclass(frozen=True, slots=True)
class Body:
    """A body named in a text; ``own`` tells that it is a legal person, and no mere service."""

    start: int
    end: int
    own: bool


def find_bodies(text: str) -> list[Body]:
    """The bodies named in a text, none of which is an authority that may register."""
    return list(_bodies(text, level(text)))


def _bodies(text: str, plain: str) -> Iterator[Body]:
    end = 0
    for match in _BODY.finditer(plain):
        before = plain[max(0, match.start() - 40) : match.start()]
        if match.start() >= end and not _NAMED_AFTER.search(before):
            end = _extent(text, match.end())
            yield Body(match.start(), end, match["own"] is not None)


def _extent(text: str, end: int) -> int:
    """Where the name of a body ends: what follows is small words and capitals."""
    limit = end + _REACH
    while end < limit:
        following = _BETWEEN.match(text, end)
        if following is None or not following.group().strip():
            break
        end = following.end()
    # A name in small letters begins behind the next blank or apostrophe.
    return end + (text[end : end + 1] in {" ", "'", "’"})


def body_of(start: int, end: int, bodies: list[Body]) -> Body | None:
    """The body to whose name a mention belongs; None if it stands for itself."""
    return next((body for body in bodies if body.start < end and start <= body.end), None)


def makes_body(text: str, end: int) -> bool:
    """Whether a name goes on as an association's: « Musson en fête ASBL »."""
    return _AFTER_NAME.match(text[end : end + 40].lower()) is not None
