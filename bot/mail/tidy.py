"""Text without what could lie about itself: control characters and changes of direction."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and line feed; the marks that reorder text (Unicode UAX #9), with
# which a file name can show another extension; soft hyphen, zero-width and tag characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def tidy(text: str) -> str:
    """The text with line feeds as its only line ends, and nothing unseen."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str, longest: int) -> str:
    """The text in one line of at most ``longest`` characters."""
    return " ".join(tidy(text[: 4 * longest]).split())[:longest].rstrip()
