"""Who is let into the platform's places, and who is seen there.

The two are kept apart: whoever was let in may leave by their own hand, be put out by somebody, or
never come. Only who is seen there reads what is said there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Key, add_once

JOINED = "join"
"""How the state of somebody who is in a place is written; others only tell why they are not."""
CALLED = "invite"
GONE = "leave"
UNSEEN = ""
"""Nothing was ever seen of them in that place, not even an invitation."""


class Attendance(Base):
    """One address in one place. ``admitted`` is what the platform decided, ``state`` what it last
    saw. Addresses are folded to lower case, as in :mod:`storage.members`.
    """

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("place", "address"),)

    id: Mapped[Key]
    place: Mapped[str]
    address: Mapped[str]
    admitted: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=UNSEEN)
    changed_at: Mapped[datetime]


def _at(session: Session, place: str, address: str) -> Attendance | None:
    return session.scalar(
        select(Attendance).where(Attendance.place == place, Attendance.address == address.lower())
    )


def _changed(session: Session, place: str, address: str, now: datetime) -> Attendance:
    kept = _at(session, place, address)
    if kept is None:
        add_once(session, Attendance(place=place, address=address.lower(), changed_at=now))
        kept = _at(session, place, address)
        assert kept is not None  # noqa: S101 - it was added, or was there
    kept.changed_at = now
    return kept


def note(session: Session, place: str, address: str, state: str, now: datetime) -> None:
    """Somebody was seen to come to a place, or to leave it."""
    _changed(session, place, address, now).state = state


def call(session: Session, place: str, states: Mapping[str, str], now: datetime) -> None:
    """Note how everybody stands in a place; whoever is not named was never called there, so that
    they are let in again.
    """
    seen = {address.lower(): state for address, state in states.items()}
    kept = {
        one.address: one
        for one in session.scalars(select(Attendance).where(Attendance.place == place))
    }
    for address, one in kept.items():
        state = seen.get(address, UNSEEN)
        if one.state != state or (state == UNSEEN and one.admitted):
            one.state, one.changed_at = state, now
            one.admitted = one.admitted and state != UNSEEN
    _note_new(session, place, {address: seen[address] for address in seen.keys() - kept}, now)


def _note_new(session: Session, place: str, states: Mapping[str, str], now: datetime) -> None:
    """Note many who have no row yet in one statement: a room may hold thousands, and meanwhile the
    database is held.
    """
    if not states:
        return
    new = sorted(states.items())
    rows = [{"place": place, "address": a, "state": s, "changed_at": now} for a, s in new]
    try:
        with session.begin_nested():
            session.execute(insert(Attendance), rows)
    except IntegrityError:
        # Another transaction was quicker with one of them.
        for address, state in new:
            note(session, place, address, state, now)


def admit(session: Session, place: str, address: str, now: datetime) -> None:
    """Somebody is let into a place."""
    _changed(session, place, address, now).admitted = True


def dismiss(session: Session, place: str, address: str, now: datetime) -> None:
    """Somebody is put out of a place: they read there no more."""
    kept = _changed(session, place, address, now)
    kept.admitted, kept.state = False, GONE


def forget(session: Session, address: str) -> None:
    """Take back that an address was let in: it asks anew, and who left may come back."""
    for one in session.scalars(
        select(Attendance).where(
            Attendance.address == address.lower(), Attendance.admitted.is_(True)
        )
    ):
        if one.state != JOINED:
            one.admitted = False


def admitted(session: Session) -> dict[str, set[str]]:
    """The addresses that are let in, by place."""
    return _by_place(session, Attendance.admitted.is_(True))


def seen(session: Session) -> dict[str, set[str]]:
    """The addresses that are in a place or called there, by place."""
    return _by_place(session, Attendance.state.in_([JOINED, CALLED]))


def _by_place(session: Session, which: ColumnElement[bool]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for place, address in session.execute(
        select(Attendance.place, Attendance.address).where(which)
    ):
        found[place].add(address)
    return found


def present(session: Session, place: str) -> frozenset[str]:
    """The addresses that are in a place, and read what is said there."""
    return frozenset(
        session.scalars(
            select(Attendance.address).where(Attendance.place == place, Attendance.state == JOINED)
        )
    )
