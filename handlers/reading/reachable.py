"""The person whom a letter that registers tells how to reach: by what stands around the name, where
no wording designates anybody.

Who else would be told with an address or a number? Somebody named in passing is not, nor is anybody
while the user is still to be designated.
"""

from __future__ import annotations

import re

from handlers.reading.contacts import find_addresses
from handlers.reading.designating import (
    ABOUT_USING,
    CONCERNED_NOT,
    DEPUTY,
    FORMER,
    PENDING,
    PLATFORM_WORK,
    WHO_LATER,
)
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import NamedPerson, Person, find_names, fits_address, same_person
from handlers.reading.whose import NEAR, email_of, phone_of

_PASSES_BY = re.compile(
    r"\b(?:agent traitant|dossier (?:traite|suivi|gere)|votre (?:courrier|mail|collegue)|de la part"
    r"|a la demande|rencontr\w+|parle|vu avec|convenu avec|secretariat|bourgmestre,|signature"
    r"|transmis par|envoye par|pour (?:toute )?(?:question|information|facturation)|factur\w*"
    r"|repondre a|reponse a|accuse de reception|copie|cc)\b[^.;]{0,50}$"
)


def reachable(letter: Letter) -> Person | None:
    """The one person whom the text names with an address of the writer's house made from the name.

    Who else would be told with an address in a letter that registers? Somebody named in passing
    is not, nor is anybody while the user is still to be designated.
    """
    if is_pending(letter):
        return None
    house = letter.sender_address.rpartition("@")[2]
    own = [a.email for a in find_addresses(letter.body) if a.domain == house]
    plain = level(letter.body)
    names = [
        name for name in find_names(letter.body) if not _PASSES_BY.search(_before(plain, name))
    ]
    told = {
        name.name: name for name in names if any(fits_address(name.name, email) for email in own)
    }
    if len(told) != 1:
        return None
    name = next(iter(told.values()))
    if set_aside(plain, name) or _WISHES.match(plain[name.end : name.end + NEAR]):
        return None
    if CONCERNED_NOT.search(plain[name.start : name.end + NEAR]):
        return None
    return Person(name.name, name.gender, apposition(letter.body, name))


_FIRST_NAME = re.compile(r"\b(?P<name>[A-ZÀ-ÖØ-Þ][\w-]+)[ (:,–-]{1,4}$")


def by_first_name(letter: Letter) -> Person | None:
    """« c'est Jessica (jessica.maury@…) qui encodera »: the address tells the rest of the name."""
    house = letter.sender_address.rpartition("@")[2]
    found = []
    for sentence in letter.sentences:
        plain = level(sentence)
        if not (ABOUT_USING.search(plain) or re.search(rf"\b{PLATFORM_WORK}", plain)):
            continue
        for address in find_addresses(sentence):
            first = _FIRST_NAME.search(sentence[: address.start])
            parts = address.email.partition("@")[0].split(".")
            named = first is not None and len(parts) == 2 and level(first["name"]) == parts[0]
            if named and first and address.domain == house:
                found.append(Person(f"{first['name']} {parts[1].title()}", email=address.email))
    return found[0] if len(found) == 1 and not is_pending(letter) else None


_WISHES = re.compile(
    r".{0,70}?\b(?:souhait|voudr|desir|demand|a assist|assistera|participera|a particip|m'a"
    r"|nous a)"
)
"""« Notre échevin X (adresse) voudrait être invité »: somebody of whom something else is said."""


def _before(plain: str, name: NamedPerson) -> str:
    return plain[max(0, name.start - 80) : name.start]


def set_aside(plain: str, name: NamedPerson) -> bool:
    before = plain[max(0, name.start - 40) : name.start]
    return any(words.search(before) is not None for words in (DEPUTY, FORMER, _NEITHER))


_NEITHER = re.compile(r"\bni (?:m\w{0,7}\.? )?$")


_APPOSITION = re.compile(
    r"^\s?(?:,|\(|[-–—]|/)\s?(?P<role>[^\W\d_](?:[^,(;:@\d)–—/]|\d(?![\d ./])){3,70}?)\s?"
    r"(?:,|\(|\)|;|:|/|\s[-–—]|\.?$|\.\s)"
)


def apposition(sentence: str, named: NamedPerson) -> str:
    match = _APPOSITION.match(sentence[named.end :])
    if not match or re.match(
        r"(?:est|sera|qui|a ete|et|dont|mail|e-mail|courriel|tel|gsm|joignable|au |comme|en copie"
        r"|dans |pour |tout )",
        level(match["role"]) + " ",
    ):
        return ""
    return match["role"].strip()


def is_pending(letter: Letter) -> bool:
    told = [level(sentence) for sentence in letter.sentences]
    return any(PENDING.search(plain) or WHO_LATER.search(plain) for plain in told)


def told_alone(letter: Letter) -> Person | None:
    """The one person named in the text, if a number or an address of the house stands beside the
    name: « Elle m'en a chargée : Marianne Hubert, assistante sociale, 061 … ».
    """
    if is_pending(letter):
        return None
    plain = level(letter.body)
    names = find_names(letter.body)
    first = names[0] if 0 < len(names) <= _MOST_TOLD else None
    if first is None or any(not same_person(first.name, name.name) for name in names):
        return None
    before, behind = _before(plain, first), plain[first.end : first.end + NEAR]
    if set_aside(plain, first) or _PASSES_BY.search(before) or _OF_RANK.search(before):
        return None
    if _WISHES.match(behind) or CONCERNED_NOT.search(behind) or _PRESENTS.search(before):
        return None
    around = plain[max(0, first.start - NEAR) : first.end + NEAR]
    about = ABOUT_USING.search(around) or re.search(rf"\b{PLATFORM_WORK}", around)
    if about is None or _ANOTHER.match(behind):
        return None
    house = letter.sender_address.rpartition("@")[2]
    address = email_of(first.name, letter)
    beside = phone_of(first.name, letter) or address in {
        found.email for found in find_addresses(letter.body) if found.domain == house
    }
    return Person(first.name, first.gender, apposition(letter.body, first)) if beside else None


_MOST_TOLD = 8
"""More often nobody is named in a letter that registers."""
_PRESENTS = re.compile(
    r"\b(?:je (?:suis|m'appelle|me presente)|mon nom est|ik ben|ich bin|mein name ist|my name is"
    r"|i am)\b[^.;:]{0,30}$"
)
"""Who says their name says who writes, and not yet who is to be the user."""
_ANOTHER = re.compile(r"[^\d@]{0,150}?(?:\b(?:je|me|mon|ma|moi|ik|ich|my)\b|\b[jm]')")
"""« X est absent et j'ai repris ses dossiers (061 …) »: the number is the writer's."""
_OF_RANK = re.compile(
    r"\b(?:bourgmestre|echevine?|president\w*|mayeur|burgemeester|burgermeister\w*|schepen)"
    r"[ ,:(]{1,4}(?:m\w{0,7}\.? )?$"
)
"""« notre bourgmestre, X, … »: who decides is named, and reached through others."""
