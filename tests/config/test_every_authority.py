"""Every authority of the territory in the forms in which people write it: itself, nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from config.territory import Authority, load_territory

TERRITORY = load_territory("luxembourg_be")
WORDS = {
    "commune": (
        "Commune", "la commune", "Ville", "Administration communale", "A.C.", "AC",
        "Collège communal", "Adm. communale", "Comune", "Administration comunale",
    ),
    "cpas": (
        "CPAS", "C.P.A.S.", "le CPAS", "Centre public d'action sociale",
        "Centre Public d’Action Sociale", "Centre public d'action social",
    ),
    "zone_police": ("Zone de police", "ZP", "Z.P.", "Police locale", "zone de polise"),
    "zone_secours": ("Zone de secours",),
    "province": ("Province",),
}  # fmt: skip
OFFICIAL = {
    "commune": "Commune",
    "cpas": "CPAS",
    "zone_police": "Zone de police",
    "zone_secours": "Zone de secours",
    "province": "Province",
}


def _plain(text: str) -> str:
    parted = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _forms(authority: Authority) -> Iterator[str]:
    name = authority.name.removeprefix(OFFICIAL[authority.type])
    for words in WORDS[authority.type]:
        form = f"{words}{name}"
        yield from (form, _plain(form), form.upper(), _plain(form).lower(), form.replace("-", " "))


@pytest.mark.parametrize("authority", TERRITORY.authorities, ids=lambda one: one.name)
def test_an_authority_is_read_as_itself(authority: Authority) -> None:
    for form in _forms(authority):
        read = {one.authority for one in TERRITORY.mentions(f"Bonjour, {form} désire participer.")}
        assert read == {authority}, form
        assert TERRITORY.find(form)[0].authority == authority, form


BODIES = (
    "la fabrique d'église {}", "la fabrique d'église Saint-Martin {}", "l'église protestante {}",
    "la bibliothèque communale {}", "la Bibliothèque Publique Locale {}",
    "les écoles communales {}",
    "l'École communale {}", "le club de pétanque {}", "le Tennis Club {}", "l'ASBL Les Amis {}",
    "la régie communale autonome {}", "l'académie de musique {}", "la crèche communale {}",
    "l'Office du Tourisme {}", "le syndicat d'initiative {}", "les habitations sociales {}",
    "la maison de repos {}", "le centre culturel {}", "le comité des fêtes {}",
    "la maison des jeunes {}", "le hall omnisports {}", "l'association des commerçants {}",
    "LA BIBLIOTHEQUE COMMUNALE {}", "la bibliotheque comunale {}",
)  # fmt: skip


@pytest.mark.parametrize("wording", BODIES)
def test_a_body_is_never_the_authority_whose_name_it_bears(wording: str) -> None:
    for commune in (one for one in TERRITORY.authorities if one.type == "commune"):
        named = wording.format(commune.name.removeprefix("Commune "))
        assert TERRITORY.mentions(f"Bonjour, {named} souhaite participer.") == [], named
        assert len(TERRITORY.bodies(named)) == 1, named
        assert TERRITORY.find(named) == [], named


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Musson Animation ASBL souhaite", "Musson Animation ASBL"),
        ("Royal Musson FC", "Musson FC"),
        ("école de la commune de Tellin", "école de la commune de Tellin"),
        ("La commune de Musson", None),
        ("Le Conseil communal de Musson", None),
        ("Rue de l'École 4", None),
        ("Virton, sa piscine", "piscine"),
    ],
)
def test_where_a_body_ends(text: str, body: str | None) -> None:
    assert [text[one.start : one.end] for one in TERRITORY.bodies(text)] == ([body] if body else [])


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("6840 Neufchâteau", True),
        ("B-6840 NEUFCHATEAU", True),
        ("88300 Neufchâteau", False),
        ("F-88300 Neufchâteau", False),
        ("7730 Saint-Léger", False),
        ("6747 Saint-Léger", True),
    ],
)
def test_a_postal_code_tells_namesakes_apart(text: str, fits: bool) -> None:
    assert [spot.fits for spot in TERRITORY.located(text)] == [fits]


def test_a_village_is_in_a_commune() -> None:
    commune = TERRITORY.commune_of("marbehan")
    assert commune is not None
    assert commune.name_fr == "Habay"
    assert TERRITORY.commune_of("Namur") is None


def test_every_village_is_in_a_commune_and_is_none() -> None:
    communes = {one.nis for one in TERRITORY.communes}
    for name, nis in TERRITORY.localities.items():
        assert nis in communes, name
        found = [match.authority for match in TERRITORY.find(f"commune de {name}")]
        assert all(one.code == nis for one in found), name


def test_hostile_text_costs_no_more_than_its_length() -> None:
    for text in ("ASBL " * 8000, "école de " * 5000, "6840 " * 9000, "Musson " * 7000):
        TERRITORY.bodies(text)
        TERRITORY.located(text)
