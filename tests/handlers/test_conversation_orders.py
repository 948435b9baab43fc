"""Joining a central, ordering, the clock of an order, its award and its contract."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import Place
from storage import orders as order_rows
from storage.conversations import Question
from storage.files import StoredFile
from storage.order_states import OrderState
from storage.orders import Contract, Order, OrderLine
from storage.purchasing import Adhesion, Solution
from storage.reminders import Reminder
from tests.handlers.conversation import MATRIX, Said, Somebody, World, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
MORNING = timedelta(hours=1)
DUE = datetime(2026, 4, 13, 6, 30, tzinfo=UTC)
"""Half past eight in the morning of the twentieth day after 24 March."""


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, which has joined the central Smart."""
    helene = shop.helene()
    helene.asks(ADHESION)
    return helene


def _order(helene: Somebody, what: str = "e-guichet") -> list[Said]:
    return helene.answers(helene.asks(f"commander {what}"), "confirmer")


def _states(world: World) -> list[str]:
    return [one.state for one in sorted(world.all(Order), key=lambda order: order.id)]


# -- joining ----------------------------------------------------------------------------------


def test_an_adhesion_has_its_date_and_reference(shop: World) -> None:
    helene = shop.helene()
    said = helene.writes(ADHESION)
    (receipt,) = [one for one in said if one.answers]
    for fact in ("Smart", "9 mars 2026", "2026/114"):
        assert fact in receipt.text
    (told,) = shop.smart.got(said)
    assert "Commune de Musson" in told.text
    (kept,) = shop.all(Adhesion)
    assert (kept.decided_on, kept.decision) == (date(2026, 3, 9), "2026/114")


def test_an_adhesion_twice_is_one(shop: World, helene: Somebody) -> None:
    again = helene.asks(ADHESION)
    assert "déjà" in again.text
    assert shop.count(Adhesion) == 1
    assert len(shop.smart.got()) == 1


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ("adhérer Smart", "décision"),
        ("adhérer Smart, décision du Collège du 9 mars 2026", "référence"),
        ("adhérer Smart, décision du Collège du 9 juin 2026, réf. 2026/114", "à venir"),
        ("adhérer Papeterie, décision du Collège du 9 mars 2026, réf. 1", "Smart"),
    ],
)
def test_an_incomplete_adhesion_is_told_what_it_lacks(
    shop: World, words: str, lacking: str
) -> None:
    assert lacking in shop.helene().asks(words).text
    assert shop.count(Adhesion) == 0


# -- ordering ---------------------------------------------------------------------------------


def test_an_order_needs_an_adhesion(shop: World) -> None:
    refused = shop.helene().asks("commander e-guichet")
    assert "adhérer Smart" in refused.text
    assert shop.count(Order) == 0


def test_a_draft_shows_everything_and_sends_nothing(shop: World, helene: Somebody) -> None:
    before = len(shop.smart.got())
    draft = helene.asks("commander e-guichet")
    for fact in ("24.000,00 €", "5.040,00 €", "29.040,00 €", "4 ans", "20 jours calendrier"):
        assert fact in draft.text
    assert "lundi 13 avril 2026" in draft.text
    assert len(shop.smart.got()) == before
    assert _states(shop) == [OrderState.DRAFT]


def test_a_confirmed_order_is_sent_with_its_form(shop: World, helene: Somebody) -> None:
    said = _order(helene)
    assert _states(shop) == [OrderState.SENT]
    (form,) = [one for one in shop.all(StoredFile) if one.name == "SMART-2026-0001.pdf"]
    assert form.media_type == "application/pdf"
    (told,) = shop.smart.got(said)
    assert "SMART-2026-0001" in told.text
    assert told.files == 1
    mine = helene.got(said)
    assert sum(one.files for one in mine) == (2 if helene.channel == MATRIX else 1)
    assert all("SMART-2026-0001" in one.text + one.subject for one in mine)
    (order,) = shop.all(Order)
    assert (order.sent_at, order.due_on) == (shop.clock.now(), date(2026, 4, 13))
    assert order.form_id == form.id


def test_a_cancelled_order_has_no_number(shop: World, helene: Somebody) -> None:
    helene.answers(helene.asks("commander e-guichet"), "annuler")
    assert _states(shop) == [OrderState.DROPPED]
    assert "SMART-2026-0001" in _order(helene)[0].text


def test_an_old_confirmation_does_not_confirm_what_changed_since(
    shop: World, helene: Somebody
) -> None:
    draft = helene.asks("commander e-guichet")
    (line,) = shop.all(OrderLine)
    shop.change(lambda s: setattr(s.get_one(OrderLine, line.id), "unit_cents", 1))
    refused = helene.replies(draft, "confirmer")
    assert "changé" in refused.text
    assert _states(shop) == [OrderState.DRAFT]


def test_a_confirmation_expires(shop: World, helene: Somebody) -> None:
    draft = helene.asks("commander e-guichet")
    shop.clock.move(timedelta(hours=336))
    helene.answers(draft, "confirmer")
    assert _states(shop) == [OrderState.DRAFT]


def test_confirming_twice_orders_once(shop: World, helene: Somebody) -> None:
    draft = helene.asks("commander e-guichet")
    helene.answers(draft, "confirmer")
    (again,) = helene.answers(draft, "confirmer")
    assert "rien n'a changé" in again.text
    assert shop.camille.got() == []
    assert _states(shop) == [OrderState.SENT]
    assert len([one for one in shop.smart.got() if one.files]) == 1


def test_orders_are_numbered_without_gaps(shop: World, helene: Somebody) -> None:
    for what, answer in (
        ("e-guichet", "confirmer"),
        ("rendez-vous", "annuler"),
        ("budget participatif", "confirmer"),
    ):
        helene.answers(helene.asks(f"commander {what}"), answer)
    shop.clock.move_to(date(2027, 1, 4))
    _order(helene, "service hiver")
    numbers = [(one.year, one.number) for one in shop.all(Order) if one.number]
    assert sorted(numbers) == [(2026, 1), (2026, 2), (2027, 1)]


@pytest.mark.parametrize(
    ("words", "offered"),
    [("repas", 1), ("guichet électronique", 1), ("eguichet", 1), ("zzz", 0), ("BetterStreet", 2)],
)
def test_what_is_ordered_must_be_one_thing(
    shop: World, helene: Somebody, words: str, offered: int
) -> None:
    answer = helene.asks(f"commander {words}")
    assert shop.count(Order) == (1 if offered == 1 else 0)
    if offered > 1:
        for name in ("Signalement des incivilités", "Informatisation du service travaux"):
            assert name in answer.text
    if offered == 0:
        assert "catalogue" in answer.text


def test_a_price_that_depends_on_inhabitants_is_that_of_the_commune(shop: World) -> None:
    arlon = shop.member("Paul Chat", "commune", "81001")
    arlon.asks(ADHESION)
    assert "36.000,00 €" in arlon.asks("commander e-guichet").text


def test_a_retired_solution_is_not_ordered(shop: World, helene: Somebody) -> None:
    def retire(session: object) -> None:
        solution = session.query(Solution).filter_by(slug="e-guichet").one()  # type: ignore[attr-defined] # a Session
        solution.retired_on = date(2026, 3, 1)

    shop.change(retire)
    helene.asks("commander e-guichet")
    assert shop.count(Order) == 0


def test_orders_are_listed_for_their_institution_only(shop: World, helene: Somebody) -> None:
    _order(helene)
    other = shop.member("Paul Chat", "commune", "85045")
    assert "SMART-2026-0001" in helene.asks("commandes").text
    assert "SMART-2026-0001" not in other.asks("commandes").text
    assert "SMART-2026-0001" in shop.smart.asks("commandes reçues").text
    assert "SMART-2026-0001" not in shop.offices.asks("commandes reçues").text


# -- the clock --------------------------------------------------------------------------------


def test_reminders_come_before_and_on_the_day_once_each(shop: World, helene: Somebody) -> None:
    _order(helene)
    assert shop.move_to(DUE - timedelta(days=6)) == []
    before = shop.move_to(DUE - timedelta(days=5))
    (told,) = shop.smart.got(before)
    assert "SMART-2026-0001" in told.text
    assert "il reste 5 jours" in told.text
    assert helene.got(before) == []
    assert shop.move_to(DUE - timedelta(days=1)) == []
    on_the_day = shop.move_to(DUE)
    (last,) = shop.smart.got(on_the_day)
    assert "Dernier jour" in last.text
    assert "suspendre SMART-2026-0001" in last.text
    assert last.subject != told.subject
    (waiting,) = helene.got(on_the_day)
    assert "SMART-2026-0001" in waiting.text


def test_of_a_day_that_passed_nothing_is_said_as_of_today(shop: World, helene: Somebody) -> None:
    _order(helene)
    (late,) = shop.smart.got(shop.move_to(DUE + timedelta(days=2)))
    assert "dépassé" in late.text


def test_what_is_overdue_is_told_to_both_sides_and_then_to_the_administrators(
    shop: World, helene: Somebody
) -> None:
    _order(helene)
    shop.move_to(DUE)
    late = shop.move_to(DUE + timedelta(days=1))
    assert "dépassé" in helene.got(late)[0].text
    assert "suspendre SMART-2026-0001" in shop.smart.got(late)[0].text
    assert to_administrators(late) == []
    assert shop.move_to(DUE + timedelta(days=6)) == []
    later = shop.move_to(DUE + timedelta(days=7))
    assert "7 jours" in to_administrators(later)[0].text
    assert len(helene.got(later)) == len(shop.smart.got(later)) == 1
    assert shop.move_to(DUE + timedelta(days=60)) == []


def test_a_reminder_that_fell_due_while_the_platform_was_off_comes_late(
    shop: World, helene: Somebody
) -> None:
    _order(helene)
    said = shop.move_to(DUE + timedelta(hours=3))
    # Once, however often it was to be said.
    (last,) = shop.smart.got(said)
    assert "Dernier jour" in last.text


def test_a_reminder_that_cannot_be_carried_out_reaches_a_person(
    shop: World, helene: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    _order(helene)
    monkeypatch.setitem(shop.table.reminders, "award", fail)
    said = shop.move_to(DUE - timedelta(days=5))
    assert said == []
    for _ in range(2):
        said = shop.move_to(shop.clock.now() + timedelta(minutes=11))
    (told,) = said
    assert told.destination == "room:admins"
    assert "LookupError" in told.text
    waiting = [one for one in shop.all(Reminder) if one.kind == "award" and one.done_at is None]
    assert len(waiting) == 1  # the one of the day itself


# -- awarding ---------------------------------------------------------------------------------


def test_an_award_stops_the_clock_and_begins_the_contract(shop: World, helene: Somebody) -> None:
    _order(helene)
    shop.clock.move_to(date(2026, 4, 10))
    said = shop.smart.writes("attribuer SMART-2026-0001 à Civadis pour 23.500 €")
    (contract,) = shop.all(Contract)
    assert (contract.supplier, contract.amount_cents) == ("Civadis", 2_350_000)
    assert (contract.starts_on, contract.ends_on) == (date(2026, 4, 10), date(2030, 4, 9))
    assert len({one.channel for one in helene.got(said)}) == (2 if helene.channel == MATRIX else 1)
    for told in helene.got(said):
        assert "9 avril 2030" in told.text
    assert shop.move_to(DUE + timedelta(days=1)) == []
    assert "9 avril 2030" in helene.asks("commandes").text


def test_an_award_may_carry_an_earlier_day_but_no_impossible_one(
    shop: World, helene: Somebody
) -> None:
    _order(helene)
    shop.clock.move_to(date(2026, 4, 10))
    for words in ("le 11 avril 2026", "le 23 mars 2026"):
        assert "entre" in shop.smart.asks(f"attribuer SMART-2026-0001 {words}").text
    shop.smart.asks("attribuer SMART-2026-0001 le 1er avril 2026")
    (contract,) = shop.all(Contract)
    assert (contract.starts_on, contract.ends_on) == (date(2026, 4, 1), date(2030, 3, 31))
    assert (contract.supplier, contract.amount_cents) == ("Civadis", 2_400_000)


def test_a_contract_from_29_february_ends_on_the_last_day_of_february(shop: World) -> None:
    shop.clock.move_to(date(2096, 2, 20))
    helene = shop.helene()
    helene.asks("adhérer Smart, décision du Collège du 9 janvier 2096, réf. 2096/1")
    _order(helene)
    shop.clock.move_to(date(2096, 2, 29))
    shop.smart.asks("attribuer SMART-2096-0001")
    (contract,) = shop.all(Contract)
    assert contract.ends_on == date(2100, 2, 28)  # 2100 is no leap year


@pytest.mark.parametrize("who", ["offices", "helene", "stranger"])
def test_only_the_manager_of_the_central_awards(shop: World, helene: Somebody, who: str) -> None:
    _order(helene)
    people = {"offices": shop.offices, "helene": helene, "stranger": shop.stranger()}
    refused = people[who].asks("attribuer SMART-2026-0001")
    assert refused.answers
    assert _states(shop) == [OrderState.SENT]
    assert shop.count(Contract) == 0


def test_an_award_is_made_once(shop: World, helene: Somebody) -> None:
    _order(helene)
    shop.smart.asks("attribuer SMART-2026-0001")
    again = shop.smart.asks("attribuer SMART-2026-0001 à Autre")
    assert "n'attend pas" in again.text
    assert [one.supplier for one in shop.all(Contract)] == ["Civadis"]


@pytest.mark.parametrize("reference", ["SMART-2026-0099", "ENERGIE-2026-0001", "1"])
def test_an_unknown_order_is_refused(shop: World, helene: Somebody, reference: str) -> None:
    _order(helene)
    assert reference in shop.smart.asks(f"attribuer {reference}").text
    assert _states(shop) == [OrderState.SENT]


def test_the_end_of_a_contract_is_announced_to_both_sides(shop: World, helene: Somebody) -> None:
    _order(helene)
    shop.clock.move_to(date(2026, 4, 10))
    shop.smart.asks("attribuer SMART-2026-0001")
    end = datetime(2030, 4, 9, 8, 0, tzinfo=UTC)
    for days in (180, 30):
        said = shop.move_to(end - timedelta(days=days))
        assert len(shop.smart.got(said)) == 1
        assert len(helene.got(said)) == 1
    assert shop.move_to(end) == []


# -- figures ----------------------------------------------------------------------------------


def test_figures_count_what_was_awarded(shop: World, helene: Somebody) -> None:
    before = shop.stranger().asks("statistiques").text
    assert "24 mars 2026" in before
    assert "1 sur 43" in before
    _order(helene)
    _order(helene, "budget participatif")
    assert "24.000 €" not in shop.stranger().asks("statistiques").text
    for number in (1, 2):
        shop.smart.asks(f"attribuer SMART-2026-000{number}")
    after = shop.stranger().asks("statistiques").text
    assert "30.000 €" in after
    assert "15.000 €" in after
    totals = shop.change(lambda s: order_rows.totals(s, date(2026, 3, 24)))
    assert (totals.orders, totals.solutions, totals.cents) == (2, 2, 3_000_000)


def test_every_question_is_answered_or_expires(shop: World, helene: Somebody) -> None:
    _order(helene)
    assert all(question.answered_at for question in shop.all(Question))


def test_a_stray_yes_sends_no_older_order(shop: World, helene: Somebody) -> None:
    """What was asked since the draft has set it aside: money needs a fresh yes."""
    helene.asks("commander e-guichet")
    suggestion = helene.asks("annoncez")
    helene.answers(suggestion, "oui")
    helene.writes("oui")
    assert _states(shop) == [OrderState.DRAFT]


@pytest.mark.parametrize("channel", [MATRIX])
@pytest.mark.parametrize("said", ["commander e-guichet", "nouveau code", "désinscrire"])
def test_what_is_private_is_not_said_in_a_room(shop: World, helene: Somebody, said: str) -> None:
    (told,) = helene.elsewhere(Place.MEMBERS).writes(f"{said}")
    assert "en privé" in told.text
    assert shop.count(Order) == 0


# -- quantities, decisions, orders twice ------------------------------------------------------


def _quantities(world: World) -> list[int]:
    return [line.quantity for line in sorted(world.all(OrderLine), key=lambda line: line.id)]


@pytest.mark.parametrize(
    "words", ["3 e-guichet", "e-guichet x3", "3x e-guichet", "trois e-guichets", "e-guichet (3)"]
)
def test_a_quantity_is_understood_or_asked_about(shop: World, helene: Somebody, words: str) -> None:
    draft = helene.asks(f"commander {words}")
    if "(3)" in words:
        assert "« 3 »" in draft.text
        assert shop.count(Order) == 0
    else:
        assert "72.000,00 €" in draft.text
        assert _quantities(shop) == [3]


@pytest.mark.parametrize(
    "words", ["0 e-guichet", "-3 e-guichet", "2,5 e-guichet", "1.000 e-guichet", "e-guichet x 0"]
)
def test_an_impossible_quantity_is_no_order(shop: World, helene: Somebody, words: str) -> None:
    refused = helene.asks(f"commander {words}")
    assert "quantité" in refused.text
    assert shop.count(Order) == 0


def test_a_decision_told_with_an_order_stands_in_it(shop: World, helene: Somebody) -> None:
    draft = helene.asks("commander e-guichet, décision du Collège du 16 mars 2026, réf. 2026/131")
    assert "décision du Collège communal du lundi 16 mars 2026, réf. 2026/131" in draft.text
    said = helene.answers(draft, "oui")
    assert "16 mars 2026" in shop.smart.got(said)[0].text
    (order,) = shop.all(Order)
    assert (order.decided_on, order.decision) == (date(2026, 3, 16), "2026/131")
    assert _quantities(shop) == [1]


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("décision du Collège du 16 juin 2026, réf. 1", "à venir"),
        ("décision du Collège", "date de la décision"),
    ],
)
def test_a_decision_that_is_not_taken_is_refused(
    shop: World, helene: Somebody, told: str, answer: str
) -> None:
    assert answer in helene.asks(f"commander e-guichet, {told}").text
    assert shop.count(Order) == 0


def test_a_draft_is_changed_by_an_answer(shop: World, helene: Somebody) -> None:
    draft = helene.asks("commander e-guichet")
    assert "Décision : non indiquée" in draft.text
    more = helene.replies(draft, "quantité 2")
    assert "48.000,00 €" in more.text
    decided = helene.replies(more, "décision du Collège du 16 mars 2026, réf. 2026/131")
    assert "2026/131" in decided.text
    assert "48.000,00 €" in decided.text
    helene.answers(draft, "oui")
    assert _states(shop) == [OrderState.DRAFT]
    helene.answers(decided, "oui")
    assert _states(shop) == [OrderState.SENT]
    assert _quantities(shop) == [2]


def test_other_words_leave_a_draft_as_it_is(shop: World, helene: Somebody) -> None:
    draft = helene.asks("commander e-guichet")
    assert "quantité 3" in helene.replies(draft, "il fait beau").text
    helene.answers(draft, "oui")
    assert _states(shop) == [OrderState.SENT]


def test_a_second_draft_of_the_same_is_pointed_out_and_replaces(
    shop: World, helene: Somebody
) -> None:
    first = helene.asks("commander e-guichet")
    assert "déjà" not in first.text
    second = helene.asks("commander 2 e-guichet")
    assert "déjà" in second.text
    assert "attend votre accord" in second.text
    helene.answers(second, "oui")
    assert _states(shop) == [OrderState.DROPPED, OrderState.SENT]
    helene.answers(first, "oui")
    assert _states(shop) == [OrderState.DROPPED, OrderState.SENT]


def test_a_second_order_of_the_same_is_pointed_out(shop: World, helene: Somebody) -> None:
    _order(helene)
    again = helene.asks("commander guichet électronique")
    assert "SMART-2026-0001" in again.text
    assert "une commande de plus" in again.text
    other = helene.asks("commander budget participatif")
    assert "SMART-2026-0001" not in other.text
    helene.answers(again, "oui")
    assert _states(shop)[:2] == [OrderState.SENT, OrderState.SENT]


def test_a_running_contract_for_the_same_is_pointed_out(shop: World, helene: Somebody) -> None:
    _order(helene)
    shop.smart.asks("attribuer SMART-2026-0001")
    assert "contrat jusqu'au" in helene.asks("commander e-guichet").text


def test_what_was_opened_meanwhile_is_shown_before_an_older_yes_counts(
    shop: World, helene: Somebody
) -> None:
    first = helene.asks("commander e-guichet")
    second = helene.asks("commander 2 e-guichet")
    shown = helene.replies(first, "oui")
    assert "déjà" in shown.text
    assert _states(shop) == [OrderState.DRAFT, OrderState.DRAFT]
    helene.answers(second, "oui")
    assert _states(shop) == [OrderState.DROPPED, OrderState.SENT]


def test_another_institution_is_not_told_of_an_order(shop: World, helene: Somebody) -> None:
    _order(helene)
    other = shop.member("Paul Chat", "commune", "85045")
    other.asks(ADHESION)
    assert "déjà" not in other.asks("commander e-guichet").text


@pytest.mark.parametrize("reference", ["SMART-2", "smart-2", "Smart-0002", "SMART-2026-0002"])
def test_a_short_reference_names_an_order(shop: World, helene: Somebody, reference: str) -> None:
    for _number in range(2):
        _order(helene)
    shop.smart.asks(f"attribuer {reference}")
    assert _states(shop) == [OrderState.SENT, OrderState.AWARDED]


@pytest.mark.parametrize(
    "words", ["commande 2", "commande n° 2", "commandes smart-2", "Commande SMART-2026-0002"]
)
def test_a_number_asks_after_an_order(helene: Somebody, words: str) -> None:
    for _number in range(2):
        _order(helene)
    shown = helene.asks(words).text
    assert "SMART-2026-0002" in shown
    assert "SMART-2026-0001" not in shown


LETTER = (
    "Bonjour,\n\nNous commandons {wanted}, et un e-guichet à 24.000 € HTVA. Décision du Collège du"
    " 16/03/2026, réf. 2026/131.\n\nMerci"
)


@pytest.mark.parametrize(
    ("wanted", "quantity"),
    [
        ("2 licences du module de rendez-vous à 5940 euros pièce", 2),
        ("deux licences pour la prise de rendez-vous à 5.940 € l'unité", 2),
        ("3 modules de rendez-vous à 5.940 € HTVA chacun", 3),
        ("pour l'article 2 la prise de rendez-vous à 5.940 € HTVA", 1),
    ],
)
def test_a_quantity_stands_before_what_is_counted(
    shop: World, helene: Somebody, wanted: str, quantity: int
) -> None:
    """A price of one piece is multiplied; « article 2 » is no quantity (acceptance A16)."""
    helene.asks(LETTER.format(wanted=wanted), subject="Commande")
    assert _counted(shop) == {"rendez-vous": quantity, "e-guichet": 1}


def _counted(shop: World) -> dict[str, int]:
    def read(session: Session) -> dict[str, int]:
        return {line.solution.slug: line.quantity for line in session.scalars(select(OrderLine))}

    return shop.change(read)


def test_a_change_names_its_line_in_passing(shop: World, helene: Somebody) -> None:
    shown = helene.asks(LETTER.format(wanted="la prise de rendez-vous"), subject="Commande")
    helene.replies(shown, "Oui mais plutôt 3 rendez-vous")
    assert _counted(shop)["rendez-vous"] == 3
    assert _states(shop) == ["draft"]


def test_a_bare_yes_after_a_change_not_understood_sends_nothing(
    shop: World, helene: Somebody
) -> None:
    """The yes may go by the change: what stands is shown once more."""
    shown = helene.asks(LETTER.format(wanted="la prise de rendez-vous"), subject="Commande")
    unclear = helene.replies(shown, "Oui mais plutôt 3")
    assert "De quelle ligne" in unclear.text
    again = helene.replies(unclear, "ok")
    assert "Voici votre commande" in again.text
    assert _states(shop) == ["draft"]
    helene.answers(again, "ok")
    assert _states(shop) == ["sent"]


def test_a_line_is_left_out_in_passing(shop: World, helene: Somebody) -> None:
    shown = helene.asks(LETTER.format(wanted="la prise de rendez-vous"), subject="Commande")
    again = helene.replies(shown, "Finalement plutôt 3 e-guichets svp")
    assert _counted(shop) == {"rendez-vous": 1, "e-guichet": 3}
    helene.replies(again, "ok pour moi, mais sans la prise de rendez-vous")
    assert _counted(shop) == {"e-guichet": 3}
    assert _states(shop) == ["draft"]


def test_a_slip_in_the_year_is_no_decision(shop: World) -> None:
    """« 1926 » is neither this year nor a decision of then."""
    helene = shop.helene()
    said = helene.asks("adhérer Smart, décision du Collège du 9 mars 1926, réf. 2026/114").text
    assert "est enregistrée" not in said
    assert shop.all(Adhesion) == []


def test_a_cancelled_order_stays_in_the_list(shop: World, helene: Somebody) -> None:
    _order(helene)
    shop.smart.asks("annuler la commande SMART-2026-0001, motif : doublon")
    assert "annulée" in helene.asks("commandes").text


def test_a_contract_that_ended_is_told_so(shop: World, helene: Somebody) -> None:
    _order(helene)
    shop.smart.asks("attribuer SMART-2026-0001 à Civadis, 24000 €")
    assert "contrat jusqu'au" in helene.asks("commandes").text
    shop.move_to(shop.clock.now() + timedelta(days=4 * 366))
    assert "contrat terminé depuis le" in helene.asks("commandes").text


@pytest.mark.parametrize(
    "words",
    [
        "oui pour 5 e-guichets",
        "Je confirme la commande de 2 budgets participatifs",
        "ok pour la prise de rendez-vous",
        "d'accord pour un e-guichet",
    ],
)
def test_a_yes_to_something_else_sends_nothing(shop: World, helene: Somebody, words: str) -> None:
    shown = helene.asks("commander 3 e-guichet")
    assert "Voici votre commande" in helene.replies(shown, words).text
    assert _states(shop) == ["draft"]


@pytest.mark.parametrize("words", ["oui pour les 3 e-guichets", "Oui, nous confirmons. Merci"])
def test_a_yes_that_names_what_is_shown_sends_it(shop: World, helene: Somebody, words: str) -> None:
    helene.answers(helene.asks("commander 3 e-guichet"), words)
    assert _states(shop) == ["sent"]


@pytest.mark.parametrize("day", ["le 32 mars 2026", "le 31 avril 2026", "le 31/04/2026"])
def test_an_award_on_a_day_that_does_not_exist_is_none(
    shop: World, helene: Somebody, day: str
) -> None:
    _order(helene)
    said = shop.smart.asks(f"attribuer SMART-2026-0001 à Civadis {day} pour 24.000 €").text
    assert "n'existe pas dans le calendrier" in said
    assert _states(shop) == ["sent"]


@pytest.mark.parametrize("amount", ["24.00 €", "900.000 €"])
def test_an_award_far_from_the_order_is_asked_about(
    shop: World, helene: Somebody, amount: str
) -> None:
    """A slip would be told to the buyer at once."""
    _order(helene)
    words = f"attribuer SMART-2026-0001 à Civadis pour {amount}"
    assert "Rien n'est enregistré" in shop.smart.asks(words).text
    assert _states(shop) == ["sent"]
    shop.smart.asks(f"{words}, confirmé")
    assert _states(shop) == ["awarded"]
