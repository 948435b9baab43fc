"""Tables of wordings, one a line, as one pattern over levelled words."""

from __future__ import annotations

import re
from collections.abc import Mapping


def any_of(table: str, groups: Mapping[str, str]) -> re.Pattern[str]:
    """The lines of a table as one pattern of whole words; a name in capitals stands for one of the
    ``groups``: the words compared are all small letters.
    """
    for name, words in groups.items():
        table = table.replace(name, words)
    lines = "|".join(line.strip() for line in table.strip().splitlines())
    return re.compile(rf"(?<!\w)(?:{lines})\b")
