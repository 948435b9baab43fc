"""For whom an offer or a demand is meant, where its text limits that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from config.authorities import Authority, AuthorityType
from config.territory import Territory
from handlers.reading.letters import level

_LIMIT = re.compile(
    r"\b(?:uniquement|exclusivement|seulement|strictement|reservee?s?|limitee?s?|exclusif"
    r"|rien que|que pour|qu'aux|qu'a nos)\b"
)
_OF_OURS = re.compile(
    r"\b(?:de|sur|dans) (?:la |le |l')?(?:son|sa|notre|nos|ses) "
    r"(?:territoire|zone|ressort|arrondissement|zone de police)|\bdu (?:territoire|ressort)\b"
    r"|\bde (?:la|notre) zone\b|\bnos (?:\w+ )?communes\b|\bcommunes (?:membres )?de la zone\b"
)
_TYPES = (
    (AuthorityType.COMMUNE, re.compile(r"\b(?:communes?|villes?|administrations communales)\b")),
    (AuthorityType.CPAS, re.compile(r"\b(?:cpas|centres publics)\b")),
    (AuthorityType.ZONE_POLICE, re.compile(r"\bzones? de police\b")),
    (AuthorityType.ZONE_SECOURS, re.compile(r"\bzones? de secours\b")),
)
_DISTRICT = re.compile(r"\barrondissement (?:de |d'|du )([a-z]+(?:-[a-z]+)*)")
REACH = 110
"""How far behind its word a limit tells whom it means."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see something: everybody (None), or these institutions; ``unclear`` if a limit is
    told that could not be read.
    """

    institutions: tuple[Authority, ...] | None = None
    unclear: bool = False


def find_audience(text: str, own: Authority | None, territory: Territory) -> Audience:
    """The limit that a text sets, as seen from the institution that wrote it."""
    plain = level(text).replace("\n", " ")
    for limit in _LIMIT.finditer(plain):
        told = re.split(r"[.;!?]", plain[limit.end() : limit.end() + REACH])[0]
        types = frozenset(kind for kind, pattern in _TYPES if pattern.search(told))
        if not types:
            continue
        return _limited(text, limit.end(), told, types, own, territory)
    return Audience()


def _limited(
    text: str,
    start: int,
    told: str,
    types: frozenset[AuthorityType],
    own: Authority | None,
    territory: Territory,
) -> Audience:
    district = _DISTRICT.search(told)
    if district:
        communes = {c.nis for c in territory.communes if level(c.arrondissement) == district[1]}
        found = _within(communes, types, territory)
        return Audience(found) if found else Audience(unclear=True)
    named = {
        mention.authority
        for mention in territory.mentions(text[start : start + len(told)])
        if mention.named
    }
    if named:
        return Audience(tuple(sorted(named, key=lambda one: (one.type, one.code))))
    if _OF_OURS.search(told):
        if own is None:
            return Audience(unclear=True)
        return Audience(_within(set(own.communes_nis), types, territory))
    return Audience(_within(None, types, territory))


def _within(
    communes: set[str] | None, types: frozenset[AuthorityType], territory: Territory
) -> tuple[Authority, ...]:
    return tuple(
        one
        for one in territory.authorities
        if one.type in types and (communes is None or communes >= set(one.communes_nis))
    )
