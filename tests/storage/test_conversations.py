"""Questions of the platform: to one address, answered once, not for ever."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from storage import conversations, inbox
from storage.conversations import Answer, Question
from storage.engine import Database
from tests.conftest import MovableClock
from tests.storage.conftest import Crowd

DAY = timedelta(days=1)


def _ask(
    database: Database,
    clock: MovableClock,
    *,
    kind: str = "order",
    topic: str = "order:1",
    address: str = "a@x.example",
    code_hash: str | None = None,
    thread: str = "",
) -> int:
    question = Question(
        kind=kind,
        topic=topic,
        channel="mail",
        address=address,
        conversation="here",
        thread=thread,
        code_hash=code_hash,
        asked_at=clock.now(),
        expires_at=clock.now() + DAY,
    )
    return database.run(conversations.ask, question).id


def _open(
    database: Database,
    clock: MovableClock,
    address: str = "a@x.example",
    conversation: str = "here",
    thread: str | None = None,
) -> int | None:
    now = clock.now()
    found = database.run(
        conversations.asked_here, "mail", address, conversation, thread, now - 2 * DAY, now
    )
    return found.id if found else None


def test_a_question_is_open_where_it_was_asked_only(
    database: Database, clock: MovableClock
) -> None:
    first = _ask(database, clock)
    in_thread = _ask(database, clock, topic="order:2", thread="$root")
    assert _open(database, clock) == first
    assert _open(database, clock, conversation="there") is None
    assert _open(database, clock, thread="$root") == in_thread
    assert _open(database, clock, thread="$other") is None
    found = database.run(conversations.open_anywhere, "mail", "A@x.example", clock.now())
    assert found is not None
    assert found.id == in_thread


def test_a_question_is_not_fresh_for_ever(database: Database, clock: MovableClock) -> None:
    id_ = _ask(database, clock)
    asked = clock.now()
    for since, expected in ((asked - timedelta(seconds=1), id_), (asked, None)):
        found = database.run(
            conversations.asked_here, "mail", "a@x.example", "here", None, since, asked
        )
        assert (found.id if found else None) == expected


def test_questions_of_a_kind_lapse(database: Database, clock: MovableClock) -> None:
    _ask(database, clock, kind="suggestion", topic="inbox:1")
    other = _ask(database, clock, address="b@x.example", kind="suggestion", topic="inbox:2")
    database.run(conversations.lapse, "suggestion", "mail", "A@x.example", clock.now())
    assert _open(database, clock) is None
    assert _open(database, clock, "b@x.example") == other


def test_the_latest_open_question_is_the_one_that_is_answered(
    database: Database, clock: MovableClock
) -> None:
    """A bare yes never falls back on what was asked before."""
    _ask(database, clock)
    second = _ask(database, clock, topic="order:2")
    assert _open(database, clock, "A@X.example") == second
    assert database.run(conversations.answer, second, clock.now())
    assert _open(database, clock) is None
    assert _open(database, clock, "b@x.example") is None


def test_a_question_is_answered_once(database: Database, clock: MovableClock) -> None:
    id_ = _ask(database, clock)
    answers = [database.run(conversations.answer, id_, clock.now()) for _ in range(2)]
    assert answers == [True, False]
    assert _open(database, clock) is None


def test_of_many_answers_at_once_one_counts(
    database: Database, clock: MovableClock, crowd: Crowd
) -> None:
    id_ = _ask(database, clock)
    answers = crowd.all_do(lambda _n: database.run(conversations.answer, id_, clock.now()))
    assert answers.count(True) == 1


def test_a_question_expires(database: Database, clock: MovableClock) -> None:
    _ask(database, clock)
    clock.move(DAY - timedelta(seconds=1))
    assert _open(database, clock) is not None
    clock.move(timedelta(seconds=1))
    assert _open(database, clock) is None


def test_withdrawing_closes_that_kind_about_that_topic_only(
    database: Database, clock: MovableClock
) -> None:
    _ask(database, clock)
    other = _ask(database, clock, topic="order:2")
    database.run(conversations.withdraw, "order", "order:1", clock.now())
    assert _open(database, clock) == other


def test_a_code_stands_for_its_question_and_no_address_for_it(
    database: Database, clock: MovableClock
) -> None:
    id_ = _ask(database, clock, kind="link", code_hash="hash")
    assert _open(database, clock) is None

    def by_code(kind: str, code: str) -> int | None:
        found = database.run(conversations.by_code, kind, code, clock.now())
        return found.id if found else None

    assert by_code("link", "hash") == id_
    assert by_code("other", "hash") is None
    assert by_code("link", "wrong") is None
    clock.move(DAY)
    assert by_code("link", "hash") is None


def test_a_code_that_was_used_is_worth_nothing(database: Database, clock: MovableClock) -> None:
    id_ = _ask(database, clock, kind="link", code_hash="hash")
    database.run(conversations.answer, id_, clock.now())
    assert database.run(conversations.by_code, "link", "hash", clock.now()) is None


def _question(session: Session, id_: int) -> Question:
    return session.get_one(Question, id_)


def test_what_was_answered_and_where(database: Database, clock: MovableClock) -> None:
    entry = database.run(inbox.accept, "mail", "<1@x>", "a@x", {}, clock.now())
    assert entry is not None
    said = {True: Answer.YES, False: Answer.NO, None: Answer.WORDS}
    ids = {_ask(database, clock, topic=f"order:{answer}"): answer for answer in said}
    for id_, answer in ids.items():
        database.run(conversations.answer, id_, clock.now(), answer, entry.id)
    kept = [database.run(_question, id_) for id_ in ids]
    assert [one.answer for one in kept] == list(said.values())
    database.run(conversations.reopen, [entry.id])
    for id_ in ids:
        assert database.run(_question, id_).waits(clock.now())
    # Nothing to open again: neither what nobody answered, nor what was answered elsewhere.
    database.run(conversations.answer, min(ids), clock.now(), True)
    database.run(conversations.reopen, [entry.id])
    assert not database.run(_question, min(ids)).waits(clock.now())
