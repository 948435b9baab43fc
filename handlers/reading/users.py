"""Who is designated as the user of an institution, and who asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.reading.contacts import Address, Phone, find_addresses, find_phones
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


@dataclass(frozen=True, slots=True)
class Designation:
    """The designated user, the writer, and whether the user is still to be designated."""

    user: Person | None
    requester: Person | None
    pending: bool = False


_PLATFORM_WORK = (
    r"(?:utiliser[ao]?|gerer[ao]?|suivra(?:s|i)?|s'occuper[ao]?|assurera|sera (?:en charge|charge)"
    r"|sera notre|representera|interviendra|encodera)"
)
_SELF = re.compile(
    r"\b(?:c'est|c) moi\b|\butilisat\w+(?: designee?)? ?(?:: ?|sera )moi\b"
    r"|\bmoi-?\s?meme\b|\bmoi (?:qui|comme)\b"
    r"|\bje (?:serai|suis)(?: donc| aussi)? (?:l'|la |le |son |sa |notre |leur |votre )?"
    r"(?:seule? |unique )?(?:utilisat\w+|personne|agente?|designee?|referente?|point de contact"
    r"|correspondante?|interlocut\w+|gestionnaire)"
    r"|\bj'(?:utiliserai|ai ete designee?|assurerai|en serai)"
    r"|\bje (?:suivrai|gererai|me propose|me charge|m'en occupe|m'occupe|serai charge"
    r"|representerai)"
    r"|\bm'a (?:designee?|mandatee?|chargee?)|\b(?:me designe|m'a ete confie)"
    r"|\bsoussignee?\b.{0,60}\bdesignee?\b"
)
_PENDING = re.compile(
    r"\b(?:pas encore|sera|serons?|reste(?:ra)?(?: encore)? a|a|doit (?:encore )?etre|bientot"
    r"|en cours de)"
    r" ?(?:ete )?(?:designe|designer|design|designation|nomme|choisi)\w*"
    r"(?: (?:lors|prochainement|ulterieurement|par|a la|plus tard|en|au)\b|(?=[ .,]|$))"
    r"|\b(?:nous vous|vous) (?:communiquer|transmettr)\w+ .{0,40}(?:nom|utilisat|agent)"
)
_UNDECIDED = re.compile(
    r"\bsoit\b.{2,90}[, ]soit\b|\b(?:ca|cela|tout) depend(?:ra)?\b"
    r"|\bpas encore (?:tranche|decide|fixe)"
    r"|\b(?:des que|quand|lorsque|une fois que?) .{0,20}\b(?:tranche|decide|fixe|arrete|connu)"
    r"|\b(?:reste|encore) a (?:determiner|trancher|decider|fixer|confirmer)\b|\bou bien\b"
    r"|\b(?:hesit\w+|choisir) entre\b|\bofwel\b.{2,90}\bofwel\b|\bentweder\b.{2,90}\boder\b"
    r"|\beither\b.{2,90}\bor\b"
)
"""Between two persons nothing is said yet, whatever names stand there."""
_BEFORE_NAME = re.compile(
    r"\b(?:utilisat(?:eur|rice)s?|agente?|personne|referente?|correspondante?|responsable"
    r"|designe|designons|designee|designer|mandate|mandatons|proposons|propose|nommons|nomme"
    r"|chargeons|choisi|retenu|delegue\w*|point de contact|interlocut\w+|confie\w*"
    r"|(?:votre|notre|seule?) (?:personne de )?contact(?: chez nous)?(?: sera| est)?"
    r"|membre du personnel|gebruik(?:st)?er|benutzer(?:in)?|user)\b"
)
_ABOUT_USING = re.compile(
    r"\b(?:utilis\w+|design\w+|plate-?\s?forme|referente?|reference|suiv(?:i|ra|ras|re)\b"
    r"|gerer\w*|mandat\w+|acces"
    r"|correspondante?|contact\b|interlocut\w+|compte|en charge|responsable"
    r"|occuper\w*|gebruik(?:st)?er\b|benutzer(?:in)?\b|user\b)"
)
_DEPUTY = re.compile(
    r"\b(?:supplee?a?n?te?|suppleante?|remplacante?|remplacera|back-?up|a defaut|en (?:son"
    r"|cas d') ?absence"
    r"|en second)\b"
)
_FORMER = re.compile(
    r"\b(?:remplace|en remplacement de|a la place de|succede a|au lieu de)\b[^.]{0,30}$"
)
_PASSIVE = re.compile(
    r"\b(?:est|sera|a ete|serait|soit|etes)\b(?: \w+){0,2} (?:designe|charge|mandate|nomme)"
)


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
    )
    if user is None:
        return Designation(None, requester, pending=_is_pending(letter))
    return Designation(_completed(user, letter, requester), requester)


def _in_small_letters(letter: Letter) -> Person | None:
    """A user named without capitals, if an address beside it or the sender's confirms the name."""
    if not any(_ABOUT_USING.search(level(sentence)) for sentence in letter.all_sentences):
        return None
    if any(_PENDING.search(level(sentence)) for sentence in letter.sentences):
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
        phone=_first_personal(letter.signature),
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
        form.get(Label.ROLE, ""),
        emails[0].email if emails else "",
        next((phone.e164 for phone in phones if phone.personal), ""),
    )


def find_named_deputy(letter: Letter, user: Person | None) -> Person | None:
    """Who stands in for the user whom the same letter designates: on a form, or in a sentence."""
    filled = read_form(letter.text).get(Label.DEPUTY, "")
    for place in (filled, *(s for s in letter.sentences if _DEPUTY.search(level(s)))):
        cue = _DEPUTY.search(level(place))
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
    for sentence in letter.all_sentences:
        plain = level(sentence)
        if _ABOUT_USING.search(plain):
            named = _designated(sentence, plain)
            if named is not None:
                return Person(
                    named.name, named.gender or _worded(plain), _apposition(sentence, named)
                )
    return None


def _designated(sentence: str, plain: str) -> NamedPerson | None:
    names = [name for name in find_names(sentence) if not _set_aside(plain, name)]
    if not names:
        return None
    passive = _PASSIVE.search(plain) or re.search(rf"\b{_PLATFORM_WORK}", plain)
    if passive:
        before = [name for name in names if name.end <= passive.start() + 1]
        if before:
            return before[-1]
    cue = _BEFORE_NAME.search(plain)
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


def _set_aside(plain: str, name: NamedPerson) -> bool:
    before = plain[max(0, name.start - 40) : name.start]
    return _DEPUTY.search(before) is not None or _FORMER.search(before) is not None


def _worded(plain: str) -> Gender | None:
    """« utilisatrice », « désignée »: the word itself says the gender."""
    if re.search(r"\butilisatrice|\bdesignee\b", plain):
        return Gender.FEMININE
    return Gender.MASCULINE if re.search(r"\butilisateur designe\b", plain) else None


_APPOSITION = re.compile(r"^\s?,\s?(?P<role>[^\W\d_][^,(;:.@\d]{3,70}?)\s?(?:,|\(|;|\.(?!\w)|$)")


def _apposition(sentence: str, named: NamedPerson) -> str:
    match = _APPOSITION.match(sentence[named.end :])
    if not match or re.match(
        r"(?:est|sera|qui|a ete|et|dont|mail|tel|gsm)\b", level(match["role"])
    ):
        return ""
    return match["role"].strip()


def _herself(letter: Letter, requester: Person | None) -> Person | None:
    said = any(_SELF.search(level(sentence)) for sentence in letter.sentences)
    return replace(requester) if said and requester else None


def _is_undecided(letter: Letter) -> bool:
    return any(
        _UNDECIDED.search(plain) is not None and _ABOUT_USING.search(plain) is not None
        for plain in map(level, letter.sentences)
    )


def _is_pending(letter: Letter) -> bool:
    return any(_PENDING.search(level(sentence)) for sentence in letter.sentences)


def _completed(user: Person, letter: Letter, requester: Person | None) -> Person:
    """The user with the contacts that belong to the name, and never somebody else's."""
    writes = requester is not None and same_person(user.name, requester.name)
    email = user.email or _email_of(user.name, letter)
    phone = user.phone or _phone_of(user.name, letter)
    if writes and requester:
        email, phone = email or requester.email, phone or requester.phone or _only_phone(letter)
        return replace(
            user, email=email, phone=phone, role=user.role or requester.role,
            gender=user.gender or requester.gender,
        )  # fmt: skip
    return replace(user, email=email, phone=phone)


def contacts_of(person: Person, letter: Letter) -> Person:
    """A person named in a letter, with the address and number that stand beside the name."""
    return replace(
        person,
        email=person.email or _email_of(person.name, letter),
        phone=person.phone or _phone_of(person.name, letter),
    )


def _email_of(name: str, letter: Letter) -> str:
    addresses = [address.email for address in find_addresses(letter.text)]
    fitting = [email for email in addresses if fits_address(name, email)]
    if letter.sender_address in fitting or not fitting:
        nearest = _nearest(name, letter.text, find_addresses(letter.text))
        if not fitting and fits_address(name, letter.sender_address):
            return letter.sender_address
        return nearest or (fitting[0] if fitting else "")
    return fitting[0]


def _phone_of(name: str, letter: Letter) -> str:
    phones = [phone for phone in find_phones(letter.body) if phone.personal]
    return _nearest(name, letter.body, phones)


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


def _only_phone(letter: Letter) -> str:
    """The number of somebody who writes about herself, if there is just one in the text."""
    numbers = {phone.e164 for phone in find_phones(letter.body) if phone.personal}
    return numbers.pop() if len(numbers) == 1 else ""


def _first_personal(signature: str) -> str:
    return next((phone.e164 for phone in find_phones(signature) if phone.personal), "")
