"""The documents of the centrals: specifications, rules, agreements; each in all its versions.

A document belongs to a central, or to one solution of it. A new version is a new row: what was
served before stays known, with its number and date (acceptance A13, A14).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.files import StoredFile
from storage.purchasing import Central, Solution


class Document(Base):
    """One version of one document; ``name`` tells what it is (« Cahier des charges »)."""

    __tablename__ = "documents"

    id: Mapped[Key]
    central_id: Mapped[int] = mapped_column(BigKey, ForeignKey("centrals.id"), index=True)
    solution_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("solutions.id"))
    name: Mapped[str]
    version: Mapped[str]
    dated: Mapped[str] = mapped_column(default="")
    """As precise as it is known: 2019, 2019-01 or 2019-01-15."""
    members_only: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("files.id"))

    central: Mapped[Central] = relationship()
    solution: Mapped[Solution | None] = relationship()
    file: Mapped[StoredFile] = relationship()


def current(session: Session, central: Central) -> Sequence[Document]:
    """What is served of a central and its solutions: the last version of each document."""
    return session.scalars(
        select(Document)
        .where(Document.central_id == central.id, Document.replaced_at.is_(None))
        .order_by(Document.solution_id.is_not(None), Document.solution_id, Document.name)
    ).all()


def versions(
    session: Session, central: Central, solution: Solution | None, name: str
) -> Sequence[Document]:
    """Every version of a document, the newest first."""
    return session.scalars(
        select(Document)
        .where(
            Document.central_id == central.id,
            Document.solution_id == (solution.id if solution else None),
            Document.name == name,
        )
        .order_by(
            Document.replaced_at.is_(None).desc(),
            Document.published_at.desc(),
            Document.id.desc(),
        )
    ).all()


def publish(session: Session, document: Document) -> None:
    """Serve a version from now on, in the place of the one before it."""
    for former in versions(session, document.central, document.solution, document.name):
        if former.replaced_at is None and former is not document:
            former.replaced_at = document.published_at
    session.add(document)
    session.flush()
