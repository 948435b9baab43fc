"""Joining a central, ordering, and what follows: the clock, the award, the contract.

Money never moves on a mail alone: an order is confirmed by an answer bound to its content
(DESIGN, section 4).
"""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256

from handlers import documents, texts
from handlers.arguments import MaybeWords, Words, reads
from handlers.catalogue import find_central
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.intents import Intent, Understanding
from handlers.policy import Role, award_due, contract_end, morning_of, vat_cents
from handlers.reading.amounts import Doubt, find_amounts
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reading.decision import find_decision
from handlers.reply import Bullets, Fields, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.request import Topic
from handlers.wording import Money, Text, _, verbatim
from storage import counters, orders, purchasing, reminders
from storage.conversations import Question
from storage.members import Institution
from storage.orders import Contract, Order, OrderLine, OrderState
from storage.purchasing import Adhesion, Central, Price, Solution

table = Table()

REFERENCE = re.compile(r"(?P<central>[\w-]+?)-(?P<year>\d{4})-(?P<number>\d{1,6})")


@reads(Order)
def read_order(ctx: Context, words: str) -> Order:
    """The order of a reference such as SMART-2026-0007. Raises Refusal."""
    match = REFERENCE.fullmatch(words.strip(" .,;"))
    central = purchasing.central_by_slug(ctx.session, match["central"].lower()) if match else None
    found = None
    if match and central:
        year, number = int(match["year"]), int(match["number"])
        found = orders.by_reference(ctx.session, central, year, number)
    if found is None:
        raise Refusal(_("Je ne trouve pas la commande « {words} ».", words=words[:40]))
    return found


# -- joining --------------------------------------------------------------------------------


@table.command(
    "adhérer",
    aliases={"fr": ["adhésion", "rejoindre"], "en": ["join"], "nl": ["toetreden"], "de": ["beitreten"]},
    who=Role.MEMBER,
    usage=_("adhérer CENTRALE, décision du DATE, réf. RÉFÉRENCE"),
    summary=_("adhérer à une centrale d'achats"),
    example="adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114",
)
def join(ctx: Context, words: Words) -> Reply:
    """Record an institution's decision to join a central."""
    central = find_central(purchasing.centrals(ctx.session), words)
    if central is None:
        raise Refusal(
            _(
                "À quelle centrale votre institution veut-elle adhérer ? Les centrales : {names}.",
                names=", ".join(c.name for c in purchasing.centrals(ctx.session)),
            )
        )
    decision = find_decision(words, ctx.today)
    if decision is None or decision.day is None:
        raise Refusal(_missing(central, _("la date et la référence de la décision")))
    if not decision.reference:
        raise Refusal(_missing(central, _("la référence de la décision")))
    if decision.future:
        raise Refusal(
            _("La décision porte une date à venir ({day}) : vérifiez-la.", day=decision.day)
        )
    return record_adhesion(ctx, central, decision.day, decision.reference)


def _missing(central: Central, what: Text) -> Text:
    return _(
        "Il manque {what} : `adhérer {central}, décision du Collège du 9 mars 2026, réf. 2026/114`.",
        what=what,
        central=central.name,
    )


def record_adhesion(ctx: Context, central: Central, decided_on: date, decision: str) -> Reply:
    """The adhesion, once; its receipt, and a word to the managers."""
    known = purchasing.adhesion(ctx.session, central, ctx.institution)
    if known is not None:
        return reply(
            _(
                "{institution} a déjà adhéré à la centrale **{central}**, le {day}.",
                institution=ctx.institution.name,
                central=central.name,
                day=known.joined_on,
            )
        )
    ctx.session.add(
        Adhesion(
            central=central,
            institution=ctx.institution,
            decided_on=decided_on,
            decision=decision,
            joined_on=ctx.today,
        )
    )
    facts = _decision_fields(ctx.institution, central, decided_on, decision)
    title = _("Adhésion à la centrale {central}", central=central.name)
    tell_all(
        ctx,
        central.managers,
        reply(_("Une adhésion est arrivée."), facts, title=title).about(f"central:{central.id}"),
    )
    ctx.audit("central.joined", Topic("central", central.id), institution=ctx.institution.code)
    return reply(
        _("L'adhésion est enregistrée ; {operator} est prévenu.", operator=central.operator),
        facts,
        _("Pour commander : `commander SOLUTION`, par exemple `commander e-guichet`."),
        title=title,
    )


def _decision_fields(
    institution: Institution, central: Central, decided_on: date, decision: str
) -> Fields:
    return Fields(
        (
            (_("Institution"), verbatim(institution.name)),
            (_("Centrale"), verbatim(central.name)),
            (_("Décision"), _("du {day}, réf. {decision}", day=decided_on, decision=decision)),
        )
    )


# -- ordering -------------------------------------------------------------------------------


@table.command(
    "commander",
    aliases={"fr": ["commande"], "en": ["order"], "nl": ["bestellen"], "de": ["bestellen de"]},
    who=Role.MEMBER,
    usage=_("commander SOLUTION"),
    summary=_("préparer un bon de commande"),
    example="commander e-guichet",
)
def order(ctx: Context, solution: Solution) -> Reply:
    """Draft a purchase order and ask for its confirmation."""
    central = solution.central
    if purchasing.adhesion(ctx.session, central, ctx.institution) is None:
        raise Refusal(
            _(
                "{institution} n'a pas encore adhéré à la centrale **{central}**. Écrivez d'abord"
                " `adhérer {central}, décision du Collège du …, réf. …`.",
                institution=ctx.institution.name,
                central=central.name,
            )
        )
    price = _price_for(ctx, solution)
    draft = Order(
        central=central, institution=ctx.institution, person=ctx.member, drafted_at=ctx.now
    )
    draft.lines.append(
        OrderLine(
            solution=solution,
            label=f"{solution.name}, {price.label}" if price.label else solution.name,
            quantity=1,
            unit_cents=price.unit_cents,
            vat_basis_points=solution.vat_basis_points,
        )
    )
    ctx.session.add(draft)
    ctx.session.flush()
    question = ctx.ask("order", Topic("order", draft.id), digest(draft))
    return _shown(ctx, draft).about(f"question:{question.id}")


def _price_for(ctx: Context, solution: Solution) -> Price:
    """The price that holds for the institution: by the population of its commune, where prices
    depend on it.
    """
    population = _population(ctx)
    for price in solution.prices:
        low, high = price.from_population or 0, price.below_population
        if low <= population and (high is None or population < high):
            return price
    raise Refusal(
        _(
            "« {name} » n'a pas de prix qui convienne à votre institution : écrivez à {operator}"
            " avec `centrale {central}`.",
            name=solution.name,
            operator=solution.central.operator,
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
    lines = [[ln.solution_id, ln.label, ln.quantity, ln.unit_cents, ln.vat_basis_points] for ln in draft.lines]
    content = json.dumps([draft.id, draft.institution_id, draft.central_id, lines])
    return sha256(content.encode()).hexdigest()


def _shown(ctx: Context, draft: Order) -> Reply:
    due = due_date(ctx, draft.central)
    return reply(
        _(
            "Voici votre commande auprès de la centrale **{central}**. Rien n'est envoyé tant que"
            " vous n'avez pas confirmé.",
            central=draft.central.name,
        ),
        _lines(draft),
        _clock(ctx, draft.central, due),
        texts.confirm_or_cancel(_("le bon de commande part"), _("la commande est oubliée")),
        title=_("Votre commande attend votre accord"),
    )


def _lines(shown: Order) -> Grid:
    rows = []
    for line in shown.lines:
        net = line.quantity * line.unit_cents
        vat = vat_cents(net, line.vat_basis_points)
        cells = (net, vat, net + vat)
        rows.append(
            (
                verbatim(line.label),
                verbatim(str(line.quantity)),
                *(_("{amount}", amount=Money(cents, exact=True)) for cents in cells),
            )
        )
    rate = shown.lines[0].vat_basis_points // 100
    header = (
        _("Solution"),
        _("Quantité"),
        _("Prix HTVA"),
        _("TVA {rate} %", rate=rate),
        _("Total TVAC"),
    )
    return Grid(header, tuple(rows), amounts=frozenset({1, 2, 3, 4}))


def net_cents(shown: Order) -> int:
    """The total of an order excluding VAT, in cents."""
    return sum(line.quantity * line.unit_cents for line in shown.lines)


def due_date(desk: Desk, central: Central) -> date:
    """The day by which an order sent today must be awarded."""
    settings = desk.platform.settings.orders
    days = central.award_days or settings.award_days
    return award_due(desk.today, days, settings.award_counting, desk.platform.holidays)


def _clock(desk: Desk, central: Central, due: date) -> Text:
    settings = desk.platform.settings.orders
    days = central.award_days or settings.award_days
    years = central.contract_years or settings.contract_years
    if settings.award_counting == "working":
        return _(
            "Marché de {years} ans. Attribution attendue {days} jours ouvrables après l'envoi, donc"
            " pour le **{due}**.",
            years=years,
            days=days,
            due=due,
        )
    return _(
        "Marché de {years} ans. Attribution attendue {days} jours calendrier après l'envoi, donc"
        " pour le **{due}**.",
        years=years,
        days=days,
        due=due,
    )


@table.question("order")
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Send the order that was shown, or forget it."""
    draft = ctx.session.get_one(Order, Topic.parse(question.topic).id, with_for_update=True)
    if not said:
        draft.state = OrderState.CANCELLED
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if draft.state != OrderState.DRAFT or question.digest != digest(draft):
        raise Refusal(_("Cette commande a changé depuis : refaites-la pour la confirmer."))
    return send(ctx, draft)


def send(ctx: Context, draft: Order) -> Reply:
    """Number the order, start its clock, make its form, and tell everybody concerned."""
    year = ctx.today.year
    draft.year = year
    draft.number = counters.following(ctx.session, f"{draft.central.slug}-{year}")
    draft.state, draft.sent_at, draft.due_on = OrderState.SENT, ctx.now, due_date(ctx, draft.central)
    topic = Topic("order", draft.id)
    form = documents.order_form(ctx, draft)
    draft.form_id = ctx.keep(form).id
    _plan_award(ctx, draft, topic)
    title = _("Bon de commande {reference}", reference=draft.reference)
    receipt = reply(
        _(
            "Votre commande **{reference}** est envoyée à {operator}. Le bon de commande est joint.",
            reference=draft.reference,
            operator=draft.central.operator,
        ),
        _lines(draft),
        _clock(ctx, draft.central, draft.due_on),
        _("Où en est-elle ? Écrivez `commandes`."),
        title=title,
    )
    receipt = receipt.with_files(form).about(str(topic))
    copy_to = ctx.platform.record_channel
    if ctx.incoming.channel != copy_to:
        ctx.tell_everywhere(ctx.member, receipt, but=ctx.incoming.channel)
    tell_all(ctx, draft.central.managers, _to_manager(draft, title).with_files(form).about(str(topic)))
    ctx.audit("order.sent", topic, reference=draft.reference, net_cents=net_cents(draft))
    return receipt


def _to_manager(sent: Order, title: Text) -> Reply:
    return reply(
        _(
            "**{institution}** commande (réf. **{reference}**). Attribution attendue pour le"
            " **{due}**.",
            institution=sent.institution.name,
            reference=sent.reference,
            due=sent.due_on or "",
        ),
        _lines(sent),
        _("Une fois le marché attribué : `attribuer {reference}`.", reference=sent.reference),
        title=title,
    )


def _plan_award(ctx: Context, sent: Order, topic: Topic) -> None:
    assert sent.due_on is not None  # noqa: S101 - set by the only caller
    for days in ctx.platform.settings.orders.award_reminders_days:
        day = date.fromordinal(sent.due_on.toordinal() - days)
        ctx.remind("award", topic, morning_of(day, ctx.platform.zone))


@table.reminder("award")
def remind_of_award(desk: Desk, topic: Topic) -> None:
    """Remind those who must award, and on the last day those who wait (acceptance A15)."""
    sent = desk.session.get_one(Order, topic.id)
    if sent.state != OrderState.SENT or sent.due_on is None:
        return
    title = _("Commande {reference} : attribution attendue", reference=sent.reference)
    words = reply(
        _(
            "La commande **{reference}** de {institution} doit être attribuée pour le **{due}**.",
            reference=sent.reference,
            institution=sent.institution.name,
            due=sent.due_on,
        ),
        _("Une fois le marché attribué : `attribuer {reference}`.", reference=sent.reference),
        title=title,
    )
    tell_all(desk, sent.central.managers, words.about(str(topic)))
    if desk.today >= sent.due_on:
        desk.tell(sent.person, _still_waiting(sent, title).about(str(topic)))


def _still_waiting(sent: Order, title: Text) -> Reply:
    return reply(
        _(
            "Le délai d'attribution de votre commande **{reference}** s'achève aujourd'hui ;"
            " {operator} vient d'en être averti. Vous serez prévenu dès l'attribution.",
            reference=sent.reference,
            operator=sent.central.operator,
        ),
        title=title,
    )


# -- awarding -------------------------------------------------------------------------------


@table.command(
    "attribuer",
    aliases={"en": ["award"], "nl": ["gunnen"], "de": ["vergeben"]},
    who=Role.MANAGER,
    usage=_("attribuer RÉFÉRENCE [à FOURNISSEUR] [le DATE] [pour MONTANT]"),
    summary=_("enregistrer l'attribution d'une commande"),
    example="attribuer SMART-2026-0001 à Civadis le 13 avril 2026 pour 24.000 €",
)
def award(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Record an award: the clock stops, the contract begins, the buyer is told once."""
    if reference.central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=reference.central.name))
    if reference.state != OrderState.SENT:
        raise Refusal(
            _("La commande {reference} n'attend pas d'attribution.", reference=reference.reference)
        )
    awarded_on = _award_day(ctx, reference, words)
    contract = Contract(
        order=reference,
        supplier=_supplier(words) or reference.lines[0].solution.supplier,
        amount_cents=_award_amount(reference, words),
        starts_on=awarded_on,
        ends_on=contract_end(awarded_on, _years(ctx, reference)),
    )
    ctx.session.add(contract)
    reference.state, reference.awarded_on = OrderState.AWARDED, awarded_on
    topic = Topic("order", reference.id)
    reminders.cancel(ctx.session, str(topic), ("award",), ctx.now)
    _plan_end(ctx, contract, topic)
    words_ = _awarded(reference, contract)
    ctx.tell_everywhere(reference.person, words_.about(str(topic)))
    ctx.audit("order.awarded", topic, reference=reference.reference, net_cents=contract.amount_cents)
    return reply(
        _("L'attribution est enregistrée ; {institution} est prévenue.", institution=reference.institution.name),
        _contract_fields(reference, contract),
    )


def _award_day(ctx: Context, sent: Order, words: str) -> date:
    period = find_period(words, ctx.today, Lean.LAST)
    day = (period.start if period else None) or ctx.today
    first = sent.sent_at.astimezone(ctx.platform.zone).date() if sent.sent_at else day
    if day > ctx.today or day < first:
        raise Refusal(
            _(
                "La date d'attribution ({day}) doit être entre l'envoi ({first}) et aujourd'hui.",
                day=day,
                first=first,
            )
        )
    return day


def _award_amount(sent: Order, words: str) -> int:
    found = re.search(r"\bpour\s+(.+)$", words)
    if not found:
        return net_cents(sent)
    read = [amount.reading for amount in find_amounts(found[1])]
    if len(read) != 1 or isinstance(read[0], Doubt):
        raise Refusal(
            _(
                "Je ne lis pas le montant « {words} » : écrivez-le par exemple `24.000 €`.",
                words=found[1][:40],
            )
        )
    return read[0].cents


def _supplier(words: str) -> str:
    found = re.search(r"(?:^|\s)à\s+(.+?)(?=\s+(?:le|pour)\s|$)", words)
    return found[1].strip() if found else ""


def _years(desk: Desk, sent: Order) -> int:
    return sent.central.contract_years or desk.platform.settings.orders.contract_years


def _plan_end(ctx: Context, contract: Contract, topic: Topic) -> None:
    for days in ctx.platform.settings.orders.contract_reminders_days:
        day = date.fromordinal(contract.ends_on.toordinal() - days)
        if day > ctx.today:
            ctx.remind("contract-end", topic, morning_of(day, ctx.platform.zone))


def _awarded(sent: Order, contract: Contract) -> Reply:
    return reply(
        _("Votre commande **{reference}** est attribuée.", reference=sent.reference),
        _contract_fields(sent, contract),
        title=_("Commande {reference} attribuée", reference=sent.reference),
    )


def _contract_fields(sent: Order, contract: Contract) -> Fields:
    return Fields(
        (
            (_("Commande"), verbatim(sent.reference)),
            (_("Fournisseur"), verbatim(contract.supplier)),
            (_("Montant"), _("{amount} HTVA", amount=Money(contract.amount_cents))),
            (_("Attribuée"), _("le {day}", day=contract.starts_on)),
            (_("Fin du contrat"), _("le {day}", day=contract.ends_on)),
        )
    )


@table.reminder("contract-end")
def remind_of_end(desk: Desk, topic: Topic) -> None:
    """Remind buyer and managers that a contract ends (acceptance A23)."""
    sent = desk.session.get_one(Order, topic.id)
    contract = sent.contract
    if contract is None:
        return
    words = reply(
        _(
            "Le contrat de la commande **{reference}** ({institution}) prend fin le **{day}**.",
            reference=sent.reference,
            institution=sent.institution.name,
            day=contract.ends_on,
        ),
        title=_("Commande {reference} : fin de contrat", reference=sent.reference),
    ).about(str(topic))
    desk.tell(sent.person, words)
    tell_all(desk, sent.central.managers, words)


# -- looking --------------------------------------------------------------------------------


@table.command(
    "commandes",
    aliases={"fr": ["contrats", "mes commandes"], "en": ["orders"], "nl": ["bestellingen"]},
    usage=_("commandes"),
    summary=_("où en sont vos commandes et vos contrats"),
    who=Role.MEMBER,
)
def list_orders(ctx: Context) -> Reply:
    """The institution's orders with state and dates."""
    found = orders.of_institution(ctx.session, ctx.institution)
    if not found:
        return reply(
            _("{institution} n'a pas encore de commande. Pour commencer : `catalogue`.", institution=ctx.institution.name)
        )
    return reply(
        Bullets(tuple(_state(shown) for shown in found)),
        title=_("Vos commandes"),
    )


def _state(shown: Order) -> Text:
    what = ", ".join(line.label for line in shown.lines)
    if shown.contract:
        return _(
            "**{reference}** ({what}) : attribuée le {day} à {supplier}, contrat jusqu'au {end}",
            reference=shown.reference,
            what=what,
            day=shown.contract.starts_on,
            supplier=shown.contract.supplier,
            end=shown.contract.ends_on,
        )
    return _(
        "**{reference}** ({what}) : envoyée, attribution attendue pour le {due}",
        reference=shown.reference,
        what=what,
        due=shown.due_on or "",
    )


@table.command(
    "commandes reçues",
    aliases={"fr": ["à attribuer"], "en": ["orders received"]},
    who=Role.MANAGER,
    usage=_("commandes reçues"),
    summary=_("les commandes qui attendent une attribution"),
)
def list_received(ctx: Context) -> Reply:
    """What the manager's centrals still have to award."""
    waiting = [
        sent
        for central in purchasing.manages(ctx.session, ctx.member)
        for sent in orders.awaiting(ctx.session, central)
    ]
    if not waiting:
        return reply(_("Aucune commande n'attend d'attribution."))
    return reply(
        Bullets(
            tuple(
                _(
                    "**{reference}**, {institution} : pour le {due}",
                    reference=sent.reference,
                    institution=sent.institution.name,
                    due=sent.due_on or "",
                )
                for sent in waiting
            )
        ),
        title=_("Commandes à attribuer"),
    )


@table.intent(Intent.JOIN_CENTRAL, who=Role.MEMBER)
def join_asked(ctx: Context, understood: Understanding) -> Reply:
    """An adhesion written as a letter."""
    del understood
    return join(ctx, Words(f"{ctx.incoming.subject}\n{ctx.incoming.text}"))


@table.intent(Intent.ORDER_STATUS, who=Role.MEMBER)
def status_asked(ctx: Context, understood: Understanding) -> Reply:
    """A question about one's orders, written as a letter."""
    del understood
    return list_orders(ctx)
