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


def arrange(desk: Desk) -> int:
    """Put out who belongs in a place no more, invite who does and was not called yet;
    gives how many changes it asked for.
    """
    desk.session.flush()
    wanted, known = belonging(desk), attendance.admitted(desk.session)
    lasting = {a.lower() for a in desk.platform.settings.platform.administrators}
    changes = 0
    for place in sorted({*wanted, *known}):
        for address in sorted(known.get(place, set()) - wanted.get(place, set()) - lasting):
            attendance.dismiss(desk.session, place, address, desk.now)
            desk.dismiss(address, place)
            changes += 1
        for address in sorted(wanted.get(place, set()) - known.get(place, set())):
            attendance.admit(desk.session, place, address, desk.now)
            desk.admit(address, place)
            changes += 1
    return changes


def renew(desk: Desk, address: str) -> None:
    """Call an address again where it belongs and is not: somebody who left asks to come back."""
    attendance.forget(desk.session, address)
    arrange(desk)
