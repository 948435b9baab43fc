"""Which institution a message speaks for: evidence is weighed, a domain is only a hint."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from config.territory import Authority, AuthorityType, Mention, Territory
from handlers.reading.form import Label, read_form
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.outsiders import (
    Claim,
    Doubt,
    applying_body,
    determines_body,
    namesake,
    own_name,
    unknown,
    village_authority,
)


class Weight(IntEnum):
    """How much one kind of evidence counts; each kind counts once per institution."""

    FORM = 12
    STATEMENT = 8
    SIGNATURE = 4
    NAME = 4
    SUBJECT = 3
    TYPE = 3
    """« notre CPAS »: its type, not its name."""
    DOMAIN = 2
    PASSING = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution that a message may speak for, and the sum of its evidence."""

    authority: Authority
    score: float
    stated: bool
    """Whether a sentence or a form says so, rather than hints."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The institution found, the others that may be meant, and what was named but is unknown."""

    institution: Authority | None
    candidates: tuple[Candidate, ...]
    outside: str = ""
    """An authority or organisation named as the writer's own that is not in the territory."""
    body: bool = False
    """Whether ``outside`` is a body that may never register, wherever it is."""


MARGIN = 2.0
"""The best candidate leads the next by at least this much, or nothing is decided."""

_UNTYPED = 0.75
_ITS_CPAS = 0.5
_WILL = (
    r"souhait|desir|voudr|veut|aimer|demand|s'inscri|sollicit|adher|rejoin|particip|confirm"
    r"|a (?:decide|marque|choisi|designe|besoin|pris)|cherch|recherch|peut|propose|offre|dispose"
    r"|command|passe|wens|wil|vraag|mocht|beantrag|tritt"
    r"|est (?:interess|pret|d'accord|a la recherche|a court)|met |soit|soient|serait"
    r"|manque|quitt|se (?:retir|desinscri)|ne |n'|entend|compte|nous|emprunt|preter|lance|vous"
)
_AFTER = re.compile(rf"^[^.;]{{0,25}}?\b(?:{_WILL})")
_BEFORE = re.compile(
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
    r"^[^.;]{0,10}\b(?:(?:est|sont) (?:deja|evidemment)|l'utilise|l'a deja|a deja (?:adhere"
    r"|rejoint)"
    r"|reste|, elle,|nous (?:a|ont) (?:conseille|recommande|parle))"
)
_PLATFORM = re.compile(
    r"\b(?:par|a|de|vers|aupres de|avec|pour|chez|dans)(?: la| l')?\s*$|\bvotre\s*$"
)


def find_speaker(letter: Letter, territory: Territory) -> Speaker:
    """The institution for which a message is written."""
    weighed = _Scale()
    for mention, source, factor in _evidence(letter, territory):
        weighed.add(mention.authority, source, factor)
        if not mention.explicit_type:
            cpas = _cpas_of(mention.authority, territory)
            if cpas:
                weighed.add(cpas, source, factor * _ITS_CPAS)
    for authority in _by_domain(letter, territory):
        weighed.add(authority, Weight.DOMAIN, 1)
    weighed.support(_own_types(letter, territory))
    found = weighed.candidates()
    speaker = _of_a_body(found, letter, territory) or _named(found, letter, territory)
    return _without_namesakes(speaker, letter, territory)


def _of_a_body(candidates: list[Candidate], letter: Letter, territory: Territory) -> Speaker | None:
    """A body that is no authority: it is refused if it asks, or if nobody else is named."""
    body = applying_body(letter, territory)
    if body is None:
        return None
    stated = bool(candidates) and candidates[0].stated
    if stated and body.claim is not Claim.APPLIES:
        return None if _says_to_register(letter, territory) else Speaker(None, tuple(candidates))
    shown = bool(candidates) and candidates[0].score >= Weight.SUBJECT
    if body.claim is Claim.SHOWN and shown:
        return None if _in_subject(letter, territory) else Speaker(None, tuple(candidates))
    return Speaker(None, tuple(candidates), own_name(body.name, letter), body=True)


def _in_subject(letter: Letter, territory: Territory) -> bool:
    """Whether the subject says which authority registers: « Inscription commune de X »."""
    plain = level(letter.subject)
    return any(
        mention.explicit_type and _BEFORE.search(plain[: mention.start])
        for mention in territory.mentions(letter.subject)
    )


def _says_to_register(letter: Letter, territory: Territory) -> bool:
    """Whether an authority, and no body, is the one of which a sentence says that it registers."""
    plain = level(letter.body).replace("\n", " ")
    bodies = [(body.start, body.end) for body in territory.bodies(letter.body)]
    return any(
        mention.explicit_type
        and not determines_body(plain, mention, bodies)
        and _states(plain[max(0, mention.start - 70) : mention.start], plain[mention.end :])
        for mention in territory.mentions(letter.body)
    )


def _without_namesakes(speaker: Speaker, letter: Letter, territory: Territory) -> Speaker:
    """The speaker, unless the place is one of the same name elsewhere, or may be."""
    if speaker.institution is None:
        return speaker
    doubt = namesake(speaker.institution, letter, territory)
    if doubt is Doubt.NONE:
        return speaker
    named = speaker.institution.name if doubt is Doubt.CERTAIN else ""
    return Speaker(None, speaker.candidates, named)


def _named(candidates: list[Candidate], letter: Letter, territory: Territory) -> Speaker:
    """The best candidate; what is named after a village is asked about, being none itself."""
    outside = unknown(letter, territory)
    village = village_authority(outside, territory)
    if village is None or (candidates and candidates[0].stated):
        return _decided(candidates, outside)
    return Speaker(None, (Candidate(village, float(Weight.STATEMENT), stated=True), *candidates))


def _decided(candidates: list[Candidate], outside: str) -> Speaker:
    if outside and not (candidates and candidates[0].stated):
        return Speaker(None, tuple(candidates), outside)
    if not candidates or candidates[0].score <= Weight.PASSING:
        return Speaker(None, tuple(candidates), outside)
    best = candidates[0]
    clear = len(candidates) == 1 or best.score - candidates[1].score >= MARGIN
    return Speaker(best.authority if clear else None, tuple(candidates))


class _Scale:
    """The strongest evidence of each kind for each institution."""

    def __init__(self) -> None:
        self._found: dict[Authority, dict[Weight, float]] = defaultdict(dict)

    def add(self, authority: Authority, source: Weight, factor: float) -> None:
        kinds = self._found[authority]
        kinds[source] = max(kinds.get(source, 0.0), factor * source)

    def support(self, types: set[AuthorityType]) -> None:
        """Strengthen the institutions already found that are of one of these types."""
        for authority in list(self._found):
            if authority.type in types:
                self.add(authority, Weight.TYPE, 1)

    def candidates(self) -> list[Candidate]:
        stated = {Weight.FORM, Weight.STATEMENT}
        found = [
            Candidate(authority, sum(kinds.values()), bool(stated & kinds.keys()))
            for authority, kinds in self._found.items()
        ]
        return sorted(found, key=lambda candidate: -candidate.score)


Evidence = tuple[Mention, Weight, float]


def _evidence(letter: Letter, territory: Territory) -> Iterator[Evidence]:
    filled_in = read_form(letter.text).get(Label.INSTITUTION, "")
    yield from _plain(filled_in, Weight.FORM, territory)
    yield from _in_body(letter.body, territory)
    yield from _in_signature(letter.signature, territory)
    yield from _plain(letter.subject, Weight.SUBJECT, territory)
    yield from _plain(letter.sender_name, Weight.NAME, territory)


def _plain(text: str, source: Weight, territory: Territory) -> Iterator[Evidence]:
    for mention in territory.mentions(text):
        if mention.named:
            yield mention, source, 1 if mention.explicit_type else _UNTYPED


def _in_body(body: str, territory: Territory) -> Iterator[Evidence]:
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
            yield mention, Weight.PASSING, _UNTYPED
            continue
        if _makes_up(plain, mentions, index):
            continue
        if _GIVEN.search(before) or _explains(plain, mentions, index):
            yield mention, Weight.PASSING, 1
            continue
        if _ALREADY_MEMBER.match(after) or _is_platform(mention, before):
            continue
        states = _states(before, after) or _alone(plain, body, mention)
        source = Weight.STATEMENT if states else Weight.PASSING
        yield mention, source, 1 if mention.explicit_type else _UNTYPED


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


def _states(before: str, after: str) -> bool:
    return _AFTER.match(after) is not None or _BEFORE.search(before) is not None


def _is_platform(mention: Mention, before: str) -> bool:
    """« la plateforme de la Province »: mostly the host is meant, not the writer."""
    province = mention.authority.type is AuthorityType.PROVINCE
    return province and _PLATFORM.search(before) is not None


def _in_signature(signature: str, territory: Territory) -> Iterator[Evidence]:
    plain = level(signature)
    for mention in territory.mentions(signature):
        if not mention.named:
            continue
        postal = re.search(r"\b(?:b-)?\d{4} *$", plain[: mention.start]) is not None
        factor = 1.0 if mention.explicit_type else (0.25 if postal else _UNTYPED)
        yield mention, Weight.SIGNATURE, factor


def _cpas_of(authority: Authority, territory: Territory) -> Authority | None:
    if authority.type is not AuthorityType.COMMUNE:
        return None
    return next(
        (
            other
            for other in territory.authorities
            if other.type is AuthorityType.CPAS and other.code == authority.code
        ),
        None,
    )


_OWN = re.compile(r"\b(?:notre|mon|ma|nos) $")


def _own_types(letter: Letter, territory: Territory) -> set[AuthorityType]:
    """The types that the writer calls her own ("notre CPAS")."""
    plain = level(letter.text)
    return {
        mention.type
        for mention in territory.types(letter.text)
        if _OWN.search(plain[max(0, mention.start - 8) : mention.start])
    }


_DOMAIN_WORDS = re.compile(r"^(?:www|mail|info|commune|ville|ac|adm|admin|administration)[.-]")


def _by_domain(letter: Letter, territory: Territory) -> list[Authority]:
    """What the sender's domain sounds like."""
    found = domain_authority(letter.sender_address.rpartition("@")[2], territory)
    return [found] if found else []


def domain_authority(domain: str, territory: Territory) -> Authority | None:
    """What a domain sounds like: "cpas-hotton.example" is the CPAS of Hotton."""
    spoken = re.sub(r"[.-]+", " ", _DOMAIN_WORDS.sub("", domain.rpartition(".")[0])).strip()
    if not spoken:
        return None
    typed = re.sub(r"^(cpas|zp) ?(.+)$", r"\1 de \2", re.sub(r"^(.+) (cpas)$", r"\2 \1", spoken))
    # Mail addresses are in small letters, and the name of a place is searched in capitals too.
    for wording in (typed, typed.title()):
        found = [match.authority for match in territory.find(wording) if match.score >= 0.8]
        if found:
            return found[0]
    return None
