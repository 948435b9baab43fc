"""The shelf: what could not be handled lies there under a reference until a person has seen it."""

from __future__ import annotations

from handlers.desk import Desk
from storage import counters
from storage.inbox import Entry, State


def put(desk: Desk, entry: Entry, traceback: str | None = None) -> str:
    """Put an entry on the shelf; gives its reference, such as E-2026-0003, for ever the same."""
    if entry.reference is None:
        number = counters.following(desk.session, f"E-{desk.today.year}")
        entry.reference = f"E-{desk.today.year}-{number:04d}"
    entry.state, entry.traceback = State.SHELVED, traceback
    return entry.reference
