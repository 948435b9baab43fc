"""Which address and number belong to somebody named in a letter, and never somebody else's."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.reading.contacts import Address, Line, Phone, find_addresses, find_phones
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import NamedPerson, Person, find_names, fits_address, same_person


def contacts_of(person: Person, letter: Letter) -> Person:
    """A person named in a letter, with the address and number that stand beside the name."""
    return replace(
        person,
        email=person.email or email_of(person.name, letter),
        phone=person.phone or phone_of(person.name, letter),
    )


def email_of(name: str, letter: Letter) -> str:
    """The address told for a name: one made from it, else the one that stands beside it."""
    addresses = [address.email for address in find_addresses(letter.text)]
    fitting = [email for email in addresses if fits_address(name, email)]
    if letter.sender_address in fitting or not fitting:
        nearest = _nearest(name, letter.text, find_addresses(letter.text))
        if not fitting and fits_address(name, letter.sender_address):
            return letter.sender_address
        return nearest or (fitting[0] if fitting else "")
    return fitting[0]


def phone_of(name: str, letter: Letter) -> str:
    """The number beside a name, on the line that the writer wishes where there is one."""
    phones = [phone for phone in find_phones(letter.body) if phone.personal]
    wished = [phone for phone in phones if phone.line is wished_line(letter)]
    return (
        _nearest(name, letter.body, wished)
        or _nearest(name, letter.body, phones)
        or _beside_address(name, letter, phones)
    )


def _beside_address(name: str, letter: Letter, phones: list[Phone]) -> str:
    """The number just behind an address that is made from the name, however far the name is."""
    for address in find_addresses(letter.body):
        if not fits_address(name, address.email):
            continue
        for phone in phones:
            between = letter.body[address.end : phone.start]
            if address.end <= phone.start and len(between) < _BESIDE and not find_names(between):
                return phone.e164
        before = [phone for phone in phones if 0 <= address.start - phone.end < _BESIDE]
        if before and "\n" not in letter.body[before[-1].end : address.start]:
            return before[-1].e164
    return ""


_BESIDE = 40
NEAR = 160
"""Contacts further behind a name than so many letters are not taken for that person's."""


def _nearest(name: str, text: str, contacts: list[Address] | list[Phone]) -> str:
    """The first contact behind a name, unless another name stands between."""
    names = find_names(text)
    if not any(same_person(named.name, name) for named in names):
        spot = level(text).find(level(name))
        if spot >= 0:
            names = sorted([*names, NamedPerson(name, None, spot, spot + len(name))], key=_place)
    for index, named in enumerate(names):
        if not same_person(named.name, name):
            continue
        limit = next(
            (other.start for other in names[index + 1 :] if not same_person(other.name, name)),
            len(text),
        )
        for contact in contacts:
            if named.end <= contact.start < min(limit, named.end + NEAR):
                return contact.email if isinstance(contact, Address) else contact.e164
    return ""


def _place(named: NamedPerson) -> int:
    return named.start


def only_phone(letter: Letter) -> str:
    """The number of somebody who writes about herself, if there is just one in the text."""
    numbers = {phone.e164 for phone in find_phones(letter.body) if phone.personal}
    return numbers.pop() if len(numbers) == 1 else ""


_MOBILE = r"(?:gsm|portable|mobile|cellulaire|handy|mobiel)"
_FIXED = r"(?:(?:ligne |numero )?fixe|bureau|vaste lijn|festnetz|landline)"


def _wished(line: str, other: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b{line}\b[^.;:\d]{{0,25}}\b(?:plutot que|de preference|a privilegier|prioritaire"
        rf"|et (?:pas|non)|pas {other}|liever dan|rather than|statt)\b"
        rf"|\b(?:de preference|privilegi\w+|prefer\w+|plutot(?! que)|uniquement|liefst|bitte nur"
        rf"|exclusivement|seulement)\b[^.;:\d]{{0,30}}\b{line}\b"
    )


_WISHES = {Line.MOBILE: _wished(_MOBILE, _FIXED), Line.FIXED: _wished(_FIXED, _MOBILE)}


def wished_line(letter: Letter) -> Line | None:
    """The line on which the writer wants to be called, where a sentence says so."""
    plain = level(letter.body)
    wished = [line for line, wish in _WISHES.items() if wish.search(plain)]
    return wished[0] if len(wished) == 1 else None


def preferred(phones: list[Phone], letter: Letter) -> str:
    """Of somebody's numbers the one wished for, else the first; never a fax or switchboard."""
    personal = [phone for phone in phones if phone.personal]
    wished = [phone for phone in personal if phone.line is wished_line(letter)]
    return next((phone.e164 for phone in wished + personal), "")
