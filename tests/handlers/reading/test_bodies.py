"""Bodies that are no authority, and namesakes elsewhere: never taken for the commune."""

from __future__ import annotations

from datetime import date

import pytest

from config.territory import AuthorityType, Territory, load_territory
from handlers.intents import Understanding, understand
from handlers.reading.dates import Fault, find_period
from handlers.reading.people import find_names

DAY = date(2026, 5, 5)
OWN = [
    "la fabrique d'église", "le club de tennis", "l'ASBL Sports et Loisirs",
    "la régie communale autonome", "le syndicat d'initiative", "la maison des jeunes",
    "le comité des fêtes", "le centre culturel", "l'agence immobilière sociale",
]  # fmt: skip
PARTS = ["la bibliothèque communale", "l'école communale", "la crèche", "le home", "l'académie"]


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory("luxembourg_be")


def read(territory: Territory, text: str, sender: str = "a.lejeune@poste.example") -> Understanding:
    return understand("Inscription", text, sender, "", DAY, territory)


def asking(who: str, signature: str = "") -> str:
    return (
        f"Bonjour,\n\nNous souhaitons inscrire {who} à votre plateforme. La personne désignée est"
        " Mme Anne Lejeune, a.lejeune@poste.example.\n\nBien à vous,\nAnne Lejeune\n" + signature
    )


def of(name: str) -> str:
    return f"d'{name}" if name[0] in "AEIOUÉ" else f"de {name}"


@pytest.mark.parametrize("body", OWN)
def test_a_legal_person_of_any_commune_is_refused(territory: Territory, body: str) -> None:
    for commune in territory.communes:
        found = read(territory, asking(f"{body} {of(commune.name_fr)}")).registration
        assert found.institution is None, commune.name_fr
        assert found.outside, commune.name_fr


@pytest.mark.parametrize("body", PARTS)
def test_a_service_of_any_commune_is_asked_about(territory: Territory, body: str) -> None:
    for commune in territory.communes:
        found = read(territory, asking(f"{body} {of(commune.name_fr)}")).registration
        assert (found.institution, found.outside) == (None, ""), commune.name_fr


@pytest.mark.parametrize("form", ["la commune {}", "la Ville {}", "l'administration communale {}"])
def test_every_commune_is_read_as_itself(territory: Territory, form: str) -> None:
    for commune in territory.communes:
        found = read(territory, asking(form.format(of(commune.name_fr)))).registration
        assert found.institution == territory.authority(AuthorityType.COMMUNE, commune.nis)


def test_every_cpas_is_read_as_itself(territory: Territory) -> None:
    for commune in territory.communes:
        found = read(territory, asking(f"le CPAS {of(commune.name_fr)}")).registration
        assert found.institution == territory.authority(AuthorityType.CPAS, commune.nis)


@pytest.mark.parametrize(
    "signature",
    [
        "Fabrique d'église de Tintigny", "Bibliothèque communale de Tintigny",
        "Tintigny Sports ASBL", "ASBL La Ruche, Tintigny",
    ],
)  # fmt: skip
def test_a_body_that_signs_is_not_the_commune_of_its_address(
    territory: Territory, signature: str
) -> None:
    text = asking("notre institution", signature)
    assert read(territory, text, "a.lejeune@tintigny.example").registration.institution is None


@pytest.mark.parametrize(
    "signature",
    [
        "Commune de Tintigny\nRue de l'Ecole 3\n6730 Tintigny",
        "Service Ecoles et crèches - Commune de Tintigny",
        "Échevine de l'Enseignement\nCommune de Tintigny",
    ],
)
def test_a_street_or_a_service_named_after_a_school_is_none(
    territory: Territory, signature: str
) -> None:
    found = read(territory, asking("notre institution", signature)).registration
    assert found.institution is not None
    assert found.institution.name == "Commune de Tintigny"


@pytest.mark.parametrize(
    "signature",
    [
        "Mairie de Saint-Léger\n06260 Saint-Léger (Alpes-Maritimes)",
        "Secrétariat de la mairie de Saint-Léger (Charente-Maritime)\nMonsieur le Maire",
        "Commune de Saint-Léger\n7536 Saint-Léger",
        "Commune de Saint-Léger\nTél. +33 4 93 00 00 00",
    ],
)
def test_a_namesake_elsewhere_is_refused(territory: Territory, signature: str) -> None:
    found = read(territory, asking("la commune de Saint-Léger", signature)).registration
    assert (found.institution, bool(found.outside)) == (None, True)


def test_the_commune_with_its_own_postal_code_is_no_namesake(territory: Territory) -> None:
    text = asking("la commune de Saint-Léger", "Commune de Saint-Léger\n6747 Saint-Léger")
    assert read(territory, text).registration.institution is not None


@pytest.mark.parametrize(
    ("text", "institution", "user"),
    [
        ("Bonjour,\nla commune de Meix-devant-Virton\n", "Commune de Meix-devant-Virton", None),
        (
            (
                "inscire la comune de leglise svp. utilisatrice designee zoe servais"
                " z.servais@leglise.example"
            ),
            "Commune de Léglise",
            "Zoe Servais",
        ),
        (
            (
                "bonjour je voudrais inscrire le cpas de bertrix la personne designee cest luc"
                " thiry luc.thiry@bertrix.example merci"
            ),
            "CPAS de Bertrix",
            "Luc Thiry",
        ),
    ],
)
def test_careless_writing_is_understood(
    territory: Territory, text: str, institution: str, user: str | None
) -> None:
    found = read(territory, text).registration
    assert found.institution is not None
    assert found.institution.name == institution
    assert (found.user.name if found.user else None) == user


@pytest.mark.parametrize(
    "day", ["le 40 décembre", "du 31 février", "du 40 mai au 3 juin", "le 31 avril 2027"]
)
def test_a_day_that_does_not_exist_is_no_month(day: str) -> None:
    period = find_period(f"Nous cherchons un camion {day}.", DAY)
    assert period is not None
    assert (period.start, period.end, period.faults) == (None, None, frozenset({Fault.NO_SUCH_DAY}))


def test_a_body_that_wishes_is_not_the_communes_that_founded_it(territory: Territory) -> None:
    text = (
        "Bonjour,\n\nL'agence de développement local (ASBL) créée par les communes de Bertrix et"
        " Libin souhaite s'inscrire. Personne désignée : Zoé Servais, zoe@agence.example."
    )
    found = read(territory, text).registration
    assert (found.institution, bool(found.outside)) == (None, True)


def test_a_body_that_only_told_of_the_platform_refuses_nobody(territory: Territory) -> None:
    text = (
        "Bonjour,\n\nLa bibliothèque de Bertrix nous a parlé de votre plateforme. La commune de"
        " Libin souhaite s'inscrire. Personne désignée : Zoé Servais, zoe@libin.example."
    )
    found = read(territory, text).registration
    assert found.institution is not None
    assert found.institution.name == "Commune de Libin"


LETTERS = [
    ("Fin de participation", "Le Collège a décidé de ne plus participer à la plateforme.", "leave"),
    ("", "Nous ne souhaitons plus faire partie de la plateforme.", "leave"),
    ("", "Merci de retirer notre commune de la liste des membres de la plateforme.", "leave"),
    ("Absence", "Mme Zoé Servais gérera la plateforme durant mes congés.", "deputy"),
    ("", "J'ai repris ses dossiers. Merci de me noter à sa place.", "change_user"),
    ("Contrat", "J'ai besoin de savoir quand le contrat se termine.", "order_status"),
    ("", "Pourriez-vous m'envoyer la liste actualisée des solutions ?", "catalogue"),
    (
        "",
        "Auriez-vous un modèle de convention, et me dire si on peut l'adapter ?",
        "template_request",
    ),
    ("", "Veuillez acter la commande suivante : e-guichet, 7.000 EUR HTVA.", "order"),
    (
        "Commande 2026/118",
        "Application : 5.000 € HTVA\nTotal : 5.000 € HTVA, 6.050 € TVAC\nMarché de 4 ans.",
        "order",
    ),
    ("Podium", "Concerne : podium 6 x 4 m. À diffuser à tous svp.", "announcement"),
    ("Promotion", "Sièges à 89 €. Vous recevez cet e-mail car vous êtes abonné.", "bulk"),
    ("Sale", "Chairs. You are receiving this email because you subscribed.", "bulk"),
    ("Actie", "Stoelen. U ontvangt deze mail omdat u klant bent.", "bulk"),
    ("Question", "Votre commande est-elle plus chère : 5.000 € HTVA ou 6.050 € TVAC ?", None),
    ("", "Nous ne souhaitons plus recevoir de papier.", None),
]


@pytest.mark.parametrize(("subject", "text", "intent"), LETTERS)
def test_what_a_letter_wants(
    territory: Territory, subject: str, text: str, intent: str | None
) -> None:
    found = understand(subject, text, "z@libin.example", "", DAY, territory).intent.value
    if intent is None:
        assert found in {"question", "order_status"}
    else:
        assert found == intent


@pytest.mark.parametrize("text", ["L'INPP Zoé Servais gère", "HINP Zoé Servais", "Zoé Servais CP"])
def test_a_rank_is_no_part_of_a_name(text: str) -> None:
    assert [name.name for name in find_names(text)] == ["Zoé Servais"]
