"""Who stands in for the writer, or comes in the writer's place, and for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from handlers.reading.contacts import find_addresses
from handlers.reading.dates import Period, find_periods
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import NamedPerson, Person, find_names, same_person
from handlers.reading.users import find_requester
from handlers.reading.whose import contacts_of

_STANDS_IN = re.compile(
    r"\b(?:a ma place|me remplac\w+|en mon absence|supplee?a?n?te?|remplacante?|mon collegue"
    r"|ma collegue|prend(?:ra)? (?:le relais|la main|la releve)"
    r"|(?:gere|gerera|suit|suivra|reprend|reprendra|traite|traitera|s'occupe|s'occupera)\b.{0,60}"
    r"\b(?:plate-?forme|dossiers?|suivi|gestion|demandes|annonces)|assurera? (?:l'interim"
    r"|la permanence)"
    r"|pourra|peut|adressez-vous a|back-?up|habilitee?|autorisee?|mandatee?"
    r"|(?:durant|pendant) (?:cette|ma|mon|mes|ces|ce|la)|vervang\w*|vertr\w+)\b"
)
_ADDED = re.compile(
    r"\b(?:ajout\w+|en plus|egalement|deuxieme|second[e]?|aussi|supplementaire|a cote de)\b"
)
_BEFORE_SUCCESSOR = re.compile(
    r"\b(?:par|nouve(?:l|lle|au)\b.{0,30}|sera|est|devient|designe\w*|succe\w+|ajout\w+(?: de)?"
    r"|remplacante?|:)\W{0,3}(?:notre |mon |ma |une? |le |la )?(?:[a-z-]+ ){0,3}$"
)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A deputy and the days on which the deputy acts; None where the letter does not say."""

    person: Person | None
    period: Period | None


def find_deputy(letter: Letter, day: date) -> StandIn:
    """Who acts in the writer's place for a time."""
    periods = [p for p in find_periods(letter.body, day) if p.start != p.end]
    period = next((p for p in periods if p.complete), None)
    return StandIn(_stand_in(letter), period)


def _stand_in(letter: Letter) -> Person | None:
    writer = find_requester(letter)
    others = [
        (sentence, name)
        for sentence in letter.sentences
        for name in find_names(sentence)
        if writer is None or not same_person(name.name, writer.name)
    ]
    cued = [name for sentence, name in others if _STANDS_IN.search(level(sentence))]
    distinct = {name.name: name for name in cued}
    if len(distinct) != 1:
        return None
    return _person(next(iter(distinct.values())), letter)


def find_successor(letter: Letter) -> Person | None:
    """Whom a letter names as the new user; None if that is not clear."""
    with_address = {
        name.name: name
        for sentence in letter.sentences
        for name in find_names(sentence)
        if _BEFORE_SUCCESSOR.search(level(sentence)[max(0, name.start - 60) : name.start])
    }
    if len(with_address) != 1:
        return None
    return _person(next(iter(with_address.values())), letter)


def adds(letter: Letter) -> bool:
    """Whether a user comes beside the present one rather than in their place."""
    return any(_ADDED.search(level(sentence)) for sentence in letter.sentences) and not any(
        re.search(r"\bremplac|\bquitte|\bn'est plus|\bsuccede|\ba la place", level(sentence))
        for sentence in letter.sentences
    )


def _person(named: NamedPerson, letter: Letter) -> Person:
    person = contacts_of(Person(named.name, named.gender), letter)
    if person.email:
        return person
    own = {a.email for a in find_addresses(letter.body)} - {letter.sender_address}
    return replace(person, email=own.pop() if len(own) == 1 else "")
