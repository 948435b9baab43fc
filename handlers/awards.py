"""What follows an order: the reminders of its clock, its award, its contract."""

from __future__ import annotations

import re
from datetime import date

from handlers import articles, deadlines, pricing, texts
from handlers.arguments import MaybeWords, reads
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role, contract_end, morning_of
from handlers.reading.amounts import Doubt, find_amounts
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reply import Bullets, Fields, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Money, Text, _, verbatim
from storage import orders, purchasing, reminders
from storage.members import Standing
from storage.orders import Contract, Order, OrderState
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
        raise Refusal(_("Je ne trouve pas la commande « {words} ».", words=words[:40]))
    return found


def _year(ctx: Context, central: Central, number: int) -> int | None:
    """The year that a short reference leaves out: of the one order that it can mean; of several,
    of the one whose clock runs.
    """
    found = orders.by_number(ctx.session, central, number)
    waiting = [one for one in found if one.state == OrderState.SENT]
    chosen = found if len(found) == 1 else waiting
    return chosen[0].year if len(chosen) == 1 else None


@table.reminder("award")
def remind_of_award(desk: Desk, topic: Topic) -> None:
    """Remind those who must award, and on the last day those who wait (acceptance A15)."""
    sent = desk.session.get_one(Order, topic.id)
    if sent.state != OrderState.SENT or sent.due_on is None:
        return
    title = _("Commande {reference} : attribution attendue", reference=sent.reference)
    words = reply(
        _(
            "La commande **{reference}** {whose} doit être attribuée pour le **{due}**.",
            reference=sent.reference,
            whose=texts.of_the(sent.institution),
            due=sent.due_on,
        ),
        _("Une fois le marché attribué : `attribuer {reference}`.", reference=sent.reference),
        title=title,
    )
    tell_all(desk, sent.central.managers, words.about(str(topic)))
    if desk.today >= sent.due_on and sent.institution.state == Standing.ACTIVE:
        desk.tell(sent.person, _still_waiting(sent, title).about(str(topic)))


def _still_waiting(sent: Order, title: Text) -> Reply:
    return reply(
        _(
            "Le délai d'attribution de votre commande **{reference}** s'achève aujourd'hui ;"
            " nous venons de le rappeler {operator}. Un message vous parvient dès l'attribution.",
            reference=sent.reference,
            operator=articles.to(sent.central.operator),
        ),
        title=title,
    )


@table.command(
    "attribuer",
    aliases={"en": ["award"], "nl": ["gunnen"], "de": ["vergeben"]},
    who=Role.MANAGER,
    usage=_("attribuer RÉFÉRENCE [à FOURNISSEUR] [le DATE] [pour MONTANT]"),
    summary=_("enregistrer l'attribution d'une commande"),
    example="attribuer SMART-2026-0001 à Civadis le {lately} pour 24.000 €",
)
def award(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Record an award: the clock stops, the contract begins, the buyer is told once."""
    if reference.central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=reference.central.name))
    if reference.state != OrderState.SENT:
        raise Refusal(
            _("La commande {reference} n'attend pas d'attribution.", reference=reference.reference)
        )
    awarded_on = _award_day(ctx, reference, words)
    contract = Contract(
        order=reference,
        supplier=_supplier(words) or reference.lines[0].solution.supplier,
        amount_cents=_award_amount(reference, words),
        starts_on=awarded_on,
        ends_on=contract_end(awarded_on, _years(ctx, reference)),
    )
    ctx.session.add(contract)
    reference.state, reference.awarded_on = OrderState.AWARDED, awarded_on
    topic = Topic("order", reference.id)
    reminders.cancel(ctx.session, str(topic), ("award",), ctx.now)
    _plan_end(ctx, contract, topic)
    words_ = _awarded(reference, contract)
    if reference.institution.state == Standing.ACTIVE:
        ctx.tell_everywhere(
            reference.person,
            deadlines.with_award(ctx, words_.about(str(topic)), reference, cancelled=True),
        )
    ctx.audit(
        "order.awarded", topic, reference=reference.reference, net_cents=contract.amount_cents
    )
    receipt = reply(
        _(
            "L'attribution est enregistrée et annoncée {whom}.",
            whom=texts.to_the(reference.institution),
        ),
        _contract_fields(reference, contract),
    )
    return deadlines.with_award(ctx, receipt, reference, cancelled=True)


def _award_day(ctx: Context, sent: Order, words: str) -> date:
    period = find_period(words, ctx.today, Lean.LAST)
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


def _award_amount(sent: Order, words: str) -> int:
    found = re.search(r"\bpour\s+(.+)$", words)
    if not found:
        return pricing.total(sent).net
    read = [amount.reading for amount in find_amounts(found[1])]
    if len(read) != 1 or isinstance(read[0], Doubt):
        raise Refusal(
            _(
                "Je ne lis pas le montant « {words} » : écrivez-le par exemple `24.000 €`.",
                words=found[1][:40],
            )
        )
    return read[0].cents


def _supplier(words: str) -> str:
    found = re.search(r"(?:^|\s)à\s+(.+?)(?=\s+(?:le|pour)\s|$)", words)
    return found[1].strip() if found else ""


def _years(desk: Desk, sent: Order) -> int:
    return sent.central.contract_years or desk.platform.settings.orders.contract_years


def _plan_end(ctx: Context, contract: Contract, topic: Topic) -> None:
    for days in ctx.platform.settings.orders.contract_reminders_days:
        day = date.fromordinal(contract.ends_on.toordinal() - days)
        if day > ctx.today:
            ctx.remind("contract-end", topic, morning_of(day, ctx.platform.zone))


def _awarded(sent: Order, contract: Contract) -> Reply:
    return reply(
        _("Votre commande **{reference}** est attribuée.", reference=sent.reference),
        _contract_fields(sent, contract),
        title=_("Commande {reference} attribuée", reference=sent.reference),
    )


def _contract_fields(sent: Order, contract: Contract) -> Fields:
    return Fields(
        (
            (_("Commande"), verbatim(sent.reference)),
            (_("Fournisseur"), verbatim(contract.supplier)),
            (_("Montant"), _("{amount} HTVA", amount=Money(contract.amount_cents))),
            (_("Attribuée"), _("le {day}", day=contract.starts_on)),
            (_("Fin du contrat"), _("le {day}", day=contract.ends_on)),
        )
    )


@table.reminder("contract-end")
def remind_of_end(desk: Desk, topic: Topic) -> None:
    """Remind buyer and managers that a contract ends (acceptance A23)."""
    sent = desk.session.get_one(Order, topic.id)
    contract = sent.contract
    if contract is None:
        return
    words = reply(
        _(
            "Le contrat de la commande **{reference}** {whose} prend fin le **{day}**.",
            reference=sent.reference,
            whose=texts.of_the(sent.institution),
            day=contract.ends_on,
        ),
        title=_("Commande {reference} : fin de contrat", reference=sent.reference),
    ).about(str(topic))
    words = deadlines.with_end(desk, words, sent)
    if sent.institution.state == Standing.ACTIVE:
        desk.tell(sent.person, words)
    tell_all(desk, sent.central.managers, words)


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
