"""Parts of months and the weeks around days, as intervals of days, both ends included."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import Enum


class Part(Enum):
    """Which days of a month, a week or a year are meant."""

    WHOLE = "whole"
    START = "start"
    MIDDLE = "middle"
    END = "end"
    FIRST_WEEK = "first week"
    SECOND_WEEK = "second week"
    THIRD_WEEK = "third week"
    LAST_WEEK = "last week"
    FIRST_HALF = "first half"
    SECOND_HALF = "second half"
    WEEK = "week"
    """The week in which a day is: « la semaine du 8 juin »."""
    WEEKEND = "weekend"


def whole_month(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def cut(first: date, last: date, part: Part) -> tuple[date, date]:
    """The days of a part of a month, a week or a year."""
    third = timedelta(days=((last - first).days + 1) // 3)
    match part:
        case Part.START:
            return first, first + third - timedelta(days=1)
        case Part.MIDDLE:
            return first + third, last - third
        case Part.END:
            return last - third + timedelta(days=1), last
        case Part.FIRST_WEEK | Part.SECOND_WEEK | Part.THIRD_WEEK:
            week = (Part.FIRST_WEEK, Part.SECOND_WEEK, Part.THIRD_WEEK).index(part)
            return first + timedelta(days=7 * week), first + timedelta(days=7 * week + 6)
        case Part.LAST_WEEK:
            return last - timedelta(days=6), last
        case Part.FIRST_HALF:
            return first, first + timedelta(days=14)
        case Part.SECOND_HALF:
            return first + timedelta(days=15), last
        case _:
            return first, last


def around(day: date, part: Part) -> tuple[date, date]:
    """A day, or the week or the weekend that it is in."""
    if part is Part.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if part is Part.WEEKEND:
        saturday = day + timedelta(days=5 - day.weekday())
        return min(day, saturday), max(day, saturday + timedelta(days=1))
    return day, day
