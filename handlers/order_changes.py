"""What happens to an order between its sending and its award: suspended, resumed, cancelled,
reinstated. Each is a step with its reason; the buyer is told, the calendars follow.
"""

from __future__ import annotations

from handlers import deadlines, order_acts, order_clock, texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import tell_all
from handlers.policy import Role
from handlers.reply import Quote, Refusal, Reply, reply
from handlers.wording import Text, Value, _
from storage import order_steps
from storage.order_states import Step, may
from storage.orders import Order

table = Table()


@table.command(
    "suspendre",
    aliases={"en": ["suspend"], "nl": ["opschorten"], "de": ["aussetzen"]},
    who=Role.MANAGER,
    usage=_("suspendre RÉFÉRENCE, motif : MOTIF"),
    summary=_("arrêter le délai d'attribution d'une commande"),
    example="suspendre SMART-2026-0001, motif : dossier incomplet",
)
def suspend(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Stop the clock of an order, until it is resumed."""
    why = _reason(ctx, reference, words, "suspendre")
    order_acts.take(ctx, reference, Step.SUSPEND, why)
    order_clock.stop(ctx, reference)
    return _done(
        ctx,
        reference,
        _(
            "Votre commande **{reference}** est suspendue : {why}. Son délai d'attribution est"
            " arrêté ; un message vous parvient quand il reprend.",
            reference=reference.reference,
            why=why,
        ),
        _(
            "Pour la reprendre : `reprendre la commande {reference}`.",
            reference=reference.reference,
        ),
        over=True,
    )


@table.command(
    "reprendre la commande",
    aliases={
        "fr": ["reprendre commande"],
        "en": ["resume order"],
        "nl": ["bestelling hervatten"],
        "de": ["bestellung fortsetzen"],
    },
    who=Role.MANAGER,
    usage=_("reprendre la commande RÉFÉRENCE"),
    summary=_("faire reprendre le délai d'une commande suspendue"),
    example="reprendre la commande SMART-2026-0001",
)
def resume(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Let the clock of a suspended order go on with the days that it had left."""
    order_acts.only_manager(ctx, reference)
    order_acts.take(ctx, reference, Step.RESUME, order_acts.reason_told(words))
    reference.due_on = order_clock.due_after_pause(ctx, reference, Step.SUSPEND)
    order_clock.start(ctx, reference)
    values = _values(reference)
    return _done(
        ctx,
        reference,
        _(
            "Votre commande **{reference}** reprend son cours : attribution attendue pour le"
            " **{due}**.",
            **values,
        ),
        _("Attribution attendue pour le **{due}**.", **values),
    )


@table.command(
    "annuler la commande",
    aliases={
        "fr": ["annuler commande"],
        "en": ["cancel order"],
        "nl": ["bestelling annuleren"],
        "de": ["bestellung stornieren"],
    },
    who=Role.MANAGER,
    usage=_("annuler la commande RÉFÉRENCE, motif : MOTIF"),
    summary=_("annuler une commande reçue"),
    example="annuler la commande SMART-2026-0001, motif : à la demande de l'acheteur",
)
def cancel(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Cancel an order; it keeps its number and its place in the register."""
    why = _reason(ctx, reference, words, "annuler la commande")
    order_acts.take(ctx, reference, Step.CANCEL, why)
    order_clock.stop(ctx, reference)
    values = _values(reference)
    return _done(
        ctx,
        reference,
        _("Votre commande **{reference}** est annulée : {why}.", why=why, **values),
        _("Une erreur ? `rétablir {reference}, motif : …`.", **values),
        over=True,
    )


@table.command(
    "rétablir",
    aliases={"en": ["reinstate"], "nl": ["herstellen"], "de": ["wiederherstellen"]},
    who=Role.MANAGER,
    usage=_("rétablir RÉFÉRENCE, motif : MOTIF"),
    summary=_("rétablir une commande annulée"),
    example="rétablir SMART-2026-0001, motif : annulée par erreur",
)
def reinstate(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Undo a cancellation, if the caps still leave room for the order."""
    why = _reason(ctx, reference, words, "rétablir")
    if not may(reference.state, Step.REINSTATE):
        # Raises the refusal that says where the order stands.
        order_acts.take(ctx, reference, Step.REINSTATE, why)
    with order_acts.refused_in_words(ctx):
        order_steps.reinstate(
            ctx.session,
            reference,
            at=ctx.now,
            due_on=order_clock.due_after_pause(ctx, reference, Step.CANCEL),
            by=ctx.member,
            why=why,
        )
    order_acts.enter(ctx, reference, Step.REINSTATE, why)
    order_clock.start(ctx, reference)
    values = _values(reference)
    return _done(
        ctx,
        reference,
        _(
            "Votre commande **{reference}** est rétablie : {why}. Attribution attendue pour le"
            " **{due}**.",
            why=why,
            **values,
        ),
        _("Attribution attendue pour le **{due}**.", **values),
    )


def _reason(ctx: Context, order: Order, words: str, command: str) -> str:
    order_acts.only_manager(ctx, order)
    return order_acts.reason_in(words, command, order)


def _values(order: Order) -> dict[str, Value]:
    return {"reference": order.reference, "due": order.due_on or ""}


def _done(ctx: Context, order: Order, to_buyer: Text, next_: Text, *, over: bool = False) -> Reply:
    """Tell the buyer, and confirm to the manager what was done and said."""
    title = _("Commande {reference}", reference=order.reference)
    order_clock.announce(ctx, order, reply(to_buyer, title=title), over=over)
    receipt = reply(
        _(
            "C'est fait : la commande **{reference}** {whose} {state}. L'acheteur est averti.",
            reference=order.reference,
            whose=texts.of_the(order.institution),
            state=order_acts.state_words(order),
        ),
        next_,
        title=title,
    ).about(str(order_acts.topic_of(order)))
    return deadlines.with_award(ctx, receipt, order, cancelled=over)


@table.command(
    "renoncer",
    aliases={
        "fr": ["renoncer à la commande"],
        "en": ["withdraw order"],
        "nl": ["afzien van bestelling"],
        "de": ["bestellung zurückziehen"],
    },
    who=Role.MEMBER,
    private=True,
    usage=_("renoncer RÉFÉRENCE, motif : MOTIF"),
    summary=_("demander l'annulation d'une de vos commandes"),
    example="renoncer SMART-2026-0001, motif : décision retirée",
    listed=False,
)
def renounce(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Ask the central to cancel an order: it was sent, so the buyer cannot undo it alone."""
    _only_own(ctx, reference)
    why = order_acts.reason_in(words, "renoncer", reference)
    if not may(reference.state, Step.CANCEL):
        order_acts.take(ctx, reference, Step.CANCEL, why)
    values: dict[str, Value] = {"reference": reference.reference, "why": why}
    asked = reply(
        _(
            "{who} demande l'annulation de sa commande **{reference}** : {why}.",
            who=texts.the_first(ctx.institution),
            **values,
        ),
        _("Pour l'annuler : `annuler la commande {reference}, motif : …`.", **values),
        title=_("Commande {reference} : annulation demandée", reference=reference.reference),
    ).about(str(order_acts.topic_of(reference)))
    tell_all(ctx, reference.central.managers, asked)
    ctx.audit("order.renounced", order_acts.topic_of(reference), reference=reference.reference)
    return reply(
        _(
            "Votre demande est transmise à la personne qui gère la centrale **{central}**. La"
            " commande **{reference}** court encore tant qu'elle ne l'a pas annulée.",
            central=reference.central.name,
            **values,
        )
    )


@table.command(
    "modifier la commande",
    aliases={
        "fr": ["modifier commande"],
        "en": ["change order"],
        "nl": ["bestelling wijzigen"],
        "de": ["bestellung ändern"],
    },
    who=Role.MEMBER,
    private=True,
    usage=_("modifier la commande RÉFÉRENCE : CE QUI CHANGE"),
    summary=_("demander un changement à une commande envoyée"),
    example="modifier la commande SMART-2026-0001 : une licence de plus",
    listed=False,
)
def change(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Pass on what a buyer wants changed. What was sent stands as it was confirmed: another order
    needs a confirmation of its own.
    """
    _only_own(ctx, reference)
    wanted = words.strip(" ,:;\n")
    if not wanted:
        raise Refusal(
            _(
                "Que faut-il changer ? Par exemple `modifier la commande {reference} : une licence"
                " de plus`.",
                reference=reference.reference,
            )
        )
    values: dict[str, Value] = {"reference": reference.reference}
    asked = reply(
        _(
            "{who} demande un changement à sa commande **{reference}** :",
            who=texts.the_first(ctx.institution),
            **values,
        ),
        Quote(wanted),
        _("La commande reste telle qu'elle a été confirmée.", **values),
        title=_("Commande {reference} : changement demandé", **values),
    ).about(str(order_acts.topic_of(reference)))
    tell_all(ctx, reference.central.managers, asked)
    ctx.audit("order.change-asked", order_acts.topic_of(reference), reference=reference.reference)
    return reply(
        _(
            "Votre demande est transmise à la personne qui gère la centrale **{central}**. Une"
            " commande envoyée reste telle que vous l'avez confirmée : pour ce qui manque,"
            " passez-en une autre par `commander SOLUTION` ; pour y renoncer, `renoncer"
            " {reference}, motif : …`.",
            central=reference.central.name,
            **values,
        )
    )


def _only_own(ctx: Context, reference: Order) -> None:
    """Raises Refusal for an order of another institution, as for one that does not exist."""
    if reference.institution != ctx.institution:
        raise Refusal(
            _(
                "Je ne trouve pas la commande « {words} » : sa référence, par exemple"
                " `SMART-2026-0001`, est dans son accusé de réception.",
                words=reference.reference,
            )
        )
