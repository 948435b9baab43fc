"""What an appointment (text/calendar, RFC 5545) says, in one line for whoever reads the mail."""

from __future__ import annotations

import re

from bot.mail.tidy import one_line

_LONGEST = 300
_SEARCHED = 100_000
_FOLD = re.compile(r"\r?\n[ \t]")
_BEGIN = re.compile(r"^BEGIN:(VEVENT|VTODO)\s*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_INSTANT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")


def appointment_line(calendar: str) -> str:
    """Title, beginning as it is written there, and place of the first event; or nothing."""
    lines = _FOLD.sub("", calendar[:_SEARCHED])
    begin = _BEGIN.search(lines)
    if begin is None:
        return ""
    event = lines[begin.end() :].partition("\nEND:")[0]
    said = (_value(event, "SUMMARY"), _moment(event), _value(event, "LOCATION"))
    shown = " · ".join(part for part in said if part)
    return f"📅 {one_line(shown, _LONGEST)}" if shown else ""


def _moment(event: str) -> str:
    found = _INSTANT.match(_value(event, "DTSTART"))
    if found is None:
        return ""
    year, month, day, hour, minute, utc = found.groups()
    moment = f"{day}/{month}/{year}"
    return f"{moment} {hour}:{minute}{' UTC' if utc else ''}" if hour else moment


def _value(event: str, name: str) -> str:
    """The value of a property, whatever its parameters; a colon may stand in quotes there."""
    found = re.search(rf"^{name}(?:;(?:[^\":\n]|\"[^\"\n]*\")*)?:(.*)$", event, re.MULTILINE)
    if found is None:
        return ""
    return _ESCAPED.sub(lambda sign: " " if sign[1] in "nN" else sign[1], found[1]).strip()
