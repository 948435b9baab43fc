"""The life of an announcement: its stages, and the one table of the steps that lead between them.

Nothing is undone by going back in silence: what turns out wrong is followed by a step of its own
(``REOPEN`` after ``WITHDRAW``, ``UNMET``, ``EXPIRE`` or an agreement that comes to nothing), and
both stay in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where an announcement stands."""

    DRAFT = "draft"
    """Shown to its author, and waiting for a yes."""
    PENDING = "pending"
    """Confirmed by its author, and waiting for an administrator (moderation)."""
    REFUSED = "refused"
    """An administrator did not let it out; its author was told why."""
    OPEN = "open"
    ANSWERED = "answered"
    """Somebody else than its own institution answered; more answers are welcome."""
    AGREED = "agreed"
    """Its author accepted one or several answers."""
    RUNNING = "running"
    """The period of what was agreed has begun."""
    DONE = "done"
    UNMET = "unmet"
    """Closed without help, a normal end: help is given as far as possible (acceptance B34)."""
    WITHDRAWN = "withdrawn"
    """Taken back by its author; a draft that was not confirmed ends here without a number."""
    EXPIRED = "expired"


class Step(StrEnum):
    """What may happen to an announcement; the value is how the history names it."""

    SUBMIT = "submitted"
    REFUSE = "refused"
    PUBLISH = "published"
    DROP = "dropped"
    ANSWER = "answered"
    AGREE = "agreed"
    START = "started"
    FINISH = "finished"
    UNMET = "unmet"
    WITHDRAW = "withdrawn"
    EXPIRE = "expired"
    PROLONG = "prolonged"
    REOPEN = "reopened"


AWAITING = frozenset({Stage.OPEN, Stage.ANSWERED})
"""The stages in which an announcement still looks for somebody: it is listed, and may expire."""

LIVE = AWAITING | {Stage.AGREED, Stage.RUNNING}
"""The stages in which its conversation goes on."""

UNPUBLISHED = frozenset({Stage.DRAFT, Stage.PENDING, Stage.REFUSED})
"""The stages in which nobody but its author, and who moderates, has seen it."""

OVER = frozenset({Stage.DONE, Stage.UNMET, Stage.WITHDRAWN, Stage.EXPIRED})
"""The stages in which it has come to an end."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From which stages a step may be taken, and where it leads; None if it stays where it is."""

    before: frozenset[Stage]
    after: Stage | None


def _from(*before: Stage, to: Stage | None) -> Transition:
    return Transition(frozenset(before), to)


TRANSITIONS: Mapping[Step, Transition] = {
    Step.SUBMIT: _from(Stage.DRAFT, to=Stage.PENDING),
    Step.REFUSE: _from(Stage.PENDING, to=Stage.REFUSED),
    Step.PUBLISH: _from(Stage.DRAFT, Stage.PENDING, to=Stage.OPEN),
    Step.DROP: _from(Stage.DRAFT, Stage.PENDING, to=Stage.WITHDRAWN),
    Step.ANSWER: _from(Stage.OPEN, to=Stage.ANSWERED),
    Step.AGREE: _from(Stage.OPEN, Stage.ANSWERED, Stage.AGREED, to=Stage.AGREED),
    Step.START: _from(Stage.AGREED, to=Stage.RUNNING),
    Step.FINISH: _from(Stage.AGREED, Stage.RUNNING, to=Stage.DONE),
    Step.UNMET: _from(*AWAITING, to=Stage.UNMET),
    Step.WITHDRAW: _from(*AWAITING, Stage.AGREED, to=Stage.WITHDRAWN),
    Step.EXPIRE: _from(*AWAITING, to=Stage.EXPIRED),
    Step.PROLONG: _from(*AWAITING, to=None),
    Step.REOPEN: _from(
        Stage.UNMET, Stage.WITHDRAWN, Stage.EXPIRED, Stage.AGREED, Stage.DONE, to=Stage.OPEN
    ),
}


def may(stage: str, step: Step) -> bool:
    """Whether a step may be taken from a stage."""
    return stage in TRANSITIONS[step].before
