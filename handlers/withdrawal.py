"""Taking back an announcement: those who wait for it, or hold it in their calendar, are told."""

from __future__ import annotations

from handlers import broadcast, circulation, texts
from handlers.announcement_words import headline
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role
from handlers.reply import Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _
from storage import announcements, recipients, rhythms
from storage.announcements import Announcement, Stage
from storage.members import Person
from storage.rhythms import Rhythm

table = Table()


@table.command(
    "retirer",
    aliases={
        "fr": ["clore", "clôturer"],
        "en": ["withdraw"],
        "nl": ["intrekken"],
        "de": ["zurückziehen"],
    },
    who=Role.MEMBER,
    usage=_("retirer A-NUMÉRO"),
    summary=_("retirer votre annonce : elle n'attend plus de réponse"),
    example="retirer A-1",
)
def withdraw(ctx: Context, announcement: Announcement) -> Reply:
    """Close an announcement of one's own institution."""
    if announcement.person.institution_id != ctx.institution.id:
        raise Refusal(_("Seule l'institution qui a fait une annonce peut la retirer."))
    if announcement.stage != Stage.OPEN:
        raise Refusal(
            _("L'annonce {reference} n'est plus ouverte.", reference=announcement.reference)
        )
    close(ctx, announcement)
    return reply(
        _(
            "L'annonce **{reference}** est retirée ; les personnes qui y ont répondu, ou qui l'ont"
            " dans leur agenda, en sont prévenues.",
            reference=announcement.reference,
        ),
        title=headline(announcement),
    ).about(f"announcement:{announcement.id}")


def close(ctx: Context, kept: Announcement) -> None:
    """Close an announcement, and tell those who wait for it."""
    _close(ctx, kept, _withdrawn(kept), by=ctx.person)
    ctx.audit("announcement.withdrawn", Topic("announcement", kept.id))


def close_of_who_leaves(desk: Desk, kept: Announcement) -> None:
    """Close an announcement whose institution leaves the platform, and tell those who wait."""
    words = _(
        "{who} quitte la plateforme : son annonce **{reference}** est retirée et n'attend plus de"
        " réponse.",
        who=texts.the_first(kept.person.institution),
        reference=kept.reference,
    )
    _close(desk, kept, words, by=None)
    desk.record("", "announcement.withdrawn", Topic("announcement", kept.id))


def _withdrawn(kept: Announcement) -> Text:
    return _(
        "L'annonce **{reference}** {whose} est retirée : elle n'attend plus de réponse.",
        reference=kept.reference,
        whose=texts.of_the(kept.person.institution),
    )


def _close(desk: Desk, kept: Announcement, said: Text, *, by: Person | None) -> None:
    topic = Topic("announcement", kept.id)
    kept.stage = Stage.WITHDRAWN
    words = reply(said, title=headline(kept)).about(str(topic))
    if not kept.audience:
        desk.tell_place(Place.MEMBERS, words)
    off = broadcast.appointment(desk, kept, cancelled=True)
    told = _participants(desk, kept, by) | (_invited(desk, topic) if off else {})
    tell_all(desk, list(told.values()), words.on(off) if off else words)
    # Who has not seen it yet need not hear of it at all.
    rhythms.forget(desk.session, str(topic))
    known = [
        one.person
        for one in recipients.of(desk.session, str(topic))
        if one.row_id and one.way != recipients.Way.PLACE and one.person.active
    ]
    circulation.news(desk, [person for person in known if person.id not in told], topic)


def _participants(desk: Desk, kept: Announcement, by: Person | None) -> dict[int, Person]:
    """Who answered, and does not read the members' place if it stands there."""
    people = [p for p in announcements.participants(kept) if p is not by]
    return {p.id: p for p in people if kept.audience or not desk.is_in_places(p)}


def _invited(desk: Desk, topic: Topic) -> dict[int, Person]:
    """Who was sent the date, and has not said STOP since."""
    meant = recipients.of(desk.session, str(topic))
    return {
        one.person_id: one.person
        for one in meant
        if one.way == recipients.Way.MESSAGE
        and one.person.active
        and rhythms.of(desk.session, one.person_id) is not Rhythm.OWN
    }
