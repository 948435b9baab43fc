"""Catalogues: taken out and brought in as files, compared, and who uses what."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.papers.child import paper_of
from handlers import tabular
from handlers.request import IncomingFile
from storage.catalogue_changes import CatalogueChange
from storage.files import StoredFile
from storage.purchasing import Central, Solution
from tests import forms
from tests.handlers.conversation import Said, Somebody, World

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
HEAD = "code;nom;fournisseur;description;tva;prix;montant HTVA;option\n"
NEW = "parking;Parking intelligent;Flag2000;Places libres;21;forfait;12.000,00;\n"


def _plain(said: Said) -> str:
    return said.text.replace("\u00a0", " ")


def _solution(session: Session, slug: str) -> Solution:
    return session.scalars(select(Solution).where(Solution.slug == slug)).one()


def _import(who: Somebody, text: str, encoding: str = "utf-8-sig") -> Said:
    file = IncomingFile("catalogue.csv", "text/csv", text.encode(encoding))
    return who.asks("importer catalogue Smart", files=(file,))


def _file(shop: World, ending: str) -> bytes:
    said = shop.stranger(ending).writes(f"exporter catalogue Smart en {ending}")
    assert sum(one.files for one in said) == 1

    def content(session: Session) -> bytes:
        name = f"catalogue-smart.{ending}"
        return session.scalars(select(StoredFile).where(StoredFile.name == name)).first().content  # type: ignore[union-attr] # it is there

    return shop.change(content)


def _exported(shop: World) -> str:
    return _file(shop, "csv").decode("utf-8-sig")


@pytest.mark.parametrize("ending", ["xlsx", "yaml"])
def test_the_other_kinds_of_file_say_the_same(shop: World, ending: str) -> None:
    content = _file(shop, ending)
    paper = paper_of(content)
    whole = IncomingFile(f"catalogue.{ending}", "application/octet-stream", content, paper)
    assert "ne change rien" in shop.smart.asks("importer catalogue Smart", files=(whole,)).text
    if ending == "yaml":
        dearer = content.replace(b"24000,00", b"25.000,00")
        file = IncomingFile("catalogue.yaml", "application/yaml", dearer)
        shown = _plain(shop.smart.asks("importer catalogue Smart", files=(file,)))
        assert "25.000,00 €" in shown


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (forms.endless_table(), "trop grand"),
        (forms.zip_bomb(), "trop grand"),
        (forms.entity_bomb(), "entités XML"),
        (forms.with_macros(forms.as_xlsx(forms.FORM)), "macros"),
        (forms.Reckoned().as_xlsx(), "formules que votre tableur n'a pas encore calculées"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mot de passe"),
        (b"PK\x03\x04 rien", "pas un classeur XLSX lisible"),
        (b"", "pas un classeur XLSX lisible"),
    ],
)
def test_a_hostile_workbook_gets_a_sentence(shop: World, content: bytes, told: str) -> None:
    file = IncomingFile("catalogue.xlsx", tabular.XLSX, content, paper_of(content))
    for words in ("importer catalogue Smart", "importer commandes Smart"):
        shown = shop.smart.asks(words, files=(file,)).text
        assert "Rien n'est changé" in shown
        assert told in shown


def test_what_is_exported_and_imported_again_changes_nothing(shop: World) -> None:
    text = _exported(shop)
    assert len(text.splitlines()) > 10
    assert "24000,00" in text
    assert "ne change rien" in _import(shop.smart, text).text


def test_a_file_is_rehearsed_and_then_done(shop: World) -> None:
    text = _exported(shop).replace("24000,00", "25.000,00") + NEW.replace(
        ";Places libres;21;", ";Places libres;;;;;21;;;"
    ).replace("12.000,00;", "12.000,00;;;;")
    shown = _import(shop.smart, text, "cp1252")
    for words in ("2 solutions", "Parking intelligent", "24.000,00 €", "25.000,00 €"):
        assert words in _plain(shown)
    before = shop.count(Solution)
    assert shop.change(lambda s: _solution(s, "e-guichet").prices[0].unit_cents) == 2_400_000
    shop.smart.replies(shown, "oui")
    assert shop.count(Solution) == before + 1
    assert shop.change(lambda s: _solution(s, "e-guichet").prices[0].unit_cents) == 2_500_000
    told = _plain(shop.stranger().asks("historique catalogue Smart"))
    assert "25.000,00 €" in told
    assert "Parking intelligent" in told
    assert "24 mars 2026" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "parking;Parking;Flag2000;Places;21;forfait;24,000;\n",
            ("ligne 2", "24.000 €", "24,00 €"),
        ),
        ("parking;Parking;Flag2000;Places;21;forfait;beaucoup;\n", ("ligne 2", "beaucoup")),
        ("parking;Parking;Flag2000;Places;mille;forfait;100;\n", ("ligne 2", "mille")),
        ("parking;;Flag2000;Places;21;forfait;100;\n", ("ligne 2", "nom")),
        ("Mon Parking;Parking;Flag2000;Places;21;forfait;100;\n", ("ligne 2", "code")),
        (NEW + "autre;;;;;;;\n", ("ligne 3",)),
    ],
)
def test_faults_are_told_by_their_line_and_nothing_is_taken(
    shop: World, line: str, told: tuple[str, ...]
) -> None:
    before = shop.count(Solution)
    answer = _plain(_import(shop.smart, f"{HEAD}{line}"))
    assert "Rien n'est changé" in answer
    for words in told:
        assert words in answer
    assert shop.count(Solution) == before


def test_a_file_without_its_columns_is_refused(shop: World) -> None:
    answer = _import(shop.smart, "nom;prix\nx;1\n").text
    assert "ligne 1" in answer
    assert "montant htva" in answer


def test_only_the_manager_brings_a_catalogue_in(shop: World) -> None:
    for who in (shop.offices, shop.stranger(), shop.helene()):
        _import(who, f"{HEAD}{NEW}")
    assert not [one for one in shop.all(CatalogueChange) if one.slug == "parking"]


def test_a_category_names_all_its_solutions(shop: World) -> None:
    told = shop.stranger().asks("catalogue participation citoyenne").text
    assert "Budget participatif" in told
    assert "Consultation citoyenne" in told
    assert "E-guichet" not in told
    assert (
        "Participation citoyenne" in shop.stranger("autre").asks("fiche budget participatif").text
    )


def test_two_solutions_stand_side_by_side(shop: World) -> None:
    told = _plain(shop.stranger().asks("comparer l'e-guichet et la prise de rendez-vous"))
    for words in ("Civadis", "Flag2000", "de 24.000 € à 36.000 €", "5.940 €"):
        assert words in told
    assert "deux solutions" in shop.stranger().asks("comparer e-guichet").text


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, which has two solutions from one order and one from another."""
    helene = shop.helene()
    helene.asks(ADHESION)
    for words in ("e-guichet + rendez-vous", "incivilités"):
        helene.answers(helene.asks(f"commander {words}"), "oui")
    for number in (1, 2):
        shop.smart.asks(f"attribuer SMART-{number}")
    return helene


@pytest.mark.parametrize(
    "asked", ["qui utilise l'e-guichet ?", "qui utilise e guichet", "qui utilise guichet virtuel"]
)
def test_who_uses_a_solution_is_public(shop: World, helene: Somebody, asked: str) -> None:
    assert "Commune de Musson" in shop.stranger().asks(asked).text
    shop.clock.move_to(date(2030, 6, 1))
    assert "personne" in shop.stranger("autre").asks(asked).text
    assert helene.address


@pytest.mark.parametrize("asked", ["BetterStreet", "Better Street", "beterstreet"])
def test_a_supplier_is_found_with_its_solutions_and_their_users(
    shop: World, helene: Somebody, asked: str
) -> None:
    told = shop.stranger().asks(f"fournisseur {asked}").text
    for words in (
        "Signalement des incivilités", "Informatisation du service travaux", "Commune de Musson"
    ):  # fmt: skip
        assert words in told
    assert helene.address


def test_the_sheet_of_a_commune_counts_its_solutions_once(shop: World, helene: Somebody) -> None:
    told = _plain(shop.stranger().asks("fiche Musson"))
    for words in ("3 solutions", "E-guichet", "Civadis", "23 mars 2030", "Centrale Smart"):
        assert words in told
    assert "24.000" not in told
    assert "@" not in told.split("--")[0]
    assert "0 solution" in shop.stranger().asks("fiche Virton").text
    assert "Civadis" in shop.stranger().asks("fiche e-guichet").text
    assert helene.address


def test_a_central_tells_its_law_and_who_may_buy(shop: World) -> None:
    shop.change(
        lambda s: s.execute(
            update(Central)
            .where(Central.slug == "smart")
            .values(
                legal_basis="loi du 17 juin 2016, article 47",
                beneficiaries="communes et CPAS",
                closes_on=date(2026, 12, 31),
            )
        )
    )
    told = shop.stranger().asks("centrale Smart").text
    for words in ("17 juin 2016", "communes et CPAS", "30 décembre 2026"):
        assert words in told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("combien coûte l'e-guichet ?", "Pour la commune de Musson : 24.000 €"),
        ("prix de l'e-guichet pour 12.000 habitants", "Pour 12.000 habitants : 36.000 €"),
        ("quel est le prix de l'e-guichet pour la commune de Bertrix ?", "Bertrix : 28.800 €"),
        ("fiche rendez-vous", ""),
    ],
)
def test_the_sheet_tells_the_price_of_those_who_are_asked_about(
    shop: World, asked: str, told: str
) -> None:
    sheet = shop.helene().asks(asked).text.replace("\u00a0", " ").replace("*", "")
    assert "Fournisseur" in sheet
    assert told in sheet
    assert ("Pour la commune" in sheet) == ("Musson" in told or "Bertrix" in told)


def test_a_stranger_sees_the_prices_of_all_sizes(shop: World) -> None:
    sheet = shop.stranger().asks("combien coûte l'e-guichet ?").text
    assert "moins de 5.000 habitants" in sheet.replace("\u00a0", " ")
    assert "Pour la commune" not in sheet


def test_of_two_things_the_unknown_one_is_named(shop: World) -> None:
    answer = shop.helene().asks("commander e-guichet et vélos électriques").text
    assert "« vélos électriques »" in answer.replace("\u00a0", " ")


def test_who_has_not_joined(shop: World) -> None:
    helene = shop.helene()
    helene.asks("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    told = helene.asks("qui n'a pas encore adhéré à Smart ?").text
    assert "42 communes n'ont pas encore adhéré" in told
    assert "Musson" not in told
    assert "adhésion le" in helene.asks("Musson a-t-elle adhéré à Smart ?").text


@pytest.mark.parametrize("asked", ["quels documents pour la centrale Smart ?", "documents Smart"])
def test_what_is_published_is_asked_for_in_a_sentence(shop: World, asked: str) -> None:
    assert "Convention d'adhésion" in shop.stranger().asks(asked).text
