"""A letter that only passes on another one: whose words count then."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.letters import level

_MARK = re.compile(
    r"^[ >*_-]*(?:debut du )?(?:message (?:transfere|reexpedie)|forwarded message"
    r"|doorgestuurd bericht|weitergeleitete nachricht|begin forwarded message)[ :>*_-]*$",
    re.MULTILINE,
)
_HEADER = re.compile(
    r"^\s*\*?(?P<name>de|from|van|von|objet|sujet|subject|onderwerp|betreff|a|to|aan|an|pour|date"
    r"|envoye(?: le)?|sent|cc|verzonden|datum|gesendet)\s?:\*?\s*(?P<value>.*)$"
)
_AUTHOR = frozenset({"de", "from", "van", "von"})
_TITLE = frozenset({"objet", "sujet", "subject", "onderwerp", "betreff"})
_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]+\w")


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A letter within a letter: who wrote it as far as its copied headers tell, and its words."""

    address: str
    name: str
    subject: str
    text: str


def passed_on(quoted: str) -> PassedOn | None:
    """The letter that stands behind a mark of forwarding; None without such a mark."""
    mark = _MARK.search(level(quoted))
    if mark is None:
        return None
    lines = quoted[mark.end() :].strip().split("\n")
    found: dict[str, str] = {}
    while lines:
        match = _HEADER.match(level(lines[0]))
        if match is None and (lines[0].strip() or not found):
            break
        line = lines.pop(0)
        if match is None:
            break
        found.setdefault(match["name"], line[match.start("value") :].strip(" *\t"))
    author = next((found[name] for name in found if name in _AUTHOR), "")
    subject = next((found[name] for name in found if name in _TITLE), "")
    address = _ADDRESS.search(author)
    return PassedOn(
        address.group().lower() if address else "",
        author[: address.start()].strip(' <"*[') if address else author,
        subject,
        "\n".join(lines).strip(),
    )
