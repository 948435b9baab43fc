"""How orders are shown: the draft that asks for a yes, one line of a list, the manager's copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers import articles, cap_words, documents, order_clock, pricing, texts
from handlers.context import Context
from handlers.desk import Desk
from handlers.reply import Block, Bullets, Fields, File, Paragraph, Reply, reply
from handlers.reply import Table as Grid
from handlers.wording import Money, Text, _, n_, verbatim
from storage.files import StoredFile
from storage.order_states import OrderState
from storage.orders import Order


def draft_shown(ctx: Context, draft: Order, others: Sequence[Order]) -> Reply:
    """A draft with its price and clock, and what is open besides, for confirmation."""
    due = order_clock.due_date(ctx, draft.central)
    return reply(
        *_already_open(draft, others, ctx.today),
        _(
            "Voici votre commande auprès de la centrale **{central}**. Rien n'est envoyé tant que"
            " vous n'avez pas confirmé.",
            central=draft.central.name,
        ),
        *lines(draft),
        *(decision_line(draft) or [_undecided()]),
        *told_besides(draft),
        *_without_data(draft),
        order_clock.rule(ctx, draft.central, due),
        *cap_words.left_to(ctx, draft),
        _(
            "Pour changer, répondez par exemple « quantité 3 », « article 104/742-53 » ou"
            " « livraison : … »."
        ),
        texts.confirm_or_cancel(_("le bon de commande part"), _("la commande est oubliée")),
        title=_("Votre commande attend votre accord"),
    )


def spent(shown: Sequence[Order]) -> list[Text]:
    """What the contracts among some orders come to, if there are any."""
    contracts = [one.contract for one in shown if one.contract is not None]
    if not contracts:
        return []
    return [
        n_(
            "{count} marché attribué : {amount} HTVA.",
            "{count} marchés attribués : {amount} HTVA en tout.",
            len(contracts),
            amount=Money(sum(one.amount_cents for one in contracts)),
        )
    ]


def _already_open(draft: Order, others: Sequence[Order], today: date) -> list[Block]:
    """What is open for the same solution: nobody orders twice without a word."""
    if not others:
        return []
    running = any(other.state != OrderState.DRAFT for other in others)
    waiting = any(other.state == OrderState.DRAFT for other in others)
    blocks: list[Block] = [
        Paragraph(
            _("⚠️ {who} a déjà, pour la même solution :", who=texts.the_first(draft.institution))
        ),
        Bullets(tuple(state(other, today) for other in others)),
    ]
    if waiting:
        blocks.append(
            Paragraph(
                _(
                    "Si vous confirmez la commande ci-dessous, celle qui attend votre accord est"
                    " oubliée ; pour changer celle-là, répondez plutôt au message qui la montre."
                )
            )
        )
    if running:
        blocks.append(
            Paragraph(
                _(
                    "Voulez-vous vraiment une commande de plus ? Sinon, répondez « non » ; pour"
                    " changer celle qui court, écrivez {operator} (`centrale {central}`).",
                    operator=articles.to(draft.central.operator),
                    central=draft.central.name,
                )
            )
        )
    return blocks


def decision_line(shown: Order) -> list[Text]:
    """On whose decision it is ordered, if that was told."""
    told = documents.decision_of(shown)
    return [] if told is None else [_("Commande passée par {decision}.", decision=told)]


def told_besides(shown: Order) -> list[Block]:
    """What the buyer told beside the lines, in a form that the eye checks quickly."""
    rows = documents.told_besides(shown)
    return [Fields(tuple((label, verbatim(value)) for label, value in rows))] if rows else []


def _without_data(draft: Order) -> list[Text]:
    """What it takes for an order as data, where the central takes such."""
    if not draft.central.enterprise or draft.enterprise:
        return []
    return [
        _(
            "Sans votre numéro d'entreprise, la commande part en PDF seulement, sans le fichier"
            " électronique (UBL) : répondez par exemple « BCE 0123.456.749 »."
        )
    ]


def _undecided() -> Text:
    return _(
        "Décision : non indiquée. Pour qu'elle figure au bon de commande, répondez par exemple"
        " « décision du Collège du …, réf. … »."
    )


def lines(shown: Order) -> list[Block]:
    """The lines of an order with their prices, and their sums if there are several."""
    rows = tuple(
        (
            verbatim(line.label),
            verbatim(str(line.quantity)),
            *(_("{amount}", amount=Money(c, exact=True)) for c in pricing.cost_of(line).columns),
        )
        for line in shown.lines
    )
    grid = Grid(pricing.headers(shown), rows, amounts=frozenset({1, 2, 3, 4}))
    return [grid] if len(rows) == 1 else [grid, Paragraph(_total(shown))]


def _total(shown: Order) -> Text:
    net, vat, gross = pricing.total(shown).columns
    return _(
        "Total : **{net} HTVA**, TVA {vat}, **{gross} TVAC**.",
        net=Money(net, exact=True),
        vat=Money(vat, exact=True),
        gross=Money(gross, exact=True),
    )


def to_manager(sent: Order, title: Text) -> Reply:
    """What the managers of a central are told of an order sent to them."""
    return reply(
        _(
            "Commande **{reference}** {whose}. Attribution attendue pour le **{due}**.",
            whose=texts.of_the(sent.institution),
            reference=sent.reference,
            due=sent.due_on or "",
        ),
        *lines(sent),
        *decision_line(sent),
        *told_besides(sent),
        _("Une fois le marché attribué : `attribuer {reference}`.", reference=sent.reference),
        title=title,
    )


def buyers_own(desk: Desk, shown: Order) -> list[File]:
    """The order form that the buyer attached, as it came (acceptance A16)."""
    return [_kept(desk, shown.paper_id)] if shown.paper_id else []


def files(desk: Desk, shown: Order) -> list[File]:
    """The forms of an order: the platform's, and the buyer's own."""
    form = [_kept(desk, shown.form_id)] if shown.form_id else []
    return [*form, *buyers_own(desk, shown)]


def _kept(desk: Desk, file_id: int) -> File:
    kept = desk.session.get_one(StoredFile, file_id)
    return File(kept.name, kept.media_type, kept.content)


def state(shown: Order, today: date) -> Text:
    """Where an order stands, in one line."""
    what = ", ".join(f"{line.quantity} × {line.label}" for line in shown.lines)
    if shown.state == OrderState.DRAFT:
        return _(
            "{what} : préparée le {day}, attend votre accord",
            what=what,
            day=shown.drafted_at,
        )
    if shown.contract and shown.contract.ends_on < today:
        return _(
            "**{reference}** ({what}) : attribuée le {day} à {supplier}, contrat terminé depuis le"
            " {end}",
            reference=shown.reference,
            what=what,
            day=shown.contract.starts_on,
            supplier=shown.contract.supplier,
            end=shown.contract.ends_on,
        )
    if shown.contract:
        return _(
            "**{reference}** ({what}) : attribuée le {day} à {supplier}, contrat jusqu'au {end}",
            reference=shown.reference,
            what=what,
            day=shown.contract.starts_on,
            supplier=shown.contract.supplier,
            end=shown.contract.ends_on,
        )
    if shown.state == OrderState.SUSPENDED:
        return _("**{reference}** ({what}) : suspendue", reference=shown.reference, what=what)
    if shown.state == OrderState.CANCELLED:
        return _("**{reference}** ({what}) : annulée", reference=shown.reference, what=what)
    return _(
        "**{reference}** ({what}) : envoyée, attribution attendue pour le {due}",
        reference=shown.reference,
        what=what,
        due=shown.due_on or "",
    )
