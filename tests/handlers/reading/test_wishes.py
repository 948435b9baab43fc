"""Wishes in free words: taken apart, and put together where they are alike."""

from __future__ import annotations

import pytest

from handlers.reading.wishes import grouped, wishes_in


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("prise de rendez-vous en ligne", ["Prise de rendez-vous en ligne"]),
        (
            (
                "Bonjour,\nNous souhaitons :\n- la gestion des cimetières\n"
                "- un parking intelligent\nMerci d'avance"
            ),
            ["Gestion des cimetières", "Parking intelligent"],
        ),
        (
            "1) Une solution de réservation des salles ; 2) des capteurs de CO2",
            ["Réservation des salles", "Capteurs de CO2"],
        ),
        (
            (
                "Il nous faudrait un logiciel pour la gestion du cimetière. Nous aimerions aussi"
                " des compteurs d'eau connectés."
            ),
            ["Gestion du cimetière", "Compteurs d'eau connectés"],
        ),
        (
            "un logiciel d'archivage et un outil de gestion des cimetières",
            ["Archivage", "Gestion des cimetières"],
        ),
        (
            "gestion des cimetières, et des capteurs pour les poubelles, un parking sûr",
            ["Gestion des cimetières", "Capteurs pour les poubelles", "Parking sûr"],
        ),
        ("la gestion des sports et des loisirs", ["Gestion des sports et des loisirs"]),
        ("un parking propre, sûr et éclairé", ["Parking propre, sûr et éclairé"]),
        ("Merci !", []),
        ("rien", []),
        ("Le wifi public\nle wifi public", ["Wifi public"]),
    ],
)
def test_an_answer_is_its_wishes(words: str, wishes: list[str]) -> None:
    assert wishes_in(words) == wishes


def _names(wishes: list[str], named: dict[str, str] | None = None) -> list[tuple[str, int]]:
    groups = grouped(wishes, named or {}, lambda _wish: None)
    return [(group.name, len(group.members)) for group in groups]


def test_what_is_alike_comes_together() -> None:
    said = ["Gestion des cimetières", "Wifi public", "cimetière", "Cimetières et concessions"]
    assert _names(said) == [("Gestion des cimetières", 3), ("Wifi public", 1)]


def test_words_that_say_little_bring_nothing_together() -> None:
    said = ["Gestion des cimetières", "Gestion des salles", "Outil de gestion numérique"]
    assert len(_names(said)) == 3


def test_a_given_name_holds() -> None:
    said = ["Wifi public", "Bornes internet", "Réseau wifi"]
    named = {"wifi public": "Internet pour tous", "bornes internet": "Internet pour tous"}
    assert _names(said, named) == [("Internet pour tous", 2), ("Réseau wifi", 1)]


def test_what_is_known_has_its_name() -> None:
    groups = grouped(["guichet en ligne", "e-guichet"], {}, lambda _wish: "E-guichet")
    assert [(group.name, group.members) for group in groups] == [("E-guichet", [0, 1])]
