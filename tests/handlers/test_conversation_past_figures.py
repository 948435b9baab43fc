"""Figures at any past date: those that follow from the acts up to that day, whatever came since.

What the audit chain says of each act, in its order, is counted again here by brute force, beside
what the central brought in of the time before; every figure command must say the same of every day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit import AuditEntry
from storage.orders import Order
from tests.handlers.conversation import Somebody, World
from tests.handlers.test_conversation_figures import AMOUNTS, article  # noqa: F401 - a fixture

ADHESION = "adhérer Smart, décision du Collège du 13 janvier 2020, réf. 2020/{n}"
ORDER = "commander {what}, décision du Collège du 13 janvier 2020, réf. 2020/115"
TODAY = date(2020, 7, 1)
LEAVING = "quitter la centrale Smart, décision du Conseil du 13 janvier 2020, réf. 2020/77"
DAYS = (
    *(date(2019, month, day) for month, day in ((1, 31), (2, 10), (10, 31), (11, 9), (12, 31))),
    *(date(2020, 2, day) for day in (2, 3, 19, 20)),
    *(date(2020, 3, day) for day in (1, 2, 15, 16)),
    *(
        date(2020, month, day)
        for month, day in ((4, 19), (4, 20), (5, 3), (5, 4), (5, 10), (5, 11))
    ),
    *(date(2020, month, day) for month, day in ((5, 31), (6, 1), (7, 1))),
)


@pytest.fixture
def lived(article: World) -> World:  # noqa: F811 - the fixture
    """Half a year after the import: orders awarded, cancelled, undone, taken up again; a member
    that withdraws and comes back, another that leaves the platform.
    """
    world, smart = article, article.smart
    helene, bruno = world.helene(), world.bruno()

    def on(day: str, *acts: tuple[Somebody, str]) -> None:
        world.clock.move_to(date.fromisoformat(day))
        for who, words in acts:
            said = who.writes(words)
            shown = [one for one in who.got(said) if (one.row.topic or "").startswith("question:")]
            for one in shown:
                who.answers(one, "oui")

    on(
        "2020-02-03",
        (helene, ADHESION.format(n=1)),
        (bruno, ADHESION.format(n=2)),
        (helene, ORDER.format(what="e-guichet")),
        (helene, ORDER.format(what="rendez-vous")),
        (bruno, ORDER.format(what="e-guichet")),
    )
    first, second, third = _open(world)
    on(
        "2020-02-20",
        (smart, f"attribuer {first} pour 24.000 €"),
        (smart, f"attribuer {second} pour 5.500,50 €"),
        (smart, f"annuler la commande {third}, motif : erreur"),
    )
    on("2020-03-02", (smart, f"retirer l'attribution {first}, motif : recours"))
    on("2020-03-16", (smart, f"attribuer {first} pour 22.000 €"))
    on("2020-04-20", (smart, f"rétablir {third}, motif : annulée par erreur"))
    on("2020-05-04", (smart, f"attribuer {third} pour 23.000 €"), (helene, LEAVING))
    on("2020-05-11", (helene, ADHESION.format(n=3)), (bruno, "désinscrire"))
    on("2020-06-01", (smart, f"retirer l'attribution {second}, motif : recours"))
    world.clock.move_to(TODAY)
    return world


def _open(world: World) -> list[str]:
    def read(session: Session) -> list[str]:
        query = select(Order).where(Order.state == "sent").order_by(Order.id)
        return [one.reference for one in session.scalars(query)]

    found = world.change(read)
    assert len(found) == 3
    return found


@dataclass
class Counted:
    """What a day comes to."""

    joined: set[str] = field(default_factory=set)
    awarded: dict[str, int] = field(default_factory=dict)

    @property
    def cents(self) -> int:
        return sum(self.awarded.values())


def _before(day: date) -> Iterator[tuple[str, str, int]]:
    """What the central brought in, by the rows of its files: kind, whom, how many cents."""
    for n in range(23):
        if date(2019, 2 + n % 11, 10) <= day:
            yield "joined", f"file {n}", 0
    for n, amount in enumerate(AMOUNTS):
        if date(2019, 11, min(n, 15) + 1) <= day:
            yield "awarded", f"file {min(n, 15)}", int(amount.replace(".", "").replace(",", ""))


def _replayed(session: Session, world: World, day: date) -> Counted:
    """The acts of the audit chain up to the end of a day, one after another."""
    counted = Counted()
    for kind, whom, cents in _before(day):
        if kind == "joined":
            counted.joined.add(whom)
        else:
            counted.awarded[whom] = counted.awarded.get(whom, 0) + cents
    end = datetime.combine(day + timedelta(days=1), time(), world.platform.zone)
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.at < end and "imported" not in entry.facts:
            _replay(entry, counted)
    return counted


def _replay(entry: AuditEntry, counted: Counted) -> None:
    # Bruno's is no commune, and is not counted among them.
    code = entry.facts.get("institution")
    match entry.action:
        case "central.joined" if code == "85026":
            counted.joined.add(code)
        case "central.left" if code == "85026":
            counted.joined.discard(code)
        case "order.awarded":
            counted.awarded[entry.topic] = entry.facts["net_cents"]
        case "order.revoked":
            del counted.awarded[entry.topic]


def _euros(cents: int) -> str:
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02d} €" if cents % 100 else f"{whole} €"


def _says(world: World) -> Callable[[str], str]:
    def asked(words: str) -> str:
        said = world.smart.asks(words)
        return " ".join(said.text.replace("\u00a0", " ").replace("*", "").split())

    return asked


def _expected(world: World, day: date) -> Counted:
    def work(session: Session) -> Counted:
        return _replayed(session, world, day)

    return world.change(work)


def test_every_past_day_is_what_its_acts_made_it(lived: World) -> None:
    ask = _says(lived)
    for day in DAYS:
        # Nobody is answered more than so often in an hour.
        lived.clock.move(timedelta(minutes=15))
        expected, at = _expected(lived, day), f"au {day:%d/%m/%Y}"
        told = ask(f"statistiques {at}")
        assert f"{len(expected.joined)} sur 44" in told, (day, told)
        assert f"Commandes notifiées : {len(expected.awarded)} " in told, (day, told)
        assert f"Montant total : {_euros(expected.cents)} HTVA" in told, (day, told)
        shown = ask(f"indicateurs {at}")
        assert _euros(expected.cents) in shown, (day, shown)
        assert f"{len(expected.joined)} (" in shown, (day, shown)
        assert f"{len(expected.joined)} commune" in ask(f"carte {at}")
        if expected.awarded:
            # What the solutions come to is the whole, to the cent.
            amounts = _AMOUNT.findall(ask(f"chiffres par solution {at}"))
            assert sum(map(_cents, amounts)) == expected.cents, (day, amounts)


_AMOUNT = re.compile(r"Montant HTVA : ([\d.,]+) €")


def _cents(words: str) -> int:
    whole, _comma, decimals = words.replace(".", "").partition(",")
    return int(whole) * 100 + int(decimals or 0)


@pytest.mark.parametrize("day", [TODAY, date(2020, 3, 1), date(2020, 5, 4), date(2019, 11, 9)])
def test_the_trend_and_the_report_are_what_the_days_are(lived: World, day: date) -> None:
    ask = _says(lived)
    told = ask(f"évolution au {day:%d/%m/%Y}" if day != TODAY else "évolution")
    for year in range(2019, day.year + 1):
        last = _expected(lived, min(date(year, 12, 31), day))
        first = _expected(lived, date(year - 1, 12, 31))
        joined = len(last.joined) - len(first.joined)
        awarded, cents = len(last.awarded) - len(first.awarded), last.cents - first.cents
        row = f"Année : {year} Communes adhérentes : {joined} Commandes : {awarded} Montant HTVA :"
        assert f"{row} {_euros(cents)}" in told, (year, told)
        if day == TODAY and year == day.year:
            report = ask(f"bilan {year}")
            assert f"Commandes notifiées {year} : {awarded} " in report
            assert f"Montant HTVA {year} : {_euros(cents)} " in report


def test_an_award_that_was_undone_counts_for_the_days_before_it_was(lived: World) -> None:
    ask = _says(lived)
    assert _euros(40_000_000 + 2_400_000 + 550_050) in ask("statistiques au 01/03/2020")
    assert _euros(40_000_000 + 550_050) in ask("statistiques au 02/03/2020")
    assert _euros(40_000_000 + 2_200_000 + 2_300_000) in ask("statistiques")
