"""Which concepts together make an intent: the gist of a clause, in any order of its words.

A gist weighs less than a wording that is known to mean it: it makes a letter understood that would
otherwise go to a person, and never outweighs what is said in so many words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.reading.announcement import states_rule
from handlers.reading.concepts import concepts
from handlers.reading.cue import ASKED, DENIED, OPEN, SAID, WISHED, Intent
from handlers.reading.modality import Clause, Mood
from handlers.reading.spelling import corrected


@dataclass(frozen=True, slots=True)
class Gist:
    """An intent that all of ``together`` make, and none of ``without``."""

    intent: Intent
    weight: float
    moods: frozenset[Mood]
    together: frozenset[str]
    without: frozenset[str]


def _gist(intent: Intent, weight: float, moods: frozenset[Mood], words: str) -> Gist:
    named = words.split()
    return Gist(
        intent,
        weight,
        moods,
        frozenset(word for word in named if word[0] != "-"),
        frozenset(word[1:] for word in named if word[0] == "-"),
    )


_ANY = SAID | DENIED
_UNSURE = frozenset({Mood.ASKED, Mood.SUPPOSED})
SUPPOSED = frozenset({Mood.SUPPOSED})

GISTS = (
    _gist(Intent.REGISTER, 2, SAID, "join platform -unjoin -no_more -central"),
    _gist(Intent.REGISTER, 2, SAID, "join list ours -unjoin -no_more -central -contact"),
    _gist(Intent.REGISTER, 2, SAID, "contact designate -take_over -new -gone -absence -second"),
    _gist(Intent.REGISTER, 2, SAID, "me join ours -take_over -new -gone -absence -unjoin"),
    _gist(Intent.REGISTER, 1.5, SAID, "join messages ours -unjoin -no_more -take_over"),
    _gist(Intent.REGISTER, 2, SAID, "me platform -take_over -new -gone -absence -unjoin"),
    _gist(Intent.REGISTER, 3, SAID, "designate platform ours decision -take_over -new -gone -unjoin"),
    _gist(Intent.REGISTER, 2, SAID, "designate platform ours -take_over -new -gone -absence"
          " -unjoin -no_more -give -need -central -know"),
    _gist(Intent.REGISTER, 2, SAID, "join wish ours -unjoin -no_more -central -thing -other_matter"),
    _gist(Intent.REGISTER, 2, OPEN, "join list -unjoin -no_more -central -contact -know"),
    _gist(Intent.REGISTER, 1.5, SAID, "designate messages ours -take_over -new -absence -give -need"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "take_over contact -absence"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "new contact -absence -join"),
    _gist(Intent.CHANGE_USER, 2.5, _ANY, "gone contact -absence"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "take_over gone -absence"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "new gone platform -absence"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "take_over platform -absence -announce_word -give -need"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "take_over list -absence"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "new messages -absence -seen"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "designate messages new -absence"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "new platform designate -absence -join -give -need"),
    _gist(Intent.CHANGE_USER, 2.5, OPEN, "gone take_over"),
    _gist(Intent.CHANGE_USER, 2, SAID, "take_over person -absence -need -give -order_word -join"),
    _gist(Intent.CHANGE_USER, 2, SAID, "take_over new -absence -need -give -order_word -thing -document"),
    _gist(Intent.CHANGE_USER, 2.5, SAID, "me messages new -absence"),
    _gist(Intent.CHANGE_USER, 2.5, DENIED, "gone platform person"),
    _gist(Intent.CHANGE_USER, 3, OPEN, "second"),
    _gist(Intent.DEPUTY, 2.5, SAID, "absence act_for mine -need -give"),
    _gist(Intent.DEPUTY, 2.5, SAID, "back act_for -need -give"),
    _gist(Intent.DEPUTY, 2.5, SAID, "absence take_over mine -need -give -announce_word"),
    _gist(Intent.DEPUTY, 2.5, SAID, "absence contact mine -need -give -new -gone"),
    _gist(Intent.DEPUTY, 3, OPEN, "absence designate messages -need -new"),
    _gist(Intent.DEPUTY, 3, SAID | DENIED | SUPPOSED, "absence stand_in -need -give -gone"),
    _gist(Intent.DEPUTY, 2.5, SAID, "absence take_over platform -gone"),
    _gist(Intent.DEPUTY, 5, SAID, "absence take_over contact temporary"),
    _gist(Intent.LEAVE, 3, SAID, "unjoin platform -central -contact -take_over"),
    _gist(Intent.LEAVE, 3, SAID, "unjoin list -contact -take_over"),
    _gist(Intent.LEAVE, 3, SAID, "unjoin join -central -contact -take_over -order_word"),
    _gist(Intent.LEAVE, 2, SAID, "unjoin ours wish_off -contact -take_over -order_word -central -document"),
    _gist(Intent.LEAVE, 3, DENIED, "unjoin join wish -central -contact -take_over -order_word -no_more"),
    _gist(Intent.LEAVE, 3, DENIED, "no_more platform -contact -central -take_over -person"),
    _gist(Intent.LEAVE, 3, DENIED, "no_more join -contact -central -take_over -order_word"),
    _gist(Intent.JOIN_CENTRAL, 3.5, SAID, "join central -unjoin -no_more"),
    _gist(Intent.JOIN_CENTRAL, 3, SAID, "document join decision -platform -unjoin -contact"),
    _gist(Intent.JOIN_CENTRAL, 3.5, SAID, "decision central -unjoin -no_more -buy -order_word"),
    _gist(Intent.ORDER, 2, SAID, "buy solution -know -model"),
    _gist(Intent.ORDER, 2, SAID, "buy central -decision -know -model"),
    _gist(Intent.ORDER_CONFIRM, 4, SAID, "confirm order_word -solution -decision"),
    _gist(Intent.ORDER_STATUS, 3, _UNSURE, "until solution -need"),
    _gist(Intent.ORDER_STATUS, 3, _UNSURE, "until central"),
    _gist(Intent.ORDER_STATUS, 3, _UNSURE, "until order_word"),
    _gist(Intent.CATALOGUE, 2, OPEN, "know solution -order_word -decision -need -buy"),
    _gist(Intent.CATALOGUE, 2, WISHED, "price solution -order_word -decision"),
    _gist(Intent.CATALOGUE, 2, OPEN, "know offered wares"),
    _gist(Intent.CATALOGUE, 2, ASKED, "offered solution yours -contact -decision"),
    _gist(Intent.CATALOGUE, 2, OPEN, "offered solution yours wish -contact"),
    _gist(Intent.CATALOGUE, 2, WISHED, "know central offered"),
    _gist(Intent.TEMPLATE_REQUEST, 2, WISHED, "model document -join"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN, "seen announce_word yours give -solution -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN, "seen announce_word give -solution -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN, "yours announce_word take -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN, "yours announce_word give -solution -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN | DENIED, "announce_word yours thanks_no -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN, "seen yours announce_word thing -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 3, OPEN, "who_seeks relay -platform -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 2, WISHED, "for_you ours -platform -job -solution -price"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 2, WISHED, "for_you give -platform -job -solution -price"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 2, OPEN, "yours take thing -job"),
    _gist(Intent.ANNOUNCEMENT_ANSWER, 2, OPEN, "thanks_no thing give -job"),
    _gist(Intent.ANNOUNCEMENT, 2, SUPPOSED | DENIED, "give ours thing could_spare -contact -job"),
    _gist(Intent.ANNOUNCEMENT, 2, SAID, "sell -solution -yours"),
    _gist(Intent.ANNOUNCEMENT, 2, OPEN, "blocked need -job"),
    _gist(Intent.ANNOUNCEMENT, 2, OPEN, "relay others announce_word -job"),
    _gist(Intent.ANNOUNCEMENT, 2, OPEN, "relay others give -job"),
    _gist(Intent.ANNOUNCEMENT, 2, SAID, "give others -yours -job"),
    _gist(Intent.ANNOUNCEMENT, 2, SAID, "give thing ours -contact -act_for -job"),
    _gist(Intent.ANNOUNCEMENT, 1.5, SAID, "give thing -yours -contact -act_for -job"),
    _gist(Intent.ANNOUNCEMENT, 2, OPEN, "need thing -contact -know -model -job"),
)  # fmt: skip


_SHARING = frozenset({Intent.ANNOUNCEMENT, Intent.ANNOUNCEMENT_ANSWER})
_THANKS = re.compile(
    r"\b(?:merci|remerci\w+|bedankt|dank\w*|thanks?|thank you)"
    r" (?:\w+ )?(?:a|aux?|pour|encore|voor|fur|for)\b(?! (?:votre|vos) (?:annonce|offre|proposition))"
    r"|\b(?:a|ont|avez|avons|ete) (?:bien |deja )?(?:prete|mise?|fourni|detache|libere)e?s?\b"
)
"""What was given is neither wanted nor offered."""


def gists(clause: Clause, words: str) -> Iterator[tuple[Intent, float]]:
    """The intents that the concepts of a clause make, with their weights."""
    if clause.mood is Mood.DENIED and "?" in clause.text:
        # Who asks what happens to those who do not take part any more, does take part.
        return
    found = concepts(words)
    shared = not (_THANKS.search(words) or states_rule(words))
    for gist in GISTS:
        if clause.mood in gist.moods and gist.together <= found and not gist.without & found:
            if gist.intent in _SHARING and not shared:
                continue
            yield gist.intent, gist.weight


@dataclass(frozen=True, slots=True)
class Story:
    """An intent that two sentences tell together: that somebody is away, and who acts then."""

    intent: Intent
    weight: float
    one: frozenset[str]
    other: frozenset[str]


def _story(intent: Intent, weight: float, one: str, other: str) -> Story:
    return Story(intent, weight, frozenset(one.split()), frozenset(other.split()))


STORIES = (
    _story(Intent.DEPUTY, 3, "absence me", "stand_in"),
    _story(Intent.DEPUTY, 3, "absence me", "act_for person"),
    _story(Intent.DEPUTY, 3, "back", "take_over person absence"),
    _story(Intent.DEPUTY, 3, "back", "act_for person absence"),
    _story(Intent.CHANGE_USER, 2.5, "gone mine", "take_over"),
    _story(Intent.CHANGE_USER, 2.5, "gone contact", "new person"),
    _story(Intent.ORDER_STATUS, 3, "until", "document solution"),
    _story(Intent.ORDER_STATUS, 3, "until", "order_word solution"),
    _story(Intent.REGISTER, 1.5, "join ours", "contact designate"),
)


def stories(told: Sequence[Clause]) -> Iterator[tuple[Intent, float]]:
    """The intents that clauses of a letter make together."""
    said = [concepts(corrected(clause.text)) for clause in told if clause.mood in WISHED]
    for story in STORIES:
        if any(story.one <= found for found in said) and any(
            story.other <= found for found in said
        ):
            yield story.intent, story.weight
