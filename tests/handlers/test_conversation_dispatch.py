"""What holds for every message: taken once, answered once, faults shelved, others undisturbed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import event

from handlers.command import Command
from handlers.request import Kind, Place
from storage import cursors, inbox
from storage.announcements import Announcement, Stage
from storage.cursors import Cursor, Fenced
from storage.files import StoredFile
from storage.inbox import Entry, State
from storage.members import Institution
from storage.outbox import Row
from storage.outbox import State as RowState
from tests.handlers.conversation import (
    MATRIX,
    Somebody,
    World,
    in_members_room,
    to_administrators,
)

# -- taking -----------------------------------------------------------------------------------


def test_the_same_message_twice_changes_nothing(world: World) -> None:
    helene = world.helene()
    message = helene.message("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026")
    assert len(world.take(message)) == 1
    assert world.take(message) == []
    assert world.take(message, message) == []
    assert (world.count(Announcement), world.count(Entry)) == (1, 1)


def test_a_batch_moves_the_cursor_with_what_it_changed(world: World) -> None:
    world.stranger().asks("aide")
    cursor = world.change(lambda session: cursors.read(session, world.channel))
    assert cursor
    assert cursor.startswith("cursor-")


def test_a_fenced_reader_commits_nothing(world: World) -> None:
    visitor = world.stranger()
    world.epoch = 2
    visitor.asks("aide")
    world.epoch = 1
    with pytest.raises(Fenced):
        visitor.writes("catalogue")
    assert (world.count(Entry), world.count(Row)) == (1, 1)
    (cursor,) = world.all(Cursor)
    assert cursor.epoch == 2


@pytest.mark.parametrize("words", ["aide", "catalogue", "centrales"])
def test_nothing_is_asked_of_the_database_again_and_again(world: World, words: str) -> None:
    """Every question costs a bot under load more than its answer is worth."""
    world.load_catalogue()
    visitor = world.stranger()
    visitor.asks("aide")
    asked: Counter[tuple[str, str]] = Counter()

    def note(
        _connection: object, _cursor: object, statement: str, facts: object, *_: object
    ) -> None:
        asked[statement, repr(facts)] += statement.startswith("SELECT")

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        visitor.asks(words)
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
    assert asked
    assert [statement for (statement, _facts), times in asked.items() if times > 3] == []


def test_files_are_kept_with_the_message(world: World) -> None:
    world.stranger().attaches("Voici notre décision, merci de nous dire la suite.", "a.pdf", b"%P")
    (entry,) = world.entries()
    ids = world.change(lambda session: inbox.files_of(session, session.get_one(Entry, entry.id)))
    assert ids
    assert [one.name for one in world.all(StoredFile)].count("a.pdf") >= 1


# -- what is not for us -----------------------------------------------------------------------


def test_automatic_mail_is_kept_and_never_answered(world: World) -> None:
    said = world.stranger().writes("Je suis absent.", subject="Absence", automatic=True)
    assert said == []
    assert len(world.entries()) == 1


def test_an_automatic_answer_to_a_question_of_ours_confirms_nothing(world: World) -> None:
    helene = world.helene()
    draft = helene.asks("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026")
    assert helene.answers(draft, "oui", automatic=True) == []
    assert [kept.stage for kept in world.all(Announcement)] == [Stage.DRAFT]


@pytest.fixture
def neighbour(world: World) -> Somebody:
    """A member in the members' room."""
    return world.member("Paul Chat", "commune", "85045", channel=MATRIX).elsewhere(Place.MEMBERS)


def test_what_members_say_among_themselves_is_not_even_kept(
    world: World, neighbour: Somebody
) -> None:
    assert neighbour.writes("Qui vient manger à midi ?", addressed=False) == []
    assert neighbour.writes("Moi", addressed=False, answers=("$theirs",), thread="$theirs") == []
    assert neighbour.writes("👍", kind=Kind.REACTION, answers=("$theirs",)) == []
    assert world.entries() == []
    assert world.count(Row) == 0


def test_what_is_addressed_to_us_in_the_room_is_answered_there(
    world: World, neighbour: Somebody
) -> None:
    assert "e-plateforme" in neighbour.asks("aide").text
    assert len(world.entries()) == 1


def test_a_reaction_to_an_announcement_says_nothing(world: World, neighbour: Somebody) -> None:
    helene = world.helene()
    said = helene.answers(helene.asks("offre une pelleteuse, du 1 au 15 juin 2026"), "oui")
    (post,) = in_members_room(said)
    assert neighbour.writes("👍", kind=Kind.REACTION, answers=(post.external_id,)) == []


def test_an_invitation_is_accepted(world: World) -> None:
    visitor = Somebody(world, MATRIX, "@visiteur:supracom.example")
    (said,) = visitor.writes("", kind=Kind.INVITATION)
    assert (said.action, said.row.payload["room"]) == ("join", visitor.conversation)


def test_our_own_copy_ends_an_unclear_delivery(world: World) -> None:
    said = world.stranger().asks("aide")

    def unclear(session: object) -> str:
        row = session.get_one(Row, said.row.id)  # type: ignore[attr-defined] # a Session
        row.state, row.unclear = RowState.DUE, True
        return str(row.key)

    key = world.change(unclear)
    copy = world.stranger().message("", kind=Kind.COPY, external_id="$copy", tag=key)
    assert world.take(copy) == []
    (row,) = world.all(Row)
    assert (row.state, row.external_id) == (RowState.SENT, "$copy")


@pytest.mark.parametrize("automatic", [False, True])
def test_what_cannot_be_read_reaches_a_person(world: World, automatic: bool) -> None:
    said = world.stranger().writes("", kind=Kind.UNREADABLE, automatic=automatic)
    (told,) = to_administrators(said)
    assert world.stranger().address in told.text
    assert len([one for one in said if one.answers]) == (0 if automatic else 1)


# -- faults -----------------------------------------------------------------------------------


class Bomb:
    """A command that fails as often as it is told to, after having changed something."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.runs = 0
        self.failures = 1_000
        call = world.table.find("aide")
        assert call is not None
        self._works = call.command

    def run(self, ctx: object, words: str) -> object:
        """Change something, then fail."""
        self.runs += 1
        session = ctx.session  # type: ignore[attr-defined] # a Context
        session.add(
            Institution(
                type="commune",
                code=f"{self.runs}",
                name="half done",
                state="left",
                requested_at=self.world.clock.now(),
            )
        )
        session.flush()
        if self.runs <= self.failures:
            raise ZeroDivisionError
        return self._works.run(ctx, words)

    @property
    def command(self) -> Command:
        """« aide », but dangerous."""
        return replace(self._works, run=self.run)  # type: ignore[arg-type] # of the same form


@pytest.fixture
def bomb(world: World, monkeypatch: pytest.MonkeyPatch) -> Bomb:
    """The platform's help fails."""
    bomb = Bomb(world)
    monkeypatch.setitem(world.table._names, "aide", bomb.command)
    return bomb


def test_a_fault_is_shelved_apologised_for_and_reported(world: World, bomb: Bomb) -> None:
    said = world.stranger().writes("aide")
    assert bomb.runs == world.platform.settings.receiver.attempts
    (apology,) = [one for one in said if one.answers]
    (told,) = to_administrators(said)
    assert "E-2026-0001" in apology.text
    assert "E-2026-0001" in told.text
    assert "ZeroDivisionError" in told.text
    (entry,) = world.entries()
    assert (entry.state, entry.reference) == (State.SHELVED, "E-2026-0001")
    assert "ZeroDivisionError" in (entry.traceback or "")
    assert world.count(Institution) == 0


def test_the_rest_of_the_batch_is_not_disturbed(world: World, bomb: Bomb) -> None:
    del bomb
    people = [world.stranger(name) for name in ("a", "b", "c")]
    words = ["inscrire Commune de Musson", "aide", "centrales"]
    said = world.take(*(one.message(text) for one, text in zip(people, words, strict=True)))
    answers = {one.destination: one.text for one in said if one.answers}
    assert "personne désignée" in answers[people[0].conversation]
    assert "E-2026-0001" in answers[people[1].conversation]
    assert people[2].conversation in answers
    states = [entry.state for entry in sorted(world.entries(), key=lambda entry: entry.id)]
    assert states == [State.HANDLED, State.SHELVED, State.HANDLED]


def test_a_passing_fault_is_not_noticed(world: World, bomb: Bomb) -> None:
    bomb.failures = 1
    said = world.stranger().writes("aide")
    assert len(said) == 1
    assert "e-plateforme" in said[0].text
    assert (bomb.runs, world.count(Institution)) == (2, 1)


def test_a_shelved_message_is_handled_when_it_is_retried(world: World, bomb: Bomb) -> None:
    visitor = world.stranger()
    visitor.writes("aide")

    def retry(reference: str) -> bool:
        return world.change(
            lambda session: world.dispatcher.retry(session, reference, world.clock.now())
        )

    assert retry("E-2026-0001")
    again = world.post()
    assert {one.text for one in again if "E-2026-0001" in one.text}
    bomb.failures = 0
    assert retry("E-2026-0001")
    (answer,) = world.post()
    assert answer.answers == visitor.got()[0].answers
    assert "e-plateforme" in answer.text
    assert [entry.state for entry in world.entries()] == [State.HANDLED]
    assert not retry("E-2026-0001")
    assert not retry("E-2026-0099")


def test_a_reply_that_cannot_be_rendered_is_a_fault_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the one who wrote is told: the apology renders."""
    real = type(world.platform.renderers[world.channel]).render
    calls: list[int] = []

    def render(self: object, message: object) -> object:
        calls.append(1)
        if len(calls) <= world.platform.settings.receiver.attempts:
            raise KeyError
        return real(self, message)  # type: ignore[arg-type] # what it was given

    monkeypatch.setattr(type(world.platform.renderers[world.channel]), "render", render)
    said = world.stranger().writes("centrales")
    assert "E-2026-0001" in next(one for one in said if one.answers).text


# -- questions to a person --------------------------------------------------------------------

QUESTION = "Bonjour, quelles sont les heures d'ouverture de vos bureaux pendant l'été, svp ?"


def test_a_question_reaches_a_person_and_the_answer_comes_back(world: World) -> None:
    visitor = world.stranger()
    said = visitor.writes(QUESTION, subject="Vos heures")
    (receipt,) = [one for one in said if one.answers]
    (told,) = to_administrators(said)
    assert "heures d'ouverture" in told.text
    assert visitor.address in told.text
    (answer,) = world.camille.answers(told, "De 9 à 16 heures.", addressed=False)
    assert answer.destination == visitor.conversation
    assert "De 9 à 16 heures." in answer.text
    assert answer.answers == receipt.answers  # in the same thread
    (more,) = visitor.answers(answer, "Merci ! Et le samedi ?")
    assert more.destination == "room:admins"
    assert more.thread == told.external_id
    assert "samedi" in more.text


def test_nobody_else_talks_in_that_conversation(world: World) -> None:
    said = world.stranger().writes(QUESTION, subject="Vos heures")
    (receipt,) = [one for one in said if one.answers]
    (told,) = to_administrators(said)
    thief = world.stranger("thief")
    assert thief.answers(receipt, "Quelle était la question ?") == []
    other = Somebody(world, MATRIX, "@paul:supracom.example", place=Place.ADMINS)
    assert other.answers(told, "Non.", addressed=False) == []


def test_a_question_of_a_member_bears_their_name(world: World) -> None:
    helene = world.helene()
    (told,) = to_administrators(helene.writes(QUESTION, subject="Vos heures"))
    assert "Hélène Lambiotte" in told.text
    assert "Musson" in told.text
