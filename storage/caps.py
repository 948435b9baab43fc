"""How much may be ordered from a central, in all or by a member: never passed, even at once.

A framework agreement says the largest quantity or value, and has no effect beyond it (Court of
Justice of the European Union, C-216/17 and C-23/20). What is used is never kept
but summed up from the orders themselves, so that it cannot drift; whoever changes it first takes
the central's turn, so that nobody else does so at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.members import Institution
from storage.order_states import COUNTED, OrderState
from storage.orders import Contract, Order, OrderLine
from storage.purchasing import Central, Solution


class Measure(StrEnum):
    """What a cap counts."""

    CENTS = "cents"
    """Euro cents excluding VAT: as ordered, and once awarded, as awarded."""
    PIECES = "pieces"


class Cap(Base):
    """The most that may be ordered from a central: of everything or of one solution; by all
    together, by each member (``each``), or by one member, whose own cap then replaces that of each.
    """

    __tablename__ = "caps"

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"), index=True)
    solution_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("solutions.id"))
    institution_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("institutions.id"))
    each: Mapped[bool] = mapped_column(default=False)
    measure: Mapped[str]
    most: Mapped[int] = mapped_column(BigKey)

    central: Mapped[Central] = relationship()
    solution: Mapped[Solution | None] = relationship()
    institution: Mapped[Institution | None] = relationship()

    @property
    def is_of_member(self) -> bool:
        """Whether it counts what one member orders, not what all do."""
        return self.each or self.institution_id is not None


@dataclass(frozen=True, slots=True)
class Room:
    """What a cap leaves: how much of it is used by other orders, and how much an order takes."""

    cap: Cap
    used: int
    wanted: int

    @property
    def left(self) -> int:
        """What may still be ordered; never below nothing, even if the cap was lowered since."""
        return max(0, self.cap.most - self.used)

    @property
    def passed(self) -> bool:
        """Whether the order would pass the cap."""
        return self.wanted > self.left


class CapPassedError(Exception):
    """An order that some caps do not leave room for."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        super().__init__(f"{len(rooms)} caps passed")
        self.rooms = rooms


def take_turn(session: Session, central: Central) -> None:
    """Wait until nobody else changes what is ordered from a central, and keep others waiting.

    A row is raised, not merely locked: who read before and waited here is then made to start again
    by an engine that shows a transaction only what there was when it began.
    """
    session.execute(
        update(Central)
        .where(Central.id == central.id)
        .values(turn=Central.turn + 1)
        .execution_options(synchronize_session=False)
    )


def check(session: Session, order: Order, amount_cents: int | None = None) -> None:
    """Take the turn, and make sure that an order fits. Raises CapPassedError.

    ``amount_cents`` is what it is about to be awarded for, excluding VAT, if that is known.
    """
    session.flush()
    take_turn(session, order.central)
    passed = [room for room in rooms(session, order, amount_cents) if room.passed]
    if passed:
        raise CapPassedError(passed)


def rooms(session: Session, order: Order, amount_cents: int | None = None) -> list[Room]:
    """What each cap of an order leaves, the order itself not counted."""
    return [
        Room(
            cap,
            used(session, cap, order.institution, but=order),
            _wanted(cap, order, amount_cents),
        )
        for cap in applying(session, order)
    ]


def of_central(session: Session, central: Central) -> Sequence[Cap]:
    """Every cap of a central."""
    return session.scalars(select(Cap).where(Cap.central_id == central.id).order_by(Cap.id)).all()


def applying(session: Session, order: Order) -> list[Cap]:
    """The caps that an order must respect."""
    ordered = {line.solution.id for line in order.lines}
    every = [
        cap
        for cap in of_central(session, order.central)
        if cap.solution_id is None or cap.solution_id in ordered
    ]
    own = [cap for cap in every if cap.institution and _same(cap.institution, order.institution)]
    replaced = {(cap.solution_id, cap.measure) for cap in own}
    general = [
        cap
        for cap in every
        if cap.institution is None and not (cap.each and (cap.solution_id, cap.measure) in replaced)
    ]
    return general + own


def _same(one: Institution, other: Institution) -> bool:
    """Whether two records are the same authority: one that left and came back has two."""
    return (one.type, one.code) == (other.type, other.code)


def used(
    session: Session, cap: Cap, institution: Institution | None = None, *, but: Order | None = None
) -> int:
    """How much of a cap is used, by an institution if it is a member's; without one order."""
    chosen: list[ColumnElement[bool]] = [Order.central_id == cap.central_id]
    if cap.is_of_member:
        member = cap.institution or institution
        assert member is not None  # noqa: S101 - a cap of each member is asked about for one
        chosen += [Institution.type == member.type, Institution.code == member.code]
    if but is not None and but.id is not None:
        chosen.append(Order.id != but.id)
    if cap.solution_id is not None:
        return _lines(session, cap, [*chosen, OrderLine.solution_id == cap.solution_id], COUNTED)
    if cap.measure == Measure.PIECES:
        return _lines(session, cap, chosen, COUNTED)
    return _lines(session, cap, chosen, COUNTED - {OrderState.AWARDED}) + _awarded(session, chosen)


def _lines(
    session: Session, cap: Cap, chosen: list[ColumnElement[bool]], states: frozenset[OrderState]
) -> int:
    each = OrderLine.quantity * OrderLine.unit_cents
    what = each if cap.measure == Measure.CENTS else OrderLine.quantity
    total = session.scalar(
        select(func.coalesce(func.sum(what), 0))
        .join(Order, Order.id == OrderLine.order_id)
        .join(Institution, Institution.id == Order.institution_id)
        .where(Order.state.in_(states), *chosen)
    )
    return int(total or 0)


def _awarded(session: Session, chosen: list[ColumnElement[bool]]) -> int:
    total = session.scalar(
        select(func.coalesce(func.sum(Contract.amount_cents), 0))
        .join(Order, Order.id == Contract.order_id)
        .join(Institution, Institution.id == Order.institution_id)
        .where(Order.state == OrderState.AWARDED, *chosen)
    )
    return int(total or 0)


def _wanted(cap: Cap, order: Order, amount_cents: int | None) -> int:
    """What an order takes of a cap. What is awarded has no amounts per line: a cap of one solution
    counts what was ordered.
    """
    lines = [one for one in order.lines if cap.solution_id in (None, one.solution.id)]
    if cap.measure == Measure.PIECES:
        return sum(line.quantity for line in lines)
    if amount_cents is not None and cap.solution_id is None:
        return amount_cents
    return sum(line.quantity * line.unit_cents for line in lines)


def alike(
    session: Session,
    central: Central,
    measure: Measure | None = None,
    *,
    solution: Solution | None = None,
    institution: Institution | None = None,
    each: bool = False,
) -> list[Cap]:
    """The caps that hold for exactly these, in one measure or in any."""
    of = (each, solution.id if solution else None, institution.id if institution else None)
    return [
        cap
        for cap in of_central(session, central)
        if (cap.each, cap.solution_id, cap.institution_id) == of and measure in {None, cap.measure}
    ]


def set_cap(
    session: Session,
    central: Central,
    measure: Measure,
    most: int,
    *,
    solution: Solution | None = None,
    institution: Institution | None = None,
    each: bool = False,
) -> Cap:
    """Set a cap, or change it. What is ordered already stays so."""
    take_turn(session, central)
    known = alike(session, central, measure, solution=solution, institution=institution, each=each)
    cap = known[0] if known else Cap(central=central, measure=measure, each=each)
    cap.solution, cap.institution, cap.most = solution, institution, most
    session.add(cap)
    session.flush()
    return cap


def lift(
    session: Session,
    central: Central,
    measure: Measure | None = None,
    *,
    solution: Solution | None = None,
    institution: Institution | None = None,
    each: bool = False,
) -> list[Cap]:
    """Take away the caps that hold for exactly these, in one measure or in any; gives them."""
    take_turn(session, central)
    known = alike(session, central, measure, solution=solution, institution=institution, each=each)
    for cap in known:
        session.delete(cap)
    session.flush()
    return known
