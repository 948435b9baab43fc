"""Four processes order against one cap, a few times each; the command does it by the hundreds."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.caps import PROCESSES, UNIT, Outcome, race


def test_the_cap_is_never_passed_and_no_order_lost(empty_url: str) -> None:
    outcome = race(empty_url, each=8, most=20 * UNIT)
    assert outcome.faults == []
    assert (len(outcome.sent), outcome.refused) == (20, PROCESSES * 8 - 20)


def test_what_goes_wrong_is_told() -> None:
    right = Outcome(("SMART-2026-0001",), 1, ("SMART-2026-0001",), UNIT, UNIT, 1.0)
    assert right.faults == []
    assert replace(right, used=2 * UNIT).faults == ["the cap was passed"]
    assert "an order was lost" in replace(right, kept=()).faults
    assert "a number was left out" in replace(right, kept=("SMART-2026-0002",)).faults
