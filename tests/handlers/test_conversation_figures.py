"""The figures of the article, from the data behind them, at its date and at others."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import IncomingFile
from storage.members import Institution, Standing
from storage.orders import Order
from storage.purchasing import Adhesion
from tests.handlers.conversation import World

AMOUNTS = ["24.000,00"] * 15 + ["20.000,00", "20.000,00"]
"""Fifteen orders of one solution and one of two: 400.000 € in all, for 17 solutions, so that the
mean of a solution is the article's 24.000 €, rounded to the thousand."""


def _adhesions(shop: World) -> str:
    communes = shop.platform.territory.communes[:23]
    rows = [
        f"{commune.name_fr};10/{2 + n % 11:02d}/2019;01/{2 + n % 11:02d}/2019;2019/{n}"
        for n, commune in enumerate(communes)
    ]
    return "\n".join(["institution;adhésion le;décision du;référence", *rows])


def _orders(shop: World) -> str:
    communes = [*shop.platform.territory.communes[:16], shop.platform.territory.communes[15]]
    solutions = ["e-guichet"] * 16 + ["rendez-vous"]
    rows = [
        f"2019-{min(n, 15) + 1};Commune de {commune.name_fr};{solution};"
        f"{amount};01/10/2019;{min(n, 15) + 1:02d}/11/2019;31/10/2023"
        for n, (commune, solution, amount) in enumerate(
            zip(communes, solutions, AMOUNTS, strict=True)
        )
    ]
    head = "commande;institution;solution;montant HTVA;commandée le;attribuée le;fin le"
    return "\n".join([head, *rows])


def _brought_in(shop: World, what: str, text: str) -> tuple[str, str]:
    """What the manager is shown of a file, and told when it is taken in."""
    file = IncomingFile(f"{what}.csv", "text/csv", text.encode())
    shown = shop.smart.asks(f"importer {what} Smart", files=(file,))
    done = shop.smart.replies(shown, "oui")
    return shown.text.replace("\u00a0", " "), done.text.replace("\u00a0", " ")


@pytest.fixture
def article(shop: World) -> World:
    """January 2020: what the central knows of its first year is brought in from its own files."""
    shop.clock.move_to(date(2020, 1, 15))
    shown, done = _brought_in(shop, "adhésions", _adhesions(shop))
    assert "23 adhésions" in shown
    assert "23 lignes" in done
    shown, done = _brought_in(shop, "commandes", _orders(shop))
    assert "16 commandes" in shown
    assert "400.000 €" in shown
    assert "16 lignes" in done
    return shop


def test_the_same_files_again_add_nothing(article: World) -> None:
    for what, text in (("adhésions", _adhesions(article)), ("commandes", _orders(article))):
        file = IncomingFile(f"{what}.csv", "text/csv", text.encode())
        assert "tout y est déjà" in article.smart.asks(f"importer {what} Smart", files=(file,)).text
    assert article.count(Adhesion) == 23
    assert article.count(Order) == 16


def test_who_joined_before_the_platform_keeps_it_as_a_member(article: World) -> None:
    code = article.platform.territory.communes[0].nis
    user = article.member("Anne Nouvelle", "commune", code)
    institution = article.change(_pending)
    article.camille.asks(f"accepter {institution}")
    assert "E-guichet" in article.stranger().asks("fiche Arlon").text
    assert "SMART-2019-0001" in user.asks("commandes").text
    assert "23 sur 44" in article.stranger("autre").asks("statistiques").text


def _pending(session: Session) -> str:
    """The one member, as if it waited for its acceptance."""
    known = session.scalars(select(Institution).where(Institution.state == Standing.ACTIVE)).one()
    known.state = Standing.PENDING
    known.reference = "I-2020-0001"
    return known.reference


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x;Lille;e-guichet;24.000,00;;01/11/2019;", ("ligne 2", "Lille")),
        ("x;Arlon;téléphérique;24.000,00;;01/11/2019;", ("ligne 2", "téléphérique")),
        ("x;Arlon;e-guichet;24,000;;01/11/2019;", ("ligne 2", "24.000 €", "24,00 €")),
        ("x;Arlon;e-guichet;24.000,00;;01/11/2029;", ("ligne 2", "à venir")),
        ("x;Arlon;e-guichet;24.000,00;;01/11/2019;31/10/2019", ("ligne 2", "ne vont pas ensemble")),
        (";Arlon;e-guichet;beaucoup;;;", ("« commande » manque", "« attribuée le » manque")),
    ],
)
def test_faults_of_a_file_of_orders_are_told_by_their_line(
    shop: World, line: str, told: tuple[str, ...]
) -> None:
    shop.clock.move_to(date(2020, 1, 15))
    head = "commande;institution;solution;montant HTVA;commandée le;attribuée le;fin le"
    file = IncomingFile("c.csv", "text/csv", f"{head}\n{line}".encode())
    answer = shop.smart.asks("importer commandes Smart", files=(file,)).text.replace("\u00a0", " ")
    for words in told:
        assert words in answer
    assert shop.count(Order) == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Arlon;01/02/2019;;01/01/2019", "« retirée le »"),
        ("Arlon;01/02/2019;01/03/2019;", "« décision du »"),
        ("Arlon;01/02/2019;;\nCommune d'Arlon;01/02/2019;;", "deux fois"),
        ("Bastogne;01/02/2019;;\nBertogne;01/02/2019;;", "« Bertogne » est aujourd'hui"),
    ],
)
def test_faults_of_a_file_of_adhesions_are_told(shop: World, line: str, told: str) -> None:
    shop.clock.move_to(date(2025, 6, 1))
    head = "institution;adhésion le;décision du;retirée le"
    file = IncomingFile("c.csv", "text/csv", f"{head}\n{line}".encode())
    answer = shop.smart.asks("importer adhésions Smart", files=(file,)).text.replace("\u00a0", " ")
    assert told in answer
    assert shop.count(Adhesion) == 0


def test_what_is_odd_in_a_file_of_orders_is_shown_before_it_is_taken(shop: World) -> None:
    shop.clock.move_to(date(2020, 1, 15))
    head = "commande;institution;solution;montant HTVA;attribuée le;fournisseur"
    rows = f"{head}\nx;Arlon;e-guichet;24.000,00;01/11/2019;Dupont Informatique"
    file = IncomingFile("c.csv", "text/csv", rows.encode())
    shown = shop.smart.asks("importer commandes Smart", files=(file,))
    assert "Sans adhésion connue" in shown.text
    assert "Dupont Informatique" in shown.text.rpartition("⚠️")[2]
    shop.smart.answers(shown, "oui")
    assert shop.count(Order) == 1


def test_a_cap_holds_for_what_is_brought_in(shop: World) -> None:
    shop.clock.move_to(date(2020, 1, 15))
    shop.smart.asks("plafond Smart 100.000 € HTVA")
    file = IncomingFile("c.csv", "text/csv", _orders(shop).encode())
    assert "plafond" in shop.smart.asks("importer commandes Smart", files=(file,)).text
    assert shop.count(Order) == 0


@pytest.mark.parametrize("who", ["offices", "camille"])
def test_only_who_manages_the_central_brings_its_past_in(shop: World, who: str) -> None:
    file = IncomingFile("c.csv", "text/csv", _adhesions(shop).encode())
    getattr(shop, who).asks("importer adhésions Smart", files=(file,))
    assert shop.count(Adhesion) == 0


@pytest.mark.parametrize(
    ("asked", "figures"),
    [
        (
            "statistiques",
            ("23 sur 44 (52,3 %)", "16", "400.000 €", "25.000 € HTVA", "23.529,41 € HTVA"),
        ),
        ("statistiques au 31/12/2019", ("23 sur 44 (52,3 %)", "31 décembre 2019", "400.000 €")),
        ("statistiques fin 2019", ("23 sur 44 (52,3 %)", "31 décembre 2019", "400.000 €")),
        ("Combien de communes avaient adhéré en 2019 ?", ("23", "31 décembre 2019")),
        ("statistiques début 2019", ("0 sur 44", "1er janvier 2019")),
        ("statistiques 2027", ("L'année 2027 n'a pas commencé",)),
        ("statistiques au 31/10/2019", ("31 octobre 2019", "0 €")),
        ("statistiques au 03/11/2019", ("72.000 €", "24.000 € HTVA")),
    ],
)
def test_the_article_s_figures(article: World, asked: str, figures: tuple[str, ...]) -> None:
    told = article.stranger().asks(asked).text.replace("\u00a0", " ")
    for figure in figures:
        assert figure in told, figure


def test_the_share_changes_with_the_number_of_communes(article: World) -> None:
    article.clock.move_to(date(2025, 6, 1))
    told = article.stranger().asks("statistiques").text.replace("\u00a0", " ")
    assert "23 sur 43 (53,5 %)" in told


def test_a_year_stands_beside_the_one_before(article: World) -> None:
    told = article.stranger().asks("bilan 2019").text.replace("\u00a0", " ")
    for figure in ("2019", "2018", "23", "16", "17", "400.000 €"):
        assert figure in told
    now = article.stranger("autre").asks("bilan").text.replace("\u00a0", " ")
    assert "-400.000 €" in now
    assert "pas commencé" in article.stranger("tiers").asks("bilan 2021").text
