"""Loading centrals and catalogues in bulk; the same again changes nothing (acceptance B49)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import content
from config.content import Content
from handlers.loading_library import load_library
from storage import members, purchasing
from storage.catalogue_changes import CatalogueChange, What
from storage.members import Institution, Person, Standing
from storage.purchasing import Central, Price, Solution


@dataclass(frozen=True, slots=True)
class Report:
    """How much was loaded."""

    centrals: int
    solutions: int
    publications: int
    changes: tuple[CatalogueChange, ...] = ()
    """What it changed in the catalogues."""


@dataclass(frozen=True, slots=True)
class Channels:
    """In which channel a manager's mail address, and a manager's chat address, lies."""

    mail: str
    chat: str


def load(
    session: Session, whole: Content, language: str, channels: Channels, now: datetime
) -> Report:
    """Make the database hold this content: what is new is added, what is known is brought up to
    date, what is no longer named stays as it is.
    """
    for central in whole.centrals:
        _central(session, central, language, channels, now)
    for central in whole.centrals:
        _successor(session, central)
    changes = [put_solution(session, solution, now) for solution in whole.solutions]
    published = load_library(session, whole.library, now)
    made = tuple(change for change in changes if change is not None)
    return Report(len(whole.centrals), len(whole.solutions), published, made)


def _central(
    session: Session, told: content.Central, language: str, channels: Channels, now: datetime
) -> None:
    known = purchasing.central_by_slug(session, told.slug)
    central = known or Central(slug=told.slug)
    central.name, central.operator = told.name, told.operator
    central.contracting_authority = told.contracting_authority
    central.launched, central.version = told.launched, told.version
    central.presentation = told.presentation
    central.contact_name, central.contact_function = told.contact_name, told.contact_function
    central.contact_address = told.contact_mail
    central.award_days, central.contract_years = told.award_days, told.contract_years
    central.award_counting, central.enterprise = told.award_counting, told.enterprise
    central.legal_basis, central.beneficiaries = told.legal_basis, told.beneficiaries
    central.closes_on, central.joining = told.closes_on, told.joining
    session.add(central)
    session.flush()
    _managers(session, central, told, language, channels, now)


def _managers(
    session: Session,
    central: Central,
    told: content.Central,
    language: str,
    channels: Channels,
    now: datetime,
) -> None:
    addresses = [(channels.mail, mail) for mail in told.managers]
    addresses += [(channels.chat, user) for user in told.manager_matrix_ids]
    for channel, address in addresses:
        person = members.person_at(session, channel, address)
        if person is None:
            person = _manager(session, told, language, now)
            members.link(session, person, channel, address, now)
        if person not in central.managers:
            central.managers.append(person)
    session.flush()


def _manager(session: Session, told: content.Central, language: str, now: datetime) -> Person:
    operator = session.scalar(
        select(Institution).where(
            Institution.name == told.operator, Institution.state == Standing.OPERATOR
        )
    )
    if operator is None:
        operator = Institution(
            type=told.operator_type,
            code=told.slug,
            name=told.operator,
            state=Standing.OPERATOR,
            requested_at=now,
        )
        session.add(operator)
    name = told.contact_name or told.operator
    person = Person(
        institution=operator,
        name=name,
        function=told.contact_function,
        language=language,
        active=True,
    )
    session.add(person)
    session.flush()
    return person


def _successor(session: Session, told: content.Central) -> None:
    central = purchasing.central_by_slug(session, told.slug)
    assert central is not None  # noqa: S101 - it was just loaded
    central.successor = (
        purchasing.central_by_slug(session, told.successor) if told.successor else None
    )


def put_solution(session: Session, told: content.Solution, now: datetime) -> CatalogueChange | None:
    """Add a solution or bring it up to date; what changed is kept in the catalogue's history."""
    central = purchasing.central_by_slug(session, told.central)
    assert central is not None  # noqa: S101 - the reader of the content made sure of it
    known = session.scalar(select(Solution).where(Solution.slug == told.slug))
    before = facts_of(known) if known else {}
    solution = known or Solution(slug=told.slug, prices=[])
    solution.central, solution.name, solution.supplier = central, told.name, told.supplier
    solution.summary, solution.lot, solution.category = told.summary, told.lot, told.category
    solution.functions, solution.aliases = list(told.functions), list(told.aliases)
    solution.vat_basis_points = told.vat_basis_points
    solution.valid_from, solution.retired_on = told.valid_from, told.retired_on
    session.add(solution)
    _prices(session, solution, told.prices)
    session.flush()
    return _noted(session, central, solution, before, now)


def _noted(
    session: Session, central: Central, solution: Solution, before: dict[str, Any], now: datetime
) -> CatalogueChange | None:
    after = facts_of(solution)
    facts = {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }
    if not facts:
        return None
    change = CatalogueChange(
        central_id=central.id,
        at=now,
        slug=solution.slug,
        name=solution.name,
        what=What.CHANGED if before else What.ADDED,
        facts=facts,
    )
    session.add(change)
    return change


def facts_of(solution: Solution) -> dict[str, Any]:
    """Everything that the catalogue says of a solution, as plain values."""
    return {
        "central": solution.central.slug,
        "name": solution.name,
        "supplier": solution.supplier,
        "summary": solution.summary,
        "functions": list(solution.functions),
        "aliases": list(solution.aliases),
        "lot": solution.lot,
        "category": solution.category,
        "vat": solution.vat_basis_points,
        "valid_from": str(solution.valid_from or ""),
        "retired_on": str(solution.retired_on or ""),
        "prices": [list(_price_key(price)) for price in solution.prices],
    }


def _price_key(price: Price | content.Price) -> tuple[str, int, int | None, int | None, str, bool]:
    return (
        price.label,
        price.unit_cents,
        price.from_population,
        price.below_population,
        price.unit,
        price.option,
    )


def _prices(session: Session, solution: Solution, told: tuple[content.Price, ...]) -> None:
    wanted = [_price_key(price) for price in told]
    if wanted == [_price_key(price) for price in solution.prices]:
        return
    for price in solution.prices:
        session.delete(price)
    solution.prices = [
        Price(
            label=price.label,
            unit_cents=price.unit_cents,
            from_population=price.from_population,
            below_population=price.below_population,
            unit=price.unit,
            option=price.option,
        )
        for price in told
    ]
