"""Purchase orders, their lines, and the contracts that follow their award."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.members import Institution, Person, Standing
from storage.order_states import COUNTED, NUMBERED, OrderState
from storage.purchasing import Adhesion, Central, Solution


class Order(Base):
    """A purchase order. ``number`` has no gaps within a central and year; drafts have none."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("central_id", "year", "number"),)

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"))
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    state: Mapped[str] = mapped_column(default=OrderState.DRAFT, index=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    drafted_at: Mapped[datetime]
    decided_on: Mapped[date | None]
    """The day of the buyer's own decision to order, where it was told, with the body that took it
    and its reference (acceptance A16)."""
    decided_by: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    buyer_reference: Mapped[str] = mapped_column(default="")
    """What the buyer calls this order."""
    enterprise: Mapped[str] = mapped_column(default="")
    """The buyer's enterprise number (BCE), ten digits."""
    budget_article: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    delivery: Mapped[str] = mapped_column(default="")
    billing: Mapped[str] = mapped_column(default="")
    """Who is asked about the order, where it is delivered, and where its invoice goes, as told."""
    sent_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    awarded_on: Mapped[date | None]
    form_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("files.id"))
    """The order form that the platform made of it."""
    paper_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("files.id"))
    """The buyer's own order form, if one was attached: kept as it came (acceptance A16)."""

    central: Mapped[Central] = relationship()
    institution: Mapped[Institution] = relationship()
    person: Mapped[Person] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(
        order_by="OrderLine.id", cascade="all, delete-orphan"
    )
    contract: Mapped[Contract | None] = relationship(back_populates="order")

    @property
    def reference(self) -> str:
        """SMART-2026-0007; empty for a draft."""
        return f"{self.central.slug.upper()}-{self.year}-{self.number:04d}" if self.number else ""


class OrderLine(Base):
    """What is ordered: a solution at the price shown when the order was drafted, in cents."""

    __tablename__ = "order_lines"

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(BigKey, ForeignKey("orders.id"), index=True)
    solution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("solutions.id"))
    label: Mapped[str]
    quantity: Mapped[int]
    unit_cents: Mapped[int] = mapped_column(BigKey)
    vat_basis_points: Mapped[int]

    solution: Mapped[Solution] = relationship()


class Contract(Base):
    """What an award gives: a supplier, an amount excluding VAT in cents, a first and a last day."""

    __tablename__ = "contracts"

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(BigKey, ForeignKey("orders.id"), unique=True)
    supplier: Mapped[str]
    amount_cents: Mapped[int] = mapped_column(BigKey)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    order: Mapped[Order] = relationship(back_populates="contract")


class Award(Base):
    """An award as the figures of a day count it: one that was undone counts for the days before.

    The contract itself goes with its award; this stays, so that a report can be made again.
    """

    __tablename__ = "awards"

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(BigKey, ForeignKey("orders.id"), index=True)
    awarded_on: Mapped[date] = mapped_column(index=True)
    amount_cents: Mapped[int] = mapped_column(BigKey)
    undone_on: Mapped[date | None]
    """The first day on which it counts no more."""

    order: Mapped[Order] = relationship()


@dataclass(frozen=True, slots=True)
class Totals:
    """What the awarded orders amount to: how many, of how many solutions, for how many cents."""

    orders: int
    solutions: int
    cents: int


def of_institution(
    session: Session, institution: Institution, states: Set[OrderState] = COUNTED
) -> Sequence[Order]:
    """An institution's orders in some states, the newest first."""
    return session.scalars(
        select(Order)
        .where(
            Order.institution_id == institution.id,
            Order.state.in_(states),
        )
        .order_by(Order.id.desc())
    ).all()


def by_person(session: Session, person: Person) -> Sequence[Order]:
    """Everything that a person ordered or began to order, the oldest first."""
    return session.scalars(
        select(Order).where(Order.person_id == person.id).order_by(Order.id)
    ).all()


def of_name(
    session: Session, central: Central, institution: Institution, name: str
) -> Order | None:
    """An institution's order by what it is called outside (``buyer_reference``)."""
    return session.scalar(
        select(Order).where(
            Order.central_id == central.id,
            Order.institution_id == institution.id,
            Order.buyer_reference == name,
            Order.state != OrderState.DROPPED,
        )
    )


def inherit(session: Session, institution: Institution, person: Person) -> None:
    """Give a new member what the centrals knew of it before: its adhesions and its orders.

    ``person`` is who is told about these orders from now on.
    """
    known = session.scalar(
        select(Institution).where(
            Institution.type == institution.type,
            Institution.code == institution.code,
            Institution.state == Standing.KNOWN,
        )
    )
    if known is None:
        return
    session.execute(
        update(Adhesion)
        .where(Adhesion.institution_id == known.id)
        .values(institution_id=institution.id)
    )
    session.execute(
        update(Order)
        .where(Order.institution_id == known.id)
        .values(institution_id=institution.id, person_id=person.id)
    )
    session.expire_all()
    session.delete(known)
    session.flush()


def drafts_of(session: Session, institution: Institution) -> Sequence[Order]:
    """An institution's orders that were never confirmed, the oldest first."""
    return session.scalars(
        select(Order)
        .where(Order.institution_id == institution.id, Order.state == OrderState.DRAFT)
        .order_by(Order.id)
    ).all()


def open_with(session: Session, order: Order, drafted_since: datetime, on: date) -> Sequence[Order]:
    """What the institution of an order has open for any of the same solutions: other drafts made
    since an instant, orders whose clock runs, and contracts not yet ended on a day; oldest first.
    """
    solutions = [line.solution_id for line in order.lines]
    waiting = (Order.state == OrderState.DRAFT) & (Order.drafted_at > drafted_since)
    running = (Order.state == OrderState.AWARDED) & (Contract.ends_on >= on)
    return session.scalars(
        select(Order)
        .outerjoin(Contract, Contract.order_id == Order.id)
        .where(
            Order.institution_id == order.institution_id,
            Order.id != order.id,
            Order.id.in_(select(OrderLine.order_id).where(OrderLine.solution_id.in_(solutions))),
            waiting | Order.state.in_([OrderState.SENT, OrderState.SUSPENDED]) | running,
        )
        .order_by(Order.id)
    ).all()


def by_reference(session: Session, central: Central, year: int, number: int) -> Order | None:
    """The order of a reference such as SMART-2026-0007, locked for a change."""
    return session.scalar(
        select(Order)
        .where(Order.central_id == central.id, Order.year == year, Order.number == number)
        .with_for_update()
    )


def by_number(session: Session, central: Central, number: int) -> Sequence[Order]:
    """The orders of a central with a number, one a year at most."""
    return session.scalars(
        select(Order)
        .where(Order.central_id == central.id, Order.number == number)
        .order_by(Order.year)
    ).all()


def awaiting(session: Session, central: Central) -> Sequence[Order]:
    """Orders of a central whose clock runs, the most urgent first."""
    return session.scalars(
        select(Order)
        .where(Order.central_id == central.id, Order.state == OrderState.SENT)
        .order_by(Order.due_on, Order.id)
    ).all()


def register(session: Session, central: Central, year: int) -> Sequence[Order]:
    """Every order of a central that got a number in a year, by number: none is ever left out."""
    return session.scalars(
        select(Order)
        .where(Order.central_id == central.id, Order.year == year, Order.state.in_(NUMBERED))
        .order_by(Order.number)
    ).all()


def users_of(session: Session, solution: Solution, on: date) -> Sequence[Institution]:
    """Who has a solution on a day: its contract has begun and not ended, also if it was retired."""
    return session.scalars(
        select(Institution)
        .join(Order, Order.institution_id == Institution.id)
        .join(Contract, Contract.order_id == Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.solution_id == solution.id, *_running(on))
        .distinct()
    ).all()


def held_by(
    session: Session, type_: str, code: str, on: date
) -> Sequence[tuple[Contract, OrderLine]]:
    """What an authority has on a day, whichever of its records ordered it."""
    rows = session.execute(
        select(Contract, OrderLine)
        .join(Order, Order.id == Contract.order_id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Institution, Institution.id == Order.institution_id)
        .where(Institution.type == type_, Institution.code == code, *_running(on))
        .order_by(Contract.starts_on, OrderLine.id)
    )
    return [(contract, line) for contract, line in rows]


def _running(on: date) -> tuple[ColumnElement[bool], ...]:
    awarded = Order.state == OrderState.AWARDED
    return awarded, Contract.starts_on <= on, Contract.ends_on >= on


def _awarded(on: date) -> ColumnElement[bool]:
    """What stood as awarded at the end of a day."""
    return (Award.awarded_on <= on) & (Award.undone_on.is_(None) | (Award.undone_on > on))


def totals(session: Session, on: date) -> Totals:
    """What stood as awarded at the end of a day (acceptance A07, A22, A24)."""
    orders, cents = session.execute(
        select(func.count(Award.id), func.coalesce(func.sum(Award.amount_cents), 0)).where(
            _awarded(on)
        )
    ).one()
    solutions = session.scalar(
        select(func.count(OrderLine.id))
        .join(Award, Award.order_id == OrderLine.order_id)
        .where(_awarded(on))
    )
    return Totals(orders, solutions or 0, int(cents))


@dataclass(frozen=True, slots=True)
class SolutionTotals:
    """What was awarded of one solution: in how many orders, how many pieces, for how many cents.

    What an order was awarded for is shared out among its lines as they were ordered.
    """

    solution: Solution
    orders: int
    pieces: int
    cents: int


def per_solution(session: Session, on: date) -> Sequence[SolutionTotals]:
    """What stood as awarded of each solution at the end of a day, the dearest first."""
    found: dict[int, list[tuple[OrderLine, int]]] = {}
    for award in session.scalars(select(Award).where(_awarded(on)).order_by(Award.order_id)):
        for line, cents in _shared_out(award):
            found.setdefault(line.solution_id, []).append((line, cents))
    totals_ = [
        SolutionTotals(
            lines[0][0].solution,
            len({line.order_id for line, _cents in lines}),
            sum(line.quantity for line, _cents in lines),
            sum(cents for _line, cents in lines),
        )
        for lines in found.values()
    ]
    return sorted(totals_, key=lambda one: (-one.cents, one.solution.name))


def _shared_out(award: Award) -> list[tuple[OrderLine, int]]:
    """The lines of an order with their share of what it was awarded for; no cent is lost."""
    total, lines = award.amount_cents, award.order.lines
    weights = [line.quantity * line.unit_cents for line in lines]
    whole = sum(weights) or 1
    shares = [total * weight // whole for weight in weights]
    if shares:
        shares[0] += total - sum(shares)
    return list(zip(lines, shares, strict=True))


def awarded_years(session: Session, on: date) -> tuple[int, int] | None:
    """The first and the last year in which something was awarded by the end of a day, be it undone
    since.
    """
    days = session.execute(
        select(func.min(Award.awarded_on), func.max(Award.awarded_on)).where(Award.awarded_on <= on)
    ).one()
    return (days[0].year, days[1].year) if all(days) else None
