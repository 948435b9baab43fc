"""Hostile mails, each on its whole way: read in a process under a deadline, handled, answered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.robustness import Verdict, files_in, verdicts
from bot.mail.addresses import OwnAddress
from bot.mail.parse import Reading, parse
from handlers.request import Kind
from tests.bot.mail.hostile import Maker, all_mails

MAILS = all_mails()
FAMILIES = sorted({name.partition(":")[0] for name in MAILS})
LEAST = 200
READ_ALL_THE_SAME = (
    "charsets", "file_names", "bombs", "encodings", "tnef", "calendars", "words", "long_lines",
)  # fmt: skip
READING = Reading(OwnAddress("plateforme@supracom.example"), "mx.supracom.example", b"s" * 32)


def of_family(family: str) -> dict[str, Maker]:
    return {name: make for name, make in MAILS.items() if name.partition(":")[0] == family}


def test_there_are_enough() -> None:
    assert len(MAILS) >= LEAST


@pytest.mark.timeout(300)
@pytest.mark.parametrize("family", FAMILIES)
async def test_whatever_comes_is_kept_and_the_next_mail_is_served(family: str) -> None:
    mails = of_family(family)
    found: list[tuple[Verdict, str]] = [
        one async for one in verdicts((name, make()) for name, make in mails.items())
    ]
    assert [(verdict.name, wrong) for verdict, wrong in found if wrong] == []
    assert [verdict.name for verdict, _ in found] == [*mails, "plain"]
    # Every mail is in the inbox: handled, held, on the shelf, or noted as a machine's.
    assert [verdict.name for verdict, _ in found if verdict.state is None] == []


@pytest.mark.parametrize("family", READ_ALL_THE_SAME)
def test_what_is_only_odd_is_read(family: str) -> None:
    """Nobody's mail is set aside for a wrong label, a broken file or a strange name."""
    kinds = {
        name: parse(make(), READING, datetime(2026, 3, 24, tzinfo=UTC), "place").kind
        for name, make in of_family(family).items()
    }
    assert [name for name, kind in kinds.items() if kind is Kind.UNREADABLE] == []


async def test_a_fault_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("handlers.routing.Router.answer", broken)
    found = [wrong async for _, wrong in verdicts([("one", b"From: a@b.example\r\n\r\naide")])]
    assert found == ["RecursionError: too deep"] * 2


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.eml").write_bytes(b"b")
    (tmp_path / "a.eml").write_bytes(b"a")
    assert files_in(tmp_path) == [("a.eml", b"a"), ("in/b.eml", b"b")]
