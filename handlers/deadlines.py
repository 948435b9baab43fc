"""Dates of an order for its buyer's and its manager's calendars (acceptance A15, A23)."""

from __future__ import annotations

from datetime import timedelta

from handlers.desk import Desk
from handlers.reply import Appointment, Reply
from handlers.wording import _
from storage.orders import Order

_PREFIX = "order-"


def with_award(desk: Desk, words: Reply, sent: Order, *, cancelled: bool = False) -> Reply:
    """Words about an order with the day by which it is to be awarded; ``cancelled`` once it is."""
    if sent.due_on is None:
        return words
    return words.on(
        Appointment(
            uid=f"{_PREFIX}{sent.id}-award",
            title=_("Commande {reference} : attribution attendue", reference=sent.reference),
            first=sent.due_on,
            last=sent.due_on,
            stamped_at=desk.now,
            sequence=_sequence(desk, sent),
            cancelled=cancelled,
        )
    )


def with_end(desk: Desk, words: Reply, sent: Order) -> Reply:
    """Words about a contract with the day on which it ends."""
    if sent.contract is None:
        return words
    return words.on(
        Appointment(
            uid=f"{_PREFIX}{sent.id}-end",
            title=_("Commande {reference} : fin de contrat", reference=sent.reference),
            first=sent.contract.ends_on,
            last=sent.contract.ends_on,
            stamped_at=desk.now,
            sequence=_sequence(desk, sent),
        )
    )


def is_deadline(uid: str) -> bool:
    """Whether a calendar's answer is about a date that nobody was asked to come to."""
    return uid.startswith(_PREFIX)


def _sequence(desk: Desk, sent: Order) -> int:
    """Seconds since the order was sent: what is said later about a date counts more (RFC 5545,
    section 3.8.7.4).
    """
    return (desk.now - (sent.sent_at or desk.now)) // timedelta(seconds=1)
