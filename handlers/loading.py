"""Loading centrals and catalogues in bulk; the same again changes nothing (acceptance B49)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import content
from config.content import Content
from handlers.loading_library import load_library
from storage import members, purchasing
from storage.members import Institution, Person, Standing
from storage.purchasing import Central, Price, Solution


@dataclass(frozen=True, slots=True)
class Report:
    """How much was loaded."""

    centrals: int
    solutions: int
    publications: int


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
    for solution in whole.solutions:
        _solution(session, solution)
    published = load_library(session, whole.library, now)
    return Report(len(whole.centrals), len(whole.solutions), published)


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


def _solution(session: Session, told: content.Solution) -> None:
    central = purchasing.central_by_slug(session, told.central)
    assert central is not None  # noqa: S101 - the reader of the content made sure of it
    known = session.scalar(select(Solution).where(Solution.slug == told.slug))
    solution = known or Solution(slug=told.slug, prices=[])
    solution.central, solution.name, solution.supplier = central, told.name, told.supplier
    solution.summary = told.summary
    solution.functions, solution.aliases = list(told.functions), list(told.aliases)
    solution.vat_basis_points = told.vat_basis_points
    session.add(solution)
    _prices(session, solution, told.prices)


def _prices(session: Session, solution: Solution, told: tuple[content.Price, ...]) -> None:
    wanted = [(p.label, p.unit_cents, p.from_population, p.below_population) for p in told]
    mine = [(p.label, p.unit_cents, p.from_population, p.below_population) for p in solution.prices]
    if wanted == mine:
        return
    for price in solution.prices:
        session.delete(price)
    solution.prices = [
        Price(label=label, unit_cents=cents, from_population=low, below_population=high)
        for label, cents, low, high in wanted
    ]
