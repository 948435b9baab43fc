"""A request to register, read from a free mail (acceptance rows B05, B20, B47)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.territory import Authority, Territory
from handlers.reading.institutions import Candidate, find_speaker
from handlers.reading.letter import Letter
from handlers.reading.people import Person
from handlers.reading.users import find_designation


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


def read_registration(letter: Letter, territory: Territory) -> Registration:
    """Institution, designated user and writer of a registration, and what is missing in it."""
    speaker = find_speaker(letter, territory)
    people = find_designation(letter)
    return Registration(
        institution=speaker.institution,
        candidates=speaker.candidates,
        user=people.user,
        requester=people.requester,
        missing=tuple(_missing(speaker.institution, people.user)),
        outside=speaker.outside,
        pending=people.pending,
        body=speaker.body,
    )


def _missing(institution: Authority | None, user: Person | None) -> list[Missing]:
    missing = [] if institution else [Missing.INSTITUTION]
    if user is None:
        return [*missing, Missing.USER]
    return missing if user.email else [*missing, Missing.EMAIL]
