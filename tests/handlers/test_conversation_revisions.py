"""Messages that are edited or deleted after they were sent, and who hears of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.request import Incoming, IncomingFile, Kind, Place
from storage.announcements import Announcement, Confidant, Contribution, Stage
from storage.audit import AuditEntry
from storage.conversations import Question
from storage.files import StoredFile
from storage.inbox import Entry
from storage.members import Person
from storage.order_states import OrderState
from storage.orders import Order
from storage.outbox import Row, State
from tests.handlers.conversation import MATRIX, Said, Somebody, World, in_members_room

OFFER = "offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"
SMALLER = "offre une pelleteuse de 3 tonnes, du 1 au 15 juin 2026"
QUESTION = "Bonjour, quelles sont les heures d'ouverture de vos bureaux pendant l'été, svp ?"
pytestmark = pytest.mark.parametrize("channel", [MATRIX])


def texts(said: list[Said]) -> list[str]:
    return [one.text for one in said if one.action == "message"]


def redacted(world: World, said: list[Said]) -> set[str]:
    """The words of the messages that were taken back, as they were when they were sent."""
    follows = {one.row.follows_id for one in said if one.action == "redact"}
    return {one.text for one in world.said if one.row.id in follows}


def published(author: Somebody, words: str = OFFER) -> tuple[Incoming, Said]:
    """An announcement that is out: the message it was written in, and its post in the room."""
    message, (shown,) = author.sends(words)
    said = author.reacts(shown, "✅")
    return message, in_members_room(said)[0]


# -- editing --------------------------------------------------------------------------------


def test_an_edited_question_is_answered_again(world: World) -> None:
    helene = world.helene()
    message, first = helene.sends("statistiqes")
    assert "vouliez-vous dire" in texts(first)[0]
    (again,) = helene.edits(message, "statistiques")
    assert "institution" in again.text
    # Programs show the first version with its new words: it is what is answered.
    assert again.answers == message.external_id


def test_an_edited_caption_is_read_anew_with_its_file(world: World) -> None:
    helene, deed = world.helene(), IncomingFile("d.pdf", "application/pdf", b"%PDF-1.7 d")
    message, _first = helene.sends("offr une pelleteuse, du 1 au 15 juin 2026", files=(deed,))
    (draft,) = [o for o in helene.edits(message, OFFER, files=(deed,)) if "confirm" in o.text]
    posted = in_members_room(helene.reacts(draft, "✅"))
    assert sum(one.files for one in posted) == 1


def test_the_answer_to_an_edit_stays_in_the_thread(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    message, _first = helene.sends("aide", thread="$root", answers=("$root",))
    (again,) = helene.edits(message, "statistiques")
    assert (again.thread, again.answers) == ("$root", message.external_id)


def test_the_same_words_again_are_nothing_new(world: World) -> None:
    helene = world.helene()
    message, _first = helene.sends("aide")
    assert helene.edits(message, " aide ") == []


def test_an_edited_draft_is_drafted_anew(world: World) -> None:
    helene = world.helene()
    message, (shown,) = helene.sends(OFFER)
    (again,) = helene.edits(message, SMALLER)
    assert "3 tonnes" in again.text
    stages = [kept.stage for kept in world.all(Announcement)]
    assert stages == [Stage.WITHDRAWN, Stage.DRAFT]
    assert "n'attend plus" in texts(helene.reacts(shown, "✅"))[0]
    said = in_members_room(helene.reacts(again, "✅"))
    assert "3 tonnes" in said[0].text


def test_what_was_done_is_not_done_again(world: World) -> None:
    helene = world.helene()
    message, _first = helene.sends("rythme quotidien")
    (told,) = helene.edits(message, "rythme jamais")
    assert "déjà été exécuté" in told.text
    assert "jour" in helene.asks("rythme").text


def test_an_edited_yes_changes_nothing(world: World) -> None:
    helene = world.helene()
    (shown,) = helene.writes(OFFER)
    yes, _published = helene.sends("oui")
    (told,) = helene.edits(yes, "non")
    assert "déjà été exécuté" in told.text
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.OPEN]
    del shown


def test_nobody_edits_for_somebody_else(world: World) -> None:
    helene, mallory = world.helene(), world.stranger("mallory")
    message, (shown,) = helene.sends(OFFER)
    before = world.count(Entry)
    for attack in (
        {"kind": Kind.EDIT, "revises": message.external_id},
        {"kind": Kind.WITHDRAWAL, "revises": message.external_id},
    ):
        assert mallory.writes("statistiques", **attack) == []
        in_room = {"place": Place.MEMBERS, "direct": False}
        assert mallory.writes("oui", **attack | in_room) == []
    assert world.count(Entry) == before
    assert helene.reacts(shown, "✅")
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.OPEN]


def test_a_message_is_changed_where_it_was_said_only(world: World) -> None:
    helene = world.helene()
    message, _shown = helene.sends(OFFER)
    elsewhere = helene.elsewhere(Place.MEMBERS)
    assert elsewhere.edits(message, SMALLER) == elsewhere.deletes(message) == []
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.DRAFT]


def test_what_could_not_be_handled_may_be_deleted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_ctx: object) -> None:
        raise ValueError("a fault of ours")

    usual = next(c for c in world.table.commands if c.name == "statistiques")
    monkeypatch.setitem(world.table._names, "statistiques", replace(usual, run=fails))
    helene = world.helene()
    message, said = helene.sends("statistiques")
    assert "n'ai pas pu traiter" in helene.got(said)[0].text
    helene.deletes(message)
    assert forgotten(world, "statistiques")
    (reference,) = [entry.reference for entry in world.entries() if entry.reference]
    assert not world.change(lambda s: world.dispatcher.retry(s, reference, world.clock.now()))


def test_what_becomes_meant_for_us_is_answered(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    message, nothing = helene.sends("aide", addressed=False)
    assert (nothing, world.count(Entry)) == ([], 0)
    assert helene.edits(message, "aide", addressed=False) == []
    assert len(helene.edits(message, "aide")) == 1


def test_what_is_no_longer_meant_for_us_is_left_alone(world: World) -> None:
    helene = world.helene().elsewhere(Place.MEMBERS)
    message, _asked = helene.sends("statistiqes")
    assert helene.edits(message, "bonjour à tous", addressed=False) == []


def test_the_same_edit_counts_once(world: World) -> None:
    helene = world.helene()
    message, _first = helene.sends("aide")
    change = helene.message("statistiques", kind=Kind.EDIT, revises=message.external_id)
    assert len(world.take(change)) == 1
    assert world.take(change) == []


def test_an_announcement_that_is_out_is_corrected_after_a_yes(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    message, _post = published(helene)
    (asked,) = helene.edits(message, SMALLER)
    assert "remplacerait" in asked.text
    assert [kept.words for kept in world.all(Announcement)] == [OFFER.removeprefix("offre ")]
    said = helene.reacts(asked, "✅")
    room, mail = in_members_room(said), bruno.got(said)
    assert ["3 tonnes" in one.text for one in (*room, *mail)] == [True, True]
    assert room[0].thread
    assert [kept.words for kept in world.all(Announcement)] == [SMALLER.removeprefix("offre ")]


def test_a_correction_is_answered_by_its_author_alone(world: World) -> None:
    helene, mallory = world.helene(), world.member("Mallory M", "cpas", "85026")
    message, _post = published(helene)
    (asked,) = helene.edits(message, SMALLER)
    assert mallory.reacts(asked, "✅") == []
    assert "8 tonnes" in world.all(Announcement)[0].words


def test_a_correction_may_not_tell_of_a_third_person(world: World) -> None:
    helene = world.helene()
    message, _post = published(helene)
    (told,) = helene.edits(message, f"{OFFER}. Notre ouvrier Luc est en burn-out.")
    assert "élément personnel" in told.text
    assert "burn-out" not in world.all(Announcement)[0].words


def test_an_edited_answer_reaches_who_reads_by_mail(world: World) -> None:
    bruno, helene = world.bruno(), world.helene()
    (shown,) = bruno.writes(OFFER)
    (post,) = in_members_room(bruno.answers(shown, "oui"))
    in_room = helene.elsewhere(Place.MEMBERS)
    thread = {"thread": post.external_id, "answers": (post.external_id,), "addressed": False}
    message, first = in_room.sends("Nous la prenons le 3 juin.", **thread)
    assert len(bruno.got(first)) == 1
    (told,) = in_room.edits(message, "Nous la prenons le 4 juin.", addressed=False)
    assert (told.channel, "corrige sa réponse" in told.text, "4 juin" in told.text) == (
        "mail",
        True,
        True,
    )
    assert [said.words for said in world.all(Contribution)] == ["Nous la prenons le 4 juin."]


def test_an_answer_by_command_is_corrected_in_the_room_too(world: World) -> None:
    helene, lea = world.helene(), world.member("Léa L", "cpas", "85026")
    published(helene)
    message, _first = lea.sends("répondre A-1 Nous la prenons le 3 juin.")
    said = lea.edits(message, "répondre A-1 Nous la prenons le 4 juin.")
    assert ["4 juin" in one.text for one in in_members_room(said)] == [True]
    assert "transmise" in lea.got(said)[-1].text
    assert [one.words for one in world.all(Contribution)] == ["Nous la prenons le 4 juin."]


def test_an_edited_question_reaches_the_person_who_answers(world: World) -> None:
    helene = world.helene()
    message, _first = helene.sends(QUESTION)
    said = helene.edits(message, QUESTION.replace("été", "hiver"))
    (admins,) = [one for one in said if one.destination == "room:admins"]
    assert "Correction" in admins.text
    assert "hiver" in admins.text


def test_an_edited_answer_of_a_person_reaches_the_asker_again(world: World) -> None:
    bruno = world.bruno()
    (asked,) = [one for one in bruno.writes(QUESTION) if one.destination == "room:admins"]
    answer = {"answers": (asked.external_id,), "addressed": False}
    message, first = world.camille.sends("De 9 à 16 heures.", **answer)
    assert "De 9 à 16" in bruno.got(first)[0].text
    (told,) = bruno.got(world.camille.edits(message, "De 9 à 15 heures.", addressed=False))
    assert "Correction" in told.text
    assert "De 9 à 15" in told.text
    (gone,) = bruno.got(world.camille.deletes(message))
    assert "n'en tenez plus compte" in gone.text


def test_a_question_that_becomes_a_command_is_taken_from_who_answers(world: World) -> None:
    helene = world.helene()
    message, first = helene.sends(QUESTION)
    (asked,) = [one for one in first if one.destination == "room:admins"]
    said = helene.edits(message, "statistiques")
    assert asked.text in redacted(world, said)
    assert "institution" in helene.got(said)[-1].text


def test_an_edited_answer_to_a_question_answers_it_again(world: World) -> None:
    visitor = world.stranger()
    (asked,) = visitor.writes("inscrire Commune de Musson")
    answer, _asked = visitor.sends("Helene", answers=(asked.external_id,))
    said = visitor.edits(answer, "Hélène Lambiotte, helene.lambiotte@musson.example, 063 00 07 41")
    receipt = visitor.finishes(visitor.got(said)[-1])
    assert "commune de Musson" in receipt.text
    assert [one.name for one in world.all(Person)] == ["Hélène Lambiotte"]


def test_an_edited_no_to_an_offer_is_a_yes(world: World) -> None:
    helene = world.helene()
    helene.writes("statistiqes")
    no, _told = helene.sends("non")
    assert "institution" in helene.edits(no, "oui")[0].text


def test_money_moves_once_whatever_is_edited(shop: World) -> None:
    helene = shop.helene()
    helene.writes("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    message, _shown = helene.sends("commander e-guichet")
    (shown,) = [s for s in helene.edits(message, "commander e-guichet 2") if s.answers]
    assert [order.state for order in shop.all(Order)] == [OrderState.DROPPED, OrderState.DRAFT]
    yes = helene.message("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    shop.take(yes)
    told = [*helene.edits(message, "commander e-guichet 3"), *helene.edits(yes, "❌")]
    assert ["déjà été exécuté" in one.text for one in told] == [True]
    for one in (message, yes):
        assert "reste fait" in texts(helene.deletes(one))[-1]
    assert [order.state for order in shop.all(Order)] == [OrderState.DROPPED, OrderState.SENT]
    # The order form is a document of the contract, whoever deletes what.
    shop.move_to(shop.clock.now() + timedelta(days=3))
    forms = [order.form_id for order in shop.all(Order) if order.form_id]
    kept = {file.id: file.size for file in shop.all(StoredFile)}
    assert [kept[form] > 1000 for form in forms] == [True]


# -- deleting -------------------------------------------------------------------------------


def forgotten(world: World, word: str) -> bool:
    """Whether a word is in no row of the inbox, the questions and what was sent."""
    kept = [json.dumps([e.record for e in world.entries()])]
    kept += [json.dumps(q.data) for q in world.all(Question)]
    kept += [json.dumps(row.payload) for row in world.all(Row)]
    kept += [a.words for a in world.all(Announcement)] + [c.words for c in world.all(Contribution)]
    return not any(word in text for text in kept)


def test_a_deleted_question_goes_with_its_answer(world: World) -> None:
    helene = world.helene()
    message, (answer,) = helene.sends("statistiqes")
    said = helene.deletes(message)
    assert redacted(world, said) == {answer.text}
    assert texts(said) == []
    assert forgotten(world, "statistiqes")


def test_a_deleted_command_drops_what_waits_for_its_yes(world: World) -> None:
    helene = world.helene()
    message, (shown,) = helene.sends(OFFER)
    said = helene.deletes(message)
    assert redacted(world, said) == {shown.text}
    assert "rien n'a été envoyé" in texts(said)[0]
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.WITHDRAWN]
    assert "n'attend plus" in texts(helene.reacts(shown, "✅"))[0]
    assert forgotten(world, "pelleteuse")


def test_what_was_done_stays_done(world: World) -> None:
    helene = world.helene()
    message, _first = helene.sends("rythme quotidien")
    (told,) = helene.deletes(message)
    assert "reste fait" in told.text
    assert "jour" in helene.asks("rythme").text


def test_a_removed_tick_says_what_stays_done(world: World) -> None:
    helene = world.helene()
    (shown,) = helene.writes(OFFER)
    tick = helene.message("✅", kind=Kind.REACTION, answers=(shown.external_id,))
    world.take(tick)
    (told,) = helene.deletes(tick)
    assert "reste fait" in told.text
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.OPEN]


def test_a_deleted_announcement_is_closed_and_taken_back(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    message, post = published(helene)
    said = helene.deletes(message)
    assert post.text in redacted(world, said)
    told = helene.got(said)[-1]
    assert "retirée" in told.text
    # A mail that was sent stays where it is: its author is told so.
    assert "1 personne l'avait déjà reçue" in told.text
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.WITHDRAWN]
    assert not [one for one in bruno.got(said) if "pelleteuse" in one.text]


def test_the_files_of_a_deleted_announcement_are_forgotten(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    file = IncomingFile("plan.pdf", "application/pdf", b"%PDF-1.7 a plan")
    message, (shown,) = helene.sends(OFFER, files=(file,))
    said = helene.reacts(shown, "✅")
    assert bruno.got(said)[0].files == 1
    helene.deletes(message)
    world.move_to(world.clock.now() + timedelta(days=2))
    assert {(kept.name, kept.size) for kept in world.all(StoredFile)} == {("", 0)}


def test_a_deleted_answer_is_taken_back(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    lea = world.member("Léa L", "cpas", "85026")
    _message, _post = published(helene)
    bruno.writes("répondre A-1 Nous aussi.")
    message, first = lea.sends("répondre A-1 Nous la prenons le 3 juin.")
    assert len(bruno.got(first)) == 1
    said = lea.deletes(message)
    assert [one for one in redacted(world, said) if "3 juin" in one]
    assert ["retire sa réponse" in one.text for one in bruno.got(said)] == [True]
    assert "1 personne l'avait déjà reçue" in lea.got(said)[-1].text
    assert [one.words for one in world.all(Contribution)] == ["Nous aussi."]
    assert forgotten(world, "3 juin")


def test_a_deleted_private_answer_is_taken_from_its_only_reader(world: World) -> None:
    helene, lea = world.helene(), world.member("Léa L", "cpas", "85026")
    published(helene)
    message, first = lea.sends("répondre A-1 en privé Nous la prenons le 3 juin.")
    assert ["3 juin" in one.text for one in helene.got(first)] == [True]
    said = lea.deletes(message)
    assert [one for one in redacted(world, said) if "3 juin" in one]
    assert texts(helene.got(said)) == []
    assert texts(lea.got(said)) == ["Votre réponse est retirée."]
    assert world.count(Confidant) == 0
    assert forgotten(world, "3 juin")


def test_who_keeps_a_deleted_private_answer_is_told_not_to_count_on_it(world: World) -> None:
    bruno, lea = world.bruno(), world.member("Léa L", "cpas", "85026")
    bruno.answers(bruno.asks(OFFER), "oui")
    message, _first = lea.sends("répondre A-1 en privé Nous la prenons le 3 juin.")
    said = lea.deletes(message)
    assert ["retire sa réponse privée" in one.text for one in bruno.got(said)] == [True]
    assert "1 personne l'avait déjà reçue" in lea.got(said)[-1].text
    assert {one.destination for one in said} == {bruno.conversation, lea.conversation}


@pytest.mark.parametrize("now", ["répondre A-1 en privé le 8 juin", "répondre A-1 le 8 juin"])
def test_an_edited_private_answer_stays_private(world: World, now: str) -> None:
    helene, bruno, lea = world.helene(), world.bruno(), world.member("Léa L", "cpas", "85026")
    published(helene)
    bruno.writes("répondre A-1 Nous aussi.")
    message, _first = lea.sends("répondre A-1 en privé Nous la prenons le 3 juin.")
    said = lea.edits(message, now)
    (told,) = helene.got(said)
    assert "corrige sa réponse privée" in told.text
    assert "le 8 juin" in told.text
    assert "A-1" not in told.text
    assert "et à personne d'autre" in lea.got(said)[-1].text
    assert {one.destination for one in said} == {helene.conversation, lea.conversation}
    assert world.count(Contribution) == 1


def test_what_has_not_left_yet_does_not_leave(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    lea = world.member("Léa L", "cpas", "85026")
    published(helene)
    bruno.writes("répondre A-1 Nous aussi.")
    message = lea.message("répondre A-1 Nous la prenons le 3 juin.")
    deletion = lea.message("", kind=Kind.WITHDRAWAL, revises=message.external_id)
    said = world.take(message, deletion)
    assert bruno.got(said) == []
    assert not [one for one in said if "3 juin" in one.text]
    dropped = [row for row in world.all(Row) if row.state == State.DROPPED]
    assert {row.payload.get("erased") for row in dropped} == {True}
    assert forgotten(world, "3 juin")


def test_a_deleted_enquiry_is_taken_from_who_answers(world: World) -> None:
    helene = world.helene()
    message, first = helene.sends(QUESTION)
    (asked,) = [one for one in first if one.destination == "room:admins"]
    said = helene.deletes(message)
    assert asked.text in redacted(world, said)
    assert "retiré" in helene.got(said)[-1].text
    assert forgotten(world, "ouverture")


def test_whoever_looks_after_the_platform_may_delete(world: World) -> None:
    helene, camille = world.helene().elsewhere(Place.MEMBERS), world.camille
    message, _first = helene.sends("statistiqes")
    camille.elsewhere(Place.MEMBERS).deletes(message)
    assert forgotten(world, "statistiqes")


def test_a_deletion_is_kept_without_words(world: World) -> None:
    helene = world.helene()
    message, _first = helene.sends("statistiqes")
    helene.deletes(message)
    assert [entry.action for entry in world.all(AuditEntry)] == ["message.withdrawn"]
    assert helene.deletes(message) == []
    assert helene.edits(message, "statistiques") == []
