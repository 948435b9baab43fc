"""The rules: who may do what, and when things are due. Holidays are Belgium's legal ones."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy import (
    Role,
    allowed,
    award_due,
    below_threshold,
    contract_end,
    in_working_days,
    morning_of,
    resumed_due,
    vat_cents,
)

BELGIUM = country_holidays("BE")


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        (date(2026, 3, 24), 20, date(2026, 4, 13)),
        (date(2026, 12, 20), 20, date(2027, 1, 9)),
        (date(2028, 2, 20), 20, date(2028, 3, 11)),  # a leap year
    ],
)
def test_calendar_days_are_counted_whatever_day_it_is(sent: date, days: int, due: date) -> None:
    assert award_due(sent, days, "calendar", BELGIUM) == due


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        (date(2026, 3, 23), 1, date(2026, 3, 24)),
        (date(2026, 3, 27), 1, date(2026, 3, 30)),  # a weekend
        (date(2026, 3, 28), 1, date(2026, 3, 30)),  # sent on a Saturday
        (date(2026, 4, 3), 1, date(2026, 4, 7)),  # Easter Monday, 6 April
        (date(2026, 3, 24), 20, date(2026, 4, 22)),  # four weekends and Easter Monday
        (date(2026, 4, 30), 1, date(2026, 5, 4)),  # 1 May, a Friday
        (date(2026, 5, 13), 1, date(2026, 5, 15)),  # Ascension
        (date(2026, 5, 22), 1, date(2026, 5, 26)),  # Whit Monday
        (date(2026, 7, 20), 1, date(2026, 7, 22)),  # the national holiday
        (date(2025, 8, 14), 1, date(2025, 8, 18)),  # 15 August, a Friday
        (date(2027, 10, 29), 1, date(2027, 11, 2)),  # All Saints, a Monday
        (date(2026, 11, 10), 1, date(2026, 11, 12)),  # Armistice
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Christmas, a Friday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year, a Friday
    ],
)
def test_working_days_leave_out_weekends_and_legal_holidays(
    sent: date, days: int, due: date
) -> None:
    assert award_due(sent, days, "working", BELGIUM) == due
    assert in_working_days(sent, days, BELGIUM) == due


@pytest.mark.parametrize(
    ("counting", "due", "suspended", "resumed", "new"),
    [
        ("calendar", date(2026, 4, 13), date(2026, 4, 3), date(2026, 5, 20), date(2026, 5, 30)),
        ("calendar", date(2026, 4, 13), date(2026, 4, 3), date(2026, 4, 3), date(2026, 4, 13)),
        # It was overdue already: it is due at once.
        ("calendar", date(2026, 4, 13), date(2026, 4, 15), date(2026, 5, 4), date(2026, 5, 4)),
        # 3, 7, 8 … 22 April without Easter Monday: thirteen days were left on the 2nd.
        ("working", date(2026, 4, 22), date(2026, 4, 2), date(2026, 4, 2), date(2026, 4, 22)),
        # The same over the first of May, Ascension on the 14th.
        ("working", date(2026, 4, 22), date(2026, 4, 2), date(2026, 4, 30), date(2026, 5, 21)),
        ("working", date(2026, 4, 22), date(2026, 4, 24), date(2026, 5, 4), date(2026, 5, 4)),
    ],
)
def test_what_was_left_is_counted_from_the_resumption(
    counting: str, due: date, suspended: date, resumed: date, new: date
) -> None:
    assert resumed_due(due, suspended, resumed, counting, BELGIUM) == new


@given(
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    st.integers(1, 40),
    st.integers(0, 60),
    st.sampled_from(["calendar", "working"]),
)
def test_a_pause_of_no_day_changes_nothing(
    sent: date, days: int, after: int, counting: str
) -> None:
    due = award_due(sent, days, counting, BELGIUM)
    stopped = min(sent + timedelta(days=after), due)
    assert resumed_due(due, stopped, stopped, counting, BELGIUM) == due


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 30))
def test_a_due_day_is_a_working_day_after_the_sending(sent: date, days: int) -> None:
    due = in_working_days(sent, days, BELGIUM)
    assert due > sent
    assert due.weekday() < 5
    assert due not in BELGIUM
    assert due < in_working_days(sent, days + 1, BELGIUM)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 4, 10), 4, date(2030, 4, 9)),
        (date(2026, 1, 1), 4, date(2029, 12, 31)),
        (date(2026, 3, 1), 4, date(2030, 2, 28)),
        (date(2024, 3, 1), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),  # 2100 is no leap year
    ],
)
def test_a_contract_ends_on_the_eve_of_its_anniversary(first: date, years: int, last: date) -> None:
    assert contract_end(first, years) == last


@pytest.mark.parametrize(
    ("net", "rate", "vat"),
    [
        (2_400_000, 2100, 504_000),
        (1, 2100, 0),
        (2, 2100, 0),
        (3, 2100, 1),
        (50, 2100, 11),  # 10.5 cents, half a cent up
        (150, 2100, 32),  # 31.5
        (100, 600, 6),
        (25, 600, 2),  # 1.5
        (0, 2100, 0),
        (12_345, 0, 0),
    ],
)
def test_vat_is_rounded_to_the_nearest_cent(net: int, rate: int, vat: int) -> None:
    assert vat_cents(net, rate) == vat


@pytest.mark.parametrize(
    ("net", "below"), [(2_999_999, True), (3_000_000, False), (3_000_001, False), (0, True)]
)
def test_the_threshold_is_strict(net: int, below: bool) -> None:
    assert below_threshold(net, 3_000_000) is below


@pytest.mark.parametrize(
    ("roles", "needed", "may"),
    [
        (set(), Role.ANYONE, True),
        (set(), Role.MEMBER, False),
        ({Role.MEMBER}, Role.MEMBER, True),
        ({Role.MEMBER}, Role.MANAGER, False),
        ({Role.MEMBER}, Role.ADMINISTRATOR, False),
        # Who administers the platform does not act for a commune by that.
        ({Role.ADMINISTRATOR}, Role.MEMBER, False),
        ({Role.ADMINISTRATOR}, Role.MANAGER, False),
        ({Role.MANAGER}, Role.MEMBER, False),
        ({Role.MEMBER, Role.MANAGER}, Role.MANAGER, True),
    ],
)
def test_rights(roles: set[Role], needed: Role, may: bool) -> None:
    assert allowed(frozenset(roles), needed) is may


def test_mornings_follow_the_clock_of_the_zone() -> None:
    zone = ZoneInfo("Europe/Brussels")
    hours = [
        morning_of(day, zone).astimezone(UTC).hour for day in (date(2026, 3, 28), date(2026, 3, 29))
    ]
    assert hours == [7, 6]
