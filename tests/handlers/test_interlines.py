"""Answers between the lines of what we wrote, given back."""

from __future__ import annotations

import pytest

from handlers.interlines import written_between

OURS = """Bonjour Madame Lambiotte,

Merci. Pour inscrire votre institution, il me manque deux choses :

1. le nom de l'institution (par exemple « CPAS de Saint-Léger »)
2. la personne désignée comme utilisatrice : nom et adresse mail
   professionnelle

Répondez à ce message, une phrase suffit. L'inscription est sans engagement.

--
e-plateforme
Province de Luxembourg
"""
HEAD = "De : e-plateforme <plateforme@supracom.example>\nEnvoyé : mardi 24 mars 2026\n\n"


def _with(*added: tuple[str, str]) -> str:
    """Our mail given back, with something after some of its lines."""
    text = HEAD + OURS
    for after, words in added:
        text = text.replace(after, after + words)
    return text


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ([("Saint-Léger »)", "\nCommune de Musson")], "Commune de Musson"),
        ([("Saint-Léger »)", " : Commune de Musson")], "Commune de Musson"),
        (
            [
                ("Saint-Léger »)", "\n==> la commune de Musson"),
                ("   professionnelle", "\nAnne Martin, anne.martin@musson.example"),
            ],
            "la commune de Musson\nAnne Martin, anne.martin@musson.example",
        ),
    ],
)
def test_what_is_typed_between_our_lines_is_read(added: list[tuple[str, str]], said: str) -> None:
    assert written_between(OURS, _with(*added)) == said


def test_what_is_marked_like_the_rest_is_read_too() -> None:
    given_back = _with(("Saint-Léger »)", "\nCommune de Musson"))
    assert written_between(OURS, "\n".join(f"> {line}" for line in given_back.splitlines())) == (
        "Commune de Musson"
    )


def test_our_lines_may_be_wrapped_otherwise() -> None:
    unwrapped = _with(("Saint-Léger »)", "\nCommune de Musson")).replace("mail\n   ", "mail ")
    assert written_between(OURS, unwrapped) == "Commune de Musson"


@pytest.mark.parametrize(
    "given_back",
    [
        HEAD + OURS,
        _with(("Saint-Léger »)", "\nNom de l'institution")),
        _with(("Saint-Léger »)", "\nok")),
        _with(("Saint-Léger »)", "\nconfirmer")),
        _with(("Province de Luxembourg", "\nCe message est confidentiel.")),
        "\n".join(f"> {line}" for line in (HEAD + OURS).splitlines()),
        _with(("Saint-Léger »)", "\nhttps://protection.example/?url=https%3A%2F%2Fautre")),
        "Une tout autre lettre,\nqui parle d'autre chose\net finit ainsi.",
        "",
    ],
)
def test_where_nothing_is_sure_nothing_is_read(given_back: str) -> None:
    assert written_between(OURS, given_back) == ""
