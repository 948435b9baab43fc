"""Surveys: asked by an administrator, answered in the poll, in words or by number, counted once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import Kind, Place
from storage.files import StoredFile
from storage.purchasing import Central
from storage.surveys import Ballot, Survey
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World, in_members_room

DAYS = "sondage Quel jour vous convient ? mardi / jeudi / les deux"
in_chat = pytest.mark.parametrize("channel", [MATRIX])


def posted(world: World, words: str = DAYS) -> list[Said]:
    """A survey that its author had sent; everything that was said then."""
    shown = world.camille.asks(words)
    assert "Rien n'est envoyé" in shown.text
    assert not [one for one in world.said if one.action == "poll"]
    return world.camille.reacts(shown, "✅")


def poll_in(said: list[Said]) -> Said:
    return next(one for one in said if one.action == "poll")


def votes(who: Somebody, poll: Said, *words: str) -> list[Said]:
    """They choose in a poll."""
    return who.writes("\n".join(words), kind=Kind.VOTE, answers=(poll.external_id,))


def outcome(world: World) -> dict[str, int]:
    """What the administrators are shown, by answer."""
    said = world.camille.writes("résultats S-1")
    rows = said[0].row.payload["content"]["formatted_body"].split("<tr><td>")[1:]
    cells = (row.split("</td>")[0:2] for row in rows)
    return {first: int(second.removeprefix("<td>")) for first, second in cells}


def test_every_member_gets_it_once(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = posted(world)
    (mail,) = bruno.got(said)
    assert "« 2 » : jeudi" in mail.text
    poll = poll_in(said)
    assert poll.destination == "room:members"
    assert poll.row.payload["type"] == "org.matrix.msc3381.poll.start"
    # Who reads the members' room needs no other message.
    assert len(helene.got(said)) == (1 if helene.channel == MAIL else 0)
    # Programs without polls show the same in words.
    assert any("2. jeudi" in one.text for one in in_members_room(said) if one.action == "message")


def test_either_way_gives_the_same_result(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = posted(world)
    if world.channel == MATRIX:
        assert votes(helene.elsewhere(Place.MEMBERS), poll_in(said), "1") == []
    else:
        assert "Noté" in helene.replies(helene.got(said)[0], "1").text
    told = bruno.replies(bruno.got(said)[0], "jeudi, mais pas avant dix heures\n\nBruno Wéry")
    assert "aucun choix" in told.text
    told = bruno.replies(bruno.got(said)[0], "Jeudi, merci")
    assert "**" not in told.text
    assert "jeudi" in told.text
    assert outcome(world) == {"mardi": 1, "jeudi": 1, "les deux": 0}


def test_the_last_answer_of_an_institution_counts(world: World) -> None:
    helene = world.helene()
    posted(world)
    helene.writes("voter S-1 1")
    told = helene.asks("voter S-1 jeudi")
    assert "d'avant ne compte plus" in told.text
    assert outcome(world) == {"mardi": 0, "jeudi": 1, "les deux": 0}
    assert len(world.all(Ballot)) == 2


@in_chat
def test_votes_in_a_poll(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    poll = poll_in(posted(world))
    votes(helene, poll, "1")
    votes(helene, poll, "2", "3")
    assert outcome(world) == {"mardi": 0, "jeudi": 1, "les deux": 0}
    # An empty vote takes the answer back.
    votes(helene, poll)
    assert outcome(world) == {"mardi": 0, "jeudi": 0, "les deux": 0}


@in_chat
def test_a_vote_that_is_removed_is_not_counted(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    poll = poll_in(posted(world))
    votes(helene, poll, "1")
    second = helene.message("2", kind=Kind.VOTE, answers=(poll.external_id,))
    world.take(second)
    assert helene.deletes(second) == []
    assert outcome(world) == {"mardi": 1, "jeudi": 0, "les deux": 0}


@in_chat
def test_an_edited_answer_counts_as_it_is_now(world: World) -> None:
    helene = world.helene()
    posted(world)
    message, _noted = helene.sends("voter S-1 1")
    (told,) = helene.edits(message, "voter S-1 2")
    assert "jeudi" in told.text
    assert outcome(world) == {"mardi": 0, "jeudi": 1, "les deux": 0}
    (told,) = [one for one in helene.deletes(message) if one.action == "message"]
    assert "retirée" in told.text
    assert outcome(world) == {"mardi": 0, "jeudi": 0, "les deux": 0}


def test_only_members_answer(world: World) -> None:
    world.helene()
    said = posted(world)
    stranger = world.stranger()
    assert "réservé aux membres" in stranger.asks("voter S-1 1").text
    if world.channel == MATRIX:
        (told,) = votes(stranger.elsewhere(Place.MEMBERS), poll_in(said), "1")
        assert "réservé aux membres" in told.text
        assert told.answers == poll_in(said).external_id
    assert world.all(Ballot) == []


def test_only_administrators_and_managers_ask_and_see(world: World) -> None:
    helene = world.helene()
    for command in (DAYS, "résultats", "résultats S-1", "fermer S-1"):
        assert "réservé aux administrateurs et à qui gère" in helene.asks(command).text
    assert world.all(Survey) == []


# -- of a central -----------------------------------------------------------------------------

FUTURE = "enquête Quelles solutions pour Smart 2.0 ? jusqu'au 30 avril 2026"


def _asked_by_smart(shop: World, words: str) -> list[Said]:
    shown = shop.smart.asks(words)
    assert "Une question de la centrale Smart" in shown.text.replace("*", "")
    return shop.smart.reacts(shown, "✅")


def test_a_manager_asks_for_the_central(shop: World) -> None:
    helene, bruno = shop.helene(), shop.bruno()
    sent = _asked_by_smart(shop, f"{FUTURE}, aux communes")
    (asked,) = helene.got(sent)
    assert "centrale Smart" in asked.text.replace("*", "")
    assert bruno.got(sent) == []
    helene.replies(asked, "Un agenda partagé\nLa prise de rendez-vous")
    helene.replies(asked, "Prise de rendez-vous\nUn agenda commun")
    assert "2 souhaits" in shop.smart.asks("regrouper S-1 9 : Agenda").text
    assert "Agenda" in shop.smart.asks("regrouper S-1 2 : Agenda").text
    assert "1 institution a répondu" in shop.smart.asks("résultats S-1").text
    assert "importer catalogue" in shop.smart.asks("candidats S-1").text
    closed = shop.smart.writes("fermer S-1")
    assert any("1 institution a répondu" in one.text for one in shop.smart.got(closed))
    [kept] = shop.all(Survey)
    assert kept.stage == "closed"


def test_a_central_has_no_say_in_the_surveys_of_others(shop: World) -> None:
    shop.helene()
    _asked_by_smart(shop, FUTURE)
    posted(shop)
    for command in ("résultats S-1", "fermer S-1", "candidats S-1", "regrouper S-1 1 : x"):
        assert "posé par la centrale Smart" in shop.offices.asks(command).text.replace("*", "")
    for command in ("résultats S-2", "fermer S-2"):
        assert "posé par les administrateurs" in shop.smart.asks(command).text
    assert "S-2026-0002" not in shop.smart.asks("résultats").text
    everything = shop.camille.asks("résultats").text
    assert "S-2026-0001" in everything
    assert "S-2026-0002" in everything
    assert "clos" in shop.camille.asks("fermer S-1").text


def test_the_end_of_a_centrals_survey_is_told_to_its_managers(shop: World) -> None:
    shop.helene()
    _asked_by_smart(shop, FUTURE)
    said = shop.move_to(datetime(2026, 5, 1, 6, tzinfo=UTC))
    results = [one for one in shop.smart.got(said) if "Résultats" in one.subject + one.text]
    assert len(results) == 1


def test_words_that_wish_nothing_reach_who_asked(shop: World) -> None:
    bruno = shop.bruno()
    (mail,) = bruno.got(_asked_by_smart(shop, FUTURE))
    said = bruno.answers(mail, "Rien.")
    (told,) = shop.smart.got(said)
    assert "Bruno Wéry" in told.text
    assert "Rien." in told.text


def test_who_manages_two_centrals_says_for_which(shop: World) -> None:
    def both(session: Session) -> None:
        by_slug = {one.slug: one for one in session.scalars(select(Central))}
        by_slug["energie"].managers.append(by_slug["smart"].managers[0])

    shop.change(both)
    asked = shop.smart.asks(FUTURE)
    assert "Pour laquelle de vos centrales" in asked.text
    shown = shop.smart.replies(asked, "Smart")
    assert "Une question de la centrale Smart" in shown.text.replace("*", "")
    shown = shop.smart.asks("enquête Smart : Que manque-t-il ?")
    assert "Que manque-t-il ?" in shown.text
    assert "Smart :" not in shown.text


def test_what_members_say_below_it_is_theirs(world: World) -> None:
    helene = world.helene()
    if world.channel == MAIL:
        return
    post = next(one for one in in_members_room(posted(world)) if one.action == "message")
    thread = {"thread": post.external_id, "answers": (post.external_id,), "addressed": False}
    in_room = helene.elsewhere(Place.MEMBERS)
    assert in_room.writes("Bonne question, on en parle jeudi ou vendredi ?", **thread) == []
    (noted,) = in_room.writes("jeudi", **thread)
    assert "Noté" in noted.text
    assert noted.thread == post.external_id


def test_words_that_choose_nothing_reach_a_person(world: World) -> None:
    bruno = world.bruno()
    (mail,) = bruno.got(posted(world))
    said = bruno.answers(mail, "Ni l'un ni l'autre, nous sommes fermés.")
    (told,) = [one for one in said if one.destination == "room:admins"]
    assert "Ni l'un ni l'autre" in told.text
    assert "rien n'est encore compté" in bruno.got(said)[0].text
    assert world.all(Ballot) == []


def test_words_are_kept_as_they_were_written(world: World) -> None:
    bruno = world.bruno()
    (mail,) = bruno.got(posted(world))
    words = '2, à partir de midi.\n=HYPERLINK("x")'
    bruno.answers(mail, words)
    (ballot,) = world.all(Ballot)
    assert (ballot.choices, ballot.words) == (["jeudi"], words)
    world.camille.writes("résultats S-1")
    kept = world.change(lambda session: session.query(StoredFile).all()[-1].content.decode())
    assert kept.startswith("\ufeffsondage;institution")
    assert "CPAS de Rouvroy;Bruno Wéry;jeudi;" in kept


def test_no_cell_is_a_formula(world: World) -> None:
    helene = world.helene()
    posted(world, "sondage Quel signe ? =1+1 / -2")
    helene.writes("voter S-1 1")
    world.camille.writes("résultats S-1")
    kept = world.change(lambda session: session.query(StoredFile).all()[-1].content.decode())
    assert ";'=1+1;" in kept


def test_yes_or_no(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = posted(world, "sondage Faut-il une journée d'étude en mai ?")
    assert "Noté" in bruno.replies(bruno.got(said)[0], "Oui, avec plaisir".partition(",")[0]).text
    if world.channel == MATRIX:
        votes(helene, poll_in(said), "non")
    else:
        helene.answers(helene.got(said)[0], "non")
    assert outcome(world) == {"oui": 1, "non": 1}


def test_it_ends_on_its_last_day(world: World) -> None:
    helene = world.helene()
    poll = poll_in(posted(world, f"{DAYS}, jusqu'au 27 mars 2026"))
    helene.writes("voter S-1 1")
    assert world.move_to(datetime(2026, 3, 27, 20, tzinfo=UTC)) == []
    said = world.move_to(datetime(2026, 3, 28, 0, tzinfo=UTC))
    (end,) = [one for one in said if one.action == "poll-end"]
    assert end.row.follows_id == poll.row.id
    assert any("1 institution a répondu" in one.text for one in in_members_room(said))
    assert any("Réponse" in one.text for one in said if one.destination == "room:admins")
    assert "clos depuis" in helene.asks("voter S-1 2").text
    assert outcome(world) == {"mardi": 1, "jeudi": 0, "les deux": 0}


@in_chat
def test_a_vote_after_the_end_is_told_so(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    poll = poll_in(posted(world))
    world.camille.writes("fermer S-1")
    (told,) = votes(helene, poll, "1")
    assert "n'est plus comptée" in told.text
    assert "n'est plus ouvert" in world.camille.asks("fermer S-1").text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("sondage", "Il manque"),
        ("sondage Quel jour ? mardi / Mardi", "au moins deux"),
        ("sondage Quel jour ? mardi", "au moins deux"),
        (f"sondage Quel jour ? mardi / {'j' * 200}", "raccourcissez"),
        ("sondage Quel jour ? " + " / ".join(map(str, range(30))), "raccourcissez"),
        ("sondage Quel jour ? mardi / jeudi, jusqu'au 1er mars 2026", "jusqu'à quand"),
        ("sondage Quel jour ? mardi / jeudi, jusqu'au bout", "jusqu'à quand"),
    ],
)
@in_chat
def test_what_cannot_be_asked(world: World, words: str, expected: str) -> None:
    assert expected in world.camille.asks(words).text
    assert world.all(Survey) == []


@in_chat
def test_a_survey_that_is_not_confirmed_is_not_sent(world: World) -> None:
    bruno, camille = world.bruno(), world.camille
    shown = camille.asks(DAYS)
    assert "rien n'a été envoyé" in camille.reacts(shown, "❌")[0].text
    message, (shown,) = camille.sends(DAYS)
    assert "annulé" in camille.deletes(message)[-1].text
    assert "n'attend plus" in camille.reacts(shown, "✅")[0].text
    assert bruno.got() == []


@in_chat
def test_results_are_not_shown_to_all(world: World) -> None:
    posted(world)
    room = world.camille.elsewhere(Place.MEMBERS)
    assert "Pas ici" in room.asks("résultats S-1").text
    said = room.writes("fermer S-1")
    assert not [one for one in in_members_room(said) if "mardi" in one.text]


def test_who_is_silent_is_listed_and_reminded_once(world: World) -> None:
    """A38: a reminder before the last day, to those alone who have not answered."""
    helene, bruno = world.helene(), world.bruno()
    _sent(world, "sondage Quelles solutions ? E-guichet / Drones, jusqu'au 30 avril 2026")
    helene.asks("voter S-1 2")
    told = _told(world, "résultats S-1")
    assert "Sans réponse" in told
    assert "CPAS de Rouvroy" in told
    said = world.move_to(datetime(2026, 4, 27, 12, tzinfo=UTC))
    assert "rappel" in bruno.got(said)[0].text
    assert helene.got(said) == []
    assert bruno.got(world.move_to(datetime(2026, 4, 29, 12, tzinfo=UTC))) == []


def test_what_is_wished_most_comes_first_and_becomes_candidates(world: World) -> None:
    """A39: counts per kind of institution, and lines of a catalogue to complete."""
    helene, bruno = world.helene(), world.bruno()
    _sent(world, "sondage Quelles solutions ? E-guichet / Drones")
    helene.asks("voter S-1 Drones")
    bruno.asks("voter S-1 Drones")
    told = _told(world, "résultats S-1")
    assert told.index("Drones") < told.index("E-guichet")
    assert "CPAS" in told
    said = world.camille.writes("candidats S-1")
    assert sum(one.files for one in said) == 1
    content = world.change(_last_file).decode("utf-8-sig")
    assert "drones;Drones;;Souhaitée par 2 institutions" in content
    assert "e-guichet" not in content


FREELY = "enquête Que manque-t-il au catalogue Smart ? jusqu'au 30 avril 2026"


def test_wishes_in_free_words_are_understood_and_corrected(world: World) -> None:
    """A38: an answer by reply in free French, a receipt of what was understood, a correction."""
    helene, bruno = world.helene(), world.bruno()
    said = posted(world, FREELY)
    (mail,) = bruno.got(said)
    assert "un souhait par ligne" in mail.text
    told = bruno.replies(
        mail, "Bonjour,\nNous souhaitons :\n- la gestion des cimetières\n- du wifi public\nMerci"
    )
    assert "1. Gestion des cimetières" in told.text
    assert "2. Wifi public" in told.text
    told = bruno.replies(told, "Finalement nous souhaitons un logiciel pour les cimetières.")
    assert "ne compte plus" in told.text
    helene.asks("voter S-1 cimetières et concessions ; bornes de recharge")
    ballots = world.all(Ballot)
    assert [len(one.choices) for one in ballots] == [2, 1, 2]
    assert "bonjour" in ballots[0].words.lower()


def test_similar_wishes_are_grouped_and_named(world: World) -> None:
    """A39: ranked groups with counts per kind, a name to edit, candidates of the next version."""
    helene, bruno = world.helene(), world.bruno()
    _sent(world, FREELY)
    helene.asks("voter S-1 gestion des cimetières ; bornes internet")
    bruno.asks("voter S-1 cimetières et concessions ; wifi public")
    told = _told(world, "résultats S-1")
    assert "1. Gestion des cimetières" in told
    assert "Sans réponse" not in told
    assert (
        told.index("cimetières") < told.index("2. Bornes internet") < told.index("3. Wifi public")
    )
    told = _told(world, "regrouper S-1 2 et 3 : Internet pour tous")
    assert "Internet pour tous" in told
    assert "Wifi" not in told
    assert "3." not in told
    world.camille.writes("candidats S-1")
    content = world.change(_last_file).decode("utf-8-sig")
    assert "internet-pour-tous;Internet pour tous;;Souhaitée par 2 institutions" in content
    assert "2. Internet pour tous" in _told(world, "résultats S-1")
    told = _told(world, "séparer S-1 2")
    assert "Wifi public" in told
    assert "Bornes internet" in told


def test_only_one_type_of_institution_is_asked(world: World) -> None:
    """A38: to communes only; nobody else hears of it, is reminded, or is listed."""
    helene, bruno = world.helene(), world.bruno()
    said = posted(world, f"{FREELY}, aux communes")
    assert bruno.got(said) == []
    assert in_members_room(said) == []
    assert len(helene.got(said)) == 1
    told = _told(world, "résultats S-1")
    assert "Musson" in told
    assert "Rouvroy" not in told


@pytest.mark.parametrize("words", ["séparer S-1 9", "regrouper S-1 cimetières", "regrouper S-1 1"])
def test_what_cannot_be_arranged_is_explained(world: World, words: str) -> None:
    world.helene()
    _sent(world, FREELY)
    assert "S-" in _told(world, words)
    assert world.all(Survey)[0].names == {}


def test_an_answer_without_a_wish_reaches_a_person(world: World) -> None:
    bruno = world.bruno()
    (mail,) = bruno.got(posted(world, FREELY))
    told = bruno.answers(mail, "Rien.")
    assert any("aucun souhait" in one.text for one in bruno.got(told))
    assert world.all(Ballot) == []


def _last_file(session: Session) -> bytes:
    kept = session.scalars(select(StoredFile).where(StoredFile.name.like("candidats%"))).one()
    return kept.content


def _sent(world: World, words: str) -> None:
    world.camille.answers(world.camille.asks(words), "oui")


def _told(world: World, words: str) -> str:
    return " ".join(one.text for one in world.camille.writes(words))
