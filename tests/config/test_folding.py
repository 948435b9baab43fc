"""What folding makes equal, and what it keeps apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.folding import fold, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("", ""),
        ("  —  ", ""),
        ("Érezée", "erezee"),
        (unicodedata.normalize("NFD", "Érezée"), "erezee"),
        ("LA ROCHE-EN-ARDENNE", "la roche en ardenne"),
        ("La Roche‑en‑Ardenne", "la roche en ardenne"),  # non-breaking hyphens
        ("Commune d'Arlon", "commune d arlon"),
        ("Commune d’Arlon", "commune d arlon"),
        ("St-Hubert", "saint hubert"),
        ("St. Hubert", "saint hubert"),
        ("Ste Ode", "sainte ode"),
        ("Vaux-s/Sûre", "vaux sur sure"),
        ("Vaux s/ Sûre", "vaux sur sure"),
        ("C.P.A.S. de Wellin", "cpas de wellin"),
        ("C.P.A.S de Wellin", "cpas de wellin"),
        ("Z.P. Gaume", "zp gaume"),
        ("J.-P. Dupont", "j p dupont"),
        ("cœur", "coeur"),
        ("Straße", "strasse"),
        ("Arlon/Attert", "arlon attert"),
        ("30.000 €", "30 000"),
        ("e-guichet", "e guichet"),
        ("snake_case", "snake case"),
        ("à\xa0Arlon", "a arlon"),
        ("Steinfort", "steinfort"),
        ("𝓐rlon", "arlon"),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_words_know_their_place() -> None:
    text = "le C.P.A.S. de St-Hubert"
    assert [text[word.start : word.end] for word in words(text)] == [
        "le",
        "C.P.A.S.",
        "de",
        "St",
        "Hubert",
    ]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_in_order_and_within_the_text(text: str) -> None:
    ends = [0]
    for word in words(text):
        assert ends[-1] <= word.start < word.end <= len(text)
        assert word.text.strip() == word.text != ""
        ends.append(word.end)
