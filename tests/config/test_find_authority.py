"""Which authority a typed name means."""

import pytest

from config.territory import Territory, load_territory


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory("luxembourg_be")


EXACT = [
    # accents, capitals, hyphens, apostrophes
    ("Commune d'Arlon", "Commune d'Arlon"),
    ("Commune d’Arlon", "Commune d'Arlon"),
    ("COMMUNE D ARLON", "Commune d'Arlon"),
    ("commune de neufchateau", "Commune de Neufchâteau"),
    ("Commune d'Érezée", "Commune d'Erezée"),
    ("commune de Meix devant Virton", "Commune de Meix-devant-Virton"),
    ("La commune de La Roche-en-Ardenne", "Commune de La Roche-en-Ardenne"),
    # type words
    ("Ville de Virton", "Commune de Virton"),
    ("la Ville de Durbuy", "Commune de Durbuy"),
    ("Administration communale de Bertrix", "Commune de Bertrix"),
    ("Administration communale Bertrix", "Commune de Bertrix"),
    ("AC Bertrix", "Commune de Bertrix"),
    ("A.C. de Bertrix", "Commune de Bertrix"),
    ("ADM COMM DE STE ODE", "Commune de Sainte-Ode"),
    ("Collège communal de Habay", "Commune de Habay"),
    ("Gemeente Aarlen", "Commune d'Arlon"),
    ("stad Bastenaken", "Commune de Bastogne"),
    ("CPAS de Wellin", "CPAS de Wellin"),
    ("C.P.A.S. de Wellin", "CPAS de Wellin"),
    ("cpas wellin", "CPAS de Wellin"),
    ("CPAS-Wellin", "CPAS de Wellin"),
    ("Wellin (CPAS)", "CPAS de Wellin"),
    ("Centre public d’action sociale de Tellin", "CPAS de Tellin"),
    ("OCMW Durbuy", "CPAS de Durbuy"),
    ("Zone de police Gaume", "Zone de police Gaume"),
    ("zone de police de Gaume", "Zone de police Gaume"),
    ("ZP Gaume", "Zone de police Gaume"),
    ("Police locale Famenne-Ardenne", "Zone de police Famenne-Ardenne"),
    ("ZP Centre-Ardenne", "Zone de police Centre Ardenne"),
    ("ZP Semois-Lesse", "Zone de police Semois et Lesse"),
    ("ZP Sud-Lux", "Zone de police Sud-Luxembourg"),
    (
        "zone de police Arlon, Attert, Habay et Martelange",
        "Zone de police Arlon/Attert/Habay/Martelange",
    ),
    ("Zone de secours Luxembourg", "Zone de secours Luxembourg"),
    ("zone de secours de la province de Luxembourg", "Zone de secours Luxembourg"),
    ("Province de Luxembourg", "Province de Luxembourg"),
    ("Province du Luxembourg", "Province de Luxembourg"),
    ("Collège provincial de Luxembourg", "Province de Luxembourg"),
    # abbreviations and other names
    ("Commune de St-Hubert", "Commune de Saint-Hubert"),
    ("Commune de St. Léger", "Commune de Saint-Léger"),
    ("Commune de Vaux s/ Sûre", "Commune de Vaux-sur-Sûre"),
    ("CPAS de Vaux-s/Sûre", "CPAS de Vaux-sur-Sûre"),
    ("Commune de Libramont", "Commune de Libramont-Chevigny"),
    ("Ville de La Roche", "Commune de La Roche-en-Ardenne"),
    ("CPAS de Laroche", "CPAS de La Roche-en-Ardenne"),
    ("Ville de Marche", "Commune de Marche-en-Famenne"),
    ("Commune de Bertogne", "Commune de Bastogne"),
    ("commune de Saint-Léger-en-Gaume", "Commune de Saint-Léger"),
    ("Commune de Libramontchevigny", "Commune de Libramont-Chevigny"),
    ("Commune de Léglise", "Commune de Léglise"),
]


@pytest.mark.parametrize(("typed", "name"), EXACT)
def test_with_its_type(territory: Territory, typed: str, name: str) -> None:
    best = territory.find(typed)[0]
    assert (best.authority.name, best.score) == (name, 1.0)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Bertrix", [("Commune de Bertrix", 0.9), ("CPAS de Bertrix", 0.6)]),
        ("ARLON", [("Commune d'Arlon", 0.9), ("CPAS d'Arlon", 0.6)]),
        ("6880 Bertrix", [("Commune de Bertrix", 0.9), ("CPAS de Bertrix", 0.6)]),
        ("HILUX", [("Zone de secours Luxembourg", 0.9)]),
        ("la Province", [("Province de Luxembourg", 0.9)]),
        ("zone de secours", [("Zone de secours Luxembourg", 0.9)]),
        ("Gaume", [("Zone de police Gaume", 0.7)]),
        ("Marche", [("Commune de Marche-en-Famenne", 0.7), ("CPAS de Marche-en-Famenne", 0.6)]),
        ("ZP Bertrix", [("Zone de police Semois et Lesse", 0.7)]),
        ("Luxembourg", [("Zone de secours Luxembourg", 0.6), ("Province de Luxembourg", 0.6)]),
    ],
)
def test_without_all_the_words(
    territory: Territory, typed: str, names: list[tuple[str, float]]
) -> None:
    assert [(match.authority.name, match.score) for match in territory.find(typed)] == names


@pytest.mark.parametrize(
    ("typed", "name", "score"),
    [
        ("Commune de Herbeumon", "Commune de Herbeumont", 0.9),
        ("Commune de Daverdise", "Commune de Daverdisse", 0.9),
        ("Commne de Bertrix", "Commune de Bertrix", 0.65),  # the type word is misspelt
        ("Comune de Bertrix", "Commune de Bertrix", 1.0),  # so often that it is known
        ("CPAS de Vielsam", "CPAS de Vielsalm", 0.9),
        ("Commune d'Arlom", "Commune d'Arlon", 0.9),
        ("Commune de Neufchateua", "Commune de Neufchâteau", 0.9),  # letters swapped
        ("Commune de Marche en Famène", "Commune de Marche-en-Famenne", 0.9),
        ("Commune de Libramont-Chevigni", "Commune de Libramont-Chevigny", 0.9),
        ("Zone de police Famene-Ardene", "Zone de police Famenne-Ardenne", 0.8),
        ("Bastogn", "Commune de Bastogne", 0.8),
        ("Tellim", "Commune de Tellin", 0.8),
        ("je vous écris de la commune de Bertrix, merci", "Commune de Bertrix", 0.8),
        ("Administration communale de Bertrix (service population)", "Commune de Bertrix", 0.8),
    ],
)
def test_misspelt_or_among_words(territory: Territory, typed: str, name: str, score: float) -> None:
    best = territory.find(typed)[0]
    assert (best.authority.name, best.score) == (name, score)


def test_ambiguous_typo_gives_both(territory: Territory) -> None:
    found = [match.authority.name for match in territory.find("Commune de Bassogne")]
    assert sorted(found) == ["Commune de Bastogne", "Commune de Nassogne"]


NOTHING = [
    "",
    "   ",
    "???",
    "commune",  # which one?
    "CPAS",
    "Commune de Namur",
    "CPAS de Ciney",
    "Ville de Luxembourg",  # the capital of the Grand-Duchy is no commune of the province
    "Commune de Rambrouch",
    "Administration communale de Rambrouch (Luxembourg)",
    "Commune de Steinfort",
    "Commune de Clervaux",
    "Ville d'Esch-sur-Alzette",
    "Commune de Pétange",
    "Administration communale de Beckerich",
    "Commune de Käerjeng",
    "Grand-Duché de Luxembourg",
    "Province de Namur",
    "Province de Liège",
    "Provincie Limburg",
    "Zone de secours Dinaphi",
    "Zone de police Haute Meuse",
    "Commune de Wellen",  # one letter from Wellin, and a real commune
    "Wellen",
    "Commune de Marche-les-Dames",
    "Commune de La Roche-sur-Yon",
    "Commune de La Louvière",
    "Commune de Gouy",
    "l'église",
    "Chine",
    "musique",
    "table",
    "attente",
    "Ans",
    "IDELUX",
    "ASBL Les Amis du Musée",
]


@pytest.mark.parametrize("typed", NOTHING)
def test_nothing(territory: Territory, typed: str) -> None:
    assert territory.find(typed) == []


def test_every_official_name_is_found(territory: Territory) -> None:
    for authority in territory.authorities:
        best = territory.find(authority.name)[0]
        assert (best.authority, best.score) == (authority, 1.0)
        assert territory.find(authority.name.upper())[0].authority == authority


def test_every_bare_commune_is_found(territory: Territory) -> None:
    for commune in territory.communes:
        best = territory.find(commune.name())[0].authority
        assert (best.type, best.code) == ("commune", commune.nis)
