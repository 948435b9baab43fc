"""Which institution a message speaks for: evidence is weighed, a domain is only a hint."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from config.territory import Authority, AuthorityType, Mention, Territory
from handlers.reading.abroad import is_abroad
from handlers.reading.bodies import Body, body_of, find_bodies, makes_body
from handlers.reading.form import Label, read_form
from handlers.reading.letter import Letter
from handlers.reading.letters import level


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


@dataclass(frozen=True, slots=True)
class NamedBody:
    """A body that is no authority; ``own`` for a legal person, ``stated`` if a sentence says so."""

    name: str
    own: bool
    stated: bool = False
    wishes: bool = False
    """Whether it is the subject of the sentence that asks."""


MARGIN = 2.0
"""The best candidate leads the next by at least this much, or nothing is decided."""

_UNTYPED = 0.75
_ITS_CPAS = 0.5
_WILL = (
    r"souhait|desir|voudr|veut|aimer|demand|s'inscri|sollicit|adher|rejoin|particip|confirm"
    r"|a (?:decide|marque|choisi|designe|besoin|pris)|cherch|recherch|peut|propose|offre|dispose"
    r"|command|passe|est (?:interess|pret|d'accord|a la recherche|a court)|met |soit|soient|serait"
    r"|manque|quitt|se (?:retir|desinscri)|ne |n'|entend|compte|nous|emprunt|preter|lance|vous"
)
_AFTER = re.compile(rf"^[^.;]{{0,25}}?\b(?:{_WILL})")
_BEFORE = re.compile(
    r"(?:inscri\w+|inscir\w*|iscri\w+|incri\w+|inscr?[ie]\w*"
    r"|enregistr\w+|adhesion|participation|affili\w+|au nom|pour le compte|au profit"
    r"|agente? (?:de|a|au|du|d')|je (?:travaille|represente|suis)|nous sommes|notre|desinscri\w+"
    r"|candidature|travaille|ici|besoin|prete\w*|secretaire|directeur|directrice|bourgmestre"
    r"|president\w*|retrait|designe\w*|collegue|utilisat\w+)"
    r"[^.;:]{0,45}$"
)
_OTHERS = re.compile(
    r"(?:voisin\w*|comme|contrairement a|a l'instar|ainsi que chez|collegues d\w*|entendu parler"
    r"|sauf|hors|rien (?:pour|a)|exemple d\w*|deja (?:a|chez|pour)|pres d\w*|vers|venant d\w*"
    r"|rencontre\w* (?:a|avec)|conseil\w* par|recommand\w* par|via|par l'intermediaire d\w*"
    r"|distinct\w* d\w*|independa\w* d\w*|difference d\w*|copie a|poste d\w*|gare d\w*"
    r"|arrondissement d\w*"
    r"|coordonnees d\w*|reunion a|seance a|fait a|bureau d\w*|antenne d\w*|formation a|salon d\w*)"
    r"(?: (?:la|le|les|l'|de|du|d'))*\s*(?:commune |ville |cpas |administration communale )?"
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
    candidates = weighed.candidates()
    body = _speaking_body(letter, territory)
    if body is not None:
        return _for_a_body(body, candidates)
    if candidates and is_abroad(letter, candidates[0].authority, territory):
        # A namesake: « Neufchâteau » is in the Vosges too.
        return Speaker(None, (), candidates[0].authority.name)
    return _decided(candidates, _outside(letter, territory))


def _speaking_body(letter: Letter, territory: Territory) -> NamedBody | None:
    """A school, a church council, a club for which a message is written; None if there is none."""
    text = letter.body.replace("\n", " ")
    plain = level(text)
    for body in find_bodies(text):
        before, after = plain[max(0, body.start - 70) : body.start], plain[body.end :]
        if _ALREADY_MEMBER.match(after):
            continue
        if _wishes(before, after):
            return NamedBody(
                text[body.start : body.end].strip(), body.own, stated=True, wishes=True
            )
        if not _OTHERS.search(before) and _states(before, after):
            return NamedBody(text[body.start : body.end].strip(), body.own, stated=True)
    for part in (letter.signature, letter.sender_name, letter.subject):
        for body in find_bodies(part):
            if _heads(part, body) or _placed(part, body, territory):
                return NamedBody(part[body.start : body.end].strip(), body.own)
    return None


def _heads(text: str, body: Body) -> bool:
    """Whether a legal person begins or ends a line, as the name of a signatory's house does."""
    before = text[: body.start].rpartition("\n")[2].strip()
    after = text[body.end :].partition("\n")[0].strip()
    return body.own and (not before or (not after and not before.endswith((",", "-", "–"))))


def _placed(text: str, body: Body, territory: Territory) -> bool:
    return any(body_of(one.start, one.end, [body]) for one in territory.mentions(text))


_BEGINS = re.compile(r"(?:^|[.!?,]\s|\b(?:bonjour|bonsoir)\W{0,3})\s*(?:l'|la |le |notre |nos )?$")
_WISH = re.compile(
    r"^[^.;?!]{0,120}?\b(?:souhait|desire|voudr|veut|aimer|demande a|s'inscri|sollicit|adhere)"
)


def _wishes(before: str, after: str) -> bool:
    """« L'agence (ASBL) créée par les communes de X et Y souhaite … »: the agency does."""
    return _BEGINS.search(before) is not None and _WISH.match(after) is not None


def _for_a_body(body: NamedBody, candidates: list[Candidate]) -> Speaker:
    """A body of its own is refused; where an authority is stated too, which one is asked."""
    stated = [candidate for candidate in candidates if candidate.stated and not body.wishes]
    if stated and not body.stated:
        return _decided(candidates, "")
    return Speaker(None, tuple(candidates), body.name if body.own and not stated else "")


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


def _own_mentions(text: str, territory: Territory) -> Iterator[Mention]:
    """The mentions that stand for their authority, not for the place of some other body."""
    bodies: list[Body] = find_bodies(text)
    for mention in territory.mentions(text):
        if not (body_of(mention.start, mention.end, bodies) or makes_body(text, mention.end)):
            yield mention


def _plain(text: str, source: Weight, territory: Territory) -> Iterator[Evidence]:
    for mention in _own_mentions(text, territory):
        if mention.named:
            yield mention, source, 1 if mention.explicit_type else _UNTYPED


def _in_body(body: str, territory: Territory) -> Iterator[Evidence]:
    plain = level(body).replace("\n", " ")
    bodies = find_bodies(body.replace("\n", " "))
    for mention in territory.mentions(body):
        if body_of(mention.start, mention.end, bodies) or makes_body(body, mention.end):
            continue
        before, after = plain[max(0, mention.start - 70) : mention.start], plain[mention.end :]
        if _OTHERS.search(before) or _ALREADY_MEMBER.match(after) or _is_platform(mention, before):
            continue
        stated = _states(before, after) or _stands_alone(body, mention)
        source = Weight.STATEMENT if stated else Weight.PASSING
        yield mention, source, 1 if mention.explicit_type else _UNTYPED


def _states(before: str, after: str) -> bool:
    return _AFTER.match(after) is not None or _BEFORE.search(before) is not None


_OPENING = re.compile(
    r"(?:^|\n\s*\n|[.!?:]\s+|\b(?:bonjour|bonsoir|madame|monsieur)\W{0,3}\n)\s*(?:pour )?"
    r"(?:la |le |l')?$"
)


def _stands_alone(body: str, mention: Mention) -> bool:
    """« La commune de Musson. »: named with its type, at the head of a message, and no more."""
    ended = re.match(r"[ \t]*(?:[,.;!]|\n|$)", body[mention.end :]) is not None
    headed = _OPENING.search(level(body[max(0, mention.start - 60) : mention.start])) is not None
    return mention.explicit_type and mention.named and ended and headed


def _is_platform(mention: Mention, before: str) -> bool:
    """« la plateforme de la Province »: mostly the host is meant, not the writer."""
    province = mention.authority.type is AuthorityType.PROVINCE
    return province and _PLATFORM.search(before) is not None


def _in_signature(signature: str, territory: Territory) -> Iterator[Evidence]:
    plain = level(signature)
    for mention in _own_mentions(signature, territory):
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


_NAMED = re.compile(
    r"\b(?:communes?|ville|administration communale|cpas|centre public d'action sociale"
    r"|zone de police|zone de secours|province|provincie|gemeente|gemeinde|stadt|stad|ocmw"
    r"|intercommunale|asbl|parc naturel|fabrique d'eglise)"
    r"(?: (?:de la|de|du|des|d'|l'|la|le|van|der))? ?"
)
_PROPER = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]+(?:[ -](?:sur|lez|la|le|de|en|[A-ZÀ-ÖØ-Þ][\w’'-]+))*")
_TYPES = (
    (r"commune|ville|administration communale|gemeente|gemeinde|stad", "commune", "Commune de {}"),
    (r"cpas|centre public|ocmw", "cpas", "CPAS de {}"),
    (r"zone de police", "zone_police", "Zone de police {}"),
    (r"zone de secours", "zone_secours", "Zone de secours {}"),
    (r"province|provincie", "province", "Province de {}"),
)


@dataclass(frozen=True, slots=True)
class Outsider:
    """An authority, or an organisation, that is not of the territory."""

    name: str
    type: str


def outsider(named: str) -> Outsider:
    """What was named, in the usual form: « administration communale de X » is a commune."""
    kind = _NAMED.match(level(named))
    if kind is not None:
        for words, type_, usual in _TYPES:
            if re.match(words, kind.group()):
                return Outsider(usual.format(named[kind.end() :].strip()), type_)
    return Outsider(named, "autre")


_FOREIGN = re.compile(r"\bgrand[- ]duche\b")
_PRIVATE = re.compile(r"\b(?:consultante? independante?|srl|sprl|s\.a\.|bureau d'etudes)\b")


def _outside(letter: Letter, territory: Territory) -> str:
    """An authority named by its type that the territory does not know, or a private firm."""
    for part in (letter.text, letter.subject, letter.sender_name):
        named = _unknown_name(part, territory)
        if named:
            return named
    plain = level(letter.text)
    foreign = _FOREIGN.search(plain) or _PRIVATE.search(plain)
    return letter.text[foreign.start() : foreign.end()] if foreign else ""


def _unknown_name(text: str, territory: Territory) -> str:
    known = [(mention.start, mention.end) for mention in territory.mentions(text)]
    for match in _NAMED.finditer(level(text)):
        proper = _PROPER.match(text, match.end())
        if not proper or level(proper.group()).startswith("luxembourg"):
            continue
        if not any(start < proper.end() and match.start() < end for start, end in known):
            return text[match.start() : proper.end()].strip()
    return ""
