"""What any mail does to the platform: every file of a folder, taken in as if it had arrived.

    python -m benchmarks.robustness DIR

Each file is read in the process that reads mail, under its deadline, then handled by an empty
platform as the receiver does, and the answers are made ready for sending. At the end a plain mail
must still be answered. The end is a failure if anything raised, or took longer than its deadline.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import MAIL, open_database, open_platform
from bot.explain_command import example_settings
from bot.mail.channel import reading_for
from bot.mail.compose import compose
from bot.mail.parsing import ParsingProcess, Sheet
from config.settings import Settings
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.request import Incoming
from storage.engine import Database
from storage.inbox import Entry
from storage.outbox import Row

HANDLING_SECONDS = 10.0
"""What handling one mail may take after it was read."""
_READING_MARGIN_SECONDS = 5.0
_START = datetime(2026, 3, 24, 9, tzinfo=UTC)
_APART = timedelta(hours=2)
"""Between two mails, so that nobody writes too often."""
PLAIN = (
    b"From: Anne <anne@commune.example>\r\nTo: plateforme@supracom.example\r\n"
    b"Subject: aide\r\n\r\naide\r\n"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mail: its kind, the state of its entry (None: not kept), the answers."""

    name: str
    kind: str
    state: str | None
    answers: int
    reading_seconds: float
    handling_seconds: float
    fault: str = ""

    def wrong(self, deadline: float) -> str:
        """What is wrong with that, or nothing; ``deadline`` in seconds is for the reading."""
        if self.fault:
            return self.fault
        if self.reading_seconds > deadline + _READING_MARGIN_SECONDS:
            return f"read in {self.reading_seconds:.1f} s"
        if self.handling_seconds > HANDLING_SECONDS:
            return f"handled in {self.handling_seconds:.1f} s"
        return ""


class Trial:
    """An empty platform that takes in mails, one after the other."""

    def __init__(self, settings: Settings, database: Database, parser: ParsingProcess) -> None:
        self.deadline = settings.mail.parse_seconds
        self._settings = settings
        self._database = database
        self._parser = parser
        self._dispatcher = Dispatcher(open_platform(settings), everything())
        self._now = _START

    async def take(self, name: str, raw: bytes) -> Verdict:
        """Take in one mail."""
        self._now += _APART
        limit = self._settings.mail.max_bytes
        sheet = Sheet(raw[: limit + 1], self._now, f"place of {name}", whole=len(raw) <= limit)
        began = time.perf_counter()
        (incoming,) = await self._parser.read([sheet])
        read = time.perf_counter()
        # Corpora hold the same Message-ID twice; each file is a mail of its own here.
        incoming = replace(incoming, external_id=f"<{name}@robustness.invalid>")
        state, answers, fault = await asyncio.to_thread(self._handled, incoming)
        handled = time.perf_counter()
        return Verdict(name, incoming.kind, state, answers, read - began, handled - read, fault)

    def _handled(self, incoming: Incoming) -> tuple[str | None, int, str]:
        try:
            return self._database.run(self._taken, incoming)
        except Exception as error:  # noqa: BLE001 - that nothing is raised is what is looked at
            return None, 0, f"raised {type(error).__name__}: {error}"[:300]

    def _taken(self, session: Session, incoming: Incoming) -> tuple[str | None, int, str]:
        known = session.scalar(select(Row.id).order_by(Row.id.desc()).limit(1)) or 0
        self._dispatcher.take_one(session, incoming, self._now)
        session.flush()
        key = (Entry.channel == incoming.channel, Entry.external_id == incoming.external_id)
        entry = session.scalar(select(Entry).where(*key))
        written = session.scalars(select(Row).where(Row.id > known, Row.channel == MAIL)).all()
        for one in written:
            self._compose(one)
        fault = (entry.traceback or "") if entry else ""
        last = fault.strip().splitlines()[-1] if fault else ""
        return (entry.state if entry else None), len(written), last

    def _compose(self, delivery: Row) -> None:
        address, name = self._settings.mail.address, self._settings.mail.sender_name
        compose(delivery.payload, (), address=address, sender_name=name, date=self._now)


@asynccontextmanager
async def trial() -> AsyncIterator[Trial]:
    """An empty platform in a folder that goes away."""
    with TemporaryDirectory(prefix="supracom-robustness-") as folder:
        settings = example_settings(Path(folder))
        database = open_database(settings)
        reading = reading_for(settings.mail, settings.platform.secret.get_secret_value())
        parser = ParsingProcess(reading, settings.mail.parse_seconds)
        try:
            yield Trial(settings, database, parser)
        finally:
            await parser.close()
            database.close()


async def verdicts(mails: Iterable[tuple[str, bytes]]) -> AsyncIterator[tuple[Verdict, str]]:
    """What became of each mail, and what is wrong with that; a plain one comes last."""
    async with trial() as taking:
        for name, raw in mails:
            found = await taking.take(name, raw)
            yield found, found.wrong(taking.deadline)
        found = await taking.take("plain", PLAIN)
        yield found, found.wrong(taking.deadline) or ("" if found.answers else "not served")


def files_in(folder: Path) -> list[tuple[str, bytes]]:
    """Every file below a folder, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(path.relative_to(folder)), path.read_bytes()) for path in files]


async def _report(folder: Path) -> int:
    states: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    wrongs = 0
    async for found, wrong in verdicts(files_in(folder)):
        states[f"{found.kind}, {found.state or 'not kept'}"] += 1
        slowest.append((found.reading_seconds + found.handling_seconds, found.name))
        if wrong:
            wrongs += 1
            print(f"WRONG {found.name}: {wrong}")
    for state, number in states.most_common():
        print(f"{number:5} {state}")
    for seconds, name in sorted(slowest, reverse=True)[:3]:
        print(f"{seconds:8.2f} s  {name}")
    print(f"{sum(states.values())} mails, {wrongs} wrong")
    return 1 if wrongs else 0


def main() -> None:
    """Take in every file of a folder, and say what became of them."""
    parser = argparse.ArgumentParser(description="Every file of a folder, taken in as a mail.")
    parser.add_argument("folder", type=Path)
    sys.exit(asyncio.run(_report(parser.parse_args().folder)))


if __name__ == "__main__":
    main()
