"""Rules that hold for letters nobody has seen: moods, forms, capitals, notices, conditions."""

from __future__ import annotations

from datetime import date

import pytest

from config.territory import load_territory
from handlers.intents import Intent, understand
from handlers.reading.absence import is_absence
from handlers.reading.consent import plain_consent
from handlers.reading.contacts import find_phones
from handlers.reading.form import Label, read_form
from handlers.reading.letter import open_letter
from handlers.reading.modality import Mood, clauses
from handlers.reading.outsiders import outsider
from handlers.reading.people import find_names
from handlers.reading.references import announcement_number

TERRITORY = load_territory("luxembourg_be")
DAY = date(2026, 5, 4)


def _intent(text: str, subject: str = "", *, from_member: bool | None = None) -> Intent:
    return understand(
        subject, text, "a.b@virton.example", "", DAY, TERRITORY, from_member=from_member
    ).intent


@pytest.mark.parametrize(
    ("sentence", "mood"),
    [
        ("Je me demande si l'on peut en sortir à tout moment.", Mood.ASKED),
        ("Nous voudrions savoir si nous pouvons quitter la plateforme.", Mood.ASKED),
        ("Nous adhérons, à condition que cela n'entraîne aucune cotisation.", Mood.SAID),
        ("Nous adhérons, pour autant que ce soit gratuit.", Mood.SAID),
        ("Nous adhérons, à condition que le Conseil le veuille.", Mood.SUPPOSED),
    ],
)
def test_the_mood(sentence: str, mood: Mood) -> None:
    assert mood in {clause.mood for clause in clauses(sentence)}


def test_who_agrees_and_tells_whom_to_reach_registers() -> None:
    text = (
        "Suite à votre courrier, notre Collège a émis un avis favorable. Toute communication peut"
        " être adressée à M. Luc Simon (luc.simon@virton.example ; 063 00 33 44)."
    )
    assert _intent(text) is Intent.REGISTER
    assert _intent(f"{text} Quel est le prix ?") is not Intent.REGISTER


def test_a_newcomer_who_names_a_user_takes_part_whatever_is_said_of_a_central() -> None:
    text = "Le CPAS, déjà client de la centrale, veut rejoindre la plateforme. Contact : Luc Simon."
    assert _intent(text, from_member=False) is Intent.REGISTER


@pytest.mark.parametrize(
    ("lines", "label", "value"),
    [
        ("Vous êtes : ( ) une commune (x) un CPAS\nLocalité : Wellin", "institution", "CPAS"),
        ("Vous êtes : ☒ commune ☐ CPAS\nLocalité : Wellin", "institution", "Wellin"),
        (
            (
                "1. Votre institution : CPAS de Wellin\n2. Personne qui publiera : SIMON Luc\n"
                "3. Fonction : économe"
            ),
            "user",
            "SIMON Luc",
        ),
        (
            (
                "A. Administration demanderesse ..... Ville X\n"
                "B. Personne désignée ..... SIMON, Luc\n"
                "C. Grade ..... attaché"
            ),
            "user",
            "SIMON, Luc",
        ),
        ("Point de contact – nom : SIMON\nContact - prénom(s) : Luc", "surname", "SIMON"),
        ("Personne désignée / nom : SIMON\nUtilisatrice, prénom : Luce", "first name", "Luce"),
        ("Agent de référence - prénom(s) : Luc", "first name", "Luc"),
        ("Qualité : consultante CALog", "role", "consultante"),
        ("Personne désignée (NOM Prénom) * : SIMON Luc", "user", "SIMON Luc"),
        ("Téléphone (direct)* : 061 05 05 05", "phone", "061"),
        ("Agente suppléante * : SIMON Luce", "deputy", "SIMON Luce"),
        ("Nom de l'utilisateur : Simon\nPrénom de l'utilisateur : Luc", "surname", "Simon"),
        ("Nom de l'utilisateur : Simon\nPrénom de l'utilisateur : Luc", "first name", "Luc"),
        ("Nom de l'utilisateur : Luc Simon\nTél. : 061 05 05 05", "user", "Luc Simon"),
        ("Téléphone de la personne de contact : 061 05 05 05", "phone", "061"),
        ("Institution   | Commune de Wellin\nGrade   | chef", "institution", "Commune de Wellin"),
        ("Q1 Institution ?  Commune de Wellin", "institution", "Commune de Wellin"),
        ("Personne remplaçante : SIMON Luce", "deputy", "SIMON Luce"),
    ],
)
def test_a_form_in_ones_own_words(lines: str, label: str, value: str) -> None:
    assert value in read_form(lines)[Label(label)]


def test_two_ticked_kinds_are_none_and_who_filled_it_in_is_not_the_user() -> None:
    form = "(x) commune (x) CPAS\nLocalité : Wellin\nFiche remplie par l'agent : SIMON Luc\nA : b"
    assert read_form(form).keys().isdisjoint({Label.INSTITUTION, Label.USER})


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011", "-"])
def test_a_double_first_name_keeps_its_halves_whatever_the_hyphen(hyphen: str) -> None:
    text = f"Notre agente est Mme Rose{hyphen}Marie SIMON."
    assert open_letter("", text).body == "Notre agente est Mme Rose-Marie SIMON."


def test_a_quality_is_no_name() -> None:
    assert not find_names("Qualité : Consultante CALog\nConsultant CALog")


def test_capitals_get_their_apostrophes_back() -> None:
    assert open_letter("", "C EST L AGENT QUI S EN OCCUPE").body == "C'EST L'AGENT QUI S'EN OCCUPE"
    assert open_letter("", "Plan C et plan D en mai").body == "Plan C et plan D en mai"


def test_a_notice_is_no_part_of_a_letter() -> None:
    notice = "Ce message est confidentiel et destiné à la personne nommée ci-dessus."
    assert notice not in open_letter("", f"Bonjour, tout va bien.\n\n{notice}").text
    asked = "Ce message est-il destiné à être confidentiel ?"
    assert asked in open_letter("", f"Bonjour,\n\n{asked}").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("C'est confirmé", True),
        ("Bonjour, OUI, vous pouvez y aller.", True),
        ("Bonjour Madame,\noui", True),
        ("C'est confirmé, sauf la ligne 2", None),
        ("Bonjour, oui si le délai est tenu", None),
    ],
)
def test_a_yes_behind_a_greeting(text: str, said: bool | None) -> None:
    assert plain_consent(text) is said


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (
            (
                "J'ai bien reçu votre courriel. Étant en congé, je ne répondrai pas avant mon"
                " retour. Pour les annonces : Luc Simon. Votre message n'est ni lu ni transféré."
            ),
            True,
        ),
        (
            (
                "Je serai en congé ; à mon retour je reprends. En cas d'urgence, adressez-vous à"
                " Luc Simon, qui gère la plateforme."
            ),
            False,
        ),
    ],
)
def test_an_absence_that_speaks_of_announcements(text: str, absent: bool) -> None:
    assert is_absence(open_letter("", text)) is absent


def test_a_number_with_spaced_strokes_is_no_date() -> None:
    assert [one.e164 for one in find_phones("GSM   0470 / 00.44.55")] == ["+32470004455"]
    assert find_phones("le 04/05/26 à 10 h") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("la demande que vous avez publiée sous le numéro 57", 57),
        ("notre facture sous le numéro 57", None),
        ("l'annonce du 12, dossier numéro 57", None),
    ],
)
def test_the_number_of_an_announcement(text: str, number: int | None) -> None:
    assert announcement_number(text) == number


@pytest.mark.parametrize(
    ("named", "usual", "kind"),
    [
        ("Gemeindeverwaltung Burg", "Gemeinde Burg", "commune"),
        ("Stadt Bitburg", "Stadt Bitburg", "commune"),
        ("Provinz Namur", "Provinz Namur", "province"),
        ("Politiezone Voer", "Politiezone Voer", "zone_police"),
    ],
)
def test_an_authority_of_elsewhere_in_its_own_language(named: str, usual: str, kind: str) -> None:
    assert (outsider(named).name, outsider(named).type) == (usual, kind)


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("La crèche, qui dépend du CPAS de Messancy, souhaite s'inscrire.", False),
        ("La bibliothèque (gérée par la commune de Wellin) souhaite s'inscrire.", False),
        ("La bibliothèque paroissiale souhaite s'inscrire.", True),
        ("L'asbl Les Amis, subsidiée par la commune de Wellin, souhaite s'inscrire.", True),
    ],
)
def test_a_service_speaks_as_the_authority_on_which_it_depends(text: str, outside: bool) -> None:
    found = understand("", text, "a@b.example", "", DAY, TERRITORY).registration
    assert bool(found.outside) is outside


_ARMS = (
    "Suite à l'annonce n° 12 de ta commune, nous pourrions mettre à disposition une architecte à"
    " mi-temps du 15 au 30 juin et un dessinateur en juillet."
)
_BARS = (
    "Institution | Commune de Wellin\nPersonne désignée | SIMON Luc\nGrade | employé\nE-mail |"
    " l.simon@wellin.example\nRemplaçante | GILLET Zoé\nBons de commande | néant"
)
_FOR_ME = "Puis-je vous demander de noter que M. Luc Simon est habilité à agir en mon nom en août ?"


@pytest.mark.parametrize(
    ("text", "from_member", "intent"),
    [
        (_FOR_ME, True, Intent.DEPUTY),
        (_ARMS, True, Intent.ANNOUNCEMENT_ANSWER),
        (_BARS, False, Intent.REGISTER),
    ],
)
def test_what_is_meant_beside_other_words(text: str, from_member: bool, intent: Intent) -> None:
    assert _intent(text, from_member=from_member) is intent


@pytest.mark.parametrize(
    "text",
    [
        "On cherche qqun pour remplacer notre collègue de la population, du 6 avril au 30 juin",
        "Suite au départ de notre chef des travaux, nous cherchons quelqu'un pour le remplacer.",
        "Nous avons besoin d'une personne pour remplacer ma collègue du 4 au 29 mai.",
        "Quelqu'un pourrait-il remplacer notre bibliothécaire en mai ?",
        "Wij zoeken iemand om onze collega te vervangen van 4 tot 29 mei.",
    ],
)
def test_somebody_sought_in_a_colleagues_place_is_asked_of_all(text: str) -> None:
    assert _intent(text, from_member=True) is Intent.ANNOUNCEMENT


@pytest.mark.parametrize(
    "text",
    [
        "Merci de remplacer ma collègue Anne Petit par Luc Simon, luc.simon@virton.example.",
        "Nous cherchons à remplacer l'utilisatrice désignée : Luc Simon, luc.simon@virton.example.",
    ],
)
def test_somebody_named_for_the_platform_is_not_asked_of_all(text: str) -> None:
    assert _intent(text, from_member=True) is Intent.CHANGE_USER
