"""The last day of a call for interest, moved by who manages its central: later, or to today."""

from __future__ import annotations

import re
from datetime import date

from handlers import interests
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reply import Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _
from storage import interests as calls
from storage import purchasing, reminders
from storage.interests import InterestCall

table = Table()

_NUMBER = re.compile(r"\s*(?:n[°ºo]\.?\s*)?(?P<number>\d{1,9})(?![\d./-])")


@table.command(
    "prolonger l'intérêt",
    aliases={
        "fr": ["prolonger intérêt", "prolonger le sondage d'intérêt"],
        "en": ["extend interest"],
        "nl": ["peiling verlengen"],
        "de": ["bedarf verlängern"],
    },
    who=Role.MANAGER,
    usage=_("prolonger l'intérêt NUMÉRO jusqu'au DATE"),
    summary=_("laisser plus de temps pour répondre à une demande d'intérêt"),
    example="prolonger l'intérêt 1 jusqu'au {later}",
    listed=False,
)
def extend(ctx: Context, words: MaybeWords) -> Reply:
    """Move the last day of a call; who is silent is reminded before the new one."""
    made, rest = _named(ctx, words)
    period = find_period(rest, ctx.today, Lean.NEXT)
    day = (period.end or period.start) if period else None
    if day is None or (period is not None and period.faults) or day <= ctx.today:
        raise Refusal(_("Jusqu'à quand ? `prolonger l'intérêt {id} jusqu'au …`.", id=made.id))
    return _moved(
        ctx,
        made,
        day,
        _(
            "Les réponses à la demande **{id}** sont attendues pour le **{day}**.",
            id=made.id,
            day=day,
        ),
    )


@table.command(
    "clore l'intérêt",
    aliases={
        "fr": ["clore intérêt", "clôturer l'intérêt", "fermer l'intérêt"],
        "en": ["close interest"],
        "nl": ["peiling afsluiten"],
        "de": ["bedarf schließen"],
    },
    who=Role.MANAGER,
    usage=_("clore l'intérêt NUMÉRO"),
    summary=_("ne plus attendre de réponse à une demande d'intérêt"),
    example="clore l'intérêt 1",
    listed=False,
)
def close(ctx: Context, words: MaybeWords) -> Reply:
    """Wait no longer: what comes from tomorrow on is late, and nobody is reminded any more."""
    made, _rest = _named(ctx, words)
    if made.until < ctx.today:
        raise Refusal(_("La demande {id} est close depuis le {day}.", id=made.id, day=made.until))
    told = _("La demande **{id}** est close : plus personne n'est relancé.", id=made.id)
    return _moved(ctx, made, ctx.today, told)


def _named(ctx: Context, words: str) -> tuple[InterestCall, str]:
    """The call that words begin with, or the only one that is open. Raises Refusal."""
    mine = [
        made
        for central in purchasing.manages(ctx.session, ctx.member)
        for made in calls.calls_of(ctx.session, central)
    ]
    number = _NUMBER.match(words)
    if number is not None:
        found = [made for made in mine if made.id == int(number["number"])]
        rest = words[number.end() :]
    else:
        found, rest = [made for made in mine if made.until >= ctx.today], words
    if len(found) != 1:
        raise Refusal(_("De quelle demande d'intérêt s'agit-il ? Son numéro est dans `intérêts`."))
    return found[0], rest


def _moved(ctx: Context, made: InterestCall, day: date, said: Text) -> Reply:
    made.until = day
    topic = Topic(interests.CALL, made.id)
    reminders.cancel(ctx.session, str(topic), (interests.CALL, f"{interests.CALL}-over"), ctx.now)
    if day > ctx.today:
        interests.plan(ctx, made)
    ctx.audit("interest.moved", Topic("central", made.central_id), call=made.id, until=f"{day}")
    shown = interests.results_of(ctx, made)
    return reply(said, *shown.blocks, title=shown.title)
