"""The order as data: UBL 2.1 Order in the form of Peppol BIS Ordering 3 (transaction T01).

Buyer and seller are known to Peppol by their Belgian enterprise number (scheme 0208); without both
there is no such file. The order of the elements is that of UBL's schema, against which
the tests validate it; the rules R003, R008,
R011, R016, R017, R024, R028 to R031 and R034 of PEPPOL-T01 hold by the way amounts are built
(https://docs.peppol.eu/poacc/upgrade-3/, syntax « ubl-order » and rules « PEPPOL-T01 »).
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from handlers import pricing
from handlers.desk import Desk
from handlers.reply import File
from storage.orders import Order, OrderLine

XML = "application/xml"
ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:order_only:3"
PURCHASE_ORDER = "220"
"""UNCL 1001: a purchase order."""
BELGIAN_ENTERPRISE = "0208"
"""ISO 6523: the number of an enterprise in the Belgian register (BCE, KBO)."""
PIECE = "C62"
"""UN/ECE recommendation 20: one."""
CURRENCY = "EUR"

ET.register_namespace("", ORDER)
ET.register_namespace("cac", CAC)
ET.register_namespace("cbc", CBC)

_POSTAL = re.compile(r"(?P<street>.+?)[\s,]+(?:B-)?(?P<zone>\d{4})\s+(?P<city>[^\d,]+)$")


def is_possible(order: Order) -> bool:
    """Whether both enterprise numbers are known."""
    return bool(order.enterprise and order.central.enterprise)


def ubl_order(desk: Desk, order: Order) -> File:
    """A numbered order as a file; both enterprise numbers must be known."""
    root = ET.Element(f"{{{ORDER}}}Order")
    _head(desk, root, order)
    _party(root, "BuyerCustomerParty", order.institution.name, order.enterprise, order)
    central = order.central
    _party(root, "SellerSupplierParty", central.operator, central.enterprise)
    _billing(desk, root, order)
    _delivery(desk, root, order)
    _totals(root, order)
    for number, line in enumerate(order.lines, 1):
        _line(root, line, number)
    ET.indent(root)
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return File(f"{order.reference}.xml", XML, content)


_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for, however escaped."""


def _text(parent: ET.Element, name: str, value: str, **attributes: str) -> None:
    """A basic component, unless there is nothing to say: UBL has no empty elements."""
    words = _NOT_XML.sub("", value).strip()
    if words:
        ET.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = words


def _group(parent: ET.Element, *names: str) -> ET.Element:
    for name in names:
        parent = ET.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def _amount(parent: ET.Element, name: str, cents: int) -> None:
    _text(parent, name, f"{cents // 100}.{cents % 100:02d}", currencyID=CURRENCY)


def _head(desk: Desk, root: ET.Element, order: Order) -> None:
    assert order.sent_at is not None  # noqa: S101 - a numbered order was sent
    sent = order.sent_at.astimezone(desk.platform.zone)
    _text(root, "CustomizationID", CUSTOMIZATION)
    _text(root, "ProfileID", PROFILE)
    _text(root, "ID", order.reference)
    _text(root, "IssueDate", f"{sent:%Y-%m-%d}")
    _text(root, "IssueTime", f"{sent:%H:%M:%S}")
    _text(root, "OrderTypeCode", PURCHASE_ORDER)
    _text(root, "DocumentCurrencyCode", CURRENCY)
    _text(root, "CustomerReference", order.buyer_reference)
    _text(root, "AccountingCost", order.budget_article)
    if order.decision:
        _text(_group(root, "OriginatorDocumentReference"), "ID", order.decision)
    _text(_group(root, "Contract"), "ID", order.central.name)


def _party(
    root: ET.Element, role: str, name: str, enterprise: str, buyer: Order | None = None
) -> None:
    party = _group(root, role, "Party")
    _text(party, "EndpointID", enterprise, schemeID=BELGIAN_ENTERPRISE)
    _text(_group(party, "PartyName"), "Name", name)
    entity = _group(party, "PartyLegalEntity")
    _text(entity, "RegistrationName", name)
    _text(entity, "CompanyID", enterprise, schemeID=BELGIAN_ENTERPRISE)
    if buyer is not None:
        contact = _group(party, "Contact")
        _text(contact, "Name", buyer.contact or buyer.person.name)
        _text(contact, "Telephone", buyer.person.phone)


_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.\w+")


def _billing(desk: Desk, root: ET.Element, order: Order) -> None:
    """Where the invoice goes: a postal address, a mailbox, or both in one line."""
    if not order.billing:
        return
    party = _group(root, "AccountingCustomerParty", "Party")
    _text(_group(party, "PartyName"), "Name", order.institution.name)
    mail = _MAIL.search(order.billing)
    place = _MAIL.sub("", order.billing).strip(" ,;()–-")
    if place:
        _address(desk, _group(party, "PostalAddress"), place)
    entity = _group(party, "PartyLegalEntity")
    _text(entity, "RegistrationName", order.institution.name)
    _text(entity, "CompanyID", order.enterprise, schemeID=BELGIAN_ENTERPRISE)
    if mail:
        _text(_group(party, "Contact"), "ElectronicMail", mail.group())


def _delivery(desk: Desk, root: ET.Element, order: Order) -> None:
    if order.delivery:
        location = _group(root, "Delivery", "DeliveryLocation")
        _address(desk, _group(location, "Address"), order.delivery)


def _address(desk: Desk, address: ET.Element, words: str) -> None:
    told = _POSTAL.fullmatch(words)
    if told:
        _text(address, "StreetName", told["street"])
        _text(address, "CityName", told["city"].strip())
        _text(address, "PostalZone", told["zone"])
    else:
        _text(_group(address, "AddressLine"), "Line", words)
    _text(_group(address, "Country"), "IdentificationCode", desk.platform.territory.country)


def _totals(root: ET.Element, order: Order) -> None:
    cost = pricing.total(order)
    _amount(_group(root, "TaxTotal"), "TaxAmount", cost.vat)
    total = _group(root, "AnticipatedMonetaryTotal")
    _amount(total, "LineExtensionAmount", cost.net)
    _amount(total, "TaxExclusiveAmount", cost.net)
    _amount(total, "TaxInclusiveAmount", cost.gross)
    _amount(total, "PayableAmount", cost.gross)


def _line(root: ET.Element, line: OrderLine, number: int) -> None:
    order_line = _group(root, "OrderLine")
    _text(order_line, "Note", line.solution.supplier)
    item_line = _group(order_line, "LineItem")
    _text(item_line, "ID", str(number))
    _text(item_line, "Quantity", str(line.quantity), unitCode=PIECE)
    _amount(item_line, "LineExtensionAmount", pricing.cost_of(line).net)
    _amount(_group(item_line, "Price"), "PriceAmount", line.unit_cents)
    item = _group(item_line, "Item")
    _text(item, "Name", line.label)
    _text(_group(item, "SellersItemIdentification"), "ID", line.solution.slug)
    category = _group(item, "ClassifiedTaxCategory")
    _text(category, "ID", "S" if line.vat_basis_points else "Z")
    _text(category, "Percent", f"{line.vat_basis_points / 100:g}")
    _text(_group(category, "TaxScheme"), "ID", "VAT")
