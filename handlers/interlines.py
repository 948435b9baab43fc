"""What somebody wrote between the lines of our message, given back.

Who answers « voir mes réponses ci-dessous » types into the quotation. Where the mail program sets
such lines apart, they stand out by themselves; where it does not, or marks them like the rest, they
are what is left when the words that we sent are taken away, line by line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from config.folding import Word, fold, words
from handlers.request import consent

_MARKS = re.compile(r"^(?:\s*>)*\s*")
_ADDRESS = re.compile(r"://|\b(?:mailto|cid):")
"""What servers rewrite in the mails that they let in: links, and the names of pictures."""
_LONGEST = 20_000
_MOST_WORDS = 120
_FEWEST_OF_OURS = 8
"""From how many words of ours on it is our message that is given back."""
_FEWEST_BEFORE = 2
"""How many words of ours a line must begin with for the rest of it to be an answer to them."""


def written_between(ours: str, given_back: str) -> str:
    """The lines that somebody added within ``ours``, as it stands in ``given_back``.

    Nothing where it is not sure: where too little is ours, where every word of a line stands in our
    message too, or where it would be a mere yes or no: that may be ours.
    """
    lines = [_MARKS.sub("", line) for line in given_back[:_LONGEST].splitlines()]
    sent = f" {fold(ours)} "
    known = [len(_leading(words(line), sent)) for line in lines]
    whole = [i for i, line in enumerate(lines) if known[i] and known[i] == len(words(line))]
    if not whole or sum(known) < _FEWEST_OF_OURS:
        return ""
    within = range(whole[0], whole[-1] + 1)
    added = "\n".join(part for i in within for part in _added(lines[i], known[i], sent))
    short = len(added.split()) <= _MOST_WORDS
    return added if short and consent(added) is None else ""


def _leading(line: list[Word], sent: str) -> list[Word]:
    """The longest beginning of a line that stands in our message."""
    # Each beginning of a beginning stands there, too: there are those that do, then the others.
    lengths = range(1, len(line) + 1)
    return line[: bisect_left(lengths, True, key=lambda length: not _stands(line[:length], sent))]


def _stands(found: list[Word], sent: str) -> bool:
    return f" {' '.join(word.text for word in found)} " in sent


def _added(line: str, known: int, sent: str) -> Iterator[str]:
    """What a line says that our message does not."""
    found = words(line)
    # One word in common with our message begins a sentence of one's own: « le », « nous ».
    rest = found[known:] if known >= _FEWEST_BEFORE else found
    by_machine = _ADDRESS.search(line) is not None
    if rest and not by_machine and any(f" {word.text} " not in sent for word in rest):
        yield line[rest[0].start :].strip()
