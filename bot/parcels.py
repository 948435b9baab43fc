"""What a courier carries: claimed rows with all that goes along, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.channel import Attachment, DeliveryError, Refused
from storage import files, outbox
from storage.outbox import Row


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed row: sent (with its external id), failed, or not tried at all."""

    row_id: int
    attempts: int
    external_id: str | None = None
    error: DeliveryError | None = None
    tried: bool = True

    @property
    def holds_back(self) -> bool:
        """Whether what comes behind the row has to wait for it."""
        return not self.tried or not (self.error is None or isinstance(self.error, Refused))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row with its files, and the external id of what it follows if that is known."""

    row: Row
    files: tuple[Attachment, ...]
    follows: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed, by destination.

    ``behind`` goes where rows are being sent, and only if none of them failed since: ``failures``
    is how many the courier had counted.
    """

    free: list[list[Parcel]] = field(default_factory=list)
    behind: list[list[Parcel]] = field(default_factory=list)
    failures: int = 0


def parcels_of(session: Session, rows: Iterable[Row]) -> list[list[Parcel]]:
    """Rows with what goes with them, by destination, each in order."""
    by_destination: dict[str, list[Parcel]] = defaultdict(list)
    for row in rows:
        parcel = Parcel(row, _files(session, row), _follows(session, row))
        by_destination[row.destination].append(parcel)
    return list(by_destination.values())


def _files(session: Session, row: Row) -> tuple[Attachment, ...]:
    named = row.payload.get("files") or [id_ for id_ in [row.payload.get("file")] if id_]
    kept = (session.get_one(files.StoredFile, file_id) for file_id in named)
    return tuple(Attachment(file.name, file.media_type, file.content) for file in kept)


def _follows(session: Session, row: Row) -> str | None:
    return outbox.external_id_of(session, row.follows_id) if row.follows_id else None
