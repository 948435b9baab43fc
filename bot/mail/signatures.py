"""Where a signature that a person made begins. It is only set apart: it tells who writes."""

from __future__ import annotations

import re

_RULE = re.compile(r"[-_=*#~+—–ᐧ\s]+")
_DASHES = {"--", "—", "- -", "-- "}
_MOST_LINES = 14
_LONGEST_SIGNATURE_LINE = 120


def signature_start(lines: list[str]) -> int:
    """The line at which a signature set off by dashes begins (RFC 3676, section 4.3).

    Dashes alone on a line count if what follows is short lines. Rules of signs at the very end
    go with it. The length when there is no signature.
    """
    found = end = _without_rules(lines, len(lines))
    filled = 0
    while end > 0:
        end -= 1
        if lines[end].strip() in _DASHES:
            found = end = _without_rules(lines, end)
            filled = 0
        elif lines[end].strip():
            filled += 1
            if filled > _MOST_LINES or not _could_sign(lines[end]):
                break
    return found


def _could_sign(line: str) -> bool:
    return len(line) <= _LONGEST_SIGNATURE_LINE and not line.rstrip().endswith("?")


def _without_rules(lines: list[str], end: int) -> int:
    """Without lines of signs only, and empty lines, before ``end``."""
    while end > 0 and (not lines[end - 1].strip() or _RULE.fullmatch(lines[end - 1])):
        end -= 1
    return end
