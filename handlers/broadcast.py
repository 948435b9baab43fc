"""The fan-out of an announcement: whom it reaches, and where each of them reads it."""

from __future__ import annotations

from handlers.desk import Desk, tell_all
from handlers.reply import Reply
from handlers.request import Place
from storage import members
from storage.announcements import Announcement
from storage.members import Person


def readers(desk: Desk, kept: Announcement) -> list[Person]:
    """Everybody whom an announcement is for, its author left out."""
    everybody = members.active_persons(desk.session)
    return [p for p in everybody if p.id != kept.person_id and kept.is_for(p.institution)]


def send_out(desk: Desk, kept: Announcement, *, to_place: Reply, to_each: Reply) -> None:
    """Say an announcement once to everybody whom it is for: in the members' place if it is for
    all, and to each of those who do not read there.
    """
    told = readers(desk, kept)
    if not kept.audience:
        desk.tell_place(Place.MEMBERS, to_place)
        told = [person for person in told if not desk.is_in_places(person)]
    tell_all(desk, told, to_each)
