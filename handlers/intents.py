"""Free-form mail in French to what it wants and what it tells: pure functions.

Cautious on purpose: where nothing clear is said, or two things are, the intent is a question that
a person answers. Better ask than wrongly accept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from config.territory import Territory
from handlers.reading import cues
from handlers.reading.absence import is_absence
from handlers.reading.advertising import is_advertising
from handlers.reading.amounts import FoundAmount, find_amounts
from handlers.reading.announcement import Announcement, read_announcement
from handlers.reading.cues import Intent
from handlers.reading.dates import Period, find_period
from handlers.reading.decision import Decision, find_decision
from handlers.reading.evidence import names_a_user
from handlers.reading.form import without_declined
from handlers.reading.letter import Letter, open_letter
from handlers.reading.letters import level, tidy
from handlers.reading.outsiders import wants_in
from handlers.reading.references import REFERENCE, announcement_number, central_name
from handlers.reading.registration import Registration, read_registration
from handlers.reading.rivals import TAKES_OR_DECLINES, THRESHOLD, points_to_annex
from handlers.reading.weighing import asks_to_join, weights_of

__all__ = ["Intent", "Understanding", "understand"]

LEAD = 1.25
"""By how much it must outweigh the next one."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a message.

    ``confidence`` is from 0 to 1, and 0 for a question. ``also`` are other intents that were seen.
    ``registration`` is always there: it tells whose message it is; ``announcement`` is there for
    a demand, an offer or an answer to one. ``references`` are numbers of ours as typed
    ("CMD-2026-0031"), ``announcement_number`` the announcement named.
    """

    intent: Intent
    confidence: float
    registration: Registration
    announcement: Announcement | None = None
    announcement_number: int | None = None
    decision: Decision | None = None
    central: str = ""
    period: Period | None = None
    amounts: tuple[FoundAmount, ...] = ()
    references: tuple[str, ...] = ()
    also: tuple[Intent, ...] = field(default=())


def understand(
    subject: str,
    text: str,
    sender_address: str,
    sender_name: str,
    day: date,
    territory: Territory,
    mailing: int = 0,
    centrals: Sequence[str] = (),
    attached: Sequence[str] = (),
    from_member: bool | None = None,
) -> Understanding:
    """Read a message written on ``day``; ``text`` holds its signature, quotations set aside.
    ``mailing`` counts what the form of the mail shows of a mailing to many; ``centrals`` are the
    names of the purchasing centrals, ``attached`` those of the files that came with it.
    ``from_member`` tells whether the writer is on file: who is not, more likely wants to be.
    """
    letter = open_letter(subject, text, sender_address, sender_name)
    letter = replace(letter, from_member=from_member)
    registration = read_registration(letter, territory)
    asked = replace(letter, body=without_declined(letter.body))
    intent, confidence, also = _intent(
        _spelt_out(_entitled(asked, attached), centrals), subject, mailing
    )
    if intent is Intent.REGISTER and Intent.CATALOGUE in also and registration.outside:
        # What is open to everybody is given to whoever may not take part.
        intent = Intent.CATALOGUE
    if intent in _BESIDE_JOINING and _may_not_join(registration, letter, territory):
        intent = Intent.REGISTER
    told = f"{letter.subject}\n\n{letter.body}"
    return Understanding(
        intent=intent,
        confidence=confidence,
        registration=registration,
        announcement=read_announcement(letter, day) if _is_about_help(intent) else None,
        announcement_number=announcement_number(told),
        decision=find_decision(letter.body, day) or find_decision(letter.subject, day),
        central=central_name(told),
        period=find_period(letter.body, day),
        amounts=tuple(find_amounts(told)),
        references=tuple(dict.fromkeys(REFERENCE.findall(tidy(told)))),
        also=also,
    )


def _may_not_join(registration: Registration, letter: Letter, territory: Territory) -> bool:
    """Whether somebody who may not take part asks whether they may: they are told that they may
    not, whatever else they would like.
    """
    if registration.body:
        return wants_in(letter, territory)
    return bool(registration.outside) and asks_to_join(letter)


_BESIDE_JOINING = frozenset({Intent.ANNOUNCEMENT, Intent.HELP, Intent.QUESTION})
"""What a body that is no authority may want beside joining, and is refused with it."""
_SHORT = 160
_SEPARATORS = re.compile(r"[_.\-]+|\.\w{2,4}$")


def _entitled(letter: Letter, attached: Sequence[str]) -> Letter:
    """A letter that only says « voir annexe », under the name of what is attached."""
    if not attached or len(letter.body) > _SHORT or not points_to_annex(letter.body):
        return letter
    titles = " ; ".join(_SEPARATORS.sub(" ", name) for name in attached[:3])
    return replace(letter, subject=f"{letter.subject} : {titles}")


def _spelt_out(letter: Letter, centrals: Sequence[str]) -> Letter:
    """The letter with « centrale » before the name of one: « adhésion à Smart » is one to it."""
    if not centrals:
        return letter
    names = "|".join(re.escape(name) for name in centrals)
    bare = re.compile(
        rf"(?<![-\w@.+«\"])(?<!centrale )(?<!achats )(?<!achat )(?:{names})(?![-\w@]|\.\w)"
    )
    words = partial(bare.sub, lambda match: f"centrale {match.group()}")
    return replace(letter, subject=words(letter.subject), body=words(letter.body))


def _is_about_help(intent: Intent) -> bool:
    return intent in {Intent.ANNOUNCEMENT, Intent.ANNOUNCEMENT_ANSWER}


Judged = tuple[Intent, float, tuple[Intent, ...]]


def _intent(letter: Letter, raw_subject: str, mailing: int) -> Judged:
    machine = _from_machine(letter, mailing) or _obvious(letter, raw_subject)
    if machine is not None:
        return machine, 1.0, ()
    found = _heaviest(weights_of(letter))
    if found[0] is Intent.QUESTION and not found[2] and _answers_announcement(letter, raw_subject):
        return Intent.ANNOUNCEMENT_ANSWER, 0.5, ()
    return found


def _answers_announcement(letter: Letter, raw_subject: str) -> bool:
    """Whether the subject is that of one of our announcements, answered, and something is said."""
    if _YOUR_ANNOUNCEMENT.match(level(letter.subject)):
        return TAKES_OR_DECLINES.search(level(letter.body)) is not None
    answered = level(raw_subject).lstrip().startswith(("re:", "re :", "aw:", "antw:"))
    return answered and bool(letter.body) and announcement_number(letter.subject) is not None


_YOUR_ANNOUNCEMENT = re.compile(
    r"\W*(?:pour |concerne :? ?)?(?:votre|vos|ton|ta|leur) (?:\w+ )?(?:annonce|demande|recherche"
    r"|appel"
    r"|offre|proposition|besoin)\b"
)


def _from_machine(letter: Letter, mailing: int) -> Intent | None:
    """Mail that no person wrote, as far as words and address tell."""
    plain = level(letter.text)
    if cues.BOUNCE_SENDER.match(letter.sender_address):
        return Intent.BOUNCE
    if cues.RETURNED.search(plain) and cues.SERVER_CODE.search(plain):
        return Intent.BOUNCE
    subject = level(letter.subject)
    if cues.AUTO_REPLY.search(subject) or cues.AUTO_REPLY.search(plain):
        return Intent.AUTO_REPLY
    if cues.AWAY_SUBJECT.match(subject):
        return Intent.AUTO_REPLY
    if is_absence(letter):
        return Intent.AUTO_REPLY
    if is_advertising(letter.subject, letter.text, mailing):
        return Intent.BULK
    return None


_CONSENT = re.compile(
    r"^\W*(?:oui|ok|d'accord|c'est bon|je confirme|nous confirmons|confirme|bon pour accord)\b"
    r"[\w ,'.!-]{0,60}$"
)
_ANSWERS_THERE = re.compile(
    r"\b(?:repond\w*|reponses?|remplis?|rempli\w*|complete\w*|antwoord\w*|ingevuld|antwort\w*"
    r"|ausgefullt|beantwortet|answer\w*|filled in)\b"
    r".{0,60}\b(?:dessous|ci-apres|plus bas|dans (?:le|votre) (?:texte|message|mail)"
    r"|entre (?:les|vos)"
    r"|sous (?:les|vos|chaque)|hieronder|onder|unten|unter|below|inline|bleu|rouge|gras)\b"
    r"|\b(?:voici|voir|trouver\w*) (?:ci-\w+ )?(?:nos|mes|les) reponses\b"
)
_GREETING = re.compile(r"\W*(?:(?:bonjour|bonsoir|madame|monsieur|chers?|cheres?)\b.{0,40})?\W*$")
_NUMBERED = re.compile(r"(?:^|[\s(;,])\d{1,2}\s?[.):/-](?:\s|$)")
_ORDER_REFERENCE = re.compile(r"\bcmd-\d|\bcommande\b")


def _obvious(letter: Letter, raw_subject: str) -> Intent | None:
    """One word, a calendar's answer, an answer to a survey, a bare consent to an order."""
    subject, body = level(letter.subject), level(letter.body).strip()
    surveyed = cues.SURVEY_SUBJECT.search(subject) is not None and not names_a_user(letter)
    first = next((line for line in body.split("\n") if not _GREETING.match(line)), subject)
    if cues.HELP_ALONE.match(body or subject):
        return Intent.HELP
    if cues.CALENDAR_SUBJECT.match(subject):
        return Intent.CALENDAR_REPLY
    if surveyed and level(raw_subject).startswith("re"):
        return Intent.SURVEY_ANSWER
    if surveyed and _ANSWERS_THERE.search(body):
        return Intent.SURVEY_ANSWER
    if surveyed and len(_NUMBERED.findall(body)) > 1:
        return Intent.SURVEY_ANSWER
    if _CONSENT.match(first) and _ORDER_REFERENCE.search(f"{subject}\n{first}") and len(body) < 160:
        return Intent.ORDER_CONFIRM
    return None


def _heaviest(weights: dict[Intent, float]) -> Judged:
    ranked = sorted(
        ((intent, weight) for intent, weight in weights.items() if weight > 0),
        key=lambda pair: -pair[1],
    )
    if not ranked:
        return Intent.QUESTION, 0.0, ()
    (best, weight), *others = _acts_first(ranked)
    second = others[0][1] if others and others[0][0] not in _asides(best) else 0.0
    also = tuple(intent for intent, other in others if other >= THRESHOLD)
    confidence = weight / (weight + second) if weight >= THRESHOLD else 0.0
    if weight < THRESHOLD or weight - second < LEAD:
        seen = tuple(intent for intent, other in ranked if other >= THRESHOLD)
        return Intent.QUESTION, 0.0, seen
    return best, round(confidence, 2), also


_INFORMATION = frozenset({Intent.HELP, Intent.CATALOGUE, Intent.SHEET, Intent.STATISTICS})
"""What somebody may ask for beside what they do."""
_ACT = 2.5
"""What an act weighs beside which a wish for information is an aside."""


def _acts_first(ranked: list[tuple[Intent, float]]) -> list[tuple[Intent, float]]:
    """An act before a wish for information that weighs about as much."""
    (best, weight), *others = ranked
    if best in _INFORMATION:
        for place, (intent, other) in enumerate(others):
            if intent not in _INFORMATION and other >= max(_ACT, weight - LEAD):
                return [(intent, other), (best, weight), *others[:place], *others[place + 1 :]]
    return ranked


def _asides(best: Intent) -> frozenset[Intent]:
    """The intents that do not compete with another one."""
    return frozenset() if best in _INFORMATION else _INFORMATION
