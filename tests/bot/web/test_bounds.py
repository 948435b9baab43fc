"""What keeps the form from being misused: tickets, caps, whose request it is; pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.web.bounds import MOST_KNOWN, TICKET_FOR, Cap, is_good, new_ticket, visitor

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
SECRET = "a secret of the tests"


def test_a_ticket_is_good_for_a_while() -> None:
    ticket = new_ticket(SECRET, NOW)
    assert is_good(SECRET, ticket, NOW)
    assert is_good(SECRET, ticket, NOW + TICKET_FOR)
    assert not is_good(SECRET, ticket, NOW + TICKET_FOR + timedelta(seconds=1))
    assert not is_good(SECRET, ticket, NOW - timedelta(seconds=2))


def test_a_ticket_cannot_be_made_elsewhere() -> None:
    ticket = new_ticket(SECRET, NOW)
    moment, rest = ticket.split(".", 1)
    for forged in ("", ".", "x", "1.2.3", "é.é.é", f"{int(moment) + 60}.{rest}", ticket[:-1]):
        assert not is_good(SECRET, forged, NOW), forged
    assert not is_good("another secret", ticket, NOW)
    assert new_ticket(SECRET, NOW) != ticket


def test_each_address_sends_so_many_in_an_hour_and_no_more() -> None:
    cap = Cap(2, 100)
    assert [cap.lets("a", NOW) for _ in range(3)] == [True, True, False]
    assert cap.lets("b", NOW)
    assert not cap.lets("a", NOW + timedelta(minutes=59))
    assert cap.lets("a", NOW + timedelta(minutes=60))


def test_all_together_send_no_more_than_that() -> None:
    cap = Cap(2, 3)
    assert [cap.lets(str(n), NOW) for n in range(4)] == [True, True, True, False]
    assert cap.lets("x", NOW + timedelta(hours=1))


def test_the_count_stays_small_however_many_addresses_there_are() -> None:
    cap = Cap(1, 10 * MOST_KNOWN)
    for number in range(MOST_KNOWN + 1):
        assert cap.lets(str(number), NOW)
    assert cap.lets("0", NOW), "the one that was longest silent is forgotten"
    assert not cap.lets(str(MOST_KNOWN), NOW)


@pytest.mark.parametrize(
    ("peer", "forwarded", "whose"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "10.9.9.9, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.1", "10.9.9.9", "192.0.2.1"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        (None, "", ""),
    ],
)
def test_only_a_server_on_this_machine_says_for_whom_it_asks(
    peer: str | None, forwarded: str, whose: str
) -> None:
    assert visitor(peer, forwarded) == whose
