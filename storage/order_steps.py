"""What happened to an order, step by step; the only place where an order's state changes.

A step is one row with its instant, its author and its reason. The audit chain holds the same
without the words (:mod:`handlers.order_acts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage import caps, counters
from storage.base import Base, BigKey, Key
from storage.members import Person
from storage.order_states import TRANSITIONS, OrderState, Step
from storage.orders import Award, Contract, Order


class OrderStep(Base):
    """One step of one order."""

    __tablename__ = "order_steps"

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(BigKey, ForeignKey("orders.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("persons.id"))
    """Who took it; nobody for what the platform does by itself."""
    why: Mapped[str] = mapped_column(default="")

    person: Mapped[Person | None] = relationship()


class StepRefusedError(Exception):
    """A step that cannot be taken from the state in which the order is."""

    def __init__(self, order: Order, step: Step) -> None:
        super().__init__(f"{step} is no step from {order.state}")
        self.order = order
        self.step = step


def take(
    session: Session, order: Order, step: Step, *, at: datetime, by: Person | None, why: str = ""
) -> OrderStep:
    """Take a step. Raises StepRefusedError if the order is, or meanwhile was brought, elsewhere.

    The state is compared and set in one statement: of two who take a step at once, one is late.
    """
    session.flush()
    before, transition = OrderState(order.state), TRANSITIONS[step]
    if before not in transition.before or not _moved(session, order, before, transition.after):
        raise StepRefusedError(order, step)
    taken = OrderStep(
        order_id=order.id,
        at=at,
        step=step,
        before=before,
        after=transition.after,
        person_id=by.id if by else None,
        why=why,
    )
    session.add(taken)
    return taken


def _moved(session: Session, order: Order, before: OrderState, after: OrderState) -> bool:
    moved = session.scalar(
        update(Order)
        .where(Order.id == order.id, Order.state == before)
        .values(state=after)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(order, ["state"])
    return moved is not None


def send(
    session: Session, order: Order, *, at: datetime, year: int, due_on: date, by: Person | None
) -> None:
    """Number a draft and start its clock. Raises CapPassedError or StepRefusedError."""
    caps.check(session, order)
    take(session, order, Step.SEND, at=at, by=by)
    order.year = year
    order.number = counters.following(session, f"{order.central.slug}-{year}")
    order.sent_at, order.due_on = at, due_on
    session.flush()


def award(
    session: Session, order: Order, contract: Contract, *, at: datetime, by: Person | None
) -> None:
    """Stop the clock: the contract begins. Raises CapPassedError or StepRefusedError."""
    caps.check(session, order, contract.amount_cents)
    take(session, order, Step.AWARD, at=at, by=by)
    contract.order = order
    session.add(contract)
    order.awarded_on = contract.starts_on
    # Of two awards of one order, the earlier ends at the latest where the later begins.
    _undo(session, order, contract.starts_on)
    counted = Award(
        order_id=order.id, awarded_on=contract.starts_on, amount_cents=contract.amount_cents
    )
    session.add(counted)
    session.flush()


def _undo(session: Session, order: Order, on: date) -> None:
    """From a day on, what an order was awarded before counts no more."""
    session.execute(
        update(Award)
        .where(Award.order_id == order.id, Award.undone_on.is_(None) | (Award.undone_on > on))
        .values(undone_on=on)
    )


def revoke(
    session: Session, order: Order, *, at: datetime, on: date, by: Person | None, why: str
) -> None:
    """Undo an award: the order waits again, for the amounts that were ordered. ``on`` is the day of
    ``at`` where the central is: until its eve the award is counted.

    Raises CapPassedError if they fit no more, or StepRefusedError.
    """
    take(session, order, Step.REVOKE, at=at, by=by, why=why)
    if order.contract is not None:
        session.delete(order.contract)
    _undo(session, order, on)
    order.awarded_on = None
    session.flush()
    session.expire(order, ["contract"])
    caps.check(session, order)


def reinstate(
    session: Session, order: Order, *, at: datetime, due_on: date, by: Person | None, why: str
) -> None:
    """Undo a cancellation. Raises CapPassedError if others took its place, or StepRefusedError."""
    caps.check(session, order)
    take(session, order, Step.REINSTATE, at=at, by=by, why=why)
    order.due_on = due_on
    session.flush()


def history(session: Session, order: Order) -> Sequence[OrderStep]:
    """Everything that happened to an order, the oldest first."""
    return session.scalars(
        select(OrderStep).where(OrderStep.order_id == order.id).order_by(OrderStep.id)
    ).all()


def last(session: Session, order: Order, step: Step) -> OrderStep | None:
    """When a step was last taken."""
    return session.scalar(
        select(OrderStep)
        .where(OrderStep.order_id == order.id, OrderStep.step == step)
        .order_by(OrderStep.id.desc())
        .limit(1)
    )
