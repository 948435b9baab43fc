"""The clock of an order: when its award is due, and who hears of it before, on and after that day
(acceptance A15).

Reminders come before and on the day; once it has passed, manager and buyer are alerted, then the
administrators, too. While an order is suspended nothing is due.
"""

from __future__ import annotations

from datetime import date, timedelta

from handlers import articles, deadlines, texts
from handlers.command import Table
from handlers.desk import Desk, tell_all
from handlers.policy import award_due, morning_of, resumed_due
from handlers.reply import Reply, reply
from handlers.request import Topic
from handlers.wording import Text, Value, _, n_
from storage import order_steps, reminders
from storage.members import Standing
from storage.order_states import OrderState, Step
from storage.orders import Order
from storage.purchasing import Central

table = Table()

BEFORE, AFTER = "award", "award-overdue"


def days_of(desk: Desk, central: Central) -> int:
    """Within how many days a central awards."""
    return central.award_days or desk.platform.settings.orders.award_days


def counting_of(desk: Desk, central: Central) -> str:
    """How a central counts them: "calendar" or "working"."""
    return central.award_counting or desk.platform.settings.orders.award_counting


def years_of(desk: Desk, central: Central) -> int:
    """How many years the contracts of a central last."""
    return central.contract_years or desk.platform.settings.orders.contract_years


def delay(desk: Desk, central: Central) -> Text:
    """Within how many days, of which kind, a central awards (acceptance A15)."""
    count = days_of(desk, central)
    if counting_of(desk, central) == "working":
        return n_(
            "{count} jour ouvrable après l'envoi du bon de commande",
            "{count} jours ouvrables après l'envoi du bon de commande",
            count,
        )
    return n_(
        "{count} jour calendrier après l'envoi du bon de commande",
        "{count} jours calendrier après l'envoi du bon de commande",
        count,
    )


def due_date(desk: Desk, central: Central) -> date:
    """The day by which an order sent today must be awarded."""
    return award_due(
        desk.today, days_of(desk, central), counting_of(desk, central), desk.platform.holidays
    )


def due_after_pause(desk: Desk, order: Order, stopped: Step) -> date:
    """The day by which an order must be awarded that goes on today, after the step that stopped it:
    the days that were left then are counted from now.
    """
    pause = order_steps.last(desk.session, order, stopped)
    if pause is not None and pause.before == OrderState.SUSPENDED:
        # Its clock stood still already.
        pause = order_steps.last(desk.session, order, Step.SUSPEND)
    assert pause is not None  # noqa: S101 - only such an order goes on
    assert order.due_on is not None  # noqa: S101 - the order was sent
    return resumed_due(
        order.due_on,
        pause.at.astimezone(desk.platform.zone).date(),
        desk.today,
        counting_of(desk, order.central),
        desk.platform.holidays,
    )


def rule(desk: Desk, central: Central, due: date) -> Text:
    """How long the contract lasts, and when its award is expected, by which days."""
    values: dict[str, Value] = {
        "years": years_of(desk, central),
        "days": days_of(desk, central),
        "due": due,
    }
    if counting_of(desk, central) == "working":
        return _(
            "Marché de {years} ans. Attribution attendue {days} jours ouvrables après l'envoi, donc"
            " pour le **{due}**.",
            **values,
        )
    return _(
        "Marché de {years} ans. Attribution attendue {days} jours calendrier après l'envoi, donc"
        " pour le **{due}**.",
        **values,
    )


def start(desk: Desk, order: Order) -> None:
    """Plan what is said about the day by which an order must be awarded."""
    assert order.due_on is not None  # noqa: S101 - set by every caller
    settings, topic = desk.platform.settings.orders, str(Topic("order", order.id))
    days = [(BEFORE, -days) for days in settings.award_reminders_days]
    days += [(AFTER, days) for days in settings.award_overdue_days]
    for kind, offset in days:
        at = morning_of(order.due_on + timedelta(days=offset), desk.platform.zone)
        reminders.plan_again(desk.session, kind, topic, at)


def stop(desk: Desk, order: Order) -> None:
    """Drop what is no longer to be said."""
    reminders.cancel(desk.session, str(Topic("order", order.id)), (BEFORE, AFTER), desk.now)


@table.reminder(BEFORE)
def remind_of_award(desk: Desk, topic: Topic) -> None:
    """Remind those who must award, and on the last day those who wait; once, if the platform was
    off when it was to be said more than once.
    """
    sent = desk.session.get_one(Order, topic.id)
    reminders.drop_due(desk.session, str(topic), BEFORE, desk.now)
    if sent.state != OrderState.SENT or sent.due_on is None or desk.today > sent.due_on:
        # Of a day that passed `alert_overdue` tells.
        return
    left = (sent.due_on - desk.today).days
    words = _last_day(sent) if left == 0 else _days_left(sent, left)
    tell_all(desk, sent.central.managers, words.about(str(topic)))
    if left == 0:
        _tell_buyer(desk, sent, _still_waiting(sent))


def _days_left(sent: Order, left: int) -> Reply:
    """How many days are left, and what may be done with them."""
    return reply(
        n_(
            "La commande **{reference}** {whose} doit être attribuée pour le **{due}** : il reste"
            " {count} jour.",
            "La commande **{reference}** {whose} doit être attribuée pour le **{due}** : il reste"
            " {count} jours.",
            left,
            reference=sent.reference,
            whose=texts.of_the(sent.institution),
            due=sent.due_on or "",
        ),
        _("Une fois le marché attribué : `attribuer {reference}`.", reference=sent.reference),
        title=n_(
            "Commande {reference} : {count} jour avant l'attribution",
            "Commande {reference} : {count} jours avant l'attribution",
            left,
            reference=sent.reference,
        ),
    )


def _last_day(sent: Order) -> Reply:
    """That it is the day itself, and how not to pass it in silence."""
    return reply(
        _(
            "**Dernier jour** : la commande **{reference}** {whose} doit être attribuée"
            " aujourd'hui, {due}.",
            reference=sent.reference,
            whose=texts.of_the(sent.institution),
            due=sent.due_on or "",
        ),
        _(
            "Attribuée ? `attribuer {reference}`. Retardée ? `suspendre {reference}, motif : …`."
            " Sans nouvelles demain, l'acheteur est averti du retard.",
            reference=sent.reference,
        ),
        title=_("Commande {reference} : attribution aujourd'hui", reference=sent.reference),
    )


def _still_waiting(sent: Order) -> Reply:
    return reply(
        _(
            "Le délai d'attribution de votre commande **{reference}** s'achève aujourd'hui ;"
            " nous venons de le rappeler {operator}. Un message vous parvient dès l'attribution.",
            reference=sent.reference,
            operator=articles.to(sent.central.operator),
        ),
        title=_("Commande {reference} : attribution attendue", reference=sent.reference),
    )


@table.reminder(AFTER)
def alert_overdue(desk: Desk, topic: Topic) -> None:
    """Alert manager and buyer that the day passed without award; in the end the administrators."""
    sent = desk.session.get_one(Order, topic.id)
    if sent.state != OrderState.SENT or sent.due_on is None or desk.today <= sent.due_on:
        return
    title = _("Commande {reference} : délai d'attribution dépassé", reference=sent.reference)
    late = (desk.today - sent.due_on).days
    told = reply(
        n_(
            "⚠️ La commande **{reference}** {whose} devait être attribuée pour le **{due}** : le"
            " délai est dépassé de {count} jour.",
            "⚠️ La commande **{reference}** {whose} devait être attribuée pour le **{due}** : le"
            " délai est dépassé de {count} jours.",
            late,
            reference=sent.reference,
            whose=texts.of_the(sent.institution),
            due=sent.due_on,
        ),
        _(
            "Attribuée ? `attribuer {reference}`. Retardée ? `suspendre {reference}, motif : …`.",
            reference=sent.reference,
        ),
        title=title,
    )
    tell_all(desk, sent.central.managers, told.about(str(topic)))
    _tell_buyer(desk, sent, _late(sent, title))
    if late > min(desk.platform.settings.orders.award_overdue_days):
        desk.tell_administrators(told.about(str(topic)))


def _late(sent: Order, title: Text) -> Reply:
    return reply(
        _(
            "Votre commande **{reference}** devait être attribuée pour le **{due}** : le délai est"
            " dépassé, ce que nous venons de rappeler {operator}. Pour joindre la personne"
            " qui gère la centrale : `interlocuteur {central}`.",
            reference=sent.reference,
            due=sent.due_on or "",
            operator=articles.to(sent.central.operator),
            central=sent.central.name,
        ),
        title=title,
    )


def _tell_buyer(desk: Desk, sent: Order, words: Reply) -> None:
    if sent.institution.state == Standing.ACTIVE:
        desk.tell(sent.person, words.about(str(Topic("order", sent.id))))


def announce(desk: Desk, order: Order, words: Reply, *, over: bool = False) -> None:
    """Tell the buyer, wherever they read, what became of an order, with its day for the calendar;
    ``over`` if that day holds no more.
    """
    if order.institution.state == Standing.ACTIVE:
        told = words.about(str(Topic("order", order.id)))
        desk.tell_everywhere(order.person, deadlines.with_award(desk, told, order, cancelled=over))
