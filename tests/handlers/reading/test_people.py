"""Names of persons: where they stand, in which order, with which title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.people import (
    Gender,
    find_names,
    fits_address,
    person_behind,
    proper,
    same_person,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Madame Hélène Lambiotte est désignée", ["Hélène Lambiotte"]),
        ("M. Jean Dupont et Mme Marie-Ange Poncin", ["Jean Dupont", "Marie-Ange Poncin"]),
        ("JACQUEMART Éric", ["Éric Jacquemart"]),
        ("VAN DEN BROECK Didier", ["Didier Van Den Broeck"]),
        ("Monsieur Servais viendra", ["Servais"]),
        ("Didier Van den Broeck", ["Didier Van den Broeck"]),
        ("Catherine d'Hoore", ["Catherine d'Hoore"]),
        ("La Directrice générale, Anne Collard", ["Anne Collard"]),
        ("YANNICK BODELET  SCE TRAVAUX", ["Yannick Bodelet"]),
        ("Bonjour Madame", []),
        ("Administration communale de Libin", []),
        ("Bien à vous", []),
        ("Rue de Florenville 18", []),
        ("Zone de Police Gaume", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [name.name for name in find_names(text)] == names


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Madame Julie Noël", Gender.FEMININE),
        ("Mme Julie Noël", Gender.FEMININE),
        ("Mr Jean Petit", Gender.MASCULINE),
        ("M. Jean Petit", Gender.MASCULINE),
        ("Dominique Petit", None),
    ],
)
def test_title(text: str, gender: Gender | None) -> None:
    assert find_names(text)[0].gender is gender


@pytest.mark.parametrize(
    ("shown", "person"),
    [
        ("Noémie Warzée", "Noémie Warzée"),
        ("CULOT Nadine (ZP5302)", "Nadine Culot"),
        ("Dupont, Jean", "Jean Dupont"),
        ("CP Isabelle MATHIS", "Isabelle Mathis"),
        ("Dr Jean Dupont", "Jean Dupont"),
        ("jean dupont", "Jean Dupont"),
        ("accueil musson", ""),
        ("Jean Dupont - Commune de Virton", "Jean Dupont"),
        ("Secrétariat Fauvillers", ""),
        ("Accueil", ""),
        ("ETAT CIVIL", ""),
        ("Commune de Vielsalm - Direction", ""),
        ("", ""),
    ],
)
def test_shown_name(shown: str, person: str) -> None:
    assert person_behind(shown) == person


def test_proper_form() -> None:
    assert proper("DUPONT-LEROY, jean") == "Jean Dupont-Leroy"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Noémie Warzée", "WARZEE Noemie", True),
        ("N. Warzée", "Noémie Warzée", True),
        ("Noémie Warzée", "Noémie Petit", False),
        ("Warzée", "Noémie Warzée", True),
        ("", "Noémie Warzée", False),
    ],
)
def test_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


def test_address_made_from_a_name() -> None:
    assert fits_address("Noémie Warzée", "n.warzee@herbeumont.example")
    assert not fits_address("Noémie Warzée", "secretariat@herbeumont.example")


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    for name in find_names(text):
        assert 0 <= name.start < name.end <= len(text)
    person_behind(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C'est Simon Defraigne qui suivra.", "Simon Defraigne"),
        ("L'INPP Zoé Servais gère les demandes.", "Zoé Servais"),
        ("Jusqu'à lundi, Anne L'Hoest répond.", "Anne L'Hoest"),
        ("Notre utilisateur est Luc D'Hondt.", "Luc D'Hondt"),
    ],
)
def test_a_small_word_run_into_the_next_is_no_part_of_a_name(text: str, name: str) -> None:
    assert [found.name for found in find_names(text)] == [name]
