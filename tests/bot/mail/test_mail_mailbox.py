"""The pure parts of reading a mailbox: positions, bounds, and the words of IMAP."""

from __future__ import annotations

import pytest

from bot.mail.imap_words import Fetched, chunks, mailbox_name, mails_in, uid_set
from bot.mail.mailbox import MOST_BYTES, MOST_MAILS, Position, Trouble, _within_bounds


def test_positions() -> None:
    assert Position.parse(None) == Position(0, 0)
    assert Position.parse("7:42") == Position(7, 42)
    assert str(Position(7, 42)) == "7:42"
    assert Position(7, 42).within(7) == Position(7, 42)
    assert Position(7, 42).within(8) == Position(8, 0)


@pytest.mark.parametrize("cursor", ["", "7", "a:b", "7:", "s1234_5"])
def test_foreign_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Position.parse(cursor)


@pytest.mark.parametrize(
    ("uids", "words"),
    [([1], "1"), ([1, 2, 3, 5, 7, 8], "1:3,5,7:8"), ([3, 1, 2, 2], "1:3"), ([], "")],
)
def test_uid_sets(uids: list[int], words: str) -> None:
    assert uid_set(uids) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("INBOX", '"INBOX"'),
        ("Envoyés", '"Envoy&AOk-s"'),
        ('a "b" \\c', '"a \\"b\\" \\\\c"'),
        ("R&D", '"R&-D"'),
        ("日本語", '"&ZeVnLIqe-"'),
    ],
)
def test_mailbox_names(name: str, words: str) -> None:
    assert mailbox_name(name) == words


def test_line_ends_are_refused() -> None:
    # In modified UTF-7 a line end is encoded like any other sign that is not printable.
    assert "\r" not in mailbox_name("a\r\nb")


def test_batches_are_bounded_by_bytes() -> None:
    half = MOST_BYTES // 2
    sizes = {1: half, 2: half, 3: 1, 4: 10 * MOST_BYTES}
    assert _within_bounds([1, 2, 3], sizes, 10**9) == [1, 2]
    assert _within_bounds([4, 1], sizes, 10**9) == [4]
    assert _within_bounds([4, 1, 2], sizes, MOST_BYTES) == [4, 1, 2]
    assert _within_bounds([9, 1], sizes, 10**9) == [9, 1]


def test_a_mail_that_cannot_be_fetched_is_narrowed_down_and_then_passed_over() -> None:
    trouble = Trouble()
    asked, retried = [], True
    while retried:
        asked.append(trouble.allowed(5))
        retried = trouble.note(5)
    assert asked[0] == MOST_MAILS
    assert asked == sorted(asked, reverse=True)
    assert asked[-1] == 1
    assert trouble.allowed(6) == MOST_MAILS


def test_no_command_names_more_mails_than_the_library_bears() -> None:
    assert [len(chunk) for chunk in chunks(range(250))] == [100, 100, 50]
    assert list(chunks([])) == []


def test_mails_are_paired_with_their_uids() -> None:
    lines: list[bytes | bytearray] = [
        b"1 FETCH (UID 7 BODY[] {3}",
        bytearray(b"UID"),
        b")",
        b"2 FETCH (FLAGS (\\Seen))",
        b"3 FETCH (BODY[] {9}",
        bytearray(b"(UID 99) "),
        b" UID 9)",
    ]
    assert mails_in(lines) == [Fetched(7, b"UID"), Fetched(9, b"(UID 99) ")]
