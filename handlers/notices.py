"""What the administrators are told of their own accord, without flooding their room.

Of each sort of notice at most one a minute is said; those that come meanwhile are counted and said
in one sentence once the minute is over.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from handlers.command import Table
from handlers.desk import Desk
from handlers.reply import Reply, reply
from handlers.request import Topic
from handlers.wording import Text, n_, verbatim
from storage import notices

table = Table()

EVERY = timedelta(minutes=1)


class Sort(StrEnum):
    """The sorts of notices that may come in numbers."""

    FAULT = "fault"
    UNREADABLE = "unreadable"
    DEAD_LETTER = "dead letter"
    BOUNCE = "bounce"
    FLOOD = "flood"


def tell(desk: Desk, sort: Sort, words: Reply, *, name: str = "") -> None:
    """Tell the administrators now, or count it; ``name`` is how it is called in the sum."""
    if notices.is_due(desk.session, sort, EVERY, desk.now):
        desk.tell_administrators(words)
        return
    notice = notices.hold(desk.session, sort, name)
    if notice.held == 1:
        desk.remind("notices", Topic("notice", notice.id), notice.told_at + EVERY)


@table.reminder("notices")
def sum_up(desk: Desk, topic: Topic) -> None:
    """Say in one sentence what was counted."""
    sort, count, named = notices.release(desk.session, topic.id, desk.now)
    if count:
        names = ", ".join(named) + (", …" if count > len(named) else "")
        desk.tell_administrators(reply(_sum(Sort(sort), count), verbatim(names)))


def _sum(sort: Sort, count: int) -> Text:
    match sort:
        case Sort.FAULT:
            return n_(
                "⚠️ Encore un message qui n'a pas pu être traité :",
                "⚠️ Encore {count} messages qui n'ont pas pu être traités :",
                count,
            )
        case Sort.UNREADABLE:
            return n_(
                "⚠️ Encore un message illisible :", "⚠️ Encore {count} messages illisibles :", count
            )
        case Sort.DEAD_LETTER:
            return n_(
                "⚠️ Encore un message qui n'a pas pu être remis :",
                "⚠️ Encore {count} messages qui n'ont pas pu être remis :",
                count,
            )
        case Sort.BOUNCE:
            return n_(
                "⚠️ Encore une adresse d'où les messages reviennent :",
                "⚠️ Encore {count} adresses d'où les messages reviennent :",
                count,
            )
        case Sort.FLOOD:
            return n_(
                "⚠️ Encore un expéditeur qui a trop écrit :",
                "⚠️ Encore {count} expéditeurs qui ont trop écrit :",
                count,
            )
