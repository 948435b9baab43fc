"""The content a platform starts with: the sample, and how faults are told."""

from pathlib import Path

import pytest

from config import content as module
from config.content import Content, read_content
from config.faults import ConfigurationError
from config.folding import fold

SAMPLE = Path(module.__file__).parent / "content" / "sample"
CENTRAL = """
[[central]]
slug = "c"
name = "C"
operator = "O"
operator_type = "province"
contracting_authority = "O"
"""
SOLUTION = """
[[solution]]
slug = "s"
central = "c"
name = "S"
supplier = "F"
summary = "Une phrase."
prices = [{ label = "forfait", unit_cents = 100 }]
"""


@pytest.fixture(scope="module")
def sample() -> Content:
    return read_content(SAMPLE)


def test_sample_has_ten_solutions(sample: Content) -> None:
    assert len(sample.solutions) == 10
    assert {solution.central for solution in sample.solutions} == {"smart"}
    assert len({solution.name for solution in sample.solutions}) == 10


def test_sample_central_smart(sample: Content) -> None:
    smart = sample.centrals[0]
    assert (smart.name, smart.operator, smart.operator_type) == (
        "Smart",
        "IDELUX Projets publics",
        "intercommunale",
    )
    assert (smart.launched, smart.version, smart.award_days, smart.contract_years) == (
        "2019-01",
        "1.0",
        20,
        4,
    )
    for words in (
        "faciliter l’accès des pouvoirs publics aux solutions numériques",
        "a lancé en janvier 2019 une centrale d’achats Smart",
        "Une première en Wallonie",
    ):
        assert words in smart.presentation
    assert not smart.presentation.endswith("\n")


def test_sample_names_the_province_where_it_is_the_contracting_authority(sample: Content) -> None:
    provincial = [
        central.slug
        for central in sample.centrals
        if central.contracting_authority == "Province de Luxembourg"
    ]
    assert provincial == ["fournitures-de-bureau", "energie", "sel-de-deneigement"]


@pytest.mark.parametrize(
    ("slug", "supplier"), [("incivilites", "BetterStreet"), ("budget-participatif", "Fluicity")]
)
def test_sample_suppliers_that_are_known(sample: Content, slug: str, supplier: str) -> None:
    assert {one.supplier for one in sample.solutions if one.slug == slug} == {supplier}


def test_sample_uses_the_five_suppliers(sample: Content) -> None:
    assert {solution.supplier for solution in sample.solutions} == {
        "Fluicity",
        "Flag2000",
        "Lestgocity",
        "BetterStreet",
        "Civadis",
    }


def test_sample_aliases_mean_one_solution_each(sample: Content) -> None:
    owners: dict[str, str] = {}
    for solution in sample.solutions:
        for name in {fold(name) for name in (solution.name, *solution.aliases)}:
            assert owners.setdefault(name, solution.slug) == solution.slug, name


def test_sample_price_of_the_e_guichet(sample: Content) -> None:
    price = sample.solutions[0].prices[0]
    assert (price.label, price.unit_cents) == ("moins de 5.000 habitants", 24_000_00)
    assert sample.solutions[0].vat_basis_points == 2100


def faults(tmp_path: Path, centrals: str, solutions: str) -> list[str]:
    (tmp_path / "centrals.toml").write_text(centrals, encoding="utf-8")
    (tmp_path / "solutions.toml").write_text(solutions, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_content(tmp_path)
    return str(caught.value).splitlines()


def test_the_smallest_content(tmp_path: Path) -> None:
    (tmp_path / "centrals.toml").write_text(CENTRAL, encoding="utf-8")
    (tmp_path / "solutions.toml").write_text(SOLUTION, encoding="utf-8")
    content = read_content(tmp_path)
    assert content.centrals[0].public
    assert content.solutions[0].prices[0].unit_cents == 100


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "unit_cents = 100",
            'unit_cents = "24.000"',
            (
                'solutions.toml: solution "s": prices[1].unit_cents: '
                'expected an amount in cents above 0 (2400000 is 24 000 €), got "24.000"'
            ),
        ),
        (
            'label = "forfait", ',
            "",
            'solutions.toml: solution "s": prices[1].label: missing; expected for whom or what',
        ),
        (
            'supplier = "F"',
            'suplier = "F"',
            'solutions.toml: solution "s": supplier: missing; expected the name of the supplier',
        ),
        (
            'supplier = "F"',
            'suplier = "F"',
            'solutions.toml: solution "s": suplier: not a known key; did you mean "supplier"?',
        ),
        (
            'central = "c"',
            'central = "d"',
            'solutions.toml: solution "s": central: expected one of: c, got "d"',
        ),
        (
            'slug = "s"\n',
            "",
            "solutions.toml: solution number 1: slug: missing; expected a short name of small",
        ),
        ("[[solution]]", "[[solutions]]", "solutions.toml: [[solution]]: missing;"),
        ("[[solution]]", "[[solutions]]", "solutions.toml: solutions: not a known key; each entry"),
        ("[[solution]]", "solution = [3]\n[x]", "solutions.toml: solution number 1: expected"),
    ],
)
def test_fault_names_file_entry_and_key(tmp_path: Path, old: str, new: str, line: str) -> None:
    found = faults(tmp_path, CENTRAL, SOLUTION.replace(old, new))
    assert [one for one in found if one.startswith(line)], found


def test_faults_of_both_files_together(tmp_path: Path) -> None:
    central = CENTRAL.replace('"province"', '"association"') + 'launched = "janvier"\n'
    found = faults(tmp_path, central, SOLUTION.replace("100", "0"))
    assert [line.split(": expected")[0] for line in found] == [
        'centrals.toml: central "c": operator_type',
        'centrals.toml: central "c": launched',
        'solutions.toml: solution "s": prices[1].unit_cents',
    ]


def test_repeated_slug(tmp_path: Path) -> None:
    assert faults(tmp_path, CENTRAL, SOLUTION * 2) == [
        'solutions.toml: slug: expected each slug once, got "s" 2 times'
    ]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"solutions\.toml: expected a readable TOML file"):
        read_content(tmp_path)
