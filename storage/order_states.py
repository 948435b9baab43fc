"""The life of an order: its states, and the one table of the steps that lead from each to another.

Nothing is undone by going back in silence: what turns out wrong is followed by a step of its own
(``REINSTATE`` after ``CANCEL``, ``REVOKE`` after ``AWARD``), and both stay in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    """Shown to its author, and waiting for a yes."""
    DROPPED = "dropped"
    """A draft that was not confirmed; it never had a number."""
    SENT = "sent"
    """Numbered; its clock runs."""
    SUSPENDED = "suspended"
    """Its clock stands still."""
    AWARDED = "awarded"
    """Awarded and notified to its buyer in the same act; its contract runs, or ran."""
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What may happen to an order; the value is how the history names it."""

    SEND = "sent"
    DROP = "dropped"
    SUSPEND = "suspended"
    RESUME = "resumed"
    CANCEL = "cancelled"
    REINSTATE = "reinstated"
    AWARD = "awarded"
    REVOKE = "revoked"
    RENEW = "renewed"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a step may be taken, and where it leads."""

    before: frozenset[OrderState]
    after: OrderState


def _from(*before: OrderState, to: OrderState) -> Transition:
    return Transition(frozenset(before), to)


TRANSITIONS: Mapping[Step, Transition] = {
    Step.SEND: _from(OrderState.DRAFT, to=OrderState.SENT),
    Step.DROP: _from(OrderState.DRAFT, to=OrderState.DROPPED),
    Step.SUSPEND: _from(OrderState.SENT, to=OrderState.SUSPENDED),
    Step.RESUME: _from(OrderState.SUSPENDED, to=OrderState.SENT),
    Step.CANCEL: _from(OrderState.SENT, OrderState.SUSPENDED, to=OrderState.CANCELLED),
    Step.REINSTATE: _from(OrderState.CANCELLED, to=OrderState.SENT),
    Step.AWARD: _from(OrderState.SENT, to=OrderState.AWARDED),
    Step.REVOKE: _from(OrderState.AWARDED, to=OrderState.SENT),
    Step.RENEW: _from(OrderState.AWARDED, to=OrderState.AWARDED),
}

NUMBERED = frozenset(OrderState) - {OrderState.DRAFT, OrderState.DROPPED}
"""The states of the register: an order in one of them has a number for good."""

COUNTED = frozenset({OrderState.SENT, OrderState.SUSPENDED, OrderState.AWARDED})
"""The states in which an order weighs on the caps of its central."""


def may(state: str, step: Step) -> bool:
    """Whether a step may be taken from a state."""
    return state in TRANSITIONS[step].before
