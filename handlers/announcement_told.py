"""What somebody wants announced, before there is a draft: their words, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.reading.announcement import Severity
from handlers.reading.dates import Period
from handlers.reading.letter import Letter, open_letter
from storage.announcements import Direction

URGENT = "urgent"


def severity_kept(severity: Severity | None) -> str:
    """A severity as an announcement keeps it."""
    return severity.name.lower() if severity else ""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody wants announced: their words, and what they answered to our questions.

    A ``letter`` in which nothing is in doubt leaves by itself after a pause; ``entry`` is the
    message that it was written in.
    """

    subject: str
    words: str
    entry: int
    direction: Direction | None = None
    letter: bool = False
    period: Period | None = None
    to_all: bool = False
    to: str = ""
    service: str = ""
    urgency: str = ""
    """``urgent``, or a severity as an announcement keeps it."""

    @property
    def laid_out(self) -> Letter:
        """The words as their readers need them."""
        return open_letter(self.subject, self.words)

    @property
    def severity(self) -> str:
        """How bad it is, if that was answered."""
        return "" if self.urgency == URGENT else self.urgency

    def as_data(self) -> dict[str, Any]:
        """What a question keeps of it."""
        period = self.period
        return {
            "subject": self.subject,
            "text": self.words,
            "entry": self.entry,
            "direction": self.direction,
            "letter": self.letter,
            "start": period.start.isoformat() if period and period.start else None,
            "end": period.end.isoformat() if period and period.end else None,
            "to_all": self.to_all,
            "to": self.to,
            "service": self.service,
            "urgency": self.urgency,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Told:
        """The same again."""
        start, end = (
            date.fromisoformat(data[key]) if data[key] else None for key in ("start", "end")
        )
        return cls(
            subject=data["subject"],
            words=data["text"],
            entry=data["entry"],
            direction=Direction(data["direction"]) if data["direction"] else None,
            letter=data["letter"],
            period=Period(start, end) if start or end else None,
            to_all=data["to_all"],
            to=data["to"],
            service=data["service"],
            urgency=data["urgency"],
        )
