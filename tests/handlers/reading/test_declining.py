"""Answers that only say no (acceptance B34)."""

from __future__ import annotations

import pytest

from handlers.reading.declining import declines


@pytest.mark.parametrize(
    "words",
    [
        "Non",
        "non, désolé",
        "Bonjour, malheureusement pas possible pour nous.",
        "Nous ne pouvons malheureusement pas vous aider.",
        "Bonjour,\n\nNon, pas cette fois.\n\nBien à vous",
        "Nous n'avons personne de disponible en mai.",
        "On ne peut pas, hélas.",
        "Nous devons décliner.",
        "Nee, helaas.",
        "Finalement non : nous retirons notre réponse.",
        "Toch niet: wij trekken ons antwoord in.",
        "Doch nicht: Wir ziehen unsere Antwort zurück.",
        "We withdraw our answer after all.",
    ],
)
def test_a_no(words: str) -> None:
    assert declines(words)


@pytest.mark.parametrize(
    "words",
    [
        "Oui, trois jours par semaine.",
        "Nous ne pouvons pas en mai, mais bien en juin.",
        "Pas de problème, nous prêtons la nôtre.",
        "Non seulement un agent, mais deux.",
        "Nous ne sommes pas disponibles avant le 11 mai.",
        "N'avez-vous pas de permis C ?",
        "Nous pouvons vous aider.",
        "Nous n'avons pas d'agent, par contre une voiture.",
    ],
)
def test_no_no(words: str) -> None:
    assert not declines(words)


@pytest.mark.parametrize(
    ("words", "no"),
    [
        ("Leider nicht möglich", True),
        ("Helaas niet mogelijk", True),
        ("Spijtig genoeg hebben wij er geen", True),
        ("Malheureusement la nôtre est déjà prêtée", True),
        ("Unfortunately not", True),
        ("Leider erst ab Montag, aber dann gern", False),
    ],
)
def test_a_regret_is_a_no_in_any_language(words: str, no: bool) -> None:
    assert declines(words) is no
