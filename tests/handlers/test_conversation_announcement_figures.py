"""Demand against offer, over time, and who helps whom (acceptance B31, B36, B37, B44)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from storage.files import StoredFile
from tests.handlers.conversation import Said, Somebody, World

DEMAND = "demande un agent pour le service population, du 4 au 29 mai 2026, service bloqué"
OFFER = "offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"


def _published(somebody: Somebody, words: str) -> list[Said]:
    return somebody.answers(somebody.asks(words), "oui")


def _played(world: World) -> tuple[Somebody, Somebody]:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene, DEMAND))
    world.clock.move(timedelta(hours=3))
    bruno.answers(broadcast, "Nous avons quelqu'un trois jours.")
    bruno.answers(broadcast, "Et une voiture.")
    _published(helene, OFFER)
    _published(helene, DEMAND.replace("population", "finances"))
    helene.asks("sans suite A-3")
    return helene, bruno


def _file(world: World, ending: str) -> bytes:
    def newest(session: Session) -> bytes:
        rows = session.query(StoredFile).order_by(StoredFile.id.desc())
        return next(row.content for row in rows if row.name.endswith(ending))

    return world.change(newest)


def _told(somebody: Somebody) -> str:
    said = somebody.writes("demandes et offres")
    return " ".join(one.text for one in somebody.got(said))


def test_the_figures_agree_with_the_announcements(world: World) -> None:
    helene, bruno = _played(world)
    text = _told(bruno)
    assert "2 demandes" in text
    assert "1 offre" in text
    assert "3 heures" in text
    assert "1 sur 3 ont été répondues" in text
    assert "Aide proposée à d'autres : 1" in text
    assert "Aide proposée par d'autres : 1" in _told(helene)


def test_they_come_as_a_picture_and_as_a_file(world: World) -> None:
    _helene, bruno = _played(world)
    _told(bruno)
    assert _file(world, ".png").startswith(b"\x89PNG")
    lines = _file(world, ".csv").decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "Sans suite" in lines[3]


def test_an_administrator_sees_every_institution(world: World) -> None:
    _played(world)
    text = " ".join(one.text for one in world.camille.writes("!demandes et offres"))
    assert "Rouvroy" in text
    assert "Musson" in text


def test_a_year_without_any(world: World) -> None:
    assert "Aucune annonce" in world.helene().asks("demandes et offres 2024").text
