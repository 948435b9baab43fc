"""Answers between the lines of what we wrote, given back."""

from __future__ import annotations

import pytest

from handlers.interlines import written_below, written_between

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


FACTS = "Commune de Musson,\nAnne Martin, anne.martin@musson.example"
NOTICE = (
    "Ce message et ses annexes sont confidentiels et destinés à leur seul destinataire ; si vous"
    " l'avez reçu par erreur, merci de le supprimer et d'en avertir l'expéditeur."
)


@pytest.mark.parametrize(
    "below", [FACTS, f"{FACTS}\n\nEnvoyé de mon iPhone", f"{FACTS}\n\n{NOTICE}"]
)
@pytest.mark.parametrize("signed", ["", "\n\n-- \nAnne Martin\nMusson"])
def test_what_is_typed_below_our_whole_message_is_read(below: str, signed: str) -> None:
    assert written_below(OURS, f"{HEAD}{OURS}\n{below}{signed}") == FACTS
    assert written_between(OURS, f"{HEAD}{OURS}\n{below}{signed}") == ""


def test_our_message_may_be_marked_or_wrapped_otherwise() -> None:
    marked = "\n".join(f"> {line}" for line in OURS.splitlines())
    wrapped = OURS.replace("adresse mail\n   professionnelle", "adresse mail professionnelle")
    for ours in (marked, wrapped):
        assert written_below(OURS, f"{HEAD}{ours}\n\n{FACTS}") == FACTS


@pytest.mark.parametrize(
    "given_back",
    [
        HEAD + OURS,
        f"{HEAD}{OURS}\noui",
        f"{HEAD}{OURS}\nconfirmer",
        f"{HEAD}{OURS}\nEnvoyé de mon iPhone",
        f"{HEAD}{OURS}\n{NOTICE}",
        f"{HEAD}{OURS}\nCe message est confidentiel.",
        f"{HEAD}{OURS}\n-- \nAnne Martin",
        f"{HEAD}{OURS}\nDe : Anne Martin\nObjet : Inscription\n\nLa commune s'inscrit.",
        f"{HEAD}{OURS}\nLe 23 mars 2026, Anne Martin a écrit :\n\nLa commune s'inscrit.",
        f"{HEAD}{OURS}\n> La commune s'inscrit.",
        f"{HEAD}{OURS[:200]}\n{FACTS}",
        f"{HEAD}{FACTS}",
        "",
    ],
)
def test_where_it_is_not_sure_nothing_is_read_below(given_back: str) -> None:
    assert written_below(OURS, given_back) == ""
