"""Which institution a message speaks for: evidence is weighed, a domain is only a hint."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from config.territory import Authority, AuthorityType, Mention, Territory
from handlers.reading.form import Label, read_form
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.naming import BEFORE_OWN, states, told_in
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
        mention.explicit_type and BEFORE_OWN.search(plain[: mention.start])
        for mention in territory.mentions(letter.subject)
    )


def _says_to_register(letter: Letter, territory: Territory) -> bool:
    """Whether an authority, and no body, is the one of which a sentence says that it registers."""
    plain = level(letter.body).replace("\n", " ")
    bodies = [(body.start, body.end) for body in territory.bodies(letter.body)]
    return any(
        mention.explicit_type
        and not determines_body(plain, mention, bodies)
        and states(plain[max(0, mention.start - 70) : mention.start], plain[mention.end :])
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
    for mention, stated in told_in(body, territory):
        source = Weight.STATEMENT if stated else Weight.PASSING
        yield mention, source, 1 if mention.explicit_type else _UNTYPED


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
