"""A folder's own world (members, central, announcements, orders) as rows of our tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from config.authorities import Authority
from config.folding import fold
from handlers.drafting import digest
from handlers.platform import Platform
from handlers.policy import contract_end
from handlers.request import Topic
from handlers.tokens import reply_tag
from storage import conversations, members
from storage.announcements import Announcement, Direction, Stage
from storage.conversations import Question
from storage.counters import following
from storage.members import Institution, Person, Standing
from storage.order_states import OrderState
from storage.orders import Contract, Order, OrderLine
from storage.purchasing import Adhesion, Central, Solution

CHANNEL = "mail"
BEGINNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When everything began that the world gives no date."""
SPARE = 1_000_00
"""The price, in cents, of what was ordered at a price that the world does not tell."""


@dataclass
class World:
    """What of a world is needed after its loading."""

    tags: dict[str, str] = field(default_factory=dict)
    """Our reply token by the world's address that stands for it."""


def load_world(session: Session, world: dict[str, Any], platform: Platform) -> World:
    """Enter a world in an empty database."""
    loader = _Loader(session, world, platform)
    loader.members()
    loader.central()
    loader.announcements()
    loader.orders()
    return loader.world


class _Loader:
    def __init__(self, session: Session, world: dict[str, Any], platform: Platform) -> None:
        self.session, self.told, self.platform = session, world, platform
        self.world = World()
        self._institutions: dict[str, Institution] = {}
        self._central: Central | None = None

    def members(self) -> None:
        for count, told in enumerate(self.told.get("members", []), 1):
            institution = self._institution(told["institution"], f"I-2025-{count:04d}")
            for address in told["users"]:
                person = Person(institution=institution, name=_name(address), active=True)
                self.session.add(person)
                self.session.flush()
                members.link(self.session, person, CHANNEL, address, BEGINNING)

    def _institution(self, name: str, reference: str) -> Institution:
        authority = _authority(self.platform, name)
        institution = Institution(
            type=authority.type,
            code=authority.code,
            name=authority.name,
            state=Standing.ACTIVE,
            reference=reference,
            requested_at=BEGINNING,
            active_on=BEGINNING.date(),
        )
        self.session.add(institution)
        self._institutions[fold(name)] = institution
        return institution

    def central(self) -> None:
        address = self.told.get("central_address")
        if not address:
            return
        name = address.partition("@")[0].title()
        # Orders are numbered by the central's short name.
        central = Central(
            slug=self._slug(),
            name=name,
            operator=name,
            contracting_authority=name,
            contact_address=address,
            award_days=self.told.get("award_delay", {}).get("days"),
        )
        self.session.add(central)
        self._central = central
        for label in self.told.get("catalogue", []):
            self.session.add(_solution(central, label))
        for joined in self.told.get("central_members", []):
            self.session.add(
                Adhesion(
                    central=central,
                    institution=self._institutions[fold(joined)],
                    decided_on=BEGINNING.date(),
                    decision="2025/1",
                    joined_on=BEGINNING.date(),
                )
            )
        self.session.flush()

    def _slug(self) -> str:
        ids: Iterable[str] = (order["id"] for order in self.told.get("orders", []))
        return next((one.partition("-")[0].lower() for one in ids), "central")

    def announcements(self) -> None:
        for told in self.told.get("announcements", []):
            person = members.person_at(self.session, CHANNEL, told["contact"])
            kind = Direction.DEMAND if told["kind"] == "demande" else Direction.OFFER
            categories = {"personnel": "staff", "materiel": "equipment", "savoir": "knowledge"}
            self.session.add(
                Announcement(
                    person=person,
                    direction=kind,
                    category=categories.get(told["category"], "other"),
                    words=f"{told['kind']} : {told['category']}",
                    starts_on=_day(told.get("start")),
                    ends_on=_day(told.get("end")),
                    stage=Stage.OPEN,
                    year=BEGINNING.year,
                    number=int(told["id"]),
                    drafted_at=BEGINNING,
                    published_at=BEGINNING,
                )
            )
        self.session.flush()

    def orders(self) -> None:
        for told in self.told.get("orders", []):
            self._order(told)

    def _order(self, told: dict[str, Any]) -> None:
        assert self._central is not None
        _slug, year, number = told["id"].split("-")
        institution = self._institutions[fold(told["institution"])]
        received = datetime.combine(date.fromisoformat(told["received"]), time(9), UTC)
        order = Order(
            central=self._central,
            institution=institution,
            person=institution.persons[0],
            year=int(year),
            number=int(number),
            drafted_at=received,
        )
        self.session.add(order)
        order.lines.append(self._line(told))
        self.session.flush()
        if "awarded" in told:
            self._award(order, told, received)
        elif told.get("state") == "awaiting_confirmation":
            self._await(order, told)
        else:
            order.state, order.sent_at = OrderState.SENT, received

    def _line(self, told: dict[str, Any]) -> OrderLine:
        assert self._central is not None
        wanted = fold(told.get("solution", ""))
        found = (s for s in self._central.solutions if fold(s.name) == wanted)
        solution = next(found, None) or self._central.solutions[0]
        return OrderLine(
            solution=solution,
            label=solution.name,
            quantity=1,
            unit_cents=SPARE,
            vat_basis_points=solution.vat_basis_points,
        )

    def _award(self, order: Order, told: dict[str, Any], received: datetime) -> None:
        awarded = date.fromisoformat(told["awarded"])
        order.state, order.sent_at, order.awarded_on = OrderState.AWARDED, received, awarded
        order.contract = Contract(
            supplier=order.lines[0].solution.supplier,
            amount_cents=SPARE,
            starts_on=awarded,
            ends_on=contract_end(awarded, told.get("duration_years", 4)),
        )

    def _await(self, order: Order, told: dict[str, Any]) -> None:
        """An order that waits for its confirmation has a question open, with its token."""
        assert order.number is not None
        # The next number that is given is the one that this order was announced with.
        for _number in range(order.number - 1):
            following(self.session, f"{order.central.slug}-{order.year}")
        address = order.person.addresses[0].address
        before = date.fromisoformat(told["confirm_before"])
        question = conversations.ask(
            self.session,
            Question(
                kind="order",
                topic=f"order:{order.id}",
                channel=CHANNEL,
                address=address,
                digest=digest(order),
                asked_at=order.drafted_at,
                expires_at=datetime.combine(before, time(22), UTC),
            ),
        )
        tag = reply_tag(self.platform.secret, Topic("question", question.id), address)
        if told.get("reply_address"):
            self.world.tags[told["reply_address"].lower()] = tag


def _authority(platform: Platform, name: str) -> Authority:
    wanted = fold(name)
    exact = [a for a in platform.territory.authorities if fold(a.name) == wanted]
    return exact[0] if exact else platform.territory.find(name)[0].authority


def _name(address: str) -> str:
    """A name for an address of which nothing else is known."""
    return address.partition("@")[0].replace(".", " ").title()


def _solution(central: Central, label: str) -> Solution:
    return Solution(
        central=central,
        slug=fold(label).replace(" ", "-"),
        name=label,
        supplier="Prestataire",
        summary=label,
        functions=[],
        aliases=[],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
