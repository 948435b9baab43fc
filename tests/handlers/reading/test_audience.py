"""For whom an announcement is: who is named, described, left out, or limited unclearly."""

from __future__ import annotations

from collections import Counter

import pytest

from config.territory import load_territory
from handlers.reading.audience import Audience, find_audience

TERRITORY = load_territory("luxembourg_be")
OWN = {one.name: one for one in TERRITORY.authorities}
ALL, UNCLEAR = "all", "unclear"

OFFERS = [
    ("Nous prêtons notre bétonnière à tous les membres.", "Commune de Bouillon", ALL),
    ("Disponible en juin uniquement, le matin seulement.", "CPAS de Libin", ALL),
    ("Nous prêtons 3 lits, à retirer au CPAS de Musson.", "Commune de Musson", ALL),
    ("Nous proposons un cours, subsidié grâce à la Province.", "Commune de Musson", ALL),
    ("Prêt à tous les membres, sauf la semaine du 3 juin.", "Commune de Virton", ALL),
    ("La sono est à la disposition des communes.", "Commune de Virton", {"commune": 42}),
    ("Seuls les CPAS peuvent en profiter.", "CPAS de Virton", {"cpas": 42}),
    ("Prêt gratuit entre CPAS uniquement.", "CPAS de Virton", {"cpas": 42}),
    ("Prêt aux ZONES DE POLICE seulement.", "Zone de secours Luxembourg", {"zone_police": 6}),
    ("Elle peut être empruntée par d'autres communes.", "Commune de Virton", {"commune": 42}),
    (
        "Le car est à disposition des neuf communes de la zone (pas au-delà).",
        "Zone de police Semois et Lesse",
        {"commune": 9},
    ),
    (
        "La benne est à disposition des communes de notre zone de police.",
        "Commune de Virton",
        {"commune": 6},
    ),
    (
        "Nous offrons nos tables aux communes de Libin et de Tellin ainsi qu'à la Province.",
        "Commune de Wellin",
        {"commune": 2, "province": 1},
    ),
    (
        "Réservé aux CPAS des arrondissements de Bastogne et Marche-en-Famenne.",
        "Province de Luxembourg",
        {"cpas": 16},
    ),
    (
        "Prêt aux CPAS de l'arrondissement administratif de Neufchâteau uniquement.",
        "Province de Luxembourg",
        {"cpas": 12},
    ),
    (
        "Tout est remis en état, de sorte que les bancs qui suivent sont disponibles.",
        "Commune de Virton",
        ALL,
    ),
    (
        "Offre limitée aux communes de plus de 10.000 habitants.",
        "Province de Luxembourg",
        {"commune": 7},
    ),
    ("L'offre vaut pour toutes les communes sauf Arlon.", "Commune de Virton", {"commune": 41}),
    (
        "Nous pouvons la prêter à tous, sauf aux zones de police.",
        "Commune de Virton",
        {"commune": 42, "cpas": 43, "province": 1, "zone_secours": 1},
    ),
    (
        "Un juriste à disposition des communes. Priorité aux communes de moins de 4.000 habitants.",
        "Province de Luxembourg",
        {"commune": 43},
    ),
    ("Nur für Gemeinden.", "Commune de Virton", {"commune": 42}),
    ("We can lend it to municipalities only.", "Commune de Virton", {"commune": 42}),
    ("Nous l'offrons aux communes voisines.", "Commune de Virton", UNCLEAR),
    ("Nous offrons dix bureaux aux petites communes.", "Province de Luxembourg", UNCLEAR),
    ("C'est proposé aux communes du Pays de Bouillon.", "Commune de Virton", UNCLEAR),
    ("Ceci s'adresse aux CPAS et aux communes de moins de 5.000 habitants.", "Commune de Virton",
     UNCLEAR),
    ("Prêt aux CPAS et communes de Musson et Virton.", "Commune d'Arlon", UNCLEAR),
    ("Prêt aux communes avec lesquelles nous avons une convention.", "Commune de Virton", UNCLEAR),
    ("Réservé aux communes qui ont un hall des sports.", "Commune de Virton", UNCLEAR),
    ("Nous l'offrons aux communes qui le souhaitent.", "Commune de Virton", {"commune": 42}),
    ("Notre car est à disposition des asbl et des écoles.", "Commune de Virton", UNCLEAR),
    ("Uniquement celles de notre zone.", "Zone de police Gaume", UNCLEAR),
    ("Alleen voor de gemeenten van de politiezone.", "Commune de Virton", UNCLEAR),
]  # fmt: skip
DEMANDS = [
    ("Qui peut prêter une grue à la commune de Manhay ?", "Commune de Manhay", ALL),
    ("Une commune voisine pourrait-elle nous dépanner ?", "Commune de Virton", ALL),
    ("Pouvez-vous publier ceci auprès des autres CPAS ?", "CPAS de Tellin", {"cpas": 42}),
    ("Merci de n'envoyer ceci qu'aux CPAS.", "CPAS de Virton", {"cpas": 42}),
    (
        "À adresser à la Province uniquement, pas aux autres communes.",
        "Commune de Daverdisse",
        {"province": 1},
    ),
    (
        "Ne pas envoyer à la Province.",
        "Commune de Virton",
        {"commune": 42, "cpas": 43, "zone_police": 6, "zone_secours": 1},
    ),
    ("Merci de transmettre aux communes limitrophes.", "Commune de Virton", UNCLEAR),
]


def _told(found: Audience) -> object:
    if found.unclear:
        return UNCLEAR
    if found.institutions is None:
        return ALL
    return dict(Counter(str(one.type) for one in found.institutions))


@pytest.mark.parametrize(("text", "own", "meant"), OFFERS)
def test_whom_an_offer_is_for(text: str, own: str, meant: object) -> None:
    assert _told(find_audience(text, OWN[own], TERRITORY)) == meant


@pytest.mark.parametrize(("text", "own", "meant"), DEMANDS)
def test_whom_a_demand_is_for(text: str, own: str, meant: object) -> None:
    assert _told(find_audience(text, OWN[own], TERRITORY, offered=False)) == meant


def test_those_who_are_named_are_meant_and_nobody_else() -> None:
    text = "Nous la prêtons uniquement à la commune de Rouvroy et au CPAS de Musson."
    found = find_audience(text, OWN["Commune de Virton"], TERRITORY).institutions
    assert [one.name for one in found or ()] == ["Commune de Rouvroy", "CPAS de Musson"]


@pytest.mark.parametrize(
    "text",
    [
        "Uniquement pour les communes dans un rayon de 10 km.",
        "Nous prêtons une nacelle aux communes à moins de 10 km.",
        "Alleen voor de gemeenten binnen een straal van 10 km.",
    ],
)
def test_neighbours_are_those_within_a_distance(text: str) -> None:
    found = find_audience(text, OWN["Commune de Virton"], TERRITORY)
    assert {one.name for one in found.institutions or ()} == {
        "Commune de Meix-devant-Virton",
        "Commune de Musson",
        "Commune de Rouvroy",
        "Commune de Saint-Léger",
    }


def test_the_distance_of_something_else_limits_nobody() -> None:
    text = "Nous prêtons une remorque, pour les trajets dans un rayon de 50 km."
    assert find_audience(text, OWN["Commune de Virton"], TERRITORY) == Audience()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Nous souhaitons demander à la commune d'Etalle, et à elle, de nous prêter un car.",
            {"Commune d'Etalle"},
        ),
        (
            "Nous voulons demander à Virton, et seulement à elle, de nous prêter sa nacelle.",
            {"Commune de Virton"},
        ),
        (
            "La Province pourrait-elle nous prêter un juriste du 4 au 8 mai ?",
            {"Province de Luxembourg"},
        ),
        (
            "Bonjour, est-ce que la commune de Virton peut nous dépanner d'une nacelle ?",
            {"Commune de Virton"},
        ),
        (
            "Je voudrais demander au CPAS de Rouvroy s'il peut nous prêter sa camionnette.",
            {"CPAS de Rouvroy"},
        ),
        ("Nous cherchons une tente. Grâce à la Province nous avons les tables.", None),
        ("Suite à la demande de la Province, nous cherchons un juriste.", None),
        ("Nous demandons un coup de main du 4 au 8 mai.", None),
        ("Quelqu'un pourrait-il nous prêter une nacelle ?", None),
        ("Quelle commune pourrait nous prêter une nacelle ?", None),
        ("Une commune voisine pourrait-elle nous dépanner ?", None),
        ("Le CPAS de Rouvroy peut nous aider jusqu'au 12, ensuite nous cherchons un agent.", None),
        ("Nous devons demander aux riverains de partir et nous cherchons des barrières.", None),
    ],
)
def test_whom_a_demand_asks_reads_it_alone(text: str, names: set[str] | None) -> None:
    own = OWN["Commune de Musson"]
    found = find_audience(text, own, TERRITORY, offered=False)
    assert not found.unclear
    assert (found.institutions and {one.name for one in found.institutions}) == names


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Pourriez-vous demander aux CPAS de la région s'ils ont un assistant social ?", False),
        ("Nous demandons à la commune de Musso de nous prêter une tente.", False),
        ("Nous pouvons prêter notre balayeuse aux communes voisines.", True),
    ],
)
def test_whom_it_cannot_tell_it_asks_about(text: str, offered: bool) -> None:
    own = OWN["Commune de Musson"]
    assert find_audience(text, own, TERRITORY, offered=offered).unclear


def test_a_distance_may_be_told_shortly() -> None:
    own = OWN["CPAS de Rouvroy"]
    text = "Nous avons une pelleteuse disponible pour les communes voisines dans les 20 km."
    found = find_audience(text, own, TERRITORY)
    assert not found.unclear
    assert {one.name for one in found.institutions or ()} >= {
        "Commune de Virton",
        "Commune d'Etalle",
    }
    assert "Commune d'Arlon" not in {one.name for one in found.institutions or ()}
