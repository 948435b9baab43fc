"""What comes of an announcement, or of an answer to one, whose author edits or deletes the message.

Where everybody reads, everybody sees the change; those who were told elsewhere are told of it, and
what was said for them is taken back where that can be done (B07 to B09, B30).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from handlers import (
    amendments,
    announcement_acts,
    announcement_life,
    broadcast,
    texts,
    withdrawal,
)
from handlers.announcement_checks import require_discreet, require_public, wrong_period
from handlers.announcement_naming import REFERENCE
from handlers.announcement_told import severity_kept
from handlers.announcement_words import facts, headline, shortened
from handlers.arguments import Words
from handlers.command import Followed, Table
from handlers.confidences import IN_PRIVATE, TOPIC, said_privately, wants_privacy
from handlers.context import Context, Revision
from handlers.courtesy import only_thanks
from handlers.desk import PLACE, tell_all
from handlers.policy import Role
from handlers.reading.announcement import read_announcement
from handlers.reading.dates import find_period
from handlers.reading.declining import declines
from handlers.reading.letter import open_letter
from handlers.reply import Quote, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.revisions import take_back
from handlers.wording import Text, _, n_
from storage import announcements, outbox, recipients, rhythms
from storage.announcements import Announcement, Contribution
from storage.conversations import Question
from storage.members import Person
from storage.outbox import Row
from storage.recipients import Way
from storage.rhythms import Rhythm

table = Table()

CORRECTION = "correction"
"""The question whether an announcement that is out shall say something else."""


# -- announcements ----------------------------------------------------------------------------


@table.edited
def announcement_edited(ctx: Context, revision: Revision) -> Followed | None:
    """Show its author what the others would read instead; a draft is simply written anew."""
    kept = announcements.written_in(ctx.session, revision.ids)
    if kept is None or not kept.number:
        return None
    return Followed(_asked(ctx, kept, revision.words))


@table.command(
    "corriger",
    aliases={
        "fr": ["corriger l'annonce", "modifier l'annonce"],
        "en": ["correct"],
        "nl": ["verbeteren"],
        "de": ["berichtigen"],
    },
    who=Role.MEMBER,
    usage=_("corriger A-NUMÉRO TEXTE"),
    summary=_("changer ce que dit votre annonce, ou y ajouter une précision"),
    example="corriger A-1 quatre tentes plutôt que trois",
    listed=False,
)
def correct(ctx: Context, announcement: Announcement, words: Words) -> Reply:
    """Show what an announcement would say, with what its author adds or wholly anew."""
    announcement_acts.only_own(ctx, announcement)
    return _asked(ctx, announcement, amendments.rewritten(ctx, announcement, words), words)


def _asked(ctx: Context, kept: Announcement, words: str, more: str = "") -> Reply:
    """What would replace the words of an announcement, for a yes. Raises Refusal."""
    if not kept.is_live:
        raise Refusal(_no_longer_open(kept))
    require_public(ctx, words)
    told = find_period(more, ctx.today) if more else None
    wrong = wrong_period(more, told, ctx.today) if more else None
    if wrong is not None:
        raise Refusal(wrong)
    days = [day.isoformat() if day else "" for day in (told.start, told.end)] if told else []
    question = ctx.ask(CORRECTION, _topic(kept), _digest(kept.words, words), words=words, days=days)
    return reply(
        _(
            "Votre annonce **{reference}** est déjà partie. Voici ce qui remplacerait son texte ;"
            " ceux qui l'ont reçue seraient prévenus.",
            reference=kept.reference,
        ),
        Quote(words),
        texts.confirm_or_cancel(_("la correction part"), _("rien ne change")),
        title=_("Corriger l'annonce {reference} ?", reference=kept.reference),
    ).about(f"question:{question.id}")


@table.question(CORRECTION)
def corrected(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Put the new words in the place of the old ones, and say so to whoever read those."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if not said:
        return reply(_("Rien ne change : votre annonce reste telle qu'elle est partie."))
    words = str(question.data.get("words", ""))
    if not kept.is_live or question.digest != _digest(kept.words, words):
        raise Refusal(_no_longer_open(kept))
    _put(ctx, kept, words)
    days = question.data.get("days") or ["", ""]
    kept.starts_on = date.fromisoformat(days[0]) if days[0] else kept.starts_on
    kept.ends_on = date.fromisoformat(days[1]) if days[1] else kept.ends_on
    if kept.is_awaiting and kept.ends_on is not None:
        kept.expires_on = announcement_life.last_day(ctx, kept)
        announcement_life.plan(ctx, kept)
    told = reply(
        _("✏️ Correction de l'annonce **{reference}** :", reference=kept.reference),
        Quote(words),
        *facts(kept),
        title=headline(kept),
    ).about(question.topic)
    _tell_readers(ctx, kept, told)
    ctx.audit("announcement.corrected", _topic(kept))
    return reply(
        _("L'annonce **{reference}** est corrigée.", reference=kept.reference),
        title=headline(kept),
    ).about(question.topic)


def _put(ctx: Context, kept: Announcement, words: str) -> None:
    read = read_announcement(open_letter("", words), ctx.today)
    kept.words, kept.service = words, read.service or kept.service
    kept.severity, kept.urgent = severity_kept(read.severity), read.urgent
    if read.period and not read.period.faults:
        kept.starts_on, kept.ends_on = read.period.start, read.period.end


def _tell_readers(ctx: Context, kept: Announcement, words: Reply) -> None:
    """Everybody whom it was sent to, where they got it; a digest shows it as it stands anyway."""
    if not kept.audience:
        ctx.tell_place(Place.MEMBERS, shortened(words, f"{kept.reference}.txt"))
    period = broadcast.appointment(ctx, kept)
    told = [
        one.person
        for one in recipients.of(ctx.session, words.topic or "")
        if one.way == Way.MESSAGE and rhythms.of(ctx.session, one.person_id) is not Rhythm.OWN
    ]
    tell_all(ctx, told, words.on(period) if period else words)
    broadcast.news(ctx, kept)


@table.withdrawn
def announcement_deleted(ctx: Context, revision: Revision) -> Followed | None:
    """Close an announcement whose author deletes it, and take back what was sent of it."""
    kept = announcements.written_in(ctx.session, revision.ids)
    if kept is None:
        return None
    kept.words = ""
    if not kept.is_live:
        return None
    gone = [row for row in _sent_of(ctx, kept) if not ctx.retract(row)]
    take_back(ctx, revision)
    withdrawal.close(ctx, kept)
    return Followed(
        reply(
            _(
                "L'annonce **{reference}** est retirée et son texte effacé ; ceux qui y ont répondu"
                " en sont prévenus.",
                reference=kept.reference,
            ),
            *_left_with(len({row.destination for row in gone})),
            title=_("Annonce {reference} retirée", reference=kept.reference),
        )
    )


def _sent_of(ctx: Context, kept: Announcement) -> list[Row]:
    """The messages in which an announcement was sent, with their files."""
    topic, place = str(_topic(kept)), f"{PLACE}{Place.MEMBERS}"
    root = outbox.first_about(ctx.session, topic, ctx.platform.place_channel, place)
    firsts = [one.row for one in recipients.of(ctx.session, topic)]
    return [
        unit
        for first in (root, *firsts)
        if first is not None
        for unit in outbox.units_of(ctx.session, first)
    ]


# -- answers ----------------------------------------------------------------------------------


@table.edited
def answer_edited(ctx: Context, revision: Revision) -> Followed | None:
    """The others read the corrected answer where they read the first one."""
    said = announcements.answered_in(ctx.session, revision.ids)
    if said is None:
        return None
    kept, words = said.announcement, _after_reference(revision.words)
    if not kept.is_live:
        raise Refusal(_no_longer_open(kept))
    if not words or only_thanks(words, ctx.person):
        return Followed()
    if wants_privacy(words):
        raise Refusal(
            _(
                "Votre réponse est déjà chez les autres : elle ne peut plus devenir privée. Votre"
                " modification n'est pas transmise."
            )
        )
    require_public(ctx, words)
    said.words, said.declines = words, declines(words)
    lead = _(
        "✏️ **{name}**, {institution}, corrige sa réponse :",
        name=said.person.name,
        institution=said.person.institution.name,
    )
    told = reply(lead, Quote(words), title=headline(kept)).about(str(_topic(kept)))
    broadcast.tell_each(ctx, kept, _other_readers(ctx, said), told)
    broadcast.news(ctx, kept)
    if ctx.incoming.place is Place.MEMBERS:
        # Who reads here sees it changed.
        return Followed()
    if not kept.audience:
        ctx.tell_place(Place.MEMBERS, shortened(told, f"{kept.reference}.txt"))
    return Followed(
        reply(
            _("Votre correction est transmise {whom}.", whom=texts.to_the(kept.person.institution)),
            title=headline(kept),
        ).about(str(_topic(kept)))
    )


@table.withdrawn
def answer_deleted(ctx: Context, revision: Revision) -> Followed | None:
    """Take an answer out of its conversation; those who keep it are told not to count on it."""
    said = announcements.answered_in(ctx.session, revision.ids)
    if said is None:
        return None
    kept, others = said.announcement, _other_readers(ctx, said)
    gone = take_back(ctx, revision)
    name, institution = said.person.name, said.person.institution.name
    ctx.session.delete(said)
    if gone:
        told = reply(
            _(
                "**{name}**, {institution}, retire sa réponse : n'en tenez plus compte.",
                name=name,
                institution=institution,
            ),
            title=headline(kept),
        ).about(str(_topic(kept)))
        broadcast.tell_each(ctx, kept, others, told)
    return Followed(reply(_("Votre réponse est retirée."), *_left_with(gone)))


# -- answers in private -----------------------------------------------------------------------


@table.edited
def private_answer_edited(ctx: Context, revision: Revision) -> Followed | None:
    """The author of the announcement, and nobody else, gets the corrected answer: what was said in
    private stays so, whatever the new words say.
    """
    said = announcements.confided_in(ctx.session, revision.ids)
    if said is None:
        return None
    kept = said.announcement
    if not kept.is_live:
        raise Refusal(_no_longer_open(kept))
    words = IN_PRIVATE.sub("", _after_reference(revision.words), count=1).strip()
    if not words:
        return Followed()
    require_discreet(ctx, words)
    said.declines = declines(words)
    lead = _(
        "✏️ **{name}**, {institution}, corrige sa réponse privée :",
        name=said.person.name,
        institution=said.person.institution.name,
    )
    told = said_privately(ctx, kept, lead, words).about(f"{TOPIC}:{said.id}")
    broadcast.tell_author(ctx, kept, told)
    return Followed(
        reply(
            _(
                "Votre correction est transmise {whom}, et à personne d'autre.",
                whom=texts.to_the(kept.person.institution),
            )
        )
    )


@table.withdrawn
def private_answer_deleted(ctx: Context, revision: Revision) -> Followed | None:
    """Take a private answer away from its only reader, or tell them not to count on it."""
    said = announcements.confided_in(ctx.session, revision.ids)
    if said is None:
        return None
    kept, person = said.announcement, said.person
    gone = take_back(ctx, revision)
    ctx.session.delete(said)
    if gone:
        lead = _(
            "**{name}**, {institution}, retire sa réponse privée : n'en tenez plus compte.",
            name=person.name,
            institution=person.institution.name,
        )
        title = _("Réponse privée à l'annonce {reference}", reference=kept.reference)
        broadcast.tell_author(ctx, kept, reply(lead, title=title))
    return Followed(reply(_("Votre réponse est retirée."), *_left_with(gone)))


def _other_readers(ctx: Context, said: Contribution) -> Sequence[Person]:
    """Who else takes part in a conversation, and was told what was said apart."""
    kept = said.announcement
    people = broadcast.taking_part(ctx, kept)
    return [p for p in people if p.id != said.person_id and broadcast.is_told_apart(ctx, kept, p)]


def _after_reference(words: str) -> str:
    """An answer without the reference that a command names first: « répondre A-31 … »."""
    named = REFERENCE.match(words)
    return words[named.end() :].strip() if named and words[:1] in "aA" else words


# -- words ------------------------------------------------------------------------------------


def _left_with(count: int) -> list[Text]:
    """To how many others it had gone already, if it had."""
    if not count:
        return []
    return [
        n_(
            "{count} personne l'avait déjà reçue ; ce qui est chez elle y reste.",
            "{count} personnes l'avaient déjà reçue ; ce qui est chez elles y reste.",
            count,
        )
    ]


def _no_longer_open(kept: Announcement) -> Text:
    return _("L'annonce {reference} n'est plus ouverte.", reference=kept.reference)


def _topic(kept: Announcement) -> Topic:
    return Topic("announcement", kept.id)


def _digest(before: str, after: str) -> str:
    return sha256(f"{before}\n\0{after}".encode()).hexdigest()
