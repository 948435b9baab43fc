"""The day on which a change takes effect, as letters say it."""

from __future__ import annotations

import re
from datetime import date

from handlers.reading.dates import find_periods
from handlers.reading.letter import Letter
from handlers.reading.letters import level

_DECIDED_ON = re.compile(
    r"\b(?:decision|decide\w*|delibera\w+|seance|reunion|vote\w*|courrier|lettre|beslis\w+"
    r"|beslot\w*|zitting|beschluss|beschlossen|sitzung|decided|meeting)\b"
    r"[^.;()\d]{0,60}?\b(?:du|le|en date du|van|op|vom|am|of|on) (?:\w{1,9}day )?"
    r"(?:\d{1,2}(?:er|\.)?[ /.-](?:\d{1,2}|[a-z]{3,10})(?:[ /.-]\d{2,4}\b)?)"
    r"|\b(?:college|conseil)(?: \w+){0,3} du \d{1,2}(?:er)?[ /.-](?:\d{1,2}|[a-z]{3,10})"
    r"(?:[ /.-]\d{2,4}\b)?"
)
"""When something was decided is not when it takes effect."""


def without_decisions(sentence: str) -> str:
    """A sentence without the days on which something was decided or written."""
    for decision in _DECIDED_ON.finditer(level(sentence)):
        blank = " " * (decision.end() - decision.start())
        sentence = sentence[: decision.start()] + blank + sentence[decision.end() :]
    return sentence


_CHANGES = re.compile(
    r"\b(?:pension\w*|retraite\w*|rempla\w+|quitt\w+|change\w*|repren\w+|succe\w+|design\w+"
    r"|fonctions?|part|pars|partirai|service|releve|relais|flambeau|plus en charge|utilisat\w+"
    r"|plateforme|plate-forme|joignable|adresse)\b"
)
_FROM = re.compile(
    r"\b(?:a (?:partir|compter|dater) (?:du|de)|des(?: le)?|avec effet (?:au|le)|prend cours le"
    r"|effet (?:au|le)) ?(?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?(?=\d)"
)


def change_day(letter: Letter, today: date) -> date | None:
    """The day to come from which another user acts; None where the letter names no one day."""
    told = [
        without_decisions(sentence)
        for sentence in letter.sentences
        if _CHANGES.search(level(sentence))
    ]
    exact = _days(
        [one[match.start() :] for one in told for match in _FROM.finditer(level(one))], today
    )
    days = exact[:1] or sorted(set(_days(told, today)))
    return days[0] if len(days) == 1 else None


def _days(sentences: list[str], today: date) -> list[date]:
    periods = (period for one in sentences for period in find_periods(one, today))
    days = ((p.start or p.end) for p in periods if not p.faults)
    return [day for day in days if day is not None and day > today]
