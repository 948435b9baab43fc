"""Every member is asked for its interest; nobody is missed. And leaving a central."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from handlers.request import Failure, Kind, Severity
from storage.interests import Interest, InterestCall
from storage.members import Person
from storage.order_states import OrderState
from storage.orders import Order
from storage.purchasing import Adhesion
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
CALL = "sonder Smart : vélos électriques, en pièces, jusqu'au 30 avril 2026"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson."""
    return shop.helene()


@pytest.fixture
def bruno(shop: World) -> Somebody:
    """The user of the CPAS of Rouvroy."""
    return shop.bruno()


def _asked(shop: World, *who: Somebody) -> list[Said]:
    said = shop.smart.replies(shop.smart.asks(CALL), "oui")
    assert "30 avril 2026" in said.text
    return [one.got()[-1] for one in who]


def test_nothing_leaves_before_it_was_shown_and_confirmed(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    shown = shop.smart.asks(CALL)
    assert "2 membres" in shown.text
    assert "vélos électriques" in shown.text
    assert helene.got() == bruno.got() == []
    shop.smart.answers(shown, "non")
    assert shop.count(InterestCall) == 0


def test_every_member_is_asked_and_gets_a_receipt(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    hers, his = _asked(shop, helene, bruno)
    assert "pièces" in hers.text
    assert "12" in helene.replies(hers, "Oui, 12 vélos au plus").text
    assert "non" in bruno.replies(his, "non merci, pas pour nous").text
    kept = sorted((one.wanted, one.most) for one in shop.all(Interest))
    assert kept == [(False, None), (True, 12)]
    results = shop.smart.writes("intérêts")
    assert "12 pièces" in results[0].text.replace("\u00a0", " ")
    assert sum(one.files for one in results) == 1


def test_an_answer_can_be_changed_and_must_be_clear(shop: World, helene: Somebody) -> None:
    (hers,) = _asked(shop, helene)
    assert "Combien" in helene.replies(hers, "oui").text
    assert shop.all(Interest)[0].answered_at is None
    number = shop.all(InterestCall)[0].id
    helene.asks(f"intérêt {number} oui 1.200")
    assert shop.all(Interest)[0].most == 1200
    helene.asks(f"intérêt {number} non")
    assert shop.all(Interest)[0].wanted is False


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (
            "Bonjour,\n\nOui, une dizaine\n\nBien à vous,\nHélène Lambiotte\n063 00 07 41",
            (True, 10),
        ),
        ("oui, douze", (True, 12)),
        ("environ 1.200", (True, 1200)),
        ("Finalement non", (False, None)),
        ("nous n'en avons plus besoin", (False, None)),
        ("9.999.999.999.999", (None, None)),
    ],
)
def test_answers_in_words(
    shop: World, helene: Somebody, words: str, kept: tuple[bool | None, int | None]
) -> None:
    (hers,) = _asked(shop, helene)
    said = helene.replies(hers, words)
    assert [(one.wanted, one.most) for one in shop.all(Interest)] == [kept]
    assert ("Combien au plus" in said.text) == (kept[0] is None)


def test_a_call_is_given_more_time_or_closed(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    hers, _his = _asked(shop, helene, bruno)
    number = shop.all(InterestCall)[0].id
    assert "15 mai 2026" in shop.smart.asks("prolonger l'intérêt jusqu'au 15 mai").text
    assert shop.move_to(datetime(2026, 4, 24, 9, tzinfo=UTC)) == []
    reminded = shop.move_to(datetime(2026, 5, 8, 9, tzinfo=UTC))
    assert helene.got(reminded)
    assert "15 mai 2026" in helene.replies(hers, "oui, 12").text
    assert (
        "Jusqu'à quand" in shop.smart.asks(f"prolonger l'intérêt {number} jusqu'au 30 février").text
    )
    assert "close" in shop.smart.asks(f"clore l'intérêt {number}").text
    assert shop.move_to(datetime(2026, 5, 20, 9, tzinfo=UTC)) == []
    assert "numéro" in shop.smart.asks("clore l'intérêt").text
    bruno.writes(f"intérêt {number} oui 3")
    assert "après le" in shop.smart.got()[-1].text


def test_only_its_central_moves_a_call(shop: World, helene: Somebody) -> None:
    _asked(shop, helene)
    number = shop.all(InterestCall)[0].id
    shop.offices.asks(f"clore l'intérêt {number}")
    helene.asks(f"clore l'intérêt {number}")
    assert [one.until for one in shop.all(InterestCall)] == [date(2026, 4, 30)]


def test_who_is_silent_is_reminded_and_then_named(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    hers, _his = _asked(shop, helene, bruno)
    helene.replies(hers, "oui, 3")
    reminded = shop.move_to(datetime(2026, 4, 23, 12, tzinfo=UTC))
    assert len(bruno.got(reminded)) == 1
    assert helene.got(reminded) == []
    assert len(bruno.got(shop.move_to(datetime(2026, 4, 29, 12, tzinfo=UTC)))) == 1
    over = shop.move_to(datetime(2026, 5, 1, 12, tzinfo=UTC))
    for told in (shop.smart.got(over)[0], to_administrators(over)[0]):
        assert "CPAS de Rouvroy" in told.text
        assert "Commune de Musson" not in told.text


def test_a_late_answer_is_kept_and_the_central_decides(shop: World, helene: Somebody) -> None:
    (hers,) = _asked(shop, helene)
    helene.replies(hers, "oui, 3")
    shop.move_to(datetime(2026, 5, 1, 12, tzinfo=UTC))
    said = helene.answers(hers, "oui, 8")
    assert "qui dira si elle peut encore compter" in helene.got(said)[0].text
    (told,) = shop.smart.got(said)
    assert "au plus 8 pièces" in told.text
    assert "oui, au plus 3 pièces" in told.text
    assert "Répondu après le délai" in shop.smart.asks("intérêts").text


def test_a_call_from_its_question_to_its_report(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    """One without Matrix, one whose mailbox is gone, one who answers twice, one who answers late:
    each is followed, and the report says how many are missing and who.
    """
    gone = shop.member("Paul Absent", "commune", "83013", channel=MAIL)
    late = shop.member("Anne Tard", "commune", "81003", channel=MATRIX)
    late.asks("direction direction@commune-81003.example")
    hers, his, lost, hers_too = _asked(shop, helene, bruno, gone, late)
    _returned(shop, lost)
    helene.replies(hers, "oui, 12")
    bruno.replies(his, "Non merci")
    number = shop.all(InterestCall)[0].id
    helene.asks(f"intérêt {number} oui 15")

    first = shop.move_to(datetime(2026, 4, 23, 12, tzinfo=UTC))
    assert len(late.got(first)) == 1
    assert helene.got(first) == bruno.got(first) == []
    # Nothing more can reach who is not reachable: people hear of it while there is time.
    assert "Commune d'Erezée" in " ".join(one.text for one in to_administrators(first))
    shop.move_to(datetime(2026, 4, 29, 12, tzinfo=UTC))
    assert [one for one in shop.said if one.destination == "direction@commune-81003.example"]

    over = shop.move_to(datetime(2026, 5, 1, 12, tzinfo=UTC))
    (report,) = shop.smart.got(over)
    text = report.text.replace("\u00a0", " ")
    assert "15 pièces" in text
    assert "Erezée (injoignable)" in text
    assert "Sans réponse 2" in text.replace(" :", "").replace("**", "")
    assert "Musson" not in text

    late.replies(hers_too, "oui, 4")
    results = shop.smart.asks("intérêts").text.replace("\u00a0", " ")
    assert "19 pièces" in results
    assert "Répondu après le délai" in results
    answers = [one.answered_at is not None for one in shop.all(Interest)]
    assert sorted(answers) == [False, True, True, True]


def _returned(shop: World, lost: Said) -> None:
    """The mail server of somebody says that there is no such mailbox."""
    failure = Failure(lost.destination, Severity.HARD, "5.1.1")
    bounce = Somebody(shop, MAIL, "mailer-daemon@x.example").message(
        "", kind=Kind.BOUNCE, answers=(lost.external_id,), failure=failure, automatic=True
    )
    shop.take(bounce)


def test_a_silent_member_s_direction_is_told_before_the_end(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    bruno.asks("direction secretariat@cpas-rouvroy.example")
    helene.asks("direction direction@musson.example")
    hers, _his = _asked(shop, helene, bruno)
    helene.replies(hers, "non")
    shop.move_to(datetime(2026, 4, 23, 12, tzinfo=UTC))
    last = shop.move_to(datetime(2026, 4, 29, 12, tzinfo=UTC))
    told = [one for one in last if one.destination == "secretariat@cpas-rouvroy.example"]
    assert len(told) == 1
    assert "Bruno Wéry" in told[0].text
    assert "30 avril 2026" in told[0].text
    assert not [one for one in shop.said if one.destination == "direction@musson.example"]


def test_nobody_is_missed_silently(shop: World, helene: Somebody) -> None:
    """Who nobody acts for is named at once; who becomes a member later is asked, too."""
    lost = shop.member("Yves Lot", "commune", "83013")

    def leave(session: Session) -> None:
        session.get_one(Person, lost.person_id).active = False

    shop.change(leave)
    said = shop.smart.answers(shop.smart.asks(CALL), "oui")
    for told in (shop.smart.got(said)[0], to_administrators(said)[0]):
        assert "Commune d'Erezée" in told.text
        assert "Musson" not in told.text
    late = shop.bruno()
    shop.move_to(datetime(2026, 4, 23, 12, tzinfo=UTC))
    assert "vélos électriques" in late.got()[-1].text
    assert "3" in late.replies(late.got()[-1], "oui, 3").text
    assert "injoignable" in shop.smart.asks("intérêts").text
    assert helene.got()


@pytest.mark.parametrize(
    "words", ["sonder Smart", "sonder Smart : vélos", "sonder Smart : vélos, jusqu'au 25 mars 2026"]
)
def test_a_call_that_lacks_something_is_told_what(shop: World, words: str) -> None:
    answer = shop.smart.asks(words).text
    assert "jour" in answer
    assert shop.count(InterestCall) == 0
    assert "ne gérez pas" in shop.offices.asks(CALL).text


def test_another_member_s_question_is_not_answered(
    shop: World, helene: Somebody, bruno: Somebody
) -> None:
    hers, _his = _asked(shop, helene, bruno)
    bruno.answers(hers, "oui, 99")
    assert all(one.answered_at is None for one in shop.all(Interest))


# -- leaving a central --------------------------------------------------------------------------

LEAVING = "quitter la centrale Smart, décision du Conseil du 16 mars 2026, réf. 2026/77"


def test_a_member_leaves_a_central_by_its_decision(shop: World, helene: Somebody) -> None:
    helene.asks(ADHESION)
    draft = helene.asks("commander e-guichet")
    helene.answers(helene.asks("commander rendez-vous"), "oui")
    shop.clock.move_to(date(2026, 3, 26))
    shown = helene.asks(LEAVING)
    assert "SMART-2026-0001" in shown.text
    said = helene.answers(shown, "oui")
    assert "2026/77" in shop.smart.got(said)[0].text
    assert "adhère d'abord" in helene.asks("commander budget participatif").text
    assert "adhère d'abord" in helene.replies(draft, "oui").text
    shop.clock.move_to(date(2026, 3, 30))
    assert "0 sur 43" in shop.stranger().asks("statistiques").text
    assert "1 sur 43" in shop.stranger("autre").asks("statistiques au 25/03/2026").text
    helene.asks(ADHESION)
    assert shop.count(Adhesion) == 2
    assert [one.state for one in shop.all(Order) if one.number] == [OrderState.SENT]


@pytest.mark.parametrize("words", ["quitter la centrale Smart", LEAVING])
def test_a_withdrawal_needs_an_adhesion_and_a_decision(
    shop: World, helene: Somebody, words: str
) -> None:
    assert "rien à retirer" in helene.asks(words).text
    helene.asks(ADHESION)
    if words != LEAVING:
        assert "référence" in helene.asks(words).text
    assert all(one.left_on is None for one in shop.all(Adhesion))
