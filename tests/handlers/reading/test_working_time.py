"""Working times as people tell them (acceptance B35)."""

from __future__ import annotations

import pytest

from handlers.reading.working_time import working_time


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Nous prêtons un agent à mi-temps.", "mi-temps"),
        ("Une personne, 3 jours par semaine, du 4 au 15 mai.", "3 jours par semaine"),
        ("trois jours/semaine", "trois jours/semaine"),
        ("19 h/semaine", "19 h/semaine"),
        ("à 4/5 temps", "4/5 temps"),
        ("Un temps plein", "temps plein"),
        ("pour trois semaines dès lundi", ""),
        ("du 4/5 au 8/5", ""),
        ("le 4/5/2026", ""),
        ("en mi-temps médical", ""),
    ],
)
def test_working_time(words: str, told: str) -> None:
    assert working_time(words) == told
