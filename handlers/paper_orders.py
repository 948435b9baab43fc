"""One order out of an order form, the message that brought it, and what was said since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import documents, ordering, paper_checks, texts
from handlers.context import Context
from handlers.order_papers import Settled
from handlers.ordering import Findings, Thing, Told
from handlers.policy import vat_cents
from handlers.reading.decision import Decision, find_own_decision
from handlers.reading.letter import Letter
from handlers.reading.order import (
    Enterprise,
    Line,
    OrderLetter,
    Totals,
    enterprise_is_valid,
    read_order,
)
from handlers.reading.order_details import Details, read_details
from handlers.reading.order_paper import OrderPaper, PaperLine
from handlers.wording import _


def together(
    ctx: Context,
    paper: OrderPaper,
    letter: Told,
    said: Told,
    things: Sequence[Thing],
    settled_: Settled,
    findings: Findings,
) -> Told:
    """One order out of the form, the message that brought it, and what was said since, which
    counts most. What differs between form and message is added to the findings.
    """
    lines = _lines(ctx, paper, settled_, things, said, findings)
    _compare_lines(lines, letter.read, said.read, things, findings)
    lines |= {line.key: line for line in said.read.lines}
    if settled_.catalogue:
        lines = {key: replace(line, net_cents=None) for key, line in lines.items()}
    on_paper = _on_paper(ctx, paper)
    decision = _decision(on_paper.read, letter.read, said.read, findings)
    totals = Totals() if settled_.sums_changed else paper.totals
    details = _details(said.details, on_paper.details, letter.details)
    if settled_.sums_changed:
        details = replace(details, vat_cents=None, vat_rates=frozenset())
    read = OrderLetter(
        lines=tuple(lines.values()),
        totals=said.read.totals if said.read.totals != Totals() else totals,
        decision=decision,
        reference=said.read.reference
        or paper.reference
        or on_paper.read.reference
        or letter.read.reference,
        enterprise=_enterprise(ctx, paper, said, letter, things, lines, findings),
    )
    return Told(read, details)


def _on_paper(ctx: Context, paper: OrderPaper) -> Told:
    """What the words around the table say, read as a letter's words are."""
    read = read_order(Letter("", paper.text, ""), {}, ctx.today)
    if paper.decides and not paper.titled:
        own = find_own_decision(paper.text, ctx.today)
        read = replace(read, decision=own or read.decision)
    details = read_details(paper.text)
    rates = {line.rate for line in paper.lines if line.rate is not None}
    return Told(
        read,
        replace(
            details,
            vat_cents=paper.vat if paper.vat is not None else details.vat_cents,
            vat_rates=details.vat_rates | rates,
        ),
    )


def _lines(
    ctx: Context,
    paper: OrderPaper,
    settled_: Settled,
    things: Sequence[Thing],
    said: Told,
    findings: Findings,
) -> dict[int, Line]:
    """The lines of the form by what they name; what is wrong with one is told with its number."""
    found: dict[int, Line] = {}
    answered = {line.key for line in said.read.lines}
    for line in paper.lines:
        if line.number in settled_.without:
            continue
        key = _thing_of(line, things)
        if key is None:
            paper_checks.unknown(line, things, findings)
            continue
        if key not in answered:
            paper_checks.check_figures(paper, line, findings, prices=not settled_.catalogue)
        former = found.get(key)
        net = _net(ctx, line, things[key])
        quantity = 1 if line.quantity is None else line.quantity
        if former is not None:
            # Named twice: at two places of the form, or delivered in two parts.
            quantity += former.quantity
            net = (
                net + former.net_cents if net is not None and former.net_cents is not None else net
            )
        found[key] = Line(key, max(quantity, 1), net)
    if not paper.lines:
        found = {line.key: line for line in _in_words(ctx, paper, things)}
    return found


def _in_words(ctx: Context, paper: OrderPaper, things: Sequence[Thing]) -> tuple[Line, ...]:
    """The lines of a form without a table: it is read as a letter."""
    return read_order(Letter("", paper.text, ""), ordering.named(things), ctx.today).lines


def _thing_of(line: PaperLine, things: Sequence[Thing]) -> int | None:
    """What a line names: one thing, or one option beside the solution to which it belongs."""
    if len(line.keys) == 1:
        return line.keys[0]
    options = [key for key in line.keys if things[key].option is not None]
    owners = {things[key].solution.id for key in line.keys}
    return options[0] if len(options) == 1 and len(owners) == 1 else None


def _net(ctx: Context, line: PaperLine, thing: Thing) -> int | None:
    """What a line comes to excluding VAT, as far as it says so."""
    if line.net is not None:
        return line.net
    quantity = 1 if line.quantity is None else line.quantity
    if line.unit is not None:
        return line.unit * quantity
    if line.amount is None:
        return None
    # An amount without a word about VAT is a net one, unless it is exactly the gross one.
    price = ordering.price_of(ctx, thing)
    net = price.unit_cents * quantity if price else 0
    is_gross = line.amount == net + vat_cents(net, thing.solution.vat_basis_points)
    return net if price and is_gross else line.amount


def _compare_lines(
    lines: dict[int, Line],
    letter: OrderLetter,
    said: OrderLetter,
    things: Sequence[Thing],
    findings: Findings,
) -> None:
    """The message against the form that it brings."""
    answered = {line.key for line in said.lines}
    for line in letter.lines:
        if line.key in answered:
            continue
        on_paper = lines.get(line.key)
        name = things[line.key].label
        if on_paper is None:
            findings.add(
                "lines",
                _(
                    "« {name} » : votre message le cite, le bon de commande non ; faut-il le"
                    " commander ?",
                    name=name,
                ),
            )
        elif line.quantity not in (1, on_paper.quantity):
            findings.add(
                "quantity",
                _(
                    "« {name} » : votre message dit {told}, le bon de commande {on_paper} ;"
                    " combien ?",
                    name=name,
                    told=line.quantity,
                    on_paper=on_paper.quantity,
                ),
            )


def _decision(
    paper: OrderLetter, letter: OrderLetter, said: OrderLetter, findings: Findings
) -> Decision | None:
    if said.decision is not None:
        return said.decision
    if paper.decision is None or letter.decision is None:
        return paper.decision or letter.decision
    if None not in (paper.decision.day, letter.decision.day) and (
        paper.decision.day != letter.decision.day
    ):
        findings.add(
            "college_date",
            _(
                "la décision : votre message la date du {told}, le bon de commande du {on_paper} ;"
                " laquelle des deux ?",
                told=letter.decision.day or "",
                on_paper=paper.decision.day or "",
            ),
        )
    fuller = paper.decision.reference or not letter.decision.reference
    return paper.decision if fuller else letter.decision


def _details(*told: Details) -> Details:
    """The first that says something, field by field; rates and amounts of the form."""
    _said, paper, _letter = told

    def first(name: str) -> str:
        return next((value for one in told if (value := getattr(one, name))), "")

    return Details(
        budget_article=first("budget_article"),
        contact=first("contact"),
        delivery=first("delivery"),
        billing=first("billing"),
        reference=first("reference"),
        vat_cents=paper.vat_cents,
        vat_rates=paper.vat_rates,
    )


def _enterprise(
    ctx: Context,
    paper: OrderPaper,
    said: Told,
    letter: Told,
    things: Sequence[Thing],
    lines: dict[int, Line],
    findings: Findings,
) -> Enterprise | None:
    """The buyer's number: of those on the form the one that is not the central's."""
    told = said.details.enterprise or said.read.enterprise
    if told is not None:
        return told
    sellers = {things[key].solution.central.enterprise for key in lines}
    numbers = [one for one in paper.enterprises if one not in sellers]
    if len(numbers) > 1:
        findings.add(
            "bce",
            _(
                "le numéro d'entreprise : le bon en porte plusieurs ({numbers}) ; lequel est celui"
                " {whose} ?",
                numbers=", ".join(documents.dotted(one) for one in numbers),
                whose=texts.of_the(ctx.institution),
            ),
        )
        return None
    if numbers:
        return Enterprise(numbers[0], enterprise_is_valid(numbers[0]))
    return letter.details.enterprise or letter.read.enterprise
