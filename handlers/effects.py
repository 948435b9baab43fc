"""Whether answering a message changed anything: what a later change of that message goes by.

What was asked, said and kept is no effect; neither is what waits for the answer to a question. All
else is, whichever capability did it: the rows themselves say so, not the handlers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from handlers.context import Context
from storage.traces import watched

_NO_EFFECT = frozenset({"inbox", "inbox_files", "outbox", "questions", "files"})


@contextmanager
def noted(ctx: Context) -> Iterator[None]:
    """Note on the entry of a message whether answering it changed anything.

    Not if it is refused: then everything it changed is undone.
    """
    with watched(ctx.session) as touched:
        yield
    ctx.entry.acted = bool(touched - _NO_EFFECT) and not ctx.asked
