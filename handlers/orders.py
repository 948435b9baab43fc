"""Ordering from a central: a draft, its confirmation, the order form, the clock.

Money never moves on a mail alone: an order is confirmed by an answer bound to its content
(DESIGN, section 4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import (
    draft_changes,
    drafting,
    forms,
    order_acts,
    order_sending,
    order_views,
    order_words,
)
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.consent import calls_off
from handlers.reading.order_details import read_details
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import conversations, orders
from storage.conversations import Question
from storage.order_states import NUMBERED, OrderState, Step
from storage.orders import Order

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
    lines = drafting.lines_named(ctx, named)
    central = drafting.one_central(lines)
    drafting.only_if_possible(ctx, central, lines)
    return drafting.draft(
        ctx, central, lines, order_words.decision_in(ctx, told), read_details(told)
    )


@table.question("order", free_text=True, called_off=True)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Send the order that was shown, change it, or forget it."""
    answers = ctx.topic is not None or said is None
    if not answers and ctx.incoming.channel == ctx.platform.record_channel:
        # A « oui » in a new mail may be about anything: money takes the answer to what was shown.
        raise Refusal(
            _("Pour confirmer votre commande, répondez « oui » au message même qui la montre.")
        )
    draft = ctx.session.get_one(Order, Topic.parse(question.topic).id, with_for_update=True)
    dropped = said is False and calls_off(ctx.incoming.text)
    otherwise = not dropped and draft_changes.names_otherwise(ctx, draft)
    if said is None or (otherwise and not said):
        return _changed(ctx, question, draft)
    if otherwise:
        return draft_changes.changed_or_shown(ctx, draft)
    if said and question.data.get(_UNSETTLED):
        # Their last word wanted something else: a yes may go by it.
        return drafting.ask(ctx, draft)
    ctx.observe(action=Action.ACCEPT, institution=draft.institution)
    if not said:
        order_acts.take(ctx, draft, Step.DROP)
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if draft.state != OrderState.DRAFT or question.digest != drafting.digest(draft):
        raise Refusal(_("Cette commande a changé depuis : refaites-la pour la confirmer."))
    # The catalogue, the adhesion, the central may have ended since it was shown.
    drafting.only_if_possible(ctx, draft.central, draft.lines)
    others = drafting.open_besides(ctx, draft)
    if {other.id for other in others} - set(question.data.get("known", ())):
        # What was opened meanwhile was not shown to whoever says yes.
        return drafting.ask(ctx, draft)
    _forget(ctx, others)
    return order_sending.send(ctx, draft)


_UNSETTLED = "unsettled"


def _changed(ctx: Context, question: Question, draft: Order) -> Reply:
    """The draft as an answer changes it. Where a change is not understood it waits on, and is shown
    once more before anything is sent.
    """
    try:
        return draft_changes.changed(ctx, draft)
    except Refusal as unclear:
        if draft.state != OrderState.DRAFT or not draft_changes.wants_a_change(ctx):
            raise
        question.answered_at = None
        question.data = {**question.data, _UNSETTLED: True}
        return unclear.reply.about(f"question:{question.id}")


def _forget(ctx: Context, others: Sequence[Order]) -> None:
    """Drafts that another one replaces wait for no answer any more."""
    for other in others:
        if other.state == OrderState.DRAFT:
            order_acts.take(ctx, other, Step.DROP)
            conversations.withdraw(ctx.session, "order", f"order:{other.id}", ctx.now)


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
    every = orders.of_institution(ctx.session, ctx.institution, NUMBERED)
    found = [one for one in every if _is_named(one, words)] or every
    if not found:
        return reply(
            _("Aucune commande jusqu'ici. Pour commencer : `catalogue`, puis `commander SOLUTION`.")
        )
    return reply(
        Bullets(tuple(order_views.state(shown, ctx.today) for shown in found)),
        *order_views.spent(found),
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
