"""Facts about third persons that are never broadcast.

GDPR art. 9 (health), 10 (offences) and 87 (national number); acceptance row B30.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.reading.letters import level
from handlers.reading.people import find_names


class Sensitivity(StrEnum):
    """Why a passage must not be passed on."""

    HEALTH = "health"
    SANCTION = "sanction"
    JUSTICE = "justice"
    DEBT = "debt"
    FAMILY = "family"
    NATIONAL_NUMBER = "national number"
    NAME = "name"
    """A third person named beside such a fact."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that must not be passed on."""

    kind: Sensitivity
    start: int
    end: int


_WORDS = {
    Sensitivity.HEALTH: r"malad(?:e|es|ie|ies)|conge (?:de )?maladie|burn[ -]?out|depressi(?:on"
    r"|ve|f)|cancer\w*"
    r"|hospitali[sz]\w+|oper(?:ee?|ation) (?:du|de la|des|chirurg\w+)|chimio\w*|covid\w*|grossesse"
    r"|enceinte|conge de maternite|ecartement prophylactique|accident(?:ee?)? (?:du|de|cardi)\w*"
    r"|certificat medical|incapacite(?: de travail)?|invalidite|handicap\w*|medica(?:l|le|ux"
    r"|ment\w*)"
    r"|soigne\w*|infarctus|avc|alcool\w*|suicid\w*|tentative|infirm\w+ (?:grave|definiti)\w*"
    r"|souffr\w+ d\w+"
    r"|sante (?:fragile|precaire|mentale)|convalescen\w+|fracture\w*|mi-temps medical",
    Sensitivity.SANCTION: r"sanction\w*|disciplin\w+|suspendue? (?:de ses fonctions|preventi\w+)"
    r"|licenci\w+"
    r"|blame|mis(?:e)? a pied|faute (?:grave|professionnelle)|vol(?:e|ait)? (?:de|dans) la caisse"
    r"|harcel\w+"
    r"|procedure contre|revoque\w*|demise? d'office|ecartee? (?:de|pour)",
    Sensitivity.JUSTICE: r"prison\w*|condamn\w+|casier judiciaire|inculp\w+|detenue?s?"
    r"|incarcer\w+|bracelet"
    r" electronique|poursuivie? (?:pour|par)|liberation conditionnelle",
    Sensitivity.DEBT: r"reglement collectif|mediation de dettes|surendett\w+|faillite personnelle"
    r"|endettee?s?"
    r"|saisie sur salaire",
    Sensitivity.FAMILY: r"en (?:plein )?divorce|son divorce|deces de (?:son|sa|ses)|deuil",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _WORDS.items()}
# National register number: year, month, day, order, check (with or without marks).
_NATIONAL = re.compile(
    r"(?<![\d/])(?:\d{2}[./ ]\d{2}[./ ]\d{2}[- .]\s?\d{3}[. -]\d{2}"
    r"|\d{6}[- ]\d{3}[. -]?\d{2})(?!\d)"
)
_LABELLED = re.compile(
    r"\b(?:nn|niss|registre national|rn)\s?(?:n[°o])?\s?:?\s?(?P<number>[\d][\d .-]{9,16}\d)"
)
# « congé de maladie » as a subject of work, not of a person ("service maladie", "assurance …").
_HARMLESS = re.compile(
    r"(?:assurance|materiel|lit|fauteuil|equipement|personnel|service|secretariat|visite|controle"
    r"|registre"
    r"|dossiers?|aide|regime|cabinet|maison|archive\w*|centre|conseil de|chambre)s? (?:\w+ )?$"
)


def find_sensitive(text: str) -> list[Passage]:
    """The passages of a text that tell something sensitive of somebody, in order."""
    plain = level(text)
    numbers = [Passage(Sensitivity.NATIONAL_NUMBER, *span) for span in _number_spans(plain)]
    facts = [
        Passage(kind, match.start(), match.end())
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(plain)
        if not _HARMLESS.search(plain[max(0, match.start() - 40) : match.start()])
    ]
    found = numbers + facts
    return sorted(found + _named_beside(text, found), key=lambda passage: passage.start)


def _number_spans(plain: str) -> set[tuple[int, int]]:
    spans = {match.span() for match in _NATIONAL.finditer(plain)}
    labelled = {match.span("number") for match in _LABELLED.finditer(plain)}
    return spans | {
        span for span in labelled if not any(a < span[1] and span[0] < b for a, b in spans)
    }


def _named_beside(text: str, found: list[Passage]) -> list[Passage]:
    """The persons named in a sentence that tells something sensitive."""
    names = []
    for name in find_names(text):
        start, end = _sentence_around(text, name.start, name.end)
        if any(start <= passage.start < end for passage in found):
            names.append(Passage(Sensitivity.NAME, name.start, name.end))
    return names


_END = re.compile(r"[.!?](?=\s+[A-ZÀ-ÖØ-Þ])|\n\s*\n")


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    before = [match.end() for match in _END.finditer(text, 0, start)]
    titles = re.compile(r"\b(?:M|Mr|Mme|Mlle)\.$")
    opened = next((at for at in reversed(before) if not titles.search(text[:at])), 0)
    after = _END.search(text, end)
    return opened, after.start() if after else len(text)


_STATEMENT = re.compile(r"\s?[:;]\s|,?\s(?:car|parce qu|puisqu|vu qu|suite a)(?=[\s'e])")


def _statement_around(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = _sentence_around(text, start, end)
    plain = level(text)
    opened = max((m.end() for m in _STATEMENT.finditer(plain, first, start)), default=first)
    closed = _STATEMENT.search(plain, end, last)
    return opened, closed.start() if closed else last


def redacted(text: str, passages: Sequence[Passage], mark: str = "[…]") -> str:
    """The text with the passages taken out, to be confirmed by its author."""
    pieces, position = [], 0
    for passage in sorted(passages, key=lambda passage: passage.start):
        if passage.end <= position:
            continue
        pieces += [text[position : max(position, passage.start)], mark]
        position = passage.end
    return "".join([*pieces, text[position:]])


def without_sentences(text: str, passages: Sequence[Passage], mark: str = "[…]") -> str:
    """The text without the statements in which the passages stand: what is left of a statement
    beside a fact often tells the fact. A colon, a semicolon or a reason begins a new one.
    """
    spans = [_statement_around(text, passage.start, passage.end) for passage in passages]
    whole = [Passage(passage.kind, *span) for passage, span in zip(passages, spans, strict=True)]
    return redacted(text, whole, f" {mark} ").strip()
