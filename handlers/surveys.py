"""Surveys: administrators, or a central, ask all members what each institution answers once.

It is answered in the poll, in words, or by its number: the last answer counts, whichever way and
whoever of the institution gave it (:mod:`handlers.survey_answers`). What is counted is shown to the
those who asked only (:mod:`handlers.survey_results`); words are kept as they were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from config.folding import fold
from handlers import circulation, survey_rights, texts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role, morning_of
from handlers.reading.dates import find_period
from handlers.reply import (
    Block,
    Heading,
    Paragraph,
    Refusal,
    Reply,
    reply,
)
from handlers.request import Topic
from handlers.survey_words import (
    LONGEST,
    MOST_OPTIONS,
    Asked,
    asker,
    in_words,
    poll_of,
    read_free,
    read_survey,
    title,
    topic_of,
    until,
)
from handlers.wording import _, n_
from storage import counters, members
from storage.conversations import Question
from storage.members import Person
from storage.purchasing import Central
from storage.surveys import Stage, Survey

table = Table()


@table.command(
    "sondage",
    aliases={"en": ["survey"], "nl": ["peiling"], "de": ["umfrage"]},
    who=Role.ASKER,
    usage=_("sondage QUESTION ? RÉPONSE / RÉPONSE"),
    summary=_("poser une question à tous les membres ; sans réponses proposées, c'est oui ou non"),
    example="sondage Quel jour vous convient ? mardi / jeudi, jusqu'au {later}",
)
def ask(ctx: Context, words: Words) -> Reply:
    """Draft a survey and show what the members will see."""
    central, told = survey_rights.asked_for(ctx, words)
    asked = read_survey(told)
    _require_possible(asked.question, asked.options)
    return _drafted(ctx, asked, central)


@table.command(
    "enquête",
    aliases={"en": ["open survey"], "nl": ["bevraging"], "de": ["befragung"]},
    who=Role.ASKER,
    usage=_("enquête QUESTION [, jusqu'au DATE] [, aux communes]"),
    summary=_("demander aux membres leurs souhaits, en texte libre ; ils sont regroupés"),
    example="enquête Quelles solutions pour Smart 2.0 ? jusqu'au {later}, aux communes",
)
def ask_freely(ctx: Context, words: Words) -> Reply:
    """Draft a survey that is answered in free words (acceptance A38)."""
    central, told = survey_rights.asked_for(ctx, words)
    asked = read_free(told)
    if not asked.question.strip(" ?"):
        raise Refusal(_("Il faut une question : `enquête Que manque-t-il au catalogue ?`."))
    return _drafted(ctx, asked, central)


def _drafted(ctx: Context, asked: Asked, central: Central | None) -> Reply:
    kept = Survey(
        central=central,
        author=ctx.incoming.sender,
        words=asked.question,
        options=list(asked.options),
        several=asked.several,
        audience=asked.audience,
        closes_on=_last_day(ctx, asked.until),
        drafted_at=ctx.now,
    )
    ctx.session.add(kept)
    ctx.session.flush()
    question = ctx.ask("survey", topic_of(kept), _digest(kept))
    limited = (
        [Paragraph(_("Seulement pour : {kind}.", kind=texts.type_name(kept.audience)))]
        if kept.audience
        else []
    )
    return reply(
        _("Voici ce que les membres recevront. Rien n'est envoyé sans votre accord."),
        *in_words(kept),
        *limited,
        texts.confirm_or_cancel(_("le sondage part aux membres"), _("rien n'est envoyé")),
        title=_("Votre sondage attend votre accord"),
    ).about(f"question:{question.id}")


def _require_possible(question: str, options: Sequence[str]) -> None:
    """Raises Refusal for what nobody could answer."""
    different = {fold(option) for option in options}
    long = next((option for option in options if len(option) > LONGEST), None)
    if not question.strip(" ?") or len(options) < 2 or len(different) < len(options):
        raise Refusal(
            _(
                "Il faut une question et au moins deux réponses différentes : `sondage Quel jour"
                " vous convient ? mardi / jeudi`. Sans réponses, c'est oui ou non."
            )
        )
    if long is not None or len(options) > MOST_OPTIONS:
        raise Refusal(
            _(
                "Au plus {options} réponses, de {letters} caractères chacune : raccourcissez, puis"
                " renvoyez votre sondage.",
                options=MOST_OPTIONS,
                letters=LONGEST,
            )
        )


def _last_day(ctx: Context, until: str) -> date | None:
    """The last day of a survey, if it has one. Raises Refusal for one that is none, or is past."""
    if not until:
        return None
    period = find_period(f"jusqu'au {until}", ctx.today)
    day = period.end if period and not period.faults else None
    if day is None or day < ctx.today:
        raise Refusal(
            _("Je ne comprends pas jusqu'à quand : écrivez par exemple « jusqu'au 30 avril ».")
        )
    return day


@table.question("survey")
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Send what was shown to every member, or forget it."""
    kept = ctx.session.get_one(Survey, Topic.parse(question.topic).id)
    survey_rights.require(ctx, kept)
    if not said:
        kept.stage = Stage.DROPPED
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if kept.stage != Stage.DRAFT or question.digest != _digest(kept):
        raise Refusal(_("Ce sondage a changé depuis : renvoyez-le pour le confirmer."))
    kept.year = ctx.today.year
    kept.number = counters.following(ctx.session, f"S-{kept.year}")
    kept.stage, kept.opened_at = Stage.OPEN, ctx.now
    asked = [one for one in members.active_persons(ctx.session) if _is_asked(kept, one)]
    # What some are asked is not said where all read.
    circulation.circulate(ctx, asked, _post(kept), to_place=None if kept.audience else _post(kept))
    if kept.closes_on is not None:
        ctx.remind("survey-end", topic_of(kept), _day_after(ctx, kept.closes_on))
    ctx.remind("survey-reminder", topic_of(kept), _reminder(ctx, kept))
    ctx.audit("survey.sent", topic_of(kept), options=len(kept.options))
    return reply(
        n_(
            "Le sondage **{reference}** est parti : {count} institution le reçoit.",
            "Le sondage **{reference}** est parti : {count} institutions le reçoivent.",
            len({person.institution_id for person in asked}),
            reference=kept.reference,
        ),
        _(
            "Où en est-il ? `résultats {reference}`. Le clore : `fermer {reference}`.",
            reference=kept.reference,
        ),
        title=title(kept),
    )


REMINDED_AFTER = timedelta(days=14)
"""When who has not answered is reminded, if the survey has no last day."""
REMINDED_BEFORE = timedelta(days=3)
"""How long before its last day, if it has one."""


def _reminder(desk: Desk, kept: Survey) -> datetime:
    """Once, and not on the day on which the survey left."""
    last = kept.closes_on
    day = desk.today + REMINDED_AFTER if last is None else last - REMINDED_BEFORE
    return morning_of(max(day, desk.today + timedelta(days=1)), desk.platform.zone)


def _day_after(desk: Desk, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), desk.platform.zone)


def _is_asked(kept: Survey, person: Person) -> bool:
    return kept.audience is None or person.institution.type == kept.audience


def _post(kept: Survey) -> Reply:
    """What every member gets."""
    asked = in_words(kept) if kept.is_free else [*asker(kept), poll_of(kept), *until(kept)]
    return reply(
        Paragraph(title(kept)),
        *asked,
        _(
            "La dernière réponse de chaque institution compte. Vous pouvez aussi répondre à ce"
            " message, ou écrire `voter {reference} …`.",
            reference=kept.reference,
        ),
        title=title(kept),
    ).about(str(topic_of(kept)))


@circulation.digests("survey")
def in_digest(desk: Desk, topic: Topic) -> Sequence[Block]:
    """A survey as it stands when the digest leaves: nothing once it is closed."""
    kept = desk.session.get_one(Survey, topic.id)
    if kept.stage != Stage.OPEN:
        return ()
    how = _("Pour répondre : `voter {reference} …`.", reference=kept.reference)
    return (Heading(title(kept)), *in_words(kept), Paragraph(how))


def _digest(kept: Survey) -> str:
    shown = "\n".join(
        [kept.words, *kept.options, str(kept.several), str(kept.closes_on), str(kept.audience)]
    )
    return sha256(shown.encode()).hexdigest()
