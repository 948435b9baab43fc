"""Dates for the reader's calendar: iCalendar objects (RFC 5545) as iTIP methods (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from bot.mail.tidy import one_line
from handlers.reply import Appointment
from handlers.wording import plain

_LONGEST_TITLE = 300
_LINE_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody whom an invitation names; the name may be empty."""

    name: str
    address: str


def method_of(appointment: Appointment) -> str:
    """REQUEST for a date that is asked for or changed, CANCEL for one that is off."""
    return "CANCEL" if appointment.cancelled else "REQUEST"


def invitation(
    appointment: Appointment, language: str, domain: str, organizer: Mailbox, reader: Mailbox
) -> str:
    """The calendar object of an appointment for one reader, with CRLF line ends.

    ``domain`` makes the appointment's id one of the platform's own.
    """
    lines = _lines(appointment, language, domain, organizer, reader)
    return "".join(f"{folded}\r\n" for folded in map(_folded, lines))


def _lines(
    appointment: Appointment, language: str, domain: str, organizer: Mailbox, reader: Mailbox
) -> Iterator[str]:
    asks = "TRUE" if appointment.asks else "FALSE"
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Supracom//Supracom//FR"
    yield f"METHOD:{method_of(appointment)}"
    yield "BEGIN:VEVENT"
    yield f"UID:{appointment.uid}@{domain}"
    yield f"SEQUENCE:{appointment.sequence}"
    yield f"DTSTAMP:{appointment.stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(appointment.first)}"
    # The end of whole days is the day after the last one (RFC 5545, section 3.6.1).
    yield f"DTEND;VALUE=DATE:{_day(appointment.last + timedelta(days=1))}"
    title = one_line(plain(appointment.title, language), _LONGEST_TITLE)
    yield f"SUMMARY;LANGUAGE={language}:{_text(title)}"
    yield f"ORGANIZER;CN={_quoted(organizer.name)}:mailto:{organizer.address}"
    yield (
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP={asks}:mailto:{reader.address}"
    )
    yield f"STATUS:{'CANCELLED' if appointment.cancelled else 'CONFIRMED'}"
    # A date to know of; it does not make its reader busy.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _text(words: str) -> str:
    """A value of type TEXT (RFC 5545, section 3.3.11)."""
    for sign in "\\;,":
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def _quoted(name: str) -> str:
    """The value of a parameter, which can hold no quotation mark (RFC 5545, section 3.2)."""
    return '"' + one_line(name, _LONGEST_TITLE).replace('"', "'") + '"'


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, never within a character (RFC 5545, section 3.1)."""
    pieces, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LINE_OCTETS:
            pieces.append("")
            size = 1  # the space that a piece begins with
        pieces[-1] += sign
        size += octets
    return "\r\n ".join(pieces)
