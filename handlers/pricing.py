"""What an order costs: line by line, VAT rounded per line, all in integer cents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.policy import vat_cents
from handlers.wording import Text, _
from storage.orders import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount excluding VAT and its VAT, in cents."""

    net: int
    vat: int

    @property
    def gross(self) -> int:
        """The amount including VAT."""
        return self.net + self.vat

    @property
    def columns(self) -> tuple[int, int, int]:
        """The three amounts of a row: excluding VAT, VAT, including VAT."""
        return self.net, self.vat, self.gross


def cost_of(line: OrderLine) -> Cost:
    """What one line costs."""
    net = line.quantity * line.unit_cents
    return Cost(net, vat_cents(net, line.vat_basis_points))


def total(order: Order) -> Cost:
    """What an order costs: the sum of its lines, so that the columns add up."""
    return sum_of(order.lines)


def sum_of(lines: Iterable[OrderLine]) -> Cost:
    """What some lines cost together."""
    costs = [cost_of(line) for line in lines]
    return Cost(sum(cost.net for cost in costs), sum(cost.vat for cost in costs))


def rate(basis_points: int) -> str:
    """A rate of VAT as a number of per cents: « 21 », « 5,5 »."""
    return f"{basis_points / 100:g}".replace(".", ",")


def headers(order: Order) -> tuple[Text, ...]:
    """The headings of a table of lines; the VAT rate stands there if it is the same for all."""
    rates = {line.vat_basis_points for line in order.lines}
    vat = _("TVA")
    if len(rates) == 1:
        vat = _("TVA {rate} %", rate=rate(rates.pop()))
    return _("Solution"), _("Quantité"), _("Prix HTVA"), vat, _("Total TVAC")
