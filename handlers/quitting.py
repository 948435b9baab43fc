"""Withdrawing from a purchasing central: a decision as joining was; what is ordered stays valid."""

from __future__ import annotations

from datetime import date

from handlers import adhesion_answers, articles, catalogue, texts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import tell_all
from handlers.order_views import state
from handlers.policy import Role
from handlers.reading.decision import find_decision
from handlers.reply import Block, Bullets, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Value, _
from storage import orders, purchasing
from storage.conversations import Question
from storage.orders import Order
from storage.purchasing import Adhesion, Central

table = Table()

QUESTION = "quit-central"


@table.command(
    "quitter la centrale",
    private=True,
    aliases={
        "fr": ["quitter centrale"],
        "en": ["leave central"],
        "nl": ["centrale verlaten"],
        "de": ["zentrale verlassen"],
    },
    who=Role.MEMBER,
    usage=_("quitter la centrale NOM, décision du DATE, réf. RÉFÉRENCE"),
    summary=_("retirer votre adhésion à une centrale d'achats"),
    example="quitter la centrale Smart, décision du Conseil du {lately}, réf. 12",
)
def leave(ctx: Context, words: Words) -> Reply:
    """Show what the withdrawal means, and ask once."""
    central = catalogue.find_central(purchasing.centrals(ctx.session), words)
    if central is None:
        central = catalogue.read_central(ctx, words.partition(",")[0])
    known = purchasing.adhesion(ctx.session, central, ctx.institution)
    if known is None and adhesion_answers.take_back(ctx, central):
        return reply(
            _(
                "C'est fait : la demande d'adhésion à la centrale **{central}** est retirée, et"
                " {operator} le sait.",
                central=central.name,
                operator=articles.the(central.operator),
            )
        )
    if known is None:
        raise Refusal(
            _(
                "{who} n'a pas adhéré à la centrale **{central}** : il n'y a rien à retirer.",
                who=texts.the_first(ctx.institution),
                central=central.name,
            )
        )
    decided_on, reference = _decision(ctx, central, words)
    question = ctx.ask(
        QUESTION,
        Topic("adhesion", known.id),
        decided_on=decided_on.isoformat(),
        reference=reference,
    )
    return reply(
        _(
            "{who} quitterait la centrale **{central}** dès aujourd'hui, par décision du {day},"
            " réf. {reference} : plus aucune commande ensuite.",
            who=texts.the_first(ctx.institution),
            central=central.name,
            day=decided_on,
            reference=reference,
        ),
        *_what_stays(ctx, central),
        texts.confirm_or_cancel(_("l'adhésion est retirée"), _("rien ne change")),
        title=_("Votre retrait attend votre accord"),
    ).about(f"question:{question.id}")


def _decision(ctx: Context, central: Central, words: str) -> tuple[date, str]:
    decision = find_decision(words, ctx.today)
    if decision is None or decision.day is None or not decision.reference or decision.future:
        raise Refusal(
            _(
                "Il manque la date et la référence de la décision prise : `quitter la centrale"
                " {central}, décision du Conseil du {day}, réf. 12`.",
                central=central.name,
                day=f"{ctx.today:%d/%m/%Y}",
            )
        )
    return decision.day, decision.reference


def _what_stays(ctx: Context, central: Central) -> list[Block]:
    running = _running(ctx, central)
    if not running:
        return []
    return [
        Paragraph(_("Restent valables :")),
        Bullets(tuple(state(one, ctx.today) for one in running)),
    ]


def _running(ctx: Context, central: Central) -> list[Order]:
    return [
        one
        for one in orders.of_institution(ctx.session, ctx.institution)
        if one.central == central and (one.contract is None or one.contract.ends_on >= ctx.today)
    ]


@table.question(QUESTION)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Withdraw, or stay."""
    if not said:
        return reply(_("C'est annulé : l'adhésion reste."))
    known = ctx.session.get_one(Adhesion, Topic.parse(question.topic).id, with_for_update=True)
    if known.left_on is not None:
        raise Refusal(_("Cette adhésion est déjà retirée."))
    known.left_on, known.left_decision = ctx.today, question.data["reference"]
    values: dict[str, Value] = {
        "central": known.central.name,
        "day": date.fromisoformat(question.data["decided_on"]),
        "reference": known.left_decision,
    }
    tell_all(
        ctx,
        known.central.managers,
        reply(
            _(
                "{who} quitte la centrale **{central}** par décision du {day}, réf. {reference}.",
                who=texts.the_first(known.institution),
                **values,
            ),
            title=_("Retrait de la centrale {central}", central=known.central.name),
        ).about(f"central:{known.central_id}"),
    )
    ctx.audit(
        "central.left", Topic("central", known.central_id), institution=known.institution.code
    )
    return reply(
        _(
            "C'est fait : l'adhésion à la centrale **{central}** est retirée, et annoncée"
            " {operator}. Pour y revenir, une nouvelle décision suffit : `adhérer {central},"
            " décision du …, réf. …`.",
            operator=articles.to(known.central.operator),
            **values,
        )
    )
