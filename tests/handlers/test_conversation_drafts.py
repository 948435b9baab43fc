"""Orders of several lines, with what is told of them, changed by answers, checked on arrival."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.order_states import OrderState
from storage.orders import Order, OrderLine
from storage.purchasing import Central, Price, Solution
from tests.handlers.conversation import Somebody, World

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, which has joined the central Smart."""
    helene = shop.helene()
    helene.asks(ADHESION)
    return helene


def _lines(world: World) -> dict[str, int]:
    return {line.label: line.quantity for line in world.all(OrderLine)}


def _solution(session: Session, slug: str) -> Solution:
    return session.scalars(select(Solution).where(Solution.slug == slug)).one()


BOTH = {"E-guichet, moins de 5.000 habitants": 2, "Prise de rendez-vous en ligne, forfait": 1}


@pytest.mark.parametrize(
    "words",
    [
        "2 e-guichet + rendez-vous",
        "e-guichet x2 ; rendez-vous",
        "2 e-guichet et rendez-vous",
        "2 e-guichets, prise de rendez-vous",
        "e-guichet + rendez-vous + e-guichet",
    ],
)
def test_several_lines_are_one_order(shop: World, helene: Somebody, words: str) -> None:
    shown = helene.asks(f"commander {words}")
    assert _lines(shop) == BOTH
    for amount in ("48.000,00 €", "10.080,00 €", "5.940,00 €", "7.187,40 €"):
        assert amount in shown.text.replace("\u00a0", " ")
    helene.answers(shown, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


def test_a_line_that_is_not_known_orders_nothing(shop: World, helene: Somebody) -> None:
    assert "zzz" in helene.asks("commander e-guichet + zzz").text
    assert shop.count(Order) == 0


def test_an_option_is_ordered_with_what_it_belongs_to(shop: World, helene: Somebody) -> None:
    def add(session: Session) -> None:
        solution = _solution(session, "e-guichet")
        solution.prices.append(Price(label="formation", unit_cents=120_000, option=True))

    shop.change(add)
    assert "trouve pas" in helene.asks("commander formation").text
    helene.asks("commander 2 e-guichet + option formation x1")
    assert _lines(shop) == {
        "E-guichet, moins de 5.000 habitants": 2,
        "E-guichet, option formation": 1,
    }


DETAILS = (
    "commander e-guichet, décision du Collège du 16 mars 2026, réf. 2026/131,"
    " article budgétaire 104/742-53, livraison : Place Abbé Goffinet 1, 6750 Musson,"
    " facturation : compta@musson.example"
)


def test_what_is_told_beside_the_lines_is_shown_kept_and_bound(
    shop: World, helene: Somebody
) -> None:
    shown = helene.asks(DETAILS)
    for words in ("104/742-53", "Place Abbé Goffinet 1, 6750 Musson", "compta@musson.example"):
        assert words in shown.text
    (order,) = shop.all(Order)
    assert (order.budget_article, order.decision) == ("104/742-53", "2026/131")
    shop.change(lambda s: setattr(s.get_one(Order, order.id), "delivery", "ailleurs"))
    assert "changé" in helene.replies(shown, "oui").text


def test_an_answer_adds_removes_and_changes_lines(shop: World, helene: Somebody) -> None:
    shown = helene.asks("commander e-guichet")
    more = helene.replies(shown, "ajouter rendez-vous")
    assert "5.940,00" in more.text
    two = helene.replies(more, "quantité 2 pour l'e-guichet")
    assert _lines(shop) == BOTH
    asked = helene.replies(two, "quantité 3")
    assert "quelle ligne" in asked.text
    told = helene.replies(two, "article 104/742-53, livraison : rue du Moulin 3, 6750 Musson")
    assert "rue du Moulin 3" in told.text
    less = helene.replies(told, "enlever rendez-vous")
    assert _lines(shop) == {"E-guichet, moins de 5.000 habitants": 2}
    assert "rue du Moulin 3" in less.text
    helene.answers(two, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.DRAFT]
    helene.answers(less, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


def test_what_was_retired_is_told_with_what_replaces_it(shop: World, helene: Somebody) -> None:
    shown = helene.asks("commander e-guichet")

    def retire(session: Session) -> None:
        old, new = _solution(session, "e-guichet"), _solution(session, "rendez-vous")
        old.retired_on = date(2026, 3, 20)
        new.functions = ["paiement en ligne"]

    shop.change(retire)
    for told in (helene.asks("commander e-guichet").text, helene.replies(shown, "oui").text):
        assert "20 mars 2026" in told
        assert "Prise de rendez-vous en ligne" in told
    assert [one.state for one in shop.all(Order)] == [OrderState.DRAFT]


def test_a_closed_central_takes_no_order_and_names_its_successor(
    shop: World, helene: Somebody
) -> None:
    def close(session: Session) -> None:
        smart = session.scalars(select(Central).where(Central.slug == "smart")).one()
        smart.successor = Central(
            slug="smart-2", name="Smart 2.0", operator="x", contracting_authority="x"
        )
        smart.closes_on = date(2026, 3, 24)

    shop.change(close)
    assert "Smart 2.0" in helene.asks("commander e-guichet").text
    assert "Smart 2.0" in shop.bruno().asks(ADHESION).text
    assert shop.count(Order) == 0


LETTER = """Bonjour,

Nous passons commande auprès de la centrale Smart :
- e-guichet : 24.000 € HTVA
- prise de rendez-vous en ligne : 5.000 € HTVA

TVA 6 % : 1.000,00 €
Article budgétaire : 104/742-53
Adresse de livraison : Place Abbé Goffinet 1, 6750 Musson
Notre n° BCE : 0207.379.113

Hélène Lambiotte
"""


def test_the_differences_of_a_letter_are_told_line_by_line(shop: World) -> None:
    helene = shop.helene().at_mail()
    helene.asks(ADHESION)
    shop.smart.asks("plafond Smart par membre 20.000 € HTVA")
    asked = helene.asks(LETTER, subject="bon de commande")
    for words in ("5.000,00 €", "5.940,00 €", "chiffres de contrôle"):
        assert words in asked.text.replace("\u00a0", " ")
    assert shop.count(Order) == 0


def test_a_letter_without_differences_is_shown_with_all_it_tells(shop: World) -> None:
    helene = shop.helene().at_mail()
    helene.asks(ADHESION)
    text = (
        LETTER.replace("5.000 €", "5.940 €")
        .replace("TVA 6 % : 1.000,00", "TVA 21 % : 6.287,40")
        .replace("Notre n° BCE : 0207.379.113", "Décision du Collège du 16 mars 2026, réf. 12.")
    )
    shown = helene.asks(text, subject="bon de commande")
    for words in ("29.940,00 €", "104/742-53", "Place Abbé Goffinet 1, 6750 Musson"):
        assert words in shown.text.replace("\u00a0", " ")
    helene.replies(shown, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("TVA 21 % : 6.287,40 €", "TVA 6 % : 6.287,40 €", "21 %"),
        ("TVA 21 % : 6.287,40 €", "TVA 21 % : 6.000,00 €", "6.287,40 €"),
    ],
)
def test_vat_is_checked(shop: World, old: str, new: str, told: str) -> None:
    helene = shop.helene().at_mail()
    helene.asks(ADHESION)
    right = (
        LETTER.replace("5.000 €", "5.940 €")
        .replace("TVA 6 % : 1.000,00", "TVA 21 % : 6.287,40")
        .replace("Notre n° BCE : 0207.379.113", "Décision du Collège du 16 mars 2026, réf. 12.")
    )
    asked = helene.asks(right.replace(old, new), subject="bon de commande")
    assert told in asked.text.replace("\u00a0", " ")
    assert shop.count(Order) == 0


GUICHET = "E-guichet, moins de 5.000 habitants"
MEETINGS = "Prise de rendez-vous en ligne, forfait"
BUDGET = "Budget participatif, forfait"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("changer la quantité d'e-guichet en 5", {GUICHET: 5}),
        ("mettez 4 e-guichets", {GUICHET: 4}),
        ("non, vingt-deux e-guichets", {GUICHET: 22}),
        ("5 e-guichets au lieu de 3", {GUICHET: 5}),
        ("ce n'est pas 3 mais 2 e-guichets", {GUICHET: 2}),
        ("il nous en faut 6", {GUICHET: 6}),
        ("oui, pour 5 e-guichets", {GUICHET: 5}),
        ("mettez 2 licences du budget participatif", {GUICHET: 3, BUDGET: 2}),
        ("finalement 2 e-guichets et un budget participatif", {GUICHET: 2, BUDGET: 1}),
        ("remplacez l'e-guichet par la prise de rendez-vous en ligne", {MEETINGS: 3}),
        ("2 budgets participatifs au lieu de l'e-guichet", {BUDGET: 2}),
        ("et aussi un budget participatif", {GUICHET: 3, BUDGET: 1}),
    ],
)
def test_a_draft_takes_the_numbers_of_what_words_name(
    shop: World, helene: Somebody, said: str, lines: dict[str, int]
) -> None:
    shown = helene.asks("commander 3 e-guichet")
    again = helene.replies(shown, said)
    assert _lines(shop) == lines
    assert [one.state for one in shop.all(Order)] == [OrderState.DRAFT]
    helene.answers(again, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


def test_the_number_of_something_else_changes_no_line(shop: World, helene: Somebody) -> None:
    """What is nowhere in the catalogue, or not by that name, is not the line of the draft."""
    shown = helene.asks("commander 3 e-guichet + rendez-vous")
    told = helene.replies(shown, "mettez 8 pelles hydrauliques")
    assert "quelle ligne" in told.text
    # The refusal can be answered itself, and a bare yes to it shows first what it would send.
    once_more = helene.replies(told, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.DRAFT]
    assert "Quantité" in once_more.text
    assert _lines(shop) == {GUICHET: 3, MEETINGS: 1}
    helene.answers(once_more, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


def test_a_no_that_calls_all_off_is_no_change(shop: World, helene: Somebody) -> None:
    shown = helene.asks("commander 3 e-guichet")
    assert "annulé" in helene.replies(shown, "non, nous n'avons plus besoin de 5 e-guichets").text
    assert [one.state for one in shop.all(Order)] == [OrderState.DROPPED]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Commande urgente : 2 e-guichets !!", {GUICHET: 2}),
        ("commande de deux e-guichets, 1 budget participatif", {GUICHET: 2, BUDGET: 1}),
    ],
)
def test_words_between_the_command_and_the_things(
    shop: World, helene: Somebody, words: str, lines: dict[str, int]
) -> None:
    helene.asks(words)
    assert _lines(shop) == lines


LISTED = """Nous commandons :
- E-guichet x 3, soit 72.000 € HTVA
- Prise de rendez-vous en ligne x 2, soit 11.880 € HTVA
Total : 83.880 € HTVA"""
DECIDED = "Décision du Collège communal du 16 mars 2026, réf. 2026/131."


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Nous commandons 2 e-guichets : 20.000 €.", "48.000,00 € HTVA pour les 2"),
        ("Nous commandons 2 e-guichets : 24.000 € + 21 % = 29.040 €.", "58.080,00 €"),
        ("Nous commandons 2 e-guichets à 24.000 €, total 50.000 €.", "48.000,00 €"),
        ("Nous commandons 2 e-guichets, soit 48.000 € HTVA.", ""),
        ("Nous commandons 2 e-guichets à 24.000 € pièce, total 58.080 €.", ""),
        (LISTED, ""),
        ("Nous commandons un e-guichet.\n\nLe crédit total de 30.000 € est inscrit au budget.", ""),
    ],
)
def test_the_sums_beside_several_are_compared(
    shop: World, helene: Somebody, said: str, told: str
) -> None:
    answer = helene.asks(f"{said}\n{DECIDED}", subject="Commande").text.replace("\u00a0", " ")
    assert shop.count(Order) == (0 if told else 1)
    assert told in answer


def test_a_new_message_changes_the_draft_just_shown(shop: World, helene: Somebody) -> None:
    helene.asks("commander 3 e-guichet")
    shown = helene.asks("Bonjour, mettez plutôt 4 e-guichets svp", subject="Commande")
    assert _lines(shop) == {GUICHET: 4}
    # A yes still has to answer what was shown.
    helene.answers(shown, "oui")
    assert [one.state for one in shop.all(Order)] == [OrderState.SENT]


def test_without_a_draft_such_words_go_to_a_person(shop: World, helene: Somebody) -> None:
    helene.writes("mettez plutôt 4 e-guichets")
    assert shop.count(Order) == 0
