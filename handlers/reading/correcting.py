"""What a message puts right in what was said before: a number, an address, who the user is.

Only what is plain is read: a word that something was wrong, and one fact that is new. Whatever is
doubtful, asked or about somebody else is left to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.deputies import find_successor
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import Person, find_names, same_person
from handlers.reading.users import find_designation


@dataclass(frozen=True, slots=True)
class Correction:
    """What is new; the rest stays. With ``user`` it is another person, whose facts are her own."""

    user: Person | None = None
    phone: str = ""
    """E.164."""
    email: str = ""


_PUTS_RIGHT = re.compile(
    r"\b(?:en fait|finalement|plutot|erreur|erron\w+|oups|correction|corrig\w+|rectif\w+"
    r"|au lieu d\w+|a la place d\w+|modifi\w+|changer|change[rz]?|faute|trompe\w*|mauvais\w*"
    r"|bonne? (?:numero|adresse|mail|gsm|tel\w*)|nouve(?:au|l|lle) (?:numero|adresse|mail|gsm)"
    r"|(?:n'est|c'est) pas\b.{1,80}\bmais"
    r"|eigenlijk|eerder|fout\w*|verkeerd\w*|juiste|verbeter\w*|wijzig\w*|vergist|in plaats van"
    r"|eigentlich|richtige?[nr]?|falsch\w*|fehler|korrektur|korrigier\w*|andern|statt\w*|doch"
    r"|actually|instead|mistake|wrong|correct\w*)\b"
)
_DOUBTFUL = re.compile(
    r"\b(?:peut-etre|probablement|sans doute|pas (?:encore )?sur|pas certaine?|on verra|a confirmer"
    r"|pas encore|jusqu'|pendant|absen\w+|conges?|vacances|interim|misschien|wellicht|afwezig\w*"
    r"|tot en met|verlof|vielleicht|abwesen\w*|urlaub|wahrscheinlich|bis zum|maybe|perhaps|probably"
    r"|until|holidays?)\b|\bjusqu'"
)
_ASKS_TO_CHANGE = re.compile(
    r"^\W*(?:bonjour\W+|merci\W+|(?:et |mais )?)*(?:pou(?:vez|rriez|vons|rrais)|peux|peut-on"
    r"|serait-il|est-il possible|voulez|voudriez|kunt|kan|zou|konnen|konnten|wurden|could|can|would"
    r")\b"
)
_THING = r"(?:numero|gsm|tel\w*|portable|adresse|mail|e-?mail|courriel|nummer|nr|number)"
_OWN = re.compile(rf"\b(?:mon|ma|mijn|m'n|meine?|my)\b(?: [\w-]+){{0,2}} {_THING}\b")
_WHOSE = re.compile(rf"\b{_THING}(?: [\w-]+)? (?:de la |de l'|du |des |de |d'|van |von |der |of )")
_OF_THE_USER = re.compile(
    r"(?:contact|telephone|tel|gsm|portable|mail|e-?mail|courriel|(?:l'|la |le )?utilisat\w+"
    r"|personne designee|gebruik\w+|benutzer\w*)\b"
)


def find_correction(letter: Letter, user: Person, *, by_user: bool) -> Correction | None:
    """What a letter puts right about a user; None where nothing is plain. ``by_user`` if that
    person wrote it: « mon numéro » is hers.
    """
    plain = level(letter.body)
    if not _PUTS_RIGHT.search(plain) or _DOUBTFUL.search(plain) or _questions(letter):
        return None
    another = _another(letter, user)
    if another is not None:
        return Correction(another)
    if not _about(plain, letter, user, by_user=by_user):
        return None
    phones = {one.e164 for one in find_phones(letter.body) if one.personal} - {user.phone}
    emails = {one.email for one in find_addresses(letter.body)} - {user.email.lower()}
    if len(phones) > 1 or len(emails) > 1 or not (phones or emails):
        return None
    return Correction(phone=next(iter(phones), ""), email=next(iter(emails), ""))


def _questions(letter: Letter) -> bool:
    """Whether something is asked, other than to change what is wrong."""
    return any(
        sentence.rstrip().endswith("?") and not _ASKS_TO_CHANGE.match(level(sentence))
        for sentence in letter.sentences
    )


def _another(letter: Letter, user: Person) -> Person | None:
    named = find_designation(letter).user or find_successor(letter)
    if named is None or same_person(named.name, user.name):
        return None
    # A name that stands only below a letter is its writer's.
    there = any(same_person(one.name, named.name) for one in find_names(letter.body))
    return named if there else None


def _about(plain: str, letter: Letter, user: Person, *, by_user: bool) -> bool:
    """Whether the facts told are the user's: nobody else's are named beside them."""
    if _OWN.search(plain) and not by_user:
        return False
    if any(not same_person(one.name, user.name) for one in find_names(letter.body)):
        return False
    return all(_is_the_users(plain[found.end() :], user) for found in _WHOSE.finditer(plain))


def _is_the_users(rest: str, user: Person) -> bool:
    words = re.findall(r"[^\W\d_][\w'-]*", rest)[:2]
    own = set(re.split(r"[\s-]+", level(user.name))) | {"mme", "madame", "m", "monsieur", "mevrouw"}
    own |= {"de", "heer", "frau", "herrn", "herr"}
    return bool(words) and (_OF_THE_USER.match(rest) is not None or set(words) & own != set())
