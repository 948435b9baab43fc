"""As what a letter names an institution in its sentences: as its writer's own, in passing, or as
somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from config.territory import AuthorityType, Mention, Territory
from handlers.reading.letters import level
from handlers.reading.outsiders import determines_body

_WILL = (
    r"souhait|desir|voudr|veu[txl]|aimer|demand|s'inscri|sollicit|adher|rejoin|particip|confirm"
    r"|a (?:decide|marque|choisi|designe|besoin|pris)|cherch|recherch|peut|propose|offre|dispose"
    r"|command|passe|wens|wil|vraag|mocht|beantrag|tritt"
    r"|est (?:interess|pret|d'accord|a la recherche|a court)|met |soit|soient|serait"
    r"|manque|quitt|se (?:retir|desinscri)|ne |n'|entend|compte|nous|emprunt|preter|lance|vous"
)
_AFTER = re.compile(rf"^[^.;]{{0,25}}?\b(?:{_WILL})")
BEFORE_OWN = re.compile(
    r"(?:inscri\w+|inscir\w+|incri\w+|insri\w+|enregistr\w+|adhesion|participation|affili\w+"
    r"|au nom|pour (?:le )?compte|au profit"
    r"|agente? (?:de|a|au|du|d')|je (?:travaille|represente|suis)|nous sommes|notre|nos"
    r"|desinscri\w+"
    r"|candidature|travaille|ici|besoin|prete\w*|secretaire|directeur|directrice|bourgmestre"
    r"|president\w*|retrait|designe\w*|collegue|utilisat\w+)"
    r"[^.;:]{0,45}$"
)
_OTHERS = re.compile(
    r"(?:voisin\w*|nachbar\w*|buren|buurgemeenten?|comme|contrairement a|a l'instar"
    r"|ainsi que chez|collegues d\w*|entendu parler"
    r"|depuis|presentation (?:par|de|a|chez)|sauf|hors"
    r"|rien (?:pour|a)|exemple d\w*|deja (?:a|chez|pour)|pres d\w*|vers|venant d\w*"
    r"|rencontre\w* (?:a|avec)|conseil\w* par|recommand\w* par|via|par l'intermediaire d\w*"
    r"|distinct\w* d\w*|independa\w* d\w*|difference d\w*|copie a|poste d\w*|gare d\w*"
    r"|arrondissement d\w*"
    r"|coordonnees d\w*|reunion a|seance a|fait a|bureau d\w*|antenne d\w*|formation a|salon d\w*)"
    r"(?: (?:la|le|les|l'|de|du|d'|in|van|von|aus))*\s*(?:commune |ville |cpas "
    r"|administration communale )?"
    r"(?:de |d'|du )?$"
)
_ALREADY_MEMBER = re.compile(
    r"^[^.;]{0,10}\b(?:(?:est|sont) (?:deja|evidemment)"
    r"|qui (?:est|sont) (?:deja )?(?:chez vous|membres?|inscrite?s?|affiliee?s?)|l'utilise"
    r"|l'a deja|a deja (?:adhere"
    r"|rejoint)"
    r"|reste|, elle,|nous (?:a|ont) (?:conseille|recommande|parle))"
)
_PLATFORM = re.compile(
    r"\b(?:par|a|de|vers|aupres de|avec|pour|chez|dans)(?: la| l')?\s*$|\bvotre\s*$"
)


def told_in(body: str, territory: Territory) -> Iterator[tuple[Mention, bool]]:
    """The institutions that a text names for its writer, and whether a sentence states it; those
    that it names as somebody else's are left out.
    """
    plain = level(body).replace("\n", " ")
    bodies = [(found.start, found.end) for found in territory.bodies(body)]
    mentions = territory.mentions(body)
    others = _others(body, plain, mentions)
    neighbours = {mentions[index].authority for index in others} - {
        mention.authority
        for index, mention in enumerate(mentions)
        if mention.named and index not in others
    }
    for index, mention in enumerate(mentions):
        if index in others or (not mention.named and mention.authority in neighbours):
            continue
        if determines_body(plain, mention, bodies):
            continue
        before = plain[max(0, mention.start - 70) : mention.start]
        after = _BRACKETS.sub("", plain[_end_of_couple(plain, mentions, index) :])
        if _is_where(plain, mentions, index) or _AGENT.search(before):
            continue
        if not mention.explicit_type and _of_another(before):
            yield mention, False
            continue
        if _makes_up(plain, mentions, index):
            continue
        if _GIVEN.search(before) or _explains(plain, mentions, index):
            yield mention, False
            continue
        if _ALREADY_MEMBER.match(after) or _is_platform(mention, before):
            continue
        yield mention, states(before, after) or _alone(plain, body, mention)


def _others(body: str, plain: str, mentions: Sequence[Mention]) -> set[int]:
    """The places of those named as somebody else, be it in a list: « voisins de X, Y et Z »."""
    found: set[int] = set()
    for index, mention in enumerate(mentions):
        first = max(0, mention.start - 70)
        listed = _LISTED_BEFORE.search(body, first, mention.start)
        leads = {mention.start, listed.start() if listed else mention.start}
        if any(_OTHERS.search(plain[first:lead]) for lead in leads):
            found.add(index)
    return found


_LISTED_BEFORE = re.compile(
    r"(?:(?<=[ '’])[A-ZÀ-Þ][\w'’-]+(?:[ -](?:[a-z]{2,4}[ -])?[A-ZÀ-Þ][\w'’-]+)?(?:, ?| et | ou "
    r"| & )"
    r"(?:de |d['’])?){1,5}\Z"
)
"""Proper names of a list, up to the next one."""
_BRACKETS = re.compile(r"^\s*\([^()]{1,400}\)")
"""« La zone X (communes de A et B) souhaite … »: the zone does."""


def _explains(plain: str, mentions: Sequence[Mention], index: int) -> bool:
    """Whether a mention stands in the brackets behind another: « la zone X (communes de A, B) »."""
    start = mentions[index].start
    opened = plain.rfind("(", max(0, start - 400), start)
    if opened < 0 or ")" in plain[opened:start] or ")" not in plain[start : start + 400]:
        return False
    return any(0 <= opened - other.end <= 3 for other in mentions[:index])


_LISTED = re.compile(
    r"[\s,/&()–-]{0,6}(?:\w{1,20}(?:[ -]\w{1,20}){0,2}[\s,/&–-]{1,5})?(?:et |and |en |und )?"
)
_MOST_LISTED = 15


def _makes_up(plain: str, mentions: Sequence[Mention], index: int) -> bool:
    """Whether a commune is told in the list of those that make up a zone named before it:
    « la zone de police 5300 (X / Y / Z) », « la zone X-Y-Z ».
    """
    commune = mentions[index]
    if commune.explicit_type or commune.authority.type is not AuthorityType.COMMUNE:
        return False
    for place in range(index, max(0, index - _MOST_LISTED), -1):
        if not _LISTED.fullmatch(plain[mentions[place - 1].end : mentions[place].start]):
            return False
        zone = mentions[place - 1].authority
        if zone.type in _ZONES:
            return commune.authority.code in zone.communes_nis
    return False


_ZONES = frozenset({AuthorityType.ZONE_POLICE, AuthorityType.ZONE_SECOURS})
_GIVEN = re.compile(
    r"\b(?:prete\w*|pretons|emprunt\w*|loue\w*|envoy\w*|donn\w*|rend\w*|empruntee?)"
    r"(?! (?:a|de) votre)[^.;:]{0,50}\b(?:a|au|aux|vers|chez)(?: la| l')?"
    r"(?: (?:commune|ville) (?:de |d')?)? *$"
)
"""« prêter un ouvrier à X »: X is the other one."""
_NOTHING_ELSE = re.compile(
    r"(?:\b(?:bonjour|bonsoir|mesdames|messieurs|madame|monsieur|c'est|il s'agit|pour|de la part"
    r"|inscription|inscrire|svp|merci|notre|nous|sommes|institution|est|concerne|la|le|les|l'|de|du"
    r"|des|d'|s\.v\.p)\b|[\s:;,!.'*>-])*"
)


def _alone(plain: str, body: str, mention: Mention) -> bool:
    """Whether a line says nothing but the institution: « pour la commune de X »."""
    start = body.rfind("\n", 0, mention.start) + 1
    end = body.find("\n", mention.end)
    end = len(body) if end < 0 else end
    before = plain[max(start, mention.start - _LONGEST_LINE - 1) : mention.start]
    after = plain[mention.end : min(end, mention.end + _LONGEST_LINE + 1)]
    rest = re.split(r"[.!?;]", after, maxsplit=1)[0]
    short = len(before) + len(rest) <= _LONGEST_LINE
    return short and all(_NOTHING_ELSE.fullmatch(part) for part in (before, rest))


_LONGEST_LINE = 60


_AGENT = re.compile(
    r"\b(?!designee?s?|mandatee?s?|signee?s?|confirmee?s?|demandee?s?)\w+ par (?:la |le |l')?$"
)
"""« une réunion organisée par la commune de X »: X is the other one."""
_NOUN = re.compile(r"\b(?P<noun>\w+) (?:de|d'|du) ?$")
_OWN_NOUNS = re.compile(
    r"(?:inscri|enregistr|adhesi|particip|affili|candidat|desinscri|nom$|compte$|part$|profit$"
    r"|college$|conseil$|bourgmestre$|echevine?$|general|direct|secretari?|administration"
    r"|agente?s?$|employee?s?$"
    r"|autorite|entite|service|commun|demande|receveu|finance|personnel|travaux|urbanisme)"
)


def _of_another(before: str) -> bool:
    """« les pompiers de X », « un habitant de X »: somebody there, and not the authority."""
    noun = _NOUN.search(before)
    return noun is not None and _OWN_NOUNS.match(noun["noun"]) is None


_BESIDE = re.compile(r"[ ,(–-]*(?:en |dans (?:la )?)?")


def _is_where(plain: str, mentions: list[Mention], index: int) -> bool:
    """« la commune de X, province de Y »: the province says where X is."""
    if not index or mentions[index].authority.type is not AuthorityType.PROVINCE:
        return False
    return _BESIDE.fullmatch(plain[mentions[index - 1].end : mentions[index].start]) is not None


_AND = re.compile(r"[ ,]*(?:et|&|/|ainsi que|comme)? *(?:pour |de |du |d')?(?:l[ea]s? |l'|son )?")


_LONGEST_COUPLE = 5


def _end_of_couple(plain: str, mentions: list[Mention], index: int) -> int:
    """Where a mention ends with those that « et » joins to it: they share what follows."""
    end = mentions[index].end
    for following in mentions[index + 1 : index + _LONGEST_COUPLE]:
        if not _AND.fullmatch(plain[end : following.start]):
            break
        end = following.end
    return end


def states(before: str, after: str) -> bool:
    """Whether the words around an institution, levelled, say that the letter is its own."""
    return _AFTER.match(after) is not None or BEFORE_OWN.search(before) is not None


def _is_platform(mention: Mention, before: str) -> bool:
    """« la plateforme de la Province »: mostly the host is meant, not the writer."""
    province = mention.authority.type is AuthorityType.PROVINCE
    return province and _PLATFORM.search(before) is not None
