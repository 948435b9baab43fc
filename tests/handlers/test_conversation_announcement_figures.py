"""Demand against offer, over time, and who helps whom (acceptance B31, B36, B37, B44)."""

from __future__ import annotations

from datetime import date, timedelta

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
    assert "Aide donnée : 0" in _told(helene)


def test_help_counts_once_it_is_agreed_and_not_when_it_is_called_off(world: World) -> None:
    helene, bruno = _played(world)
    helene.answers(helene.asks("retenir A-1"), "oui")
    for asker, given, taken in ((bruno, 1, 0), (helene, 0, 1)):
        text = " ".join(one.text for one in asker.got(asker.writes("mon bilan")))
        assert f"Aide donnée : {given}" in text
        assert f"Aide reçue : {taken}" in text
        assert "personnel" in text
        assert f"Aide donnée : {given}" in _told(asker)
    administrators = " ".join(one.text for one in world.camille.writes("!bilan d'entraide"))
    assert "4.659" in administrators
    (header, *lines) = _file(world, "entraide.csv").decode("utf-8-sig").splitlines()
    assert "Donnée : personnel" in header
    assert len(lines) == 2
    bruno.asks("annuler l'accord A-1")
    assert "personnel" not in bruno.asks("mon bilan").text


def test_who_took_no_part_is_told_how_to(world: World) -> None:
    assert "demande …" in world.helene().asks("mon bilan").text


def test_years_are_told_beside_one_another(world: World) -> None:
    helene, bruno = _played(world)
    world.clock.move_to(date(2028, 2, 1))
    _published(helene, DEMAND.replace("2026", "2028"))
    text = " ".join(one.text for one in bruno.got(bruno.writes("demandes et offres par année")))
    for year in ("2026", "2027", "2028"):
        assert year in text
    assert _file(world, "annee.png").startswith(b"\x89PNG")
    lines = _file(world, "annee.csv").decode("utf-8-sig").splitlines()
    assert [line[:4] for line in lines[1:]] == ["2026", "2026", "2028"]
    assert "D'année en année" in _told(bruno)
    _told(bruno)


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
