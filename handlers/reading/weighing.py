"""How much each sentence of a letter speaks for each intent, from its cues and its gist."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers.reading import cues
from handlers.reading.announcement import announces, asks_for_duty, tells_past
from handlers.reading.concepts import concepts
from handlers.reading.cue import SAID, WISHED
from handlers.reading.cues import CUES, Intent
from handlers.reading.evidence import names_a_user
from handlers.reading.examples import known_letters
from handlers.reading.gists import gists, stories
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.modality import Clause, Mood, clauses
from handlers.reading.rivals import OF_THE_AUTHOR, STRONG, answers_by_number, settle
from handlers.reading.spelling import corrected

SUBJECT_FACTOR = 0.75
"""A subject is shorter and vaguer than a sentence."""


def weights_of(letter: Letter) -> dict[Intent, float]:
    """The weights of a whole letter, once it is settled which of two rivals is meant."""
    weights: dict[Intent, float] = defaultdict(float)
    for sentence in letter.sentences:
        for intent, weight in sentence_weights(sentence).items():
            weights[intent] += weight
    told = [clause for sentence in letter.sentences for clause in clauses(sentence)]
    for intent, weight in stories(told):
        weights[intent] = max(weights[intent], weight)
    taken_back = _not_said(letter) - weights.keys()
    for intent, weight in subject_weights(letter.subject).items():
        if intent not in taken_back:
            weights[intent] += weight * SUBJECT_FACTOR
    said = {intent for intent, weight in weights.items() if weight > 0}
    settle(weights, letter)
    settled = {intent: weight for intent, weight in weights.items() if weight > 0}
    return _with_likeness(settled, letter, settled_away=said - settled.keys())


def _with_likeness(
    weights: dict[Intent, float], letter: Letter, settled_away: set[Intent]
) -> dict[Intent, float]:
    """The weights, with what the letter resembles as one more witness.

    An act is only resembled by what the letter says outright: what it asks, denies or supposes does
    not count. What was settled not to be meant stays so.
    """
    found = dict(weights)
    ruled_out = settled_away | _not_said(letter)
    told = [clause for sentence in letter.sentences for clause in clauses(sentence)]
    for moods, allowed in ((SAID, _ACTS), (WISHED, _WISHES)):
        words = [c.text for c in told if c.mood in moods and not tells_past(c.text)]
        for intent, weight in _witness(letter.subject, " ".join(words), weights):
            if intent in allowed - ruled_out and not _is_other_matter(intent, letter):
                found[intent] = found.get(intent, 0.0) + weight
    return found


def _witness(
    subject: str, words: str, said: Mapping[Intent, float]
) -> Iterator[tuple[Intent, float]]:
    """What words weigh by what they resemble: the nearest intent most, a distant one nothing.

    In a few words, and for what no word speaks of, only a clear resemblance counts; the clearer it
    has to be where what is said leaves no doubt.
    """
    length = len(words.split())
    if length < FEW:
        return
    found = known_letters().likeness(f"{subject}\n{words}")
    long = length >= MANY
    sure = (SURE_BESIDE if _is_clear(said) else SURE) if long else SURE_OF_FEW
    outright = max(said.values(), default=0.0) >= STRONG
    for intent, nearness in found.nearness.items():
        if outright and intent is Intent.QUESTION:
            continue
        weight = (WITNESS if long else WITNESS / 2) * nearness**STEEPNESS
        told = long and (intent in said or intent is Intent.QUESTION)
        if weight >= _NOTICED and (told or found.lead >= sure):
            yield intent, weight


def asks_to_join(letter: Letter) -> bool:
    """Whether a letter asks to take part in the platform, or whether one may; and denies nowhere
    that it wants to.
    """
    told = [clause for sentence in letter.sentences for clause in clauses(sentence)]
    joining = [clause for clause in told if "join" in concepts(corrected(clause.text))]
    named = any(
        "platform" in concepts(corrected(clause.text)) for clause in joining if clause.counts
    )
    return named and all(clause.mood is not Mood.DENIED for clause in joining)


def _is_clear(weights: Mapping[Intent, float]) -> bool:
    """Whether what is said leaves no doubt by itself."""
    ranked = sorted(weights.values(), reverse=True)
    return bool(ranked) and ranked[0] >= _CLEAR and sum(ranked[1:2]) <= ranked[0] - _CLEAR / 2


_CLEAR = 2.0


_SPEAKS_OF = {
    Intent.REGISTER: "join join_in platform designate contact account list messages",
    Intent.CHANGE_USER: "take_over new gone second",
    Intent.DEPUTY: "absence act_for stand_in back",
    Intent.JOIN_CENTRAL: "central join decision",
    Intent.ORDER: "buy order_word solution amount",
    Intent.ORDER_STATUS: "order_word solution waiting until document",
    Intent.TEMPLATE_REQUEST: "model document",
    Intent.ANNOUNCEMENT: "need give thing sell relay blocked could_spare",
}
"""Of one of which a letter has to speak, whatever else it resembles."""


def _is_other_matter(intent: Intent, letter: Letter) -> bool:
    told = level(f"{letter.subject}\n{letter.body}")
    spoken_of = _SPEAKS_OF.get(intent, "").split()
    if spoken_of and not concepts(corrected(told)) & set(spoken_of):
        return True
    if intent is Intent.CHANGE_USER and letter.from_member is False and names_a_user(letter):
        # Who is on file for nobody changes nobody.
        return True
    if intent is Intent.ANNOUNCEMENT and answers_by_number(letter):
        return True
    if intent is Intent.ANNOUNCEMENT_ANSWER and OF_THE_AUTHOR.search(told):
        return True
    if intent is Intent.TEMPLATE_REQUEST and re.search(r"\bseuils?\b", told):
        return "model" not in concepts(told)
    if intent is Intent.ORDER:
        return _BILL.search(told) is not None
    return intent is Intent.REGISTER and cues.OTHER_REGISTRATION.search(told) is not None


_BILL = re.compile(
    r"\b(?:notre|ci-joint\w*|la presente|une|votre) (?:\w+ )?(?:facture|note de credit|rappel)\b"
)


FEW, MANY = 7, 16
"""Words of which a text is too short to resemble anything, and long enough to resemble easily."""
SURE, SURE_BESIDE, SURE_OF_FEW = 0.06, 0.2, 0.3
"""How far ahead the nearest intent must be to speak alone: in a long text, in one whose words are
clear and say something else, and in a short one.
"""
WITNESS, STEEPNESS = 4.0, 12
"""What the nearest intent weighs in a long text, and how steeply it falls for those behind it."""
_NOTICED = 0.05
_ACTS = frozenset(
    {
        *(Intent.REGISTER, Intent.CHANGE_USER, Intent.DEPUTY, Intent.LEAVE),
        *(Intent.JOIN_CENTRAL, Intent.ORDER),
    }
)
_WISHES = frozenset(
    {
        *(Intent.ANNOUNCEMENT, Intent.ANNOUNCEMENT_ANSWER, Intent.CATALOGUE),
        *(Intent.TEMPLATE_REQUEST, Intent.ORDER_STATUS, Intent.QUESTION),
    }
)
"""What may be wished in a question. To confirm an order takes more than to resemble it."""


def _not_said(letter: Letter) -> set[Intent]:
    """The acts that the body denies, supposes or asks about; a subject only names them."""
    return {
        cue.intent
        for sentence in letter.sentences
        for clause in clauses(sentence)
        for cue in CUES
        if clause.mood not in cue.moods and cue.pattern.search(clause.text)
    }


def sentence_weights(sentence: str) -> dict[Intent, float]:
    """The weights of one sentence, its subject matter narrowed."""
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
    told = _ALREADY.sub(" ", _DESCRIBED.sub(r"\1", clause.text))
    clause = replace(clause, text=told)
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


_ALREADY = re.compile(
    r",? (?:qui (?:est|sont) )?(?:deja|reeds|bereits|already) "
    r"(?:client|membre|adherent|affilie|lid|mitglied|member|aangesloten|actif|active)\w*"
    r" (?:\w+ ){0,3}(?:centrale|aankoopcentrale|einkaufszentrale|purchasing)[^,.;]{0,30}(?:,|$)"
)
"""What an institution is already, told beside, is not asked for."""
_DESCRIBED = re.compile(
    r"(\b(?:plate-?\s?formes?|platform\w*|reseau|systeme|portail|portal|dispositif)\b)"
    r",? (?:\w+ ){0,2}(?:qui|ou|permettant|destinee?|sur laquelle|par laquelle|grace a laquelle"
    r"|dont"
    r"|waar\w*|auf de[rm]|uber die|wo|where|that|which|on which) .*$"
)
"""What the platform is said to be for is wanted by nobody."""


def subject_weights(subject: str) -> dict[Intent, float]:
    """A subject is a heading: « Centrale Smart : adhésion de la commune » is one thing said."""
    found = sentence_weights(subject)
    for intent, weight in sentence_weights(_HEADING.sub(" ", subject)).items():
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
