"""What is written now is kept, what is quoted is cut; in four languages."""

# ruff: noqa: E501 - the layouts are shown whole, one per line

from __future__ import annotations

import sys
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("RÉP : Re[2]: Antw: Doorst: x", True),
        ("RE: Travaux : x", False),
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
    ("text", "written", "signature"),
    [
        ("Oui.\n-- \nAnne\nCommune", "Oui.", "--\nAnne\nCommune"),
        ("Oui.\n--\nAnne", "Oui.", "--\nAnne"),
        (
            "Oui.\n\n—\nAnne, 063 00 00 00\n\n____________",
            "Oui.",
            "—\nAnne, 063 00 00 00\n\n____________",
        ),
        ("Oui.\n\nBien cordialement,\nAnne", "Oui.\n\nBien cordialement,\nAnne", ""),
        ("Points :\n--\nPourriez-vous venir ?\n", "Points :\n--\nPourriez-vous venir ?", ""),
        ("A\n--\n" + "une ligne\n" * 15, "A\n--\n" + "une ligne\n" * 14 + "une ligne", ""),
        ("Oui.", "Oui.", ""),
    ],
)
def test_signature_is_set_apart_and_stays_in_the_text(
    text: str, written: str, signature: str
) -> None:
    parts = cut(text)
    assert (parts.written, parts.signature) == (written, signature)
    assert parts.text.replace("\n", "") == text.replace("\n", "").replace("-- ", "--")


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de mon iPhone",
        "Envoyé depuis mon iPad",
        "Envoyé de mon appareil Galaxy",
        "Envoyé depuis mon smartphone Samsung Galaxy.",
        "Envoyé à partir de Courrier pour Windows",
        "Envoyé à partir d'Outlook pour Android",
        "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>",
        "Obtenez Outlook pour Android",
        "Envoyé de mon appareil Android avec Courriel K-9 Mail. Veuillez excuser ma brièveté.",
        "Envoyé avec la messagerie sécurisée Proton Mail.",
        "Verzonden vanaf mijn iPhone",
        "Verstuurd vanaf mijn iPad",
        "Verzonden met Outlook voor Android",
        "Outlook voor iOS downloaden<https://aka.ms/o0ukef>",
        "Download Outlook voor Android",
        "Verzonden vanaf mijn Galaxy",
        "Von meinem iPhone gesendet",
        "Von meiner Handy-App gesendet",
        "Gesendet von Outlook für Android<https://aka.ms/AAb9ysg>",
        "Gesendet mit der Telekom Mail App von meinem Smartphone",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Holen Sie sich Outlook für iOS",
        "Sent from my iPhone",
        "Sent from my Galaxy S24, please excuse typos",
        "Get Outlook for Android",
        "Sent with Proton Mail secure email.",
        "[Sent from Yahoo Mail on Android](https://go.onelink.me/1?pid=x)",
    ],
)
def test_a_line_of_a_device_was_not_written(line: str) -> None:
    parts = cut(f"Oui.\n\n{line}\n\nLe 3 mars 2025 à 10:02, P <p@s.example> a écrit :\n> non")
    assert (parts.text, parts.written) == ("Oui.", "Oui.")
    assert parts.quoted.startswith(line)


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de Virton ce matin par la poste.",
        "Envoyé avec les annexes le 3 mars.",
        "Envoyé depuis Outlook, le formulaire ne s'ouvre pas : que faire ?",
        "Verzonden met de post.",
        "Gesendet mit der Post.",
        "Sent from the town hall on Monday.",
        "Sent by post.",
        "Mobile : 0470 00 00 00",
        "iPhone",
    ],
)
def test_what_only_sounds_like_a_device_stays(line: str) -> None:
    assert cut(f"Oui.\n{line}").text == f"Oui.\n{line}"


NOTICES = {
    "fr": "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de leurs destinataires. Toute utilisation non conforme à sa destination est interdite.",
    "nl": "Dit e-mailbericht en de bijlagen zijn vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Als u dit bericht per vergissing hebt ontvangen, gelieve het te verwijderen.",
    "de": "Diese E-Mail enthält vertrauliche und rechtlich geschützte Informationen. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte sofort den Absender.",
    "en": "This email and any attachments may contain confidential information. If you are not the intended recipient, please delete it and\nadvise the sender immediately.",
    "tree": "Pensez à l'environnement avant d'imprimer ce mail.",
    "virus": "Garanti sans virus. www.avast.example",
}


@pytest.mark.parametrize("notice", NOTICES)
def test_a_legal_notice_was_not_written(notice: str) -> None:
    parts = cut(f"catalogue\n\nAnne\n\n{NOTICES[notice]}\n\n{NOTICES['tree']}\n")
    assert parts.text == "catalogue\n\nAnne"
    assert NOTICES[notice] in parts.quoted


@pytest.mark.parametrize(
    "line",
    [
        "Pensez à l'environnement avant d'imprimer ce message.",
        "Pensez à la planète : n'imprimez ce courriel que si c'est nécessaire.",
        "N'imprimez ce mail que si nécessaire",
    ],
)
def test_a_line_of_the_mail_program_may_end_a_signature(line: str) -> None:
    assert cut(f"catalogue\n\nAnne\nTél. 063 00 00 00\n{line}").text == (
        "catalogue\n\nAnne\nTél. 063 00 00 00"
    )
    assert cut(line).text == line


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_that_is_all_there_is_stays(notice: str) -> None:
    assert cut(NOTICES[notice]).text == NOTICES[notice]
    said = f"{NOTICES[notice]}\n\nD'accord ?"
    assert cut(said).text == said


def test_a_memo_is_no_block_of_headers() -> None:
    memo = (
        "De : commune de Rouvroy\nDate : 3 mars 2025\nObjet : personnel\n\nNous cherchons un agent."
    )
    assert cut(memo).text == memo


def test_own_words_right_above_a_wrapped_attribution_stay() -> None:
    above = "Le 3 mars 2025 à 10:02 nous disons oui."
    below = "Le 4 mars 2025 à 11:00, P Q\n<p@s.example> a écrit :\n> question"
    assert cut(f"{above}\n{below}").text == above
    assert (
        cut(
            "Mon adresse : anne@x.example\nP <p@s.example> schrieb am Mo., 3. März 2025\num 10:02 Uhr:\n> x"
        ).text
        == "Mon adresse : anne@x.example"
    )


def test_two_lines_that_were_apart_do_not_become_a_quotation() -> None:
    text = "Le 3 mars 2025 à 10:02\n> ancien\nMarie <m@x.example> a écrit une lettre\nFin"
    assert cut(text).text == "Le 3 mars 2025 à 10:02\n\nMarie <m@x.example> a écrit une lettre\nFin"


# -- whatever the text ---------------------------------------------------------------------------

LINES = [
    *{line for quotation in QUOTATIONS.values() for line in quotation.split("\n")},
    *(
        "oui",
        "Anne",
        "--",
        "-- ",
        "****",
        "____________",
        "",
        "",
        ">",
        "> ",
        "| a",
        ">>> a 3/3/2025 10:02 >>>",
    ),
    *(
        "Envoyé de mon iPhone",
        "Cordialement,",
        "De :",
        "Le 3 mars 2025 à 10:02",
        "<",
        "> a écrit :",
    ),
    *(
        "a écrit le 3 mars 2025 à 10:02 :",
        "Date : 10:02",
        "x <a@b.example>",
        "wrote:",
        "\u202f",
        " x",
    ),
    *("---------- Forwarded message ---------", "> Begin forwarded message:", *NOTICES.values()),
    *(
        "2025-03-03 10:02 GMT+01:00 P",
        "Message d'origine",
        "a" * 500,
        "## Reply above this line ##",
    ),
]
TEXTS = st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=25).map("\n".join)


@given(TEXTS)
def test_cutting_twice_changes_nothing(text: str) -> None:
    once = cut(text)
    if not any("orward" in line for line in once.text.split("\n")):
        assert cut(once.text).text == once.text
        assert cut(once.written).written == once.written


@given(TEXTS, st.booleans())
def test_a_mail_passed_on_is_read_once_and_for_all(text: str, forwarded: bool) -> None:
    mark = "---------- Forwarded message ---------"
    whole = cut(f"> question\n{mark}\n{text}", forwarded)
    left = _filled(whole.text)
    assert left[0] == mark or forwarded
    assert cut(whole.text, forwarded).text == whole.text


@given(TEXTS)
def test_what_was_written_stands_in_the_text_in_this_order(text: str) -> None:
    parts = cut(text)
    for part in (parts.text, parts.written):
        left = iter(_filled(text))
        assert all(any(line in other for other in left) for line in _filled(part))


@given(TEXTS)
def test_every_line_is_own_or_quoted(text: str) -> None:
    parts = cut(text)
    found = _filled(parts.text) + _filled(parts.quoted)
    if parts.quoted or not parts.text:
        assert sorted(found) == sorted(_filled(text))
    else:
        assert len(found) == len(_filled(text))


@given(st.lists(st.sampled_from(["oui", "Anne Dupont", "A 3 : b", "1. x@y.example", "- un"])))
def test_words_without_any_quotation_are_kept(lines: list[str]) -> None:
    assert _filled(cut("\n".join(lines)).text) == lines


def _filled(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


HOSTILE = {
    "line of starts": "On 1 " + "a 1 " * 50_000,
    "line of addresses": "a@b <" * 40_000,
    "labels": "De : a\n" * 30_000,
    "labels and times": "Date : 10:02\n\n" * 15_000,
    "marks": "> " * 100_000,
    "quoted lines": "> a\n" * 50_000,
    "own and quoted": "a\n> b\n" * 30_000,
    "starts": ("Le 1 " + "x " * 190 + "\n") * 500,
    "weak sentences": "a écrit à 10:02 :\n\n" * 10_000,
    "attributions": "Le 3 mars 2025 à 10:02, a@b.example a écrit :\n> a\n" * 4_000,
    "verbs": ("Le 1 " + "1 a écrit schreef " * 20 + "\n") * 500,
    "empty lines": "a écrit à 10:02 :" + "\n" * 100_000 + "a",
    "dashes": "--\n" * 60_000 + "a",
    "dashes and words": "--\na\n" * 40_000,
    "rules": "_" * 200_000,
    "underscores": "____\n\n" * 30_000,
    "notices": ("Disclaimer " + "a " * 100 + "confidentiel\n\n") * 800,
    "closings": "cordialement " * 20_000,
    "bars": "2013/7/20 sam <a@b.example>\n\n" + "| a\n" * 50_000,
    "forwards": "---------- Forwarded message ---------\n" * 5_000,
    "spaces": "De" + " " * 200_000 + ": a",
}


def _calls(text: str) -> int:
    """How many functions a cut calls: its cost, which no load of the machine changes."""
    counter = count()
    sys.setprofile(lambda _frame, _event, _argument: next(counter))
    try:
        cut(text)
    finally:
        sys.setprofile(None)
    return next(counter)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_as_much_as_it_is_long(name: str) -> None:
    text = HOSTILE[name][:60_000]
    assert _calls(f"{text}\n{text}") < 2.5 * _calls(text) + 1_000


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_one_line(name: str) -> None:
    cut(HOSTILE[name].replace("\n", " ")[:200_000])
