"""A central, its members and orders as rows: what tests of orders and caps begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from storage import order_steps
from storage.members import Institution, Person, Standing
from storage.orders import Order, OrderLine
from storage.purchasing import Central, Solution

NOW = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
DUE = date(2026, 4, 13)


def set_up(session: Session, members: int = 2, solutions: int = 2) -> None:
    """A central with solutions, and members who may order from it."""
    central = Central(
        slug="smart", name="Smart", operator="Centrale", contracting_authority="Centrale"
    )
    session.add(central)
    for number in range(1, solutions + 1):
        session.add(
            Solution(
                central=central,
                slug=f"solution-{number}",
                name=f"Solution {number}",
                supplier="Prestataire",
                summary="",
                functions=[],
                aliases=[],
            )
        )
    for number in range(1, members + 1):
        institution = Institution(
            type="commune",
            code=f"8500{number}",
            name=f"Commune {number}",
            state=Standing.ACTIVE,
            requested_at=NOW,
        )
        session.add(Person(institution=institution, name=f"Personne {number}", active=True))
    session.flush()


def central_of(session: Session) -> Central:
    """The central."""
    return session.query(Central).one()


def members_of(session: Session) -> list[Person]:
    """The members' users, in order."""
    return session.query(Person).order_by(Person.id).all()


def draft(
    session: Session, person: Person, quantity: int, unit_cents: int, solution: int = 0
) -> Order:
    """A draft of one line."""
    central = central_of(session)
    order = Order(central=central, institution=person.institution, person=person, drafted_at=NOW)
    order.lines.append(
        OrderLine(
            solution=sorted(central.solutions, key=lambda one: one.id)[solution],
            label="ligne",
            quantity=quantity,
            unit_cents=unit_cents,
            vat_basis_points=2100,
        )
    )
    session.add(order)
    session.flush()
    return order


def send(session: Session, order: Order) -> None:
    """Send a draft."""
    order_steps.send(session, order, at=NOW, year=2026, due_on=DUE, by=order.person)
