"""A message laid out: body, signature, sentences; quotations and devices' lines are cut."""

from __future__ import annotations

import pytest

from handlers.reading.letter import LONGEST, open_letter, sentences


@pytest.mark.parametrize(
    ("text", "body", "signature"),
    [
        ("Bonjour,\n\nTexte.\n-- \nJulie Noël\nVirton", "Bonjour,\n\nTexte.", "Julie Noël\nVirton"),
        ("Texte.\n\nBien à vous,\n\nJulie Noël", "Texte.", "Bien à vous,\n\nJulie Noël"),
        ("Texte.\n\nJulie Noël\nemployée", "Texte.", "Julie Noël\nemployée"),
        ("Texte.", "Texte.", ""),
        ("Texte.\n\nEnvoyé de mon iPad", "Texte.", ""),
        ("Texte.\n\nLe 12 mars 2026, Jean a écrit :\n> avant", "Texte.", ""),
        ("Texte.\n\nDe : Jean\nEnvoyé : lundi\nÀ : moi\nObjet : x\n\nAvant", "Texte.", ""),
        (
            "Oui.\n\nLe 12 mars 2026, Jean a écrit :\n> avant\n\n-- \nJulie Noël",
            "Oui.",
            "Julie Noël",
        ),
    ],
)
def test_parts(text: str, body: str, signature: str) -> None:
    letter = open_letter("", text)
    assert (letter.body, letter.signature) == (body, signature)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("Re: TR : Inscription", "Inscription"), ("RE: [Annonce 27] Renfort", "[Annonce 27] Renfort")],
)
def test_subject(subject: str, shown: str) -> None:
    assert open_letter(subject, "").subject == shown


def test_forwarded_text_is_kept() -> None:
    text = "Voir plus bas.\n\n-------- Message transféré --------\nDe : Jean\n\nLa demande."
    assert "La demande." in open_letter("x", text).text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("M. Petit vient. Il reste.", ["M. Petit vient.", "Il reste."]),
        ("Voir réf. 2026/114 du Collège.", ["Voir réf. 2026/114 du Collège."]),
        ("24.000 € en tout ? Oui !", ["24.000 € en tout ?", "Oui !"]),
        ("une ligne\nqui continue", ["une ligne qui continue"]),
        ("Nom : Petit\nPrénom : Jean", ["Nom : Petit", "Prénom : Jean"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_what_is_too_long_is_not_read() -> None:
    assert len(open_letter("", "a" * (3 * LONGEST)).text) == LONGEST
