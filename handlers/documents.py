"""Documents that the platform makes: the order form, as a tagged PDF."""

from __future__ import annotations

import json
from importlib.resources import files as resources

import typst

from handlers import pricing, texts
from handlers.desk import Desk
from handlers.reading.contacts import belgian
from handlers.reply import File
from handlers.wording import Money, Text, _, n_, plain, speak_value, verbatim
from storage.orders import Order, OrderLine
from storage.purchasing import Adhesion, adhesion

PDF = "application/pdf"


def order_form(desk: Desk, order: Order) -> File:
    """The purchase order form of a numbered order, in the buyer's language (acceptance A15, A16).

    The same order always gives the same bytes: the file bears the order's date, not the clock's.
    """
    language = order.person.language
    template = resources("handlers").joinpath("templates/order.typ").read_bytes()
    content = typst.compile(
        template,
        sys_inputs={"data": json.dumps(_form(desk, order, language), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int((order.sent_at or desk.now).timestamp()),
        ignore_system_fonts=True,
    )
    return File(f"{order.reference}.pdf", PDF, content)


def _form(desk: Desk, order: Order, language: str) -> dict[str, object]:
    def say(text: Text) -> str:
        return plain(text, language)

    joined = adhesion(desk.session, order.central, order.institution)
    return {
        "language": language,
        "title": say(_("Bon de commande {reference}", reference=order.reference)),
        "issuer": order.institution.name,
        "footer": say(
            _(
                "{reference} · {platform}",
                reference=order.reference,
                platform=desk.platform.settings.platform.name,
            )
        ),
        "parties": [
            {"heading": say(_("Acheteur")), "rows": _buyer(order, desk.platform.record_channel)},
            {"heading": say(_("Centrale d'achats")), "rows": _central(order, language)},
            *(
                {"heading": say(heading), "rows": [value]}
                for heading, value in (
                    (_("Adresse de livraison"), order.delivery),
                    (_("Adresse de facturation"), order.billing),
                )
                if value
            ),
        ],
        "header": [say(text) for text in _HEADER],
        "lines": [_line(line, language) for line in order.lines],
        "total": _total(order, language),
        "rates": [say(text) for text in _per_rate(order)],
        "facts": [[say(label), say(value)] for label, value in _facts(desk, order, joined)],
        "signature": say(
            _(
                "Pour {institution}, commande confirmée par voie électronique par {name}.",
                institution=texts.the(order.institution),
                name=order.person.name,
            )
        ),
    }


def _buyer(order: Order, channel: str) -> list[str]:
    person = order.person
    phone = belgian(person.phone) if person.phone else ""
    mail = next((a.address for a in person.addresses if a.channel == channel), "")
    return [
        row for row in (order.institution.name, person.name, person.function, mail, phone) if row
    ]


def _central(order: Order, language: str) -> list[str]:
    central = order.central
    authority = _("Pouvoir adjudicateur : {name}", name=central.contracting_authority)
    rows = [central.name, central.operator, plain(authority, language)]
    if central.enterprise:
        number = _("N° d'entreprise : {number}", number=dotted(central.enterprise))
        rows.append(plain(number, language))
    return rows


def dotted(number: str) -> str:
    """An enterprise number as it is written: 0123.456.749."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


_HEADER = (
    _("Désignation"),
    _("Quantité"),
    _("Prix unitaire HTVA"),
    _("Total HTVA"),
    _("TVA"),
    _("Total TVAC"),
)


def _line(line: OrderLine, language: str) -> list[str]:
    """A row: who supplies stands under what is ordered, the rate beside the amount of VAT."""
    net, vat, gross = (_amount(cents, language) for cents in pricing.cost_of(line).columns)
    unit = _amount(line.unit_cents, language)
    rate = pricing.rate(line.vat_basis_points)
    name = f"{line.label}\n{line.solution.supplier}"
    return [name, str(line.quantity), unit, net, f"{vat}\n{rate} %", gross]


def _total(order: Order, language: str) -> list[str]:
    amounts = (_amount(cents, language) for cents in pricing.total(order).columns)
    return [plain(_("Total"), language), "", "", *amounts]


def _per_rate(order: Order) -> list[Text]:
    """The VAT of each rate, where there are several."""
    rates = sorted({line.vat_basis_points for line in order.lines})
    if len(rates) < 2:
        return []
    return [
        _(
            "TVA à {rate} % sur {net} : {vat}",
            rate=pricing.rate(rate),
            net=Money(cost.net, exact=True),
            vat=Money(cost.vat, exact=True),
        )
        for rate in rates
        for cost in [pricing.sum_of(one for one in order.lines if one.vat_basis_points == rate)]
    ]


def _amount(cents: int, language: str) -> str:
    return speak_value(Money(cents, exact=True), language)


def decision_of(order: Order) -> Text | None:
    """The buyer's decision as it was told: body, day, reference; None if none was."""
    if order.decided_on is None:
        return None
    body, day, reference = order.decided_by, order.decided_on, order.decision
    if body and reference:
        return _("décision du {body} du {day}, réf. {ref}", body=body, day=day, ref=reference)
    if body:
        return _("décision du {body} du {day}", body=body, day=day)
    if reference:
        return _("décision du {day}, réf. {ref}", day=day, ref=reference)
    return _("décision du {day}", day=day)


def told_besides(order: Order) -> list[tuple[Text, str]]:
    """What the buyer told beside the lines, with its label; what was not told is left out."""
    number = order.enterprise
    told = [
        (_("Votre référence"), order.buyer_reference),
        (_("Article budgétaire"), order.budget_article),
        (_("Numéro d'entreprise"), dotted(number) if number else ""),
        (_("Personne de contact"), order.contact),
        (_("Adresse de livraison"), order.delivery),
        (_("Adresse de facturation"), order.billing),
    ]
    return [(label, value) for label, value in told if value]


def _facts(desk: Desk, order: Order, joined: Adhesion | None) -> list[tuple[Text, Text]]:
    facts: list[tuple[Text, Text]] = []
    told = decision_of(order)
    if told is not None:
        facts.append((_("Décision de commander"), told))
    addresses = {order.delivery, order.billing}
    facts += [
        (name, verbatim(value)) for name, value in told_besides(order) if value not in addresses
    ]
    if order.sent_at:
        facts.append((_("Envoyé"), _("le {instant}", instant=order.sent_at)))
    years = order.central.contract_years or desk.platform.settings.orders.contract_years
    facts.append((_("Durée du marché"), n_("{count} an", "{count} ans", years)))
    if order.due_on:
        facts.append((_("Attribution attendue"), _("le {day}", day=order.due_on)))
    if joined:
        facts.append(
            (
                _("Adhésion à la centrale"),
                _(
                    "décision du {day}, réf. {decision}",
                    day=joined.decided_on,
                    decision=joined.decision,
                ),
            )
        )
    if order.central.legal_basis:
        facts.append((_("Base légale"), verbatim(order.central.legal_basis)))
    facts.append((_("À rappeler sur la facture"), verbatim(order.reference)))
    return facts
