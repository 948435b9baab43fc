"""Free loopback ports for the servers of the sandbox."""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"

# Below the range from which the kernel takes the source ports of outgoing connections
# (32768 and up on Linux, 49152 and up elsewhere): a port found free here is not taken by a
# client's connection between the search and the start of the server, nor during a restart.
_CANDIDATES = range(20_000, 32_000)
_ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Find a loopback port that nobody listens on; raises OSError when none is found."""
    for port in random.sample(_CANDIDATES, _ATTEMPTS):
        if is_free(port):
            return port
    raise OSError(f"no free port on {LOOPBACK} among {_ATTEMPTS} tried")
