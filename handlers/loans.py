"""A loan after it was agreed: its dates, its reminders, what both sides say, its return or its end
(acceptance B35).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from handlers import announcement_acts, texts
from handlers.announcement_checks import require_discreet
from handlers.announcement_words import period
from handlers.command import Table
from handlers.context import Context
from handlers.courtesy import only_thanks
from handlers.desk import Desk
from handlers.observation import Action
from handlers.policy import Role, morning_of
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Appointment, Fields, File, Paragraph, Quote, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import agreements, reminders
from storage.agreements import Agreement, State
from storage.announcement_states import Step
from storage.announcements import Announcement

table = Table()

START, END, RETURN = "loan-start", "loan-end", "loan-return"
RUNS = "loan-runs"
OVER = "loan-over"
KINDS = (START, END, RETURN, RUNS, OVER)
PREFIX = "loan-"
"""How a calendar's entry for a loan is named: ``loan-12``."""
INSIST_AFTER = timedelta(days=7)
INSIST = 4
"""How often a return is asked for before people are left to settle it."""


def topic_of(made: Agreement) -> Topic:
    """What the two sides of an agreement talk about."""
    return Topic("agreement", made.id)


_UID = re.compile(rf"{PREFIX}(\d{{1,18}})(?:@|$)")


def is_loan(uid: str) -> bool:
    """Whether a calendar's entry claims to be about a loan."""
    return _UID.match(uid) is not None


def named(ctx: Context, uid: str) -> Agreement | None:
    """The agreement that a calendar's entry is about; None for others, and for who has no part in
    it: anybody can write an id.
    """
    found = _UID.match(uid)
    made = ctx.session.get(Agreement, int(found[1])) if found else None
    return made if made is not None and _has_part(ctx, made) else None


def _has_part(ctx: Context, made: Agreement) -> bool:
    return ctx.institution.id in {party.institution_id for party in made.parties}


def terms(made: Agreement) -> Fields:
    """Who lends to whom, how many, when, on which conditions."""
    rows: list[tuple[Text, Text]] = [
        (_("Prêteur"), verbatim(made.lender.institution.name)),
        (_("Emprunteur"), verbatim(made.borrower.institution.name)),
        (_("Période"), period(made.starts_on, made.ends_on)),
        (_("Nombre"), verbatim(str(made.number))),
    ]
    if made.working_time:
        rows.append((_("Temps de travail"), verbatim(made.working_time)))
    if made.conditions:
        rows.append((_("Conditions"), verbatim(made.conditions)))
    return Fields(tuple(rows))


def appointment(desk: Desk, made: Agreement, *, cancelled: bool = False) -> Appointment:
    """The days of a loan for both calendars; what is said later about them counts more."""
    return Appointment(
        uid=f"{PREFIX}{made.id}",
        title=_(
            "{reference} : {lender} prête à {borrower}",
            reference=made.announcement.reference,
            lender=made.lender.institution.name,
            borrower=made.borrower.institution.name,
        ),
        first=made.starts_on,
        last=made.ends_on,
        stamped_at=desk.now,
        sequence=(desk.now - made.agreed_at) // timedelta(seconds=1),
        asks=not cancelled,
        cancelled=cancelled,
    )


# -- reminders --------------------------------------------------------------------------------


def plan(desk: Desk, made: Agreement) -> None:
    """Plan the reminders before its first and its last day, which are left out where they would
    fall in the past, its beginning, and its end: what was lent has to come back, who was lent does.
    """
    before = timedelta(days=desk.platform.settings.lending.remind_days)
    comes_back = RETURN if made.announcement.category == "equipment" else OVER
    days = {START: made.starts_on - before, END: made.ends_on - before, RUNS: made.starts_on}
    for kind, day in (days | {comes_back: made.ends_on + timedelta(days=1)}).items():
        due = morning_of(day, desk.platform.zone)
        if due > desk.now or kind not in {START, END}:
            desk.remind(kind, topic_of(made), due)


@table.reminder(RUNS)
def runs(desk: Desk, topic: Topic) -> None:
    """Its first day has come."""
    made = desk.session.get_one(Agreement, topic.id)
    if made.state == State.AGREED:
        announcement_acts.take_unasked(desk, made.announcement, Step.START)


@table.reminder(OVER)
def over(desk: Desk, topic: Topic) -> None:
    """Its last day is over, and nothing has to be brought back."""
    made = desk.session.get_one(Agreement, topic.id)
    if made.state == State.AGREED:
        made.state, made.ended_at = State.RETURNED, desk.now
        close_if_over(desk, made.announcement)


def close_if_over(desk: Desk, kept: Announcement) -> None:
    """An announcement is done once nothing that it led to goes on."""
    if not any(one.state == State.AGREED for one in agreements.of(desk.session, kept)):
        announcement_acts.take_unasked(desk, kept, Step.FINISH)


@table.reminder(START)
def starts_soon(desk: Desk, topic: Topic) -> None:
    """Both sides hear that it begins."""
    made = desk.session.get_one(Agreement, topic.id)
    _remind(
        desk,
        made,
        _("Ce qui est convenu pour **{reference}** commence le **{day}**.", **_named(made)),
    )


@table.reminder(END)
def ends_soon(desk: Desk, topic: Topic) -> None:
    """Both sides hear that it ends."""
    made = desk.session.get_one(Agreement, topic.id)
    named = _named(made) | {"day": made.ends_on}
    _remind(
        desk, made, _("Ce qui est convenu pour **{reference}** se termine le **{day}**.", **named)
    )


def _named(made: Agreement) -> dict[str, Any]:
    return {"reference": made.announcement.reference, "day": made.starts_on}


def _remind(desk: Desk, made: Agreement, lead: Text) -> None:
    if made.state != State.AGREED:
        return
    for person in made.parties:
        if person.active:
            words = reply(Paragraph(lead), terms(made), title=_title(made))
            desk.tell(person, words.about(str(topic_of(made))))


def _title(made: Agreement) -> Text:
    return _("Accord pour {reference}", reference=made.announcement.reference)


@table.reminder(RETURN)
def give_back(desk: Desk, topic: Topic) -> None:
    """Ask the borrower whether it is back, and again some weeks long."""
    made = desk.session.get_one(Agreement, topic.id)
    if made.state != State.AGREED:
        return
    if made.borrower.active:
        words = reply(
            _(
                "Le matériel prêté par {lender} ({reference}) devait être rendu le **{day}**.",
                lender=texts.the(made.lender.institution),
                reference=made.announcement.reference,
                day=made.ends_on,
            ),
            _(
                "Est-il rendu ? Dites-le par `rendu {reference}`.",
                reference=made.announcement.reference,
            ),
            title=_("Retour du matériel, {reference}", reference=made.announcement.reference),
        )
        desk.tell(made.borrower, words.about(str(topic_of(made))))
    last = morning_of(made.ends_on, desk.platform.zone) + INSIST_AFTER * INSIST
    if desk.now + INSIST_AFTER < last:
        desk.remind(RETURN, topic, desk.now + INSIST_AFTER)


# -- what both sides say ----------------------------------------------------------------------


@table.topic("agreement", who=Role.MEMBER)
def say(ctx: Context, topic: Topic) -> Reply | None:
    """Pass what one side says on to the other, and to nobody else (acceptance B42)."""
    made = ctx.session.get_one(Agreement, topic.id)
    if not _has_part(ctx, made):
        raise Refusal(_("Rien n'est convenu avec vous pour {reference}.", **_named(made)))
    words = open_letter(ctx.incoming.subject, ctx.incoming.text).body.strip() or ctx.incoming.text
    if only_thanks(words, ctx.person) and not ctx.incoming.files:
        ctx.observe(action=Action.IGNORE)
        return None
    if _says_returned(ctx, made, words):
        finish(ctx, made)
        return reply(
            _(
                "C'est noté : ce qui était prêté pour **{reference}** est rendu, l'autre partie en"
                " est prévenue.",
                reference=made.announcement.reference,
            ),
            title=_title(made),
        )
    require_discreet(ctx, words)
    other = made.other_than(ctx.institution)
    said = reply(
        _("**{name}**, {institution} :", name=ctx.member.name, institution=ctx.institution.name),
        Quote(words),
        title=_title(made),
    ).with_files(*(File(f.name, f.media_type, f.content) for f in ctx.incoming.files))
    ctx.tell(other, said.about(str(topic)))
    return reply(
        _(
            "Transmis {whom}, et à personne d'autre.",
            whom=texts.to_the(other.institution),
        ),
        title=_title(made),
    ).about(str(topic))


_RETURNED = re.compile(
    r"^\W*(?:(?:bonjour|oui|voila|ok)\b[\s,.!]*)*(?:(?:c'est|tout est|il est|elle est|ils sont"
    r"|elles sont|nous (?:l'|les )?avons|je (?:l'|les )?ai|(?:le|la|les) \w+ (?:est|sont)"
    r"|a ete|ont ete) ?(?:bien |deja |tout |ete )*)?(?:rendue?s?|restituee?s?|rapportee?s?"
    r"|ramenee?s?|de retour|revenue?s?|teruggebracht|zuruckgegeben|returned)\b"
)


def _says_returned(ctx: Context, made: Agreement, words: str) -> bool:
    """Whether short words say that what was lent is back: « oui, c'est rendu »."""
    begun = made.state == State.AGREED and made.starts_on <= ctx.today
    brief = len(words.split()) <= _BRIEF and "?" not in words and not ctx.incoming.files
    return begun and brief and _RETURNED.search(level(words)) is not None


_BRIEF = 15


# -- its end ----------------------------------------------------------------------------------


def finish(ctx: Context, made: Agreement) -> None:
    """It is back, or the person is: the other side hears of it, and nothing is asked any more."""
    _end(ctx, made, State.RETURNED)
    words = reply(
        _(
            "**{name}**, {institution}, signale que c'est rendu : {reference}. Merci à vous deux.",
            name=ctx.member.name,
            institution=ctx.institution.name,
            reference=made.announcement.reference,
        ),
        title=_title(made),
    )
    ctx.tell(made.other_than(ctx.institution), words.about(str(topic_of(made))))
    close_if_over(ctx, made.announcement)


def give_up(ctx: Context, made: Agreement, why: str = "") -> None:
    """It comes to nothing: the other side hears of it and why, and the days leave their calendar.
    Raises Refusal for a reason that says too much of somebody.
    """
    require_discreet(ctx, why)
    _end(ctx, made, State.CANCELLED)
    words = reply(
        _(
            "**{name}**, {institution}, renonce à ce qui était convenu pour {reference}.",
            name=ctx.member.name,
            institution=ctx.institution.name,
            reference=made.announcement.reference,
        ),
        *([Quote(why)] if why else []),
        title=_title(made),
    ).about(str(topic_of(made)))
    off = appointment(ctx, made, cancelled=True)
    ctx.tell(made.other_than(ctx.institution), words.on(off))


def _end(ctx: Context, made: Agreement, state: State) -> None:
    made.state, made.ended_at = state, ctx.now
    reminders.cancel(ctx.session, str(topic_of(made)), KINDS, ctx.now)
    ctx.audit(f"agreement.{state}", topic_of(made))
