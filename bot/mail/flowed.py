"""Text in format=flowed (RFC 3676): lines that end in a space go on in the next one."""

from __future__ import annotations

import re

_QUOTE = re.compile(r">*")


def unflowed(text: str, delsp: bool) -> str:
    """Paragraphs whole again; ``delsp`` says that the space at the break is not part of them."""
    lines: list[str] = []
    joining_depth: int | None = None
    for raw in text.replace("\r\n", "\n").split("\n"):
        depth, line = _parts(raw)
        if joining_depth == depth and line != "-- ":
            lines[-1] += line
        else:
            lines.append(">" * depth + (" " if depth else "") + line)
        flows = line.endswith(" ") and line != "-- "
        joining_depth = depth if flows else None
        if flows and delsp:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _parts(raw: str) -> tuple[int, str]:
    """The depth of quotation, and the line without its marks and without space-stuffing."""
    found = _QUOTE.match(raw)
    depth = found.end() if found else 0
    return depth, raw[depth:].removeprefix(" ")
