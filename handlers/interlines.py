"""What somebody wrote between the lines of our message, given back, or below it.

Who answers « voir mes réponses ci-dessous » types into the quotation. Where the program that sends
it sets such lines apart, they stand out by themselves; where it does not, or marks them like the
rest, they are what is left when the words that we sent are taken away, line by line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from config.folding import Word, fold, words
from handlers.reading.letters import level
from handlers.reading.trailers import disclaimers_start, is_device, is_notice_line
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
    return added if _is_sure(added) else ""


def _is_sure(added: str) -> bool:
    return len(added.split()) <= _MOST_WORDS and consent(added) is None


# -- below ----------------------------------------------------------------------------------------

_WHOLE = 0.8
"""From which share of its words on our message is given back whole."""
_OLDER = re.compile(
    r"^\s*(?:>|\||-{2,}\s*\S|_{5,})"
    r"|^\W*(?:de|van|von|from|objet|onderwerp|betreff|subject|envoye|verzonden|gesendet|sent) ?:"
    r"|\b(?:a ecrit|schreef|schrieb|wrote|geschreven)\b"
)
"""What tells that an older message is quoted below ours."""


def written_below(ours: str, given_back: str) -> str:
    """What somebody wrote below ``ours``, if ``given_back`` is all of it and nothing but words
    of theirs follows.

    Nothing where it is not sure: where an older message stands below, or for a mere yes or no.
    """
    lines = given_back[:_LONGEST].splitlines()
    end = _end_of(ours, lines)
    below = lines[end:] if end is not None else []
    if any(_OLDER.search(level(line)) for line in below):
        return ""
    said = "\n".join(_own(below)).strip()
    return said if said and _is_sure(said) else ""


def _end_of(ours: str, lines: list[str]) -> int | None:
    """The line behind our message: its last words, once most of the others stood before them."""
    sent, last = fold(ours), [fold(line) for line in ours.splitlines() if fold(line)][-1:]
    count, enough = 0, max(_FEWEST_OF_OURS, _WHOLE * len(sent.split()))
    for i, line in enumerate(lines):
        found = words(_MARKS.sub("", line))
        if found and _stands(found, f" {sent} "):
            count += len(found)
            if count >= enough and last == [" ".join(word.text for word in found)]:
                return i + 1
    return None


def _own(lines: list[str]) -> list[str]:
    """Lines without what a device, a server or a signature set apart puts below them."""
    kept: list[str] = []
    for line in (line.strip() for line in lines):
        if line in {"--", "—"} or is_notice_line(line):
            break
        if not is_device(line) and _ADDRESS.search(line) is None:
            kept.append(line)
    # A notice is only told from words of one's own by what stands before it.
    return kept[: disclaimers_start(["", *kept]) - 1] if kept else []


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
