"""Institutions, the persons who act for them, and the addresses at which they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.base import Base, BigKey, Key


class Standing(StrEnum):
    """Where an institution stands with the platform."""

    PENDING = "pending"
    ACTIVE = "active"
    REFUSED = "refused"
    LEFT = "left"
    OPERATOR = "operator"
    """Runs a purchasing central without being a member (acceptance A02)."""
    KNOWN = "known"
    """Joined a central before there was a platform, and is no member of it."""


_LIVING = text("state IN ('pending', 'active')")


class Institution(Base):
    """A public authority; one that left may come again, as a new record."""

    __tablename__ = "institutions"
    __table_args__ = (
        # One living record per authority, whatever arrives at the same moment (acceptance B05).
        Index(
            "uq_institutions_living",
            "type",
            "code",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
    )

    id: Mapped[Key]
    type: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    reference: Mapped[str | None] = mapped_column(unique=True)
    requested_at: Mapped[datetime]
    active_on: Mapped[date | None]
    left_on: Mapped[date | None]
    rules: Mapped[str] = mapped_column(default="")
    """The version of the platform's rules, and its date, that its registration accepted."""
    held: Mapped[bool] = mapped_column(default=False)
    """Whether its registration came before registrations of its type were open (acceptance B45)."""
    direction: Mapped[str] = mapped_column(default="")
    """The mail address of its direction, which learns what nobody answers; nothing if unknown."""

    persons: Mapped[list[Person]] = relationship(back_populates="institution", order_by="Person.id")


class Person(Base):
    """Somebody who acts for an institution: its designated user, or the manager of a central."""

    __tablename__ = "persons"

    id: Mapped[Key]
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"), index=True)
    name: Mapped[str]
    gender: Mapped[str] = mapped_column(default="")
    """How the person is addressed, if a text said it: "f" or "m"."""
    phone: Mapped[str] = mapped_column(default="")
    function: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="fr")
    active: Mapped[bool] = mapped_column(default=False)
    acts_from: Mapped[date | None]
    """A deputy acts from this day on, and until ``acts_until``, both included."""
    acts_until: Mapped[date | None]

    institution: Mapped[Institution] = relationship(back_populates="persons")
    addresses: Mapped[list[Address]] = relationship(back_populates="person", order_by="Address.id")

    @property
    def is_deputy(self) -> bool:
        """Whether the person only stands in for the designated user, for a time."""
        return self.acts_from is not None

    def may_act(self, on: date) -> bool:
        """Whether the person acts for the institution on a day."""
        begun = self.acts_from is None or self.acts_from <= on
        return self.active and begun and (self.acts_until is None or on <= self.acts_until)


class Address(Base):
    """An address of a person in one channel, folded to lower case; ``conversation`` is the private
    conversation in which the person wrote last, where the channel has such; ``away`` says that they
    have left it since.
    """

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"), index=True)
    channel: Mapped[str]
    address: Mapped[str]
    conversation: Mapped[str | None]
    away: Mapped[bool] = mapped_column(default=False)
    linked_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="addresses")


def person_at(session: Session, channel: str, address: str) -> Person | None:
    """Whose address it is."""
    return session.scalar(_PERSON_AT, {"channel": channel, "address": address.lower()})


# Made once: building it takes longer than running it.
_PERSON_AT = (
    select(Person)
    .join(Address)
    .where(Address.channel == bindparam("channel"), Address.address == bindparam("address"))
)


def address_of(session: Session, person: Person, channel: str) -> Address | None:
    """A person's address in a channel."""
    return session.scalar(
        select(Address).where(Address.person_id == person.id, Address.channel == channel)
    )


def link(session: Session, person: Person, channel: str, address: str, now: datetime) -> Address:
    """Give a person an address; one that was another's moves, an older one of the same channel
    is replaced.
    """
    theirs = session.scalar(
        select(Address).where(Address.channel == channel, Address.address == address.lower())
    )
    older = address_of(session, person, channel)
    if theirs is not None and older is not None and older is not theirs:
        session.delete(older)
    found = theirs or older
    if found is None:
        found = Address(
            person=person,
            channel=channel,
            address=address.lower(),
            conversation=None,
            linked_at=now,
        )
        session.add(found)
    if found.person is not person or found.address != address.lower():
        # Where the one who had it before was written to is not where this one reads.
        found.conversation = None
    found.away = False
    found.person, found.address, found.linked_at = person, address.lower(), now
    session.flush()
    return found


def note_presence(
    session: Session, channel: str, address: str, conversation: str, *, here: bool
) -> None:
    """Somebody came to a private conversation, or left it: there they are told nothing then."""
    found = session.scalar(
        select(Address).where(Address.channel == channel, Address.address == address.lower())
    )
    if found is not None and found.conversation == conversation:
        found.away = not here


def living(session: Session, type_: str, code: str) -> Institution | None:
    """The pending or active record of an authority."""
    return session.scalar(
        select(Institution).where(
            Institution.type == type_,
            Institution.code == code,
            Institution.state.in_([Standing.PENDING, Standing.ACTIVE]),
        )
    )


def record_of(session: Session, type_: str, code: str) -> Institution | None:
    """The living record of an authority, or else what a central knows of it."""
    known = session.scalar(
        select(Institution).where(
            Institution.type == type_,
            Institution.code == code,
            Institution.state == Standing.KNOWN,
        )
    )
    return living(session, type_, code) or known


def by_reference(session: Session, reference: str) -> Institution | None:
    """The institution of a registration reference such as I-2026-0018."""
    return session.scalar(select(Institution).where(Institution.reference == reference))


def by_number(session: Session, number: int) -> list[Institution]:
    """The institutions whose reference, of whatever year, ends in a number: I-2026-0005 for 5."""
    ending = Institution.reference.like(f"%-{number:04d}")
    return list(session.scalars(select(Institution).where(ending).order_by(Institution.id)))


def held(session: Session) -> list[Institution]:
    """Registrations that wait until registrations open, the oldest first."""
    return [one for one in pending(session) if one.held]


def pending(session: Session) -> list[Institution]:
    """Registrations that wait for an administrator, the oldest first."""
    return list(
        session.scalars(
            select(Institution)
            .where(Institution.state == Standing.PENDING)
            .order_by(Institution.id)
        )
    )


def active_institutions(session: Session) -> Sequence[Institution]:
    """Every member of the platform, by name."""
    return session.scalars(
        select(Institution)
        .where(Institution.state == Standing.ACTIVE)
        .order_by(Institution.name, Institution.id)
    ).all()


def active_persons(session: Session) -> Sequence[Person]:
    """The designated users of every active institution, in the order in which they came."""
    return session.scalars(
        select(Person)
        .join(Institution)
        .where(Institution.state == Standing.ACTIVE, Person.active, Person.acts_from.is_(None))
        .order_by(Person.id)
    ).all()


def everybody(session: Session) -> Sequence[Person]:
    """Every person on file, those included who act for nobody any more."""
    return session.scalars(select(Person).order_by(Person.id)).all()


def at_channel(session: Session, channel: str) -> Sequence[Person]:
    """Everybody who has an address in a channel, with their addresses and institutions."""
    return session.scalars(
        select(Person)
        .where(Person.addresses.any(Address.channel == channel))
        .options(selectinload(Person.addresses), selectinload(Person.institution))
        .order_by(Person.id)
    ).all()


def count_active(session: Session, on: date) -> dict[str, int]:
    """Active members per type of institution at the end of a day (acceptance B48)."""
    rows = session.execute(
        select(Institution.type, func.count())
        .where(
            Institution.active_on <= on,
            (Institution.left_on.is_(None)) | (Institution.left_on > on),
        )
        .group_by(Institution.type)
    )
    return dict(rows.all())
