"""Drafts of orders: what is ordered at which price, what is told of it, what a yes is bound to."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from config.folding import fold
from handlers import (
    adhesion_words,
    articles,
    catalogue,
    order_acts,
    order_views,
    order_words,
    tariffs,
    texts,
)
from handlers.context import Context
from handlers.reading.decision import Decision
from handlers.reading.order_details import Details
from handlers.reading.quantity import read_wanted
from handlers.reply import Refusal, Reply
from handlers.request import Topic
from handlers.wording import _
from storage import orders, purchasing
from storage.files import StoredFile
from storage.orders import Order, OrderLine
from storage.purchasing import Central, Price, Solution


def lines_named(ctx: Context, named: str) -> list[OrderLine]:
    """A line for each thing that words name, options behind what they belong to."""
    lines: list[OrderLine] = []
    for piece in order_words.pieces(ctx, named):
        option = _option(lines, piece)
        if option is not None:
            lines.append(line_of(*option))
            continue
        solution, quantity = order_words.wanted(ctx, piece)
        lines.append(line_of(solution, price_for(ctx, solution), quantity))
    return joined(lines)


def _option(lines: Sequence[OrderLine], words: str) -> tuple[Solution, Price, int] | None:
    """An option of something ordered before it, by its label."""
    wanted = read_wanted(words)
    name = re.sub(r"^option\s+", "", fold(wanted.name))
    for line in lines:
        for price in line.solution.prices:
            if price.option and name and name in fold(price.label):
                return line.solution, price, wanted.quantity or line.quantity
    return None


def joined(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """The same with one line for what is named twice at one price."""
    kept: dict[tuple[str, int], OrderLine] = {}
    for line in lines:
        first = kept.setdefault((line.label, line.unit_cents), line)
        if first is not line:
            first.quantity += line.quantity
    return list(kept.values())


def one_central(lines: Sequence[OrderLine]) -> Central:
    """The central of all lines. Raises Refusal if they are from several."""
    found = {line.solution.central.id: line.solution.central for line in lines}
    if len(found) > 1:
        raise Refusal(
            _(
                "Ces solutions sont de centrales différentes ({names}) : envoyez une commande par"
                " centrale.",
                names=", ".join(central.name for central in found.values()),
            )
        )
    return next(iter(found.values()))


def only_if_possible(ctx: Context, central: Central, lines: Sequence[OrderLine]) -> None:
    """Raises Refusal unless the institution may order these lines from a central today."""
    if not central.is_open(ctx.today):
        raise Refusal(catalogue.closed(central))
    if purchasing.adhesion(ctx.session, central, ctx.institution) is None:
        raise adhesion_words.waits(ctx, central) or Refusal(
            _(
                "Pour commander, il faut que {who} adhère d'abord à la centrale **{central}** :"
                " écrivez `adhérer {central}, décision du Collège du …, réf. …`.",
                who=texts.the(ctx.institution),
                central=central.name,
            )
        )
    for line in lines:
        if not line.solution.is_current(ctx.today):
            raise catalogue.retired(ctx, line.solution)


def line_of(solution: Solution, price: Price, quantity: int = 1) -> OrderLine:
    """A line at a price of the catalogue."""
    return OrderLine(
        solution=solution,
        label=_label(solution, price),
        quantity=quantity,
        unit_cents=price.unit_cents,
        vat_basis_points=solution.vat_basis_points,
    )


def _label(solution: Solution, price: Price) -> str:
    if price.option:
        return f"{solution.name}, option {price.label}"
    return f"{solution.name}, {price.label}" if price.label else solution.name


def draft(
    ctx: Context,
    central: Central,
    lines: Sequence[OrderLine],
    decision: Decision | None = None,
    details: Details | None = None,
    paper: StoredFile | None = None,
) -> Reply:
    """Keep a draft and show it: its confirmation is bound to what is shown. ``paper`` is the
    buyer's own order form, if it was read from one.
    """
    drafted = Order(
        central=central, institution=ctx.institution, person=ctx.member, drafted_at=ctx.now
    )
    drafted.lines.extend(lines)
    note_decision(drafted, decision)
    note_details(drafted, details or Details())
    drafted.paper_id = paper.id if paper else None
    ctx.session.add(drafted)
    return ask(ctx, drafted)


def note_decision(draft: Order, decision: Decision | None) -> None:
    if decision is not None:
        draft.decided_on, draft.decided_by = decision.day, decision.body
        draft.decision = decision.reference


def note_details(draft: Order, details: Details) -> None:
    """Keep what is told; what is not stays as it was. Raises Refusal for an impossible number."""
    told = {
        "budget_article": details.budget_article,
        "contact": details.contact,
        "delivery": details.delivery,
        "billing": details.billing,
        "buyer_reference": details.reference,
    }
    if details.enterprise is not None:
        if not details.enterprise.valid:
            raise Refusal(
                _(
                    "Le numéro d'entreprise « {number} » n'existe pas (chiffres de contrôle).",
                    number=details.enterprise.number,
                )
            )
        told["enterprise"] = details.enterprise.number
    for name, value in told.items():
        if value:
            setattr(draft, name, value)


def ask(ctx: Context, drafted: Order) -> Reply:
    """Show a draft, with what is open for the same solutions, and ask for its confirmation."""
    ctx.session.flush()
    order_acts.only_within_caps(ctx, drafted)
    others = open_besides(ctx, drafted)
    question = ctx.ask(
        "order",
        Topic("order", drafted.id),
        digest(drafted),
        known=[other.id for other in others],
    )
    return order_views.draft_shown(ctx, drafted, others).about(f"question:{question.id}")


def open_besides(ctx: Context, drafted: Order) -> Sequence[Order]:
    hours = ctx.platform.settings.rules.confirmation_hours
    return orders.open_with(ctx.session, drafted, ctx.now - timedelta(hours=hours), ctx.today)


def price_for(ctx: Context, solution: Solution) -> Price:
    """The price that holds for the institution: by the population of its commune, where prices
    depend on it.
    """
    price = tariffs.for_population(solution, _population(ctx))
    if price is not None:
        return price
    raise Refusal(
        _(
            "« {name} » n'a pas de prix qui convienne à votre institution : écrivez {operator}"
            " avec `centrale {central}`.",
            name=solution.name,
            operator=articles.to(solution.central.operator),
            central=solution.central.name,
        )
    )


def _population(ctx: Context) -> int:
    """How many inhabitants the institution serves."""
    territory = ctx.platform.territory
    authority = territory.authority(ctx.institution.type, ctx.institution.code)
    return sum(territory.commune(nis).population for nis in authority.communes_nis)


def digest(draft: Order) -> str:
    """What a confirmation is bound to: who orders what, how many, at which price."""
    lines = [
        [ln.solution_id, ln.label, ln.quantity, ln.unit_cents, ln.vat_basis_points]
        for ln in draft.lines
    ]
    told = [str(draft.decided_on or ""), draft.decided_by, draft.decision]
    told += [draft.buyer_reference, draft.enterprise, draft.budget_article]
    told += [draft.contact, draft.delivery, draft.billing, str(draft.paper_id or "")]
    content = json.dumps([draft.id, draft.institution_id, draft.central_id, lines, told])
    return sha256(content.encode()).hexdigest()
