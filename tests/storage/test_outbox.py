"""What is to go out: claimed once, in order, never lost, never overtaken."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from storage import claims, outbox
from storage.engine import Database
from storage.outbox import Row, State
from tests.conftest import MovableClock
from tests.storage.conftest import Crowd

LIMIT = 50


class Post:
    """A short hand for the outbox of one channel."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock

    def add(self, *keys: str, to: str = "a", topic: str | None = None) -> None:
        """Rows whose keys say what they are."""

        def work(session: Session) -> None:
            for key in keys:
                outbox.add(
                    session,
                    key=key,
                    channel="mail",
                    destination=to,
                    payload={"text": key},
                    now=self.clock.now(),
                    topic=topic,
                )

        self.database.run(work)

    def claim(
        self, holder: str = "courier", limit: int = LIMIT, channel: str = "mail"
    ) -> list[str]:
        """The keys of what a courier gets, in the order in which it gets them."""
        rows = self.database.run(claims.claim, channel, holder, self.clock.now(), limit)
        return [row.key for row in rows]

    def claim_behind(self, *in_hand: str) -> list[str]:
        """The keys of what a courier gets behind these rows, which it is sending."""
        rows = [self.row(key) for key in in_hand]
        held = {row.destination: {row.id for row in rows} for row in rows}
        now = self.clock.now()
        taken = self.database.run(claims.claim_behind, "mail", "courier", now, LIMIT, held)
        return [row.key for row in taken]

    def row(self, key: str) -> Row:
        """A row by its key."""

        def work(session: Session) -> Row:
            return session.query(Row).filter_by(key=key).one()

        return self.database.run(work)

    def sent(self, *keys: str) -> None:
        """They went out."""
        for key in keys:
            row = self.row(key)
            self.database.run(outbox.mark_sent, row.id, f"<{key}>", self.clock.now())

    def put_back(
        self, *keys: str, error: str | None, after: int = 0, unclear: bool = False
    ) -> None:
        """They did not go out; the next attempt is due after some seconds."""
        due = self.clock.now() + timedelta(seconds=after)
        ids = [self.row(key).id for key in keys]
        self.database.run(outbox.put_back, ids, due, error=error, unclear=unclear)


@pytest.fixture
def post(database: Database, clock: MovableClock) -> Post:
    """An empty outbox."""
    return Post(database, clock)


# -- claiming ---------------------------------------------------------------------------------


def test_rows_are_claimed_once_in_order_and_marked(post: Post, clock: MovableClock) -> None:
    post.add("1", "2")
    post.add("3", to="b")
    post.add("4")
    assert post.claim("me") == ["1", "2", "3", "4"]
    assert post.claim("you") == []
    row = post.row("2")
    assert (row.state, row.claimed_by, row.claimed_at) == (State.SENDING, "me", clock.now())
    assert (row.attempts, row.first_try_at) == (1, clock.now())


def test_only_the_channel_asked_for(post: Post) -> None:
    post.add("1")
    assert post.claim(channel="matrix") == []
    assert post.claim(channel="mail") == ["1"]


def test_a_row_that_is_not_due_waits_and_holds_back_the_later_ones(post: Post) -> None:
    post.add("1", "2", "3")
    post.add("other", to="b")
    assert post.claim(limit=1) == ["1"]
    post.put_back("1", error="no connection", after=60)
    assert post.claim() == ["other"]
    post.clock.move(timedelta(seconds=61))
    assert post.claim() == ["1", "2", "3"]
    assert (post.row("1").attempts, post.row("2").attempts) == (2, 1)


def test_a_later_row_that_waits_holds_back_what_follows_it(post: Post) -> None:
    post.add("1", "2", "3")
    assert post.claim() == ["1", "2", "3"]
    post.put_back("1", "3", error=None)
    post.put_back("2", error="busy", after=60)
    assert post.claim() == ["1"]
    post.sent("1")
    assert post.claim() == []
    post.clock.move(timedelta(seconds=61))
    assert post.claim() == ["2", "3"]


def test_nothing_overtakes_what_is_being_sent(post: Post) -> None:
    post.add("1")
    assert post.claim() == ["1"]
    post.add("2")
    assert post.claim() == []
    post.sent("1")
    assert post.claim() == ["2"]


def test_the_holder_takes_what_stands_behind_what_it_sends(post: Post) -> None:
    post.add("1")
    assert post.claim() == ["1"]
    post.add("2", "3")
    post.add("other", to="b")
    assert post.claim_behind("1") == ["2", "3"]
    assert (post.row("2").state, post.row("2").attempts) == (State.SENDING, 1)
    assert post.claim() == ["other"]
    assert post.claim_behind() == []


@pytest.mark.parametrize("rest", [0, 60])
def test_what_is_in_other_hands_or_rests_holds_back_what_stands_behind(
    post: Post, rest: int
) -> None:
    post.add("1", "2")
    assert post.claim() == ["1", "2"]
    if rest:
        post.put_back("2", error="busy", after=rest)
    post.add("3")
    assert post.claim_behind("1") == []


def test_nothing_waits_behind_what_was_given_up(post: Post) -> None:
    post.add("1", "2")
    assert post.claim(limit=1) == ["1"]
    post.database.run(outbox.give_up, post.row("1").id, "no such mailbox")
    assert post.claim() == ["2"]
    assert (post.row("1").state, post.row("1").error) == (State.DEAD, "no such mailbox")


def test_a_limit_takes_the_oldest_and_keeps_the_order(post: Post) -> None:
    for number in range(6):
        post.add(str(number), to="ab"[number % 2])
    assert post.claim(limit=4) == ["0", "1", "2", "3"]
    assert post.claim() == []
    post.sent("0", "1", "2", "3")
    assert post.claim() == ["4", "5"]


@pytest.mark.servers
def test_couriers_at_work_together_never_take_the_same_row(
    postgresql_database: Database, clock: MovableClock
) -> None:
    """Many couriers claim and send at once: each row once, each destination in its order."""
    post = Post(postgresql_database, clock)
    for turn in range(12):
        for place in "abcde":
            post.add(f"{place}{turn:02}", to=place)
    log: list[tuple[str, str]] = []
    lock = threading.Lock()

    def courier(number: int) -> None:
        idle = 0
        while idle < 3:
            rows = post.database.run(claims.claim, "mail", f"c{number}", clock.now(), 3)
            idle = 0 if rows else idle + 1
            with lock:
                log.extend((row.destination, row.key) for row in rows)
            for row in rows:
                post.database.run(outbox.mark_sent, row.id, None, clock.now())

    Crowd(4).all_do(courier)
    courier(9)
    assert sorted(key for _, key in log) == sorted(
        f"{place}{turn:02}" for turn in range(12) for place in "abcde"
    )
    for place in "abcde":
        assert [key for to, key in log if to == place] == [f"{place}{t:02}" for t in range(12)]


@pytest.mark.servers
def test_a_claim_that_is_not_committed_yet_is_neither_waited_for_nor_shared(
    postgresql_database: Database, clock: MovableClock
) -> None:
    post = Post(postgresql_database, clock)
    post.add("1", "2")
    post.add("3", to="b")

    def work(session: Session) -> tuple[list[str], list[str]]:
        mine = claims.claim(session, "mail", "me", clock.now(), 1)
        session.flush()
        return [row.key for row in mine], post.claim("you")

    assert post.database.run(work) == (["1"], ["3"])


# -- what became of it ------------------------------------------------------------------------


def test_a_sent_row_keeps_its_id_outside(post: Post, clock: MovableClock) -> None:
    post.add("1")
    post.claim()
    post.sent("1")
    row = post.row("1")
    assert (row.state, row.external_id, row.sent_at) == (State.SENT, "<1>", clock.now())
    assert post.database.run(outbox.waiting) == 0


def test_a_row_that_was_not_tried_loses_no_attempt(post: Post) -> None:
    post.add("tried", "untried")
    post.claim()
    post.put_back("tried", error="busy")
    post.put_back("untried", error=None)
    assert (post.row("tried").attempts, post.row("tried").error) == (1, "busy")
    assert (post.row("untried").attempts, post.row("untried").error) == (0, None)
    assert post.row("tried").claimed_by is None


def test_an_unclear_outcome_stays_unclear_until_it_is_known(post: Post) -> None:
    post.add("1")
    post.claim()
    post.put_back("1", error="connection lost", unclear=True)
    post.claim()
    post.put_back("1", error="busy", unclear=False)
    assert post.row("1").unclear
    post.claim()
    post.sent("1")
    assert not post.row("1").unclear


def test_the_age_of_a_row_is_that_of_its_first_attempt(post: Post) -> None:
    post.add("1")
    post.claim()
    post.clock.move(timedelta(hours=23))
    post.put_back("1", error="busy")
    post.claim()
    assert outbox.claim_age(post.row("1"), post.clock.now()) == timedelta(hours=23)


def test_when_the_next_row_is_due(post: Post) -> None:
    assert post.database.run(outbox.next_due) is None
    post.add("1")
    post.claim()
    post.put_back("1", error="busy", after=90)
    assert post.database.run(outbox.next_due) == post.clock.now() + timedelta(seconds=90)


# -- after a crash ----------------------------------------------------------------------------


def test_a_process_that_starts_again_frees_what_it_was_sending(post: Post) -> None:
    post.add("1")
    post.add("2", to="b")
    assert post.claim("killed", limit=1) == ["1"]
    assert post.claim("alive") == ["2"]
    assert post.database.run(outbox.recover, "killed", post.clock.now()) == 1
    assert (post.row("1").state, post.row("1").unclear) == (State.DUE, True)
    assert post.row("2").state == State.SENDING
    assert post.claim("killed") == ["1"]


def test_what_the_dead_were_sending_is_freed_after_a_while(post: Post) -> None:
    for holder in ("dead", "alive"):
        post.add(holder, to=holder)
        post.claim(holder)
    claimed = post.clock.now()

    def recover(older_than: datetime) -> int:
        return post.database.run(outbox.recover_abandoned, ["alive"], older_than)

    assert recover(claimed) == 0
    assert recover(claimed + timedelta(seconds=1)) == 1
    assert (post.row("dead").state, post.row("dead").unclear) == (State.DUE, True)
    assert post.row("alive").state == State.SENDING


def test_with_nobody_alive_everything_is_freed(post: Post) -> None:
    post.add("1")
    post.claim("dead")
    later = post.clock.now() + timedelta(minutes=1)
    assert post.database.run(outbox.recover_abandoned, [], later) == 1


# -- copies and threads -----------------------------------------------------------------------


def test_a_copy_proves_that_an_unclear_row_went_out(post: Post) -> None:
    post.add("1")
    post.claim()
    post.put_back("1", error="connection lost", unclear=True)
    assert post.database.run(outbox.confirm, "mail", "<found>", "1", post.clock.now())
    row = post.row("1")
    assert (row.state, row.external_id, row.unclear) == (State.SENT, "<found>", False)
    assert post.claim() == []


def test_a_copy_tells_the_id_even_before_the_courier_does(post: Post) -> None:
    post.add("1", topic="order:1")
    post.claim()
    assert post.database.run(outbox.confirm, "mail", "<early>", "1", post.clock.now())
    assert post.row("1").state == State.SENDING
    assert post.database.run(outbox.topic_of, "mail", "<early>") == "order:1"


def test_a_copy_is_recognised_by_its_id_in_its_channel_only(post: Post) -> None:
    post.add("1")
    post.claim()
    post.sent("1")
    confirm, now = outbox.confirm, post.clock.now()
    assert post.database.run(confirm, "mail", "<1>", None, now)
    assert not post.database.run(confirm, "matrix", "<1>", None, now)
    assert not post.database.run(confirm, "mail", "<unknown>", None, now)


def test_the_first_message_about_a_topic_is_the_root_of_its_thread(post: Post) -> None:
    post.add("elsewhere", to="b", topic="order:1")
    post.add("other", topic="order:2")
    post.add("root", "second", topic="order:1")
    root = post.database.run(outbox.first_about, "order:1", "mail", "a")
    assert root is not None
    assert root.key == "root"
    assert post.database.run(outbox.first_about, "order:1", "matrix", "a") is None
    post.claim()
    post.sent("root")
    assert post.database.run(outbox.external_id_of, root.id) == "<root>"


# -- taking back ------------------------------------------------------------------------------


def test_what_has_not_left_is_dropped(post: Post) -> None:
    post.add("1", "2")
    first = post.row("1").id
    assert post.database.run(lambda s: outbox.drop(s, s.get_one(Row, first)))
    assert post.row("1").state == State.DROPPED
    assert post.claim() == ["2"]


@pytest.mark.parametrize("unclear", [True, False])
def test_what_may_have_left_is_not(post: Post, unclear: bool) -> None:
    post.add("1")
    assert post.claim() == ["1"]
    if unclear:
        post.put_back("1", error="stopped", unclear=True)
    row_id = post.row("1").id
    assert not post.database.run(lambda s: outbox.drop(s, s.get_one(Row, row_id)))
    assert post.row("1").state == (State.DUE if unclear else State.SENDING)


def test_either_the_courier_gets_it_or_it_is_dropped(post: Post, crowd: Crowd) -> None:
    for number in range(20):
        post.add(f"{number}", to=f"{number}")
    ids = {post.row(f"{number}").key: post.row(f"{number}").id for number in range(20)}

    def act(worker: int) -> list[str]:
        if worker % 2:
            return [f"sent {key}" for key in post.claim(holder=str(worker), limit=7)]
        return [f"dropped {key}" for key, id_ in ids.items() if post.database.run(_drop, id_)]

    done = [one.partition(" ")[2] for part in crowd.all_do(act) for one in part]
    assert sorted(done, key=int) == list(ids)


def _drop(session: Session, row_id: int) -> bool:
    return outbox.drop(session, session.get_one(Row, row_id))


def test_the_units_of_one_message(post: Post) -> None:
    post.add("ab", "ab-1", "ab-2", "abc", "abc-1", "cab")
    first = post.row("ab").id
    units = post.database.run(
        lambda s: [row.key for row in outbox.units_of(s, s.get_one(Row, first))]
    )
    assert units == ["ab", "ab-1", "ab-2"]


def test_what_a_unit_said_is_forgotten(post: Post) -> None:
    post.add("1", topic="order:1")
    row_id = post.row("1").id
    post.database.run(lambda s: outbox.erase(s.get_one(Row, row_id)))
    row = post.row("1")
    assert (row.payload, row.topic) == ({"action": "message", "erased": True}, "order:1")


def test_which_files_have_still_to_leave(post: Post) -> None:
    def work(session: Session) -> None:
        for key, payload in (("1", {"files": [3, 4]}), ("2", {"action": "file", "file": 5})):
            now = post.clock.now()
            outbox.add(session, key=key, channel="m", destination=key, payload=payload, now=now)

    post.database.run(work)
    assert post.database.run(lambda s: [outbox.carries(s, n) for n in (3, 5, 6)]) == [
        True,
        True,
        False,
    ]
    post.sent("1", "2")
    assert post.database.run(lambda s: [outbox.carries(s, n) for n in (3, 5)]) == [False, False]
