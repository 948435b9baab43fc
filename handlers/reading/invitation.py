"""Answers to invitations: calendar objects with METHOD:REPLY (RFC 5546, section 3.2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calendar program answers: who, to what, with which words. Texts as they were."""

    uid: str
    attendee: str
    state: str
    """ACCEPTED, DECLINED, TENTATIVE…"""
    summary: str = ""
    start: str = ""
    comment: str = ""


_LONGEST = 100_000


def read_answer(calendar: str) -> Answer | None:
    """The answer in a calendar object; None if it is none."""
    # A long line is folded: what follows begins with a blank (RFC 5545, section 3.1).
    text = re.sub(r"\r?\n[ \t]", "", calendar[:_LONGEST])
    if not re.search(r"^METHOD:\s*REPLY\s*$", text, re.MULTILINE | re.IGNORECASE):
        return None
    event = re.search(r"^BEGIN:VEVENT\s*$(.*?)^END:VEVENT", text, re.MULTILINE | re.DOTALL)
    if event is None:
        return None
    attendee = re.search(r"^ATTENDEE(?P<rest>[;:].*)$", event[1], re.MULTILINE)
    state = re.search(r"PARTSTAT=\"?([A-Z-]+)", attendee["rest"]) if attendee else None
    if attendee is None or state is None:
        return None
    return Answer(
        uid=_value(event[1], "UID"),
        attendee=attendee["rest"].rpartition("mailto:")[2].strip().lower(),
        state=state[1],
        summary=_value(event[1], "SUMMARY"),
        start=_value(event[1], "DTSTART"),
        comment=_value(event[1], "COMMENT"),
    )


_ESCAPED = re.compile(r"\\([\\,;nN])")


def _value(event: str, name: str) -> str:
    match = re.search(rf"^{name}(?:;[^:\n]*)?:(.*)$", event, re.MULTILINE)
    if match is None:
        return ""
    plain = _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], match[1])
    return plain.strip()
