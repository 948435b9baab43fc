"""Orders written as letters: a draft from what was recognised, and questions for the rest.

A letter never orders: at its best it makes the draft that ``commander`` makes, shown and confirmed
the same way. Amounts are those of the catalogue; what a letter says otherwise is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from handlers import cap_words, drafting, texts
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role, vat_cents
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.order import Line, OrderLetter, read_order
from handlers.reading.order_details import Details, read_details
from handlers.reply import Refusal, Reply, Steps, reply
from handlers.request import Topic
from handlers.wording import Money, Text, _
from storage import caps, purchasing
from storage.conversations import Question
from storage.orders import Order, OrderLine
from storage.purchasing import Solution

table = Table()

LETTER = "order-letter"
TOLERANCE = 2
"""By how many cents amounts may differ: VAT is rounded per line here, on the sum elsewhere."""


@dataclass
class Findings:
    """What stands between a letter and a draft: names for machines, words for people."""

    lacking: list[tuple[str, Text]] = field(default_factory=list)

    def add(self, name: str, words: Text) -> None:
        """One more thing to ask for."""
        self.lacking.append((name, words))


@table.intent(Intent.ORDER, who=Role.MEMBER)
def ordered(ctx: Context, understood: Understanding) -> Reply:
    """An order written as a letter."""
    del understood
    return _read(ctx, ctx.letter.subject, ctx.letter.text)


@table.question(LETTER, free_text=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """What was missing: read before what was said first, so that a correction counts."""
    if said is False:
        return reply(_("C'est annulé : rien n'a été enregistré."))
    return _read(ctx, question.data["subject"], f"{ctx.incoming.text}\n\n{question.data['text']}")


def _read(ctx: Context, subject: str, text: str) -> Reply:
    solutions = purchasing.current_solutions(ctx.session, ctx.today)
    letter = open_letter(subject, text)
    read = read_order(letter, _names(solutions), ctx.today)
    details = read_details(letter.body)
    chosen = {solution.id: solution for solution in solutions}
    _observe(ctx, read, chosen)
    findings = _findings(ctx, read, chosen, details)
    if findings.lacking:
        return _ask_for(ctx, findings, subject, text)
    lines = [_line(ctx, line, chosen[line.key]) for line in read.lines]
    kept = replace(
        details,
        enterprise=details.enterprise or (None if read.others_enterprise else read.enterprise),
        reference=details.reference or read.reference,
    )
    return drafting.draft(ctx, chosen[read.lines[0].key].central, lines, read.decision, kept)


def _names(solutions: Sequence[Solution]) -> dict[str, int]:
    """Every name of a solution that means it alone."""
    found: dict[str, set[int]] = {}
    for solution in solutions:
        for name in {solution.name, solution.slug, *solution.aliases}:
            found.setdefault(level(name), set()).add(solution.id)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1 and len(name) > 3}


def _observe(ctx: Context, read: OrderLetter, chosen: dict[int, Solution]) -> None:
    lines = [
        {
            "solution": chosen[line.key].name,
            "quantity": line.quantity,
            "amount_excl_vat_cents": line.net_cents,
        }
        for line in read.lines
    ]
    ctx.observe(
        institution=ctx.institution,
        order={
            "buyer_reference": read.reference,
            "bce": read.enterprise.number if read.enterprise else None,
            "lines": lines,
            "total_excl_vat_cents": read.totals.net,
            "total_incl_vat_cents": read.totals.gross,
            "college_date": read.decision.day if read.decision else None,
        },
    )


def _findings(
    ctx: Context, read: OrderLetter, chosen: dict[int, Solution], details: Details
) -> Findings:
    findings = Findings()
    _check_lines(ctx, read, chosen, findings)
    _check_decision(read, findings)
    _check_enterprise(ctx, read, findings)
    if not {"lines", "amount"} & {name for name, _words in findings.lacking}:
        _check_totals(ctx, read, chosen, findings)
        _check_vat(ctx, read, chosen, details, findings)
        _check_caps(ctx, read, chosen, findings)
    return findings


def _check_lines(
    ctx: Context, read: OrderLetter, chosen: dict[int, Solution], findings: Findings
) -> None:
    if not read.lines:
        findings.add(
            "lines",
            _(
                "dans le texte du message : les solutions commandées (leur nom au catalogue), les"
                " quantités et les montants HTVA"
            ),
        )
        return
    centrals = {chosen[line.key].central.id: chosen[line.key].central for line in read.lines}
    if len(centrals) > 1:
        findings.add("central", _("une commande séparée par centrale d'achats"))
    for central in centrals.values():
        if purchasing.adhesion(ctx.session, central, ctx.institution) is None:
            findings.add(
                "adhesion_centrale",
                _(
                    "l'adhésion {whose} à la centrale **{central}** : chaque institution adhère"
                    " pour elle-même, par sa propre décision",
                    whose=texts.of_the(ctx.institution),
                    central=central.name,
                ),
            )
    for line in read.lines:
        _check_price(ctx, line, chosen[line.key], findings)


def _check_price(ctx: Context, line: Line, solution: Solution, findings: Findings) -> None:
    known = _catalogue_net(ctx, line, solution)
    if known is None and line.net_cents is None:
        findings.add("amount", _("le montant HTVA de « {name} »", name=solution.name))
    if known is not None and line.net_cents is not None and known != line.net_cents:
        findings.add(
            "amount",
            _(
                "« {name} » : vous écrivez {typed} HTVA, le catalogue dit **{known} HTVA** ; lequel"
                " des deux ?",
                name=solution.name,
                typed=Money(line.net_cents, exact=True),
                known=Money(known, exact=True),
            ),
        )


def _catalogue_net(ctx: Context, line: Line, solution: Solution) -> int | None:
    """What the catalogue says that a line costs; None if it gives this solution no price."""
    if not solution.prices:
        return None
    return drafting.price_for(ctx, solution).unit_cents * line.quantity


def _check_decision(read: OrderLetter, findings: Findings) -> None:
    """A decision may come later, as behind the command; one that is told must have been taken."""
    decision = read.decision
    if decision is not None and decision.day is not None and decision.future:
        findings.add(
            "college_deliberation",
            _(
                "la décision elle-même : celle que vous annoncez ({day}) n'est pas encore prise",
                day=decision.day,
            ),
        )


def _check_enterprise(ctx: Context, read: OrderLetter, findings: Findings) -> None:
    if read.others_enterprise and ctx.institution.type == "cpas":
        findings.add(
            "bce",
            _("le numéro d'entreprise (BCE) {whose} même", whose=texts.of_the(ctx.institution)),
        )
    elif read.enterprise is not None and not read.enterprise.valid:
        findings.add(
            "bce",
            _(
                "le numéro d'entreprise : « {number} » n'existe pas (chiffres de contrôle)",
                number=read.enterprise.number,
            ),
        )


def _check_totals(
    ctx: Context, read: OrderLetter, chosen: dict[int, Solution], findings: Findings
) -> None:
    """The sums of the letter against the sums of its lines."""
    lines = [_line(ctx, line, chosen[line.key]) for line in read.lines]
    net = sum(line.unit_cents * line.quantity for line in lines)
    gross = net + sum(vat_cents(x.unit_cents * x.quantity, x.vat_basis_points) for x in lines)
    for name, told, sum_ in (
        ("total_excl_vat", read.totals.net, net),
        ("total_incl_vat", read.totals.gross, gross),
    ):
        if told is not None and abs(told - sum_) > TOLERANCE:
            findings.add(
                name,
                _(
                    "le total : vous écrivez {told}, la somme des lignes donne **{sum}** ; une"
                    " ligne est-elle oubliée ou de trop ?",
                    told=Money(told, exact=True),
                    sum=Money(sum_, exact=True),
                ),
            )


def _check_vat(
    ctx: Context,
    read: OrderLetter,
    chosen: dict[int, Solution],
    details: Details,
    findings: Findings,
) -> None:
    """The rates and the amount of VAT of the letter against those of its lines."""
    lines = [_line(ctx, line, chosen[line.key]) for line in read.lines]
    rates = {line.vat_basis_points // 100 for line in lines}
    for rate in sorted(details.vat_rates - rates):
        findings.add(
            "vat_rate",
            _(
                "le taux de TVA : vous écrivez {told} %, le catalogue dit {known} %",
                told=rate,
                known=", ".join(str(one) for one in sorted(rates)),
            ),
        )
    due = sum(vat_cents(x.unit_cents * x.quantity, x.vat_basis_points) for x in lines)
    if details.vat_cents is not None and abs(details.vat_cents - due) > TOLERANCE:
        findings.add(
            "vat",
            _(
                "la TVA : vous écrivez {told}, elle est de **{known}** sur ces lignes",
                told=Money(details.vat_cents, exact=True),
                known=Money(due, exact=True),
            ),
        )


def _check_caps(
    ctx: Context, read: OrderLetter, chosen: dict[int, Solution], findings: Findings
) -> None:
    """What the caps of the central leave, before anything is kept."""
    central = chosen[read.lines[0].key].central
    order = Order(central=central, institution=ctx.institution, person=ctx.member)
    order.lines.extend(_line(ctx, line, chosen[line.key]) for line in read.lines)
    for room in caps.rooms(ctx.session, order):
        if room.passed:
            findings.add("cap", cap_words.passed(ctx, room))


def _line(ctx: Context, line: Line, solution: Solution) -> OrderLine:
    """A line at the catalogue's price; at the letter's where the catalogue gives none."""
    if solution.prices or line.net_cents is None:
        return drafting.line_of(solution, drafting.price_for(ctx, solution), line.quantity)
    if line.net_cents % line.quantity:
        raise Refusal(
            _("Le montant de « {name} » ne se divise pas par la quantité.", name=solution.name)
        )
    return OrderLine(
        solution=solution,
        label=solution.name,
        quantity=line.quantity,
        unit_cents=line.net_cents // line.quantity,
        vat_basis_points=solution.vat_basis_points,
    )


def _ask_for(ctx: Context, findings: Findings, subject: str, text: str) -> Reply:
    question = ctx.ask(LETTER, Topic("inbox", ctx.entry.id), subject=subject, text=text)
    ctx.observe(
        action=Action.ASK, ask_for=list(dict.fromkeys(name for name, _words in findings.lacking))
    )
    return reply(
        _("Votre commande est lue, mais rien n'est envoyé ni engagé. Il me faut encore :"),
        Steps(tuple(words for _name, words in findings.lacking)),
        _("Répondez à ce message ; je vous montre alors la commande pour confirmation."),
        title=_("Votre commande : il manque un renseignement"),
    ).about(f"question:{question.id}")
