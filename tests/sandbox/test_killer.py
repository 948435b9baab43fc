"""In which phase a kill hit the bot, as its log tells."""

from __future__ import annotations

import pytest

from sandbox.killer import phases

READING, UNCLEAR = b"reading a channel epoch=1\n", b"deliveries with an unclear end\n"


@pytest.mark.parametrize(
    ("lives", "wanted"),
    [
        ([b"", READING], {"starting": 1}),
        ([READING, READING], {"reading": 1}),
        ([READING, UNCLEAR + READING], {"sending": 1}),
        ([b"", UNCLEAR + READING, READING], {"starting": 1, "reading": 1}),
        ([READING], {}),
    ],
)
def test_phases(lives: list[bytes], wanted: dict[str, int]) -> None:
    marks = [len(b"".join(lives[:count])) for count in range(1, len(lives))]
    assert phases(b"".join(lives), marks) == wanted
