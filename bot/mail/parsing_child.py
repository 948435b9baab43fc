"""The process that reads mail: started by :mod:`bot.mail.parsing`, which may kill it at any time.

Nothing that a stranger wrote is parsed in the bot itself. Here a mail may take too long or too much
memory: the kernel then ends this process, and only this one.
"""

from __future__ import annotations

import json
import signal
import sys
from datetime import datetime
from typing import BinaryIO

from bot.confinement import confine
from bot.mail import frames
from bot.mail.parse import Reading, parse, unreadable


def main() -> None:
    """Read mails from standard input until it ends."""
    confine()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    terms = json.loads(_next_frame(source))
    reading, seconds = frames.reading_of(terms["reading"]), float(terms["seconds"])
    # Says that everything is imported: from now on, time is the mails' own.
    _say(target, frames.json_frame({"ready": True}))
    while head := source.read(frames.LENGTH_BYTES):
        words = json.loads(source.read(frames.length(head)))
        content = _next_frame(source)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = b"".join(_read(words, content, reading))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _say(target, answer)


def _read(words: dict[str, object], content: bytes, reading: Reading) -> list[bytes]:
    received_at = datetime.fromisoformat(str(words["received_at"]))
    read = parse if words["whole"] else unreadable
    return list(frames.result(read(content, reading, received_at, str(words["place"]))))


def _next_frame(source: BinaryIO) -> bytes:
    return source.read(frames.length(source.read(frames.LENGTH_BYTES)))


def _say(target: BinaryIO, words: bytes) -> None:
    target.write(words)
    target.flush()


if __name__ == "__main__":
    main()
