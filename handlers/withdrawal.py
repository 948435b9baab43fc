"""Taking back an announcement: those who wait for it, or hold it in their calendar, are told."""

from __future__ import annotations

from handlers import announcement_acts, broadcast, circulation, texts
from handlers.announcement_words import headline
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reply import Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _
from storage import announcements, recipients, rhythms
from storage.announcement_states import Step
from storage.announcements import Announcement
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
    close(ctx, announcement)
    return reply(
        _(
            "L'annonce **{reference}** est retirée ; les personnes qui y ont répondu, ou qui l'ont"
            " dans leur agenda, en sont prévenues.",
            reference=announcement.reference,
        ),
        title=headline(announcement),
    ).about(f"announcement:{announcement.id}")


def close(ctx: Context, kept: Announcement, step: Step = Step.WITHDRAW) -> None:
    """Close an announcement, withdrawn or without help, and tell those who wait for it."""
    announcement_acts.take(ctx, kept, step)
    tell(ctx, kept, reply(_closed(kept, step), title=headline(kept)), off=True, by=ctx.person)


def close_of_who_leaves(desk: Desk, kept: Announcement) -> None:
    """Close an announcement whose institution leaves the platform, and tell those who wait."""
    if not announcement_acts.take_unasked(desk, kept, Step.WITHDRAW):
        return
    said = _(
        "{who} quitte la plateforme : son annonce **{reference}** est retirée et n'attend plus de"
        " réponse.",
        who=texts.the_first(kept.person.institution),
        reference=kept.reference,
    )
    tell(desk, kept, reply(said, title=headline(kept)), off=True)


def _closed(kept: Announcement, step: Step) -> Text:
    whose = texts.of_the(kept.person.institution)
    if step is Step.UNMET:
        return _(
            "L'annonce **{reference}** {whose} est close sans suite. Merci à chacun.",
            reference=kept.reference,
            whose=whose,
        )
    return _(
        "L'annonce **{reference}** {whose} est retirée : elle n'attend plus de réponse.",
        reference=kept.reference,
        whose=whose,
    )


def tell(
    desk: Desk, kept: Announcement, words: Reply, *, off: bool = False, by: Person | None = None
) -> None:
    """Say a change in the life of an announcement to those who know it, each once; ``off`` if its
    period leaves their calendars. Who did it, ``by``, knows.
    """
    topic = Topic("announcement", kept.id)
    words = words.about(str(topic))
    if not kept.audience:
        desk.tell_place(Place.MEMBERS, words)
    date = broadcast.appointment(desk, kept, cancelled=off)
    told = _participants(desk, kept, by) | (_invited(desk, topic) if date else {})
    broadcast.tell_each(desk, kept, list(told.values()), words.on(date) if date else words)
    # Who has not seen it yet need not hear of it at all.
    if off:
        rhythms.forget(desk.session, str(topic))
    known = [
        one.person
        for one in recipients.of(desk.session, str(topic))
        if one.row_id and one.way != recipients.Way.PLACE and one.person.active
    ]
    circulation.news(desk, [person for person in known if person.id not in told], topic)


def _participants(desk: Desk, kept: Announcement, by: Person | None) -> dict[int, Person]:
    people = [p for p in announcements.participants(kept) if p is not by]
    return {p.id: p for p in people if broadcast.is_told_apart(desk, kept, p)}


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
