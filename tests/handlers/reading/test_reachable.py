"""Whom a letter that registers tells how to reach, and who only happens to be named."""

from __future__ import annotations

import pytest

from handlers.reading.letter import open_letter
from handlers.reading.users import find_designation

SENDER = ("odile.renard@beauraing.example", "Odile Renard")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            (
                "Nous rejoignons la plateforme. Elle m'a demandé d'en assurer le suivi : Odile"
                " Renard, secrétaire, 082 00 11 22."
            ),
            "Odile Renard",
        ),
        (
            "Nous participons, par l'intermédiaire de la soussignée.\n\nOdile Renard",
            "Odile Renard",
        ),
        ("On s'inscrit. Je gère ça pour la commune.\n\nOdile Renard", "Odile Renard"),
        ("Nous en sommes. J'assumerai le rôle de correspondante.\n\nOdile Renard", "Odile Renard"),
        ("Wir machen mit. Ich bin dafür zuständig.\n\nOdile Renard", "Odile Renard"),
        ("Wij doen mee. Ik ben daarvoor verantwoordelijk.\n\nOdile Renard", "Odile Renard"),
        (
            "Inscrivez-nous. Le dossier sera traité par Luc Simon, 082 00 33 44.",
            "Luc Simon",
        ),
        (
            "Inscrivez-nous. Notre ingénieur, Luc Simon, prendra les choses en main.",
            "Luc Simon",
        ),
    ],
)
def test_the_user_is_told_without_the_word(text: str, name: str) -> None:
    found = find_designation(open_letter("", text, *SENDER))
    assert found.user is not None
    assert found.user.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Inscrivez la commune, je suis conseillère. Odile Renard 0470 00 11 22",
        "Nous adhérons. Nous ne savons pas encore qui en aura la charge. Luc Simon, 082 00 33 44",
        "Nous adhérons. Le Collège tranchera le 4 mai. Question de Luc Simon, 082 00 33 44 ?",
        "Notre bourgmestre, Luc Simon, 082 00 33 44, a signé le dossier.",
        "Elle m'a chargée de vous écrire. Merci de nous inscrire.\n\nOdile Renard",
    ],
)
def test_who_is_only_named_is_not_the_user(text: str) -> None:
    assert find_designation(open_letter("", text, *SENDER)).user is None


def test_a_number_behind_the_address_of_somebody_is_theirs() -> None:
    text = (
        "Nous désignons comme utilisateur Luc Simon, qui travaille depuis vingt ans au service des"
        " travaux de notre commune et qui connaît toutes les communes de la vallée, d'amont en"
        " aval, avec leurs dépôts et leurs camions : luc.simon@beauraing.example, 082/00.33.44."
    )
    found = find_designation(open_letter("", text, *SENDER))
    assert found.user is not None
    assert found.user.phone == "+3282003344"
