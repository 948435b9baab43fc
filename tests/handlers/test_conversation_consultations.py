"""Low-value purchases: the estimate before anything else, and whom one asked, with the proof."""

from __future__ import annotations

import pytest

from storage.audit import AuditEntry
from storage.consultations import Asked, Consultation
from tests.handlers.conversation import Somebody, World

BEGIN = "mise en concurrence tablettes pour l'école, 8.000 € HTVA"


@pytest.fixture
def helene(world: World) -> Somebody:
    return world.helene()


def test_a_log_begins_with_an_estimate_below_the_threshold(world: World, helene: Somebody) -> None:
    said = helene.asks(BEGIN).text
    assert "n° 1" in said
    assert "sous le seuil" in said
    assert "Restent 3 fournisseurs" in said
    [log] = world.all(Consultation)
    assert (log.subject, log.estimate_cents) == ("tablettes pour l'école", 800_000)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("tablettes, 30.000 € HTVA", "est atteint"),
        ("nettoyage, 8.000 € HTVA par an pendant 4 ans", "est atteint"),
        ("nettoyage, 8.000 € HTVA par an", "combien de temps"),
        ("tablettes, 36.300 € TVAC", "est atteint"),
        ("tablettes", "quel montant"),
        ("8.000 € HTVA", "acheter quoi"),
    ],
)
def test_none_begins_without_or_above(
    world: World, helene: Somebody, words: str, told: str
) -> None:
    assert told in helene.asks(f"mise en concurrence {words}").text
    assert not world.count(Consultation)


def test_three_suppliers_with_their_mails_as_proof(world: World, helene: Somebody) -> None:
    helene.asks(BEGIN)
    first = helene.asks(
        "consulté 1 Civadis, offre 7.500 € HTVA",
        quoted="De : ventes@civadis.example\n\nNotre offre",
    )
    assert "offre 7.500,00 € HTVA (preuve gardée)" in first.text
    assert "Restent 2 fournisseurs" in first.text
    helene.attaches("consulté 1 Flag2000, offre 7.900 € HTVA", "offre.pdf", b"%PDF")
    last = helene.asks("consulté 1 Lestgocity, sans réponse")
    assert "Sans preuve pour Lestgocity" in last.text
    assert "à consulter" not in last.text
    shown = helene.got(helene.writes("mise en concurrence 1"))
    assert sum(one.files for one in shown) == 2
    assert "Lestgocity" in shown[0].text
    assert "3 fournisseurs consultés" in helene.asks("mise en concurrence").text
    actions = [one.action for one in world.all(AuditEntry)]
    assert actions.count("consultation.asked") == 3


def test_a_supplier_entered_twice_is_one_and_keeps_its_proof(
    world: World, helene: Somebody
) -> None:
    helene.asks(BEGIN)
    helene.attaches("consulté 1 Civadis", "demande.pdf", b"%PDF")
    said = helene.asks("consulté 1 CIVADIS, offre 7.500 € HTVA")
    assert "preuve gardée" in said.text
    [row] = world.all(Asked)
    assert row.offer_cents == 750_000


@pytest.mark.parametrize(
    "words", ["Civadis", "1", "1 Civadis, offre 7,500 €", "1 Civadis, offre 9.000 € TVAC", "9 X"]
)
def test_what_is_not_clear_is_asked_back(world: World, helene: Somebody, words: str) -> None:
    helene.asks(BEGIN)
    helene.asks(f"consulté {words}")
    assert not world.count(Asked)


def test_an_offer_at_the_threshold_is_warned_of(helene: Somebody) -> None:
    helene.asks(BEGIN)
    assert "atteint le seuil" in helene.asks("consulté 1 Civadis, offre 30.000 € HTVA").text


def test_each_institution_has_its_own(world: World, helene: Somebody) -> None:
    helene.asks(BEGIN)
    bruno = world.bruno()
    assert "Je ne trouve pas" in bruno.asks("mise en concurrence 1").text
    assert "n° 1" in bruno.asks(BEGIN).text


def test_a_stranger_has_none(world: World) -> None:
    world.stranger().asks(BEGIN)
    assert not world.count(Consultation)
