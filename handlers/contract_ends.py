"""The contract that an award begins: its facts, its end, who is reminded of it, its renewal
(acceptance A23).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers import deadlines, order_acts, texts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role, last_day, morning_of
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reading.letters import level
from handlers.reading.quantity import WRITTEN, count_of
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Money, Text, _, verbatim
from storage import reminders
from storage.members import Standing
from storage.order_states import Step
from storage.orders import Contract, Order

table = Table()

KIND = "contract-end"


def fields(sent: Order, contract: Contract) -> Fields:
    """What a contract holds."""
    return Fields(
        (
            (_("Commande"), verbatim(sent.reference)),
            (_("Fournisseur"), verbatim(contract.supplier)),
            (_("Montant"), _("{amount} HTVA", amount=Money(contract.amount_cents))),
            (_("Attribuée"), _("le {day}", day=contract.starts_on)),
            (_("Fin du contrat"), _("le {day}", day=contract.ends_on)),
        )
    )


def plan(desk: Desk, contract: Contract) -> None:
    """Plan the reminders of its end that are still to come."""
    topic = str(order_acts.topic_of(contract.order))
    for days in desk.platform.settings.orders.contract_reminders_days:
        day = date.fromordinal(contract.ends_on.toordinal() - days)
        if day > desk.today:
            reminders.plan_again(desk.session, KIND, topic, morning_of(day, desk.platform.zone))


def drop(desk: Desk, order: Order) -> None:
    """Drop the reminders of an end that is none any more."""
    reminders.cancel(desk.session, str(order_acts.topic_of(order)), (KIND,), desk.now)


@table.reminder(KIND)
def remind_of_end(desk: Desk, topic: Topic) -> None:
    """Remind buyer and managers that a contract ends, and say what follows it."""
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
        _what_follows(desk, sent),
        title=_("Commande {reference} : fin de contrat", reference=sent.reference),
    ).about(str(topic))
    words = deadlines.with_end(desk, words, sent)
    if sent.institution.state == Standing.ACTIVE:
        desk.tell(sent.person, words)
    tell_all(desk, sent.central.managers, words)


def _what_follows(desk: Desk, sent: Order) -> Text:
    """A contract ends in its renewal, or in an order from what replaces it."""
    central, solution = sent.central, sent.lines[0].solution
    if central.is_open(desk.today) and solution.is_current(desk.today):
        return _(
            "Ensuite : une nouvelle commande (`commander {slug}`), ou sa prolongation par la"
            " centrale si le marché la prévoit (`prolonger {reference} jusqu'au …`).",
            slug=solution.slug,
            reference=sent.reference,
        )
    if central.successor is not None:
        return _(
            "La centrale **{new}** prend la suite de **{old}** : `centrale {new}` en dit plus.",
            new=central.successor.name,
            old=central.name,
        )
    return _(
        "« {name} » n'est plus au catalogue : `catalogue` montre ce qui peut la remplacer.",
        name=solution.name,
    )


@table.command(
    "prolonger",
    aliases={
        "fr": ["renouveler"],
        "en": ["renew", "extend"],
        "nl": ["verlengen"],
        "de": ["verlängern"],
    },
    who=Role.MANAGER,
    usage=_("prolonger RÉFÉRENCE jusqu'au DATE (ou : de DURÉE), motif : MOTIF"),
    summary=_("prolonger le contrat d'une commande"),
    example="prolonger SMART-2026-0001 jusqu'au 31 décembre 2031, motif : reconduction prévue",
)
def renew(ctx: Context, reference: Order, words: Words) -> Reply:
    """Move the end of a contract; its reminders and the dates in calendars follow."""
    order_acts.only_manager(ctx, reference)
    day, why = _new_end(ctx, reference, words)
    order_acts.take(ctx, reference, Step.RENEW, why)
    contract = reference.contract
    assert contract is not None  # noqa: S101 - an awarded order has one
    contract.ends_on = day
    drop(ctx, reference)
    plan(ctx, contract)
    told = reply(
        _(
            "Le contrat de votre commande **{reference}** est prolongé jusqu'au **{day}**.",
            reference=reference.reference,
            day=day,
        ),
        fields(reference, contract),
        title=_("Commande {reference} : contrat prolongé", reference=reference.reference),
    ).about(str(order_acts.topic_of(reference)))
    if reference.institution.state == Standing.ACTIVE:
        ctx.tell_everywhere(reference.person, deadlines.with_end(ctx, told, reference))
    receipt = reply(_("C'est enregistré ; l'acheteur est averti."), fields(reference, contract))
    return deadlines.with_end(ctx, receipt, reference)


_DURATION = re.compile(
    rf"(?<![\w.,])(?P<count>\d{{1,2}}|{WRITTEN})\s*"
    r"(?P<unit>ans?|annees?|mois|jaar|jaren|maand(?:en)?|jahre?n?|monate?n?|years?|months?)\b"
)


def _later(order: Order, words: str) -> date | None:
    """The last day after so many years or months more; None where words say none."""
    told = _DURATION.search(level(words))
    if told is None or order.contract is None:
        return None
    monthly = told["unit"].startswith(("moi", "maa", "mon"))
    months = count_of(told["count"]) * (1 if monthly else 12)
    return last_day(order.contract.ends_on + timedelta(days=1), months)


def _only_running(ctx: Context, order: Order) -> None:
    """Raises Refusal for a contract that has ended: what is over cannot be made to go on."""
    contract = order.contract
    if contract is not None and contract.ends_on < ctx.today:
        raise Refusal(
            _(
                "Le contrat de la commande {reference} a pris fin le {day} : il ne se prolonge"
                " plus. La suite est une nouvelle commande.",
                reference=order.reference,
                day=contract.ends_on,
            )
        )


_MOTIVE = re.compile(r"\b(?:motif|reden|grund|reason)\b", re.IGNORECASE)


def _new_end(ctx: Context, order: Order, words: str) -> tuple[date, str]:
    """The new last day of a contract and the reason. Raises Refusal."""
    until, *reasons = _MOTIVE.split(words, maxsplit=1)
    _only_running(ctx, order)
    period = find_period(until, ctx.today, Lean.NEXT)
    day = (period.end or period.start) if period else None
    day = _later(order, until) or day
    if day is None:
        raise Refusal(
            _(
                "Jusqu'à quand ? Écrivez `prolonger {reference} jusqu'au 31/12/2031, motif :"
                " reconduction prévue`.",
                reference=order.reference,
            )
        )
    if order.contract is not None and day <= order.contract.ends_on:
        raise Refusal(
            _(
                "Le contrat court déjà jusqu'au {day} : une prolongation finit plus tard.",
                day=order.contract.ends_on,
            )
        )
    return day, order_acts.reason_in("".join(reasons), "prolonger", order)
