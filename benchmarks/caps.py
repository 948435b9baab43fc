"""Several processes order from one central at once, against one cap: it is never passed, no order
is lost, no number is left out.

    python -m benchmarks.caps --each 250
    python -m benchmarks.caps --each 250 --url postgresql+psycopg://…

The database must be empty; without ``--url`` it is a SQLite file, and then a PostgreSQL of the
sandbox. Ends with 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import caps, order_steps, orders, purchasing, schema
from storage.caps import CapPassedError, Measure
from storage.engine import Database
from storage.members import Institution, Person, Standing
from storage.orders import Order, OrderLine
from storage.purchasing import Central, Solution
from storage.upgrade import upgrade

NOW = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
DUE = date(2026, 4, 13)
UNIT = 1_000_00
"""The price of one piece, in cents."""
PROCESSES = 4


@dataclass(frozen=True)
class Outcome:
    """What came of a race."""

    sent: tuple[str, ...]
    """The references of the orders that the processes were told are sent."""
    refused: int
    kept: tuple[str, ...]
    """Those that the register holds."""
    used: int
    most: int
    seconds: float

    @property
    def faults(self) -> list[str]:
        """What is wrong, in words; nothing if all is right."""
        expected = min(len(self.sent) + self.refused, self.most // UNIT)
        checks = {
            "the cap was passed": self.used <= self.most,
            "the cap was not used up": len(self.sent) == expected,
            "an order was lost": sorted(self.sent) == sorted(self.kept),
            "an order was doubled": len(set(self.sent)) == len(self.sent),
            "a number was left out": _whole(self.kept),
        }
        return [fault for fault, right in checks.items() if not right]


def _whole(references: tuple[str, ...]) -> bool:
    numbers = [int(reference.rpartition("-")[2]) for reference in references]
    return numbers == list(range(1, len(numbers) + 1))


def race(url: str, each: int, most: int) -> Outcome:
    """Let four processes try ``each`` orders of one piece against a cap of ``most`` cents."""
    database = Database.open(url)
    upgrade(database.engine)
    database.run(_set_up, most)
    context = multiprocessing.get_context("spawn")
    started = time.monotonic()
    with context.Pool(PROCESSES) as pool:
        told = pool.starmap(_order, [(url, number, each) for number in range(PROCESSES)])
    seconds = time.monotonic() - started
    kept, used = database.run(_kept)
    database.close()
    sent = tuple(reference for references in told for reference in references)
    return Outcome(sent, PROCESSES * each - len(sent), kept, used, most, seconds)


def _set_up(session: Session, most: int) -> None:
    central = Central(
        slug="smart", name="Smart", operator="Centrale", contracting_authority="Centrale"
    )
    solution = Solution(
        central=central,
        slug="e-guichet",
        name="E-guichet",
        supplier="Prestataire",
        summary="",
        functions=[],
        aliases=[],
    )
    session.add_all([central, solution])
    for number in range(PROCESSES):
        institution = Institution(
            type="commune",
            code=f"8500{number}",
            name=f"Commune {number}",
            state=Standing.ACTIVE,
            requested_at=NOW,
        )
        session.add(Person(institution=institution, name=f"Personne {number}", active=True))
    caps.set_cap(session, central, Measure.CENTS, most)


def _order(url: str, number: int, each: int) -> list[str]:
    """What one process does; the references of the orders that it was told are sent."""
    assert schema.metadata.tables
    database = Database.open(url)
    sent = []
    for _ in range(each):
        try:
            sent.append(database.run(_one_order, number))
        except CapPassedError:
            continue
    database.close()
    return sent


def _one_order(session: Session, number: int) -> str:
    person = session.scalars(select(Person).order_by(Person.id)).all()[number]
    central = purchasing.centrals(session)[0]
    draft = Order(central=central, institution=person.institution, person=person, drafted_at=NOW)
    draft.lines.append(
        OrderLine(
            solution=central.solutions[0],
            label="E-guichet",
            quantity=1,
            unit_cents=UNIT,
            vat_basis_points=2100,
        )
    )
    session.add(draft)
    order_steps.send(session, draft, at=NOW, year=NOW.year, due_on=DUE, by=person)
    return draft.reference


def _kept(session: Session) -> tuple[tuple[str, ...], int]:
    central = purchasing.centrals(session)[0]
    (cap,) = caps.of_central(session, central)
    entered = orders.register(session, central, NOW.year)
    return tuple(order.reference for order in entered), caps.used(session, cap)


def _told(name: str, outcome: Outcome) -> bool:
    rate = (len(outcome.sent) + outcome.refused) / outcome.seconds
    print(
        f"{name}: {len(outcome.sent)} sent, {outcome.refused} refused,"
        f" {outcome.used} of {outcome.most} cents used, {rate:.0f} attempts a second:"
        f" {', '.join(outcome.faults) or 'all is right'}"
    )
    return not outcome.faults


def main() -> int:
    """Race on one database, or on both engines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--each", type=int, default=250, help="how often each process orders")
    parser.add_argument("--url", help="an empty database")
    given = parser.parse_args()
    most = given.each * PROCESSES * UNIT * 3 // 5
    if given.url:
        return 0 if _told("this database", race(given.url, given.each, most)) else 1
    # Imported here: who names a database needs no server of the sandbox.
    from sandbox.database import PostgresServer  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        right = [_told("SQLite", race(f"sqlite:///{folder}/caps.sqlite3", given.each, most))]
        with PostgresServer(Path(folder) / "postgres") as server:
            url = server.create_database("caps")
            right.append(_told("PostgreSQL", race(url, given.each, most)))
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
