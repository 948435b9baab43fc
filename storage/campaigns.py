"""Crisis campaigns: how many of what is needed where, and who offers to bring how many of them.

What is offered is rows, never a counter: what counts is their sum. Whoever changes something takes
hold of the campaign first (:func:`hold`), so that of two who offer at once the second one counts
with the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, BigKey, Key
from storage.members import Institution, Person


class Stage(StrEnum):
    """The life of a campaign."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"
    """Its author did not have it sent."""


class Campaign(Base):
    """A call to all members; ``author`` is the address of the administrator who makes it, who need
    not be a member.
    """

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[Key]
    author: Mapped[str]
    words: Mapped[str]
    stage: Mapped[str] = mapped_column(default=Stage.DRAFT, index=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    drafted_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_on: Mapped[date]
    """The last day on which an offer counts: a campaign that nobody closes ends by itself."""
    closed_at: Mapped[datetime | None]
    turn: Mapped[int] = mapped_column(default=0)
    """Raised by whoever changes what is offered: see :func:`hold`."""

    needs: Mapped[list[Need]] = relationship(order_by="Need.id", cascade="all, delete-orphan")

    @property
    def reference(self) -> str:
        """C-2026-0003; empty for a draft."""
        return f"C-{self.year}-{self.number:04d}" if self.number else ""


class Need(Base):
    """How many of what are wanted at one place: « 40 personnes à Rochefort »."""

    __tablename__ = "campaign_needs"

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(BigKey, ForeignKey("campaigns.id"), index=True)
    place: Mapped[str]
    thing: Mapped[str]
    wanted: Mapped[int]


class CampaignOffer(Base):
    """What one institution brings to one place. What is changed or taken back has ended, and stays
    with its words, so that it can be told who promised what when.
    """

    __tablename__ = "campaign_offers"

    id: Mapped[Key]
    need_id: Mapped[int] = mapped_column(BigKey, ForeignKey("campaign_needs.id"), index=True)
    institution_id: Mapped[int] = mapped_column(BigKey, ForeignKey("institutions.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("persons.id"))
    entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    """The message that it was made in."""
    count: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    words: Mapped[str]
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("inbox.id"), index=True)
    """The message that changed it or took it back; without it, it counts again."""

    need: Mapped[Need] = relationship()
    institution: Mapped[Institution] = relationship()
    person: Mapped[Person] = relationship()


def hold(session: Session, campaign: Campaign) -> bool:
    """Take hold of a campaign until the transaction ends; False if it is not open.

    Written, not only read: where each transaction sees the state of its beginning, the second one
    has to begin anew.
    """
    held = session.scalar(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.stage == Stage.OPEN)
        .values(turn=Campaign.turn + 1)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(campaign)
    return held is not None


def move(session: Session, campaign: Campaign, before: Stage, after: Stage) -> bool:
    """Bring a campaign from one stage to another; False if it was not, or no longer, in it."""
    moved = session.scalar(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.stage == before)
        .values(stage=after)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(campaign, ["stage"])
    return moved is not None


def by_number(session: Session, number: int, year: int | None) -> Campaign | None:
    """The campaign of a number; of the latest year if none is said."""
    query = select(Campaign).where(Campaign.number == number)
    if year is not None:
        query = query.where(Campaign.year == year)
    return session.scalar(query.order_by(Campaign.year.desc()).limit(1))


def sent(session: Session) -> Sequence[Campaign]:
    """Every campaign that was sent, the newest first."""
    return session.scalars(
        select(Campaign).where(Campaign.number.is_not(None)).order_by(Campaign.id.desc())
    ).all()


def running(session: Session) -> Sequence[Campaign]:
    """The open campaigns, the newest first."""
    return session.scalars(
        select(Campaign).where(Campaign.stage == Stage.OPEN).order_by(Campaign.id.desc())
    ).all()


def is_any_open(session: Session) -> bool:
    """Whether there is a crisis."""
    return bool(session.scalar(select(exists().where(Campaign.stage == Stage.OPEN))))


def offers(session: Session, campaign: Campaign) -> Sequence[CampaignOffer]:
    """Every offer, the oldest first, those that ended included."""
    return session.scalars(
        select(CampaignOffer)
        .join(Need)
        .where(Need.campaign_id == campaign.id)
        .order_by(CampaignOffer.id)
    ).all()


def standing(
    session: Session, campaign: Campaign, institution: Institution
) -> Sequence[CampaignOffer]:
    """What an institution offers now, the oldest first."""
    return session.scalars(
        select(CampaignOffer)
        .join(Need)
        .where(
            Need.campaign_id == campaign.id,
            CampaignOffer.institution_id == institution.id,
            CampaignOffer.ended_at.is_(None),
        )
        .order_by(CampaignOffer.id)
    ).all()


def promised(session: Session, campaign: Campaign) -> dict[int, int]:
    """How many are offered now, by the id of the need; 0 where there are none."""
    session.flush()
    counted = session.execute(
        select(CampaignOffer.need_id, func.sum(CampaignOffer.count))
        .join(Need)
        .where(Need.campaign_id == campaign.id, CampaignOffer.ended_at.is_(None))
        .group_by(CampaignOffer.need_id)
    )
    found = {need_id: int(count) for need_id, count in counted}
    return {need.id: found.get(need.id, 0) for need in campaign.needs}


def end(offers_: Iterable[CampaignOffer], at: datetime, entry_id: int) -> None:
    """These offers count no longer, because of a message."""
    for offer in offers_:
        offer.ended_at, offer.ended_by_id = at, entry_id


def touched_in(session: Session, entry_ids: Sequence[int]) -> Campaign | None:
    """The campaign in which these messages offered, changed or took back something."""
    which = CampaignOffer.entry_id.in_(entry_ids) | CampaignOffer.ended_by_id.in_(entry_ids)
    return session.scalar(
        select(Campaign)
        .join(Need)
        .join(CampaignOffer)
        .where(which)
        .order_by(Campaign.id.desc())
        .limit(1)
    )


def undo(session: Session, entry_ids: Sequence[int], at: datetime, entry_id: int) -> None:
    """What these messages did is undone: their offers end, and what they had ended counts again."""
    session.flush()
    ended = select(CampaignOffer).where(CampaignOffer.ended_by_id.in_(entry_ids))
    for offer in session.scalars(ended).all():
        offer.ended_at, offer.ended_by_id = None, None
    # Those that had ended, too: what is taken back does not come back with something else.
    made = select(CampaignOffer).where(CampaignOffer.entry_id.in_(entry_ids))
    end(session.scalars(made).all(), at, entry_id)
