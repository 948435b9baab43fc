"""What somebody wrote now, apart from what is quoted below or between.

When in doubt, words are kept; what is cut is given too, so that it stays in the record. Strangers
write mails, so everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.mail.quote_heads import Sort, after_headers, head_at, is_forward_mark
from bot.mail.signatures import signature_start
from handlers.reading.trailers import disclaimers_start, is_device

_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000\t]+")
_MARKS = re.compile(r"(?:> ?)+")
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in its parts.

    ``text`` is what the bot reads: the own words with the signature, which tells who writes.
    ``written`` is without the signature, which is given in ``signature``. ``quoted`` is everything
    that was taken out: quotations, lines of devices, legal notices.
    """

    text: str
    quoted: str = ""
    signature: str = ""
    written: str = ""


def cut(text: str, forwarded: bool = False) -> Cut:
    """Part what was written now from what is quoted.

    ``forwarded`` says that the subject speaks of a mail passed on: without own words, the passed
    on ones then are the text. Without it they are a quotation, and nothing was written.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    parts = _split(lines)
    own = parts.own_lines()
    if not own and (forwarded or parts.forward is not None):
        return _passed_on(lines, parts.forward or 0)
    return _finished(own, parts.quoted)


def is_forward(subject: str) -> bool:
    """Whether a subject begins as programs mark a mail that is passed on."""
    return _FORWARD_SUBJECT.match(subject) is not None


_FORWARD_SUBJECT = re.compile(
    r"\s*(?:(?:re|r[ée]p|aw|antw?|sv)(?:\[\d{1,3}\])?\s?:\s*)*"
    r"(?:tr|fwd?|wg|doorst|transf[ée]r[ée]?|i)\s*:",
    re.IGNORECASE,
)


def _finished(own: list[str], quoted: list[str]) -> Cut:
    start = signature_start(own)
    return Cut(
        text=re.sub(r"\n{3,}", "\n\n", _joined(own)),
        quoted=_joined(quoted),
        signature=_joined(own[start:]),
        written=_joined(own[:start]),
    )


def _passed_on(lines: list[str], start: int) -> Cut:
    """A mail passed on without a word: all of it is the text; its headers are not written."""
    bare = [_unmarked(line) for line in lines[start:]]
    plain = [_plain(line) for line in bare]
    headers = after_headers(plain, 1 if is_forward_mark(plain[0]) else 0)
    inner = _finished(_trimmed(bare[headers:]), [])
    whole = _finished(_trimmed(bare), lines[:start])
    return Cut(whole.text, whole.quoted, inner.signature, inner.written)


@dataclass
class _Parts:
    """The runs of own lines, and everything else."""

    runs: list[list[str]] = field(default_factory=lambda: [[]])
    quoted: list[str] = field(default_factory=list)
    any_own: bool = False
    any_quotation: bool = False
    forward: int | None = None
    """The line from which on all is passed on."""

    def keep(self, line: str) -> None:
        """A line that was written."""
        self.runs[-1].append(line)
        self.any_own |= bool(line)

    def take_out(self, lines: list[str]) -> None:
        """Lines that were not."""
        self.quoted += lines
        if self.runs[-1]:
            self.runs.append([])

    def own_lines(self) -> list[str]:
        """The own lines; an empty one stands where something was taken out, so that nothing new
        arises from two lines that were apart.
        """
        own: list[str] = []
        for run in self.runs:
            lines = _trimmed(run)
            own += ["", *lines] if own and lines else lines
        start = disclaimers_start([_plain(line) for line in own])
        self.quoted += own[start:]
        return _trimmed(own[:start])


def _split(lines: list[str]) -> _Parts:
    """Own lines and quoted lines."""
    parts = _Parts()
    plain = [_plain(line) for line in lines]
    index = 0
    while index < len(lines):
        if _rest_is_passed_on(plain[index], parts):
            parts.forward = index
            break
        end = _quotation_end(plain, index, parts)
        if end is None:
            break
        if end > index:
            parts.take_out(lines[index:end])
        else:
            parts.keep(lines[index])
        index = max(end, index + 1)
    parts.take_out(lines[index:])
    return parts


def _quotation_end(plain: list[str], index: int, parts: _Parts) -> int | None:
    """Behind what is quoted from this line on: itself for nothing, None for all that is left."""
    head = head_at(plain, index)
    marked = head is not None and _marks_follow(plain, head.end)
    if head is not None and (marked or head.sort > Sort.WEAK):
        below = head.sort is Sort.MARKER or (head.sort is Sort.BLOCK and parts.any_own)
        parts.any_quotation = True
        return _bars_end(plain, head.end) if marked and not below else None
    if plain[index].startswith(">"):
        parts.any_quotation = True
        return index + 1
    return index + is_device(plain[index])


def _rest_is_passed_on(line: str, parts: _Parts) -> bool:
    """A mark of forwarding; one that is itself quoted only if nothing stands above it."""
    if line.startswith(">") and not parts.any_own and not parts.any_quotation:
        return is_forward_mark(_MARKS.sub("", line, count=1))
    return is_forward_mark(line)


def _marks_follow(plain: list[str], index: int) -> bool:
    """Whether the next line with anything in it is marked as quoted."""
    following = next((plain[k] for k in range(index, len(plain)) if plain[k]), "")
    return following.startswith((">", "|"))


def _bars_end(plain: list[str], index: int) -> int:
    """Behind a quotation that is marked with bars, if one begins here."""
    end = index
    while end < len(plain) and not plain[end]:
        end += 1
    if end == len(plain) or not plain[end].startswith("|"):
        return index
    while end < len(plain) and plain[end].startswith("|"):
        end += 1
    return end


def _plain(line: str) -> str:
    """A line for comparing: single plain spaces, no bold marks, bounded length."""
    return _SPACES.sub(" ", line[:_LONGEST_LINE]).strip().replace("*", "").strip("_ ") or (
        "_" if line.strip().startswith("____") else ""
    )


def _unmarked(line: str) -> str:
    """A line without marks of quotation."""
    return re.sub(r"^(?:> ?)+", "", line)


def _trimmed(lines: list[str]) -> list[str]:
    """Without empty lines at both ends."""
    start, end = 0, len(lines)
    while start < end and not lines[start]:
        start += 1
    while end > start and not lines[end - 1]:
        end -= 1
    return lines[start:end]


def _joined(lines: list[str]) -> str:
    return "\n".join(_trimmed(lines))
