"""Who belongs in which of the platform's places, and the invitations and removals that follow.

What is wanted is worked out from the registrations, the adhesions and the managers as they stand,
and compared with what was already asked for: the same answer comes out however often it is done,
and a change that nobody announced (a deputy's last day, a withdrawal that takes effect, a manager
loaded from a file) is found by the next look. Administrators are nobody's guests: the channel sees
to them, and nothing puts them out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from handlers.desk import Desk
from handlers.request import Place, central_place
from storage import attendance, members, purchasing
from storage.members import Person, Standing

LOOK_EVERY = timedelta(minutes=10)
"""How long a change that nobody announced may wait."""


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


def arrange(desk: Desk) -> Changes:
    """Put out who belongs in a place no more, invite who does and was not called yet."""
    desk.session.flush()
    wanted = belonging(desk)
    known, here = attendance.admitted(desk.session), _members_seen(desk)
    lasting = {a.lower() for a in desk.platform.settings.platform.administrators}
    called = dismissed = 0
    for place in sorted({*wanted, *known}):
        theirs, let_in = wanted.get(place, set()), known.get(place, set())
        there = let_in | here.get(place, set()) if place in wanted else let_in
        for address in sorted(there - theirs - lasting):
            attendance.dismiss(desk.session, place, address, desk.now)
            desk.dismiss(address, place)
            dismissed += 1
        for address in sorted(theirs - let_in):
            attendance.admit(desk.session, place, address, desk.now)
            desk.admit(address, place)
            called += 1
    return Changes(called, dismissed)


def _members_seen(desk: Desk) -> dict[str, set[str]]:
    """Where people who are, or were, somebody's users are seen; others are their host's guests."""
    channel = desk.platform.place_channel
    users = _addresses(desk, members.at_channel(desk.session, channel))
    return {place: seen & users for place, seen in attendance.seen(desk.session).items()}


def renew(desk: Desk, address: str) -> None:
    """Call an address again where it belongs and is not: somebody who left asks to come back."""
    attendance.forget(desk.session, address)
    arrange(desk)
