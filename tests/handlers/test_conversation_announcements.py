"""Demands and offers: drafted, confirmed once, sent to all, answered in one conversation."""

from __future__ import annotations

import pytest

from handlers.request import Place
from storage.announcements import Announcement, Contribution, Stage
from tests.handlers.conversation import MATRIX, Said, Somebody, World, in_members_room

DEMAND = "demande un agent pour le service population, du 4 au 29 mai 2026, service bloqué"


def _stages(world: World) -> list[str]:
    return [kept.stage for kept in world.all(Announcement)]


def _published(helene: Somebody) -> list[Said]:
    """Hélène's demand goes out; everything that was said then."""
    return helene.answers(helene.asks(DEMAND), "oui")


def test_a_draft_is_shown_and_nothing_is_sent(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = helene.writes(DEMAND)
    (draft,) = said
    for fact in ("service population", "4 mai 2026", "29 mai 2026", "service bloqué"):
        assert fact in draft.text
    assert bruno.got() == []
    assert _stages(world) == [Stage.DRAFT]


def test_a_confirmed_announcement_reaches_everybody_once(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    neighbour = world.member("Paul Chat", "commune", "85045", channel=MATRIX)
    said = _published(helene)
    (receipt,) = [one for one in said if one.answers]
    assert "A-2026-0001" in receipt.text
    (post,) = in_members_room(said)
    (mail,) = bruno.got(said)
    for one in (post, mail):
        assert "un agent pour le service population" in one.text
        assert "A-2026-0001" in one.text
    assert neighbour.got(said) == []  # reads it in the room
    assert "2 autres institutions" in receipt.text
    assert len(said) == 3


@pytest.mark.parametrize("answer", ["confirmer", "Oui, merci !", "OK\n\nHélène"])
def test_a_yes_may_be_said_in_several_ways(world: World, answer: str) -> None:
    helene = world.helene()
    helene.answers(helene.asks(DEMAND), answer)
    assert _stages(world) == [Stage.OPEN]


def test_a_symbol_confirms(world: World) -> None:
    helene = world.helene()
    helene.reacts(helene.asks(DEMAND), "✅")
    assert _stages(world) == [Stage.OPEN]


def test_a_symbol_cancels(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.reacts(helene.asks(DEMAND), "❌")
    assert _stages(world) == [Stage.WITHDRAWN]
    assert bruno.got() == []


def test_a_word_without_reference_answers_the_latest_question(world: World) -> None:
    helene = world.helene()
    helene.asks(DEMAND)
    helene.asks("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026")
    helene.writes("oui")
    assert _stages(world) == [Stage.DRAFT, Stage.OPEN]


def test_a_cancelled_announcement_is_not_sent(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    draft = helene.asks(DEMAND)
    helene.answers(draft, "non")
    helene.answers(draft, "oui")
    assert _stages(world) == [Stage.WITHDRAWN]
    assert bruno.got() == []


def test_confirming_twice_sends_once(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    draft = helene.asks(DEMAND)
    for _ in range(2):
        helene.answers(draft, "oui")
    assert _stages(world) == [Stage.OPEN]
    assert len(bruno.got()) == 1


def test_a_draft_that_changed_since_is_not_sent(world: World) -> None:
    helene = world.helene()
    draft = helene.asks(DEMAND)
    (kept,) = world.all(Announcement)
    world.change(lambda s: setattr(s.get_one(Announcement, kept.id), "words", "autre chose"))
    refused = helene.replies(draft, "oui")
    assert "changé" in refused.text
    assert _stages(world) == [Stage.DRAFT]


def test_nobody_else_confirms(world: World) -> None:
    helene = world.helene()
    other = world.member("Paul Chat", "commune", "85045")
    other.answers(helene.asks(DEMAND), "oui")
    assert _stages(world) == [Stage.DRAFT]


def test_health_data_is_held_back(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    refused = helene.asks(
        "demande un remplaçant pour Mme Dupont, en congé de maladie pour dépression"
    )
    assert "n'est pas envoyé" in refused.text
    assert world.count(Announcement) == 0
    assert bruno.got() == []


# -- answering --------------------------------------------------------------------------------


def test_an_answer_by_mail_reaches_the_author_and_the_thread(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    published = _published(helene)
    (post,) = in_members_room(published)
    (broadcast,) = bruno.got(published)
    said = bruno.answers(broadcast, "Nous avons une personne trois jours par semaine.")
    (receipt,) = [one for one in said if one.destination == bruno.address]
    assert "A-2026-0001" in receipt.text
    (contribution,) = in_members_room(said)
    assert "trois jours par semaine" in contribution.text
    assert contribution.thread == post.external_id
    if helene.channel == MATRIX:
        assert helene.got(said) == []  # reads it in the thread
    else:
        (told,) = helene.got(said)
        assert "trois jours par semaine" in told.text
    assert world.count(Contribution) == 1


def test_an_answer_in_the_thread_of_the_room_reaches_the_mailboxes(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    neighbour = world.member("Paul Chat", "commune", "85045", channel=MATRIX)
    published = _published(helene)
    (post,) = in_members_room(published)
    (broadcast,) = bruno.got(published)
    bruno.answers(broadcast, "Chez nous peut-être.")
    said = neighbour.elsewhere(Place.MEMBERS).writes(
        "Nous aussi, dès lundi.", addressed=False, answers=(post.external_id,), thread="$x"
    )
    readers = [bruno] if helene.channel == MATRIX else [bruno, helene]
    for reader in readers:
        (told,) = reader.got(said)
        assert "dès lundi" in told.text
    assert in_members_room(said) == []  # it stands there already
    assert world.count(Contribution) == 2


def test_an_answer_by_its_number_from_the_other_channel(world: World) -> None:
    helene = world.helene()
    _published(helene)
    other = world.member("Paul Chat", "commune", "85045")
    receipt = other.asks("répondre A-1 nous avons quelqu'un")
    assert "A-2026-0001" in receipt.text
    (one,) = world.all(Contribution)
    assert one.words == "nous avons quelqu'un"


def test_an_answer_by_somebody_who_is_no_member_is_refused(world: World) -> None:
    _published(world.helene())
    refused = world.stranger().asks("répondre A-1 moi !")
    assert "inscrire" in refused.text
    assert world.count(Contribution) == 0


def test_a_stranger_who_learnt_the_id_of_a_mail_does_not_take_part(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    thief = Somebody(world, bruno.channel, "thief@ailleurs.example")
    refused = thief.replies(broadcast, "Moi aussi !")
    assert "membres" in refused.text
    assert world.count(Contribution) == 0


def test_an_unknown_announcement_is_refused_with_the_way_to_see_them(world: World) -> None:
    refused = world.helene().asks("répondre A-99 volontiers")
    assert "annonces" in refused.text


def test_open_announcements_are_listed_for_members(world: World) -> None:
    helene = world.helene()
    assert "A-2026-0001" not in helene.asks("annonces").text
    _published(helene)
    assert "A-2026-0001" in helene.asks("annonces").text
