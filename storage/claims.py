"""Taking rows of the outbox for sending: each once, those of one destination in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from storage.outbox import WAITING, Row, State


def claim(session: Session, channel: str, holder: str, now: datetime, limit: int) -> list[Row]:
    """Take due rows of a channel for sending: of each free destination the first ones, in order.

    A destination is free when its oldest waiting row is due: nothing overtakes a row that is being
    sent, or that waits for its next attempt. On PostgreSQL several couriers share the work.
    """
    named = {"channel": channel, "now": now, "most": limit}
    heads = list(session.scalars(_FREE, named))
    if not heads:
        return []
    rows = sorted(heads + _behind(session, heads, now, limit), key=lambda row: row.id)[:limit]
    _mark_taken(rows, holder, now)
    return rows


def claim_behind(
    session: Session,
    channel: str,
    holder: str,
    now: datetime,
    limit: int,
    in_hand: Mapping[str, Collection[int]],
) -> list[Row]:
    """Take what is due right behind rows that the holder is sending, in order.

    ``in_hand`` are these rows by destination; any other waiting row holds back what is behind it.
    Give back what was taken if one of these rows fails.
    """
    if not in_hand:
        return []
    most = limit + sum(map(len, in_hand.values()))
    named = {"channel": channel, "destinations": list(in_hand), "most": most}
    taken: list[Row] = []
    blocked: set[str] = set()
    for row in session.scalars(_WAITING_AT, named):
        if row.id in in_hand[row.destination]:
            continue
        if row.state != State.DUE or row.due_at > now:
            blocked.add(row.destination)
        if row.destination not in blocked:
            taken.append(row)
    _mark_taken(taken, holder, now)
    return taken


def _mark_taken(rows: Sequence[Row], holder: str, now: datetime) -> None:
    for row in rows:
        row.state, row.claimed_by, row.claimed_at = State.SENDING, holder, now
        row.attempts += 1
        row.first_try_at = row.first_try_at or now


def _behind(session: Session, heads: Sequence[Row], now: datetime, limit: int) -> list[Row]:
    # Who holds the head of a destination holds the destination: nobody else claims there.
    ids = [head.id for head in heads]
    named = {
        "channel": heads[0].channel,
        "destinations": [head.destination for head in heads],
        "heads": ids,
        "first": min(ids),
        "most": limit,
    }
    blocked: set[str] = set()
    taken = []
    for row in session.scalars(_BEHIND, named):
        if row.state != State.DUE or row.due_at > now:
            blocked.add(row.destination)
        if row.destination not in blocked:
            taken.append(row)
    return taken


# Made once: building them takes longer than running them.
_earlier = aliased(Row)
_FREE = (
    select(Row)
    .where(
        Row.channel == bindparam("channel"),
        Row.state == State.DUE,
        Row.due_at <= bindparam("now"),
        ~exists().where(
            _earlier.channel == Row.channel,
            _earlier.destination == Row.destination,
            _earlier.state.in_(WAITING),
            _earlier.id < Row.id,
        ),
    )
    .order_by(Row.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Row)
    # What another courier changed since it was read here must show.
    .execution_options(populate_existing=True)
)
_BEHIND = (
    select(Row)
    .where(
        Row.channel == bindparam("channel"),
        Row.destination.in_(bindparam("destinations", expanding=True)),
        Row.state.in_(WAITING),
        Row.id.not_in(bindparam("heads", expanding=True)),
        Row.id > bindparam("first"),
    )
    .order_by(Row.id)
    .limit(bindparam("most"))
)
_WAITING_AT = (
    select(Row)
    .where(
        Row.channel == bindparam("channel"),
        Row.destination.in_(bindparam("destinations", expanding=True)),
        Row.state.in_(WAITING),
    )
    .order_by(Row.id)
    .limit(bindparam("most"))
    # Waited for, not skipped: what somebody else just took must hold back what is behind it.
    .with_for_update()
)
