"""Purchasing centrals, their catalogues, who manages them and who joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, func, select, text
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
    enterprise: Mapped[str] = mapped_column(default="")
    """The operator's enterprise number (BCE), ten digits, if it takes orders as data."""
    contracting_authority: Mapped[str]
    launched: Mapped[str] = mapped_column(default="")
    """As precise as it is known: 2019, 2019-01 or 2019-01-15 (acceptance A04)."""
    version: Mapped[str] = mapped_column(default="")
    presentation: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_function: Mapped[str] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(default="")
    award_days: Mapped[int | None]
    award_counting: Mapped[str] = mapped_column(default="")
    """How these days are counted: "calendar", "working", or as the platform does."""
    contract_years: Mapped[int | None]
    legal_basis: Mapped[str] = mapped_column(default="")
    beneficiaries: Mapped[str] = mapped_column(default="")
    """Who may join and order, in words."""
    joining: Mapped[str] = mapped_column(default="")
    """"recorded" where a decision is enough to join; otherwise a manager accepts each adhesion."""
    closes_on: Mapped[date | None]
    """The first day on which nothing can be ordered any more, and nobody joins."""
    successor_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("centrals.id"))
    turn: Mapped[int] = mapped_column(default=0)
    """Raised by whoever changes what is ordered (:mod:`storage.caps`)."""

    solutions: Mapped[list[Solution]] = relationship(
        back_populates="central", order_by="Solution.name"
    )
    managers: Mapped[list[Person]] = relationship(secondary="central_managers")
    successor: Mapped[Central | None] = relationship(remote_side="Central.id")

    def is_open(self, on: date) -> bool:
        """Whether members may join and order on a day."""
        return self.closes_on is None or on < self.closes_on


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
    lot: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    retired_on: Mapped[date | None]
    """The first day on which it can no longer be ordered; who has it keeps it (acceptance A37)."""

    central: Mapped[Central] = relationship(back_populates="solutions")
    prices: Mapped[list[Price]] = relationship(order_by="Price.id")

    def is_current(self, on: date) -> bool:
        """Whether it can be ordered on a day, if its central is open then."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.retired_on is None or on < self.retired_on)


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
    unit: Mapped[str] = mapped_column(default="")
    """What one piece is: « licence », « tonne »; nothing for the solution as a whole."""
    option: Mapped[bool] = mapped_column(default=False)
    """Whether it may be added to the solution, rather than being its price."""


class Adhesion(Base):
    """An institution's decision to join a central: an act with its date and reference."""

    __tablename__ = "adhesions"
    __table_args__ = (
        # One adhesion at a time; a withdrawal leaves its row, so that past days can be counted.
        Index(
            "uq_adhesions_current",
            "central_id",
            "institution_id",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"))
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"), index=True)
    decided_on: Mapped[date]
    decision: Mapped[str]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    """The first day on which it is a member no more, by its decision to withdraw."""
    left_decision: Mapped[str] = mapped_column(default="")
    deed_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("files.id"))
    """The deed of the decision, if it came along."""

    central: Mapped[Central] = relationship()
    institution: Mapped[Institution] = relationship()


class AdhesionRequest(Base):
    """A decision to join that a manager of the central accepts, or does not.

    ``accepted`` is None while it waits; ``why`` is the reason of a refusal.
    """

    __tablename__ = "adhesion_requests"
    __table_args__ = (
        Index(
            "uq_adhesion_requests_waiting",
            "central_id",
            "institution_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"))
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"))
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    decided_on: Mapped[date]
    decision: Mapped[str]
    deed_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("files.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    why: Mapped[str] = mapped_column(default="")

    central: Mapped[Central] = relationship()
    institution: Mapped[Institution] = relationship()
    person: Mapped[Person] = relationship()


class LocalName(Base):
    """What an authority calls a solution that it has: « Bertrix en poche » (acceptance A30)."""

    __tablename__ = "local_names"
    __table_args__ = (UniqueConstraint("type", "code", "solution_id"),)

    id: Mapped[Key]
    type: Mapped[str]
    code: Mapped[str]
    solution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("solutions.id"), index=True)
    name: Mapped[str]

    solution: Mapped[Solution] = relationship()


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
        .where(
            (Solution.retired_on.is_(None)) | (Solution.retired_on > on),
            (Solution.valid_from.is_(None)) | (Solution.valid_from <= on),
            (Central.closes_on.is_(None)) | (Central.closes_on > on),
        )
        .order_by(Central.name, Solution.name)
    ).all()


def former_solutions(session: Session, on: date) -> Sequence[Solution]:
    """What could be ordered once and cannot on a day, the latest first."""
    return session.scalars(
        select(Solution)
        .join(Central)
        .where((Solution.retired_on <= on) | (Central.closes_on <= on))
        .order_by(Solution.retired_on.desc(), Solution.name)
    ).all()


def adhesion(session: Session, central: Central, institution: Institution) -> Adhesion | None:
    """An institution's adhesion to a central, if it joined."""
    return session.scalar(
        select(Adhesion).where(
            Adhesion.central_id == central.id,
            Adhesion.institution_id == institution.id,
            Adhesion.left_on.is_(None),
        )
    )


def ever_joined(session: Session, central: Central, institution: Institution) -> bool:
    """Whether an institution is, or was once, in a central."""
    query = select(Adhesion.id).where(
        Adhesion.central_id == central.id, Adhesion.institution_id == institution.id
    )
    return session.scalar(query.limit(1)) is not None


def waiting_request(
    session: Session, central: Central, institution: Institution
) -> AdhesionRequest | None:
    """An institution's request to join a central, if it waits for a manager."""
    return session.scalar(
        select(AdhesionRequest).where(
            AdhesionRequest.central_id == central.id,
            AdhesionRequest.institution_id == institution.id,
            AdhesionRequest.answered_at.is_(None),
        )
    )


def waiting_requests(session: Session, central: Central) -> Sequence[AdhesionRequest]:
    """The requests to join a central that wait for a manager, the oldest first."""
    return session.scalars(
        select(AdhesionRequest)
        .where(AdhesionRequest.central_id == central.id, AdhesionRequest.answered_at.is_(None))
        .order_by(AdhesionRequest.id)
    ).all()


def local_names(session: Session) -> Sequence[LocalName]:
    """What authorities call the solutions that they have, by name."""
    return session.scalars(select(LocalName).order_by(LocalName.name, LocalName.id)).all()


def local_name(session: Session, type_: str, code: str, solution: Solution) -> LocalName | None:
    """What an authority calls a solution, if it has a name of its own for it."""
    return session.scalar(
        select(LocalName).where(
            LocalName.type == type_, LocalName.code == code, LocalName.solution_id == solution.id
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
    """Whoever left the central or the platform is counted for the days before only."""
    in_central = (Adhesion.left_on.is_(None)) | (Adhesion.left_on > on)
    return in_central & ((Institution.left_on.is_(None)) | (Institution.left_on > on))


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


def first_joined(session: Session, on: date) -> date | None:
    """The first day on which somebody joined a central, up to a day."""
    return session.scalar(select(func.min(Adhesion.joined_on)).where(Adhesion.joined_on <= on))
