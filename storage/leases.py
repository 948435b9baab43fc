"""Who holds what only one process may do: lease rows, timed by the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcDateTime, add_once


class Lease(Base):
    """The right to do one thing until ``expires_at``; ``epoch`` rises with every new holder.

    ``reserved_for`` names the only holder that may ever have it: what it takes lies with them.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    epoch: Mapped[int]
    expires_at: Mapped[datetime]
    reserved_for: Mapped[str | None]


class Reserved(Exception):
    """A lease is reserved for another holder, whether they hold it now or not."""


def acquire(
    session: Session,
    name: str,
    holder: str,
    ttl: timedelta,
    *,
    renew: int | None = None,
    reserve: bool | None = None,
) -> int | None:
    """Take or renew a lease; gives its epoch, or None while somebody else holds it.

    ``renew`` is the epoch held so far: renewing keeps it. A process that starts again under the
    same holder name gets the lease at once, with a new epoch, so its former self is fenced off.

    ``reserve``: from now on nobody else may have it (True), or everybody again (False). Raises
    Reserved if it is reserved for somebody else.
    """
    now = database_now(session)
    lease = session.scalar(select(Lease).where(Lease.name == name).with_for_update())
    if lease is None:
        fresh = Lease(name=name, holder=holder, epoch=1, expires_at=now + ttl)
        fresh.reserved_for = holder if reserve else None
        return 1 if add_once(session, fresh) else None
    if lease.reserved_for not in {None, holder}:
        raise Reserved(name)
    mine = lease.holder == holder
    if not mine and lease.expires_at > now:
        return None
    if renew is not None and (not mine or lease.epoch != renew):
        return None
    lease.holder, lease.expires_at = holder, now + ttl
    if reserve is not None:
        lease.reserved_for = holder if reserve else None
    if renew is None:
        lease.epoch += 1
    return lease.epoch


def release(session: Session, name: str, holder: str, epoch: int) -> None:
    """Give a lease back at once, so that another process need not wait for its end."""
    lease = session.get(Lease, name, with_for_update=True)
    if lease and lease.holder == holder and lease.epoch == epoch:
        lease.expires_at = database_now(session)


def set_free(session: Session, name: str) -> bool:
    """Let everybody have a lease again; False if it was not reserved."""
    lease = session.get(Lease, name, with_for_update=True)
    if lease is None or lease.reserved_for is None:
        return False
    lease.reserved_for = None
    return True


def database_now(session: Session) -> datetime:
    """The database's clock: the one clock that all processes share."""
    if session.get_bind().dialect.name == "sqlite":
        # SQLite has no clock of its own: all its processes are on this machine.
        return datetime.now(UTC)
    return session.scalars(select(func.clock_timestamp(type_=UtcDateTime))).one()


def alive(session: Session) -> list[str]:
    """The holders of leases that have not run out: the processes that are alive."""
    now = database_now(session)
    return list(session.scalars(select(Lease.holder).where(Lease.expires_at > now).distinct()))
