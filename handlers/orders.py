"""Ordering from a central: a draft, its confirmation, the order form, the clock.

Money never moves on a mail alone: an order is confirmed by an answer bound to its content
(DESIGN, section 4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

from handlers import articles, deadlines, documents, forms, order_views, order_words, pricing, texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import tell_all
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role, morning_of
from handlers.reading.decision import Decision
from handlers.reading.quantity import read_changed
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import conversations, counters, orders, purchasing
from storage.conversations import Question
from storage.orders import Order, OrderLine, OrderState
from storage.purchasing import Central, Price, Solution

table = Table()


@table.command(
    "commander",
    private=True,
    aliases={"fr": ["commande"], "en": ["order"], "nl": ["bestellen"], "de": ["bestellen"]},
    who=Role.MEMBER,
    usage=_("commander SOLUTION [x QUANTITÉ] [, décision du DATE, réf. RÉFÉRENCE]"),
    summary=_("préparer un bon de commande"),
    example="commander e-guichet",
)
def order(ctx: Context, words: MaybeWords) -> Reply:
    """Draft a purchase order and ask for its confirmation; « commande 2 » asks after one."""
    if not words:
        return forms.begin(ctx, "order", {})
    if _NUMBER.fullmatch(words.strip(" .,;")):
        return list_orders(ctx, MaybeWords(words))
    named, told = order_words.apart(words)
    solution, quantity = order_words.wanted(ctx, named)
    decision = order_words.decision_told(ctx, told) if told else None
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
    line = line_of(solution, price_for(ctx, solution), quantity)
    return draft(ctx, central, [line], decision)


def line_of(solution: Solution, price: Price, quantity: int = 1) -> OrderLine:
    """A line at a price of the catalogue."""
    return OrderLine(
        solution=solution,
        label=f"{solution.name}, {price.label}" if price.label else solution.name,
        quantity=quantity,
        unit_cents=price.unit_cents,
        vat_basis_points=solution.vat_basis_points,
    )


def draft(
    ctx: Context, central: Central, lines: Sequence[OrderLine], decision: Decision | None = None
) -> Reply:
    """Keep a draft and show it: its confirmation is bound to what is shown."""
    drafted = Order(
        central=central, institution=ctx.institution, person=ctx.member, drafted_at=ctx.now
    )
    drafted.lines.extend(lines)
    _note(drafted, decision)
    ctx.session.add(drafted)
    return _ask(ctx, drafted)


def _note(draft: Order, decision: Decision | None) -> None:
    if decision is not None:
        draft.decided_on, draft.decided_by = decision.day, decision.body
        draft.decision = decision.reference


def _ask(ctx: Context, drafted: Order) -> Reply:
    """Show a draft, with what is open for the same solutions, and ask for its confirmation."""
    ctx.session.flush()
    others = _open_besides(ctx, drafted)
    question = ctx.ask(
        "order",
        Topic("order", drafted.id),
        digest(drafted),
        known=[other.id for other in others],
    )
    return order_views.draft_shown(ctx, drafted, others).about(f"question:{question.id}")


def _open_besides(ctx: Context, drafted: Order) -> Sequence[Order]:
    hours = ctx.platform.settings.rules.confirmation_hours
    return orders.open_with(ctx.session, drafted, ctx.now - timedelta(hours=hours), ctx.today)


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
            "« {name} » n'a pas de prix qui convienne à votre institution : écrivez {operator}"
            " avec `centrale {central}`.",
            name=solution.name,
            operator=articles.to(solution.central.operator),
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
    decision = [str(draft.decided_on or ""), draft.decided_by, draft.decision]
    content = json.dumps([draft.id, draft.institution_id, draft.central_id, lines, decision])
    return sha256(content.encode()).hexdigest()


@table.question("order", free_text=True)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Send the order that was shown, change it, or forget it."""
    if ctx.topic is None and ctx.incoming.channel == ctx.platform.record_channel:
        # A « oui » in a new mail may be about anything: money takes the answer to what was shown.
        raise Refusal(
            _("Pour confirmer votre commande, répondez « oui » au message même qui la montre.")
        )
    draft = ctx.session.get_one(Order, Topic.parse(question.topic).id, with_for_update=True)
    if said is None:
        return _changed(ctx, draft)
    ctx.observe(action=Action.ACCEPT, institution=draft.institution)
    if not said:
        draft.state = OrderState.CANCELLED
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if draft.state != OrderState.DRAFT or question.digest != digest(draft):
        raise Refusal(_("Cette commande a changé depuis : refaites-la pour la confirmer."))
    others = _open_besides(ctx, draft)
    if {other.id for other in others} - set(question.data.get("known", ())):
        # What was opened meanwhile was not shown to whoever says yes.
        return _ask(ctx, draft)
    _forget(ctx, others)
    return send(ctx, draft)


def _changed(ctx: Context, draft: Order) -> Reply:
    """What an answer to a draft changes: its quantity, its decision. Raises Refusal if neither."""
    named, told = order_words.apart(f" {ctx.incoming.text}")
    quantity = read_changed(named)
    ctx.observe(action=Action.ASK, institution=draft.institution)
    if draft.state != OrderState.DRAFT or (quantity is None and not told):
        raise Refusal(
            _(
                "Rien n'est envoyé. Pour confirmer votre commande, répondez « oui » au message qui"
                " la montre, pour y renoncer « non » ; pour la changer, par exemple « quantité 3 »"
                " ou « décision du Collège du …, réf. … »."
            )
        )
    if quantity is not None:
        _change_quantity(draft, order_words.checked(quantity))
    if told:
        _note(draft, order_words.decision_told(ctx, told))
    return _ask(ctx, draft)


def _change_quantity(draft: Order, quantity: int) -> None:
    if len(draft.lines) > 1:
        raise Refusal(
            _(
                "Cette commande a plusieurs lignes : répondez « non », puis renvoyez-la corrigée."
                " Rien n'est envoyé."
            )
        )
    draft.lines[0].quantity = quantity


def _forget(ctx: Context, others: Sequence[Order]) -> None:
    """Drafts that another one replaces wait for no answer any more."""
    for other in others:
        if other.state == OrderState.DRAFT:
            other.state = OrderState.CANCELLED
            conversations.withdraw(ctx.session, "order", f"order:{other.id}", ctx.now)


def send(ctx: Context, draft: Order) -> Reply:
    """Number the order, start its clock, make its form, and tell everybody concerned."""
    year = ctx.today.year
    draft.year = year
    draft.number = counters.following(ctx.session, f"{draft.central.slug}-{year}")
    draft.state, draft.sent_at, draft.due_on = (
        OrderState.SENT,
        ctx.now,
        order_views.due_date(ctx, draft.central),
    )
    topic = Topic("order", draft.id)
    form = documents.order_form(ctx, draft)
    draft.form_id = ctx.keep(form).id
    _plan_award(ctx, draft, topic)
    title = _("Bon de commande {reference}", reference=draft.reference)
    receipt = reply(
        _(
            "Votre commande **{reference}** est envoyée {operator}. Le bon de commande est joint.",
            reference=draft.reference,
            operator=articles.to(draft.central.operator),
        ),
        order_views.lines(draft),
        *order_views.decision_line(draft),
        order_views.clock(ctx, draft.central, draft.due_on),
        _("Où en est-elle ? Écrivez `commandes`."),
        title=title,
    )
    receipt = deadlines.with_award(ctx, receipt.with_files(form).about(str(topic)), draft)
    copy_to = ctx.platform.record_channel
    if ctx.incoming.channel != copy_to:
        ctx.tell_everywhere(ctx.member, receipt, but=ctx.incoming.channel)
    to_manager = order_views.to_manager(draft, title).with_files(form).about(str(topic))
    tell_all(ctx, draft.central.managers, deadlines.with_award(ctx, to_manager, draft))
    ctx.audit("order.sent", topic, reference=draft.reference, net_cents=pricing.total(draft).net)
    return receipt


def _plan_award(ctx: Context, sent: Order, topic: Topic) -> None:
    assert sent.due_on is not None  # noqa: S101 - set by the only caller
    for days in ctx.platform.settings.orders.award_reminders_days:
        day = date.fromordinal(sent.due_on.toordinal() - days)
        ctx.remind("award", topic, morning_of(day, ctx.platform.zone))


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
    paged=True,
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
        Bullets(tuple(order_views.state(shown) for shown in found)),
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
