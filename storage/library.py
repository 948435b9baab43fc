"""What the platform publishes for its members: templates, missions, rules, each with its files."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.files import StoredFile


class Shelf(StrEnum):
    """The parts of the library, listed and searched apart (acceptance B50)."""

    TEMPLATE = "template"
    MISSION = "mission"
    REGULATION = "regulation"
    NEWS = "news"
    """For everybody, the newest first (acceptance A10)."""
    FAQ = "faq"
    """Frequent questions and their answers, for everybody (acceptance B25)."""


RULES_CHANGED = "rules-changed"
"""The reminder that tells the members of a new version of the rules; its topic names them."""


class Publication(Base):
    """One thing published; what a shelf has no use for stays empty."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("shelf", "slug"),)

    id: Mapped[Key]
    shelf: Mapped[str]
    slug: Mapped[str]
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    version: Mapped[str] = mapped_column(default="")
    dated: Mapped[str] = mapped_column(default="")
    """As precise as it is known: 2019, 2019-01 or 2019-01-15."""
    legal_basis: Mapped[str] = mapped_column(default="")
    low_value: Mapped[bool] = mapped_column(default=False)
    """Whether it holds only for contracts below the low-value threshold (acceptance B11)."""
    contact_name: Mapped[str] = mapped_column(default="")
    contact_function: Mapped[str] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(default=list)
    related: Mapped[list[str]] = mapped_column(default=list)
    """The short names of earlier items that it refers to."""

    enclosures: Mapped[list[Enclosure]] = relationship(
        order_by="Enclosure.position", cascade="all, delete-orphan"
    )


class Enclosure(Base):
    """A file of a publication."""

    __tablename__ = "enclosures"

    publication_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("publications.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("files.id"), index=True)

    file: Mapped[StoredFile] = relationship()


def rules_in_force(session: Session) -> str:
    """The version of the rules, and its date, as they are kept with what is accepted today."""
    told = ((one.version, one.dated) for one in on(session, Shelf.REGULATION))
    return ", ".join(" ".join(part for part in one if part) for one in told)


def on(session: Session, shelf: Shelf) -> Sequence[Publication]:
    """Everything on a shelf, by name."""
    return session.scalars(
        select(Publication).where(Publication.shelf == shelf).order_by(Publication.name)
    ).all()


def by_slug(session: Session, shelf: Shelf, slug: str) -> Publication | None:
    """One publication by its short name."""
    return session.scalar(
        select(Publication).where(Publication.shelf == shelf, Publication.slug == slug)
    )
