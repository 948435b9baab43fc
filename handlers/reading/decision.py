"""The decision of an authority's body: which body, which day, under which reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from handlers.reading.dates import find_periods
from handlers.reading.days import Lean
from handlers.reading.letters import level


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as a message tells it; what was not said is empty.

    ``future`` ones are announced, not taken.
    """

    body: str
    day: date | None
    reference: str
    future: bool = False


_BODIES = {
    "Conseil de l'action sociale": r"conseil de l'action sociale|\bcas\b",
    "Bureau permanent": r"bureau permanent|\bbp\b",
    "Conseil communal": r"conseil communal|conseil(?! (?:de|provincial|communal|juridique))",
    "Collège communal": r"college(?! (?:de police|provincial|de zone))",
    "Collège de police": r"college de police",
    "Conseil de police": r"conseil de police",
    "Collège provincial": r"college provincial",
    "Collège de zone": r"college de zone|conseil de zone",
}
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b") for name, words in _BODIES.items()}
_ACT = re.compile(
    r"\b(?:decision|deliberation|decid\w+|delibere\w*|seance|marqu\w+ (?:son )?accord|approuv\w+"
    r"|arret\w+"
    r"|d'accord|accord d[ue]|se prononcera|adhes\w+|extrait|pv|reunie?|resolution)\b"
)
# Without the name of a body, « séance » or « accord » may be anything.
_STRONG = re.compile(r"\b(?:decision|deliberation|extrait|pv|resolution)\b")
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?s?\b\.?|n[°o]\.?|numero|point|objet n[°o])\s*(?:interne\s*)?:?\s*"
    r"(?P<reference>(?=[\w/.-]*\d)[a-z0-9][\w/.-]*)"
)
_FUTURE = re.compile(
    r"\b(?:se prononcera|decidera|statuera|sera (?:soumis|presente|pris|adopt)\w*|prochain)"
)


_SENTENCES = re.compile(
    r"(?<=[.!?])(?<![Rr][ée]f\.)(?<![Nn]°\.)(?<!\b[Nn]r\.)(?<!\b[Aa]rt\.)(?<!\bM\.)"
    r"\s+(?=[A-ZÀ-ÖØ-Þ])|\n\s*\n"
)
_OLDEST = 30
"""Years: a decision before that is a slip (« 1926 »), and none is read from it."""


def find_decision(text: str, day: date) -> Decision | None:
    """The decision that a sentence of a text tells; a date without a year lies behind ``day``."""
    for sentence in _SENTENCES.split(text):
        plain = level(sentence)
        body = _body(plain)
        if not _ACT.search(plain) and not body:
            continue
        future = _FUTURE.search(plain) is not None
        days = _days(plain, day, Lean.NEXT if future else Lean.LAST)
        if not days or not (body or _STRONG.search(plain)):
            continue
        return Decision(body, days[0], _reference(sentence, plain), future or days[0] > day)
    return None


_SITTING = re.compile(r"\b(?:seance|reunion|zitting|sitzung) (?:publique )?(?:du|de ce|van|vom)\b")
_RECITAL = re.compile(r"^\s*(?:vu|considerant|attendu|gelet|gezien)\b", re.MULTILINE)


def find_own_decision(text: str, day: date) -> Decision | None:
    """The decision that an extract of a register is, from its head: « Extrait du registre du
    Collège communal, séance du 15 juin 2026 »; the decisions that its recitals quote are others.
    """
    plain = level(text)
    recitals = _RECITAL.search(plain)
    head = plain[: recitals.start()] if recitals else plain
    sitting = _SITTING.search(head)
    days = _days(head[sitting.end() : sitting.end() + 60], day, Lean.LAST) if sitting else []
    if not days:
        return None
    return Decision(_body(head), days[0], "", days[0] > day)


def _body(plain: str) -> str:
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(plain)), "")


def _days(plain: str, day: date, lean: Lean) -> list[date]:
    """The days told of the act: the nearest behind its words first."""
    acts = [match.end() for match in _ACT.finditer(plain)]
    acts += [match.end() for pattern in _PATTERNS.values() for match in pattern.finditer(plain)]
    near = [plain[end : end + 80] for end in sorted(acts)] + [plain]
    for piece in near:
        told = re.sub(
            r"\b(?:decision|deliberation|seance|college|conseil|bureau|date)\b", "x", piece
        )
        found = [
            p.start
            for p in find_periods(told, day, lean)
            if p.start and p.start == p.end and p.start.year >= day.year - _OLDEST
        ]
        if found:
            return found
    return []


def _reference(sentence: str, plain: str) -> str:
    """The reference behind the words of the decision; one before them counts where there is none
    behind, as in « sous la réf. 12, le Collège a décidé ».
    """
    acts = [_ACT, *_PATTERNS.values()]
    starts = [found.start() for pattern in acts if (found := pattern.search(plain))]
    match = _REFERENCE.search(plain, min(starts, default=0)) or _REFERENCE.search(plain)
    return sentence[match.start("reference") : match.end("reference")].rstrip(".") if match else ""


def find_reference(text: str) -> str:
    """The reference that a text introduces as one: « réf. 2026/114 »; empty without one."""
    return _reference(text, level(text))
