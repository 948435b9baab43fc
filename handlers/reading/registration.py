"""A request to register, read from a free mail (acceptance rows B05, B20, B47)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from config.territory import Authority, Territory
from handlers.reading.institutions import Candidate, find_speaker
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import Person
from handlers.reading.users import Designation, find_designation, find_named_deputy


class Missing(StrEnum):
    """What a registration lacks, and the reply asks for."""

    INSTITUTION = "institution"
    USER = "user"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Registration:
    """What a mail says about registering.

    ``candidates`` are the institutions that it may mean, the likeliest first; ``outside`` names
    one that it claims to be but that the territory does not know. ``pending`` says that the user
    is announced for later.
    """

    institution: Authority | None
    candidates: tuple[Candidate, ...]
    user: Person | None
    requester: Person | None
    missing: tuple[Missing, ...]
    outside: str = ""
    pending: bool = False
    body: bool = False
    """Whether ``outside`` is a body that may never register, such as a school."""
    deputy: Person | None = None
    """Who stands in for the user, if somebody is named."""


def read_registration(letter: Letter, territory: Territory) -> Registration:
    """Institution, designated user and writer of a registration, and what is missing in it."""
    speaker = find_speaker(letter, territory)
    people = _persons(find_designation(letter), territory)
    return Registration(
        institution=speaker.institution,
        candidates=speaker.candidates,
        user=people.user,
        requester=people.requester,
        missing=tuple(_missing(speaker.institution, people.user)),
        outside=speaker.outside,
        pending=people.pending,
        body=speaker.body,
        deputy=find_named_deputy(letter, people.user),
    )


def _persons(found: Designation, territory: Territory) -> Designation:
    """The people found, without what is the name of a place and not of a person."""
    user = None if found.user and _is_place(found.user.name, territory) else found.user
    writer = found.requester
    writer = None if writer and _is_place(writer.name, territory) else writer
    return replace(found, user=user, requester=writer)


_OFFICE = re.compile(r"^(?:marie|mairie|maire|zone|poste|antenne|maison) (?:de |du |d')?")


def _is_place(name: str, territory: Territory) -> bool:
    """« Sainte-Ode », « Marie de Virton » (for « mairie »): a place, or an office in one."""
    place = _OFFICE.sub("", level(name))
    return any(match.score >= _SURE for match in territory.find(place))


_SURE = 0.9


def _missing(institution: Authority | None, user: Person | None) -> list[Missing]:
    missing = [] if institution else [Missing.INSTITUTION]
    if user is None:
        return [*missing, Missing.USER]
    return missing if user.email else [*missing, Missing.EMAIL]
