"""The name of this process's place: its data directory, which one process at a time may use.

A process that starts again in the same place is the same holder: it takes over at once what its
killed predecessor was doing. A process in another place waits until the leases have run out.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


class AlreadyRunning(Exception):
    """Another process uses this data directory."""


@contextmanager
def occupied(data_dir: Path) -> Iterator[str]:
    """Hold a data directory; gives the holder's name. Raises AlreadyRunning."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "instance").open("a+") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(data_dir) from None
        place.seek(0)
        holder = place.read().strip()
        if not holder:
            holder = uuid4().hex
            place.write(holder)
            place.flush()
        yield holder
