"""What differs on an order form: line by line, and as a whole; each said in one clause."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import texts
from handlers.context import Context
from handlers.order_papers import Settled
from handlers.ordering import Findings, Thing
from handlers.policy import vat_cents
from handlers.reading.amounts import possible_cents
from handlers.reading.order import Line
from handlers.reading.order_paper import OrderPaper, PaperLine
from handlers.wording import Money, Text, _
from storage import purchasing

CENTS = 2
"""By how many cents sums may differ: VAT is rounded per line here, on the sum elsewhere."""

# -- one line ---------------------------------------------------------------------------------


def unknown(line: PaperLine, things: Sequence[Thing], findings: Findings) -> None:
    """A line whose words name nothing of the catalogue, or several things."""
    named = ", ".join(dict.fromkeys(things[key].solution.name for key in line.keys))
    if named:
        findings.add(
            "lines",
            _(
                "ligne {number} « {label} » : plusieurs solutions peuvent être visées ({named}) ;"
                " laquelle ?",
                number=line.number,
                label=line.label[:80],
                named=named,
            ),
        )
        return
    findings.add(
        "lines",
        _(
            "ligne {number} « {label} » : elle n'est pas au catalogue ; écrivez le nom de la"
            " solution, ou « sans la ligne {number} »",
            number=line.number,
            label=line.label[:80] or "–",
        ),
    )


def check_figures(paper: OrderPaper, line: PaperLine, findings: Findings, *, prices: bool) -> None:
    """What a line says in figures: each read, and agreeing with the others of its line."""
    # With the prices of the catalogue, only a quantity can still be unclear.
    counted = line.quantity is not None or not paper.counts
    for typed in line.unread if prices or not counted else ():
        findings.add("amount", _unread(line, typed))
    if paper.counts and line.quantity is None and not line.unread:
        findings.add("quantity", _of(line, _("la quantité n'est pas indiquée")))
    if line.quantity == 0:
        findings.add("quantity", _of(line, _("la quantité est 0")))
    if not prices or line.unread:
        return
    quantity = 1 if line.quantity is None else line.quantity
    if line.unit is not None and line.net is not None and line.unit * quantity != line.net:
        findings.add(
            "amount",
            _of(
                line,
                _(
                    "{count} × {unit} font **{product}**, le bon dit {net}",
                    count=quantity,
                    unit=Money(line.unit, exact=True),
                    product=Money(line.unit * quantity, exact=True),
                    net=Money(line.net, exact=True),
                ),
            ),
        )
    if None not in (line.net, line.vat, line.gross):
        _check_sum(line, findings)


def _check_sum(line: PaperLine, findings: Findings) -> None:
    net, vat, gross = line.net or 0, line.vat or 0, line.gross or 0
    if abs(net + vat - gross) > 1:
        findings.add(
            "amount",
            _of(
                line,
                _(
                    "{net} HTVA et {vat} de TVA font **{sum}**, le bon dit {gross}",
                    net=Money(net, exact=True),
                    vat=Money(vat, exact=True),
                    sum=Money(net + vat, exact=True),
                    gross=Money(gross, exact=True),
                ),
            ),
        )


def _of(line: PaperLine, what: Text) -> Text:
    return _(
        "ligne {number} « {label} » : {what}", number=line.number, label=line.label[:80], what=what
    )


def _unread(line: PaperLine, typed: str) -> Text:
    meant = possible_cents(typed)
    if len(meant) == 2:
        return _of(
            line,
            _(
                "« {typed} » veut dire **{one}** ou **{other}** ?",
                typed=typed,
                one=Money(meant[0], exact=True),
                other=Money(meant[1], exact=True),
            ),
        )
    return _of(line, _("je ne lis pas « {typed} »", typed=typed[:40]))


# -- the form as a whole ----------------------------------------------------------------------


def check_whole(
    ctx: Context,
    paper: OrderPaper,
    things: Sequence[Thing],
    lines: Sequence[Line],
    settled_: Settled,
    findings: Findings,
) -> None:
    """In whose name the form is, for how long, and its total without a word about VAT."""
    _check_buyer(ctx, paper, findings)
    _check_duration(ctx, paper, things, lines, settled_, findings)
    if not settled_.sums_changed:
        for typed in paper.unread:
            findings.add("total", _("le total : je ne lis pas « {typed} »", typed=typed[:40]))
        _check_total(paper, things, lines, findings)


def _check_buyer(ctx: Context, paper: OrderPaper, findings: Findings) -> None:
    """A form in the name of another institution is not taken for the sender's."""
    mentions = ctx.platform.territory.mentions(paper.text)
    named = [one.authority for one in mentions if one.named]
    own = (ctx.institution.type, ctx.institution.code)
    operators = {central.operator for central in purchasing.centrals(ctx.session)}
    others = [
        one
        for one in named
        if one.name not in operators and one.type not in ("province", "intercommunale")
    ]
    if others and own not in {(str(one.type), one.code) for one in others}:
        findings.add(
            "institution",
            _(
                "l'acheteur : le bon de commande est au nom de **{other}**, et vous écrivez pour"
                " {own} ; chaque institution commande pour elle-même",
                other=others[0].name,
                own=texts.the(ctx.institution),
            ),
        )


def _check_duration(
    ctx: Context,
    paper: OrderPaper,
    things: Sequence[Thing],
    lines: Sequence[Line],
    settled_: Settled,
    findings: Findings,
) -> None:
    if paper.months is None or not lines:
        return
    central = things[lines[0].key].solution.central
    years = central.contract_years or ctx.platform.settings.orders.contract_years
    if paper.months != 12 * years and years not in settled_.years:
        findings.add(
            "duration",
            _(
                "la durée : le bon dit {told} mois, les marchés de la centrale **{central}** durent"
                " {years} ans ; écrivez « {years} ans » si cela vous convient",
                told=paper.months,
                central=central.name,
                years=years,
            ),
        )


def _check_total(
    paper: OrderPaper, things: Sequence[Thing], lines: Sequence[Line], findings: Findings
) -> None:
    if paper.total is None:
        return
    nets = [(line.net_cents, things[line.key].solution.vat_basis_points) for line in lines]
    if any(net is None for net, _rate in nets):
        return
    net = sum(one or 0 for one, _rate in nets)
    gross = net + sum(vat_cents(one or 0, rate) for one, rate in nets)
    if min(abs(paper.total - net), abs(paper.total - gross)) > CENTS:
        findings.add(
            "total",
            _(
                "le total : le bon dit {told}, la somme des lignes donne **{net} HTVA**, soit"
                " {gross} TVAC",
                told=Money(paper.total, exact=True),
                net=Money(net, exact=True),
                gross=Money(gross, exact=True),
            ),
        )
