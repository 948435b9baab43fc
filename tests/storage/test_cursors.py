"""How far a channel was read; a former leader cannot write."""

from __future__ import annotations

import pytest

from storage import cursors
from storage.cursors import Fenced
from storage.engine import Database


def test_a_channel_that_was_never_read_has_no_cursor(database: Database) -> None:
    assert database.run(cursors.read, "mail") is None


def test_a_cursor_moves_with_the_same_and_with_a_later_epoch(database: Database) -> None:
    for value, epoch in (("a", 1), ("b", 1), ("c", 3)):
        database.run(cursors.advance, "mail", value, epoch)
        assert database.run(cursors.read, "mail") == value


def test_a_former_leader_is_fenced_off(database: Database) -> None:
    database.run(cursors.advance, "mail", "a", 1)
    database.run(cursors.advance, "mail", "b", 2)
    with pytest.raises(Fenced):
        database.run(cursors.advance, "mail", "late", 1)
    assert database.run(cursors.read, "mail") == "b"


def test_channels_do_not_share_a_cursor(database: Database) -> None:
    database.run(cursors.advance, "mail", "a", 5)
    database.run(cursors.advance, "matrix", "x", 1)
    assert database.run(cursors.read, "mail") == "a"
    assert database.run(cursors.read, "matrix") == "x"
