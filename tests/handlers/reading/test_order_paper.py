"""Order forms row by row: whose columns are named, wrapped, merged, or not there at all."""

from __future__ import annotations

import re

import pytest

from handlers.paper import Cell, Row
from handlers.reading.order import Totals
from handlers.reading.order_paper import OrderPaper, PaperLine, read_paper

NAMES = {"e-guichet": 0, "guichet en ligne": 0, "rendez-vous en ligne": 1, "application mobile": 2}


def rows(page: str) -> list[Row]:
    """The rows of a page as it is drawn here: two spaces part cells."""
    found = (
        tuple(Cell(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+(?: \S+)*", line))
        for line in page.splitlines()
    )
    return [row for row in found if row]


def read(page: str) -> OrderPaper:
    return read_paper(rows(page), NAMES)


def line(page: str) -> PaperLine:
    [found] = read(page).lines
    return found


@pytest.mark.parametrize(
    ("heading", "cells", "told"),
    [
        ("Désignation  Qté  P.U. HTVA  Total HTVA", "E-guichet  2  12,50  25,00", (2, 1250, 2500)),
        ("Désignation  Nombre  Prix unitaire", "E-guichet  2  12,50 €", (2, 1250, None)),
        ("Libellé  Quantité  Montant hors TVA", "E-guichet  3 licences  25,00", (3, None, 2500)),
        ("Article  Omschrijving  Aantal  Excl. BTW", "7  E-guichet  1  25,00", (1, None, 2500)),
        ("Bezeichnung  Menge  Einzelpreis  Netto", "E-guichet  1  25,00  25,00", (1, 2500, 2500)),
        ("Item  Qty  Unit price  Amount excl. VAT", "E-guichet  1  25,00  25,00", (1, 2500, 2500)),
        ("Description  Montant HTVA", "E-guichet  24 000,00 EUR", (None, None, 2_400_000)),
        ("Description  Montant HTVA", "E-guichet  24.000", (None, None, 2_400_000)),
        ("Objet  Quantités  Prix HT", "E-guichet  1,00  25,00", (1, None, 2500)),
    ],
)
def test_columns_are_known_by_their_heading(
    heading: str, cells: str, told: tuple[int | None, ...]
) -> None:
    found = line(f"{heading}\n{cells}")
    assert (found.quantity, found.unit, found.net) == told
    assert found.keys == (0,)
    assert not found.unread


def test_vat_and_gross_amounts_have_columns_of_their_own() -> None:
    found = line("Désignation  HTVA  TVA  TVAC\nE-guichet  100,00  21,00  121,00")
    assert (found.net, found.vat, found.gross) == (10_000, 2_100, 12_100)
    found = line("Désignation  HTVA  Taux TVA  Total\nE-guichet  100,00  21 %  121,00")
    assert (found.net, found.rate, found.amount) == (10_000, 21, 12_100)


def test_a_heading_of_two_rows() -> None:
    page = """
Désignation          Quantité    Prix          Total
                                 unitaire      HTVA
E-guichet            2           50,00 €       100,00 €
"""
    found = line(page)
    assert (found.quantity, found.unit, found.net) == (2, 5_000, 10_000)


def test_an_empty_cell_moves_no_other() -> None:
    page = """
Désignation          Quantité    Prix unitaire HTVA    Total HTVA
E-guichet                                                 100,00
"""
    found = line(page)
    assert (found.quantity, found.unit, found.net) == (None, None, 10_000)


@pytest.mark.parametrize(
    "cells",
    [
        "Prise de rendez-vous\nen ligne                  1    100,00",
        "Prise de rendez-vous      1    100,00\nen ligne",
    ],
)
def test_a_label_of_two_rows(cells: str) -> None:
    found = line(f"Désignation            Quantité    HTVA\n{cells}")
    assert (found.keys, found.quantity, found.net) == ((1,), 1, 10_000)


@pytest.mark.parametrize("amount", ["24,000", "24,5", "vingt-quatre", "2.50.000", "24.000 $"])
def test_an_amount_that_is_not_one_is_told_as_typed(amount: str) -> None:
    found = line(f"Désignation  Quantité  HTVA\nE-guichet  1  {amount}")
    assert (found.net, found.unread) == (None, (amount,))


def test_what_no_gap_parts_is_a_line_that_is_asked_about() -> None:
    found = line("Désignation  Quantité  HTVA\nE-guichet 1 24.000")
    assert (found.keys, found.unread) == ((0,), ("E-guichet 1 24.000",))


def test_what_is_not_in_the_catalogue_is_a_line_too() -> None:
    found = read("Désignation  Quantité  HTVA\nE-guichet  1  10,00\nFrais de port  1  5,00")
    assert [one.keys for one in found.lines] == [(0,), ()]


def test_sums_behind_the_lines() -> None:
    page = """
Désignation          Quantité    HTVA
E-guichet            1           100,00
Sous-total                       100,00
Application mobile   1           50,00
Total HTVA                       150,00
TVA 21 %                         31,50
Total TVAC                       181,50
"""
    found = read(page)
    assert [one.keys for one in found.lines] == [(0,), (2,)]
    assert (found.totals, found.vat) == (Totals(15_000, 18_150), 3_150)


@pytest.mark.parametrize(
    ("sums", "totals", "total"),
    [
        ("Total HTVA : 150,00 €", Totals(15_000), None),
        ("TOTAL  150,00", Totals(), 15_000),
        ("Montant total à payer  181,50", Totals(None, 18_150), None),
        ("Totaal excl. BTW  150,00", Totals(15_000), None),
        ("Total général TVA comprise  181,50", Totals(None, 18_150), None),
    ],
)
def test_sums_by_their_words(sums: str, totals: Totals, total: int | None) -> None:
    found = read(f"Désignation  HTVA\nE-guichet  150,00\n{sums}")
    assert (found.totals, found.total) == (totals, total)


def test_a_row_of_sums_under_the_columns() -> None:
    found = read(
        "Désignation  HTVA  TVA  TVAC\nE-guichet  1,00  0,21  1,21\nTotal  1,00  0,21  1,21"
    )
    assert (found.totals, found.vat) == (Totals(100, 121), 21)


def test_what_is_named_without_a_figure_is_not_lost() -> None:
    found = read("Désignation  HTVA\nE-guichet  150,00\nApplication mobile  offerte")
    assert [(one.keys, one.unread) for one in found.lines] == [((0,), ()), ((2,), ("offerte",))]


def test_a_total_of_the_catalogue_is_no_sum() -> None:
    found = read("Désignation  Quantité  HTVA\nTotal e-guichet  1  150,00")
    assert [one.net for one in found.lines] == [15_000]


def test_the_words_around_the_table() -> None:
    page = """
BON DE COMMANDE N° 2026/77
Durée : 4 ans
BCE  0207.379.169
TVA BE 0123.456.749
Tél. 0471 123 456
Désignation  HTVA
E-guichet  150,00
Livraison :  Place 1, 6750 Musson
"""
    found = read(page)
    assert found.titled
    assert (found.unread, found.vat) == ((), None)
    assert found.reference == "2026/77"
    assert found.months == 48
    assert found.enterprises == ("0207379169", "0123456749")
    assert "Livraison : Place 1, 6750 Musson" in found.text


def test_a_decision_is_no_order_form() -> None:
    found = read("EXTRAIT DU REGISTRE AUX DÉLIBÉRATIONS\nConsidérant le bon de commande ci-joint")
    assert not found.is_form
