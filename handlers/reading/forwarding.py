"""A letter that only passes on another one: whose words count then."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.letters import level
from handlers.reading.people import same_person

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


_FORWARDED = re.compile(r"^\s*\[?(?:tr|fwd?|wg|i|doorst)\s?:")
_HEADERS_OF_A_COPY = 3
"""Header lines, one below the other, that begin a copied letter without any mark."""


def says_forwarded(subject: str) -> bool:
    """Whether a subject says that a letter is passed on: « TR : », « Fwd: »."""
    return _FORWARDED.match(level(subject)) is not None


def passed_on(quoted: str, subject: str = "") -> PassedOn | None:
    """The letter that stands behind a mark of forwarding; None without such a mark.

    Under a subject that says « TR: », a block of headers is a mark as well.
    """
    parted = part(quoted, subject)
    return parted[1] if parted else None


_ORIGINAL = re.compile(
    r"^[ >*_-]*(?:message|mail|courriel|e-mail) (?:d'origine|original|initial|envoye)[ :>*_-]*$"
    r"|^[ >*_-]*(?:original message|oorspronkelijk bericht|ursprungliche nachricht)[ :>*_-]*$",
    re.MULTILINE,
)
_SENT_AGAIN = re.compile(
    r"\b(?:second|deuxieme|nouvel|2e|2eme) (?:envoi|mail|message)\b|\brappel\w*|\brelanc\w+"
    r"|\bre-?envo\w+|\brenvo\w+|\brecoll\w+|\bremets?\b|\bretransmets?\b|\breiter\w+|\binsist\w+"
    r"|\bsans (?:nouvelles?|reponse|reaction|suite)\b|\btoujours (?:rien|pas)\b"
    r"|\b(?:perdue?|egaree?)\b"
    r"|\b(?:pas|aucune?|rien) (?:\w+ ){0,3}(?:reponse|nouvelles?|confirmation|retour|recu|suite)\b"
    r"|\b(?:bien )?(?:recue?|parvenue?|arrivee?)\b[^.!]*\?|\bherinner\w+|\bnogmaals\b|\berinner\w+"
    r"|\berneut\b|\bnochmals?\b|\bremind\w+|\bsending (?:this )?again\b|\bno (?:answer|reply)\b"
)


def sent_again(own: str, quoted: str, sender: str, name: str) -> PassedOn | None:
    """The sender's own letter below words that only recall it: « second envoi, sans réponse »."""
    if _SENT_AGAIN.search(level(own)) is None:
        return None
    copied = _attributed(quoted) or _original(quoted)
    if copied is None or copied.address not in {"", sender.lower()}:
        return None
    return copied if copied.address or same_person(copied.name, name) else None


def _original(quoted: str) -> PassedOn | None:
    """The letter below a block of copied headers."""
    mark = _ORIGINAL.search(level(quoted))
    start = mark.end() if mark else _header_block(quoted)
    return None if start is None else _copied(quoted[start:])


_ATTRIBUTION = re.compile(
    r"\s*(?:le|on|op|am)\s[^\n]{0,60}?\d[:h]?\d\d(?::\d\d)?,?\s(?P<name>[^\n\d<>\[\]]{2,60}?)"
    r"(?:\s[<\[](?P<address>[^>\]\s]+)[>\]])?,?\s(?:a ecrit|wrote|schreef|schrieb)\s?:\s*\n"
)


def _attributed(quoted: str) -> PassedOn | None:
    """The letter whose lines are marked as quoted, below « Le 7 mai 2026 à 8:14, X a écrit : »."""
    head = _ATTRIBUTION.match(level(quoted))
    if head is None:
        return None
    lines = [line.lstrip("> ") for line in quoted[head.end() :].split("\n") if line[:1] == ">"]
    name = quoted[head.start("name") : head.end("name")]
    return PassedOn((head["address"] or "").lower(), name, "", "\n".join(lines)) if lines else None


def part(text: str, subject: str) -> tuple[str, PassedOn] | None:
    """What a text says itself, and the letter that it passes on below."""
    mark = _MARK.search(level(text))
    if mark is not None:
        return text[: mark.start()].strip(), _copied(text[mark.end() :])
    block = _header_block(text) if says_forwarded(subject) else None
    return None if block is None else (text[:block].strip(" \n_-"), _copied(text[block:]))


def _header_block(text: str) -> int | None:
    """Where the first block of copied headers begins."""
    place, run, start = 0, 0, 0
    for line in text.split("\n"):
        if _HEADER.match(level(line)):
            start = place if run == 0 else start
            run += 1
            if run == _HEADERS_OF_A_COPY:
                return start
        else:
            run = 0
        place += len(line) + 1
    return None


def _copied(text: str) -> PassedOn:
    lines = text.strip().split("\n")
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
