"""Bounds that the kernel keeps around a process which reads what strangers wrote."""

from __future__ import annotations

import resource
import signal

MOST_MEMORY = 1 << 30
"""Bytes of address space. The largest mail by default (25 MB) takes about a quarter of it."""


def confine() -> None:
    """Bound this process: an alarm ends it, little memory, no file written, no core."""
    # The default action ends the process, even in the middle of a regular expression.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Whoever stops the bot by Ctrl-C stops this process by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    for limit, most_of_it in (
        (resource.RLIMIT_AS, most),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most_of_it, most_of_it))
