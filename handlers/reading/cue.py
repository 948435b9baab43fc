"""What a cue is: words that point to an intent, said in a mood in which they count.

A cue of an *act* (to register, to order, to leave) counts only in a clause that says it: who asks
how to do it, denies it or supposes it, does not do it. A wish for information counts in a question
and behind an « if » as well: nothing is bound by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from textwrap import dedent

from handlers.reading.modality import Mood


class Intent(StrEnum):
    """What a message wants."""

    REGISTER = "register"
    CHANGE_USER = "change_user"
    DEPUTY = "deputy"
    LEAVE = "leave"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_ANSWER = "announcement_answer"
    CATALOGUE = "catalogue"
    SHEET = "sheet"
    TEMPLATE_REQUEST = "template_request"
    JOIN_CENTRAL = "join_central"
    ORDER = "order"
    ORDER_CONFIRM = "order_confirm"
    ORDER_STATUS = "order_status"
    STATISTICS = "statistics"
    SURVEY_ANSWER = "survey_answer"
    CALENDAR_REPLY = "calendar_reply"
    HELP = "help"
    QUESTION = "question"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    BULK = "bulk"


SAID = frozenset({Mood.SAID})
ASKED = frozenset({Mood.ASKED})
OPEN = frozenset({Mood.SAID, Mood.ASKED})
WISHED = OPEN | {Mood.SUPPOSED}
"""« Si vous avez un modèle… » asks for it."""
DENIED = frozenset({Mood.DENIED})
"""« Ne plus participer » is an act in the form of a denial."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that point to an intent when said in one of ``moods``."""

    intent: Intent
    weight: float
    pattern: re.Pattern[str]
    moods: frozenset[Mood]


# Names for groups of words that many cues share; each stands for one group of alternatives.
_GROUPS = {
    "PLATFORM": (
        r"(?:[\w'-]+ ){0,4}?(?:e-?\s?)?"
        r"(?:plate-?\s?forme|platforme|reseau|systeme|service|initiative|projet|dispositif)"
    ),
    "REGISTERED": r"(?:[\w'-]+ ){0,4}?(?:e-?\s?)?(?:plate-?\s?forme|platforme|reseau)",
    "CONTACT": (
        r"(?:utilisat\w+|personne (?:designee|de contact|de reference|ressource|relais)"
        r"|referente?|correspondante?|(?:point|adresse|agent) de contact|interlocut\w+"
        r"|gebruiker|contactpersoon|ansprechpartner\w*|kontaktperson|contact person)"
    ),
    "WISH": r"(?:souhait|desir|voudr|veu[tx]|veul|voul|aimer|demand|sollicit|compt|entend)\w*",
    "BODY": (
        r"(?:commune|ville|cpas|zone|province|administration|institution|college|conseil"
        r"|collectivite|organisme)"
    ),
}


def cue(intent: Intent, weight: float, moods: frozenset[Mood], alternatives: str) -> Cue:
    """A cue from its wordings, one a line, over levelled text; a blank stands for any spacing. A
    line that is indented under another goes on with it.
    """
    lines = re.sub(r"\n +", "", dedent(alternatives.rstrip()).strip()).replace("\n", "|")
    for name, group in _GROUPS.items():
        lines = lines.replace(name, group)
    spaced = lines.replace(" ?", r"\s*").replace(" ", r"\s+")
    return Cue(intent, weight, re.compile(rf"(?<!\w)(?:{spaced})"), moods)
