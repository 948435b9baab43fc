"""The figures of the article, from the data behind them, at its date and at others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.members import Institution, Person, Standing
from storage.order_states import OrderState
from storage.orders import Contract, Order, OrderLine
from storage.purchasing import Adhesion, Central, Solution
from tests.handlers.conversation import World

AMOUNTS = [2_400_000] * 15 + [4_000_000]
"""Fifteen orders of one solution and one of two: 400.000 € in all, for 17 solutions, so that the
mean of a solution is the article's 24.000 €, rounded to the thousand."""


@pytest.fixture
def article(shop: World) -> World:
    """The end of 2019: 23 communes have joined since February, 16 orders are notified."""

    def load(session: Session) -> None:
        smart = session.scalars(select(Central).where(Central.slug == "smart")).one()
        solutions = sorted(smart.solutions, key=lambda one: one.id)
        for number, commune in enumerate(shop.platform.territory.communes[:23]):
            month = 2 + number % 11
            institution = Institution(
                type="commune",
                code=commune.nis,
                name=commune.name_fr,
                state=Standing.ACTIVE,
                requested_at=datetime(2019, 1, 15, tzinfo=UTC),
                active_on=date(2019, 1, 20),
            )
            person = Person(institution=institution, name="Personne Inventée", active=True)
            session.add(person)
            session.add(
                Adhesion(
                    central=smart,
                    institution=institution,
                    decided_on=date(2019, month, 1),
                    decision="1",
                    joined_on=date(2019, month, 10),
                )
            )
            if number < len(AMOUNTS):
                session.add(_order(smart, person, number, solutions[:2]))

    def _order(smart: Central, person: Person, number: int, solutions: list[Solution]) -> Order:
        order = Order(
            central=smart,
            institution=person.institution,
            person=person,
            state=OrderState.AWARDED,
            year=2019,
            number=number + 1,
            drafted_at=datetime(2019, 10, 1, tzinfo=UTC),
            awarded_on=date(2019, 11, 1 + number),
        )
        order.contract = Contract(
            supplier="Civadis",
            amount_cents=AMOUNTS[number],
            starts_on=date(2019, 11, 1 + number),
            ends_on=date(2023, 10, 31),
        )
        for solution in solutions if number == len(AMOUNTS) - 1 else solutions[:1]:
            order.lines.append(
                OrderLine(
                    solution=solution, label="x", quantity=1, unit_cents=1, vat_basis_points=2100
                )
            )
        return order

    shop.change(load)
    shop.clock.move_to(date(2020, 1, 15))
    return shop


@pytest.mark.parametrize(
    ("asked", "figures"),
    [
        (
            "statistiques",
            ("23 sur 44 (52,3 %)", "16", "400.000 €", "25.000 € HTVA", "23.529,41 € HTVA"),
        ),
        ("statistiques au 31/12/2019", ("23 sur 44 (52,3 %)", "31 décembre 2019", "400.000 €")),
        ("statistiques au 31/10/2019", ("31 octobre 2019", "0 €")),
        ("statistiques au 03/11/2019", ("72.000 €", "24.000 € HTVA")),
    ],
)
def test_the_article_s_figures(article: World, asked: str, figures: tuple[str, ...]) -> None:
    told = article.stranger().asks(asked).text.replace("\u00a0", " ")
    for figure in figures:
        assert figure in told, figure


def test_the_share_changes_with_the_number_of_communes(article: World) -> None:
    article.clock.move_to(date(2025, 6, 1))
    told = article.stranger().asks("statistiques").text.replace("\u00a0", " ")
    assert "23 sur 43 (53,5 %)" in told


def test_a_year_stands_beside_the_one_before(article: World) -> None:
    told = article.stranger().asks("bilan 2019").text.replace("\u00a0", " ")
    for figure in ("2019", "2018", "23", "16", "17", "400.000 €"):
        assert figure in told
    now = article.stranger("autre").asks("bilan").text.replace("\u00a0", " ")
    assert "-400.000 €" in now
    assert "pas commencé" in article.stranger("tiers").asks("bilan 2021").text
