"""Orders written as letters: a draft from what was recognised, and questions for the rest.

A letter never orders: at its best it makes the draft that ``commander`` makes, shown and confirmed
the same way. Amounts are those of the catalogue; what a letter says otherwise is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers import cap_words, drafting, order_papers, ordering, paper_checks, paper_orders, texts
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.order_papers import Form
from handlers.ordering import Findings, Thing, Told
from handlers.policy import Role, vat_cents
from handlers.reading.letter import Letter, open_letter
from handlers.reading.order import Line, OrderLetter, read_order
from handlers.reading.order_details import Details, read_details
from handlers.reply import Block, Bullets, Paragraph, Reply, Steps, reply
from handlers.request import Topic
from handlers.wording import Money, Text, Value, _
from storage import caps, purchasing
from storage.conversations import Question
from storage.inbox import Entry
from storage.orders import Order

table = Table()

LETTER = "order-letter"
TOLERANCE = paper_checks.CENTS


@table.intent(Intent.ORDER, who=Role.MEMBER, private="commander")
def ordered(ctx: Context, understood: Understanding) -> Reply:
    """An order written as a letter, or on a form that came with one."""
    del understood
    return _read(ctx, ctx.letter.subject, ctx.letter.text, "", ctx.entry)


@table.question(LETTER, free_text=True, called_off=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """What was missing: read before what was said first, so that a correction counts."""
    if said is False:
        return reply(_("C'est annulé : rien n'a été enregistré."))
    data = question.data
    since = "\n\n".join(part for part in (ctx.incoming.text, data.get("said", "")) if part)
    brought = ctx.session.get(Entry, data.get("entry", 0))
    # A form that is sent again, corrected, takes the place of the first.
    entry = ctx.entry if order_papers.attached(ctx, ctx.entry) else brought or ctx.entry
    return _read(ctx, data["subject"], data["text"], since, entry)


def _read(ctx: Context, subject: str, text: str, said: str, entry: Entry) -> Reply:
    known = ordering.things(ctx)
    names = ordering.named(known)
    documents, named = order_papers.attached(ctx, entry), ordering.named_on_paper(known)
    form = order_papers.form_among(documents, named)
    findings = Findings()
    told = _told(ctx, open_letter(subject, f"{said}\n\n{text}" if said else text), names)
    if form.read is None and not told.read.lines:
        form = order_papers.decision_among(documents, named) or form
    if form.read is not None:
        told = _told_on(ctx, form, (subject, text, said), known, findings)
    _observe(ctx, told, known)
    _check_files(form, told.read, findings)
    _find(ctx, told.read, known, told.details, findings)
    if findings.lacking:
        was_read = _was_read(form, told, known)
        return _ask_for(
            ctx, findings, was_read, subject=subject, text=text, said=said, entry=entry.id
        )
    lines = [ordering.line_of(ctx, line, known[line.key]) for line in told.read.lines]
    central = known[told.read.lines[0].key].solution.central
    shown = drafting.draft(
        ctx, central, lines, told.read.decision, _kept(told), form.file if form.read else None
    )
    return replace(shown, blocks=(*_read_from(form), *shown.blocks))


def _told(ctx: Context, letter: Letter, names: dict[str, int]) -> Told:
    return Told(read_order(letter, names, ctx.today), read_details(letter.body))


def _told_on(
    ctx: Context,
    form: Form,
    message: tuple[str, str, str],
    known: Sequence[Thing],
    findings: Findings,
) -> Told:
    """What a form says, with the message that brought it and the replies since."""
    assert form.read is not None  # noqa: S101 - the caller has seen it
    (subject, text, said), names = message, ordering.named(known)
    letter = _told(ctx, open_letter(subject, text), names)
    replied = _told(ctx, open_letter("", said), names)
    settled = order_papers.settled(said)
    told = paper_orders.together(ctx, form.read, letter, replied, known, settled, findings)
    paper_checks.check_whole(ctx, form.read, known, told.read.lines, settled, findings)
    return told


def _kept(told: Told) -> Details:
    """What a draft keeps of it beside its lines."""
    read, details = told.read, told.details
    return replace(
        details,
        enterprise=details.enterprise or (None if read.others_enterprise else read.enterprise),
        reference=details.reference or read.reference,
    )


def _read_from(form: Form) -> list[Block]:
    """Which form a draft was read from, and which documents were not read."""
    said: list[Block] = []
    if form.file is not None:
        said.append(
            Paragraph(
                _(
                    "Lu dans « {name} », qui reste joint à la commande. Comparez : c'est ce qui"
                    " suit qui sera commandé.",
                    name=form.file.name,
                )
            )
        )
    if form.illegible:
        said.append(Bullets(tuple(order_papers.illegible(form.illegible))))
    return said


def _observe(ctx: Context, told: Told, known: Sequence[Thing]) -> None:
    read = told.read
    lines = [
        {
            "solution": known[line.key].label,
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


def _check_files(form: Form, read: OrderLetter, findings: Findings) -> None:
    """What stands between the attached documents and an order: several forms, or none legible."""
    if form.several:
        findings.add(
            "order_form",
            _(
                "un seul bon de commande par message : celui-ci en apporte plusieurs ({names})",
                names=", ".join(form.several),
            ),
        )
    elif not read.lines:
        for why in order_papers.illegible(form.illegible):
            findings.add("order_form", why)


def _find(
    ctx: Context,
    read: OrderLetter,
    chosen: Sequence[Thing],
    details: Details,
    findings: Findings,
) -> None:
    _check_lines(ctx, read, chosen, findings)
    _check_decision(read, findings)
    _check_enterprise(ctx, read, findings)
    if not {"lines", "amount", "central", "order_form"} & set(findings.names):
        _check_totals(ctx, read, chosen, findings)
        _check_vat(ctx, read, chosen, details, findings)
        _check_caps(ctx, read, chosen, findings)


def _check_lines(
    ctx: Context, read: OrderLetter, chosen: Sequence[Thing], findings: Findings
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
    ordered_from = [chosen[line.key].solution.central for line in read.lines]
    centrals = {central.id: central for central in ordered_from}
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


def _check_price(ctx: Context, line: Line, thing: Thing, findings: Findings) -> None:
    known = _catalogue_net(ctx, line, thing)
    if line.unclear_cents is not None:
        _check_unclear(line, thing, known, line.unclear_cents, findings)
        return
    if known is None and line.net_cents is None:
        findings.add("amount", _("le montant HTVA de « {name} »", name=thing.label))
    if known is not None and line.net_cents is not None and known != line.net_cents:
        findings.add(
            "amount",
            _(
                "« {name} » : vous écrivez {typed} HTVA, le catalogue dit **{known} HTVA** ; lequel"
                " des deux ?",
                name=thing.label,
                typed=Money(line.net_cents, exact=True),
                known=Money(known, exact=True),
            ),
        )


def _check_unclear(
    line: Line, thing: Thing, known: int | None, typed: int, findings: Findings
) -> None:
    """An amount beside several pieces agrees with the catalogue as that of one or of all."""
    if known is None:
        findings.add(
            "amount",
            _(
                "le montant HTVA de « {name} » : {typed} est-il celui d'une pièce ou des {count} ?",
                name=thing.label,
                typed=Money(typed, exact=True),
                count=line.quantity,
            ),
        )
    elif typed not in {known, known // line.quantity}:
        findings.add(
            "amount",
            _(
                "« {name} » : vous écrivez {typed} HTVA, le catalogue dit **{unit} HTVA pièce**,"
                " {known} HTVA pour les {count} ; lequel ?",
                name=thing.label,
                typed=Money(typed, exact=True),
                unit=Money(known // line.quantity, exact=True),
                known=Money(known, exact=True),
                count=line.quantity,
            ),
        )


def _catalogue_net(ctx: Context, line: Line, thing: Thing) -> int | None:
    """What the catalogue says that a line costs; None if it gives this thing no price."""
    price = ordering.price_of(ctx, thing)
    return None if price is None else price.unit_cents * line.quantity


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
    ctx: Context, read: OrderLetter, chosen: Sequence[Thing], findings: Findings
) -> None:
    """The sums of the letter against the sums of its lines."""
    lines = [ordering.line_of(ctx, line, chosen[line.key]) for line in read.lines]
    net = sum(line.unit_cents * line.quantity for line in lines)
    gross = net + sum(vat_cents(x.unit_cents * x.quantity, x.vat_basis_points) for x in lines)
    unsaid = read.totals.unsaid
    nearer = net if unsaid is None or abs(unsaid - net) < abs(unsaid - gross) else gross
    for name, told, sum_ in (
        ("total_excl_vat", read.totals.net, net),
        ("total_incl_vat", read.totals.gross, gross),
        ("total", unsaid, nearer),
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
    chosen: Sequence[Thing],
    details: Details,
    findings: Findings,
) -> None:
    """The rates and the amount of VAT of the letter against those of its lines."""
    lines = [ordering.line_of(ctx, line, chosen[line.key]) for line in read.lines]
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
    ctx: Context, read: OrderLetter, chosen: Sequence[Thing], findings: Findings
) -> None:
    """What the caps of the central leave, before anything is kept."""
    central = chosen[read.lines[0].key].solution.central
    order = Order(central=central, institution=ctx.institution, person=ctx.member)
    order.lines.extend(ordering.line_of(ctx, line, chosen[line.key]) for line in read.lines)
    for room in caps.rooms(ctx.session, order):
        if room.passed:
            findings.add("cap", cap_words.passed(ctx, room))


def _was_read(form: Form, told: Told, known: Sequence[Thing]) -> list[Block]:
    """What a form says, so that its sender sees what was understood (acceptance A16)."""
    if form.file is None or not told.read.lines:
        return []
    said: list[Text] = []
    if told.read.reference:
        said.append(_("référence {reference}", reference=told.read.reference))
    for line in told.read.lines:
        values: dict[str, Value] = {"count": line.quantity, "name": known[line.key].label}
        if line.net_cents is None:
            said.append(_("{count} × {name}", **values))
        else:
            net = Money(line.net_cents, exact=True)
            said.append(_("{count} × {name} : {net} HTVA", net=net, **values))
    if told.read.totals.gross is not None:
        said.append(_("total : {gross} TVAC", gross=Money(told.read.totals.gross, exact=True)))
    if told.read.decision is not None and told.read.decision.day is not None:
        said.append(_("décision du {day}", day=told.read.decision.day))
    lead = Paragraph(_("J'ai lu dans « {name} » :", name=form.file.name))
    return [lead, Bullets(tuple(said))]


_OF_PRICES = {"amount", "total", "total_excl_vat", "total_incl_vat", "vat", "vat_rate"}


def _ask_for(ctx: Context, findings: Findings, was_read: Sequence[Block], **data: Any) -> Reply:
    question = ctx.ask(LETTER, Topic("inbox", ctx.entry.id), **data)
    ctx.observe(action=Action.ASK, ask_for=findings.names)
    hints: list[Text] = []
    if was_read and _OF_PRICES & set(findings.names):
        hints.append(_("Pour prendre partout les prix du catalogue : « prix du catalogue »."))
    return reply(
        *was_read,
        _("Votre commande est lue, mais rien n'est envoyé ni engagé. Il me faut encore :"),
        Steps(tuple(words for _name, words in findings.lacking)),
        *hints,
        _("Répondez à ce message ; je vous montre alors la commande pour confirmation."),
        title=_("Votre commande : il manque un renseignement"),
    ).about(f"question:{question.id}")
