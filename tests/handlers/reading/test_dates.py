"""Days and periods in French sentences, seen from Tuesday 24 March 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.dates import Fault, Period, find_period, find_periods
from handlers.reading.days import Lean

TODAY = date(2026, 3, 24)
Ends = tuple[str | None, str | None]

PERIODS: dict[str, Ends] = {
    "pdt 2 semaines à partir de lundi prochain": ("2026-03-30", "2026-04-12"),
    "quinze jours à dater du 15 juin": ("2026-06-15", "2026-06-29"),
    "trois mois à partir du 1er juin": ("2026-06-01", "2026-08-31"),
    "semaines 30 à 32": ("2026-07-20", "2026-08-09"),
    "en semaines 30, 31 et 32": ("2026-07-20", "2026-08-09"),
    "la dernière semaine de mai": ("2026-05-25", "2026-05-31"),
    "la semaine du 8 juin": ("2026-06-08", "2026-06-14"),
    "le week-end du 23 mai": ("2026-05-23", "2026-05-24"),
    "ce week-end": ("2026-03-28", "2026-03-29"),
    "les 12, 13 et 14 juin": ("2026-06-12", "2026-06-14"),
    "le 9 et le 10 avril": ("2026-04-09", "2026-04-10"),
    "(24 et 25 octobre)": ("2026-10-24", "2026-10-25"),
    "juillet et août 2026": ("2026-07-01", "2026-08-31"),
    "Début : 18/05/2026. Fin : 29/05/2026.": ("2026-05-18", "2026-05-29"),
    "van 16 tot 18 oktober 2026": ("2026-10-16", "2026-10-18"),
    "vom 12. bis 30. Oktober": ("2026-10-12", "2026-10-30"),
    "from 12 to 16 October": ("2026-10-12", "2026-10-16"),
    "vanaf 12 juni": ("2026-06-12", None),
    "from 12 June": ("2026-06-12", None),
    "your letter from 12 June": ("2026-06-12", "2026-06-12"),
    "du 4 au 29 mai 2026": ("2026-05-04", "2026-05-29"),
    "du 4 au 29 mai": ("2026-05-04", "2026-05-29"),
    "du lundi 4 au vendredi 29 mai": ("2026-05-04", "2026-05-29"),
    "du lundi 4 mai au vendredi 29 mai 2026 inclus": ("2026-05-04", "2026-05-29"),
    "du 1er juin au 30 septembre 2026": ("2026-06-01", "2026-09-30"),
    "DU 1ER JUIN AU 31 AOUT": ("2026-06-01", "2026-08-31"),
    "du 28 mai au 12 juin": ("2026-05-28", "2026-06-12"),
    "du 28 mai au 12": ("2026-05-28", "2026-06-12"),
    "du 9 au 20 mars": ("2027-03-09", "2027-03-20"),
    "du 16 au 27 mars": ("2026-03-16", "2026-03-27"),
    "du 20 décembre au 5 janvier": ("2026-12-20", "2027-01-05"),
    "du 20 décembre 2026 au 5 janvier 2027": ("2026-12-20", "2027-01-05"),
    "du 20 décembre au 5 janvier 2027": ("2026-12-20", "2027-01-05"),
    "du 20 décembre 2026 au 5 janvier": ("2026-12-20", "2027-01-05"),
    "entre le 4 et le 29 mai": ("2026-05-04", "2026-05-29"),
    "entre le 27 avril et le 8 mai": ("2026-04-27", "2026-05-08"),
    "4-29 mai 2026": ("2026-05-04", "2026-05-29"),
    "4 mai – 29 mai 2026": ("2026-05-04", "2026-05-29"),
    "du 04/05 au 29/05/2026": ("2026-05-04", "2026-05-29"),
    "du 04/05/2026 au 29/05/2026": ("2026-05-04", "2026-05-29"),
    "du 4/5 au 29/5": ("2026-05-04", "2026-05-29"),
    "du 4.5.2026 au 29.5.2026": ("2026-05-04", "2026-05-29"),
    "du 04-05-26 au 29-05-26": ("2026-05-04", "2026-05-29"),
    "du 2026-05-04 au 2026-05-29": ("2026-05-04", "2026-05-29"),
    "04/05/2026 - 29/05/2026": ("2026-05-04", "2026-05-29"),
    "de mai à juillet": ("2026-05-01", "2026-07-31"),
    "de mai à juillet 2027": ("2027-05-01", "2027-07-31"),
    "en mai et juin": ("2026-05-01", "2026-06-30"),
    "de novembre à février": ("2026-11-01", "2027-02-28"),
    "en mai": ("2026-05-01", "2026-05-31"),
    "au mois de mai 2026": ("2026-05-01", "2026-05-31"),
    "en mars": ("2026-03-01", "2026-03-31"),
    "courant avril": ("2026-04-01", "2026-04-30"),
    "fin mai": ("2026-05-22", "2026-05-31"),
    "début juin": ("2026-06-01", "2026-06-10"),
    "la semaine prochaine": ("2026-03-30", "2026-04-05"),
    "cette semaine": ("2026-03-23", "2026-03-29"),
    "le mois prochain": ("2026-04-01", "2026-04-30"),
    "la semaine 19": ("2026-05-04", "2026-05-10"),
    "le 9 mars": ("2027-03-09", "2027-03-09"),
    "le 24 mars": ("2026-03-24", "2026-03-24"),
    "le 9/3/2026": ("2026-03-09", "2026-03-09"),
    "le 30": ("2026-03-30", "2026-03-30"),
    "le 15": ("2026-04-15", "2026-04-15"),
    "demain": ("2026-03-25", "2026-03-25"),
    "lundi": ("2026-03-30", "2026-03-30"),
    "lundi prochain": ("2026-03-30", "2026-03-30"),
    "dès lundi pour trois semaines": ("2026-03-30", "2026-04-19"),
    "pour trois semaines dès lundi": ("2026-03-30", "2026-04-19"),
    "pendant 15 jours à partir du 4 mai": ("2026-05-04", "2026-05-18"),
    "à partir du 4 mai, pour une durée de 2 semaines": ("2026-05-04", "2026-05-17"),
    "dès demain et pour une semaine": ("2026-03-25", "2026-03-31"),
    "à partir du 4 mai": ("2026-05-04", None),
    "à dater du 1er avril": ("2026-04-01", None),
    "dès que possible": ("2026-03-24", None),
    "dès maintenant et jusqu'au 15 avril": ("2026-03-24", "2026-04-15"),
    "dès lundi jusqu'à fin avril": ("2026-03-30", "2026-04-30"),
    "jusqu'au 15": (None, "2026-04-15"),
    "jusqu'au 15 mai inclus": (None, "2026-05-15"),
    "jusque fin juin": (None, "2026-06-30"),
    "pour trois semaines": (None, None),
    "nous en avons besoin à partir du 4 mai, si possible à temps plein, jusqu'au 29 mai": (
        "2026-05-04", "2026-05-29",
    ),
    "suite à votre courrier du 2 avril, un agent du 4 au 29 mai": ("2026-05-04", "2026-05-29"),
    "à 4/5 temps du 1er juin au 31 juillet 2026": ("2026-06-01", "2026-07-31"),
    "de lundi à vendredi": ("2026-03-30", "2026-04-03"),
}  # fmt: skip

NONE = [
    "du lundi au vendredi",
    "Rue du 9 agents",
    "il en faudrait 3 pour 140 dossiers",
    "Rue de Hotton 1 - 6987 Rendeux",
    "tél. 063/08.67.50",
    "Art. 104/742-54",
    "mais nous mangeons tard, Mars est une planète",
    "la décision du 9 mars 2026",
    "merci de répondre avant vendredi",
    "un assistant à 4/5 temps",
    "le 1/2 temps",
    "douze armoires et 8 bureaux",
    "",
]

FAULTY = {
    "du 29 mai 2026 au 4 mai 2026": Fault.REVERSED,
    "du 29 au 4 mai 2026": Fault.REVERSED,
    "du 20 mai au 4 mai": Fault.REVERSED,
    "du 1er au 31 juin 2026": Fault.NO_SUCH_DAY,
    "le 30 février": Fault.NO_SUCH_DAY,
    "le 40 décembre": Fault.NO_SUCH_DAY,
    "du 3 juin au 45 juin": Fault.NO_SUCH_DAY,
    "le 0 juin 2026": Fault.NO_SUCH_DAY,
    "le 12/13/2026": Fault.NO_SUCH_DAY,
    "du mardi 4 mai au vendredi 29 mai 2026": Fault.WEEKDAY,
}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize(("text", "ends"), PERIODS.items())
def test_period(text: str, ends: Ends) -> None:
    assert find_period(text, TODAY) == Period(_day(ends[0]), _day(ends[1]))


@pytest.mark.parametrize("text", NONE)
def test_no_period(text: str) -> None:
    assert find_period(text, TODAY) is None


@pytest.mark.parametrize(("text", "fault"), FAULTY.items())
def test_faulty_period(text: str, fault: Fault) -> None:
    period = find_period(text, TODAY)
    assert period is not None
    assert fault in period.faults
    assert not period.complete


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("le 9 mars", "2026-03-09"),
        ("le 24 mars", "2026-03-24"),
        ("le 28 avril", "2025-04-28"),
        ("le 15", "2026-03-15"),
        ("le 18/06/2026", "2026-06-18"),
    ],
)
def test_a_decision_lies_behind(text: str, day: str) -> None:
    assert find_periods(text, TODAY, Lean.LAST) == [Period(_day(day), _day(day))]


def test_two_periods_in_one_text() -> None:
    text = "1 agent du 1er au 19 juin ; ensuite 1 agent du 22 juin au 10 juillet"
    assert [(p.start, p.end) for p in find_periods(text, TODAY)] == [
        (date(2026, 6, 1), date(2026, 6, 19)),
        (date(2026, 6, 22), date(2026, 7, 10)),
    ]


@given(st.dates(date(2026, 3, 24), date(2032, 1, 1)), st.integers(0, 900))
def test_every_full_range_comes_back(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    text = f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"
    assert find_period(text, TODAY) == Period(start, end)


@given(st.text(alphabet="du le au 1234567890/-. maijuin", max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    find_periods(text, TODAY)
