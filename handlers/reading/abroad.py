"""Namesakes: places elsewhere that bear the name of a commune of the territory."""

from __future__ import annotations

import re

from config.territory import Authority, AuthorityType, Territory
from handlers.reading.letter import Letter
from handlers.reading.letters import level

_SURE = re.compile(
    r"(?:^|[\n,(–|-])\s*f-?\d{5}\b|(?:^|[\n,–|-])\s*\d{5} [a-z]{3}"
    r"|(?:\+|\b00)\s?(?:33|352|49|31|41)(?![\d])\s?\(?\d|\bl-\d{4}\b|\bgrand[- ]duche\b"
    r"|\bcommunaute de communes\b|\bprefecture\b|\bconseil departemental\b"
)
_HINTS = (
    re.compile(r"\bmairie\b"),
    re.compile(r"\b(?:le|la|du|monsieur le|madame la|madame le|adjointe? au) maire\b"),
    re.compile(r"\bfrance\b|\bfrancaise?s?\b"),
    re.compile(
        r"\((?:vosges|meuse|moselle|ardennes|meurthe-et-moselle|aisne|nord|oise|somme|marne"
        r"|jura|doubs|bas-rhin|haut-rhin|haute-\w+|[a-z]+-et-[a-z]+|[a-z]+-maritimes?)\)"
    ),
)
_POSTAL = re.compile(
    r"(?<![\w/.,-])(?:b-)?(?P<code>[1-9]\d{3})[ -]{1,3}(?P<place>[a-z][a-z' -]{2,40})"
)


def is_abroad(letter: Letter, authority: Authority, territory: Territory) -> bool:
    """Whether marks in a letter show that the place of this name is another one.

    One sure mark in the signature, two hints anywhere, or a postal code that the territory does not
    use before the name.
    """
    if _SURE.search(level(letter.signature)):
        return True
    plain = level(f"{letter.subject}\n{letter.text}\n{letter.sender_name}")
    if sum(hint.search(plain) is not None for hint in _HINTS) > 1:
        return True
    return _at_another_postal_code(plain, authority, territory)


def _at_another_postal_code(plain: str, authority: Authority, territory: Territory) -> bool:
    if authority.type not in {AuthorityType.COMMUNE, AuthorityType.CPAS}:
        return False
    name = level(territory.commune(authority.code).name_fr)
    return any(
        match["place"].startswith(name) and not territory.communes_at(match["code"])
        for match in _POSTAL.finditer(plain)
    )
