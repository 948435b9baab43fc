"""Pure rules: who may do what, and when things are due."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo


class Role(IntEnum):
    """What somebody may be; each command says which of them it needs."""

    ANYONE = 0
    MEMBER = 1
    """The designated user of an active institution."""
    MANAGER = 2
    """Somebody who manages a purchasing central."""
    ADMINISTRATOR = 3
    ASKER = 4
    """Somebody who may ask all members something: an administrator, or a manager for a central
    (acceptance A38: « the operator sends a survey »).
    """


_INCLUDED_IN = {Role.ASKER: frozenset({Role.MANAGER, Role.ADMINISTRATOR})}
"""Rights that nobody holds but by another role."""


MORNING = time(8, 0)
"""When a day's reminders are sent, in the platform's zone."""


def allowed(roles: frozenset[Role], needed: Role) -> bool:
    """Whether somebody with these roles may do what needs a role; no held role includes others."""
    if needed in _INCLUDED_IN:
        return bool(roles & _INCLUDED_IN[needed])
    return needed is Role.ANYONE or needed in roles


def in_working_days(start: date, days: int, holidays: Container[date] = frozenset()) -> date:
    """The day that lies a number of working days after another."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def award_due(sent_on: date, days: int, counting: str, holidays: Container[date]) -> date:
    """The day by which an order sent on a day must be awarded (acceptance A15)."""
    if counting == "working":
        return in_working_days(sent_on, days, holidays)
    return sent_on + timedelta(days=days)


def working_days_between(start: date, end: date, holidays: Container[date]) -> int:
    """How many working days lie after a day, up to another included."""
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in holidays for day in span)


def resumed_due(
    due: date, suspended_on: date, resumed_on: date, counting: str, holidays: Container[date]
) -> date:
    """The day by which an order must be awarded whose clock stood still: what was left of its days
    when it was suspended is counted from its resumption.
    """
    if counting == "working":
        left = working_days_between(suspended_on, due, holidays)
        return in_working_days(resumed_on, left, holidays)
    return resumed_on + timedelta(days=max(0, (due - suspended_on).days))


def contract_end(first_day: date, years: int) -> date:
    """The last day of a contract of whole years: the eve of its anniversary (acceptance A23)."""
    return last_day(first_day, 12 * years)


def last_day(first_day: date, months: int) -> date:
    """The last day of whole months: the eve of the same day; where a month has no such day, of the
    first of the next.
    """
    years, month = divmod(first_day.month - 1 + months, 12)
    year, month = first_day.year + years, month + 1
    try:
        after = date(year, month, first_day.day)
    except ValueError:
        after = date(year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=1)


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day's reminders are due."""
    return datetime.combine(day, MORNING, zone)


def next_hour(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The next instant, after now, at which a clock of the zone strikes an hour (0 to 23)."""
    today = now.astimezone(zone).date()
    strikes = (datetime.combine(today + timedelta(days=n), time(hour), zone) for n in (0, 1))
    return next(moment for moment in strikes if moment > now)


def vat_cents(net_cents: int, basis_points: int) -> int:
    """VAT on a line, rounded per line to the nearest cent, half a cent up."""
    return (net_cents * basis_points + 5_000) // 10_000


def below_threshold(net_cents: int, threshold_cents: int) -> bool:
    """Whether a whole contract counts as low-value: strictly below (acceptance B11)."""
    return net_cents < threshold_cents
