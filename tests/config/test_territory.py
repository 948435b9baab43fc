"""A territory's data: what is in it, and what it was on a past date."""

import json
from datetime import date
from pathlib import Path

import pytest

from config import territory as module
from config.faults import ConfigurationError
from config.territory import AuthorityType, Territory, load_territory

NAME = "luxembourg_be"


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory(NAME)


@pytest.mark.parametrize(
    ("kind", "count"),
    [("commune", 43), ("cpas", 43), ("zone_police", 6), ("zone_secours", 1), ("province", 1)],
)
def test_authorities_by_type(territory: Territory, kind: str, count: int) -> None:
    assert sum(authority.type == kind for authority in territory.authorities) == count


def test_each_commune_has_its_authorities(territory: Territory) -> None:
    for commune in territory.communes:
        competent = [one.type for one in territory.authorities if commune.nis in one.communes_nis]
        assert sorted(competent) == sorted(AuthorityType), commune.name()


def test_wide_authorities_are_competent_everywhere(territory: Territory) -> None:
    province = territory.authority("province", "80000")
    assert set(province.communes_nis) == {commune.nis for commune in territory.communes}


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (date(2019, 12, 31), 44),
        (date(2024, 12, 31), 44),
        (date(2025, 1, 1), 43),
        (date(2030, 1, 1), 43),
    ],
)
def test_denominator(territory: Territory, on: date, count: int) -> None:
    assert territory.denominator(on) == count


def test_commune(territory: Territory) -> None:
    daverdisse = territory.commune("84016")
    assert (daverdisse.name(), daverdisse.population, daverdisse.arrondissement) == (
        "Daverdisse",
        1382,
        "Neufchâteau",
    )
    assert territory.population_date == date(2020, 1, 1)
    assert min(territory.communes, key=lambda commune: commune.population) == daverdisse


@pytest.mark.parametrize(
    ("nis", "language", "name"),
    [
        ("81001", "nl", "Aarlen"),
        ("81001", "de", "Arlon"),
        ("82039", "de", "Bastogne"),  # no German name: the French one
        ("85034", "de", "Saint-Léger"),  # without the parenthesis that tells namesakes apart
        ("82005", "fr", "Bastogne"),  # a former commune is the one it became
    ],
)
def test_commune_name(territory: Territory, nis: str, language: str, name: str) -> None:
    assert territory.commune(nis).name(language) == name


def test_commune_unknown(territory: Territory) -> None:
    with pytest.raises(KeyError):
        territory.commune("92094")


@pytest.mark.parametrize(
    ("code", "names"),
    [("6887", ["Herbeumont"]), ("6700", ["Arlon"]), ("5000", []), ("", []), ("688", [])],
)
def test_postal_code(territory: Territory, code: str, names: list[str]) -> None:
    assert [commune.name() for commune in territory.communes_at(code)] == names


def test_borders_are_there(territory: Territory) -> None:
    for path, count in ((territory.boundaries, 43), (territory.outline, 1)):
        assert len(json.loads(path.read_text(encoding="utf-8"))["features"]) == count
    assert "Statbel" in territory.attribution


def test_territory_is_read_once() -> None:
    assert load_territory(NAME) is load_territory(NAME)


def test_no_such_territory() -> None:
    with pytest.raises(ConfigurationError, match="one of: luxembourg_be"):
        load_territory("atlantis")


def test_territory_of_another_folder(tmp_path: Path) -> None:
    """Another territory is data only, and knows nothing of ours."""
    (tmp_path / "territory.toml").write_text(
        'name = "Namur"\nlabel = { fr = "la province de Namur" }\ncountry = "BE"\n'
        "population_date = 2020-01-01\n"
        'population_source = "Statbel"\nattribution = "Statbel"\n',
        encoding="utf-8",
    )
    (tmp_path / "aliases.toml").touch()
    (tmp_path / "communes.csv").write_text(
        "nis,name_fr,name_nl,name_de,arrondissement_nis,arrondissement_fr,postal_codes,"
        "main_postal_code,lat,lon,centroid_lat,centroid_lon,area_km2,population_2020,former_nis\n"
        "92094,Namur,Namen,Namür,92000,Namur,5000,5000,50.4,4.8,50.4,4.8,176,111432,\n",
        encoding="utf-8",
    )
    (tmp_path / "institutions.csv").write_text(
        "type,nom,nis_ou_code,communes_nis\ncommune,Commune de Namur,92094,92094\n"
        "province,Province de Namur,90000,90000\n",
        encoding="utf-8",
    )
    namur = load_territory(str(tmp_path))
    assert [match.authority.name for match in namur.find("Ville de Namur")] == ["Commune de Namur"]
    assert [match.authority.name for match in namur.find("la Province")] == ["Province de Namur"]
    assert namur.find("Commune d'Arlon") == []
    assert namur.denominator(date(2019, 1, 1)) == 1


def test_code_names_no_territory() -> None:
    """Acceptance row B22: what is particular to one territory is data."""
    for path in Path(module.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        code = [line for line in text.splitlines() if "luxembourg" in line.casefold()]
        assert all('"luxembourg_be"' in line for line in code), path.name
