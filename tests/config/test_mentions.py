"""Which authorities a free text mentions, and where."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.territory import Territory, load_territory


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory("luxembourg_be")


def read(territory: Territory, text: str) -> list[tuple[str, str]]:
    return [
        (text[mention.start : mention.end], mention.authority.name)
        for mention in territory.mentions(text)
    ]


TYPED = [
    (
        "La commune de Herbeumont désire participer.",
        "commune de Herbeumont",
        "Commune de Herbeumont",
    ),
    ("pour la Ville de Saint-Hubert. Je", "Ville de Saint-Hubert", "Commune de Saint-Hubert"),
    ("confirmer à ma place pour la Ville de Virton", "Ville de Virton", "Commune de Virton"),
    (
        "Administration communale\nde Bertrix",
        "Administration communale\nde Bertrix",
        "Commune de Bertrix",
    ),
    ("> pour la commune de\n> Tellin, svp", "commune de\n> Tellin", "Commune de Tellin"),
    ("prêter au CPAS de Wellin un lave-vaisselle", "CPAS de Wellin", "CPAS de Wellin"),
    ("le C.P.A.S. d’Etalle", "C.P.A.S. d’Etalle", "CPAS d'Etalle"),
    ("Secrétaire - CPAS Libramont", "CPAS Libramont", "CPAS de Libramont-Chevigny"),
    ("Bertrix - CPAS", "Bertrix - CPAS", "CPAS de Bertrix"),
    ("CPAS (Bertrix)", "CPAS (Bertrix", "CPAS de Bertrix"),
    (
        "Notre zone de police (Semois et Lesse) peut",
        "zone de police (Semois et Lesse",
        "Zone de police Semois et Lesse",
    ),
    ("1. Administration ..... : Ville de Bouillon", "Ville de Bouillon", "Commune de Bouillon"),
    ("ADM COMM DE STE ODE", "ADM COMM DE STE ODE", "Commune de Sainte-Ode"),
    (
        "décision du Conseil communal de Hotton du 28 avril",
        "Conseil communal de Hotton",
        "Commune de Hotton",
    ),
    (
        "la commune de La Roche-en-Ardenne",
        "commune de La Roche-en-Ardenne",
        "Commune de La Roche-en-Ardenne",
    ),
    ("la ville de Marche achète", "ville de Marche", "Commune de Marche-en-Famenne"),
    ("la commune de vielsam", "commune de vielsam", "Commune de Vielsalm"),
    ("Service d'appui\nProvince de Luxembourg", "Province de Luxembourg", "Province de Luxembourg"),
    ("la zone de secours Luxembourg", "zone de secours Luxembourg", "Zone de secours Luxembourg"),
    ("Rue du Commerce 14, Commune de Libin", "Commune de Libin", "Commune de Libin"),
]


@pytest.mark.parametrize(("text", "words", "name"), TYPED)
def test_with_a_type_word(territory: Territory, text: str, words: str, name: str) -> None:
    assert read(territory, text) == [(words, name)]
    (mention,) = territory.mentions(text)
    assert mention.explicit_type
    assert mention.named


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Aubange et Habay ont commandé", ["Commune d'Aubange", "Commune de Habay"]),
        ("Inscription Libin", ["Commune de Libin"]),
        ("Enlèvement au poste de Paliseul, sur rendez-vous", ["Commune de Paliseul"]),
        ("Arlon/Attert", ["Commune d'Arlon", "Commune d'Attert"]),
        ("Bouillon et virton", ["Commune de Bouillon", "Commune de Virton"]),
        ("Bertogne", ["Commune de Bastogne"]),
        ("l'intervention de HILUX", ["Zone de secours Luxembourg"]),
        ("« Bertrix en poche »", ["Commune de Bertrix"]),
        ("Meix-devant-Virton", ["Commune de Meix-devant-Virton"]),
    ],
)
def test_without_a_type_word(territory: Territory, text: str, names: list[str]) -> None:
    mentions = territory.mentions(text)
    assert [mention.authority.name for mention in mentions] == names
    assert not any(mention.explicit_type for mention in mentions)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("les CPAS de Hotton et de Rendeux", ["CPAS de Hotton", "CPAS de Rendeux"]),
        (
            "le CPAS de Hotton, Rendeux et Durbuy",
            ["CPAS de Hotton", "CPAS de Rendeux", "CPAS de Durbuy"],
        ),
        ("le CPAS de Hotton et la commune de Rendeux", ["CPAS de Hotton", "Commune de Rendeux"]),
        ("le CPAS de Hotton. Rendeux suivra", ["CPAS de Hotton", "Commune de Rendeux"]),
        ("le CPAS de Hotton aide Rendeux", ["CPAS de Hotton", "Commune de Rendeux"]),
        ("commune et CPAS de Bertrix", ["Commune de Bertrix", "CPAS de Bertrix"]),
        ("la commune et le CPAS de Bertrix", ["Commune de Bertrix", "CPAS de Bertrix"]),
    ],
)
def test_several(territory: Territory, text: str, names: list[str]) -> None:
    assert [mention.authority.name for mention in territory.mentions(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Notre CPAS souhaite s'inscrire.\nCommune de Bertrix", "CPAS de Bertrix"),
        ("Notre commune... \nCPAS de Bertrix", "Commune de Bertrix"),
        ("notre zone de police aide Bertrix", "Zone de police Semois et Lesse"),
        ("la Province peut détacher un agent", "Province de Luxembourg"),
        ("l'administration communale de chez nous, à Bertrix", "Commune de Bertrix"),
    ],
)
def test_a_type_word_alone_is_read_with_the_rest(
    territory: Territory, text: str, name: str
) -> None:
    implied = [mention for mention in territory.mentions(text) if not mention.named]
    assert [mention.authority.name for mention in implied] == [name]
    assert implied[0].explicit_type


@pytest.mark.parametrize(
    "text",
    [
        "notre CPAS souhaite s'inscrire",  # whose?
        "notre CPAS, entre Bertrix et Arlon, souhaite s'inscrire",  # one of two
        "les communes de la région",
        "en ville",
    ],
)
def test_a_type_word_alone_stays_open(territory: Territory, text: str) -> None:
    assert [mention for mention in territory.mentions(text) if not mention.named] == []


def test_types(territory: Territory) -> None:
    text = "Notre CPAS et la Province ; le CPAS de Bertrix, le CPAS de Reims, [ ] CPAS"
    found = [(text[one.start : one.end], one.type.value) for one in territory.types(text)]
    assert found == [("CPAS", "cpas"), ("Province", "province")]


NOTHING = [
    # streets and addresses
    "Rue de Florenville 18",
    "Rue de Florenville 18 – 6887 Herbeumont",
    "18, rue de Florenville",
    "RUE DE FLORENVILLE 18 6887 HERBEUMONT",
    "rue de florenville 18",
    "route d'Arlon",
    "chaussée de Marche",
    "avenue de la Ville de Virton 3",
    "Place communale 4 - 6750 MUSSON - Tél. 063/00.00.00",
    "la place de Bastogne",
    "Grand-Rue d’Etalle",
    "rue du Vieux Chemin d'Arlon 3",
    "Grand-Place 1, Bastogne",
    "B-6600 Bastogne",
    "bd de Neufchâteau",
    # machine names
    "info@musson.example",
    "n.warzee(at)herbeumont.example",
    "https://www.bertrix.example/arlon",
    "www.durbuy.example",
    "cpas-durbuy.example",
    # elsewhere
    "la commune de Namur",
    "Province de Namur",
    "Provincie Limburg – Universiteitslaan 1",
    "L'administration communale de Rambrouch (Luxembourg)",
    "Ville de Luxembourg",
    "Grand-Duché de Luxembourg",
    "Marche-les-Dames",
    "Habay-la-Neuve",
    "le train Namur-Arlon",
    # ordinary words
    "le marché public et la marche à suivre",
    "la roche et l'église",
    "un bouillon de poule",
    "CPAS, marche à suivre",
    "la Gaume en fête",
    "au Luxembourg",
    "Madame Libin, M. Bastogne",
    "",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(territory: Territory, text: str) -> None:
    assert read(territory, text) == []


def test_signature(territory: Territory) -> None:
    text = (
        "Noémie Warzée\nAgente technique en chef – Cadre de vie\n"
        "Administration communale de Herbeumont\nRue de Florenville 18 – 6887 Herbeumont\n"
        "T 061/05.14.20 – n.warzee@herbeumont.example\n"
    )
    assert read(territory, text) == [
        ("Administration communale de Herbeumont", "Commune de Herbeumont")
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "commune",
                "de",
                "d'",
                "CPAS",
                "Arlon",
                "Marche",
                "-",
                ",",
                "\n",
                " ",
                "et",
                "rue",
                "12",
                "(",
                "6700",
                "La",
                "Roche",
                "en",
                "Ardenne",
                "province",
                "Luxembourg",
                "@",
                "notre",
                "xxxxx",
                "Bertrx",
            ]
        ),
        max_size=30,
    )
)
def test_any_text_is_read(pieces: list[str]) -> None:
    """Mentions are in order, do not overlap, and lie within the text."""
    text = " ".join(pieces)
    end = 0
    for mention in load_territory("luxembourg_be").mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@pytest.mark.parametrize(
    "piece",
    ["a", "a@", ".a", "commune de xxxxxxx ", "rue de la ", "la commune ", "Arlon-", "saint \n"],
)
def test_a_hostile_text_costs_little(territory: Territory, piece: str) -> None:
    started = time.perf_counter()
    territory.mentions(piece * 50_000)
    territory.find(piece * 50_000)
    assert time.perf_counter() - started < 5
