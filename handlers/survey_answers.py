"""Answers to surveys: votes in a poll, numbers, or words; kept word for word, and counted."""

from __future__ import annotations

import re

from handlers import texts
from handlers.arguments import Words, reads
from handlers.command import Followed, Table
from handlers.context import Context, Revision
from handlers.courtesy import only_thanks
from handlers.desk import tell_all
from handlers.enquiries import to_a_person, veiled
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reply import Quote, Refusal, Reply, Steps, reply
from handlers.request import Kind, Topic
from handlers.survey_words import (
    FREELY,
    chosen,
    in_words,
    poll_of,
    title,
    topic_of,
    voted,
)
from handlers.wording import Text, _, verbatim
from storage import surveys
from storage.surveys import Ballot, Stage, Survey

table = Table()

REFERENCE = re.compile(r"\s*S-?(?:(\d{4})-)?0*(\d{1,6})\b[\s:,]*", re.IGNORECASE)


@reads(Survey)
def read_reference(ctx: Context, words: str) -> Survey:
    """The survey of a reference such as S-3 or S-2026-0003. Raises Refusal."""
    match = REFERENCE.match(words if words[:1] in "sS" else f"S{words}")
    year = int(match[1]) if match and match[1] else None
    found = surveys.by_number(ctx.session, int(match[2]), year) if match else None
    if found is None:
        raise Refusal(
            _(
                "Je ne trouve pas le sondage « {words} » : son numéro est dans le message qui le"
                " pose, par exemple `S-1`.",
                words=words[:40],
            )
        )
    return found


# -- answering --------------------------------------------------------------------------------


@table.topic("survey", who=Role.MEMBER)
def answer(ctx: Context, topic: Topic) -> Reply | None:
    """An answer to a survey: a vote in its poll, or words."""
    kept = ctx.session.get_one(Survey, topic.id)
    words = ctx.incoming.text.strip()
    if ctx.incoming.kind is Kind.VOTE:
        _require_open(kept)
        _count(ctx, kept, voted(kept, ctx.incoming.text), "")
        # Programs show everybody what they chose.
        return None
    choices = chosen(kept, words)
    if choices is None and not ctx.incoming.addressed:
        # What members say among themselves below it.
        return None
    if only_thanks(words, ctx.person):
        return None
    return _answered(ctx, kept, choices, words)


@table.command(
    "voter",
    aliases={"en": ["vote"], "nl": ["stemmen"], "de": ["abstimmen"]},
    who=Role.MEMBER,
    usage=_("voter S-NUMÉRO RÉPONSE"),
    summary=_("répondre à un sondage"),
    example="voter S-1 2",
    listed=False,
)
def vote(ctx: Context, survey: Survey, words: Words) -> Reply | None:
    """An answer to a survey named by its reference."""
    return _answered(ctx, survey, chosen(survey, words), words)


def _answered(ctx: Context, kept: Survey, choices: list[str] | None, words: str) -> Reply:
    _require_open(kept)
    if choices is None:
        return _unclear(ctx, kept)
    before = surveys.last_of(ctx.session, kept, ctx.institution)
    _count(ctx, kept, choices, words)
    if kept.is_free:
        return _understood(ctx, kept, choices, before)
    noted = _(
        "Noté pour {institution} : **{choices}** (sondage {reference}).",
        institution=texts.the(ctx.institution),
        choices=", ".join(choices),
        reference=kept.reference,
    )
    return reply(noted, *_replaced(ctx, before), title=title(kept)).about(str(topic_of(kept)))


def _understood(ctx: Context, kept: Survey, wishes: list[str], before: Ballot | None) -> Reply:
    """The receipt of an answer in free words: what was understood, and how to correct it."""
    return reply(
        _(
            "Merci. Voici ce que j'ai compris pour {institution} (sondage {reference}) :",
            institution=texts.the(ctx.institution),
            reference=kept.reference,
        ),
        Steps(tuple(verbatim(wish) for wish in wishes)),
        *_replaced(ctx, before),
        _("Pour corriger, répondez encore une fois, en entier : la dernière réponse compte."),
        title=title(kept),
    ).about(str(topic_of(kept)))


def _unclear(ctx: Context, kept: Survey) -> Reply:
    """Words that choose nothing: they are kept, and a person reads them."""
    if ctx.incoming.place is None:
        _to_administrators(ctx)
        _to_central(ctx, kept)
    if kept.is_free:
        nothing_wished = _("Vos mots sont transmis, mais je n'y lis aucun souhait à compter.")
        return reply(nothing_wished, FREELY, title=title(kept)).about(str(topic_of(kept)))
    words = [option.word for option in poll_of(kept).options]
    nothing_chosen = _(
        "Vos mots sont transmis, mais je n'y lis aucun choix : rien n'est encore compté. Répondez"
        " seulement « {first} » ou « {last} », par exemple.",
        first=words[0],
        last=words[-1],
    )
    return reply(nothing_chosen, *in_words(kept), title=title(kept)).about(str(topic_of(kept)))


def _count(ctx: Context, kept: Survey, choices: list[str], words: str) -> None:
    ballot = Ballot(
        survey_id=kept.id,
        institution=ctx.institution,
        person=ctx.member,
        entry_id=ctx.entry.id,
        choices=choices,
        words=words,
        given_at=ctx.now,
    )
    ctx.session.add(ballot)
    ctx.observe(survey={"reference": kept.reference, "choices": choices, "answers": words})


def _replaced(ctx: Context, before: Ballot | None) -> list[Text]:
    if before is None or not before.choices:
        return []
    if before.person is ctx.member:
        return [_("Votre réponse d'avant ne compte plus.")]
    return [_("La réponse de **{name}** ne compte plus.", name=before.person.name)]


def _require_open(kept: Survey) -> None:
    """Raises Refusal where no answer counts any more."""
    if kept.stage != Stage.OPEN:
        raise Refusal(
            _(
                "Le sondage {reference} est clos depuis le {instant} : votre réponse n'est plus"
                " comptée.",
                reference=kept.reference,
                instant=kept.closed_at or kept.drafted_at,
            )
        )


@table.edited
def answer_edited(ctx: Context, revision: Revision) -> Followed | None:
    """The corrected answer counts."""
    before = surveys.given_in(ctx.session, revision.ids)
    if before is None:
        return None
    kept = ctx.session.get_one(Survey, before.survey_id)
    named = REFERENCE.match(revision.words) if revision.is_command else None
    words = revision.words[named.end() :] if named else revision.words
    return Followed(_answered(ctx, kept, chosen(kept, words), words))


@table.withdrawn
def answer_deleted(ctx: Context, revision: Revision) -> Followed | None:
    """An answer that is taken back is not counted; the one before it is, if there was one."""
    ballot = surveys.given_in(ctx.session, revision.ids)
    if ballot is None:
        return None
    kept = ctx.session.get_one(Survey, ballot.survey_id)
    institution = ballot.institution
    surveys.take_back(ctx.session, revision.ids)
    if revision.origin.record["kind"] == Kind.VOTE:
        return Followed()
    standing = surveys.last_of(ctx.session, kept, institution)
    counts = standing is not None and bool(standing.choices)
    return Followed(
        reply(
            _("Votre réponse au sondage {reference} est retirée.", reference=kept.reference),
            *([_("La réponse précédente compte de nouveau.")] if counts else []),
        )
    )


@table.intent(Intent.SURVEY_ANSWER, who=Role.MEMBER)
def survey_answered(ctx: Context, understood: Understanding) -> Reply:
    """Keep the answers of a letter; nothing of them is published."""
    del understood
    ctx.observe(survey={"answers": ctx.letter.text, "publish": False})
    return (
        reply(
            _("Vos réponses sont bien arrivées, merci. Rien n'en est publié sans votre accord."),
            title=_("Vos réponses à l'enquête"),
        )
    ).about(str(_to_administrators(ctx)))


def _to_administrators(ctx: Context) -> Topic:
    return to_a_person(ctx, _lead(ctx))


def _lead(ctx: Context) -> Text:
    return _(
        "📋 **{name}** ({institution}) répond à une enquête :",
        name=ctx.member.name,
        institution=ctx.institution.name,
    )


def _to_central(ctx: Context, kept: Survey) -> None:
    """Show words that choose nothing to those who asked for their central, too."""
    if kept.central is not None:
        words = Quote(veiled(ctx.incoming.text))
        told = reply(_lead(ctx), words, title=title(kept)).about(f"central:{kept.central_id}")
        tell_all(ctx, kept.central.managers, told)
