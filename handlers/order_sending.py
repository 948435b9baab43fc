"""Sending an order: its number, its clock, its form, and everybody who is told."""

from __future__ import annotations

from handlers import (
    articles,
    deadlines,
    documents,
    order_acts,
    order_clock,
    order_views,
    pricing,
    ubl,
)
from handlers.context import Context
from handlers.desk import tell_all
from handlers.reply import File, Reply, reply
from handlers.wording import Text, _
from storage import order_steps
from storage.order_states import Step
from storage.orders import Order


def send(ctx: Context, draft: Order) -> Reply:
    """Number the order, start its clock, make its form, and tell everybody concerned.

    Raises Refusal if a cap of the central leaves no room for it.
    """
    with order_acts.refused_in_words(ctx):
        order_steps.send(
            ctx.session,
            draft,
            at=ctx.now,
            year=ctx.today.year,
            due_on=order_clock.due_date(ctx, draft.central),
            by=ctx.person,
        )
    order_clock.start(ctx, draft)
    order_acts.enter(ctx, draft, Step.SEND, net_cents=pricing.total(draft).net)
    files = _files(ctx, draft)
    draft.form_id = ctx.keep(files[0]).id
    topic = str(order_acts.topic_of(draft))
    title = _("Bon de commande {reference}", reference=draft.reference)
    receipt = deadlines.with_award(
        ctx, _receipt(ctx, draft, title).with_files(*files).about(topic), draft
    )
    copy_to = ctx.platform.record_channel
    if ctx.incoming.channel != copy_to:
        ctx.tell_everywhere(ctx.member, receipt, but=ctx.incoming.channel)
    to_manager = order_views.to_manager(draft, title).with_files(*files).about(topic)
    own = order_views.buyers_own(ctx, draft)
    to_manager = deadlines.with_award(ctx, to_manager.with_files(*own), draft)
    tell_all(ctx, draft.central.managers, to_manager)
    return receipt


def _files(ctx: Context, sent: Order) -> list[File]:
    """The order form, and the order as data where both sides are known by their number."""
    form = documents.order_form(ctx, sent)
    return [form, ubl.ubl_order(ctx, sent)] if ubl.is_possible(sent) else [form]


def _receipt(ctx: Context, sent: Order, title: Text) -> Reply:
    assert sent.due_on is not None  # noqa: S101 - it was just sent
    return reply(
        _(
            "Votre commande **{reference}** est envoyée {operator}. Le bon de commande est joint.",
            reference=sent.reference,
            operator=articles.to(sent.central.operator),
        ),
        *order_views.lines(sent),
        *order_views.decision_line(sent),
        *order_views.told_besides(sent),
        order_clock.rule(ctx, sent.central, sent.due_on),
        _("Où en est-elle ? Écrivez `commandes`."),
        title=title,
    )
