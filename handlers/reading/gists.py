"""Which concepts together make an intent: the gist of a clause, in any order of its words.

A gist weighs less than a wording that is known to mean it: it makes a letter understood that would
otherwise go to a person, and never outweighs what is said in so many words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from handlers.reading.announcement import states_rule, tells_past
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


_MOODS = {
    "said": SAID,
    "open": OPEN,
    "wished": WISHED,
    "asked": ASKED,
    "denied": DENIED,
    "supposed": frozenset({Mood.SUPPOSED}),
}


def _lines(table: str) -> Iterator[str]:
    """The entries of a table, one a line; an indented line goes on with the one above."""
    yield from re.sub(r"\n +", " ", dedent(table).strip()).split("\n")


def _gist(line: str) -> Gist:
    """« intent weight mood|mood: concept concept -concept »."""
    head, _colon, words = line.partition(": ")
    intent, weight, moods = head.split()
    named = words.split()
    return Gist(
        Intent(intent),
        float(weight),
        frozenset().union(*(_MOODS[mood] for mood in moods.split("|"))),
        frozenset(word for word in named if word[0] != "-"),
        frozenset(word[1:] for word in named if word[0] == "-"),
    )


_GISTS = """
    change_user 2.5 open: take_over platform mine -absence -join
    catalogue 2 asked: have central
    catalogue 2 asked: have solution -order_word
    register 1.5 said: join_in ours -unjoin -no_more -central -give -need -order_word -announce_word
    register 2.5 said: join_in mail_address -unjoin -no_more -central -give -order_word
    register 2 said: join_in platform -unjoin -no_more -central -give -order_word
    register 2.5 said: join mail_address ours -unjoin -no_more -central -thing -other_matter
        -take_over -new -gone -absence -seen -give -need
    register 2 open: account wish ours -unjoin -gone -new -take_over -order_word -know
    register 1.5 said: present mail_address ours -take_over -new -gone -absence -give -need
        -order_word -seen -thing -solution -unjoin
    leave 3 said|denied: unjoin account -take_over -gone -person -second
    order 2.5 said: amount solution -know -need -give -until -confirm -waiting
    order 2.5 said: buy solution amount
    order_status 3 wished|denied: waiting order_word -solution
    order_status 3 wished|denied: waiting solution
    catalogue 2.5 asked: supplier solution
    catalogue 2 asked: products central -decision -order_word
    template_request 2 wished: model wish -contact -platform -join
    register 2 said: join platform -unjoin -no_more -central
    register 2 said: join list ours -unjoin -no_more -central -contact
    register 2 said: contact designate -take_over -new -gone -absence -second
    register 2 said: me join ours -take_over -new -gone -absence -unjoin
    register 1.5 said: join messages ours -unjoin -no_more -take_over
    register 2 said: me platform -take_over -new -gone -absence -unjoin
    register 3 said: designate platform ours decision -take_over -new -gone -unjoin
    register 2 said: designate platform ours -take_over -new -gone -absence -unjoin -no_more
        -give -need -central -know
    register 2 said: join wish ours -unjoin -no_more -central -thing -other_matter
    register 2 open: join list -unjoin -no_more -central -contact -know
    register 1.5 said: designate messages ours -take_over -new -absence -give -need
    change_user 2.5 said: take_over contact -absence
    change_user 2.5 said: new contact -absence -join
    change_user 2.5 said|denied: gone contact -absence
    change_user 2.5 said: take_over gone -absence
    change_user 2.5 said: new gone platform -absence
    change_user 2.5 said: take_over platform -absence -announce_word -give -need
    change_user 2.5 said: take_over list -absence
    change_user 2.5 said: new messages -absence -seen
    change_user 2.5 said: designate messages new -absence
    change_user 2.5 said: new platform designate -absence -join -give -need
    change_user 2.5 open: gone take_over
    change_user 2 said: take_over person -absence -need -give -order_word -join
    change_user 2 said: take_over new -absence -need -give -order_word -thing -document
    change_user 2.5 said: me messages new -absence
    change_user 2.5 denied: gone platform person
    change_user 3 open: second
    deputy 2.5 said: absence act_for mine -need -give
    deputy 2.5 said: back act_for -need -give
    deputy 2.5 said: absence take_over mine -need -give -announce_word
    deputy 2.5 said: absence contact mine -need -give -new -gone
    deputy 3 open: absence designate messages -need -new
    deputy 3 said|denied|supposed: absence stand_in -need -give -gone
    deputy 2.5 said: absence take_over platform -gone
    deputy 5 said: absence take_over contact temporary
    leave 3 said: unjoin platform -central -contact -take_over
    leave 3 said: unjoin list -contact -take_over
    leave 3 said: unjoin join -central -contact -take_over -order_word
    leave 2 said: unjoin ours wish_off -contact -take_over -order_word -central -document
    leave 3 denied: unjoin join wish -central -contact -take_over -order_word -no_more
    leave 3 denied: no_more platform -contact -central -take_over -person
    leave 3 denied: no_more join -contact -central -take_over -order_word
    join_central 3.5 said: join central -unjoin -no_more
    join_central 3 said: document join decision -platform -unjoin -contact
    join_central 3.5 said: decision central -unjoin -no_more -buy -order_word
    order 2 said: buy solution -know -model
    order 2 said: buy central -decision -know -model
    order_confirm 4 said: confirm order_word -solution -decision
    order_status 3 asked|supposed: until solution -need
    order_status 3 asked|supposed: until central
    order_status 3 asked|supposed: until order_word
    catalogue 2 open: know solution -order_word -decision -need -buy
    catalogue 2 wished: price solution -order_word -decision
    catalogue 2 open: know offered wares
    catalogue 2 asked: offered solution yours -contact -decision
    catalogue 2 open: offered solution yours wish -contact
    catalogue 2 wished: know central offered
    template_request 2 wished: model document -join
    announcement_answer 3 open: seen announce_word yours give -solution -job
    announcement_answer 3 open: seen announce_word give -solution -job
    announcement_answer 3 open: yours announce_word take -job
    announcement_answer 3 open: yours announce_word give -solution -job
    announcement_answer 3 open|denied: announce_word yours thanks_no -job
    announcement_answer 3 open: seen yours announce_word thing -job
    announcement_answer 3 open: who_seeks relay -platform -job
    announcement_answer 2 wished: for_you ours -platform -job -solution -price
    announcement_answer 2 wished: for_you give -platform -job -solution -price
    announcement_answer 2 open: yours take thing -job
    announcement_answer 2 open: thanks_no thing give -job
    announcement 2 supposed|denied: give ours thing could_spare -contact -job
    announcement 2 denied: give ours thing others -contact -job
    announcement 2 said: sell -solution -yours
    announcement 2 open: blocked need -job
    announcement 2 open: relay others announce_word -job
    announcement 2 open: relay others give -job
    announcement 2 said: give others -yours -job
    announcement 2 said: give thing ours -contact -act_for -job
    announcement 1.5 said: give thing -yours -contact -act_for -job
    announcement 2 open: need thing -contact -know -model -job
"""
GISTS = tuple(map(_gist, _lines(_GISTS)))


_SHARING = frozenset({Intent.ANNOUNCEMENT, Intent.ANNOUNCEMENT_ANSWER})


def gists(clause: Clause, words: str) -> Iterator[tuple[Intent, float]]:
    """The intents that the concepts of a clause make, with their weights."""
    if clause.mood is Mood.DENIED and "?" in clause.text:
        # Who asks what happens to those who do not take part any more, does take part.
        return
    found = concepts(words)
    shared = not (tells_past(words) or states_rule(words))
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


def _story(line: str) -> Story:
    """« intent weight: concepts of one sentence + concepts of another »."""
    head, _colon, words = line.partition(": ")
    intent, weight = head.split()
    one, _plus, other = words.partition(" + ")
    return Story(Intent(intent), float(weight), frozenset(one.split()), frozenset(other.split()))


_STORIES = """
    order_status 3: waiting + order_word
    order_status 2.5: waiting + solution buy
    deputy 3: back + take_over absence
    deputy 3: back + act_for absence
    catalogue 2: price + central
    deputy 3: absence me + stand_in
    deputy 3: absence mine + by_hand messages
    deputy 3: absence mine + by_hand platform
    deputy 3: absence me + act_for person
    deputy 3: back + take_over person absence
    deputy 3: back + act_for person absence
    change_user 2.5: gone mine + take_over
    change_user 2.5: gone contact + new person
    order_status 3: until + document solution
    order_status 3: until + order_word solution
    register 1.5: join ours + contact designate
"""
STORIES = tuple(map(_story, _lines(_STORIES)))


def stories(told: Sequence[Clause]) -> Iterator[tuple[Intent, float]]:
    """The intents that clauses of a letter make together."""
    said = [concepts(corrected(clause.text)) for clause in told if clause.mood in WISHED]
    # « Je ne reviendrai pas avant le 20 » tells of an absence as well.
    denied = [concepts(corrected(clause.text)) for clause in told if clause.mood in DENIED]
    for story in STORIES:
        first = said + denied if "absence" in story.one else said
        if any(story.one <= found for found in first) and any(
            story.other <= found for found in said
        ):
            yield story.intent, story.weight
