"""Agreeing with those who answered: contacts, convention, dates, reminders, and the end of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import Place
from storage.agreements import Agreement, State
from storage.announcement_states import Stage
from storage.announcements import Announcement
from storage.files import StoredFile
from storage.members import Person
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World, in_members_room
from tests.handlers.test_conversation_dates import answer, calendar

DEMAND = "demande une nacelle, du 4 au 8 mai 2026"
STAFF = "demande un agent pour le service population, du 4 au 29 mai 2026"


def _posted(author: Somebody, words: str = DEMAND) -> None:
    author.answers(author.asks(words), "oui")


def _agreed(author: Somebody, words: str = "retenir A-1") -> list[Said]:
    return author.answers(author.asks(words), "oui")


def _files(world: World) -> list[str]:
    return sorted(row.name for row in world.all(StoredFile))


def test_both_sides_get_contact_convention_and_dates(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    shown = helene.asks("retenir A-1 CPAS de Rouvroy, conditions : caution de 100 €")
    for fact in ("CPAS de Rouvroy", "4 mai 2026", "8 mai 2026", "caution de 100 €"):
        assert fact in shown.text
    assert world.count(Agreement) == 0
    said = helene.answers(shown, "oui")
    (told,) = [one for one in bruno.got(said) if "C'est convenu" in one.text]
    assert helene.mail in told.text
    assert "Hélène Lambiotte" in told.text
    (made,) = world.all(Agreement)
    name = f"convention-A-2026-0001-{made.id}"
    assert told.files == 2
    assert _files(world) == [f"{name}.docx", f"{name}.pdf"]
    event = calendar(told)
    assert (event["UID"].partition("@")[0], event["DTSTART"]) == (
        f"loan-{made.id}",
        "20260504",
    )
    (receipt,) = [one for one in helene.got(said) if bruno.address in one.text]
    assert "C'est convenu" in receipt.text
    assert (made.conditions, made.things) == ("caution de 100 €", ["nacelle"])
    (kept,) = world.all(Announcement)
    assert kept.stage == Stage.AGREED
    assert all(bruno.address not in one.text for one in in_members_room(said))


def test_a_no_agrees_to_nothing(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    helene.answers(helene.asks("retenir A-1"), "non")
    assert world.count(Agreement) == 0
    assert "retenir" in helene.asks("retenir A-1 commune de Virton").text


def test_who_answered_is_named_where_there_are_several(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    paul.writes("répondre A-1 nous aussi")
    asked = helene.asks("retenir A-1")
    assert "CPAS de Rouvroy" in asked.text
    assert "Virton" in asked.text
    said = _agreed(helene, "retenir A-1 Virton")
    (thanks,) = [one for one in bruno.got(said) if "pourvue" in one.text]
    assert "paul" not in thanks.text
    (made,) = world.all(Agreement)
    assert made.person_id == paul.person_id


def test_a_place_alone_names_the_only_one_there_who_answered(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    paul.writes("répondre A-1 nous aussi")
    assert "Prêteur : CPAS de Rouvroy" in helene.asks("accepter A-1 rouvroy").text
    world.member("Anne Fort", "commune", "85047", channel=MAIL).writes(
        "répondre A-1 prenez la nôtre"
    )
    assert "Commune de Rouvroy" in helene.asks("retenir A-1 commune de Rouvroy").text
    assert "Avec qui" in helene.asks("retenir A-1 place de Rouvroy, CPAS ou commune").text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("prolonger A-1", "reste ouverte"),
        ("Prolonger l'annonce A-2026-0001", "reste ouverte"),
        ("annuler A-1", "est retirée"),
        ("accepter A-1", "Personne n'a encore répondu"),
    ],
)
def test_what_people_say_of_an_announcement_is_understood(
    world: World, words: str, told: str
) -> None:
    helene = world.helene()
    _posted(helene)
    assert told in helene.asks(words).text


def test_a_second_choice_says_that_it_replaces_the_first(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    paul.writes("répondre A-1 nous aussi")
    first = helene.asks("retenir A-1 Rouvroy")
    assert "remplace" not in helene.asks("retenir A-1 Rouvroy, conditions : caution").text
    second = helene.asks("retenir A-1 Virton")
    assert "remplace ce qui attendait votre « oui » avec le CPAS de Rouvroy" in second.text
    helene.answers(first, "oui")
    assert world.count(Agreement) == 0
    together = "retenir A-2026-0001 CPAS de Rouvroy et Commune de Virton"
    assert together in second.text
    shown = helene.asks(together)
    assert "remplace" not in shown.text
    helene.answers(shown, "oui")
    assert {one.person_id for one in world.all(Agreement)} == {bruno.person_id, paul.person_id}


def test_a_period_each_is_not_taken_for_one_of_all(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    paul.writes("répondre A-1 nous aussi")
    told = helene.asks("retenir A-1 rouvroy du 4 au 5 mai et virton le 7 mai")
    assert "l'une après l'autre" in told.text
    shown = helene.asks("retenir A-1 CPAS de Rouvroy et Virton, du 4 au 6 mai")
    assert shown.text.count("mercredi 6 mai 2026") == 2


def test_partly_leaves_it_open_and_several_may_be_accepted(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene, STAFF)
    bruno.writes("répondre A-1 une personne la première semaine")
    paul.writes("répondre A-1 une personne la deuxième semaine")
    _agreed(helene, "retenir A-1 CPAS de Rouvroy en partie, du 4 au 8 mai 2026")
    assert [one.stage for one in world.all(Announcement)] == [Stage.ANSWERED]
    _agreed(helene, "retenir A-1 Virton, du 11 au 15 mai 2026")
    assert [one.stage for one in world.all(Announcement)] == [Stage.AGREED]
    assert [str(one.ends_on) for one in world.all(Agreement)] == ["2026-05-08", "2026-05-15"]


def test_only_the_author_accepts(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    assert "Seule l'institution" in bruno.asks("retenir A-1").text
    assert "Personne n'a encore répondu" not in helene.asks("retenir A-1").text


def test_words_in_the_conversation_accept(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    (told,) = [
        one
        for one in bruno.writes("répondre A-1 nous prêtons la nôtre")
        if "nous prêtons" in one.text
    ][:1]
    writer = helene if helene.channel == MAIL else helene.elsewhere(Place.MEMBERS)
    shown = writer.replies(told, "Merci, nous acceptons votre offre.")
    assert "Accord" in shown.text or "serait convenu" in shown.text
    assert world.count(Agreement) == 0


@pytest.mark.parametrize(
    "words",
    [
        "retenir A-1, conditions : l'agent est en burn-out, le ménager",
        "retenir A-1 CPAS de Rouvroy, conditions : Mme Dupont, NN 85.07.30-033.28",
    ],
)
def test_conditions_tell_nothing_private_of_a_person(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene, STAFF)
    bruno.writes("répondre A-1 une personne la première semaine")
    refused = helene.asks(words)
    assert "ne le transmet à personne" in refused.text
    assert helene.answers(refused, "oui") != []
    assert world.count(Agreement) == 0
    assert bruno.got(world.said[-2:]) == []


def test_private_messages_tell_nothing_private_of_a_third(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene, STAFF)
    refused = bruno.asks("répondre A-1 en privé notre agente revient de dépression, elle est libre")
    assert "ne le transmet à personne" in refused.text
    bruno.writes("répondre A-1 une personne la première semaine")
    (made,) = [one for one in bruno.got(_agreed(helene)) if "C'est convenu" in one.text]
    said = bruno.answers(made, "L'agent est hospitalisé depuis hier.")
    assert helene.got(said) == []
    assert "ne le transmet à personne" in bruno.got(said)[0].text
    assert "sera absent" in helene.got(bruno.answers(made, "L'agent sera absent lundi."))[0].text


@pytest.mark.parametrize(
    ("demanded", "answered", "accepted", "number", "time"),
    [
        (STAFF, "deux agents à mi-temps", "retenir A-1", 2, "mi-temps"),
        (
            STAFF,
            "deux agents à mi-temps",
            "retenir A-1, 1 agent, 3 jours par semaine",
            1,
            "3 jours par semaine",
        ),
        (
            STAFF.replace("un agent", "3 agents à 4/5 temps"),
            "d'accord",
            "retenir A-1",
            3,
            "4/5 temps",
        ),
        (f"{DEMAND}, 2 exemplaires", "d'accord, à mi-temps", "retenir A-1", 2, ""),
    ],
)
def test_how_many_and_how_long_a_day_is_what_was_said_last(
    world: World, demanded: str, answered: str, accepted: str, number: int, time: str
) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene, demanded)
    bruno.writes(f"répondre A-1 {answered}")
    shown = helene.asks(accepted)
    assert f"Nombre : {number}" in shown.text
    assert (f"Temps de travail : {time}" in shown.text) == bool(time)
    helene.answers(shown, "oui")
    (made,) = world.all(Agreement)
    assert (made.number, made.working_time) == (number, time)


def test_a_no_is_passed_on_and_is_no_answer_to_accept(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    said = bruno.writes("répondre A-1 Non, nous ne pouvons malheureusement pas.")
    assert "transmise" in bruno.got(said)[-1].text
    assert [one.stage for one in world.all(Announcement)] == [Stage.OPEN]
    assert "Avec qui" in helene.asks("retenir A-1").text
    paul.writes("répondre A-1 nous prêtons la nôtre")
    shown = helene.asks("annonce 1").text
    assert "CPAS de Rouvroy : ne peut pas aider cette fois" in shown
    assert "Commune de Virton : aide proposée" in shown
    assert "ne peut pas aider" not in paul.asks("annonce 1").text
    _agreed(helene)
    (made,) = world.all(Agreement)
    assert made.person_id == paul.person_id
    assert "acceptée, du" in helene.asks("annonce 1").text


def test_who_agreed_in_part_is_not_thanked_like_the_others(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene, STAFF)
    bruno.writes("répondre A-1 une personne la première semaine")
    paul.writes("répondre A-1 une personne la deuxième semaine")
    _agreed(helene, "retenir A-1 CPAS de Rouvroy en partie, du 4 au 8 mai 2026")
    said = _agreed(helene, "retenir A-1 Virton, du 11 au 15 mai 2026")
    assert bruno.got(said) == []


def test_one_thing_is_not_lent_twice(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    _posted(paul, "demande une nacelle, du 7 au 12 mai 2026")
    for number in (1, 2):
        bruno.writes(f"répondre A-{number} nous prêtons la nôtre")
    waiting = paul.asks("retenir A-2")
    _agreed(helene)
    # What was shown before the other agreed is looked at again.
    assert "déjà prêté" in paul.replies(waiting, "oui").text
    assert "déjà prêté" in paul.asks("retenir A-2").text
    assert world.count(Agreement) == 1
    _agreed(paul, "retenir A-2, un autre exemplaire")
    assert world.count(Agreement) == 2


def test_an_offer_gives_no_more_than_it_offers(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene, "offre 30 barrières Nadar, du 4 au 8 mai 2026")
    bruno.writes("répondre A-1 il nous en faut 20")
    paul.writes("répondre A-1 nous en voulons 20")
    _agreed(helene, "retenir A-1 CPAS de Rouvroy en partie, 20 barrières")
    assert "déjà" in helene.asks("retenir A-1 Virton, 20 barrières").text
    _agreed(helene, "retenir A-1 Virton, 10 barrières")
    assert [one.number for one in world.all(Agreement)] == [20, 10]
    (lender,) = {one.lender_id for one in world.all(Agreement)}
    assert lender == world.change(lambda s: s.get_one(Person, helene.person_id).institution_id)


def test_who_answered_in_private_can_be_accepted_and_nothing_leaks(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    said = bruno.writes("répondre A-1 en privé nous en avons une, mais ne le dites pas")
    said += _agreed(helene)
    assert world.count(Agreement) == 1
    for one in [*in_members_room(said), *paul.got(said)]:
        assert "Rouvroy" not in one.text


def test_both_go_on_in_private(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    said = _agreed(helene)
    (told,) = [one for one in bruno.got(said) if "C'est convenu" in one.text]
    said = bruno.answers(told, "Passez prendre la clé au garage.")
    (heard,) = helene.got(said)
    assert "la clé au garage" in heard.text
    assert in_members_room(said) == []
    assert paul.got(said) == []
    back = helene.answers(heard, "Entendu, lundi à 8 heures.")
    assert any("lundi à 8 heures" in one.text for one in bruno.got(back))


def test_reminders_before_start_and_end_and_for_the_return(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    start = world.move_to(datetime(2026, 5, 2, 12, tzinfo=UTC))
    assert "commence le" in bruno.got(start)[0].text
    assert "commence le" in helene.got(start)[0].text
    assert "se termine le" in bruno.got(world.move_to(datetime(2026, 5, 6, 12, tzinfo=UTC)))[0].text
    late = world.move_to(datetime(2026, 5, 9, 12, tzinfo=UTC))
    assert "rendu A-2026-0001" in helene.got(late)[0].text
    assert bruno.got(late) == []
    again = world.move_to(datetime(2026, 5, 16, 13, tzinfo=UTC))
    assert "rendu A-2026-0001" in helene.got(again)[0].text
    said = bruno.writes("rendu A-1")
    assert any("signale que c'est rendu" in one.text for one in helene.got(said))
    assert helene.got(world.move_to(datetime(2026, 6, 16, 12, tzinfo=UTC))) == []
    assert [one.state for one in world.all(Agreement)] == [State.RETURNED]


def test_either_side_gives_up_and_the_days_are_free_again(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    said = bruno.writes("annuler l'accord A-1")
    (told,) = [one for one in helene.got(said) if "renonce" in one.text]
    if helene.channel == MAIL:
        assert calendar(told)["STATUS"] == "CANCELLED"
    assert [one.stage for one in world.all(Announcement)] == [Stage.OPEN]
    assert "Rien n'est convenu" in bruno.asks("annuler l'accord A-1").text
    _agreed(helene)
    assert [one.state for one in world.all(Agreement)] == [State.CANCELLED, State.AGREED]


def test_a_calendar_answer_reaches_the_other_side_alone(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    (told,) = [one for one in bruno.got(_agreed(helene)) if "C'est convenu" in one.text]
    event = calendar(told)
    said = bruno.answers(told, "", files=(answer(event, bruno),))
    assert "accepte le rendez-vous" in helene.got(said)[0].text
    # Anybody can write an id.
    said = paul.writes("", files=(answer(event, paul),))
    assert helene.got(said) == []
    assert bruno.got(said) == []


def test_a_loan_between_two_others_is_nobody_elses(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    for words in ("rendu A-1", "annuler l'accord A-1"):
        assert "Rien n'est convenu avec vous" in paul.asks(words).text


@pytest.mark.parametrize("words", ["quitter la conversation A-1", "ne plus suivre A-1"])
def test_who_answered_leaves_the_conversation_and_comes_back(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    paul = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    _posted(helene)
    assert "rien à quitter" in bruno.asks(words).text
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    assert "ne recevez plus" in bruno.asks(words).text
    assert bruno.got(paul.writes("répondre A-1 la nôtre est plus grande")) == []
    bruno.writes("répondre A-1 la nôtre va plus haut")
    assert len(bruno.got(paul.writes("répondre A-1 la nôtre est plus neuve"))) == 1


def _lent(world: World) -> dict[str, int]:
    def work(session: Session) -> dict[str, int]:
        made = session.scalars(select(Agreement)).all()
        return {one.person.institution.name: one.number for one in made}

    return world.change(work)


@pytest.fixture
def tents(world: World) -> tuple[Somebody, Somebody, Somebody]:
    """Musson asks for five tents; Etalle has one, Rouvroy has two."""
    helene, bruno = world.helene(), world.bruno()
    luc = world.member("Luc Petit", "commune", "85009", channel=MAIL)
    helene.answers(helene.asks("demande : 5 tentes du 12 au 14 juin"), "oui")
    luc.writes("répondre A-1 nous pouvons en prêter une")
    bruno.writes("répondre A-1 Nous en avons deux de 4x8")
    return helene, bruno, luc


@pytest.mark.parametrize(
    ("words", "lent"),
    [
        ("retenir A-1 2 de Rouvroy et 1 d'Etalle", {"Commune d'Etalle": 1, "CPAS de Rouvroy": 2}),
        ("retenir A-1 Rouvroy et Etalle", {"Commune d'Etalle": 1, "CPAS de Rouvroy": 2}),
        (
            "répondre A-1 deux tentes de Rouvroy et une tente d'Etalle",
            {"Commune d'Etalle": 1, "CPAS de Rouvroy": 2},
        ),
        (
            "répondre A-1 nous acceptons les deux offres",
            {"Commune d'Etalle": 1, "CPAS de Rouvroy": 2},
        ),
        ("répondre A-1 je prends l'offre d'Etalle", {"Commune d'Etalle": 1}),
        ("répondre A-1 ok pour l'offre de Rouvroy, merci", {"CPAS de Rouvroy": 2}),
        ("retenir A-1 une tente de Rouvroy", {"CPAS de Rouvroy": 1}),
    ],
)
def test_each_lends_what_was_said_of_it(
    world: World,
    tents: tuple[Somebody, Somebody, Somebody],
    words: str,
    lent: dict[str, int],
) -> None:
    helene, _bruno, _luc = tents
    helene.answers(helene.asks(words), "oui")
    assert _lent(world) == lent


def test_an_answer_is_taken_up_by_answering_it(
    world: World, tents: tuple[Somebody, Somebody, Somebody]
) -> None:
    helene, bruno, _luc = tents
    his = [one for one in helene.at_mail().got() if "deux de 4x8" in one.text]
    hers = helene.replies(his[-1], "D'accord, merci") if his else helene.asks(
        "répondre A-1 d'accord pour celles de Rouvroy"
    )  # fmt: skip
    assert "CPAS de Rouvroy" in hers.text
    assert "Commune d'Etalle" not in hers.text
    assert "Nombre : 2" in hers.text
    helene.answers(hers, "oui")
    assert _lent(world) == {"CPAS de Rouvroy": 2}
    assert "C'est convenu" in bruno.got()[-1].text


def test_more_than_was_asked_for_is_remarked(
    tents: tuple[Somebody, Somebody, Somebody],
) -> None:
    helene, _bruno, luc = tents
    assert "plus que ce que" not in helene.asks("retenir A-1 Rouvroy et Etalle").text
    luc.writes("répondre A-1 finalement nous pouvons en prêter 6")
    assert "plus que ce que" in helene.asks("retenir A-1 Etalle").text


def test_how_many_of_each_is_asked_where_nobody_told(
    world: World, tents: tuple[Somebody, Somebody, Somebody]
) -> None:
    helene, _bruno, _luc = tents
    zoe = world.member("Zoe Lang", "commune", "85045", channel=MAIL)
    zoe.writes("répondre A-1 nous pouvons aider")
    assert "Combien de chacune" in helene.asks("retenir A-1 Rouvroy et Virton").text


def test_an_ordinary_word_of_the_author_is_no_acceptance(
    world: World, tents: tuple[Somebody, Somebody, Somebody]
) -> None:
    helene, bruno, _luc = tents
    helene.writes("répondre A-1 Parfait, à quelle heure pouvons-nous venir ?")
    assert "à quelle heure" in bruno.got()[-1].text
    assert world.count(Agreement) == 0


def test_who_leaves_is_told_what_they_promised_and_the_other_side_hears(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    asked = bruno.asks("désinscrire")
    assert "accord A-2026-0001 avec la commune de Musson" in asked.text
    assert "n'est pas annulé" in asked.text
    said = bruno.answers(asked, "oui")
    (told,) = [one for one in helene.got(said) if "quitte la plateforme" in one.text]
    assert bruno.address in told.text
    assert "annuler l'accord" in told.text


def test_the_answer_of_who_left_is_taken_up_no_more(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    bruno.answers(bruno.asks("désinscrire"), "oui")
    assert "Personne n'a encore répondu" in helene.asks("retenir A-1").text


@pytest.mark.parametrize(
    "words", ["c'est rendu", "Oui, il est bien rendu.", "Bonjour, nous l'avons rapportée hier"]
)
def test_it_is_back_said_in_words(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    asked = [
        one for one in helene.got(world.move_to(datetime(2026, 5, 10, 9, tzinfo=UTC)))
        if "Est-il rendu" in one.text
    ]  # fmt: skip
    assert "C'est noté" in helene.replies(asked[0], words).text
    assert [one.state for one in world.all(Agreement)] == [State.RETURNED]
    assert "signale que c'est rendu" in bruno.got()[-1].text


def test_a_question_about_the_return_is_passed_on(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    (asked,) = [
        one for one in helene.got(world.move_to(datetime(2026, 5, 10, 9, tzinfo=UTC)))
        if "Est-il rendu" in one.text
    ]  # fmt: skip
    helene.answers(asked, "Sera-t-elle rendue au dépôt ou chez vous ?")
    assert [one.state for one in world.all(Agreement)] == [State.AGREED]
    assert "au dépôt" in bruno.got()[-1].text


def test_of_two_lenders_it_is_asked_whose_is_back(
    world: World, tents: tuple[Somebody, Somebody, Somebody]
) -> None:
    helene, _bruno, _luc = tents
    helene.answers(helene.asks("retenir A-1 Rouvroy et Etalle"), "oui")
    assert "Rendu à qui" in helene.asks("rendu A-1").text
    helene.asks("rendu A-1 Rouvroy")
    assert sorted(one.state for one in world.all(Agreement)) == [State.AGREED, State.RETURNED]


def test_a_renunciation_says_why_and_calls_the_others_again(
    tents: tuple[Somebody, Somebody, Somebody],
) -> None:
    helene, bruno, luc = tents
    helene.answers(helene.asks("retenir A-1 Rouvroy"), "oui")
    said = bruno.writes("annuler l'accord A-1, motif : les tentes sont abîmées")
    assert any("les tentes sont abîmées" in one.text for one in helene.got(said))
    assert any("rouverte" in one.text for one in luc.got(said))


def test_what_is_agreed_is_talked_about(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _posted(helene)
    bruno.writes("répondre A-1 nous prêtons la nôtre")
    _agreed(helene)
    helene.writes("répondre A-1 Nous prenons la nacelle lundi à 8 h.")
    assert any("lundi à 8 h" in one.text for one in bruno.got())
    assert world.count(Agreement) == 1


@pytest.mark.parametrize("channel", [MATRIX])
def test_in_a_thread_the_answer_that_is_replied_to_is_meant(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    luc = world.member("Luc Petit", "commune", "85009")
    published = helene.answers(helene.asks("demande : 5 tentes du 12 au 14 juin"), "oui")
    (root,) = in_members_room(published)
    bruno.writes("répondre A-1 Nous en avons deux")
    there = luc.elsewhere(Place.MEMBERS)
    answer_, _said = there.sends(
        "nous en avons une", addressed=False, thread=root.external_id, answers=(root.external_id,)
    )
    said = helene.elsewhere(Place.MEMBERS).writes(
        "D'accord, merci",
        addressed=False,
        thread=root.external_id,
        answers=(answer_.external_id,),
    )
    shown = [one for one in said if "serait convenu" in one.text]
    assert len(shown) == 1
    assert "Commune d'Etalle" in shown[0].text
    assert "Nombre : 1" in shown[0].text
