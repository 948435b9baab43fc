"""The award of an order, which notifies its buyer and begins its contract, and its undoing."""

from __future__ import annotations

import re
from datetime import date

from config.folding import fold
from handlers import contract_ends, deadlines, order_acts, order_clock, pricing, texts
from handlers.arguments import MaybeWords, reads
from handlers.command import Table
from handlers.context import Context
from handlers.finding import alike
from handlers.policy import Role, contract_end
from handlers.reading.amounts import Doubt, Vat, find_amounts, possible_cents
from handlers.reading.dates import Fault, find_period
from handlers.reading.days import Lean, find_mentions, names_no_day
from handlers.reading.letters import level
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.wording import Money, Text, Value, _
from storage import order_steps, orders, purchasing
from storage.order_states import OrderState, Step, may
from storage.orders import Contract, Order
from storage.purchasing import Central

table = Table()

REFERENCE = re.compile(r"(?P<central>[\w-]+?)-(?:(?P<year>\d{4})-)?(?P<number>\d{1,6})")
"""SMART-2026-0007, or short SMART-7."""


@reads(Order)
def read_order(ctx: Context, words: str) -> Order:
    """The order of a reference such as SMART-2026-0007. Raises Refusal."""
    match = REFERENCE.fullmatch(words.strip(" .,;:"))
    central = purchasing.central_by_slug(ctx.session, match["central"].lower()) if match else None
    found = None
    if match and central:
        number = int(match["number"])
        year = int(match["year"]) if match["year"] else _year(ctx, central, number)
        found = orders.by_reference(ctx.session, central, year, number) if year else None
    if found is None:
        raise Refusal(
            _(
                "Je ne trouve pas la commande « {words} » : sa référence, par exemple"
                " `SMART-2026-0001`, est dans son accusé de réception.",
                words=words[:40],
            )
        )
    return found


def _year(ctx: Context, central: Central, number: int) -> int | None:
    """The year that a short reference leaves out: of the one order that it can mean; of several,
    of the one whose clock runs.
    """
    found = orders.by_number(ctx.session, central, number)
    waiting = [one for one in found if one.state == OrderState.SENT]
    chosen = found if len(found) == 1 else waiting
    return chosen[0].year if len(chosen) == 1 else None


@table.command(
    "attribuer",
    aliases={"en": ["award"], "nl": ["gunnen"], "de": ["vergeben"]},
    who=Role.MANAGER,
    usage=_("attribuer RÉFÉRENCE [à FOURNISSEUR] [le DATE] [pour MONTANT]"),
    summary=_("enregistrer l'attribution d'une commande"),
    example="attribuer SMART-2026-0001 à Civadis le {lately} pour 24.000 €",
)
def award(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Record an award: the clock stops, the contract begins, the buyer is notified once."""
    order_acts.only_manager(ctx, reference)
    if not may(reference.state, Step.AWARD):
        raise Refusal(
            _(
                "La commande {reference} n'attend pas d'attribution : elle {state}.",
                reference=reference.reference,
                state=order_acts.state_words(reference),
            )
        )
    contract = _contract(ctx, reference, words)
    with order_acts.refused_in_words(ctx):
        order_steps.award(ctx.session, reference, contract, at=ctx.now, by=ctx.member)
    order_acts.enter(ctx, reference, Step.AWARD, net_cents=contract.amount_cents)
    order_clock.stop(ctx, reference)
    contract_ends.plan(ctx, contract)
    notified = _notified(reference, contract)
    order_clock.announce(ctx, reference, notified, over=True)
    receipt = reply(
        _(
            "L'attribution est enregistrée et annoncée {whom}.",
            whom=texts.to_the(reference.institution),
        ),
        contract_ends.fields(reference, contract),
        *_ordered_for(reference, contract),
    )
    return deadlines.with_award(ctx, receipt, reference, cancelled=True)


def _ordered_for(order: Order, contract: Contract) -> list[Text]:
    """What was ordered, where the award is of another amount: perhaps it was mistyped."""
    ordered = pricing.total(order).net
    if ordered == contract.amount_cents:
        return []
    return [
        _(
            "La commande était de **{ordered}** HTVA. Une erreur ? `retirer l'attribution"
            " {reference}, motif : …`, puis attribuez-la à nouveau.",
            ordered=Money(ordered),
            reference=order.reference,
        )
    ]


def _contract(ctx: Context, order: Order, words: str) -> Contract:
    awarded_on = _award_day(ctx, order, words)
    years = order.central.contract_years or ctx.platform.settings.orders.contract_years
    sure = _SURE.search(level(words))
    said = words[: sure.start()] + words[sure.end() :] if sure else words
    supplier, cents = _supplier(order, said), _award_amount(ctx, order, said)
    doubts = [*_doubted_supplier(order, supplier), *_doubted_amount(order, cents)]
    if doubts and not sure:
        raise Refusal(*doubts, _ONCE_MORE)
    return Contract(
        supplier=supplier or order.lines[0].solution.supplier,
        amount_cents=cents,
        starts_on=awarded_on,
        ends_on=contract_end(awarded_on, years),
    )


def _award_day(ctx: Context, sent: Order, words: str) -> date:
    period = find_period(words, ctx.today, Lean.LAST)
    if names_no_day(words) or (period is not None and Fault.NO_SUCH_DAY in period.faults):
        raise Refusal(_("Une des dates n'existe pas dans le calendrier : rien n'est enregistré."))
    day = (period.start if period else None) or ctx.today
    first = sent.sent_at.astimezone(ctx.platform.zone).date() if sent.sent_at else day
    if day > ctx.today or day < first:
        raise Refusal(
            _(
                "La date d'attribution ({day}) doit être entre l'envoi ({first}) et aujourd'hui.",
                day=day,
                first=first,
            )
        )
    return day


def _award_amount(ctx: Context, sent: Order, words: str) -> int:
    """The amount that is told, wherever it stands; the order's own where none is. Raises Refusal
    for a number that is neither an amount nor part of a date.
    """
    found = re.search(r"\bpour\s+(.+)$", words)
    told = found[1] if found else words
    read = [amount.reading for amount in find_amounts(told)]
    stray = None if read or found else _STRAY.search(_without_days(ctx, words))
    if not read and not found and stray is None:
        return pricing.total(sent).net
    told = stray[0] if stray else told
    if len(read) != 1 or isinstance(read[0], Doubt):
        raise _unread(told.strip()[:40])
    if read[0].vat is Vat.INCLUDED:
        raise Refusal(_("Le montant d'une attribution s'écrit hors TVA : par exemple `24.000 €`."))
    return read[0].cents


_FAR = 5
"""From how many times more, or less, than the order an award is taken for a slip at first."""
_SURE = re.compile(r"\b(?:confirmee?|bevestigd|bestatigt|confirmed)\b")


_ONCE_MORE = _(
    "Rien n'est enregistré. Si c'est bien cela, écrivez-le à nouveau en finissant par « confirmé »."
)


def _doubted_amount(sent: Order, cents: int) -> list[Text]:
    """What is said of an amount that looks mistyped: the buyer is told of an award at once."""
    ordered = pricing.total(sent).net
    if not ordered or ordered <= cents * _FAR <= ordered * _FAR**2:
        return []
    return [
        _(
            "La commande était de **{ordered}** HTVA, vous écrivez **{amount}**.",
            ordered=Money(ordered),
            amount=Money(cents, exact=True),
        )
    ]


def _doubted_supplier(sent: Order, supplier: str) -> list[Text]:
    """What is said of a supplier that has nothing of what was ordered."""
    own = dict.fromkeys(line.solution.supplier for line in sent.lines)
    if not supplier or fold(supplier) in map(fold, own):
        return []
    return [
        _(
            "La solution commandée est de **{own}**, vous écrivez **{supplier}**.",
            own=", ".join(own),
            supplier=supplier,
        )
    ]


def _without_days(ctx: Context, words: str) -> str:
    plain = level(words)
    for mention in find_mentions(plain, ctx.today):
        blank = " " * (mention.end - mention.start)
        plain = f"{plain[: mention.start]}{blank}{plain[mention.end :]}"
    return plain


_STRAY = re.compile(r"(?<![\w-])\d[\d.,\u00a0\u202f' ]*(?!\w)|[€%]|\beur(?:os?)?\b", re.IGNORECASE)
"""What counts something: an award in which it was passed over would be of another amount."""


def _unread(words: str) -> Refusal:
    """The question about an amount that is none, or that may be two."""
    meant = possible_cents(words)
    if len(meant) == 2:
        return Refusal(
            _(
                "« {words} » : voulez-vous dire **{one}** ou **{other}** ? Écrivez-le ainsi, rien"
                " n'est enregistré.",
                words=words,
                one=Money(meant[0]),
                other=Money(meant[1], exact=True),
            )
        )
    return Refusal(
        _("Je ne lis pas le montant « {words} » : écrivez-le par exemple `24.000 €`.", words=words)
    )


def _supplier(order: Order, words: str) -> str:
    """Who is awarded, as the words tell, up to the amount or the day; empty if they do not. A slip
    in the name of the order's own supplier is put right.
    """
    found = re.search(
        r"(?:^|\s)[àa]\s+(?P<name>\S.*?)(?=[\s,;:(]+(?:le|pour|au|d['’]un montant|montant)\b"
        r"|[\s,;:(]+\d[\d.,\s]*(?:€|eur|htva|hors|$)|[,;(]|\s*$)",
        words,
        re.IGNORECASE,
    )
    name = found["name"].strip(" .") if found else ""
    own = dict.fromkeys(line.solution.supplier for line in order.lines)
    return next((one for one in own if name and alike(fold(name), [fold(one)])), name)


def _notified(sent: Order, contract: Contract) -> Reply:
    return reply(
        _("Votre commande **{reference}** est attribuée.", reference=sent.reference),
        contract_ends.fields(sent, contract),
        title=_("Commande {reference} attribuée", reference=sent.reference),
    )


@table.command(
    "retirer l'attribution",
    aliases={
        "fr": ["retirer attribution"],
        "en": ["revoke award"],
        "nl": ["gunning intrekken"],
        "de": ["zuschlag widerrufen"],
    },
    who=Role.MANAGER,
    usage=_("retirer l'attribution RÉFÉRENCE, motif : MOTIF"),
    summary=_("défaire une attribution : la commande attend à nouveau"),
    example="retirer l'attribution SMART-2026-0001, motif : recours suspensif",
)
def revoke(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Undo an award by a step of its own: both stay in the history."""
    order_acts.only_manager(ctx, reference)
    why = order_acts.reason_in(words, "retirer l'attribution", reference)
    with order_acts.refused_in_words(ctx):
        contract_ends.drop(ctx, reference)
        order_steps.revoke(ctx.session, reference, at=ctx.now, on=ctx.today, by=ctx.member, why=why)
        reference.due_on = order_clock.due_after_pause(ctx, reference, Step.AWARD)
    order_acts.enter(ctx, reference, Step.REVOKE, why)
    order_clock.start(ctx, reference)
    values: dict[str, Value] = {
        "reference": reference.reference,
        "why": why,
        "due": reference.due_on,
    }
    told = reply(
        _(
            "L'attribution de votre commande **{reference}** est retirée : {why}. Une nouvelle"
            " attribution est attendue pour le **{due}**.",
            **values,
        ),
        title=_("Commande {reference} : attribution retirée", reference=reference.reference),
    )
    order_clock.announce(ctx, reference, told)
    return deadlines.with_award(
        ctx,
        reply(
            _(
                "C'est fait : la commande **{reference}** attend à nouveau son attribution, pour le"
                " **{due}**. L'acheteur est averti.",
                **values,
            )
        ),
        reference,
    )


@table.command(
    "commandes reçues",
    aliases={
        "fr": ["à attribuer"],
        "en": ["orders received"],
        "nl": ["ontvangen bestellingen"],
        "de": ["eingegangene bestellungen"],
    },
    who=Role.MANAGER,
    usage=_("commandes reçues"),
    summary=_("les commandes qui attendent une attribution"),
    paged=True,
)
def list_received(ctx: Context) -> Reply:
    """What the manager's centrals still have to award."""
    waiting = [
        sent
        for central in purchasing.manages(ctx.session, ctx.member)
        for sent in orders.awaiting(ctx.session, central)
    ]
    if not waiting:
        return reply(_("Aucune commande n'attend d'attribution."))
    return reply(
        Bullets(
            tuple(
                _(
                    "**{reference}** {whose} : pour le {due}",
                    reference=sent.reference,
                    whose=texts.of_the(sent.institution),
                    due=sent.due_on or "",
                )
                for sent in waiting
            )
        ),
        title=_("Commandes à attribuer"),
    )
