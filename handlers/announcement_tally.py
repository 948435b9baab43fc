"""How many demands and offers there were, and what became of them (acceptance B36)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from handlers.wording import Text, _
from storage.announcement_states import Stage
from storage.announcements import Announcement, Direction

_MATCHED = frozenset({Stage.AGREED, Stage.RUNNING, Stage.DONE})
_IN_VAIN = frozenset({Stage.UNMET, Stage.EXPIRED})


@dataclass(frozen=True, slots=True)
class Tally:
    """Demands, offers, announcements that led to an agreement, and demands without help."""

    demands: int = 0
    offers: int = 0
    matched: int = 0
    unmet: int = 0

    @classmethod
    def of(cls, made: Collection[Announcement]) -> Tally:
        """What some announcements come to, as they stand now."""
        demands = [kept for kept in made if kept.direction == Direction.DEMAND]
        return cls(
            demands=len(demands),
            offers=len(made) - len(demands),
            matched=sum(kept.stage in _MATCHED for kept in made),
            unmet=sum(kept.stage in _IN_VAIN for kept in demands),
        )

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """The four, in the order in which they are shown."""
        return self.demands, self.offers, self.matched, self.unmet

    @property
    def cells(self) -> tuple[Text, ...]:
        """The same as the cells of a table."""
        return tuple(_("{count}", count=number) for number in self.numbers)
