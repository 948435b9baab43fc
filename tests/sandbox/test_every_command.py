"""What the tour through all commands takes for a good answer."""

from __future__ import annotations

import pytest

from handlers.commands import everything
from sandbox.every_command import OF_OURS, Typed, Way, judged, misspelt
from sandbox.matrix_event import RoomEvent
from sandbox.stage import BOT

TABLE = everything()


def typed(way: Way, *answers: str, thread: str | None = None, may: bool = True) -> Typed:
    """A message about the catalogue, and what was said to it."""
    call = TABLE.find("catalogue")
    assert call is not None
    events = [RoomEvent("!r", "$a", BOT, "m.room.message", {"body": one}, 0, {}) for one in answers]
    return Typed(
        "member", "plain", call.command, way, "…", thread, may, event_id="$1", answers=events
    )


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (typed(Way.BARE, "10 solutions"), ""),
        (typed(Way.BARE), "0 answers"),
        (typed(Way.BARE, "10 solutions", "10 solutions"), "2 answers"),
        (typed(Way.BARE, "10 solutions", thread="$root"), "in thread None"),
        (typed(Way.ABSURD, f"…, et {OF_OURS} (réf. E-2026-0001)"), "a fault of ours"),
        (typed(Way.MISSPELT, "vouliez-vous dire catalogue ?"), ""),
        (typed(Way.MISSPELT, "C'est transmis à une personne."), "not put right"),
        (typed(Way.MISSPELT, "C'est transmis à une personne.", may=False), ""),
    ],
)
def test_each_message_has_one_good_answer(one: Typed, wrong: str) -> None:
    right = typed(Way.RIGHT, "10 solutions au catalogue")
    found = list(judged([right, one]))
    assert len(found) == bool(wrong)
    assert wrong in "".join(found)


def test_a_misspelt_command_may_be_understood_all_the_same() -> None:
    right, wrong = (
        typed(Way.RIGHT, "Si vous confirmez …"),
        typed(Way.MISSPELT, "Si vous confirmez …"),
    )
    assert list(judged([right, wrong])) == []


def test_one_letter_is_missing() -> None:
    assert misspelt("annuler la commande") == "annuler la commnde"
