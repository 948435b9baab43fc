"""Who belongs in which of the platform's places, and the invitations and removals that follow.

What is wanted is worked out from the registrations, the adhesions and the managers as they stand,
and compared with what was already asked for: the same answer comes out however often it is done,
and a change that nobody announced (a deputy's last day, a withdrawal that takes effect, a manager
loaded from a file) is found by the next look. Administrators are nobody's guests: the channel sees
to them, and nothing puts them out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from handlers.desk import Desk
from handlers.request import Place, central_place
from storage import attendance, members, purchasing
from storage.members import Person, Standing

LOOK_EVERY = timedelta(minutes=10)
"""How long a change that nobody announced may wait."""
MOST_AT_ONCE = 100
"""How many people one transaction calls or puts out: others wait for the database meanwhile."""


def belonging(desk: Desk) -> Mapping[str, set[str]]:
    """The addresses that belong in each place today, by the place's name."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    acting = [p for p in members.at_channel(desk.session, desk.platform.place_channel) if p.active]
    users = [p for p in acting if p.may_act(desk.today) and _is_member(p)]
    wanted[Place.SPACE] |= _addresses(desk, users)
    wanted[Place.MEMBERS] |= _addresses(desk, users)
    if desk.platform.central_places:
        for central in purchasing.centrals(desk.session):
            joined = {
                a.institution_id for a in purchasing.adhesions(desk.session, central, desk.today)
            }
            theirs = [p for p in users if p.institution_id in joined]
            managers = [p for p in central.managers if p.active]
            wanted[central_place(central.slug)] |= _addresses(desk, [*theirs, *managers])
            wanted[Place.SPACE] |= _addresses(desk, managers)
    return wanted


def _is_member(person: Person) -> bool:
    return person.institution.state == Standing.ACTIVE


def _addresses(desk: Desk, people: Iterable[Person]) -> set[str]:
    channel = desk.platform.place_channel
    return {a.address for p in people for a in p.addresses if a.channel == channel}


class Changes(NamedTuple):
    """How many were invited somewhere, and put out."""

    called: int
    dismissed: int


def arrange(desk: Desk, most: int | None = MOST_AT_ONCE) -> Changes:
    """Put out who belongs in a place no more, invite who does and was not called yet; of ``most``
    people together, the others at the next look.
    """
    desk.session.flush()
    known, wanted = attendance.admitted(desk.session), belonging(desk)
    gone = list(islice(_to_dismiss(desk, wanted, known), most))
    for place, address in gone:
        attendance.dismiss(desk.session, place, address, desk.now)
        desk.dismiss(address, place)
    left = None if most is None else most - len(gone)
    called = list(islice(_to_call(wanted, known), left))
    for place, address in called:
        attendance.admit(desk.session, place, address, desk.now)
        desk.admit(address, place)
    return Changes(len(called), len(gone))


def _to_dismiss(
    desk: Desk, wanted: Mapping[str, set[str]], known: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Who is in which place, or let in, without belonging there."""
    here = _members_seen(desk)
    lasting = {a.lower() for a in desk.platform.settings.platform.administrators}
    for place in sorted({*wanted, *known}):
        let_in = known.get(place, set())
        there = let_in | here.get(place, set()) if place in wanted else let_in
        for address in sorted(there - wanted.get(place, set()) - lasting):
            yield place, address


def _to_call(
    wanted: Mapping[str, set[str]], known: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Who belongs in which place and was not let in yet."""
    for place in sorted(wanted):
        for address in sorted(wanted[place] - known.get(place, set())):
            yield place, address


def _members_seen(desk: Desk) -> dict[str, set[str]]:
    """Where people who are, or were, somebody's users are seen; others are their host's guests."""
    channel = desk.platform.place_channel
    users = _addresses(desk, members.at_channel(desk.session, channel))
    return {place: seen & users for place, seen in attendance.seen(desk.session).items()}


def renew(desk: Desk, address: str) -> None:
    """Call an address again where it belongs and is not: somebody who left asks to come back."""
    attendance.forget(desk.session, address)
    arrange(desk)
