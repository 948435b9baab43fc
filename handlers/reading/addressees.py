"""Which institutions a few words mean: « communes de la zone », « CPAS d'Arlon et de Virton »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from config.authorities import Authority, AuthorityType, Commune, Mention
from config.territory import Territory
from handlers.reading.letters import level


@dataclass(frozen=True, slots=True)
class Meant:
    """The institutions that words mean; ``unclear`` if they limit them in a way not understood."""

    institutions: tuple[Authority, ...] = ()
    unclear: bool = False


_TYPES = (
    (
        AuthorityType.COMMUNE,
        re.compile(
            r"\b(?:(?<!de la )communes?|villes?|administrations communales|gemeenten|steden"
            r"|gemeinden"
            r"|municipalities)\b"
        ),
    ),
    (
        AuthorityType.CPAS,
        re.compile(r"\b(?:c\.?p\.?a\.?s|centres publics|ocmw'?s?|oshz)\b"),
    ),
    (
        AuthorityType.ZONE_POLICE,
        re.compile(
            r"\b(?:zones? de police|zp|polices? locales?|politiezones?|polizeizonen?"
            r"|police zones?)\b"
        ),
    ),
    (AuthorityType.ZONE_SECOURS, re.compile(r"\b(?:zones? de secours|hulpverleningszone)\b")),
    (
        AuthorityType.PROVINCE,
        re.compile(r"(?<!de la )(?<!de notre )(?<!dans la )(?<!sur la )\bprovince\b"),
    ),
)
DISTINCT = re.compile(
    r"(?:communes|villes|cpas|zones|institutions|administrations|pouvoirs locaux|membres"
    r"|partenaires|collegues|entites)\b.{0,60}\b(?:voisin\w*|limitroph\w*|proches?|alentours"
    r"|environs|region|kilometres|km)\b"
)
"""A limit by nearness, whoever is meant: how near is for its author to say."""
_VAGUE = re.compile(
    r"\b(?:voisin\w*|limitroph\w*|proches?|alentours|environs|region|avoisinant\w*|kilometres|km"
    r"|rayon|petites?|grandes?|gaumais\w*|ardennais\w*|famennois\w*|condruz\w*|rura(?:les?|ux)"
    r"|forestier\w*|frontalier\w*|touristiques?|germanophones?|urbain\w*|nord|sud|centre|est|ouest"
    r"|vallee|canton|pays|bassin|massif|plateau|in de buurt|naburige?|benachbart\w*|umliegend\w*"
    r"|neighbouring|nearby)\b"
)
_SUCH_AS = re.compile(
    r"\b(?:avec (?:lesquel\w+|qui)|ayant|dont|disposant|partenaires?|conventionne\w*|equipe\w+"
    r"|situe\w+|riverain\w*|traverse\w*|sinistre\w*"
    r"|qui (?!(?:le |la |les |en |nous |y |l')*(?:souhait|desir|voudr|veul|ont besoin|aurai|sont"
    r" interess|serai|demand|peuv|pourr)))"
)
"""A limit by what somebody has or does, which nobody here knows."""
_OURS = re.compile(
    r"\b(?:de|sur|dans) (?:la |le |l')?(?:son|sa|notre|nos|ses) "
    r"(?:territoire|zone|ressort|arrondissement|zone de police)\b|\b(?:du|de ce) (?:territoire"
    r"|ressort)\b|\bde (?:la|notre|cette|sa) zone\b(?! de secours)|\bde l'entite\b"
)
_OUR = re.compile(r"^(?:nos|ses|notre)\b")
_DISTRICT = re.compile(
    r"\barrondissements? (?:administratifs? )?(?:de |d'|du |des )"
    r"(?P<names>[a-z-]+(?:(?:,| et| ou)(?: de"
    r"| d')? ?[a-z-]+)*)"
)
_SIZE = re.compile(
    r"\b(?P<way>moins|plus) de (?P<count>\d{1,3}(?:[. ]?\d{3})?) (?:habitants|hab)\b"
)
_ALL = re.compile(
    r"\bde (?:la|toute la|notre) province\b|\b(?:du|de) luxembourg\b|\bluxembourgeois\w*"
)
_ZONE = re.compile(
    r"\bde la (?P<zone>zone(?: de police)? [A-Z][\w/-]*(?: [A-Z][\w/-]*| et [A-Z]\w*)*)"
)
_PLACED = re.compile(
    r"\b(?:communes?|villes?|cpas|zones? de police|zones|ocmw'?s|gemeenten|gemeinden) "
    r"(?:du|de la|de l'|des|d'|de|van|von) ?(?!luxembourg|moins|plus|la province|province|police"
    r"|la zone|secours|toute|notre|nos|son|ce\b|territoire)(?P<where>[a-z]+)"
)


_NEAR = re.compile(
    r"\b(?:rayon d(?:e |')|dans les |jusqu'a |a moins de |distantes? de moins de |umkreis von "
    r"|straal van |within |a (?=\d+ (?:km|kilometres) (?:a la ronde|max)))"
    r"(?P<km>\d{1,3}) ?(?:kilometres|kilometer|km)\b"
)
"""A limit by distance, as the crow flies between the main places of two communes."""
_ANYBODY = re.compile(
    r"^(?:\w+ )?(?:institutions|membres|administrations|pouvoirs locaux|voisin\w*|adherents)\b"
)


def meant_by(words: str, own: Authority | None, territory: Territory) -> Meant | None:
    """The institutions that words name or describe, seen from one's ``own``; None for none."""
    words = _without_relative(words, territory)
    plain = level(words)
    # « communes de notre zone de police » are no police zone.
    whom = _OURS.sub(" ", plain)
    types = frozenset(kind for kind, pattern in _TYPES if pattern.search(whom))
    zone = _ZONE.search(words)
    if zone is not None and types:
        return _of_zone(zone["zone"], types, territory)
    near = _NEAR.search(plain)
    if near is not None and (types or _ANYBODY.match(plain)):
        return _of_distance(int(near["km"]), own, types or frozenset(AuthorityType), territory)
    districts = _DISTRICT.search(plain)
    if districts is not None:
        return _of_districts(districts["names"], types, territory)
    size = _SIZE.search(plain)
    if size is not None:
        return _of_size(size, types, territory)
    named = [one for one in territory.mentions(words) if _names_one(one) and one.authority != own]
    if any(one.named for one in named):
        return _named(plain, named, types)
    if not types:
        return None
    return _described(plain, own, types, territory)


_RELATIVE = re.compile(r",? (?:avec|dont|chez|pour|sur) (?:qui|lesquel\w+)\b|,? (?:dont|qui|ou)\b")


def _without_relative(words: str, territory: Territory) -> str:
    """« aux communes de X et de Y, avec lesquelles … »: who is named is not limited by a clause."""
    clause = _RELATIVE.search(level(words))
    if clause is None or not any(one.named for one in territory.mentions(words[: clause.start()])):
        return words
    return words[: clause.start()]


def _names_one(mention: Mention) -> bool:
    single = mention.authority.type in {AuthorityType.PROVINCE, AuthorityType.ZONE_SECOURS}
    return mention.named or single


def _named(plain: str, named: list[Mention], types: frozenset[AuthorityType]) -> Meant:
    """Those named one by one. « aux CPAS et communes de X » leaves open which CPAS."""
    authorities = tuple(dict.fromkeys(one.authority for one in named))
    open_ = types - {one.type for one in authorities}
    return Meant(authorities, unclear=bool(open_) or _VAGUE.search(plain) is not None)


def _described(
    plain: str, own: Authority | None, types: frozenset[AuthorityType], territory: Territory
) -> Meant:
    if _OURS.search(plain) or _OUR.match(plain):
        return _around(own, types, territory)
    if _VAGUE.search(_ALL.sub("", plain)) or _SUCH_AS.search(plain):
        return Meant(unclear=True)
    placed = _PLACED.search(plain)
    if placed is not None and not _ALL.search(plain):
        return Meant(unclear=True)
    return Meant(_within(None, types, territory))


def _around(own: Authority | None, types: frozenset[AuthorityType], territory: Territory) -> Meant:
    """Those of one's own territory: a commune's is that of its police zone."""
    if own is None:
        return Meant(unclear=True)
    zones = [one for one in territory.authorities if one.type is AuthorityType.ZONE_POLICE]
    around = own
    if own.type in {AuthorityType.COMMUNE, AuthorityType.CPAS}:
        around = next((z for z in zones if set(own.communes_nis) <= set(z.communes_nis)), own)
    found = _within(set(around.communes_nis), types, territory)
    return Meant(found, unclear=not found)


def _of_zone(name: str, types: frozenset[AuthorityType], territory: Territory) -> Meant:
    police = re.sub(r"^zone(?: de police)?", "zone de police", name)
    zones = [
        one.authority
        for one in territory.mentions(police)
        if one.authority.type is AuthorityType.ZONE_POLICE
    ]
    if len(zones) != 1:
        return Meant(unclear=True)
    found = _within(set(zones[0].communes_nis), types - {AuthorityType.ZONE_POLICE}, territory)
    return Meant(found or (zones[0],))


def _of_districts(names: str, types: frozenset[AuthorityType], territory: Territory) -> Meant:
    known = {level(commune.arrondissement) for commune in territory.communes}
    told = [re.sub(r"^(?:de |d')", "", name.strip()) for name in re.split(r",| et | ou ", names)]
    if not types or any(name not in known for name in told):
        return Meant(unclear=True)
    communes = {c.nis for c in territory.communes if level(c.arrondissement) in told}
    return Meant(_within(communes, types, territory))


def _of_distance(
    km: int, own: Authority | None, types: frozenset[AuthorityType], territory: Territory
) -> Meant:
    """Those that are competent for a commune so near to one of one's own; one's own, too."""
    if own is None:
        return Meant(unclear=True)
    ours = [territory.commune(nis) for nis in own.communes_nis]
    near = {c.nis for c in territory.communes if any(_distance_km(c, one) <= km for one in ours)}
    found = tuple(
        one for one in territory.authorities if one.type in types and near & set(one.communes_nis)
    )
    return Meant(found, unclear=not set(found) - {own})


_EARTH_RADIUS_KM = 6371.0


def _distance_km(one: Commune, other: Commune) -> float:
    """The distance between the main places of two communes, by the haversine formula."""
    first, second = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(across / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(half))


def _of_size(size: re.Match[str], types: frozenset[AuthorityType], territory: Territory) -> Meant:
    count = int(re.sub(r"\D", "", size["count"]))
    if types != {AuthorityType.COMMUNE}:
        # « aux CPAS et aux communes de moins de … » leaves open whether the CPAS are meant, too.
        return Meant(unclear=True)

    def fits(commune: Commune) -> bool:
        return commune.population < count if size["way"] == "moins" else commune.population > count

    communes = {commune.nis for commune in territory.communes if fits(commune)}
    found = _within(communes, types, territory)
    return Meant(found, unclear=not found)


def _within(
    communes: set[str] | None, types: frozenset[AuthorityType], territory: Territory
) -> tuple[Authority, ...]:
    return tuple(
        one
        for one in territory.authorities
        if one.type in types and (communes is None or communes >= set(one.communes_nis))
    )
