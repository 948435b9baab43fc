"""Reading mail in a process of its own: the same result, and a deadline that holds."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.mail.addresses import OwnAddress
from bot.mail.bodies import Limits
from bot.mail.frames import LONGEST, length, reading_of, terms_of
from bot.mail.parse import Reading, parse
from bot.mail.parsing import ParsingError, ParsingProcess, Sheet
from handlers.request import Incoming, Kind

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
READING = Reading(
    OwnAddress("plateforme@supracom.example"), "mx.supracom.example", b"\xff" * 32, limits=Limits()
)
PATIENCE = 30.0


def mail(number: int = 1, attached: bytes = b"") -> bytes:
    written = EmailMessage()
    written["From"] = "Anne Dupont <anne@commune.example>"
    written["Message-ID"] = f"<{number}@commune.example>"
    written["Subject"] = "Décision du Collège"
    written.set_content(f"Voici la pièce n° {number}.")
    if attached:
        written.add_attachment(attached, "application", "pdf", filename="décision.pdf")
    return written.as_bytes()


LARGE = mail(9, b"%PDF" * 4_000_000)
"""Takes a tenth of a second at least to be read, on any machine."""


def sheet(content: bytes, *, whole: bool = True) -> Sheet:
    return Sheet(content, NOW, "place", whole)


@asynccontextmanager
async def process(seconds: float = 20) -> AsyncIterator[ParsingProcess]:
    started = ParsingProcess(READING, seconds)
    try:
        async with asyncio.timeout(PATIENCE):
            yield started
    finally:
        await started.close()


def pid_of(reader: ParsingProcess) -> int:
    assert reader._process is not None
    return reader._process.pid


def summary(requests: list[Incoming]) -> list[tuple[Kind, str, str]]:
    return [(one.kind, one.sender, one.external_id) for one in requests]


async def test_what_comes_back_is_what_is_read_here() -> None:
    mails = [mail(1, b"\x00\xff" * 70_000), b"", mail(2), b"From: a\r\nFrom: b\r\n\r\n\xff"]
    async with process() as reader:
        requests = await reader.read([sheet(raw) for raw in mails])
        head = await reader.read([sheet(mails[0], whole=False)])
    assert requests == [parse(raw, READING, NOW, "place") for raw in mails]
    assert requests[0].files[0].content == b"\x00\xff" * 70_000
    assert (head[0].kind, head[0].subject) == (Kind.UNREADABLE, requests[0].subject)


async def test_one_process_serves_many_batches() -> None:
    async with process() as reader:
        await reader.read([sheet(mail())])
        first = pid_of(reader)
        await reader.read([sheet(mail(n)) for n in range(50)])
        assert pid_of(reader) == first


async def test_a_mail_that_takes_too_long_is_given_up_and_the_others_are_read() -> None:
    async with process(seconds=0.15) as reader:
        requests = await reader.read([sheet(mail(1)), sheet(LARGE), sheet(mail(2))])
    assert summary(requests) == [
        (Kind.MESSAGE, "anne@commune.example", "<1@commune.example>"),
        (Kind.UNREADABLE, "anne@commune.example", "<9@commune.example>"),
        (Kind.MESSAGE, "anne@commune.example", "<2@commune.example>"),
    ]


async def test_a_process_that_is_killed_at_work_costs_one_mail_at_most() -> None:
    async with process() as reader:
        await reader.read([sheet(mail())])
        reading = asyncio.create_task(reader.read([sheet(LARGE), sheet(mail(2))]))
        await asyncio.sleep(0)
        os.kill(pid_of(reader), signal.SIGKILL)
        requests = await reading
    assert [one.external_id for one in requests] == ["<9@commune.example>", "<2@commune.example>"]
    assert [one.kind for one in requests] == [Kind.UNREADABLE, Kind.MESSAGE]


async def test_a_process_that_ended_while_idle_costs_nothing() -> None:
    async with process() as reader:
        await reader.read([sheet(mail())])
        assert reader._process is not None
        os.kill(pid_of(reader), signal.SIGKILL)
        await reader._process.wait()
        requests = await reader.read([sheet(mail(2))])
    assert requests[0].kind is Kind.MESSAGE


async def test_when_even_the_header_is_too_much_the_place_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with process(seconds=0.15) as reader:
        # As if no mail could be spared: its header alone takes as long as the whole.
        monkeypatch.setattr(Sheet, "header_only", lambda self, _longest: self)
        requests = await reader.read([sheet(LARGE), sheet(mail(2))])
    assert [(one.kind, one.sender) for one in requests] == [
        (Kind.UNREADABLE, ""),
        (Kind.MESSAGE, "anne@commune.example"),
    ]
    assert requests[0].automatic


async def test_a_reading_that_is_given_up_leaves_no_answer_for_the_next() -> None:
    async with process() as reader:
        await reader.read([sheet(mail())])
        reading = asyncio.create_task(reader.read([sheet(LARGE)]))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        requests = await reader.read([sheet(mail(2))])
    assert requests[0].external_id == "<2@commune.example>"


async def test_the_process_has_no_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUPRACOM_MAIL__IMAP__PASSWORD", "geheim")
    async with process() as reader:
        await reader.read([sheet(mail())])
        environment = await asyncio.to_thread(Path(f"/proc/{pid_of(reader)}/environ").read_bytes)
    assert b"geheim" not in environment


async def test_without_a_process_the_mails_are_not_at_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with process() as reader:
        with monkeypatch.context() as broken:
            broken.setattr("bot.mail.parsing.sys.executable", "/nowhere/python")
            with pytest.raises(ParsingError):
                await reader.read([sheet(mail())])
        assert (await reader.read([sheet(mail())]))[0].kind is Kind.MESSAGE


def test_the_terms_travel_whole() -> None:
    assert reading_of(terms_of(READING)) == READING


def test_a_frame_has_its_bounds() -> None:
    assert length(b"\x00\x00\x01\x00") == 256
    with pytest.raises(ValueError, match="too long"):
        length((LONGEST + 1).to_bytes(4, "big"))
