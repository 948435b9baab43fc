"""What a letter or an order form may order, and what stands between it and a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers import drafting
from handlers.context import Context
from handlers.reading.letters import level
from handlers.reading.order import Line, OrderLetter
from handlers.reading.order_details import Details
from handlers.reply import Refusal
from handlers.wording import Text, _
from storage import purchasing
from storage.orders import OrderLine
from storage.purchasing import Price, Solution


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of the catalogue: a solution, or an option of one."""

    solution: Solution
    option: Price | None = None

    @property
    def label(self) -> str:
        """Its name, as a draft shows it."""
        if self.option is None:
            return self.solution.name
        return f"{self.solution.name}, option {self.option.label}"

    @property
    def names(self) -> set[str]:
        """How people name it; an option by its own label only behind the word, which a letter
        could say of anything.
        """
        if self.option is None:
            return {self.solution.name, self.solution.slug, *self.solution.aliases}
        return {self.label, f"option {self.option.label}"}


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was told of an order, wherever: as a letter tells it."""

    read: OrderLetter
    details: Details


@dataclass
class Findings:
    """What stands between a letter and a draft: names for machines, words for people."""

    lacking: list[tuple[str, Text]] = field(default_factory=list)

    def add(self, name: str, words: Text) -> None:
        """One more thing to ask for."""
        self.lacking.append((name, words))

    @property
    def names(self) -> list[str]:
        """What is asked for, each once."""
        return list(dict.fromkeys(name for name, _words in self.lacking))


def things(ctx: Context) -> list[Thing]:
    """Everything that may be ordered today."""
    found: list[Thing] = []
    for solution in purchasing.current_solutions(ctx.session, ctx.today):
        found.append(Thing(solution))
        found += [Thing(solution, price) for price in solution.prices if price.option]
    return found


def named(known: Sequence[Thing]) -> dict[str, int]:
    """Every name that means one of the things alone, with its place among them."""
    return _only({at: thing.names for at, thing in enumerate(known)})


def named_on_paper(known: Sequence[Thing]) -> dict[str, int]:
    """The same for the cells of a table, where an option may be called by its label alone."""
    short = {at: {thing.option.label} for at, thing in enumerate(known) if thing.option is not None}
    return _only(short) | named(known)


def _only(names: Mapping[int, set[str]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for at, some in names.items():
        for name in some:
            found.setdefault(level(name), set()).add(at)
    return {name: ats.pop() for name, ats in found.items() if len(ats) == 1 and len(name) > 3}


def price_of(ctx: Context, thing: Thing) -> Price | None:
    """What the catalogue asks for it; None if it gives no price. Raises Refusal if none fits."""
    if thing.option is not None:
        return thing.option
    return drafting.price_for(ctx, thing.solution) if thing.solution.prices else None


def line_of(ctx: Context, line: Line, thing: Thing) -> OrderLine:
    """A line at the catalogue's price; at the letter's where the catalogue gives none."""
    price = price_of(ctx, thing)
    if price is not None or line.net_cents is None:
        price = price or drafting.price_for(ctx, thing.solution)
        return drafting.line_of(thing.solution, price, line.quantity)
    if line.net_cents % line.quantity:
        raise Refusal(
            _("Le montant de « {name} » ne se divise pas par la quantité.", name=thing.label)
        )
    return OrderLine(
        solution=thing.solution,
        label=thing.label,
        quantity=line.quantity,
        unit_cents=line.net_cents // line.quantity,
        vat_basis_points=thing.solution.vat_basis_points,
    )
