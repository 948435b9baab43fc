"""Free-form mail in French to what it wants and what it tells: pure functions.

Cautious on purpose: where nothing clear is said, or two things are, the intent is a question that
a person answers. Better ask than wrongly accept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from config.territory import Territory
from handlers.reading import cues
from handlers.reading.absence import is_absence
from handlers.reading.advertising import is_advertising
from handlers.reading.amounts import FoundAmount, find_amounts
from handlers.reading.announcement import Announcement, announces, asks_for_duty, read_announcement
from handlers.reading.cues import CUES, Intent
from handlers.reading.dates import Period, find_period
from handlers.reading.decision import Decision, find_decision
from handlers.reading.evidence import names_a_user
from handlers.reading.gists import gists, stories
from handlers.reading.letter import Letter, open_letter
from handlers.reading.letters import level, tidy
from handlers.reading.modality import Clause, clauses
from handlers.reading.registration import Registration, read_registration
from handlers.reading.rivals import REFERENCE, STRONG, THRESHOLD, settle
from handlers.reading.spelling import corrected

__all__ = ["Intent", "Understanding", "understand"]

LEAD = 1.25
"""By how much it must outweigh the next one."""
SUBJECT_FACTOR = 0.75
"""A subject is shorter and vaguer than a sentence."""


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
) -> Understanding:
    """Read a message written on ``day``; ``text`` holds its signature, quotations set aside.
    ``mailing`` counts what the form of the mail shows of a mailing to many; ``centrals`` are the
    names of the purchasing centrals.
    """
    letter = open_letter(subject, text, sender_address, sender_name)
    intent, confidence, also = _intent(_spelt_out(letter, centrals), subject, mailing)
    told = f"{letter.subject}\n\n{letter.body}"
    return Understanding(
        intent=intent,
        confidence=confidence,
        registration=read_registration(letter, territory),
        announcement=read_announcement(letter, day) if _is_about_help(intent) else None,
        announcement_number=_announcement_number(told),
        decision=find_decision(letter.body, day) or find_decision(letter.subject, day),
        central=_central(told),
        period=find_period(letter.body, day),
        amounts=tuple(find_amounts(told)),
        references=tuple(dict.fromkeys(REFERENCE.findall(tidy(told)))),
        also=also,
    )


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
    found = _heaviest(_weights(letter))
    if found[0] is Intent.QUESTION and not found[2] and _answers_announcement(letter, raw_subject):
        return Intent.ANNOUNCEMENT_ANSWER, 0.5, ()
    return found


def _answers_announcement(letter: Letter, raw_subject: str) -> bool:
    """Whether the subject is that of one of our announcements, answered, and something is said."""
    answered = level(raw_subject).lstrip().startswith(("re:", "re :", "aw:", "antw:"))
    return answered and bool(letter.body) and _announcement_number(letter.subject) is not None


def _from_machine(letter: Letter, mailing: int) -> Intent | None:
    """Mail that no person wrote, as far as words and address tell."""
    plain = level(letter.text)
    if cues.BOUNCE_SENDER.match(letter.sender_address):
        return Intent.BOUNCE
    if cues.RETURNED.search(plain) and cues.SERVER_CODE.search(plain):
        return Intent.BOUNCE
    if cues.AUTO_REPLY.search(level(letter.subject)) or cues.AUTO_REPLY.search(plain):
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
_GREETING = re.compile(r"\W*(?:(?:bonjour|bonsoir|madame|monsieur|chers?|cheres?)\b.{0,40})?\W*$")
_NUMBERED = re.compile(r"(?:^|[\s(;,])\d{1,2}\s?[.):/-](?:\s|$)")
_ORDER_REFERENCE = re.compile(r"\bcmd-\d|\bcommande\b")


def _obvious(letter: Letter, raw_subject: str) -> Intent | None:
    """One word, a calendar's answer, an answer to a survey, a bare consent to an order."""
    subject, body = level(letter.subject), level(letter.body).strip()
    first = next((line for line in body.split("\n") if not _GREETING.match(line)), subject)
    if cues.HELP_ALONE.match(body or subject):
        return Intent.HELP
    if cues.CALENDAR_SUBJECT.match(subject):
        return Intent.CALENDAR_REPLY
    if cues.SURVEY_SUBJECT.search(subject) and level(raw_subject).startswith("re"):
        return Intent.SURVEY_ANSWER
    if cues.SURVEY_SUBJECT.search(subject) and len(_NUMBERED.findall(body)) > 1:
        return Intent.SURVEY_ANSWER
    if _CONSENT.match(first) and _ORDER_REFERENCE.search(f"{subject}\n{first}") and len(body) < 160:
        return Intent.ORDER_CONFIRM
    return None


def _weights(letter: Letter) -> dict[Intent, float]:
    weights: dict[Intent, float] = defaultdict(float)
    for sentence in letter.sentences:
        for intent, weight in _sentence_weights(sentence).items():
            weights[intent] += weight
    told = [clause for sentence in letter.sentences for clause in clauses(sentence)]
    for intent, weight in stories(told):
        weights[intent] = max(weights[intent], weight)
    taken_back = _not_said(letter) - weights.keys()
    for intent, weight in _subject_weights(letter.subject).items():
        if intent not in taken_back:
            weights[intent] += weight * SUBJECT_FACTOR
    return _related(weights, letter)


def _not_said(letter: Letter) -> set[Intent]:
    """The acts that the body denies, supposes or asks about; a subject only names them."""
    return {
        cue.intent
        for sentence in letter.sentences
        for clause in clauses(sentence)
        for cue in CUES
        if clause.mood not in cue.moods and cue.pattern.search(clause.text)
    }


def _sentence_weights(sentence: str) -> dict[Intent, float]:
    found: dict[Intent, float] = {}
    for clause in [*(parts := clauses(sentence)), *_with_heading(sentence, parts)]:
        for intent, weight in _clause_weights(clause):
            found[intent] = max(found.get(intent, 0), weight)
    if cues.OTHER_REGISTRATION.search(level(sentence)):
        found.pop(Intent.REGISTER, None)
    return _sharpened(found)


def _with_heading(sentence: str, parts: list[Clause]) -> list[Clause]:
    """« À céder : vingt bureaux » is one thing said, though a colon parts it."""
    if ":" not in sentence or len(parts) != _HEADED or any(not part.counts for part in parts):
        return []
    return [replace(parts[0], text=" ".join(part.text for part in parts))]


_HEADED = 2


def _clause_weights(clause: Clause) -> Iterator[tuple[Intent, float]]:
    clause = replace(clause, text=_DESCRIBED.sub(r"\1", clause.text))
    words = corrected(clause.text)
    for cue in CUES:
        if cue.intent is Intent.ORDER_STATUS and asks_for_duty(words):
            continue
        if clause.mood in cue.moods and cue.pattern.search(words):
            yield cue.intent, cue.weight
    yield from gists(clause, words)
    weight = announces(clause)
    if weight:
        yield Intent.ANNOUNCEMENT, weight


_DESCRIBED = re.compile(
    r"(\b(?:plate-?\s?formes?|platform\w*|reseau|systeme|portail|portal|dispositif)\b)"
    r",? (?:\w+ ){0,2}(?:qui|ou|permettant|destinee?|sur laquelle|par laquelle|grace a laquelle|dont"
    r"|waar\w*|auf de[rm]|uber die|wo|where|that|which|on which) .*$"
)
"""What the platform is said to be for is wanted by nobody."""


def _subject_weights(subject: str) -> dict[Intent, float]:
    """A subject is a heading: « Centrale Smart : adhésion de la commune » is one thing said."""
    found = _sentence_weights(subject)
    for intent, weight in _sentence_weights(_HEADING.sub(" ", subject)).items():
        found[intent] = max(found.get(intent, 0), weight)
    return _sharpened(found)


_HEADING = re.compile(r"\s*(?:[:;/|]|\s[-–—])\s+")


_NARROWER = {
    Intent.JOIN_CENTRAL: (Intent.REGISTER,),
    Intent.LEAVE: (Intent.REGISTER, Intent.JOIN_CENTRAL),
    Intent.CHANGE_USER: (Intent.REGISTER, Intent.DEPUTY, Intent.ANNOUNCEMENT),
    Intent.DEPUTY: (
        *(Intent.REGISTER, Intent.ANNOUNCEMENT, Intent.ORDER, Intent.ORDER_CONFIRM),
        Intent.ANNOUNCEMENT_ANSWER,
    ),
    Intent.REGISTER: (Intent.ANNOUNCEMENT,),
    Intent.ANNOUNCEMENT_ANSWER: (Intent.ANNOUNCEMENT, Intent.CATALOGUE),
    Intent.ORDER: (Intent.ANNOUNCEMENT, Intent.CATALOGUE),
    Intent.ORDER_CONFIRM: (Intent.ORDER, Intent.CATALOGUE),
    Intent.ORDER_STATUS: (Intent.ORDER, Intent.HELP, Intent.ANNOUNCEMENT, Intent.CATALOGUE),
    Intent.SHEET: (Intent.CATALOGUE, Intent.ANNOUNCEMENT),
    Intent.CATALOGUE: (Intent.ANNOUNCEMENT, Intent.HELP),
    Intent.TEMPLATE_REQUEST: (Intent.ANNOUNCEMENT,),
    Intent.STATISTICS: (Intent.ANNOUNCEMENT, Intent.ORDER, Intent.ORDER_STATUS),
    Intent.HELP: (Intent.ORDER_STATUS, Intent.ANNOUNCEMENT),
}


def _sharpened(found: dict[Intent, float]) -> dict[Intent, float]:
    """In one sentence the narrower reading of the same words wins."""
    for narrow, wide in _NARROWER.items():
        if narrow in found:
            found = {key: value for key, value in found.items() if key not in wide}
    return found


def _related(weights: dict[Intent, float], letter: Letter) -> dict[Intent, float]:
    """What the whole message says about its parts."""
    told = level(f"{letter.subject}\n{letter.text}")
    if _announcement_number(told) is not None and weights[Intent.ANNOUNCEMENT]:
        weights[Intent.ANNOUNCEMENT_ANSWER] += weights.pop(Intent.ANNOUNCEMENT) + 1
    if _answers_by_number(letter):
        weights[Intent.ANNOUNCEMENT_ANSWER] += 3
        weights.pop(Intent.ANNOUNCEMENT, None)
    if weights[Intent.REGISTER] >= THRESHOLD:
        # Who wants to take part and asks how, is told what is still missing.
        weights.pop(Intent.HELP, None)
    if weights[Intent.LEAVE]:
        weights.pop(Intent.REGISTER, None)
    to_central = weights[Intent.JOIN_CENTRAL] >= 4 and not _PLATFORM.search(level(told))
    if to_central or weights[Intent.JOIN_CENTRAL] > weights[Intent.REGISTER]:
        weights.pop(Intent.REGISTER, None)
    if weights[Intent.CHANGE_USER] >= max(THRESHOLD, weights[Intent.REGISTER]):
        weights.pop(Intent.REGISTER, None)
    if weights[Intent.REGISTER] >= STRONG:
        # A registration may name a deputy and tell what its writer would like to find.
        weights.pop(Intent.DEPUTY, None)
    if names_a_user(letter) and weights[Intent.CHANGE_USER] < THRESHOLD:
        weights[Intent.REGISTER] += 1.5
    if (
        weights[Intent.ORDER_STATUS]
        and _OF_A_REGISTRATION.search(told)
        and not _ORDERS.search(told)
    ):
        # « Où en est notre inscription ? » is told what became of it.
        weights[Intent.REGISTER] += weights.pop(Intent.ORDER_STATUS)
    if weights[Intent.ORDER] and not weights[Intent.JOIN_CENTRAL] and _ATTACHED.search(told):
        weights[Intent.ORDER] += 2
    settle(weights, letter)
    return weights


_OF_A_REGISTRATION = re.compile(
    r"\b(?:inscription|affiliation|inschrijving|anmeldung|registration)\b"
)
_ORDERS = re.compile(r"\b(?:command\w+|bon|contrat|marche|solution|bestell\w+|order)\b")
_ATTACHED = re.compile(
    r"\b(?:ci-(?:joint|annexe)\w*|en (?:annexe|pj|piece jointe)|(?:dans|voir) (?:l'|la |le )?(?:annexe|piece"
    r" jointe|pj|document joint|fichier joint)|in bijlage|bijgevoegd|im anhang|attached)\b"
)


_PLATFORM = re.compile(r"\bplate-?\s?forme|\bplatforme")
_TAKES_OR_DECLINES = re.compile(
    r"\b(?:desole|malheureusement|regret|interess|preneu|volontiers|pouvons|pourrions|pouvoir aider"
    r"|proposons|offrons|disponible|rien a|n'avons|pas en mesure|pas possible|possible pour|ok pour"
    r"|d'accord pour|prendrions|prendrait|serions|avons ce qu|helaas|leider|sorry|unfortunately)"
)
_OF_THE_AUTHOR = re.compile(
    r"\b(?:notre|mon|ma|nos) (?:annonce|demande|offre)"
    r"|\b(?:retir|clotur|supprim|annul|modifi|prolong"
    r"|pourvu|rouvr|ferm)\w*"
)


def _answers_by_number(letter: Letter) -> bool:
    """Whether a letter names an announcement and takes part in it, be it to decline."""
    plain = level(f"{letter.subject}\n{letter.body}")
    return (
        _announcement_number(plain) is not None
        and _TAKES_OR_DECLINES.search(plain) is not None
        and _OF_THE_AUTHOR.search(plain) is None
    )


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


_ANNOUNCEMENT = re.compile(
    # « demande 20 tables » tells how many, not which.
    r"\bannonce\s*(?:n\s?[°o]\.?|numero|no\.?|nr\.?)?\s*(\d{1,5})\b(?!\d|[/.]\d)"
    r"|\b(?:demande|offre)\s*(?:n\s?[°o]\.?|numero|nr\.?)\s*(\d{1,5})\b(?!\d|[/.]\d)"
    r"|\b(?:la|votre|cette|leur|l'|ta) ?(?:demande|offre) (\d{1,5})(?=\s*(?:[(),.;:]|$))(?![/.]\d)"
    r"|\ba-(?:20\d\d-)?0*(\d{1,5})\b"
)


def _announcement_number(text: str) -> int | None:
    match = _ANNOUNCEMENT.search(level(text))
    return int(next(filter(None, match.groups()))) if match else None


_CENTRAL = re.compile(
    r"[Cc]entrale(?: d['’]achats?)?(?: (?:de marchés|commune))?\s+[«\"“]?\s?"
    r"(?!Bonjour|Nous|La|Le)(?P<name>[A-ZÀ-ÖØ-Þ][\w’'-]*(?: [A-ZÀ-ÖØ-Þ0-9][\w’'-]*)*)"
)


def _central(text: str) -> str:
    """The name behind « centrale », as typed."""
    match = _CENTRAL.search(text)
    return match["name"] if match else ""
