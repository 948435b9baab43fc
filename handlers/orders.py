"""Ordering from a central: a draft, its confirmation, the order form, the clock.

Money never moves on a mail alone: an order is confirmed by an answer bound to its content
(DESIGN, section 4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from handlers import documents, pricing, texts
from handlers.arguments import MaybeWords, Words
from handlers.catalogue import read_solution
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role, award_due, morning_of
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.request import Topic
from handlers.wording import Money, Text, _, verbatim
from storage import counters, orders, purchasing
from storage.conversations import Question
from storage.orders import Order, OrderLine, OrderState
from storage.purchasing import Central, Price, Solution

table = Table()


@table.command(
    "commander",
    private=True,
    aliases={"fr": ["commande"], "en": ["order"], "nl": ["bestellen"], "de": ["bestellen"]},
    who=Role.MEMBER,
    usage=_("commander SOLUTION"),
    summary=_("préparer un bon de commande"),
    example="commander e-guichet",
)
def order(ctx: Context, words: Words) -> Reply:
    """Draft a purchase order and ask for its confirmation; « commande 2 » asks after one."""
    if _NUMBER.fullmatch(words.strip(" .,;")):
        return list_orders(ctx, MaybeWords(words))
    solution = read_solution(ctx, words)
    central = solution.central
    if purchasing.adhesion(ctx.session, central, ctx.institution) is None:
        raise Refusal(
            _(
                "Pour commander, il faut que {who} adhère d'abord à la centrale **{central}** :"
                " écrivez `adhérer {central}, décision du Collège du …, réf. …`.",
                who=texts.the(ctx.institution),
                central=central.name,
            )
        )
    return draft(ctx, central, [line_of(solution, price_for(ctx, solution))])


def line_of(solution: Solution, price: Price, quantity: int = 1) -> OrderLine:
    """A line at a price of the catalogue."""
    return OrderLine(
        solution=solution,
        label=f"{solution.name}, {price.label}" if price.label else solution.name,
        quantity=quantity,
        unit_cents=price.unit_cents,
        vat_basis_points=solution.vat_basis_points,
    )


def draft(ctx: Context, central: Central, lines: Sequence[OrderLine]) -> Reply:
    """Keep a draft and show it: its confirmation is bound to what is shown."""
    drafted = Order(
        central=central, institution=ctx.institution, person=ctx.member, drafted_at=ctx.now
    )
    drafted.lines.extend(lines)
    ctx.session.add(drafted)
    ctx.session.flush()
    question = ctx.ask("order", Topic("order", drafted.id), digest(drafted))
    return _shown(ctx, drafted).about(f"question:{question.id}")


def price_for(ctx: Context, solution: Solution) -> Price:
    """The price that holds for the institution: by the population of its commune, where prices
    depend on it.
    """
    population = _population(ctx)
    for price in solution.prices:
        low, high = price.from_population or 0, price.below_population
        if low <= population and (high is None or population < high):
            return price
    raise Refusal(
        _(
            "« {name} » n'a pas de prix qui convienne à votre institution : écrivez à {operator}"
            " avec `centrale {central}`.",
            name=solution.name,
            operator=solution.central.operator,
            central=solution.central.name,
        )
    )


def _population(ctx: Context) -> int:
    """How many inhabitants the institution serves."""
    territory = ctx.platform.territory
    authority = territory.authority(ctx.institution.type, ctx.institution.code)
    return sum(territory.commune(nis).population for nis in authority.communes_nis)


def digest(draft: Order) -> str:
    """What a confirmation is bound to: who orders what, how many, at which price."""
    lines = [
        [ln.solution_id, ln.label, ln.quantity, ln.unit_cents, ln.vat_basis_points]
        for ln in draft.lines
    ]
    content = json.dumps([draft.id, draft.institution_id, draft.central_id, lines])
    return sha256(content.encode()).hexdigest()


def _shown(ctx: Context, draft: Order) -> Reply:
    due = due_date(ctx, draft.central)
    return reply(
        _(
            "Voici votre commande auprès de la centrale **{central}**. Rien n'est envoyé tant que"
            " vous n'avez pas confirmé.",
            central=draft.central.name,
        ),
        _lines(draft),
        _clock(ctx, draft.central, due),
        texts.confirm_or_cancel(_("le bon de commande part"), _("la commande est oubliée")),
        title=_("Votre commande attend votre accord"),
    )


def _lines(shown: Order) -> Grid:
    rows = tuple(
        (
            verbatim(line.label),
            verbatim(str(line.quantity)),
            *(_("{amount}", amount=Money(c, exact=True)) for c in pricing.cost_of(line).columns),
        )
        for line in shown.lines
    )
    return Grid(pricing.headers(shown), rows, amounts=frozenset({1, 2, 3, 4}))


def due_date(desk: Desk, central: Central) -> date:
    """The day by which an order sent today must be awarded."""
    settings = desk.platform.settings.orders
    days = central.award_days or settings.award_days
    return award_due(desk.today, days, settings.award_counting, desk.platform.holidays)


def _clock(desk: Desk, central: Central, due: date) -> Text:
    settings = desk.platform.settings.orders
    days = central.award_days or settings.award_days
    years = central.contract_years or settings.contract_years
    if settings.award_counting == "working":
        return _(
            "Marché de {years} ans. Attribution attendue {days} jours ouvrables après l'envoi, donc"
            " pour le **{due}**.",
            years=years,
            days=days,
            due=due,
        )
    return _(
        "Marché de {years} ans. Attribution attendue {days} jours calendrier après l'envoi, donc"
        " pour le **{due}**.",
        years=years,
        days=days,
        due=due,
    )


@table.question("order")
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Send the order that was shown, or forget it."""
    if ctx.topic is None and ctx.incoming.channel == ctx.platform.record_channel:
        # A « oui » in a new mail may be about anything: money takes the answer to what was shown.
        raise Refusal(
            _("Pour confirmer votre commande, répondez « oui » au message même qui la montre.")
        )
    draft = ctx.session.get_one(Order, Topic.parse(question.topic).id, with_for_update=True)
    ctx.observe(action=Action.ACCEPT, institution=draft.institution)
    if not said:
        draft.state = OrderState.CANCELLED
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if draft.state != OrderState.DRAFT or question.digest != digest(draft):
        raise Refusal(_("Cette commande a changé depuis : refaites-la pour la confirmer."))
    return send(ctx, draft)


def send(ctx: Context, draft: Order) -> Reply:
    """Number the order, start its clock, make its form, and tell everybody concerned."""
    year = ctx.today.year
    draft.year = year
    draft.number = counters.following(ctx.session, f"{draft.central.slug}-{year}")
    draft.state, draft.sent_at, draft.due_on = (
        OrderState.SENT,
        ctx.now,
        due_date(ctx, draft.central),
    )
    topic = Topic("order", draft.id)
    form = documents.order_form(ctx, draft)
    draft.form_id = ctx.keep(form).id
    _plan_award(ctx, draft, topic)
    title = _("Bon de commande {reference}", reference=draft.reference)
    receipt = reply(
        _(
            "Votre commande **{reference}** est envoyée à {operator}. Le bon de commande est"
            " joint.",
            reference=draft.reference,
            operator=draft.central.operator,
        ),
        _lines(draft),
        _clock(ctx, draft.central, draft.due_on),
        _("Où en est-elle ? Écrivez `commandes`."),
        title=title,
    )
    receipt = receipt.with_files(form).about(str(topic))
    copy_to = ctx.platform.record_channel
    if ctx.incoming.channel != copy_to:
        ctx.tell_everywhere(ctx.member, receipt, but=ctx.incoming.channel)
    tell_all(
        ctx, draft.central.managers, _to_manager(draft, title).with_files(form).about(str(topic))
    )
    ctx.audit("order.sent", topic, reference=draft.reference, net_cents=pricing.total(draft).net)
    return receipt


def _plan_award(ctx: Context, sent: Order, topic: Topic) -> None:
    assert sent.due_on is not None  # noqa: S101 - set by the only caller
    for days in ctx.platform.settings.orders.award_reminders_days:
        day = date.fromordinal(sent.due_on.toordinal() - days)
        ctx.remind("award", topic, morning_of(day, ctx.platform.zone))


def _to_manager(sent: Order, title: Text) -> Reply:
    return reply(
        _(
            "Commande **{reference}** {whose}. Attribution attendue pour le **{due}**.",
            whose=texts.of_the(sent.institution),
            reference=sent.reference,
            due=sent.due_on or "",
        ),
        _lines(sent),
        _("Une fois le marché attribué : `attribuer {reference}`.", reference=sent.reference),
        title=title,
    )


# -- looking --------------------------------------------------------------------------------


@table.command(
    "commandes",
    aliases={
        "fr": ["contrats", "mes commandes"],
        "en": ["orders"],
        "nl": ["bestellingen"],
        "de": ["bestellungen"],
    },
    usage=_("commandes"),
    summary=_("où en sont vos commandes et vos contrats"),
    who=Role.MEMBER,
)
def list_orders(ctx: Context, words: MaybeWords) -> Reply:
    """The institution's orders with state and dates, or those that words name."""
    every = orders.of_institution(ctx.session, ctx.institution)
    found = [one for one in every if _is_named(one, words)] or every
    if not found:
        return reply(
            _("Aucune commande jusqu'ici. Pour commencer : `catalogue`, puis `commander SOLUTION`.")
        )
    return reply(
        Bullets(tuple(_state(shown) for shown in found)),
        title=_("Vos commandes"),
    )


_NUMBER = re.compile(
    r"(?:n[°o.]* ?)?(?:(?P<central>[a-z][\w-]*?)-)?(?:\d{4}-)?0*(?P<number>\d{1,6})", re.IGNORECASE
)
"""SMART-2026-0002, or short SMART-2, or 2."""


def _is_named(shown: Order, words: str) -> bool:
    """Whether a reference, whole or short, may mean an order."""
    short = _NUMBER.fullmatch(words.strip(" .,;"))
    if short is None:
        return False
    central = (short["central"] or shown.central.slug).lower()
    return shown.number == int(short["number"]) and shown.central.slug == central


def _state(shown: Order) -> Text:
    what = ", ".join(line.label for line in shown.lines)
    if shown.contract:
        return _(
            "**{reference}** ({what}) : attribuée le {day} à {supplier}, contrat jusqu'au {end}",
            reference=shown.reference,
            what=what,
            day=shown.contract.starts_on,
            supplier=shown.contract.supplier,
            end=shown.contract.ends_on,
        )
    return _(
        "**{reference}** ({what}) : envoyée, attribution attendue pour le {due}",
        reference=shown.reference,
        what=what,
        due=shown.due_on or "",
    )


@table.intent(Intent.ORDER_CONFIRM, who=Role.MEMBER)
def confirmed_elsewhere(ctx: Context, understood: Understanding) -> Reply:
    """A letter that confirms an order: only the answer to what was shown does."""
    del understood
    ctx.observe(action=Action.ASK, institution=ctx.institution, ask_for=["reply_to_confirmation"])
    raise Refusal(
        _("Pour confirmer votre commande, répondez « oui » au message même qui la montre.")
    )


@table.intent(Intent.ORDER_STATUS, who=Role.MEMBER)
def status_asked(ctx: Context, understood: Understanding) -> Reply:
    """A question about one's orders, written as a letter."""
    del understood
    return list_orders(ctx, MaybeWords(""))
