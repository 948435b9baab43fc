"""How well mails are understood: any folder of mails with their ``expected.json``, scored.

    python -m benchmarks.understanding DIR

Each mail meets a fresh copy of the folder's world, at the moment of its date, and takes the way of
``supracom explain``. A case is right, wrong, or *wrongly accepted*: something was done that should
not have been. The end is a failure below 95 % or at any wrong acceptance. See
docs/understanding.md for the form of such a folder.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import matching
from benchmarks.world import World, load_world
from bot.app import open_platform
from bot.explain_command import example_settings
from bot.explanation import Explained, explain
from bot.mail.addresses import OwnAddress
from bot.mail.channel import reading_for
from bot.mail.parse import Reading, parse
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.platform import Platform
from storage.announcements import Announcement, Contribution, Stage
from storage.engine import Database
from storage.members import Institution, Person, Standing
from storage.order_states import OrderState
from storage.orders import Order
from storage.purchasing import Adhesion
from storage.upgrade import upgrade

PASS_MARK = 0.95


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case came out."""

    file: str
    action: str
    intent: str
    differences: tuple[str, ...] = ()
    violated: tuple[str, ...] = ()
    changed: bool = False
    unchecked: int = 0

    @property
    def right(self) -> bool:
        """Whether everything scored agrees."""
        return not self.differences and not self.violated

    @property
    def wrongly_accepted(self) -> bool:
        """Whether something was done that should not have been."""
        return bool(self.violated) or (self.changed and bool(self.differences))


@dataclass
class Bench:
    """The platform, and the folder's world in a file that is copied for each case."""

    folder: Path
    expected: dict[str, Any]
    scratch: Path
    platform: Platform = field(init=False)
    reading: Reading = field(init=False)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        settings = example_settings(self.scratch)
        self.platform = open_platform(settings)
        addresses = matching.addresses(self.expected["world"])
        reading = reading_for(settings.mail, self.platform.secret)
        self.reading = replace(reading, own=OwnAddress(addresses[0]))
        self.central = replace(reading, own=OwnAddress(addresses[-1]))
        database = self._open("template")
        upgrade(database.engine)
        self.world = database.run(load_world, self.expected["world"], self.platform)
        database.close()

    def _open(self, name: str) -> Database:
        return Database.open(f"sqlite:///{self.scratch / name}.sqlite3")

    def outcomes(self) -> Iterator[Outcome]:
        """Every case, in the order of the file."""
        for case in self.expected["cases"]:
            yield self.outcome(case)

    def outcome(self, case: dict[str, Any]) -> Outcome:
        """One case in a fresh copy of the world."""
        found = self.explained(case)
        facts = found.facts
        before, after = found.seen or (matching.Effects(), matching.Effects())
        effects = after.since(before)
        differences = matching.differences(case, facts)
        violated, unchecked = matching.violated(case, facts, effects, found.rows)
        return Outcome(
            case["file"],
            facts["action"],
            facts["intent"],
            tuple(differences),
            tuple(violated),
            effects.anything,
            unchecked,
        )

    def explained(self, case: dict[str, Any]) -> Explained:
        """What the platform does with the mail of a case."""
        shutil.copy(self.scratch / "template.sqlite3", self.scratch / "case.sqlite3")
        database = self._open("case")
        try:
            if "after" in case:
                self._take(database, case["after"])
            raw = (self.folder / case["file"]).read_bytes()
            return explain(
                database,
                self.platform,
                self._reading_of(raw),
                raw,
                moment(raw),
                tag=self._tag(raw),
                believed=not _has_verdict(raw),
                anew=False,
                look=effects_of,
            )
        finally:
            database.close()

    def _take(self, database: Database, file: str) -> None:
        raw = (self.folder / file).read_bytes()
        now = moment(raw)
        incoming = replace(parse(raw, self._reading_of(raw), now, file), authenticated=True)
        database.run(Dispatcher(self.platform, everything()).take_one, incoming, now)

    def _reading_of(self, raw: bytes) -> Reading:
        mail = message_from_bytes(raw)
        to_central = self.central.own.domain in str(mail.get("To", "")).lower()
        reading = self.central if to_central else self.reading
        return replace(reading, authserv_id=_own_server(mail, reading))

    def _tag(self, raw: bytes) -> str | None:
        """Our own token for a token of the folder's world."""
        to = str(message_from_bytes(raw).get("To", "")).lower()
        return next((tag for address, tag in self.world.tags.items() if address in to), None)


def _own_server(mail: Message, reading: Reading) -> str | None:
    """The folder's own mail server, if it wrote the topmost verdict: one of the own domain."""
    server = str(mail.get("Authentication-Results", "")).partition(";")[0].strip()
    return server if f".{server}".endswith(f".{reading.own.domain}") else None


def moment(raw: bytes) -> datetime:
    """When a mail was written."""
    return parsedate_to_datetime(str(message_from_bytes(raw)["Date"]))


def _has_verdict(raw: bytes) -> bool:
    return "Authentication-Results" in message_from_bytes(raw)


def effects_of(session: Session) -> matching.Effects:
    """The state of the world, by what a case can change in it."""
    living = [Standing.PENDING, Standing.ACTIVE]
    institutions = session.scalars(select(Institution).where(Institution.state.in_(living))).all()
    persons = session.scalars(select(Person)).all()
    orders = session.scalars(select(Order).where(Order.state != OrderState.DRAFT)).all()
    published = select(Announcement).where(Announcement.stage == Stage.OPEN)
    return matching.Effects(
        institutions=frozenset(i.name for i in institutions),
        users=frozenset(
            (p.institution.name, p.name, a.address, str(p.active))
            for p in persons
            for a in p.addresses
        ),
        people=frozenset(p.name for p in persons if p.active),
        orders=frozenset(f"{o.reference}:{o.state}" for o in orders),
        published=frozenset(a.id for a in session.scalars(published)),
        answers=frozenset(c.id for c in session.scalars(select(Contribution))),
        adhesions=frozenset(a.id for a in session.scalars(select(Adhesion))),
    )


def score(folder: Path) -> list[Outcome]:
    """Every case of a folder."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="supracom-understanding-") as scratch:
        return list(Bench(folder, expected, Path(scratch)).outcomes())


def show(outcomes: Sequence[Outcome], console: Console) -> None:
    """A line per case that is not right, and the totals."""
    table = Table(title="Understanding")
    for heading in ("mail", "verdict", "done", "different"):
        table.add_column(heading, overflow="fold")
    for one in outcomes:
        verdict = "right" if one.right else "wrong"
        verdict = "WRONGLY ACCEPTED" if one.wrongly_accepted else verdict
        what = "\n".join([*one.differences, *(f"must not: {said}" for said in one.violated)])
        table.add_row(one.file, verdict, f"{one.action} {one.intent}", what)
    console.print(table)
    right = sum(one.right for one in outcomes)
    accepted = sum(one.wrongly_accepted for one in outcomes)
    console.print(
        f"{right} of {len(outcomes)} right ({right / len(outcomes):.1%}), {accepted} wrongly"
        f" accepted; {sum(one.unchecked for one in outcomes)} prohibitions are for a person's eyes"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Score a folder; 1 below the pass mark or at any wrong acceptance."""
    parser = argparse.ArgumentParser(description="How well mails are understood.")
    parser.add_argument("folder", type=Path)
    outcomes = score(parser.parse_args(arguments).folder)
    show(outcomes, Console())
    right = sum(one.right for one in outcomes)
    passed = right >= PASS_MARK * len(outcomes)
    return 0 if passed and not any(one.wrongly_accepted for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
