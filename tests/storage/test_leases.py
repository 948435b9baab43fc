"""What only one process may do at a time, and what ends with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from storage import cursors, leases
from storage.cursors import Fenced
from storage.engine import Database
from storage.leases import Lease, Reserved
from tests.storage.conftest import Crowd

TTL = timedelta(seconds=15)


def test_one_holder_at_a_time(database: Database) -> None:
    assert database.run(leases.acquire, "channels", "a", TTL) == 1
    assert database.run(leases.acquire, "channels", "b", TTL) is None
    assert database.run(leases.acquire, "other", "b", TTL) == 1


def test_renewing_keeps_the_epoch(database: Database) -> None:
    database.run(leases.acquire, "channels", "a", TTL)
    assert database.run(leases.acquire, "channels", "a", TTL, renew=1) == 1
    assert database.run(leases.acquire, "channels", "b", TTL) is None


def test_a_lease_that_ran_out_goes_to_whoever_comes(database: Database) -> None:
    database.run(leases.acquire, "channels", "a", TTL)
    database.run(_run_out)
    assert database.run(leases.acquire, "channels", "b", TTL) == 2
    assert database.run(leases.acquire, "channels", "a", TTL, renew=1) is None


def test_a_late_renewal_keeps_the_epoch_if_nobody_came(database: Database) -> None:
    database.run(leases.acquire, "channels", "a", TTL)
    database.run(_run_out)
    assert database.run(leases.acquire, "channels", "a", TTL, renew=1) == 1


def test_a_process_that_starts_again_fences_its_former_self(database: Database) -> None:
    old = database.run(leases.acquire, "channels", "a", TTL)
    new = database.run(leases.acquire, "channels", "a", TTL)
    assert (old, new) == (1, 2)
    assert database.run(leases.acquire, "channels", "a", TTL, renew=1) is None
    database.run(cursors.advance, "mail", "new", 2)
    with pytest.raises(Fenced):
        database.run(cursors.advance, "mail", "old", 1)


def test_a_released_lease_is_free_at_once(database: Database) -> None:
    epoch = database.run(leases.acquire, "channels", "a", TTL)
    assert epoch == 1
    database.run(leases.release, "channels", "a", epoch)
    assert database.run(leases.acquire, "channels", "b", TTL) == 2


@pytest.mark.parametrize(("holder", "epoch"), [("b", 1), ("a", 7)])
def test_only_its_holder_releases_a_lease(database: Database, holder: str, epoch: int) -> None:
    database.run(leases.acquire, "channels", "a", TTL)
    database.run(leases.release, "channels", holder, epoch)
    assert database.run(leases.acquire, "channels", "c", TTL) is None


def test_the_living_are_those_whose_lease_runs(database: Database) -> None:
    database.run(leases.acquire, "process:a", "a", TTL)
    database.run(_run_out)
    database.run(leases.acquire, "process:b", "b", TTL)
    database.run(leases.acquire, "channels", "b", TTL)
    assert database.run(leases.alive) == ["b"]


def test_a_reserved_lease_is_for_its_holder_only(database: Database) -> None:
    database.run(leases.acquire, "channel", "a", TTL)
    assert database.run(leases.acquire, "channel", "a", TTL, renew=1, reserve=True) == 1
    database.run(_run_out)
    with pytest.raises(Reserved):
        database.run(leases.acquire, "channel", "b", TTL)
    # Not known yet whether it still has to be: it stays so.
    assert database.run(leases.acquire, "channel", "a", TTL) == 2
    database.run(_run_out)
    with pytest.raises(Reserved):
        database.run(leases.acquire, "channel", "b", TTL, reserve=True)
    assert database.run(leases.acquire, "channel", "a", TTL, reserve=False) == 3
    database.run(_run_out)
    assert database.run(leases.acquire, "channel", "b", TTL) == 4


def test_a_lease_can_be_reserved_from_the_start_and_set_free(database: Database) -> None:
    assert database.run(leases.acquire, "channel", "a", TTL, reserve=True) == 1
    database.run(_run_out)
    assert database.run(leases.set_free, "channel")
    assert not database.run(leases.set_free, "channel")
    assert not database.run(leases.set_free, "no such lease")
    assert database.run(leases.acquire, "channel", "b", TTL) == 2


def test_of_many_that_start_at_once_one_leads(database: Database, crowd: Crowd) -> None:
    got = crowd.all_do(lambda n: database.run(leases.acquire, "channels", f"p{n}", TTL))
    assert sorted(epoch for epoch in got if epoch) == [1]


def test_of_many_that_wait_for_a_dead_leader_one_follows(database: Database, crowd: Crowd) -> None:
    database.run(leases.acquire, "channels", "dead", TTL)
    database.run(_run_out)
    got = crowd.all_do(lambda n: database.run(leases.acquire, "channels", f"p{n}", TTL))
    assert [epoch for epoch in got if epoch] == [2]


def _run_out(session: Session) -> None:
    for lease in session.query(Lease):
        lease.expires_at = leases.database_now(session) - timedelta(seconds=1)
