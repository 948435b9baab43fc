"""What came in is entered once; what could not be handled lies on the shelf."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import files, inbox
from storage.engine import Database
from storage.inbox import Entry, State
from tests.conftest import MovableClock

RECORD: dict[str, Any] = {"text": "Bonjour, ça va ? 🔎", "answers": ["<a@b.example>"]}


def test_a_message_is_entered_as_it_came(database: Database, clock: MovableClock) -> None:
    entry = database.run(inbox.accept, "mail", "<1@x>", "a@x.example", RECORD, clock.now())
    assert entry is not None
    kept = database.run(lambda session: session.get_one(Entry, entry.id))
    assert kept.record == RECORD
    assert (kept.state, kept.received_at) == (State.HANDLED, clock.now())


def test_the_same_message_is_entered_once(database: Database, clock: MovableClock) -> None:
    for expected in (True, False):
        entry = database.run(inbox.accept, "mail", "<1@x>", "a@x.example", RECORD, clock.now())
        assert (entry is not None) is expected
    assert database.run(_count) == 1


def test_the_same_id_of_another_channel_or_sender_is_another_message(
    database: Database, clock: MovableClock
) -> None:
    """Nobody can make a message disappear by being first with its Message-ID."""
    for channel, sender in (("mail", "a@x"), ("matrix", "a@x"), ("mail", "thief@x")):
        entry = database.run(inbox.accept, channel, "<1@x>", sender, RECORD, clock.now())
        assert entry is not None
    assert database.run(_count) == 3


def test_what_an_earlier_message_was_about(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> None:
        entry = inbox.accept(session, "mail", "<1@x>", "a@x", RECORD, clock.now())
        assert entry is not None
        entry.topic = "announcement:3"

    database.run(work)
    assert database.run(inbox.topic_of, "mail", "<1@x>") == "announcement:3"
    assert database.run(inbox.topic_of, "matrix", "<1@x>") is None


def test_files_stay_with_their_message_in_order(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> list[bytes]:
        entry = inbox.accept(session, "mail", "<1@x>", "a@x", RECORD, clock.now())
        assert entry is not None
        for content in (b"first", b"second\x00\xff"):
            kept = files.keep(session, "a.pdf", "application/pdf", content, clock.now())
            inbox.attach(session, entry, kept.id)
        session.flush()
        found = inbox.files_of(session, entry)
        return [session.get_one(files.StoredFile, id_).content for id_ in found]

    assert database.run(work) == [b"first", b"second\x00\xff"]


def test_the_shelf_holds_what_failed_oldest_first(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> None:
        for number in (1, 2, 3):
            entry = inbox.accept(session, "mail", f"<{number}@x>", "a@x", RECORD, clock.now())
            assert entry is not None
            if number != 2:
                entry.state, entry.reference = State.SHELVED, f"E-2026-000{number}"

    database.run(work)
    shelved = database.run(inbox.shelved)
    assert [entry.reference for entry in shelved] == ["E-2026-0001", "E-2026-0003"]
    found = database.run(inbox.by_reference, "E-2026-0003")
    assert found is not None
    assert found.external_id == "<3@x>"


def test_what_a_person_took_care_of_leaves_the_shelf(
    database: Database, clock: MovableClock
) -> None:
    def work(session: Session) -> list[str]:
        why = []
        for number, kind, trace in (
            (1, "message", "Traceback"), (2, "unreadable", None), (3, "message", None),
        ):  # fmt: skip
            record = RECORD | {"kind": kind}
            entry = inbox.accept(session, "mail", f"<{number}@x>", "a@x", record, clock.now())
            assert entry is not None
            entry.state, entry.reference = State.SHELVED, f"E-2026-000{number}"
            entry.traceback = trace
            why.append(inbox.why_shelved(entry))
        return why

    assert database.run(work) == ["fault", "unreadable", "too many from this sender"]
    assert database.run(inbox.shelved_at, "mail", "<2@x>", "a@x") is not None
    assert database.run(inbox.take_off_shelf, "E-2026-0002")
    assert not database.run(inbox.take_off_shelf, "E-2026-0002")
    assert not database.run(inbox.take_off_shelf, "E-2026-0009")
    assert database.run(inbox.shelved_at, "mail", "<2@x>", "a@x") is None
    assert len(database.run(inbox.shelved)) == 2


def test_who_was_answered_how_often(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> None:
        states = (State.HANDLED, State.HELD, State.SHELVED, State.AUTOMATIC, State.HANDLED)
        for number, state in enumerate(states):
            sender = "other@x" if number == 4 else "a@x"
            moment = clock.now() + timedelta(minutes=number)
            entry = inbox.accept(session, "mail", f"<{number}@x>", sender, RECORD, moment)
            assert entry is not None
            entry.state = state

    database.run(work)
    before = clock.now() - timedelta(seconds=1)
    assert database.run(inbox.answered, "mail", "a@x", before) == 2
    assert database.run(inbox.answered, "mail", "a@x", clock.now()) == 1
    assert database.run(inbox.answered, "matrix", "a@x", before) == 0


def _count(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(Entry))


def test_a_message_and_what_it_was_changed_to(database: Database, clock: MovableClock) -> None:
    def work(session: Session) -> list[str]:
        made: list[Entry] = []
        for number in (1, 2, 3, 4):
            entry = inbox.accept(session, "matrix", f"${number}", "a@x", RECORD, clock.now())
            assert entry is not None
            made.append(entry)
            entry.origin_id = made[0].id if number in {2, 4} else None
        return [version.external_id for version in inbox.versions(session, made[0])]

    assert database.run(work) == ["$1", "$2", "$4"]
    named = database.run(inbox.first_of, "matrix", "$3")
    assert named is not None
    assert named.external_id == "$3"
    assert database.run(inbox.first_of, "mail", "$3") is None


def test_what_was_taken_back_has_no_words(database: Database, clock: MovableClock) -> None:
    record = {"text": "secret", "subject": "secret", "quoted": "secret", "display_name": "secret"}

    def work(session: Session) -> None:
        entry = inbox.accept(session, "mail", "<1@x>", "a@x", record | RECORD, clock.now())
        assert entry is not None
        kept = files.keep(session, "secret.pdf", "application/pdf", b"secret", clock.now())
        inbox.attach(session, entry, kept.id)
        inbox.erase(session, entry)

    database.run(work)
    (entry,) = database.run(lambda session: session.scalars(select(Entry)).all())
    (file,) = database.run(
        lambda session: session.execute(
            select(files.StoredFile.name, files.StoredFile.content, files.StoredFile.size)
        ).all()
    )
    assert (entry.state, "secret" in str(entry.record)) == (State.WITHDRAWN, False)
    assert entry.record["answers"] == RECORD["answers"]
    assert tuple(file) == ("", b"", 0)
