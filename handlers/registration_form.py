"""The registration form: the fields that somebody who registers in a chat is asked for."""

from __future__ import annotations

from config.authorities import Authority
from config.folding import fold
from handlers import texts
from handlers.context import Context
from handlers.form import Field, words
from handlers.reading.contacts import Phone, find_addresses, find_phones, read_phone
from handlers.reading.institutions import find_speaker
from handlers.reading.letter import open_letter
from handlers.reading.people import Gender, Person, find_names, person_behind, small_name
from handlers.reading.registration import Registration
from handlers.reply import Refusal
from handlers.request import YES
from handlers.wording import Names, _
from storage import members
from storage.members import Standing

INSTITUTION, USER, EMAIL, PHONE = "institution", "user", "email", "phone"
ROLE, DEPUTY, REQUESTER = "role", "deputy", "requester"
_MOST_NAMED = 4
_LONGEST = 120
_ONESELF = YES | {"moi", "c est moi", "moi meme", "c est bien moi", "me", "it s me", "myself"} | {
    "ik", "ikzelf", "ik ben het", "ich", "ich selbst", "ich bin es"
}  # fmt: skip
_TITLES = {Gender.FEMININE: "Madame ", Gender.MASCULINE: "Monsieur "}


def known(read: Registration) -> dict[str, str]:
    """What somebody wrote before the form began, so that it is not asked for again."""
    values: dict[str, str] = {}
    if read.institution is not None:
        values[INSTITUTION] = read.institution.name
    user = read.user
    if user is not None:
        found = {EMAIL: user.email, PHONE: user.phone, ROLE: user.role}
        values |= {USER: _titled(user.name, user.gender)}
        values |= {name: value for name, value in found.items() if value}
    return values


def authority_of(ctx: Context, name: str) -> Authority:
    """The authority whose name the form keeps. Raises Refusal."""
    speaker = find_speaker(open_letter("", f"institution : {name}"), ctx.platform.territory)
    if speaker.institution is not None:
        _require_type(ctx, name, speaker.institution)
        return speaker.institution
    if speaker.outside:
        raise Refusal(
            _(
                "« {name} » n'est pas un pouvoir local de {territory} : communes, CPAS, zones de"
                " police, zone de secours et Province peuvent s'inscrire.",
                name=speaker.outside,
                territory=Names(ctx.platform.territory.label),
            )
        )
    names = [candidate.authority.name for candidate in speaker.candidates[:_MOST_NAMED]]
    if names:
        raise Refusal(_("Est-ce {names} ? Écrivez le nom entier.", names=", ".join(names)))
    raise Refusal(_("Je ne trouve pas cette institution : écrivez son nom entier."))


def _require_type(ctx: Context, name: str, found: Authority) -> None:
    """Raises Refusal for « Musson » alone, which may be the commune or its CPAS."""
    territory = ctx.platform.territory
    namesakes = [
        one.name
        for one in territory.authorities
        if one.code == found.code and one.type in _OF_A_COMMUNE and found.type in _OF_A_COMMUNE
    ]
    said = [mention for mention in territory.mentions(name) if mention.authority.code == found.code]
    if len(namesakes) > 1 and said and not any(mention.explicit_type for mention in said):
        raise Refusal(_("Est-ce {names} ? Écrivez le nom entier.", names=", ".join(namesakes)))


_OF_A_COMMUNE = frozenset({"commune", "cpas"})


def person_of(value: str, *, email: str = "", phone: str = "", role: str = "") -> Person:
    """A person as the form keeps one: a title where one was said, the name, an address."""
    named = next(iter(find_names(value)), None)
    name = named.name if named is not None else value.partition(",")[0].strip()
    found = find_addresses(value)
    return Person(
        name,
        named.gender if named is not None else None,
        role,
        email or (found[0].email if found else ""),
        phone,
    )


def _titled(name: str, gender: Gender | None) -> str:
    return f"{_TITLES[gender] if gender else ''}{name}"


def _institution(ctx: Context, text: str) -> str | None:
    return authority_of(ctx, text).name


def _name(ctx: Context, text: str) -> str | None:
    if fold(text) in _ONESELF - YES:
        shown = person_behind(ctx.incoming.display_name)
        if not shown:
            raise Refusal(_("Quel est votre nom, avec votre prénom ?"))
        return shown
    found = find_names(text)
    if found:
        return _titled(found[0].name, found[0].gender)
    return small_name(text.partition(",")[0]) or None


def _email(ctx: Context, text: str) -> str | None:
    found = {address.email for address in find_addresses(text)}
    if len(found) != 1:
        return None
    email = found.pop()
    taken = members.person_at(ctx.session, ctx.platform.record_channel, email)
    if taken is not None and taken.institution.state in {Standing.PENDING, Standing.ACTIVE}:
        raise Refusal(
            _(
                "L'adresse {address} est déjà celle de la personne désignée {whose} : indiquez-en"
                " une autre.",
                address=email,
                whose=texts.of_the(taken.institution),
            )
        )
    return email


def _phone(_ctx: Context, text: str) -> str | None:
    whole = read_phone(text)
    found = [whole] if isinstance(whole, Phone) else find_phones(text)
    return found[0].e164 if len(found) == 1 else None


def _role(ctx: Context, text: str) -> str | None:
    if find_addresses(text) or len(text) > _LONGEST:
        return None
    return words(ctx, text)


def _deputy(ctx: Context, text: str) -> str | None:
    name, found = _name(ctx, text), find_addresses(text)
    if name is None:
        return None
    if not found:
        raise Refusal(_("Son adresse mail aussi : écrivez son nom et son adresse ensemble."))
    return f"{name}, {found[0].email}"


def _requester(_ctx: Context, text: str) -> str | None:
    if fold(text) in _ONESELF:
        return ONESELF
    found = find_names(text)
    if found or small_name(text.partition(",")[0]):
        return text.strip()[:_LONGEST]
    raise Refusal(_("Quel est votre nom, et votre fonction ?"))


ONESELF = "="
"""Kept where the designated user fills the form."""

FIELDS = (
    Field(
        INSTITUTION,
        _("Quelle institution inscrivez-vous ? Par exemple « CPAS de Saint-Léger »."),
        _("le nom de l'institution (par exemple « CPAS de Saint-Léger »)"),
        _institution,
    ),
    Field(
        USER,
        _("Qui agira en son nom ? Prénom et nom de la personne désignée comme utilisatrice."),
        _("la personne désignée comme utilisatrice : nom et adresse mail professionnelle"),
        _name,
    ),
    Field(
        EMAIL,
        _("Son adresse mail professionnelle ?"),
        _("l'adresse mail professionnelle de la personne désignée"),
        _email,
        spotted=True,
    ),
    Field(
        PHONE,
        _("Son numéro de téléphone ?"),
        _("le téléphone de la personne désignée"),
        _phone,
        optional=True,
        spotted=True,
    ),
    Field(
        ROLE,
        _("Sa fonction ? Par exemple « directrice générale »."),
        _("la fonction de la personne désignée"),
        _role,
        optional=True,
    ),
    Field(
        DEPUTY,
        _("Qui la remplace en son absence ? Nom et adresse mail."),
        _("qui la remplace en son absence : nom et adresse mail"),
        _deputy,
        optional=True,
    ),
    Field(
        REQUESTER,
        _(
            "Et vous : êtes-vous cette personne ? Répondez « oui », ou dites votre nom et votre"
            " fonction."
        ),
        _("votre nom et votre fonction"),
        _requester,
    ),
)
