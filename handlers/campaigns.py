"""Crisis campaigns: administrators call all members at once, with numbers wanted at each place
(acceptance B38).

What lacks is asked for, what others will see is shown, and the call leaves after a yes. A crisis
waits for no digest; only who said STOP gets nothing. What members answer is
:mod:`handlers.campaign_offers`, how it goes on :mod:`handlers.campaign_life`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from config.folding import fold
from handlers import campaign_words, circulation, texts
from handlers.arguments import MaybeWords
from handlers.calls import own_words
from handlers.campaign_words import title, topic_of
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reading.dates import find_period
from handlers.reading.needs import MOST, Call, Wanted, read_call
from handlers.reply import Paragraph, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.request import Place, Topic
from handlers.wording import _, n_, plain, verbatim
from storage import campaigns, counters, members
from storage.campaigns import Campaign, Need, Stage
from storage.conversations import Question

table = Table()

FACTS = "campaign-facts"
"""The question for what a call does not tell."""
LASTS = timedelta(days=14)
"""How long a campaign runs whose author says no last day: one that is forgotten ends."""


@table.command(
    "ouvrir campagne",
    aliases={
        "fr": ["nouvelle campagne", "lancer campagne", "appel de crise"],
        "en": ["open campaign"],
        "nl": ["campagne openen"],
        "de": ["kampagne öffnen"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("ouvrir campagne OBJET : NOMBRE à LIEU, NOMBRE à LIEU"),
    summary=_("appeler tous les membres à l'aide, avec ce qu'il faut à chaque endroit"),
    example="ouvrir campagne inondations : 40 personnes à Rochefort, 25 à Marche",
)
def open_campaign(ctx: Context, words: MaybeWords) -> Reply:
    """Draft a campaign, and ask for what lacks."""
    return drafted(ctx, read_call(_laid_out(ctx, words)))


def _laid_out(ctx: Context, words: str) -> str:
    """The same words on the lines on which they were written."""
    body = own_words(ctx)
    before = len(body.split()) - len(words.split())
    lines = body.split(None, before)[-1] if 0 < before < len(body.split()) else body
    return lines if lines.split() == words.split() else words


def drafted(ctx: Context, call: Call) -> Reply:
    """Show what others would see, or ask for the one thing that lacks."""
    if not call.words:
        return _ask(
            ctx, call, "words", _("**De quelle crise s'agit-il ?** Quelques mots suffisent.")
        )
    if call.unclear:
        lead = _("À quel endroit : « {part} » ? Écrivez-le avec le lieu.", part=call.unclear[0])
        return _ask(ctx, replace(call, unclear=()), "needs", lead)
    if not call.needs:
        lead = _(
            "**Combien faut-il, de quoi, et où ?** Par exemple : « 40 personnes à Rochefort, 25 à"
            " Marche »."
        )
        return _ask(ctx, call, "needs", lead)
    _require_possible(call)
    return _shown(ctx, _kept(ctx, call))


def _ask(ctx: Context, call: Call, missing: str, *words: Any) -> Reply:
    needs = [[one.count, one.thing, one.place] for one in call.needs]
    question = ctx.ask(
        FACTS,
        Topic("inbox", ctx.entry.id),
        missing=missing,
        words=call.words,
        needs=needs,
        until=call.until,
    )
    waits = _("Rien n'est envoyé d'ici là.")
    return reply(*words, waits, title=_("Votre appel : une question")).about(
        f"question:{question.id}"
    )


@table.question(FACTS, free_text=True, called_off=True)
def facts_told(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Go on with a call that lacked something."""
    if said is False:
        return reply(_("C'est annulé : rien n'a été envoyé."))
    known = question.data
    told = read_call(own_words(ctx))
    needs = (*(Wanted(*one) for one in known["needs"]), *told.needs)
    words = known["words"] or told.words
    return drafted(ctx, Call(words, needs, told.until or known["until"], told.unclear))


def _require_possible(call: Call) -> None:
    """Raises Refusal for numbers that cannot be meant."""
    places = Counter((fold(one.place), fold(one.thing)) for one in call.needs)
    twice = next((one for one in call.needs if places[fold(one.place), fold(one.thing)] > 1), None)
    if twice is not None:
        raise Refusal(
            _(
                "Deux nombres sont donnés pour {place} : renvoyez l'appel avec un seul.",
                place=twice.place,
            )
        )
    if any(not 0 < one.count <= MOST for one in call.needs):
        raise Refusal(_("Chaque nombre va de 1 à {most}.", most=MOST))


def _last_day(ctx: Context, until: str) -> date:
    """The last day of a campaign. Raises Refusal for one that is none, or is past."""
    if not until:
        return ctx.today + LASTS
    period = find_period(f"jusqu'au {until}", ctx.today)
    day = period.end if period and not period.faults else None
    if day is None or day < ctx.today:
        raise Refusal(
            _("Je ne comprends pas jusqu'à quand : écrivez par exemple « jusqu'au 30 avril ».")
        )
    return day


def _end_told(ctx: Context, words: str) -> str:
    """The end of a period that the words of a call tell, « du 30 mars au 10 avril »."""
    told = find_period(words, ctx.today)
    if told is None or told.end is None or told.faults or told.end < ctx.today:
        return ""
    return f"{told.end:%d/%m/%Y}"


def _kept(ctx: Context, call: Call) -> Campaign:
    people = plain(_("personnes"), ctx.platform.language)
    kept = Campaign(
        author=ctx.incoming.sender,
        words=call.words,
        drafted_at=ctx.now,
        closes_on=_last_day(ctx, call.until or _end_told(ctx, call.words)),
        needs=[
            Need(place=one.place, thing=one.thing or people, wanted=one.count) for one in call.needs
        ],
    )
    ctx.session.add(kept)
    ctx.session.flush()
    return kept


def _shown(ctx: Context, kept: Campaign) -> Reply:
    question = ctx.ask("campaign", topic_of(kept), _digest(kept))
    wanted = tuple(
        (verbatim(one.place), verbatim(one.thing), verbatim(str(one.wanted))) for one in kept.needs
    )
    return reply(
        _(
            "Voici ce que tous les membres recevront, aussitôt, résumé quotidien ou non. Rien n'est"
            " envoyé sans votre accord."
        ),
        Paragraph(_("🚨 **Appel** · {words}", words=kept.words)),
        Grid((_("Lieu"), _("Quoi"), _("Il en faut")), wanted, frozenset({2})),
        _("L'appel court jusqu'au **{day}** inclus.", day=kept.closes_on),
        texts.confirm_or_cancel(_("l'appel part à tous les membres"), _("rien n'est envoyé")),
        _("Pour ajouter un endroit, répondez par exemple « 10 pompes à Hotton »."),
        title=_("Votre appel attend votre accord"),
    ).about(f"question:{question.id}")


def _digest(kept: Campaign) -> str:
    needs = [f"{one.wanted} {one.thing} {one.place}" for one in kept.needs]
    return sha256("\n".join([kept.words, str(kept.closes_on), *needs]).encode()).hexdigest()


@table.question("campaign", free_text=True, called_off=True)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Send what was shown to every member, forget it, or add what else is needed."""
    kept = ctx.session.get_one(Campaign, Topic.parse(question.topic).id)
    if said is None:
        return _changed(ctx, kept, question)
    if not said:
        campaigns.move(ctx.session, kept, Stage.DRAFT, Stage.DROPPED)
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if question.digest != _digest(kept) or not campaigns.move(
        ctx.session, kept, Stage.DRAFT, Stage.OPEN
    ):
        raise Refusal(_("Cet appel a changé depuis : renvoyez-le pour le confirmer."))
    return _published(ctx, kept)


def _changed(ctx: Context, kept: Campaign, question: Question) -> Reply:
    """A draft with one place more, another number, or another last day."""
    told = read_call(own_words(ctx))
    if not (told.needs or told.until) or told.unclear or kept.stage != Stage.DRAFT:
        question.answered_at = None
        raise Refusal(*texts.yes_or_no().blocks)
    new = {(fold(one.place), fold(one.thing)): one for one in told.needs}
    _require_possible(told)
    for need in kept.needs:
        same = new.pop((fold(need.place), fold(need.thing)), None)
        need.wanted = same.count if same else need.wanted
    thing = kept.needs[0].thing
    kept.needs += [
        Need(place=one.place, thing=one.thing or thing, wanted=one.count) for one in new.values()
    ]
    kept.closes_on = _last_day(ctx, told.until) if told.until else kept.closes_on
    ctx.session.flush()
    return _shown(ctx, kept)


def _published(ctx: Context, kept: Campaign) -> Reply:
    kept.year = ctx.today.year
    kept.number = counters.following(ctx.session, f"C-{kept.year}")
    kept.opened_at = ctx.now
    ctx.session.flush()
    everybody = members.active_persons(ctx.session)
    words = campaign_words.post(ctx, kept)
    circulation.circulate(ctx, everybody, words, to_place=words, urgent=True)
    campaign_words.pin(ctx, kept, on=True)
    ctx.tell_place(Place.ADMINS, campaign_words.report(ctx, kept))
    ctx.remind("campaign-end", topic_of(kept), _day_after(ctx, kept.closes_on))
    ctx.audit("campaign.opened", topic_of(kept), places=len(kept.needs))
    return reply(
        n_(
            "L'appel **{reference}** est parti : {count} institution le reçoit.",
            "L'appel **{reference}** est parti : {count} institutions le reçoivent.",
            len({person.institution_id for person in everybody}),
            reference=kept.reference,
        ),
        _(
            "Où en est-il ? `campagne {reference}`. Le clore : `clore campagne {reference}`.",
            reference=kept.reference,
        ),
        title=title(kept),
    )


def _day_after(desk: Desk, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), desk.platform.zone)
