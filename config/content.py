"""Content that a platform starts with, read from TOML: purchasing centrals and their catalogue;
the library is in :mod:`config.library`.

`content/sample/` is an example and what the demonstration shows. Amounts are integer cents
excluding VAT, for one contract over its whole duration; VAT rates are in basis points (2100 is
21 %); dates may lack the day, the month or the year (acceptance rows A04, B04).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked_dataclass

from config.entries import read_entries, repeated
from config.faults import ConfigurationError, Fault, shown
from config.library import DOCUMENTS, Document, Library, read_library
from config.values import (
    Count,
    Enterprise,
    MailAddress,
    MatrixId,
    OptionalMailAddress,
    PartialDate,
    Slug,
    Text,
    Whole,
)

__all__ = ["Central", "Content", "Price", "Solution", "read_content"]

CENTRALS, SOLUTIONS = "centrals.toml", "solutions.toml"
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)

OperatorType = Literal[
    "commune", "cpas", "zone_police", "zone_secours", "province", "intercommunale"
]


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Central:
    """A purchasing central: who runs it, for whom it awards, and what it says of itself."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    name: Text = Field(description="the name of the central")
    operator: Text = Field(description="the name of the body that runs the central")
    operator_type: OperatorType = Field(
        description='"commune", "cpas", "zone_police", "zone_secours", "province" or'
        ' "intercommunale"'
    )
    enterprise: Enterprise = Field(
        default="", description="ten digits with right check digits, or nothing"
    )
    contracting_authority: Text = Field(description="the name of the contracting authority")
    launched: PartialDate = Field(
        default="", description="a date as YYYY, YYYY-MM or YYYY-MM-DD, or nothing"
    )
    version: str = Field(default="", description='a version in quotes, such as "1.0", or nothing')
    presentation: str = Field(default="", description="a text, or nothing")
    contact_name: str = Field(default="", description="the name of a person, or nothing")
    contact_function: str = Field(default="", description="the function of a person, or nothing")
    contact_mail: OptionalMailAddress = Field(default="", description="a mail address, or nothing")
    managers: tuple[MailAddress, ...] = Field(default=(), description="a list of mail addresses")
    manager_matrix_ids: tuple[MatrixId, ...] = Field(
        default=(), description='a list of Matrix user ids, such as ["@name:server"]'
    )
    legal_basis: str = Field(default="", description="a text, or nothing")
    beneficiaries: str = Field(default="", description="who may join and order, or nothing")
    joining: Literal["accepted", "recorded"] = Field(
        default="accepted",
        description='"accepted" (by a manager) or "recorded" (a decision is enough)',
    )
    closes_on: date | None = Field(default=None, description="a date as YYYY-MM-DD, or nothing")
    successor: str = Field(default="", description="the slug of a central, or nothing")
    award_days: Count = Field(default=20, description="a number of days above 0")
    award_counting: Literal["", "calendar", "working"] = Field(
        default="", description='"calendar", "working", or nothing for what the platform does'
    )
    contract_years: Count = Field(default=4, description="a number of years above 0")
    public: bool = Field(default=True, description="true or false")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Price:
    """What one solution costs a buyer of one kind."""

    label: Text = Field(description="for whom or what the price is")
    unit_cents: Count = Field(description="an amount in cents above 0 (2400000 is 24 000 €)")
    from_population: Count | None = Field(
        default=None, description="the least number of inhabitants for whom the price holds"
    )
    below_population: Count | None = Field(
        default=None, description="the number of inhabitants from which it no longer holds"
    )
    unit: str = Field(default="", description="what one piece is, or nothing")
    option: bool = Field(default=False, description="true if it may be added to the solution")


@checked_dataclass(frozen=True, kw_only=True, config=_STRICT)
class Solution:
    """One entry of a central's catalogue."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    central: Text = Field(description="the slug of a central")
    name: Text = Field(description="the name of the solution")
    supplier: Text = Field(description="the name of the supplier")
    summary: Text = Field(description="a description in one or two sentences")
    functions: tuple[Text, ...] = Field(default=(), description="a list of functions")
    aliases: tuple[Text, ...] = Field(default=(), description="a list of other names")
    prices: tuple[Price, ...] = Field(
        min_length=1, description="a list of at least one price with a label and unit_cents"
    )
    lot: str = Field(default="", description="the lot it belongs to, or nothing")
    category: str = Field(default="", description="the kind of solution, or nothing")
    valid_from: date | None = Field(default=None, description="a date as YYYY-MM-DD, or nothing")
    retired_on: date | None = Field(default=None, description="a date as YYYY-MM-DD, or nothing")
    vat_basis_points: Whole = Field(
        default=2100, ge=0, le=10_000, description="basis points from 0 to 10000 (2100 is 21 %)"
    )


@dataclass(frozen=True)
class Content:
    """Everything read from one folder."""

    centrals: tuple[Central, ...]
    solutions: tuple[Solution, ...]
    library: Library


def read_content(folder: Path) -> Content:
    """The content of `centrals.toml`, `solutions.toml` and the library in `folder`.

    Raises ConfigurationError with every fault; each names the file, the entry and the key.
    """
    faults: list[Fault] = []
    centrals = read_entries(folder / CENTRALS, "central", Central, faults)
    solutions = read_entries(folder / SOLUTIONS, "solution", Solution, faults)
    faults += repeated(CENTRALS, (central.slug for central in centrals))
    faults += repeated(SOLUTIONS, (solution.slug for solution in solutions))
    if not faults:  # a central with a fault is not among the known ones
        faults += _orphans(solutions, centrals)
    library = read_library(folder, faults)
    if not faults:
        faults += _lost_documents(library.documents, centrals, solutions)
    if faults:
        raise ConfigurationError(faults)
    return Content(tuple(centrals), tuple(solutions), library)


def _orphans(solutions: Iterable[Solution], centrals: Collection[Central]) -> Iterator[Fault]:
    known = {central.slug for central in centrals}
    expected = f"one of: {', '.join(sorted(known))}"
    for central in centrals:
        if central.successor and central.successor not in known - {central.slug}:
            where = f"{CENTRALS}: central {shown(central.slug)}: successor"
            yield Fault(where, expected, shown(central.successor))
    for solution in solutions:
        if solution.central not in known:
            where = f"{SOLUTIONS}: solution {shown(solution.slug)}: central"
            yield Fault(where, expected, shown(solution.central))


def _lost_documents(
    documents: Iterable[Document], centrals: Iterable[Central], solutions: Iterable[Solution]
) -> Iterator[Fault]:
    """Documents of what is not there; a solution's is that of its own central."""
    known = {(central.slug, "") for central in centrals}
    known |= {(solution.central, solution.slug) for solution in solutions}
    for document in documents:
        if (document.central, document.solution) not in known:
            where = f"{DOCUMENTS}: {shown(document.slug)}: central, solution"
            got = shown(f"{document.central}, {document.solution}")
            yield Fault(where, "a central, and a solution of it", got)
