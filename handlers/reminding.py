"""Carrying out what has fallen due, one reminder per transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from handlers.command import Table
from handlers.desk import Desk
from handlers.platform import Platform
from handlers.reply import reply
from handlers.request import Topic
from handlers.wording import _
from storage import reminders
from storage.engine import is_contention
from storage.reminders import Reminder

log = structlog.get_logger()

FAILURES = 3
"""How often a reminder may fail before a person is told instead."""
PAUSE = timedelta(minutes=10)


def carry_out_next(session: Session, platform: Platform, table: Table, now: datetime) -> bool:
    """Carry out the oldest due reminder; False if none is due.

    What it says and its being done are one transaction: it happens once, whatever is killed.
    """
    reminder = reminders.next_due(session, now)
    if reminder is None:
        return False
    desk = Desk(session, platform, now)
    try:
        with session.begin_nested():
            table.reminders[reminder.kind](desk, Topic.parse(reminder.topic))
        reminder.done_at = now
    except DBAPIError as error:
        if is_contention(error):
            raise
        _failed(desk, reminder, error)
    except Exception as error:  # noqa: BLE001 - one faulty reminder must not stop the others
        _failed(desk, reminder, error)
    return True


def _failed(desk: Desk, reminder: Reminder, error: Exception) -> None:
    log.error("reminder failed", id=reminder.id, kind=reminder.kind, error=type(error).__name__)
    reminder.failures += 1
    reminder.due_at = desk.now + PAUSE
    if reminder.failures < FAILURES:
        return
    reminder.done_at = desk.now
    desk.tell_administrators(
        reply(
            _(
                "⚠️ Un rappel n'a pas pu être envoyé ({kind}, {topic}, {error}).",
                kind=reminder.kind,
                topic=reminder.topic,
                error=type(error).__name__,
            )
        )
    )
