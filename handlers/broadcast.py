"""The fan-out of an announcement: whom it reaches, and where and when each of them reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers import circulation
from handlers.announcement_words import facts, headline, pressing
from handlers.desk import Desk
from handlers.reply import Appointment, Block, Heading, Paragraph, Quote, Reply
from handlers.request import Topic
from handlers.wording import Text, _
from storage import announcements, members, rhythms
from storage.announcements import Announcement, Stage
from storage.inbox import Entry
from storage.members import Person
from storage.rhythms import Rhythm


def readers(desk: Desk, kept: Announcement) -> list[Person]:
    """Everybody whom an announcement is for, its author left out."""
    everybody = members.active_persons(desk.session)
    return [p for p in everybody if p.id != kept.person_id and kept.is_for(p.institution)]


def taking_part(desk: Desk, kept: Announcement) -> list[Person]:
    """Who is told what is said in a conversation: its author, and those who answered. Who said STOP
    since they last spoke has left it; who speaks again takes part again.
    """
    return [p for p in announcements.participants(kept) if not _has_left(desk, kept, p)]


def _has_left(desk: Desk, kept: Announcement, person: Person) -> bool:
    since = rhythms.stopped_at(desk.session, person.id)
    if since is None or person.id == kept.person_id:
        return False
    spoken = [said.written_at for said in kept.contributions if said.person_id == person.id]
    return max(spoken, default=since) <= since


def institutions_told(desk: Desk, kept: Announcement) -> int:
    """To how many institutions an announcement goes: who wants none is not counted."""
    told = [
        person.institution_id
        for person in readers(desk, kept)
        if (not kept.audience and desk.is_in_places(person))
        or rhythms.of(desk.session, person.id) is not Rhythm.OWN
    ]
    return len(set(told))


def send_out(desk: Desk, kept: Announcement, *, to_place: Reply, to_each: Reply) -> None:
    """Say an announcement once to everybody whom it is for: in the members' place if it is for
    all, and to each of those who do not read there, in the rhythm that they chose.
    """
    period = appointment(desk, kept)
    circulation.circulate(
        desk,
        readers(desk, kept),
        to_each.on(period) if period else to_each,
        to_place=None if kept.audience else to_place,
    )


def tell_participants(
    desk: Desk, kept: Announcement, people: Sequence[Person], words: Reply
) -> None:
    """Tell those who take part something that stands in the members' place too if the announcement
    does: each of those for whom reading there is not enough.
    """
    tell_each(desk, kept, [p for p in people if is_told_apart(desk, kept, p)], words)


def tell_each(desk: Desk, kept: Announcement, people: Sequence[Person], words: Reply) -> None:
    """Tell people something of an announcement, each where they last wrote about it."""
    for person in people:
        desk.tell_back(person, _last_message(desk, kept, person), words)


def tell_author(desk: Desk, kept: Announcement, words: Reply) -> None:
    """Tell the author of an announcement something of it, where they last wrote about it."""
    tell_each(desk, kept, [kept.person], words)


def is_told_apart(desk: Desk, kept: Announcement, person: Person) -> bool:
    """Whether reading the members' place is not enough for somebody who takes part: they do not
    read there, it does not stand there, or they wrote from elsewhere and expect answers there.
    """
    if kept.audience or not desk.is_in_places(person):
        return True
    message = _last_message(desk, kept, person)
    return message is not None and not desk.has_places(message.channel)


def _last_message(desk: Desk, kept: Announcement, person: Person) -> Entry | None:
    own = kept.entry_id if person.id == kept.person_id else None
    said = [one.entry_id for one in kept.contributions if one.person_id == person.id]
    told = [one.entry_id for one in kept.confidants if one.person_id == person.id]
    last = max((id_ for id_ in (own, *said, *told) if id_ is not None), default=None)
    return desk.session.get_one(Entry, last) if last is not None else None


def news(desk: Desk, kept: Announcement) -> None:
    """Something was answered to an announcement, or it changed: digests will tell of it.

    Who takes part, or reads the members' place, knows already.
    """
    if kept.audience:
        return
    known = {person.id for person in announcements.participants(kept)}
    others = [p for p in readers(desk, kept) if p.id not in known and not desk.is_in_places(p)]
    circulation.news(desk, others, Topic("announcement", kept.id))


def appointment(desk: Desk, kept: Announcement, *, cancelled: bool = False) -> Appointment | None:
    """The period of an announcement, for its readers' calendars; None if it has no clear one.

    A calendar's answer to it reaches the author (handlers/appointments.py).
    """
    if kept.starts_on is None or kept.ends_on is None or kept.published_at is None:
        return None
    return Appointment(
        uid=f"announcement-{kept.id}",
        title=headline(kept),
        first=kept.starts_on,
        last=kept.ends_on,
        stamped_at=desk.now,
        sequence=_sequence(desk, kept),
        asks=not cancelled,
        cancelled=cancelled,
    )


def _sequence(desk: Desk, kept: Announcement) -> int:
    """Seconds since it was published: what is said later about a date counts more."""
    published = kept.published_at or desk.now
    return (desk.now - published) // timedelta(seconds=1)


def _rank(desk: Desk, topic: Topic) -> int:
    """A blocked service comes first (acceptance B32); what is over comes last."""
    kept = desk.session.get_one(Announcement, topic.id)
    return pressing(kept) if kept.is_awaiting else PLACED_LAST


PLACED_LAST = 9


@circulation.digests("announcement", rank=_rank)
def in_digest(desk: Desk, topic: Topic) -> Sequence[Block]:
    """An announcement as it stands: what was answered to it, the newest first, and its words."""
    kept = desk.session.get_one(Announcement, topic.id)
    if kept.stage == Stage.DRAFT:
        return ()
    if not kept.is_live:
        return (Heading(headline(kept)), Paragraph(_("Elle n'est plus ouverte.")))
    answers = _answers(kept)
    lead = [Paragraph(_("L'annonce :"))] if answers else []
    return (Heading(headline(kept)), *answers, *lead, Quote(kept.words), *facts(kept))


def _answers(kept: Announcement) -> list[Block]:
    """What everybody may read of the conversation."""
    if kept.audience:
        return []
    return [
        block
        for said in reversed(kept.contributions)
        for block in (Paragraph(_said_by(said.person)), Quote(said.words))
    ]


def _said_by(person: Person) -> Text:
    return _(
        "Réponse de **{name}**, {institution} :",
        name=person.name,
        institution=person.institution.name,
    )
