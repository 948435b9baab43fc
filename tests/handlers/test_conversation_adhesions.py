"""Joining a central whose manager accepts each adhesion, with its deed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from handlers.request import IncomingFile
from storage.files import StoredFile
from storage.purchasing import Adhesion, AdhesionRequest, Central
from tests.handlers.conversation import Said, Somebody, World, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
DEED = IncomingFile("deliberation-114.pdf", "application/pdf", b"%PDF-1.7 deed")


@pytest.fixture
def guarded(shop: World) -> World:
    """The sample as it is: the manager of Smart accepts who joins it."""
    shop.change(lambda s: s.execute(update(Central).values(joining="accepted")))
    return shop


@pytest.fixture
def helene(guarded: World) -> Somebody:
    """The user of Musson."""
    return guarded.helene()


def _file(session: Session, id_: int | None) -> bytes:
    return session.get_one(StoredFile, id_).content


def _asked(guarded: World, helene: Somebody, **other: object) -> tuple[Said, Said]:
    """The receipt of the member, and what the manager is asked."""
    said = helene.writes(ADHESION, **other)
    (receipt,), (asked,) = helene.got(said), guarded.smart.got(said)
    return receipt, asked


def test_a_manager_accepts_and_both_know(guarded: World, helene: Somebody) -> None:
    receipt, asked = _asked(guarded, helene, files=(DEED,))
    assert "doit l'accepter" in receipt.text
    assert "2026/114" in receipt.text
    assert "conservée" in receipt.text
    assert asked.files == 1
    assert guarded.count(Adhesion) == 0
    assert "0 sur 43" in guarded.stranger().asks("statistiques").text
    assert "attend l'accord" in helene.asks("commander e-guichet").text
    assert "attend l'accord" in helene.asks(ADHESION).text
    said = guarded.smart.answers(asked, "Oui, d'accord.")
    assert "est acceptée" in helene.got(said)[0].text
    assert "1 sur 43" in guarded.stranger("autre").asks("statistiques").text
    (joined,) = guarded.all(Adhesion)
    assert guarded.change(lambda s: _file(s, joined.deed_id)) == DEED.content
    assert "24.000" in helene.asks("commander e-guichet").text
    assert "déjà acceptée" in guarded.smart.replies(asked, "non").text
    assert guarded.count(Adhesion) == 1


def test_a_refusal_says_why_and_leaves_the_way_open(guarded: World, helene: Somebody) -> None:
    _receipt, asked = _asked(guarded, helene)
    assert "« non »" in guarded.smart.replies(asked, "Qui est-ce ?").text
    said = guarded.smart.answers(asked, "Non, la délibération n'est pas jointe.")
    (told,) = helene.got(said)
    assert "n'est pas acceptée" in told.text
    assert "la délibération n'est pas jointe" in told.text
    assert guarded.count(Adhesion) == 0
    assert "doit l'accepter" in helene.asks(ADHESION).text


def test_nobody_else_accepts(guarded: World, helene: Somebody) -> None:
    _receipt, asked = _asked(guarded, helene)
    number = guarded.all(AdhesionRequest)[0].id
    for who in (guarded.offices, helene, guarded.stranger()):
        who.answers(asked, "oui")
        who.writes(f"accepter l'adhésion {number}")
    assert guarded.count(Adhesion) == 0
    assert "Commune de Musson" in guarded.smart.asks("adhésions en attente").text
    assert "a adhéré" in guarded.smart.asks(f"accepter l'adhésion {number}").text
    assert "Aucune" in guarded.smart.asks("adhésions en attente").text


def test_what_waits_is_reminded_and_then_known_to_the_administrators(
    guarded: World, helene: Somebody
) -> None:
    _asked(guarded, helene)
    first = guarded.move_to(datetime(2026, 3, 27, 12, tzinfo=UTC))
    assert "Musson" in guarded.smart.got(first)[0].text
    assert to_administrators(first) == []
    last = guarded.move_to(datetime(2026, 4, 3, 12, tzinfo=UTC))
    assert "Musson" in to_administrators(last)[0].text
    guarded.smart.answers(guarded.smart.got(last)[0], "oui")
    assert guarded.count(Adhesion) == 1


def test_the_deed_can_follow_and_be_had_back(guarded: World, helene: Somebody) -> None:
    _asked(guarded, helene)
    assert "Aucune" in helene.asks("délibération Smart").text
    said = helene.writes("délibération Smart", files=(DEED,))
    assert guarded.smart.got(said)[0].files == 1
    guarded.smart.asks(f"accepter l'adhésion {guarded.all(AdhesionRequest)[0].id}")
    assert sum(one.files for one in helene.got(helene.writes("délibération Smart"))) == 1
    assert "n'a pas demandé" in guarded.bruno().asks("délibération Smart").text


def test_a_deed_that_came_with_half_a_letter_is_not_lost(guarded: World, helene: Somebody) -> None:
    letter = "Bonjour, notre Collège a décidé d'adhérer à la centrale Smart. Hélène Lambiotte"
    said = helene.writes(letter, files=(DEED,), subject="Adhésion centrale Smart")
    asked = helene.got(said)[-1]
    if guarded.channel == "mail":
        helene.answers(asked, "Décision du 9 mars 2026, réf. 2026/114")
        assert guarded.all(AdhesionRequest)[0].deed_id is not None


def test_a_request_can_be_taken_back(guarded: World, helene: Somebody) -> None:
    _receipt, asked = _asked(guarded, helene)
    said = helene.writes("quitter la centrale Smart")
    assert "est retirée" in helene.got(said)[0].text
    assert "retire sa demande" in guarded.smart.got(said)[0].text
    guarded.smart.answers(asked, "oui")
    assert guarded.count(Adhesion) == 0


def test_nobody_joins_in_the_name_of_another(shop: World) -> None:
    bruno = shop.bruno()
    told = bruno.asks(
        "Nous adhérons pour la commune de Rouvroy à la centrale Smart, décision du Collège du 9"
        " mars 2026, réf. 12.",
        subject="Adhésion",
    )
    assert "inscrit pour le CPAS de Rouvroy" in told.text
    assert shop.count(Adhesion) == 0
    bruno.asks("adhérer Smart, décision du Bureau permanent du 9 mars 2026, réf. 12")
    assert shop.count(Adhesion) == 1
