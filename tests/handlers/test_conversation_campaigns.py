"""Crisis campaigns: called by an administrator, answered by members in their own words, counted at
each place, followed and closed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import Place
from storage import members
from storage.campaigns import Campaign, CampaignOffer, Stage
from storage.files import StoredFile
from storage.members import Person
from tests.conftest import ADMINISTRATOR
from tests.handlers.conversation import (
    MAIL,
    MATRIX,
    Said,
    Somebody,
    World,
    changed_in_members_room,
    in_members_room,
    to_administrators,
)

FLOOD = "ouvrir campagne inondations : 40 personnes à Rochefort, 25 à Marche, 4 pompes à Hotton"
in_chat = pytest.mark.parametrize("channel", [MATRIX])
by_mail = pytest.mark.parametrize("channel", [MAIL])


def called(world: World, words: str = FLOOD) -> list[Said]:
    """A campaign that its author had sent; everything that was said then."""
    shown = world.camille.asks(words)
    assert "Rien n'est envoyé" in shown.text
    assert not any("Appel" in one.text for one in in_members_room(world.said))
    return world.camille.reacts(shown, "✅")


def table_of(said: Said) -> dict[str, str]:
    """What is promised at each place, as the running total in a room shows it."""
    rows = said.row.payload["content"]["formatted_body"].split("<tr><td>")[1:]
    cells = [row.split("</td>")[0:3] for row in rows]
    return {first: third.removeprefix("<td>") for first, _second, third in cells}


def total(world: World) -> dict[str, str]:
    """How the pinned message stands now."""
    return table_of(changed_in_members_room(world.said)[-1])


def pins(said: list[Said]) -> list[tuple[str, str | None]]:
    """What was pinned and let go, and which message."""
    return [(one.action, one.thread) for one in said if one.action in {"pin", "unpin"}]


# -- calling ----------------------------------------------------------------------------------


def test_everybody_is_reached_once_and_the_total_is_pinned(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = called(world)
    root, *others = [one for one in in_members_room(said) if one.action == "message"]
    assert others == []
    assert "Appel C-2026-0001 · inondations" in root.text
    assert table_of(root) == {"Rochefort": "0/40", "Marche": "0/25", "Hotton": "0/4"}
    assert pins(said) == [("pin", root.external_id)]
    (mail,) = bruno.got(said)
    assert "Rochefort" in mail.text
    assert len(helene.got(said)) == (1 if helene.channel == MAIL else 0)


def test_what_lacks_is_asked_one_thing_after_another(world: World) -> None:
    asked = world.camille.asks("ouvrir campagne")
    assert "De quelle crise" in asked.text
    asked = world.camille.replies(asked, "les inondations de la Lesse")
    assert "Combien faut-il" in asked.text
    asked = world.camille.replies(asked, "40 personnes à Rochefort, 12 quelque part")
    assert "12 quelque part" in asked.text
    shown = world.camille.replies(asked, "12 à Marche")
    assert "Rien n'est envoyé" in shown.text
    shown = world.camille.replies(shown, "10 pompes à Hotton et 50 personnes à Rochefort")
    assert "Hotton" in shown.text
    said = world.camille.reacts(shown, "✅")
    assert table_of(in_members_room(said)[0]) == {
        "Rochefort": "0/50",
        "Marche": "0/12",
        "Hotton": "0/10",
    }
    (kept,) = world.all(Campaign)
    assert kept.words == "les inondations de la Lesse"


def test_a_call_that_is_not_confirmed_goes_nowhere(world: World) -> None:
    bruno = world.bruno()
    shown = world.camille.asks(FLOOD)
    said = world.camille.reacts(shown, "❌")
    assert bruno.got(said) == []
    assert in_members_room(said) == []
    (kept,) = world.all(Campaign)
    assert kept.stage == Stage.DROPPED


def test_numbers_that_cannot_be_meant_are_refused(world: World) -> None:
    told = world.camille.asks("ouvrir campagne crue : 4 personnes à Hotton, 6 à Hotton")
    assert "Deux nombres" in told.text
    told = world.camille.asks("ouvrir campagne crue : 0 personnes à Hotton")
    assert "de 1 à" in told.text
    told = world.camille.asks("ouvrir campagne crue : 4 personnes à Hotton, jusqu'au 3 mars 2020")
    assert "jusqu'à quand" in told.text
    assert world.all(Campaign) == []


def test_only_administrators_call_and_close(world: World) -> None:
    helene = world.helene()
    for command in (
        FLOOD,
        "campagne crue : 4 à Hotton",
        "clore campagne C-1",
        "besoin campagne C-1 4 à X",
    ):
        assert "administrateurs" in helene.asks(command).text or "trouve pas" in world.said[-1].text
    assert world.all(Campaign) == []
    assert "réservé" in world.stranger().asks("campagne").text


def test_a_crisis_waits_for_no_digest_and_stop_is_stop(world: World) -> None:
    bruno = world.bruno()
    albert = world.member("Albert Petit", "commune", "85045", channel=MAIL)
    bruno.asks("rythme quotidien")
    albert.asks("stop")
    said = called(world)
    assert len(bruno.got(said)) == 1
    assert albert.got(said) == []


def test_ordinary_digests_wait_for_the_end_of_the_crisis(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    shown = helene.asks("offre une pelleteuse de 8 tonnes, du 1er au 12 juin 2026")
    helene.reacts(shown, "✅")
    called(world)
    tomorrow = world.clock.now() + timedelta(days=1)
    assert bruno.got(world.move_to(tomorrow)) == []
    world.camille.writes("clore campagne C-1")
    (digest,) = bruno.got(world.move_to(tomorrow + timedelta(days=1)))
    assert "pelleteuse" in digest.text


# -- answering --------------------------------------------------------------------------------


def answered(who: Somebody, said: list[Said], words: str) -> Said:
    """They answer the call where they read it."""
    if who.channel == MAIL:
        return who.replies(who.got(said)[0], words)
    root = in_members_room(said)[0]
    return who.elsewhere(Place.MEMBERS).replies(
        root, words, thread=root.external_id, addressed=False
    )


def test_offers_in_free_words_are_counted_on_both_channels(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = called(world)
    told = answered(
        helene, said, "Bonjour, nous envoyons 3 ouvriers à Rochefort de lundi à mercredi."
    )
    assert "3 personnes à Rochefort, du" in told.text
    assert "3 sur 40" in told.text
    answered(bruno, said, "Deux personnes à Marche\n\nBruno Wéry\n063 12 34 56")
    assert total(world) == {"Rochefort": "3/40", "Marche": "2/25", "Hotton": "0/4"}
    first, second = world.all(CampaignOffer)
    assert first.starts_on is not None
    assert first.ends_on == first.starts_on + timedelta(days=2)
    assert second.starts_on is None
    # One message in the room for all of it: it is edited, not said anew.
    assert len([one for one in in_members_room(world.said) if "Promis" in one.text]) == 1


@pytest.mark.parametrize(
    ("first", "denied", "then"),
    [
        (
            "wij sturen drie arbeiders naar Rochefort, op 4 mei",
            "Helaas kunnen we geen 9 arbeiders naar Rochefort sturen",
            "nog 2 extra voor Rochefort",
        ),
        (
            "Wir schicken drei Arbeiter nach Rochefort, am 4. Mai",
            "Leider können wir keine 9 Arbeiter nach Rochefort schicken",
            "noch 2 zusätzlich für Rochefort",
        ),
        (
            "We are sending three workers to Rochefort on 4 May",
            "Unfortunately we cannot send 9 workers to Rochefort",
            "2 more to Rochefort",
        ),
    ],
    ids=["nl", "de", "en"],
)
def test_offers_in_other_languages_are_counted(
    world: World, first: str, denied: str, then: str
) -> None:
    helene, said = world.helene(), called(world)
    answered(helene, said, first)
    assert total(world)["Rochefort"] == "3/40"
    words = helene.writes(denied)
    assert not changed_in_members_room(words)
    assert world.count(CampaignOffer) == 1
    answered(helene, said, then)
    assert total(world)["Rochefort"] == "5/40"


@by_mail
def test_no_mail_opens_a_campaign_not_even_from_an_administrator(world: World) -> None:
    """Who may administer is told by Matrix account: a mail's address is believed less."""
    camille = world.helene()

    def link(session: Session) -> None:
        person = session.get_one(Person, camille.person_id)
        members.link(session, person, MATRIX, ADMINISTRATOR, world.clock.now())

    world.change(link)
    assert "administrateurs" in camille.asks(FLOOD).text
    assert not world.all(Campaign)
    assert not in_members_room(world.said)


def test_the_simple_command_and_a_message_of_its_own(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    called(world)
    assert "3 personnes à Rochefort" in helene.asks("aider C-1 3 à Rochefort").text
    told = bruno.asks("Nous pouvons envoyer 5 agents à Marche du 4 au 8 mai 2026.")
    assert "5 personnes à Marche" in told.text
    assert total(world) == {"Rochefort": "3/40", "Marche": "5/25", "Hotton": "0/4"}
    assert "3/40" in helene.asks("campagne 1").text
    assert "3/40" in helene.asks("C-1").text


@in_chat
def test_what_members_say_among_themselves_is_theirs(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    root = in_members_room(called(world))[0]
    for words in ("Bon courage à tous !", "Il y a 3 maisons touchées à Rochefort", "Qui y va ?"):
        assert helene.answers(root, words, thread=root.external_id, addressed=False) == []
    assert world.all(CampaignOffer) == []


@pytest.mark.parametrize(
    ("words", "asked", "answer", "promised"),
    [
        ("nous envoyons 4 agents", "À quel endroit", "à Marche", {"Marche": "4/25"}),
        ("quelques ouvriers pour Rochefort", "Combien", "6", {"Rochefort": "6/40"}),
        ("2 ou 3 ouvriers à Rochefort", "Combien", "disons 3", {"Rochefort": "3/40"}),
        (
            "3 ouvriers à Rochefort et à Marche",
            "À quel endroit",
            "2 à Rochefort et 1 à Marche",
            {"Rochefort": "2/40", "Marche": "1/25"},
        ),
    ],
)
def test_what_is_ambiguous_is_asked_back(
    world: World, words: str, asked: str, answer: str, promised: dict[str, str]
) -> None:
    bruno = world.bruno()
    said = called(world)
    question = answered(bruno, said, words)
    assert asked in question.text
    assert world.all(CampaignOffer) == []
    bruno.replies(question, answer)
    assert total(world) == {"Rochefort": "0/40", "Marche": "0/25", "Hotton": "0/4"} | promised


def test_what_is_no_offer_reaches_a_person_and_counts_nothing(world: World) -> None:
    bruno = world.bruno()
    said = called(world)
    told = answered(bruno, said, "Où faut-il se présenter, et avec quel matériel ?")
    assert "aucune offre" in told.text
    assert any("Où faut-il se présenter" in one.text for one in to_administrators(world.said))
    assert "dans la mesure du possible" in answered(bruno, said, "non").text
    assert world.all(CampaignOffer) == []


# -- changing ---------------------------------------------------------------------------------


def test_changed_added_moved_and_taken_back(world: World) -> None:
    helene = world.helene()
    called(world)
    helene.asks("aider C-1 3 à Rochefort")
    assert "remplace" in helene.asks("aider C-1 5 à Rochefort").text
    assert total(world)["Rochefort"] == "5/40"
    assert "remplace" not in helene.asks("aider C-1 2 de plus à Rochefort").text
    assert total(world)["Rochefort"] == "7/40"
    helene.asks("aider C-1 plutôt 4 à Marche")
    assert total(world) == {"Rochefort": "0/40", "Marche": "4/25", "Hotton": "0/4"}
    helene.asks("aider C-1 1 pompe à Hotton")
    assert "n'est plus compté" in helene.asks("retirer aide C-1 Marche").text
    assert total(world) == {"Rochefort": "0/40", "Marche": "0/25", "Hotton": "1/4"}
    helene.asks("retirer aide C-1")
    assert total(world)["Hotton"] == "0/4"
    assert "ne promet rien" in helene.asks("retirer aide C-1").text


def test_taken_back_in_free_words(world: World) -> None:
    bruno = world.bruno()
    said = called(world)
    answered(bruno, said, "3 ouvriers à Rochefort et 2 à Marche")
    answered(bruno, said, "Nous devons hélas retirer notre offre pour Rochefort")
    assert total(world) == {"Rochefort": "0/40", "Marche": "2/25", "Hotton": "0/4"}
    answered(bruno, said, "finalement nous ne pouvons plus venir")
    assert total(world)["Marche"] == "0/25"


@in_chat
def test_an_edit_is_followed_and_a_deletion_too(world: World) -> None:
    helene = world.helene()
    called(world)
    helene.writes("aider C-1 3 à Rochefort")
    message, _said = helene.sends("aider C-1 5 à Rochefort")
    helene.edits(message, "aider C-1 6 à Marche")
    # What the edited message had replaced counts again.
    assert total(world) == {"Rochefort": "3/40", "Marche": "6/25", "Hotton": "0/4"}
    helene.deletes(message)
    assert total(world) == {"Rochefort": "3/40", "Marche": "0/25", "Hotton": "0/4"}


def test_a_place_with_too_much_points_to_the_others(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    called(world)
    helene.writes("aider C-1 38 à Rochefort")
    told = bruno.asks("aider C-1 5 à Rochefort")
    assert "plus qu'il ne faut : 43 pour 40" in told.text
    assert "25 personnes à Marche" in told.text
    bruno.asks("aider C-1 plutôt 5 à Marche")
    assert total(world) == {"Rochefort": "38/40", "Marche": "5/25", "Hotton": "0/4"}


def test_needs_change_as_the_water_does(world: World) -> None:
    world.bruno()
    called(world)
    told = world.camille.asks("besoin campagne C-1 60 à Rochefort, 5 personnes à Durbuy")
    assert "0/60" in told.text
    assert total(world) == {"Rochefort": "0/60", "Marche": "0/25", "Hotton": "0/4", "Durbuy": "0/5"}


# -- the end ----------------------------------------------------------------------------------


def exported(world: World) -> list[str]:
    """The lines of the file that the administrators got last."""

    def work(session: Session) -> bytes:
        rows = session.scalars(select(StoredFile).order_by(StoredFile.id.desc())).all()
        return rows[0].content

    return world.change(work).decode("utf-8-sig").splitlines()


def test_closed_with_a_report_and_who_gave_what_when(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    called(world)
    helene.writes("aider C-1 3 à Rochefort")
    bruno.writes("aider C-1 5 à Marche")
    bruno.writes("aider C-1 4 à Marche")
    said = world.camille.writes("clore campagne C-1")
    report = said_to(world.camille, said)
    assert "2 institutions aident" in report.text
    assert "première offre" in report.text
    root = in_members_room(world.said)[0]
    assert pins(said) == [("unpin", root.external_id)]
    assert "clos" in changed_in_members_room(said)[-1].text
    assert any("2 institutions ont aidé" in one.text for one in bruno.got(said))
    header, *lines = exported(world)
    assert header.startswith("appel;institution;personne;lieu;quoi;nombre;du;au;")
    assert [line.split(";")[3:6] for line in lines] == [
        ["Rochefort", "personnes", "3"],
        ["Marche", "personnes", "5"],
        ["Marche", "personnes", "4"],
    ]
    # Only what was replaced has an end.
    assert [bool(line.split(";")[9]) for line in lines] == [False, True, False]
    assert "n'est plus ouvert" in helene.asks("aider C-1 3 à Rochefort").text
    assert "n'est plus ouvert" in world.camille.asks("clore campagne C-1").text


def said_to(who: Somebody, said: list[Said]) -> Said:
    return next(one for one in said if one.destination == who.conversation)


def test_a_forgotten_campaign_ends_by_itself(world: World) -> None:
    bruno = world.bruno()
    called(world, f"{FLOOD}, jusqu'au 30 juin 2026")
    (kept,) = world.all(Campaign)
    bruno.writes("aider C-1 5 à Marche")
    world.move_to(world.clock.now().replace(month=7, day=1, hour=0, minute=30))
    (kept,) = world.all(Campaign)
    assert kept.stage == Stage.CLOSED
    assert any("est clos" in one.text for one in to_administrators(world.said))


def test_what_only_one_place_needs_goes_there_and_a_no_is_a_no(world: World) -> None:
    luc = world.member("Luc Petit", "commune", "85009", channel=MAIL)
    anne = world.member("Anne Noir", "commune", "85045", channel=MAIL)
    shown = world.camille.asks(
        "ouvrir campagne inondations du 30 mars au 10 avril : 10 personnes à Musson, 3 pompes à"
        " Rouvroy"
    )
    assert "10 avril 2026" in shown.text
    world.camille.answers(shown, "oui")
    assert "2 pompes à Rouvroy" in luc.asks("aider C-1 Nous pouvons envoyer 2 pompes").text
    told = anne.asks("aider C-1 non désolé, pas possible").text
    assert "dans la mesure du possible" in told
    assert "Il manque" not in told
