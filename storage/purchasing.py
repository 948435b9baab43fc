"""Purchasing centrals, their catalogues, who manages them and who joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.members import Institution, Person


class Central(Base):
    """A central purchasing body; public, so free of personal data but for its contact."""

    __tablename__ = "centrals"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    operator: Mapped[str]
    contracting_authority: Mapped[str]
    launched: Mapped[str] = mapped_column(default="")
    """As precise as it is known: 2019, 2019-01 or 2019-01-15 (acceptance A04)."""
    version: Mapped[str] = mapped_column(default="")
    presentation: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_function: Mapped[str] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(default="")
    award_days: Mapped[int | None]
    contract_years: Mapped[int | None]

    solutions: Mapped[list[Solution]] = relationship(
        back_populates="central", order_by="Solution.name"
    )
    managers: Mapped[list[Person]] = relationship(secondary="central_managers")


class CentralManager(Base):
    """The right of a person to manage a central."""

    __tablename__ = "central_managers"

    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), primary_key=True)


class Solution(Base):
    """What a central offers: one thing to order, with one or several functions."""

    __tablename__ = "solutions"

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    supplier: Mapped[str]
    summary: Mapped[str]
    functions: Mapped[list[str]]
    aliases: Mapped[list[str]]
    vat_basis_points: Mapped[int] = mapped_column(default=2100)
    retired_on: Mapped[date | None]

    central: Mapped[Central] = relationship(back_populates="solutions")
    prices: Mapped[list[Price]] = relationship(order_by="Price.id")


class Price(Base):
    """A price of a solution, excluding VAT, in cents, over the whole contract."""

    __tablename__ = "prices"

    id: Mapped[Key]
    solution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("solutions.id"), index=True)
    label: Mapped[str]
    unit_cents: Mapped[int] = mapped_column(BigKey)
    from_population: Mapped[int | None]
    """The price holds for communes with at least so many inhabitants, if it depends on them."""
    below_population: Mapped[int | None]


class Adhesion(Base):
    """An institution's decision to join a central: an act with its date and reference."""

    __tablename__ = "adhesions"
    __table_args__ = (UniqueConstraint("central_id", "institution_id"),)

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"))
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"), index=True)
    decided_on: Mapped[date]
    decision: Mapped[str]
    joined_on: Mapped[date]

    central: Mapped[Central] = relationship()
    institution: Mapped[Institution] = relationship()


def centrals(session: Session) -> Sequence[Central]:
    """Every central, by name."""
    return session.scalars(select(Central).order_by(Central.name)).all()


def central_by_slug(session: Session, slug: str) -> Central | None:
    """A central by its short name."""
    return session.scalar(select(Central).where(Central.slug == slug))


def current_solutions(session: Session, on: date) -> Sequence[Solution]:
    """What can be ordered on a day, by central and name."""
    return session.scalars(
        select(Solution)
        .join(Central)
        .where((Solution.retired_on.is_(None)) | (Solution.retired_on > on))
        .order_by(Central.name, Solution.name)
    ).all()


def adhesion(session: Session, central: Central, institution: Institution) -> Adhesion | None:
    """An institution's adhesion to a central, if it joined."""
    return session.scalar(
        select(Adhesion).where(
            Adhesion.central_id == central.id, Adhesion.institution_id == institution.id
        )
    )


def adhesions(session: Session, central: Central, on: date) -> Sequence[Adhesion]:
    """Who had joined a central by the end of a day (acceptance A06)."""
    return session.scalars(
        select(Adhesion)
        .join(Institution)
        .where(Adhesion.central_id == central.id, Adhesion.joined_on <= on, _still_there(on))
        .order_by(Institution.name)
    ).all()


def _still_there(on: date) -> ColumnElement[bool]:
    """Whoever left the platform is counted for the days before only."""
    return (Institution.left_on.is_(None)) | (Institution.left_on > on)


def manages(session: Session, person: Person) -> Sequence[Central]:
    """The centrals that a person manages."""
    return session.scalars(
        select(Central)
        .join(CentralManager)
        .where(CentralManager.person_id == person.id)
        .order_by(Central.name)
    ).all()


def count_adhesions(session: Session, on: date, type_: str) -> int:
    """How many institutions of a type had joined at least one central by the end of a day."""
    return (
        session.scalar(
            select(func.count(func.distinct(Adhesion.institution_id)))
            .join(Institution, Institution.id == Adhesion.institution_id)
            .where(Adhesion.joined_on <= on, Institution.type == type_, _still_there(on))
        )
        or 0
    )
