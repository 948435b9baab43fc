"""Who is the user of a registration, in the many ways in which that is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from config.territory import load_territory
from handlers.reading.effect import change_day
from handlers.reading.letter import open_letter
from handlers.reading.registration import read_registration

TERRITORY = load_territory("luxembourg_be")
ASKS = "La commune de Tellin souhaite s'inscrire sur la plateforme."
SIGNED = "Bien à vous,\n\nOdile Berthe\nAgente technique\nTél. 084 00 11 22\nGSM 0470 00 11 22"


def designated(text: str, address: str = "odile.berthe@tellin.example") -> tuple[str, ...]:
    """Name, address, phone and function of the user that a letter of Odile Berthe designates."""
    letter = open_letter("Inscription", text, address, "Odile Berthe")
    user = read_registration(letter, TERRITORY).user
    return () if user is None else (user.name, user.email, user.phone, user.role)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ce sera moi la personne de contact.",
        "C'est bibi qui suivra cela.",
        "La personne de contact, c'est votre servante.",
        "Pour toute la suite, c'est à moi qu'il faut s'adresser.",
        "Nos deux conseils m'ont désignée comme utilisatrice.",
        "La soussignée sera votre interlocutrice unique.",
        "J'en serai la référente.",
        "Je reste votre point de contact.",
        "Le Collège m'en a confié le suivi : tout peut m'être adressé directement.",
        "La soussignée assurera la relation avec votre service.",
        "Notez mon nom comme personne relais.",
        "Je ferai le lien avec nos services.",
        "Personne à contacter : la soussignée.",
        "Ik word de contactpersoon.",
        "Ich werde Ihre Ansprechpartnerin sein.",
        "I will be the designated user.",
    ],
)
def test_who_writes_designates_herself(sentence: str) -> None:
    name, email, *_ = designated(f"Bonjour,\n\n{ASKS} {sentence}\n\n{SIGNED}")
    assert (name, email) == ("Odile Berthe", "odile.berthe@tellin.example")


@pytest.mark.parametrize(
    "sentence",
    [
        "C'est moi qui vous ai appelés hier à ce sujet.",
        "Ce ne sera pas moi.",
        "La directrice m'a chargée de vous transmettre cette demande.",
        "Le nom de l'utilisateur vous sera communiqué prochainement.",
    ],
)
def test_who_only_writes_is_not_designated(sentence: str) -> None:
    assert designated(f"Bonjour,\n\n{ASKS} {sentence}\n\n{SIGNED}") == ()


LIST = "luc.hardy@tellin.example\n084 00 33 44"


@pytest.mark.parametrize(
    "words",
    [
        f"Le Collège désigne comme utilisateur :\n\nINP Luc HARDY\n{LIST}",
        f"Coordonnées de l'officier désigné :\n\nCapitaine Luc HARDY\n{LIST}",
        (
            "Le Collège a choisi Monsieur Luc Hardy pour nous représenter. Vous le joindrez au"
            " 084 00 33 44 ou à luc.hardy@tellin.example."
        ),
        "C'est notre directeur Luc Hardy qui s'en occupera : luc.hardy@tellin.example, 084 003344",
        (
            "Nom | Prénom | Fonction | Téléphone | Courriel\n"
            "HARDY | Luc | chef de bureau | 084 00 33 44 | luc.hardy@tellin.example"
        ),
        (
            "Naam : Voornaam | Functie | Telefoon | E-mail\n"
            "Hardy : Luc | diensthoofd | 084 00 33 44 | luc.hardy@tellin.example"
        ),
        "RESPONSSABLE : LUC HARDY (CONTREMAITRE) LUC.HARDY@TELLIN.EXAMPLE 084 00 33 44",
    ],
)
def test_a_colleague_is_designated(words: str) -> None:
    name, email, phone, _ = designated(f"Bonjour,\n\n{ASKS}\n\n{words}\n\n{SIGNED}")
    assert (name, email, phone) == ("Luc Hardy", "luc.hardy@tellin.example", "+3284003344")


def test_who_is_named_in_passing_is_not_designated() -> None:
    said = "Agent traitant : Luc Hardy, luc.hardy@tellin.example."
    assert designated(f"Bonjour,\n\n{ASKS}\n{said}\n\nLe secrétariat", "info@tellin.example") == ()


@pytest.mark.parametrize(
    "said",
    [
        "Notre échevin Luc Hardy (luc.hardy@tellin.example) voudrait être invité à la réunion.",
        "Ni moi ni Luc Hardy (luc.hardy@tellin.example) n'avons le temps.",
    ],
)
def test_of_whom_something_else_is_said_is_not_designated(said: str) -> None:
    assert designated(f"Bonjour,\n\n{ASKS} {said}\n\n{SIGNED}") == ()


def test_an_empty_letter_designates_nobody() -> None:
    assert read_registration(open_letter("", ""), TERRITORY).user is None


def test_who_is_not_concerned_is_not_designated() -> None:
    said = (
        "Luc Hardy (luc.hardy@tellin.example), en copie, n'est pas concerné par la désignation."
        " L'utilisatrice sera Mme Ida Pirotte, ida.pirotte@tellin.example."
    )
    assert designated(f"Bonjour,\n\n{ASKS} {said}\n\n{SIGNED}")[0] == "Ida Pirotte"


@pytest.mark.parametrize(
    ("wish", "phone"),
    [
        ("Mon gsm plutôt que le fixe, je suis toujours dehors.", "+32470001122"),
        ("De préférence sur mon portable.", "+32470001122"),
        ("Le fixe plutôt que le gsm.", "+3284001122"),
        ("", "+3284001122"),
    ],
)
def test_the_line_wished_for_is_kept(wish: str, phone: str) -> None:
    assert designated(f"Bonjour,\n\n{ASKS} Ce sera moi. {wish}\n\n{SIGNED}")[2] == phone


def test_from_the_address_of_the_office_ones_own_is_kept() -> None:
    text = (
        f"Bonjour,\n\n{ASKS} La soussignée sera votre contact.\n\n{SIGNED}\no.berthe@tellin.example"
    )
    assert designated(text, "info@tellin.example")[1] == "o.berthe@tellin.example"


@dataclass(frozen=True)
class Told:
    """A letter, and the institution that it speaks for or the outsider that it names."""

    text: str
    institution: str = ""
    outside: str = ""
    address: str = "info@quelquepart.example"


@pytest.mark.parametrize(
    "told",
    [
        Told("La ZP 5300 souhaite s'inscrire.", "Zone de police Famenne-Ardenne"),
        Told(
            "La zone de police 5301 (Bastogne / Fauvillers / Léglise) demande son inscription.",
            "Zone de police Centre Ardenne",
        ),
        Told("Notre intercommunale, Eauclaire, voudrait adhérer.\n\nEAUCLAIRE - intercommunale",
             outside="EAUCLAIRE"),
        Told("Je vous prie d'inscrire la fabrique d'église Saint-Remacle de Waha.",
             outside="fabrique d'église Saint-Remacle de Waha"),
        Told("Ons OCMW (Genk, provincie Limburg) wenst zich in te schrijven.",
             outside="OCMW Genk"),
        Told("Die Gemeinde Beckerich/Attert möchte teilnehmen.", outside="Gemeinde Beckerich"),
    ],
)  # fmt: skip
def test_which_institution_is_meant(told: Told) -> None:
    read = read_registration(open_letter("", told.text, told.address), TERRITORY)
    assert (read.institution.name if read.institution else "") == told.institution
    assert read.outside == told.outside


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Je pars à la pension le 1er juillet 2026. Luc Hardy me remplace.", date(2026, 7, 1)),
        ("Le Collège du 7 mai a désigné Luc Hardy à partir du 1er juin 2026.", date(2026, 6, 1)),
        (("Je quitte le service le 30 juin 2026 ; à partir du 1er juillet 2026, ce sera Luc Hardy"
         " qui reprend la plateforme."), date(2026, 7, 1)),
        ("Luc Hardy me remplace dès maintenant.", None),
        ("Par décision du 3 avril 2026, Luc Hardy me remplace.", None),
    ],
)  # fmt: skip
def test_the_day_of_a_change(text: str, day: date | None) -> None:
    assert change_day(open_letter("", text), date(2026, 5, 4)) == day


def test_a_command_at_the_head_of_a_sentence_is_no_part_of_a_name() -> None:
    said = "Mets Luc Hardy comme contact.\nluc.hardy@tellin.example"
    assert designated(f"Bonjour,\n\n{ASKS} {said}\n\n{SIGNED}")[:2] == (
        "Luc Hardy",
        "luc.hardy@tellin.example",
    )


def test_an_address_tells_the_rest_of_a_first_name() -> None:
    said = "C'est Jessica (jessica.maury@tellin.example) qui encodera les annonces."
    assert designated(f"Bonjour,\n\n{ASKS} {said}\n\n{SIGNED}")[0] == "Jessica Maury"


def test_a_form_drawn_by_hand_is_read() -> None:
    form = (
        "Pouvoir local > CPAS de Tellin\nA. Nature > (X) CPAS ( ) commune\n"
        "B. Agent désigné     Mme Line Dury\nC. E-mail     l.dury AROBASE cpas-tellin.example\n"
        "Bon de commande joint > non"
    )
    assert designated(form, "info@cpas-tellin.example")[:2] == (
        "Line Dury",
        "l.dury@cpas-tellin.example",
    )
