"""What keeps a form from being misused: a ticket for each form that is shown, a cap per address.

There are no cookies, so nothing is sent with a form that its reader did not type; a ticket shows
that the form was asked for here, and lately.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from hmac import compare_digest, digest
from ipaddress import ip_address

TICKET_FOR = timedelta(hours=12)
"""How long a form may lie open before it is sent."""
HOUR = timedelta(hours=1)
MOST_KNOWN = 10_000
"""How many addresses are counted at a time; the one that was longest silent is forgotten first."""


def new_ticket(secret: str, now: datetime) -> str:
    """A ticket for one form: its moment, a random part and a keyed hash."""
    known = f"{int(now.timestamp())}.{secrets.token_hex(12)}"
    return f"{known}.{_seal(secret, known)}"


def is_good(secret: str, ticket: str, now: datetime) -> bool:
    """Whether a ticket was given out here, not too long ago."""
    known, _dot, seal = ticket.rpartition(".")
    moment = known.partition(".")[0]
    if not compare_digest(_seal(secret, known).encode(), seal.encode()):
        return False
    return timedelta(0) <= now - datetime.fromtimestamp(int(moment), now.tzinfo) <= TICKET_FOR


def _seal(secret: str, known: str) -> str:
    return digest(secret.encode(), f"form {known}".encode(), "sha256")[:16].hex()


class Cap:
    """How often one address, and all of them together, may send a form in an hour."""

    def __init__(self, most_each: int, most_altogether: int) -> None:
        self._most_each = most_each
        self._all: deque[datetime] = deque(maxlen=most_altogether)
        self._each: OrderedDict[str, deque[datetime]] = OrderedDict()

    def lets(self, address: str, now: datetime) -> bool:
        """Count one more, unless there were too many in the last hour."""
        mine = self._each.setdefault(address, deque(maxlen=self._most_each))
        self._each.move_to_end(address)
        if len(self._each) > MOST_KNOWN:
            self._each.popitem(last=False)
        if any(_is_full(sent, now) for sent in (mine, self._all)):
            return False
        mine.append(now)
        self._all.append(now)
        return True


def _is_full(sent: deque[datetime], now: datetime) -> bool:
    return len(sent) == sent.maxlen and now - sent[0] < HOUR


def visitor(peer: str | None, forwarded: str) -> str:
    """Whose request it is: the peer's, or as a server on this machine says that passes it on.

    ``forwarded`` is X-Forwarded-For; only its last entry was written by that server. Of an address
    of IPv6 only the network counts, of which one subscriber has 2^64 addresses.
    """
    last = forwarded.rpartition(",")[2].strip()
    try:
        known = ip_address(peer or "")
        if known.is_loopback and last:
            known = ip_address(last)
    except ValueError:
        return peer or ""
    if known.version == 6:
        return known.exploded[:19]
    return str(known)
