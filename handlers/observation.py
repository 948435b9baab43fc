"""What was decided about one message, collected for whoever asks why.

Routing and handlers note what they understood and what they do with it, where they decide it. In
normal running nobody listens and nothing is kept; ``supracom explain`` and the benchmark of
understanding listen to the very code that serves the members.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What the platform does with a message."""

    ACCEPT = "accept"
    """Done, with a receipt."""
    ASK = "ask"
    """Something is asked back; at most a draft or a pending record exists."""
    HOLD = "hold"
    """Kept, and not done before somebody has said more."""
    REFUSE = "refuse"
    IGNORE = "ignore"
    """No answer, no change."""


class Observation:
    """The facts noted about one message; what is noted later is the better knowledge."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}

    def note(self, **facts: Any) -> None:
        """Add facts, such as ``intent``, ``action``, ``institution``, ``ask_for``."""
        self.facts |= facts

    def default(self, **facts: Any) -> None:
        """Add the facts that were not noted yet."""
        self.facts = facts | self.facts
