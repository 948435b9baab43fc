"""Decisions of a College or Council as letters cite them: a date and a reference."""

from __future__ import annotations

import re
from datetime import date

from handlers.reading.days import Lean, find_mentions, settle
from handlers.reading.letters import level

_DECISION = re.compile(
    r"\b(?:decisions?|deliberations?|seance|college|conseil|decide|delibere)\b"
)
_NEAR = 80
"""Within how many characters behind such a word its date stands."""
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?s?|n[o°]|numero)\s*\.?\s*:?\s*(?P<ref>[A-Za-z0-9][\w/.-]*\w)", re.IGNORECASE
)


def decision_date(text: str, day: date) -> date | None:
    """The day of a decision: the date beside a word such as « décision », else the only date.

    A date without a year is the last such date before ``day``.
    """
    mentions = [mention for mention in find_mentions(text, day) if mention.day or mention.fixed]
    words = [match.end() for match in _DECISION.finditer(level(text))]
    beside = [m for m in mentions if any(0 <= m.start - end <= _NEAR for end in words)]
    for mention in beside or mentions:
        try:
            return settle(mention, day, Lean.LAST)[0]
        except ValueError:
            continue
    return None


def decision_reference(text: str) -> str:
    """The reference behind « réf. », « n° » or « référence »; nothing if there is none."""
    found = _REFERENCE.search(level(text))
    return text[found.start("ref") : found.end("ref")] if found else ""
