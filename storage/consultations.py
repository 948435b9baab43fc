"""Suppliers that an institution consulted for a low-value contract, with the proof of each.

Whom one consulted must be provable (royal decree of 18 April 2017, article 124): what a supplier
wrote is the message, or the file, that its consultation points to, kept as it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage import counters
from storage.base import Base, BigKey, Key
from storage.inbox import Entry
from storage.members import Institution, Person

USUAL = 3
"""How many suppliers are usually consulted; the decree says « several, if possible »."""


class Consultation(Base):
    """What is to be bought, and what it comes to over its whole duration, in cents without VAT."""

    __tablename__ = "consultations"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[Key]
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"))
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    number: Mapped[int]
    """Counted from 1 within the institution."""
    subject: Mapped[str]
    estimate_cents: Mapped[int] = mapped_column(BigKey)
    opened_at: Mapped[datetime]

    asked: Mapped[list[Asked]] = relationship(order_by="Asked.id", cascade="all, delete-orphan")


class Asked(Base):
    """One supplier consulted: when that was entered, what it offered (in cents without VAT), or
    what it said instead, and the message that proves it.
    """

    __tablename__ = "consultation_suppliers"
    __table_args__ = (UniqueConstraint("consultation_id", "supplier"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("consultations.id"))
    supplier: Mapped[str]
    entered_at: Mapped[datetime]
    offer_cents: Mapped[int | None] = mapped_column(BigKey)
    said: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"))

    entry: Mapped[Entry | None] = relationship()


def open_one(
    session: Session,
    institution: Institution,
    person: Person,
    subject: str,
    estimate_cents: int,
    now: datetime,
) -> Consultation:
    """Begin the log of a purchase, with the next number of its institution."""
    opened = Consultation(
        institution_id=institution.id,
        person_id=person.id,
        number=counters.following(session, f"consultation-{institution.id}"),
        subject=subject,
        estimate_cents=estimate_cents,
        opened_at=now,
    )
    session.add(opened)
    session.flush()
    return opened


def of_institution(session: Session, institution: Institution) -> Sequence[Consultation]:
    """An institution's logs, the newest first."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.institution_id == institution.id)
        .order_by(Consultation.number.desc())
    ).all()


def numbered(session: Session, institution: Institution, number: int) -> Consultation | None:
    """One of an institution's logs, locked for a change."""
    return session.scalar(
        select(Consultation)
        .where(Consultation.institution_id == institution.id, Consultation.number == number)
        .with_for_update()
    )
