"""What is written now is kept, what is quoted is cut; in four languages."""

# ruff: noqa: E501 - the layouts are shown whole, one per line

from __future__ import annotations

import time

import pytest

from bot.mail.quoting import cut, is_forward

OWN = "Oui, c'est d'accord.\n\nAnne"

QUOTATIONS = {
    "gmail fr": "Le lun. 3 mars 2025 à 10:02, Platef <p@s.example> a écrit :\n\n> confirmer\n> suite",
    "gmail fr wrapped": "Le lun. 3 mars 2025 à 10:02, Plateforme supracommunale <\np@s.example> a écrit :\n> x",
    "no-break spaces": "Le\u00a03\u00a0mars 2025 à 10:02, P <p@s.example> a écrit\u202f:\n> confirmer",
    "apple fr": "> Le 3 mars 2025 à 10:02, P <p@s.example> a écrit :\n> \n> confirmer",
    "apple without marks": "Le 3 mars 2025 à 10:02, P <p@s.example> a écrit :\n\nconfirmer",
    "thunderbird fr": "Le 03/03/2025 à 10:02, P a écrit\xa0:\n> confirmer",
    "outlook fr": "De : P <p@s.example>\nEnvoyé : lundi 3 mars 2025 10:02\nÀ : Anne\nObjet : x\n\nconfirmer",
    "outlook fr bold": "*De :* P <p@s.example>\n*Envoyé :* lundi 3 mars 2025\n*À :* Anne\n*Objet :* x\n\nconfirmer",
    "outlook ios": "________________________________\nDe : P\nEnvoyé : lundi 3 mars\nÀ : Anne\nObjet : x\n\nnon",
    "separator fr": "-----Message d'origine-----\nDe : P\nconfirmer",
    "zimbra fr": '----- Mail original -----\nDe: "P" <p@s.example>\nÀ: "A" <a@b.example>\nEnvoyé: Lundi 3 Mars 2025\nObjet: x\n\nnon',
    "gmail nl": "Op ma 3 mrt 2025 om 10:02 schreef P <p@s.example>:\n\n> bevestigen",
    "outlook nl": "Van: P <p@s.example>\nVerzonden: maandag 3 maart 2025 10:02\nAan: Anne\nOnderwerp: x\n\nja",
    "separator nl": "-----Oorspronkelijk bericht-----\nVan: P\nja",
    "gmail de": "Am Mo., 3. März 2025 um 10:02 Uhr schrieb P <p@s.example>:\n\n> ja",
    "inbox de": "P Q <p@s.example> schrieb am Mo., 3. März\n2025 um 10:02 Uhr:\n\n> ja",
    "outlook de": "Von: P <p@s.example>\nGesendet: Montag, 3. März 2025\nAn: Anne\nBetreff: x\n\nja",
    "separator de": "-----Ursprüngliche Nachricht-----\nVon: P\nja",
    "gmail en": "On Mon, Mar 3, 2025 at 10:02 AM P <p@s.example> wrote:\n\n> yes",
    "outlook en": "From: P <p@s.example>\nSent: Monday, March 3, 2025 10:02\nTo: Anne\nSubject: x\n\nyes",
    "marker": "-- Répondre au-dessus de cette ligne --\nconfirmer",
    "only marks": "> confirmer\n>> suite",
}


@pytest.mark.parametrize("layout", QUOTATIONS)
def test_quotation_below_is_cut(layout: str) -> None:
    parts = cut(f"{OWN}\n\n{QUOTATIONS[layout]}\n")
    assert parts.text == OWN
    assert parts.quoted.split() == QUOTATIONS[layout].split()


@pytest.mark.parametrize("layout", QUOTATIONS)
def test_a_bare_quotation_says_nothing(layout: str) -> None:
    assert cut(QUOTATIONS[layout]).text == ""


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\n\nDe : 8h à 12h nous sommes ouverts.\nÀ : Arlon\n\nMerci",
        "Nom : Dupont\nDate : 3 mars 2025\nObjet : inscription",
        "On arrive le 3 mars : deux personnes",
        "Le 3 mars 2025, le Collège a décidé ceci :\n- un point",
        "Op 3 maart komen we met: twee personen",
        "Am 3. März kommen wir:\nzwei Personen",
        "Il a écrit :\nun texte",
        "- un\n- deux\n-- trois",
        "Voici le lien\n____\nsuite",
    ],
)
def test_own_words_stay(text: str) -> None:
    assert cut(text).text == text
    assert cut(text).quoted == ""


def test_answers_between_and_below_are_kept() -> None:
    text = "Voici.\n\nLe 3 mars 2025 à 10:02, P a écrit :\n> 1. Combien ?\ntrois\n\n> 2. Quand ?\nmardi\n"
    parts = cut(text)
    assert parts.text == "Voici.\n\ntrois\n\nmardi"
    assert parts.quoted.endswith("> 1. Combien ?\n> 2. Quand ?")


FORWARDED = "---------- Forwarded message ---------\nDe : X <x@y.example>\n\nBonjour, une demande."


def test_a_forward_without_own_words_keeps_its_text() -> None:
    assert "une demande" in cut(FORWARDED).text
    block = "De : X\nEnvoyé : lundi 3 mars 2025\nÀ : Anne\nObjet : x\n\nune demande"
    assert "une demande" in cut(block, forwarded=True).text
    assert cut(block, forwarded=False).text == ""


def test_a_forward_with_own_words_keeps_only_these() -> None:
    parts = cut(f"Pour information.\n\n{FORWARDED}")
    assert parts.text == "Pour information."
    assert "une demande" in parts.quoted


@pytest.mark.parametrize(
    ("subject", "forward"),
    [
        ("Tr : x", True),
        ("TR: x", True),
        ("Fwd: x", True),
        ("RE: FW: x", True),
        ("WG: x", True),
        ("Doorst: x", True),
        ("Re: x", False),
        ("Travaux : x", False),
        ("fwd", False),
    ],
)
def test_forward_subjects(subject: str, forward: bool) -> None:
    assert is_forward(subject) is forward


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Oui.\n-- \nAnne\nCommune", "--\nAnne\nCommune"),
        ("Oui.\n\nBien cordialement,\nAnne", ""),
        ("Oui.\n\nCordialement,\nAnne", "Cordialement,\nAnne"),
        ("Ja.\n\nMet vriendelijke groet\nAnne", "Met vriendelijke groet\nAnne"),
        ("Ja.\n\nMit freundlichen Grüßen\nAnne", "Mit freundlichen Grüßen\nAnne"),
        ("Oui.\n\nEnvoyé de mon iPhone", "Envoyé de mon iPhone"),
        ("Oui.", ""),
    ],
)
def test_signature_is_given_and_stays_in_the_text(text: str, signature: str) -> None:
    parts = cut(text)
    assert parts.signature == signature
    assert parts.text.endswith(signature)


@pytest.mark.parametrize(
    "text",
    [
        "On 1 " + "a 1 " * 50_000,
        "a@b <" * 40_000,
        "De : a\n" * 30_000,
        "> " * 100_000,
        ("Le 1 " + "x " * 190 + "\n") * 500,
        "cordialement " * 20_000,
    ],
)
def test_hostile_text_costs_little(text: str) -> None:
    start = time.process_time()
    cut(text)
    assert time.process_time() - start < 2
