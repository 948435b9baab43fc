"""Server processes that do not outlive the process that started them.

Used as a module, `tethered` gives the command line to start; run as a script, this file ties
itself to its parent and becomes the command. The detour keeps code of ours from running between
fork and exec in a program with threads, where it could deadlock.

It imports the standard library only: the script runs isolated, without site-packages.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_GRACE_SECONDS = 10.0


class ServerError(RuntimeError):
    """A server of the sandbox did not start, or ended early; the message shows its log's tail."""


def die_with_parent(signum: int) -> None:
    """Ask the kernel to send `signum` to this process when its parent ends (Linux only).

    The kernel's parent is a thread: the starter must be a thread that lives as long as the
    server is wanted, such as the main thread with the event loop.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def tethered(*command: str | Path) -> list[str]:
    """Give the command line that runs `command` and kills it when the present process ends."""
    here = [sys.executable, "-I", "-S", __file__, str(os.getpid())]
    return [*here, *(str(part) for part in command)]


def tail(path: Path, lines: int = 20) -> str:
    """Give the last lines of a log, for an error message; empty when there is no log."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])


def stop_process(process: subprocess.Popen[bytes], signum: int = signal.SIGTERM) -> None:
    """Ask a child process to end, and kill it when it has not done so after ten seconds."""
    if process.poll() is not None:
        return
    process.send_signal(signum)
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _become(parent: int, command: list[str]) -> None:
    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel knew that we depend on it
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - becoming the command is the purpose


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
