"""Joining a purchasing central: a decision with its date and its reference."""

from __future__ import annotations

from datetime import date

from handlers import texts
from handlers.arguments import Words
from handlers.catalogue import find_central
from handlers.command import Table
from handlers.context import Context
from handlers.desk import tell_all
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reading.decision import find_decision
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import purchasing
from storage.members import Institution
from storage.purchasing import Adhesion, Central

table = Table()


@table.command(
    "adhérer",
    aliases={
        "fr": ["adhésion", "rejoindre"],
        "en": ["join"],
        "nl": ["toetreden"],
        "de": ["beitreten"],
    },
    who=Role.MEMBER,
    usage=_("adhérer CENTRALE, décision du DATE, réf. RÉFÉRENCE"),
    summary=_("adhérer à une centrale d'achats"),
    example="adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114",
)
def join(ctx: Context, words: Words) -> Reply:
    """Record an institution's decision to join a central."""
    central = find_central(purchasing.centrals(ctx.session), words)
    if central is None:
        raise Refusal(
            _(
                "À quelle centrale votre institution veut-elle adhérer ? Les centrales : {names}.",
                names=", ".join(c.name for c in purchasing.centrals(ctx.session)),
            )
        )
    decision = find_decision(words, ctx.today)
    if decision is None or decision.day is None:
        raise Refusal(_missing(central, _("la date et la référence de la décision")))
    if not decision.reference:
        raise Refusal(_missing(central, _("la référence de la décision")))
    if decision.future:
        raise Refusal(
            _("La décision porte une date à venir ({day}) : vérifiez-la.", day=decision.day)
        )
    return record_adhesion(ctx, central, decision.day, decision.reference)


def _missing(central: Central, what: Text) -> Text:
    return _(
        "Il manque {what} : `adhérer {central}, décision du Collège du 9 mars 2026,"
        " réf. 2026/114`.",
        what=what,
        central=central.name,
    )


def record_adhesion(ctx: Context, central: Central, decided_on: date, decision: str) -> Reply:
    """The adhesion, once; its receipt, and a word to the managers."""
    known = purchasing.adhesion(ctx.session, central, ctx.institution)
    if known is not None:
        return reply(
            _(
                "L'adhésion {whose} à la centrale **{central}** est déjà enregistrée, depuis le"
                " {day}.",
                whose=texts.of_the(ctx.institution),
                central=central.name,
                day=known.joined_on,
            )
        )
    ctx.session.add(
        Adhesion(
            central=central,
            institution=ctx.institution,
            decided_on=decided_on,
            decision=decision,
            joined_on=ctx.today,
        )
    )
    facts = _decision_fields(ctx.institution, central, decided_on, decision)
    title = _("Adhésion à la centrale {central}", central=central.name)
    tell_all(
        ctx,
        central.managers,
        reply(_("Une adhésion est arrivée."), facts, title=title).about(f"central:{central.id}"),
    )
    ctx.audit("central.joined", Topic("central", central.id), institution=ctx.institution.code)
    return reply(
        _("L'adhésion est enregistrée et annoncée à {operator}.", operator=central.operator),
        facts,
        _("Pour commander : `commander SOLUTION`, par exemple `commander e-guichet`."),
        title=title,
    )


def _decision_fields(
    institution: Institution, central: Central, decided_on: date, decision: str
) -> Fields:
    return Fields(
        (
            (_("Institution"), verbatim(institution.name)),
            (_("Centrale"), verbatim(central.name)),
            (_("Décision"), _("du {day}, réf. {decision}", day=decided_on, decision=decision)),
        )
    )


@table.intent(Intent.JOIN_CENTRAL, who=Role.MEMBER)
def join_asked(ctx: Context, understood: Understanding) -> Reply:
    """An adhesion written as a letter."""
    del understood
    return join(ctx, Words(f"{ctx.letter.subject}\n{ctx.letter.text}"))
