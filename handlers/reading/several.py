"""Several institutions registered in one letter: each with its own user and its own address.

Whoever writes for one authority does not thereby speak for another. So each one counts only where
everything about it is said: the letter registers it, and a named person has an address of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from config.territory import Authority, Territory
from handlers.reading.contacts import Address, find_addresses, find_phones
from handlers.reading.institutions import domain_authority
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import Person, find_names, fits_address

Registered = tuple[Authority, Person]

_TOGETHER = re.compile(
    r"\b(?:nos|les|leurs|ces|des)(?: deux| trois| 2| 3)? (?:cpas|communes|villes|zones|institutions"
    r"|administrations|entites|centres|pouvoirs locaux)\b|\bles (?:deux|trois|2|3)\b"
    r"|\b(?:onze|de|beide|both|unsere|beiden) (?:twee |2 )?(?:ocmw'?s|gemeenten|besturen)\b"
    r"|\b(?:unsere|beiden?) (?:zwei |2 )?gemeinden\b"
)
"""That the letter is about several, and not about one beside which another is named."""
_REGISTERS = re.compile(r"\b(?:inscri|enregistr|inschrij|anmeld|einschreib|regist)\w*")
_REMARKS = re.compile(
    r"\b(?:en copie|pour information|pour info|cc|deja (?:membre|inscrit\w*)|contact\w* aussi"
    r"|sauf|mais pas|ne (?:souhaite|veut|s'inscri\w*))\b"
)
"""Where somebody is named for another reason, or not wanted."""


def read_several(letter: Letter, territory: Territory) -> tuple[Registered, ...]:
    """The institutions that a letter registers together, each with its user; empty unless there
    are two of them or more, all of them clear, and the writer is of one of them.
    """
    plain = level(letter.text)
    about_several = _TOGETHER.search(plain) or _TOGETHER.search(level(letter.subject))
    registers = _REGISTERS.search(plain) or _REGISTERS.search(level(letter.subject))
    if not (about_several and registers) or _REMARKS.search(plain):
        return ()
    pairs = list(_pairs(letter, territory))
    found = dict(pairs)
    if len(found) < max(2, len(pairs)) or not _all_named(letter, territory) <= found.keys():
        return ()
    own = letter.sender_address.rpartition("@")[2]
    of_one = any(user.email.rpartition("@")[2] == own for user in found.values())
    return tuple(pairs) if of_one else ()


def _all_named(letter: Letter, territory: Territory) -> set[Authority]:
    """Every authority that the letter calls by its type and name."""
    mentions = territory.mentions(letter.text)
    return {mention.authority for mention in mentions if mention.named and mention.explicit_type}


def _pairs(letter: Letter, territory: Territory) -> Iterator[Registered]:
    """Each authority named in the letter whose own domain an address in it bears, with its user."""
    text = letter.text
    named = {mention.authority for mention in territory.mentions(text) if mention.named}
    addresses = find_addresses(text)
    for address in addresses:
        authority = domain_authority(address.domain, territory)
        if authority not in named or authority is None:
            return
        user = _user(text, address, addresses)
        if user is None:
            return
        yield authority, user


def _user(text: str, address: Address, addresses: Sequence[Address]) -> Person | None:
    """The one person of the letter whose name the address bears."""
    fitting = {
        name.name: name for name in find_names(text) if fits_address(name.name, address.email)
    }
    if len(fitting) != 1:
        return None
    (named,) = fitting.values()
    return replace(
        Person(named.name, named.gender, email=address.email),
        phone=_phone(text, address, addresses),
    )


def _phone(text: str, address: Address, addresses: Sequence[Address]) -> str:
    """The number in the line of the address; the only one of the letter if one person is meant."""
    numbers = [number for number in find_phones(text) if number.personal]
    line = text[: address.start].count("\n")
    beside = [number for number in numbers if text[: number.start].count("\n") == line]
    same = len({one.email.partition("@")[0] for one in addresses}) == 1
    chosen = beside if len(beside) == 1 else numbers if same and len(numbers) == 1 else []
    return chosen[0].e164 if chosen else ""
