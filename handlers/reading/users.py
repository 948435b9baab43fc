"""Who is designated as the user of an institution, and who asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.designating import (
    ABOUT_USING,
    BEFORE_NAME,
    CONCERNED_NOT,
    DEPUTY,
    PASSIVE,
    PENDING,
    PLATFORM_WORK,
    UNDECIDED,
    says_herself,
)
from handlers.reading.form import Label, read_form
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import (
    Gender,
    NamedPerson,
    Person,
    find_names,
    fits_address,
    names_of_addresses,
    person_behind,
    proper,
    same_person,
    small_name,
)
from handlers.reading.reachable import (
    apposition,
    by_first_name,
    is_pending,
    reachable,
    set_aside,
    told_alone,
)
from handlers.reading.whose import contacts_of, email_of, only_phone, phone_of, preferred


@dataclass(frozen=True, slots=True)
class Designation:
    """The designated user, the writer, and whether the user is still to be designated."""

    user: Person | None
    requester: Person | None
    pending: bool = False


def find_designation(letter: Letter) -> Designation:
    """Who is designated in a message, from its form, its sentences, or the writer's own word."""
    requester = find_requester(letter)
    if _is_undecided(letter):
        return Designation(None, requester, pending=True)
    user = (
        _in_form(letter)
        or _in_sentences(letter)
        or _herself(letter, requester)
        or _in_small_letters(letter)
        or reachable(letter)
        or by_first_name(letter)
        or told_alone(letter)
    )
    if user is None:
        return Designation(None, requester, pending=is_pending(letter))
    return Designation(_completed(user, letter, requester), requester)


def _in_small_letters(letter: Letter) -> Person | None:
    """A user named without capitals, if an address beside it or the sender's confirms the name."""
    if not any(ABOUT_USING.search(level(sentence)) for sentence in letter.all_sentences):
        return None
    if any(PENDING.search(level(sentence)) for sentence in letter.sentences):
        return None
    addresses = [address.email for address in find_addresses(letter.body)]
    names = names_of_addresses(letter.body, addresses or [letter.sender_address])
    return Person(names[0].name) if len({name.name for name in names}) == 1 else None


def find_requester(letter: Letter) -> Person | None:
    """Who writes: the name in the signature, else the one shown with the address."""
    shown = person_behind(letter.sender_name)
    signed = _signatory(letter, shown)
    name = shown if shown and (not signed or same_person(shown, signed.name)) else ""
    if not name and signed:
        name = signed.name
    if not name:
        return None
    return Person(
        name,
        gender=_gender(letter, name, signed),
        role=_signed_role(letter.signature, signed),
        email=letter.sender_address,
        phone=preferred(find_phones(letter.signature), letter),
    )


def _signatory(letter: Letter, shown: str) -> NamedPerson | None:
    names = find_names(letter.signature)
    if not names:
        names = names_of_addresses(letter.signature, [letter.sender_address])
    for name in names:
        if shown and same_person(name.name, shown):
            return name
    return names[0] if names else None


def _gender(letter: Letter, name: str, signed: NamedPerson | None) -> Gender | None:
    if signed and signed.gender and same_person(name, signed.name):
        return signed.gender
    for named in find_names(letter.body):
        if named.gender and same_person(named.name, name):
            return named.gender
    return None


_NO_ROLE = re.compile(
    r"\d{2}|@|\b(?:rue|route|place|avenue|chaussee|commune|ville|cpas|administration|zone de|www"
    r"|tel|gsm"
    r"|province|college|ferme|ouvert|hotel de)\b"
)


def _signed_role(signature: str, signed: NamedPerson | None) -> str:
    """The first line after the name that is no address, number or institution."""
    if signed is None:
        return ""
    rest = signature[signed.end :]
    same_line, _, following = rest.partition("\n")
    for line in [re.sub(r"^[\s,;–-]+", "", same_line), *following.split("\n")[:2]]:
        role = re.split(r"\s[-–]\s(?=\d|CPAS|Commune|Ville|Adm)|,\s(?=Commune|CPAS|Ville)", line)[0]
        role = role.strip(" ,;*–-")
        if role and not _NO_ROLE.search(level(role)) and not find_names(role):
            return role
    return ""


def _in_form(letter: Letter) -> Person | None:
    form = read_form(letter.text)
    name = form.get(Label.USER, "")
    if Label.FIRST_NAME in form and Label.SURNAME in form:
        name = f"{proper(form[Label.FIRST_NAME])} {proper(form[Label.SURNAME])}"
    elif not name and {Label.EMAIL, Label.PHONE, Label.ROLE} & form.keys():
        name = form.get(Label.SURNAME, "")
    names = find_names(name) or _small_names(name)
    if not names:
        return None
    emails = find_addresses(form.get(Label.EMAIL, "")) or find_addresses(name)
    phones = find_phones(form.get(Label.PHONE, "")) or find_phones(name)
    return Person(
        names[0].name,
        names[0].gender,
        form.get(Label.ROLE, "") or apposition(name, names[0]),
        emails[0].email if emails else "",
        preferred(phones, letter),
    )


def find_named_deputy(letter: Letter, user: Person | None) -> Person | None:
    """Who stands in for the user whom the same letter designates: on a form, or in a sentence."""
    filled = read_form(letter.text).get(Label.DEPUTY, "")
    for place in (filled, *(s for s in letter.sentences if DEPUTY.search(level(s)))):
        cue = DEPUTY.search(level(place))
        names = [name for name in find_names(place) if not cue or name.end > cue.start()]
        others = [n for n in names if user is None or not same_person(n.name, user.name)]
        if len({name.name for name in others}) == 1:
            found = find_addresses(place[others[0].end :])
            named = Person(others[0].name, others[0].gender, email=found[0].email if found else "")
            return contacts_of(named, letter)
    return None


def _small_names(text: str) -> list[NamedPerson]:
    name = small_name(text) if text[:1].islower() else ""
    return [NamedPerson(name, None, 0, len(name))] if name else []


def _in_sentences(letter: Letter) -> Person | None:
    told = letter.all_sentences
    for sentence, following in zip(told, [*told, ""][1:], strict=True):
        plain = level(sentence)
        if ABOUT_USING.search(plain) and not CONCERNED_NOT.search(plain):
            named = _introduced(sentence, plain, following) or _named_in(sentence, plain)
            if named is not None:
                return named
    return None


def _named_in(sentence: str, plain: str) -> Person | None:
    named = _designated(sentence, plain)
    if named is None:
        return None
    return Person(named.name, named.gender or _worded(plain), apposition(sentence, named))


_INTRODUCES = re.compile(r"[^\W\d_][^.!?]{0,60}(?::|[^\W\d_])\s*$")
_LEAD_IN = re.compile(r"[-–*•\s]*(?:[^\W\d_]{1,20}\.? )?")


def _introduced(sentence: str, plain: str, following: str) -> Person | None:
    """« … désigne comme utilisatrice : » and the name alone on the line below."""
    cue = list(BEFORE_NAME.finditer(plain))
    if not cue or not _INTRODUCES.search(plain[cue[-1].start() :]):
        return None
    if find_names(sentence[cue[-1].end() :]) or DEPUTY.search(plain[cue[-1].start() - 30 :]):
        return None
    names = find_names(following)
    first = names[0] if names else None
    if first is None or not _LEAD_IN.fullmatch(level(following[: first.start])):
        return None
    return Person(first.name, first.gender or _worded(plain), apposition(following, first))


def _designated(sentence: str, plain: str) -> NamedPerson | None:
    names = [name for name in find_names(sentence) if not set_aside(plain, name)]
    if not names:
        return None
    passive = PASSIVE.search(plain) or re.search(rf"\b{PLATFORM_WORK}", plain)
    if passive:
        before = [name for name in names if name.end <= passive.start() + 1]
        if before:
            return before[-1]
    cue = BEFORE_NAME.search(plain)
    after = [name for name in names if cue and name.start >= cue.end() - 1]
    return after[0] if after else _with_role(names, plain)


def _with_role(names: list[NamedPerson], plain: str) -> NamedPerson | None:
    """« Jean Dupont comme utilisateur », « Jean Dupont (utilisateur) »."""
    for name in names:
        if re.match(
            r".{0,80}?\b(?:comme|en (?:qualite|tant) (?:de |d'|qu(?:e |'))|\()\s*"
            r"(?:utilisat|referent|point de contact|personne de contact)",
            plain[name.end :],
        ):
            return name
    return None


def _worded(plain: str) -> Gender | None:
    """« utilisatrice », « désignée »: the word itself says the gender."""
    if re.search(r"\butilisatrice|(?<!personne )(?<!contact )\bdesignee\b", plain):
        return Gender.FEMININE
    return Gender.MASCULINE if re.search(r"\butilisateur designe\b", plain) else None


def _herself(letter: Letter, requester: Person | None) -> Person | None:
    said = any(says_herself(level(sentence)) for sentence in letter.sentences)
    if not said or requester is None:
        return None
    return replace(requester, email=_own_address(requester, letter))


def _own_address(writer: Person, letter: Letter) -> str:
    """The writer's address: not the office's from which she writes, where she tells her own."""
    if fits_address(writer.name, letter.sender_address):
        return writer.email
    house = letter.sender_address.rpartition("@")[2]
    told = [a.email for a in find_addresses(letter.text) if a.domain == house]
    return next((email for email in told if fits_address(writer.name, email)), writer.email)


def _is_undecided(letter: Letter) -> bool:
    return any(
        UNDECIDED.search(plain) is not None and ABOUT_USING.search(plain) is not None
        for plain in map(level, letter.sentences)
    )


def _completed(user: Person, letter: Letter, requester: Person | None) -> Person:
    """The user with the contacts that belong to the name, and never somebody else's."""
    writes = requester is not None and same_person(user.name, requester.name)
    email = user.email or email_of(user.name, letter)
    phone = user.phone or phone_of(user.name, letter)
    if writes and requester:
        email, phone = email or requester.email, phone or requester.phone or only_phone(letter)
        return replace(
            user, email=email, phone=phone, role=user.role or requester.role,
            gender=user.gender or requester.gender,
        )  # fmt: skip
    return replace(user, email=email, phone=phone)
