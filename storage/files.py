"""Files that people sent or that the platform made: bytes, kept as they were."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, LargeBinary, update
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from storage.base import Base, Key


class StoredFile(Base):
    """A file: its shown name, media type and bytes."""

    __tablename__ = "files"

    id: Mapped[Key]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    paper: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    """What stands in it, if it is a document that was read."""


def forget(session: Session, file_id: int) -> None:
    """Forget what a file held, and its name; that there was one is kept."""
    session.execute(
        update(StoredFile)
        .where(StoredFile.id == file_id)
        .values(content=b"", size=0, name="", paper=None)
    )


def keep(
    session: Session,
    name: str,
    media_type: str,
    content: bytes,
    now: datetime,
    paper: dict[str, Any] | None = None,
) -> StoredFile:
    """Keep a file; its row is there when this returns."""
    stored = StoredFile(
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content=content,
        created_at=now,
        paper=paper,
    )
    session.add(stored)
    session.flush()
    return stored
