"""What a person does to an order: the step, its entry in the audit chain, and why it cannot be.

The history holds the reason in the words of whoever gave it; the chain holds who did what, when,
from which state to which, and a keyed hash of that reason, so that neither can be changed alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from handlers import cap_words
from handlers.context import Context
from handlers.desk import Desk
from handlers.reply import Paragraph, Refusal
from handlers.request import Topic
from handlers.wording import Text, _
from storage import audit, caps, order_steps, purchasing
from storage.caps import CapPassedError, Room
from storage.order_states import OrderState, Step
from storage.order_steps import StepRefusedError
from storage.orders import Order

_REASON = re.compile(
    r"^[\s,;:.–-]*(?:(?:le )?motifs?|raison|parce que?|car|reason|because|reden|omdat|grund|weil)?"
    r"\b\s*:?\s*",
    re.IGNORECASE,
)
LONGEST_REASON = 500
PLATFORM = "platform"
"""Who acts in the audit chain where nobody asked for it."""


def topic_of(order: Order) -> Topic:
    """What the conversations about an order are about."""
    return Topic("order", order.id)


def take(ctx: Context, order: Order, step: Step, why: str = "") -> None:
    """Take a step that needs nothing else, and enter it in the chain. Raises Refusal."""
    with refused_in_words(ctx):
        order_steps.take(ctx.session, order, step, at=ctx.now, by=ctx.person, why=why)
    enter(ctx, order, step, why)


def drop(desk: Desk, draft: Order) -> None:
    """Drop a draft that nobody can confirm any more; the platform does this by itself."""
    order_steps.take(desk.session, draft, Step.DROP, at=desk.now, by=None)
    desk.record(PLATFORM, f"order.{Step.DROP}", topic_of(draft), state=draft.state)


def enter(ctx: Context, order: Order, step: Step, why: str = "", **facts: int | str) -> None:
    """Enter a step that was taken in the audit chain."""
    told = {"why": audit.pseudonym(ctx.platform.secret, why)} if why else {}
    if order.reference:
        told["reference"] = order.reference
    ctx.audit(f"order.{step}", topic_of(order), state=order.state, **told, **facts)


@contextmanager
def refused_in_words(ctx: Context) -> Iterator[None]:
    """Raises Refusal, in words, where a step or a cap stands in the way."""
    try:
        yield
    except StepRefusedError as refused:
        raise Refusal(_not_now(refused.order)) from None
    except CapPassedError as passed:
        raise _passed(ctx, passed.rooms) from None


def only_within_caps(ctx: Context, draft: Order) -> None:
    """Raises Refusal for an order that no cap leaves room for; whether one still does is looked at
    again, with nobody else in between, when it is sent.
    """
    passed = [room for room in caps.rooms(ctx.session, draft) if room.passed]
    if passed:
        raise _passed(ctx, passed)


def _passed(ctx: Context, rooms: Sequence[Room]) -> Refusal:
    return Refusal(
        *(Paragraph(cap_words.passed(ctx, room)) for room in rooms), cap_words.way_out(ctx, rooms)
    )


_STATES = {
    OrderState.DRAFT: _("attend encore votre accord"),
    OrderState.DROPPED: _("n'a pas été confirmée"),
    OrderState.SENT: _("attend son attribution"),
    OrderState.SUSPENDED: _("est suspendue"),
    OrderState.AWARDED: _("est attribuée"),
    OrderState.CANCELLED: _("est annulée"),
}


_LABELS = _STATES | {
    OrderState.SENT: _("envoyée"),
    OrderState.SUSPENDED: _("suspendue"),
    OrderState.AWARDED: _("attribuée"),
    OrderState.CANCELLED: _("annulée"),
}


def state_label(order: Order) -> Text:
    """Where an order stands, in a column or behind a label."""
    return _LABELS[OrderState(order.state)]


def state_words(order: Order) -> Text:
    """Where an order stands, as the end of a sentence."""
    return _STATES[OrderState(order.state)]


def _not_now(order: Order) -> Text:
    if order.reference:
        return _(
            "La commande {reference} {state} : rien n'a changé. Ce qui lui est arrivé :"
            " `historique commande {reference}`.",
            reference=order.reference,
            state=state_words(order),
        )
    return _("Cette commande {state} : rien n'a changé.", state=state_words(order))


def reason_told(words: str) -> str:
    """The reason that follows a command, without what introduces it; nothing if there is none."""
    return _REASON.sub("", words, count=1).strip(" .")[:LONGEST_REASON]


def reason_in(words: str, command: str, order: Order) -> str:
    """The same. Raises Refusal if there is none."""
    why = reason_told(words)
    if not why:
        raise Refusal(
            _(
                "Pour quel motif ? Il reste dans l'historique de la commande : écrivez par exemple"
                " `{command} {reference}, motif : dossier incomplet`.",
                command=command,
                reference=order.reference,
            )
        )
    return why


def only_manager(ctx: Context, order: Order) -> None:
    """Raises Refusal unless the person manages the central of an order."""
    if order.central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=order.central.name))
