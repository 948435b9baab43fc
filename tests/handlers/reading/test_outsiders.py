"""Bodies that may not register, namesakes elsewhere, several institutions in one letter."""

from __future__ import annotations

import pytest

from config.territory import load_territory
from handlers.reading.letter import open_letter
from handlers.reading.registration import Registration, read_registration

TERRITORY = load_territory("luxembourg_be")
LETTER = "Bonjour,\n\n{}\n\nBien à vous,\n\nPaul Martin\n{}"


def _read(text: str, signature: str = "", address: str = "x@y.example") -> Registration:
    letter = LETTER.format(text, signature)
    return read_registration(open_letter("Inscription", letter, address, "Paul Martin"), TERRITORY)


def _institution(read: Registration) -> str | None:
    return read.institution.name if read.institution else None


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("La fabrique d'église de Musson souhaite s'inscrire.", ""),
        ("Je suis trésorière de la fabrique d'église Saint-Rémi de Tellin ; nous adhérons.", ""),
        ("Je voudrais inscrire le club de pétanque de Bertrix.", ""),
        ("Institution : Bibliothèque communale de Musson\nUtilisateur : Paul Martin", ""),
        ("Nous voudrions nous inscrire.", "Office du Tourisme de Durbuy"),
        ("L'ASBL Détente, créée par les communes de Gouvy et Virton, désire s'inscrire.", ""),
        ("La régie communale autonome de la Ville de Virton s'inscrit.", "Ville de Virton"),
        ("les habitations sociales de hotton veulent rejoindre la plateforme", ""),
    ],
)
def test_a_body_that_is_no_authority_is_named_and_not_taken(text: str, signature: str) -> None:
    read = _read(text, signature)
    assert (_institution(read), read.body) == (None, True)
    assert read.outside


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("La commune de Musson s'inscrit. Notre école communale a besoin de chaises.", ""),
        ("La commune de Musson s'inscrit. Je travaille à la bibliothèque communale.", ""),
        ("La commune de Musson souhaite s'inscrire.", "Bibliothèque communale de Musson"),
        ("La commune de Musson s'inscrit à la plateforme proposée par l'intercommunale.", ""),
        ("C'est pour la commune de Musson.", ""),
        ("la commune de Musson", ""),
        ("je voudrais inscire la comune de musson", ""),
        ("La commune de Musson, province de Luxembourg, souhaite s'inscrire.", ""),
    ],
)
def test_an_authority_that_mentions_one_is_taken(text: str, signature: str) -> None:
    assert _institution(_read(text, signature)) == "Commune de Musson"


def test_a_body_signed_beside_its_authority_is_asked_about() -> None:
    read = _read("Je serai l'utilisateur.", "Bibliothèque communale\nCommune de Musson")
    assert (_institution(read), read.outside) == (None, "")


@pytest.mark.parametrize(
    ("text", "signature", "address"),
    [
        ("La commune de Neufchâteau s'inscrit.", "88300 Neufchâteau", "x@y.example"),
        ("La commune de Neufchâteau (Vosges) s'inscrit.", "", "x@y.example"),
        ("La commune de Neufchâteau s'inscrit.", "+33 3 29 00 00 88", "a@mairie-n.example"),
        ("Le maire de la commune de Habay s'inscrit.", "+33 3 29 00 00 88", "x@y.example"),
        ("La commune de Saint-Léger (Hainaut) s'inscrit.", "7730 Saint-Léger", "x@y.example"),
    ],
)
def test_a_namesake_elsewhere_is_outside(text: str, signature: str, address: str) -> None:
    read = _read(text, signature, address)
    assert (_institution(read), bool(read.outside), read.body) == (None, True, False)


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("La commune de Neufchâteau s'inscrit.", "Tél. +33 3 29 00 00 88"),
        ("La commune de Saint-Léger s'inscrit.", "7730 Saint-Léger"),
        ("La commune de Marbehan souhaite s'inscrire.", ""),
        ("Le CPAS d'Ethe souhaite s'inscrire.", ""),
        ("La commune et le CPAS de Saint-Hubert souhaitent s'inscrire.", ""),
        ("Nous souhaitons inscrire la commune et CPAS de Saint-Hubert", ""),
    ],
)
def test_what_is_in_doubt_is_asked(text: str, signature: str) -> None:
    read = _read(text, signature)
    assert (_institution(read), read.outside) == (None, "")
    assert read.candidates[0].stated


@pytest.mark.parametrize(
    "signature",
    ["6840 Neufchâteau", "B-6840 Neufchâteau\nGSM +352 621 000 000", "Tél. 061 00 00 88"],
)
def test_the_one_of_the_territory_is_taken(signature: str) -> None:
    read = _read("La commune de Neufchâteau s'inscrit.", signature)
    assert _institution(read) == "Commune de Neufchâteau"


def test_the_place_to_which_something_is_lent_is_another() -> None:
    read = _read("Nous voudrions prêter un ouvrier à Virton.", "Commune de Rouvroy")
    assert _institution(read) == "Commune de Rouvroy"


NAMED = [
    ("Utilisateur : jean dupont, jean.dupont@musson.example", "Jean Dupont"),
    ("utilisatrice designee helene d haene helene.dhaene@musson.example", "Helene D'Haene"),
    ("Notre utilisatrice sera marie petit (marie.petit@musson.example).", "Marie Petit"),
    ("Utilisateur : INPP Luc Renard", "Luc Renard"),
    ("Utilisatrice : CP Anne LEROY", "Anne Leroy"),
    ("Utilisatrice : Anne LEROY, CDP", "Anne Leroy"),
    ("Utilisateur : 1er inspecteur principal Luc Renard", "Luc Renard"),
    ("Utilisateur désigné : ir. Paul MARTIN", "Paul Martin"),
    ("Utilisateur : Dr Paul Martin", "Paul Martin"),
    ("Utilisatrice : Anne Leroy Directrice f.f.", "Anne Leroy"),
    ("Utilisateur : MARTIN, Paul", "Paul Martin"),
    ("Utilisateur : P. Martin", "P. Martin"),
    ("Utilisatrice : Mlle É. Zune", "É. Zune"),
    ("Utilisateur : Monsieur Luc DE SMET, agent", "Luc De Smet"),
    ("Utilisateur : VAN DEN BERGHE Marie-Ange", "Marie-Ange Van Den Berghe"),
]


@pytest.mark.parametrize(("words", "name"), NAMED, ids=[words for words, _ in NAMED])
def test_who_is_designated(words: str, name: str) -> None:
    read = _read(f"La commune de Musson s'inscrit. {words}")
    assert read.user is not None
    assert read.user.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Nous gérons les hôpitaux d'Arlon, de Marche et de Bastogne et souhaitons participer.",
        "La s.a. Constructions de Musson souhaite s'inscrire.",
        "Je suis un habitant de Musson et je voudrais m'inscrire.",
        "Les pompiers de Bastogne souhaitent s'inscrire.",
        "Le Gouverneur de la province de Luxembourg souhaite s'inscrire.",
    ],
)
def test_somebody_of_a_place_is_not_its_authority(text: str) -> None:
    assert _institution(_read(text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Après la présentation par la commune d'Etalle, la commune de Tellin s'inscrit.",
            "Tellin",
        ),
        ("Pour compte du CPAS de Tellin, je demande, depuis la commune de Gouvy, ceci.", "Tellin"),
        ("Het OCMW van Aarlen wenst zich in te schrijven.", "Arlon"),
        ("Die Gemeinde Attert möchte sich anmelden.", "Attert"),
    ],
)
def test_whose_registration_it_is(text: str, name: str) -> None:
    assert name in (_institution(_read(text)) or "")


def test_a_long_list_of_names_costs_little() -> None:
    assert _institution(_read("Musson, " * 2400)) in {None, "Commune de Musson"}


@pytest.mark.parametrize("name", ["Marie de Virton", "Sainte-Ode", "Famenne-Ardenne"])
def test_a_place_is_no_person(name: str) -> None:
    read = _read(f"La commune de Musson s'inscrit. Utilisateur : {name}")
    assert read.user is None


@pytest.mark.parametrize(
    "words",
    [
        "inscrire la Ville de Namur de toute urgence",
        "Nous souhaitons l'inscription de la Ville de Namur de manière provisoire",
        "Pourriez-vous inscrire la Ville de Namur de la part de notre Collège ?",
    ],
)
def test_a_small_word_behind_a_name_is_no_part_of_it(words: str) -> None:
    assert _read(words, "").outside == "Ville de Namur"
