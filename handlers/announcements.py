"""Demands and offers: written by one member, shown to them, then seen by all (B07 to B09)."""

from __future__ import annotations

from handlers import announcement_acts, announcement_life, broadcast, forms, moderating, reach
from handlers.announcement_answers import answer_by_letter
from handlers.announcement_drafts import (
    FACTS,
    completed,
    digest,
    draft,
    enclose,
    hold,
    with_facts,
    with_files,
)
from handlers.announcement_naming import may_answer, offered_to
from handlers.announcement_told import Told
from handlers.announcement_words import enclosed, headline, post, post_in_place
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.courtesy import only_thanks
from handlers.desk import Desk
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.announcement import read_announcement
from handlers.reading.consent import plain_consent, waits
from handlers.reading.letter import open_letter
from handlers.reading.sides import Side
from handlers.reply import Refusal, Reply, reply
from handlers.request import Kind, Topic
from handlers.wording import Text, _, n_
from storage import announcement_steps, conversations, counters
from storage.announcement_states import Step
from storage.announcements import Announcement, Direction, Stage
from storage.conversations import Question

table = Table()


@table.command(
    "demande",
    aliases={"fr": ["demander"], "en": ["request"], "nl": ["vraag"], "de": ["anfrage"]},
    who=Role.MEMBER,
    usage=_("demande TEXTE"),
    summary=_("demander un coup de main à tous les membres"),
    example="demande un agent pour le service population, du {soon} au {later}",
)
def demand(ctx: Context, words: MaybeWords) -> Reply:
    """Draft a demand and show what others will see."""
    return _typed(ctx, Direction.DEMAND, words)


@table.command(
    "offre",
    aliases={"fr": ["proposer"], "en": ["offer"], "nl": ["aanbod"], "de": ["angebot"]},
    who=Role.MEMBER,
    usage=_("offre TEXTE"),
    summary=_("proposer du matériel ou du personnel à tous les membres"),
    example="offre une pelleteuse de 8 tonnes, du {soon} au {later}",
)
def offer(ctx: Context, words: MaybeWords) -> Reply:
    """Draft an offer and show what others will see."""
    return _typed(ctx, Direction.OFFER, words)


def _typed(ctx: Context, direction: Direction, words: str) -> Reply:
    """What was typed as a command: its answer costs a second, so it is waited for."""
    if not words:
        return forms.begin(ctx, "announcement", {"side": direction.value})
    return draft(ctx, Told("", words, ctx.entry.id, direction))


@table.reminder("publication")
def publish_after_pause(desk: Desk, topic: Topic) -> None:
    """The pause is over: what its author did not hold back leaves."""
    kept = desk.session.get_one(Announcement, topic.id)
    if kept.stage != Stage.DRAFT or not kept.person.active:
        return
    receipt = publish(desk, kept)
    conversations.withdraw(desk.session, "announcement", str(topic), desk.now)
    broadcast.tell_author(desk, kept, receipt)


@table.question("announcement", free_text=True, called_off=True)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply | None:
    """Publish what was shown, or forget it, or complete it with what its author adds."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if said is None:
        said = plain_consent(ctx.incoming.text)
    if said is None:
        return _in_own_words(ctx, kept, question)
    if not said and waits(ctx.incoming.text) and kept.stage == Stage.DRAFT:
        return hold(ctx, kept, question)
    if not said:
        announcement_acts.drop(ctx, kept)
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if kept.stage != Stage.DRAFT or question.digest != digest(kept):
        raise Refusal(_("Cette annonce a changé depuis : renvoyez-la pour la confirmer."))
    ctx.observe(action=Action.ACCEPT)
    enclose(ctx, kept)
    return publish(ctx, kept)


def _in_own_words(ctx: Context, kept: Announcement, question: Question) -> Reply | None:
    """Thanks and votes change nothing; a whole announcement replaces the draft; the rest
    completes it.
    """
    thanks = only_thanks(ctx.incoming.text, ctx.claimed) and not ctx.incoming.files
    if thanks or ctx.incoming.kind is not Kind.MESSAGE:
        question.answered_at = None
        ctx.observe(action=Action.IGNORE)
        return None
    if kept.stage != Stage.DRAFT:
        raise Refusal(_("Cette annonce a changé depuis : renvoyez-la pour la confirmer."))
    if ctx.incoming.files and len(ctx.incoming.text) < WHOLE:
        return with_files(ctx, kept)
    again = open_letter("", ctx.incoming.text)
    read = read_announcement(again, ctx.today)
    if read.side is not None and read.category is not None and len(again.body) >= WHOLE:
        announcement_acts.drop(ctx, kept)
        return draft(ctx, Told("", ctx.incoming.text, ctx.entry.id, letter=True))
    return completed(ctx, kept, question)


WHOLE = 80
"""From how many letters on an answer that demands or offers is the announcement written anew."""


@table.question(FACTS, free_text=True, called_off=True)
def facts_told(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Go on with an announcement that lacked a fact."""
    return with_facts(ctx, question, said)


@table.too_late("announcement")
def gone(ctx: Context, question: Question) -> Reply | None:
    """What is said to a draft that has left already."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if not kept.is_live:
        return None
    return reply(
        _(
            "Votre annonce **{reference}** est déjà partie, le {instant}. Pour y ajouter quelque"
            " chose : `répondre {reference} …`.",
            reference=kept.reference,
            instant=kept.published_at or ctx.now,
        )
    )


def publish(desk: Desk, kept: Announcement) -> Reply:
    """Send an announcement once to everybody whom it is for: in the members' place if it is for
    all, and to those outside it. Where it is moderated it goes to the administrators first.
    """
    if kept.stage == Stage.DRAFT and moderating.is_required(desk, kept):
        return moderating.submit(desk, kept)
    year = desk.today.year
    kept.year, kept.number = year, counters.following(desk.session, f"A-{year}")
    kept.published_at = desk.now
    kept.expires_on = announcement_life.last_day(desk, kept)
    announcement_steps.take(desk.session, kept, Step.PUBLISH, at=desk.now, by=kept.person)
    announcement_life.plan(desk, kept)
    reach.look_later(desk, kept)
    topic = Topic("announcement", kept.id)
    count = broadcast.institutions_told(desk, kept)
    files = enclosed(desk, kept)
    broadcast.send_out(
        desk,
        kept,
        to_place=post_in_place(kept, count).with_files(*files).about(str(topic)),
        to_each=post(kept).with_files(*files).about(str(topic)),
    )
    desk.record(_author(kept), "announcement.published", topic, direction=kept.direction)
    return reply(
        _reached(kept, count),
        _("Les réponses vous parviendront ici.")
        if broadcast.is_told_apart(desk, kept, kept.person)
        else _("Les réponses viendront dans son fil, au salon des membres."),
        title=headline(kept),
    ).about(str(topic))


def _reached(kept: Announcement, count: int) -> Text:
    if not count:
        return _(
            "Votre annonce **{reference}** est publiée, mais personne ne la reçoit encore : aucun"
            " autre membre n'est concerné. Elle reste visible dans `annonces`.",
            reference=kept.reference,
        )
    return n_(
        "Votre annonce **{reference}** est publiée : {count} autre institution la reçoit.",
        "Votre annonce **{reference}** est publiée : {count} autres institutions la reçoivent.",
        count,
        reference=kept.reference,
    )


def _author(kept: Announcement) -> str:
    return next((address.address for address in kept.person.addresses), "")


@table.intent(Intent.ANNOUNCEMENT, who=Role.MEMBER)
def announced(ctx: Context, understood: Understanding) -> Reply | None:
    """A demand or an offer written as a letter."""
    read = understood.announcement
    offered = read is not None and read.side is Side.OFFER
    asked = offered_to(ctx) if offered else []
    if len(asked) == 1:
        ctx.observe(intent=Intent.ANNOUNCEMENT_ANSWER)
        return answer_by_letter(ctx, asked[0])
    sure = not asked and not may_answer(ctx, offered=offered)
    return draft(ctx, Told(ctx.letter.subject, ctx.letter.text, ctx.entry.id, letter=sure))
