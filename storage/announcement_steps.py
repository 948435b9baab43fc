"""What happened to an announcement; the only place where the stage of an announcement changes.

A step is one row with its instant, its author and its reason. The audit chain holds the same
without the words (:mod:`handlers.announcement_acts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.announcement_states import TRANSITIONS, Stage, Step
from storage.announcements import Announcement
from storage.base import Base, BigKey, Key
from storage.members import Person


class AnnouncementStep(Base):
    """One step of one announcement."""

    __tablename__ = "announcement_steps"

    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("announcements.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("persons.id"))
    """Who took it; nobody for what the platform does by itself."""
    why: Mapped[str] = mapped_column(default="")

    person: Mapped[Person | None] = relationship()


class StepRefusedError(Exception):
    """A step that cannot be taken from the stage in which the announcement is."""

    def __init__(self, kept: Announcement, step: Step) -> None:
        super().__init__(f"{step} is no step from {kept.stage}")
        self.kept = kept
        self.step = step


def take(
    session: Session,
    kept: Announcement,
    step: Step,
    *,
    at: datetime,
    by: Person | None,
    why: str = "",
) -> AnnouncementStep:
    """Take a step. Raises StepRefusedError if the announcement is, or was brought, elsewhere.

    The stage is compared and set in one statement: of two who take a step at once, one is late.
    """
    session.flush()
    before, transition = Stage(kept.stage), TRANSITIONS[step]
    after = transition.after or before
    if before not in transition.before or not _moved(session, kept, before, after):
        raise StepRefusedError(kept, step)
    taken = AnnouncementStep(
        announcement_id=kept.id,
        at=at,
        step=step,
        before=before,
        after=after,
        person_id=by.id if by else None,
        why=why,
    )
    session.add(taken)
    return taken


def _moved(session: Session, kept: Announcement, before: Stage, after: Stage) -> bool:
    moved = session.scalar(
        update(Announcement)
        .where(Announcement.id == kept.id, Announcement.stage == before)
        .values(stage=after)
        .returning(Announcement.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(kept, ["stage"])
    return moved is not None


def history(session: Session, kept: Announcement) -> Sequence[AnnouncementStep]:
    """Everything that happened to an announcement, the oldest first."""
    return session.scalars(
        select(AnnouncementStep)
        .where(AnnouncementStep.announcement_id == kept.id)
        .order_by(AnnouncementStep.id)
    ).all()


def first_instants(session: Session, step: Step) -> dict[int, datetime]:
    """When a step was first taken, by the id of the announcement."""
    taken = session.scalars(
        select(AnnouncementStep)
        .where(AnnouncementStep.step == step)
        .order_by(AnnouncementStep.id.desc())
    )
    # The first comes last, and stays.
    return {one.announcement_id: one.at for one in taken}
