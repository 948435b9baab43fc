"""Documents that came with messages, read in processes of their own before anybody handles them.

One process for one document: it has so many seconds, and is killed when they are over. A channel is
not held up for longer than a batch's share, whatever it brings; what is left over then counts as
too large to read, and the handler asks for its facts in words.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from handlers.paper import Legibility, Paper
from handlers.request import Incoming, IncomingFile

_log = structlog.get_logger(__name__)
MOST_BYTES = 10_000_000
MOST_FILES = 4
"""How many documents of one message are opened."""
_MOST_ANSWERED = 8_000_000
_HEADS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class PaperReader:
    """Reads documents. ``seconds`` is what one may take, ``batch_seconds`` all of a batch."""

    seconds: float = 10.0
    batch_seconds: float = 30.0

    def read(self, requests: Sequence[Incoming]) -> list[Incoming]:
        """The same requests, each document with what stands in it. Waits for processes."""
        end = time.monotonic() + self.batch_seconds
        return [self._read_all(incoming, end) for incoming in requests]

    def _read_all(self, incoming: Incoming, end: float) -> Incoming:
        if not any(map(_may_be_read, incoming.files)):
            return incoming
        left = MOST_FILES
        files: list[IncomingFile] = []
        for file in incoming.files:
            if left and _may_be_read(file):
                left -= 1
                file = replace(file, paper=self._read(file.content, end))
            files.append(file)
        return replace(incoming, files=tuple(files))

    def _read(self, content: bytes, end: float) -> Paper | None:
        seconds = min(self.seconds, end - time.monotonic())
        if len(content) > MOST_BYTES or seconds <= 0:
            return Paper(Legibility.TOO_LARGE)
        try:
            answer = subprocess.run(
                [sys.executable, "-P", "-m", "bot.papers.child"],
                input=content,
                stdout=subprocess.PIPE,
                # A traceback could hold what people wrote.
                stderr=subprocess.DEVNULL,
                # It needs no secret that the bot was given by its environment.
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
                timeout=seconds,
                check=True,
                start_new_session=True,
            ).stdout
        except subprocess.TimeoutExpired:
            _log.warning("paper.too_slow", bytes=len(content))
            return Paper(Legibility.TOO_LARGE)
        except (subprocess.CalledProcessError, OSError) as error:
            _log.warning("paper.reader_ended", bytes=len(content), error=type(error).__name__)
            return Paper(Legibility.BROKEN)
        return _told(answer)


def _may_be_read(file: IncomingFile) -> bool:
    return any(head in file.content[:1024] for head in _HEADS)


def _told(answer: bytes) -> Paper | None:
    """What a process says; it read a stranger's bytes, so it is believed in form only."""
    try:
        record = json.loads(answer[:_MOST_ANSWERED])
        return None if record is None else Paper.from_record(record)
    except (ValueError, KeyError, TypeError):
        return Paper(Legibility.BROKEN)
