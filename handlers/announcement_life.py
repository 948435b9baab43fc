"""How long an announcement awaits answers: its end, the word that prolongs it, and what follows.

Who made it is asked some days before its end, and one word prolongs it; without one it expires
(acceptance B28, B34). Whatever ended can be opened again.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from config.folding import fold
from handlers import announcement_acts, broadcast, circulation, texts, withdrawal
from handlers.announcement_acts import topic_of
from handlers.announcement_checks import wrong_period
from handlers.announcement_words import headline
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role, morning_of
from handlers.reading.dates import Period, find_period
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Choice, Choices, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import _
from storage import announcements, conversations, recipients, reminders
from storage.announcement_states import Step
from storage.announcements import Announcement
from storage.conversations import Question
from storage.members import Person

table = Table()

_LONGEST = timedelta(days=366)
"""How long an announcement can be kept open at once: who still wants it then says so again."""
_UNTIL = re.compile(r"\d|\bjusqu|\btot\b|\bbis\b|\buntil\b", re.IGNORECASE)

ENDING, END = "announcement-ending", "announcement-end"
"""The reminder, and the question, before an announcement expires; the reminder that it does."""


def last_day(desk: Desk, kept: Announcement) -> date:
    """The last day on which an announcement awaits answers: that of its period, if it has one."""
    days = desk.platform.settings.rules.announcement_days
    return max(kept.ends_on or desk.today + timedelta(days=days), desk.today)


def plan(desk: Desk, kept: Announcement) -> None:
    """Plan the question before its end, if there is time for one, and its end."""
    if kept.expires_on is None:
        return
    topic, zone = str(topic_of(kept)), desk.platform.zone
    reminders.cancel(desk.session, topic, (ENDING, END), desk.now)
    notice = timedelta(days=desk.platform.settings.rules.announcement_notice_days)
    if kept.expires_on - notice > desk.today:
        asked_at = morning_of(kept.expires_on - notice, zone)
        reminders.plan_again(desk.session, ENDING, topic, asked_at)
    ends_at = morning_of(kept.expires_on + timedelta(days=1), zone)
    reminders.plan_again(desk.session, END, topic, ends_at)


# -- before its end ---------------------------------------------------------------------------


@table.reminder(ENDING)
def ask_before_end(desk: Desk, topic: Topic) -> None:
    """Ask who made an announcement whether it is still wanted."""
    kept = desk.session.get_one(Announcement, topic.id)
    author = kept.person
    if not kept.is_awaiting or not author.active or kept.expires_on is None:
        return
    told = reply(
        _(
            "Votre annonce **{reference}** reste ouverte jusqu'au **{day}**. Un mot suffit pour la"
            " prolonger de {count} jours ; sans réponse, elle expire.",
            reference=kept.reference,
            day=kept.expires_on,
            count=desk.platform.settings.rules.announcement_days,
        ),
        Choices(
            (
                Choice("✅", _("prolonger"), _("elle reste ouverte")),
                Choice("❌", _("non"), _("elle est close, sans suite")),
            )
        ),
        title=headline(kept),
    )
    desk.tell(author, told.about(f"question:{_question(desk, kept).id}"))


def _question(desk: Desk, kept: Announcement) -> Question:
    """The question to its author, at the address at which they are told things first."""
    conversations.withdraw(desk.session, ENDING, str(topic_of(kept)), desk.now)
    address = desk.first_address(kept.person)
    hours = desk.platform.settings.rules.confirmation_hours
    return conversations.ask(
        desk.session,
        Question(
            kind=ENDING,
            topic=str(topic_of(kept)),
            channel=address.channel if address else "",
            address=address.address.lower() if address else "",
            asked_at=desk.now,
            expires_at=desk.now + timedelta(hours=hours),
        ),
    )


_PROLONG = frozenset({"prolonger", "prolongez", "prolonge", "prolongation", "encore", "maintenir"})
_STILL = re.compile(
    r"\b(?:toujours (?:d'actualite|ouverte?|valable|necessaire|besoin)|encore (?:d'actualite"
    r"|ouverte?|valable|besoin)|prolong\w+|mainten\w+|nog steeds|noch immer|still)\b"
)
_PROLONG_ELSEWHERE = frozenset({"verlengen", "verlangern", "extend", "prolong"})


@table.question(ENDING, free_text=True)
def ending_answered(ctx: Context, question: Question, said: bool | None) -> Reply:
    """One word prolongs it; « non » closes it without help."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    word = fold(ctx.incoming.text).strip(" .!")
    if said or word in _PROLONG | _PROLONG_ELSEWHERE:
        return prolong(ctx, kept)
    plain = level(ctx.incoming.text)
    if said is None and _STILL.search(plain) and "?" not in plain:
        return prolong(ctx, kept, until=_told_end(ctx, open_letter("", ctx.incoming.text).body))
    if said is False:
        return _unmet(ctx, kept)
    question.answered_at = None
    raise Refusal(
        _(
            "Pour prolonger l'annonce {reference} : répondez `prolonger`. Pour la clore sans"
            " suite : `non`.",
            reference=kept.reference,
        )
    )


@table.reminder(END)
def expire(desk: Desk, topic: Topic) -> None:
    """The last day is over: it is no longer listed, and its author is told how to go on."""
    kept = desk.session.get_one(Announcement, topic.id)
    if not kept.is_awaiting or kept.expires_on is None or desk.today <= kept.expires_on:
        return
    announcement_acts.take_unasked(desk, kept, Step.EXPIRE)
    _news(desk, kept)
    if kept.person.active:
        told = reply(
            _(
                "Votre annonce **{reference}** a expiré : elle n'est plus montrée aux autres. Pour"
                " la rouvrir : `rouvrir {reference}`.",
                reference=kept.reference,
            ),
            title=headline(kept),
        )
        broadcast.tell_author(desk, kept, told.about(str(topic)))


def _news(desk: Desk, kept: Announcement) -> None:
    """Whoever got it in a digest or as a message finds its end in the next digest."""
    meant = recipients.of(desk.session, str(topic_of(kept)))
    known = [one.person for one in meant if one.row_id and one.way != recipients.Way.PLACE]
    circulation.news(desk, known, topic_of(kept))


# -- acts of its author -----------------------------------------------------------------------


@table.command(
    "maintenir",
    aliases={
        "fr": ["encore ouverte"],
        "en": ["keep open"],
        "nl": ["openhouden"],
        "de": ["offenhalten"],
    },
    who=Role.MEMBER,
    usage=_("maintenir A-NUMÉRO [jusqu'au DATE]"),
    summary=_("prolonger votre annonce"),
    example="maintenir A-1",
    listed=False,
)
def keep_open(ctx: Context, announcement: Announcement, words: MaybeWords) -> Reply:
    """Prolong an announcement of one's own institution, to a day if one is told."""
    announcement_acts.only_own(ctx, announcement)
    announcement_acts.require(announcement, Step.PROLONG)
    return prolong(ctx, announcement, until=_told_end(ctx, words))


def _told_end(ctx: Context, words: str) -> date | None:
    """Until when an announcement stays open; None if no day is told. Raises Refusal."""
    told = find_period(words, ctx.today)
    if told is None:
        if _UNTIL.search(words):
            raise Refusal(_("Jusqu'à quand ? Écrivez par exemple `maintenir A-1 jusqu'au DATE`."))
        return None
    wrong = wrong_period(words, told, ctx.today)
    if wrong is not None:
        raise Refusal(wrong)
    end = told.end or told.start
    last = ctx.today + _LONGEST
    if end is not None and not ctx.today < end <= last:
        raise Refusal(
            _(
                "Une annonce reste ouverte jusqu'à un jour à venir, au plus tard le {day}.",
                day=last,
            )
        )
    return end


def prolong(ctx: Context, kept: Announcement, until: date | None = None) -> Reply:
    """Give an announcement more days: to a day, or counted from its end or from today if that is
    over.
    """
    announcement_acts.take(ctx, kept, Step.PROLONG)
    if until is None:
        _give_days(ctx, kept)
    else:
        kept.expires_on = until
        plan(ctx, kept)
    return reply(
        _(
            "L'annonce **{reference}** reste ouverte jusqu'au **{day}**.",
            reference=kept.reference,
            day=kept.expires_on or ctx.today,
        ),
        title=headline(kept),
    ).about(str(topic_of(kept)))


def _give_days(ctx: Context, kept: Announcement) -> None:
    days = timedelta(days=ctx.platform.settings.rules.announcement_days)
    kept.expires_on = max(kept.expires_on or ctx.today, ctx.today) + days
    plan(ctx, kept)


@table.command(
    "sans suite",
    aliases={"fr": ["pas trouvé"], "en": ["unmet"], "nl": ["zonder gevolg"], "de": ["unerfüllt"]},
    who=Role.MEMBER,
    usage=_("sans suite A-NUMÉRO"),
    summary=_("clore votre annonce pour laquelle personne n'a pu aider"),
    example="sans suite A-1",
    listed=False,
)
def unmet(ctx: Context, announcement: Announcement) -> Reply:
    """Close an announcement without help: a normal end (acceptance B34)."""
    announcement_acts.only_own(ctx, announcement)
    return _unmet(ctx, announcement)


def _unmet(ctx: Context, kept: Announcement) -> Reply:
    withdrawal.close(ctx, kept, Step.UNMET)
    return reply(
        _(
            "L'annonce **{reference}** est close sans suite : chacun aide dans la mesure du"
            " possible. Pour la rouvrir : `rouvrir {reference}`.",
            reference=kept.reference,
        ),
        title=headline(kept),
    ).about(str(topic_of(kept)))


@table.command(
    "rouvrir",
    aliases={"en": ["reopen"], "nl": ["heropenen"], "de": ["wiedereröffnen"]},
    who=Role.MEMBER,
    usage=_("rouvrir A-NUMÉRO [du … au …]"),
    summary=_("rouvrir votre annonce close ou expirée"),
    example="rouvrir A-1",
    listed=False,
)
def reopen(ctx: Context, announcement: Announcement, words: MaybeWords) -> Reply:
    """Open what ended again, for another period if one is told, else for as many days as a
    prolongation gives. Raises Refusal where its period is over and no other is told.
    """
    announcement_acts.only_own(ctx, announcement)
    announcement_acts.require(announcement, Step.REOPEN)
    if not announcement.words:
        raise Refusal(_("Le texte de cette annonce est effacé : déposez-en une nouvelle."))
    period = _another_period(ctx, announcement, words)
    if period is not None:
        announcement.starts_on = period.start or ctx.today
        announcement.ends_on = period.end
    announcement_acts.take(ctx, announcement, Step.REOPEN)
    if period is not None or announcement.ends_on is not None:
        announcement.expires_on = last_day(ctx, announcement)
        plan(ctx, announcement)
    else:
        _give_days(ctx, announcement)
    withdrawal.tell(ctx, announcement, _reopened(announcement), by=ctx.person)
    return reply(
        _(
            "L'annonce **{reference}** est rouverte, jusqu'au **{day}**.",
            reference=announcement.reference,
            day=announcement.expires_on or ctx.today,
        ),
        title=headline(announcement),
    ).about(str(topic_of(announcement)))


def _another_period(ctx: Context, kept: Announcement, words: str) -> Period | None:
    """The period for which something is opened again; None if it keeps its own."""
    told = find_period(words, ctx.today)
    wrong = wrong_period(words, told, ctx.today)
    if wrong is not None:
        raise Refusal(wrong)
    if told is None and kept.ends_on is not None and kept.ends_on < ctx.today:
        raise Refusal(
            _(
                "Sa période est passée, elle finissait le {end}. Pour quelle période la rouvrir ?"
                " Écrivez : `rouvrir {reference} du … au …`.",
                end=kept.ends_on,
                reference=kept.reference,
            )
        )
    return told


def await_again(ctx: Context, kept: Announcement, parties: Collection[Person]) -> None:
    """What was agreed between two came to nothing: it looks for somebody again, and whoever was
    thanked and sent away can help after all.
    """
    announcement_acts.take(ctx, kept, Step.REOPEN)
    if kept.expires_on is None or kept.expires_on < ctx.today:
        _give_days(ctx, kept)
    else:
        plan(ctx, kept)
    words = _reopened(kept).about(str(topic_of(kept)))
    if not kept.audience:
        ctx.tell_place(Place.MEMBERS, words)
    both = {one.id for one in parties}
    others = [one for one in announcements.answerers(kept) if one.id not in both]
    broadcast.tell_participants(ctx, kept, others, words)


def _reopened(kept: Announcement) -> Reply:
    return reply(
        _(
            "L'annonce **{reference}** {whose} est rouverte : elle attend à nouveau des réponses.",
            reference=kept.reference,
            whose=texts.of_the(kept.person.institution),
        ),
        title=headline(kept),
    )
