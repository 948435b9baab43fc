"""Decisions told in a sentence: body, day and reference, seen from Tuesday 24 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.reading.decision import Decision, find_decision

TODAY = date(2026, 3, 24)
COLLEGE, COUNCIL = "Collège communal", "Conseil communal"


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("Délibération du Collège du 9 mars 2026, réf. 2026/114.",
         Decision(COLLEGE, date(2026, 3, 9), "2026/114")),
        ("par délibération du Collège communal du 9 mars, réf. 2026/114",
         Decision(COLLEGE, date(2026, 3, 9), "2026/114")),
        ("Le Conseil communal a décidé, en séance du 28/01/2026, d'adhérer à la centrale.",
         Decision(COUNCIL, date(2026, 1, 28), "")),
        ("En sa séance du 15 décembre, le Conseil a marqué son accord.",
         Decision(COUNCIL, date(2025, 12, 15), "")),
        ("Le Conseil de l'action sociale a approuvé l'adhésion le 11 février 2026 (n° 12/2026).",
         Decision("Conseil de l'action sociale", date(2026, 2, 11), "12/2026")),
        ("Décision du Bureau permanent du 03-02-2026.",
         Decision("Bureau permanent", date(2026, 2, 3), "")),
        ("Le Collège se prononcera le 2 avril.",
         Decision(COLLEGE, date(2026, 4, 2), "", future=True)),
        ("Décision du Collège du 18/06/2026",
         Decision(COLLEGE, date(2026, 6, 18), "", future=True)),
        ("Nous serons là le 9 mars.", None),
        ("Suite à la séance d'information du 12 mars, nous participons.", None),
        ("Le Collège est d'accord.", None),
        ("", None),
    ],
)  # fmt: skip
def test_decision(text: str, decision: Decision | None) -> None:
    assert find_decision(text, TODAY) == decision


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (
            "2 guichets (réf. DG/2026/77), décision du Collège du 16 mars 2026, réf. CC-131.",
            "CC-131",
        ),
        ("Décision du Collège du 16 mars 2026, réf. CC-131 ; notre réf. DG/2026/77.", "CC-131"),
        ("Sous la réf. 2026/12, le Collège a décidé le 16 mars 2026 de commander.", "2026/12"),
    ],
)
def test_of_two_references_that_behind_the_decision_is_its_own(text: str, reference: str) -> None:
    found = find_decision(text, date(2026, 3, 24))
    assert found is not None
    assert found.reference == reference
