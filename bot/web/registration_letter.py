"""The registration form: its fields, what is wrong with what was typed, and the letter it becomes.

What is sent is a letter like one that comes by mail; it is read, entered and answered as such, so
that the same data give the same registration and the same receipt (acceptance B21).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.mail.addresses import is_address
from bot.mail.tidy import one_line
from handlers import registration_form
from handlers.reading.contacts import find_addresses
from handlers.reply import Bullets, Heading, Paragraph, Refusal
from handlers.request import Incoming
from handlers.visit import Visit
from handlers.wording import Text, _

LONGEST = 200
"""How many characters of a field are read."""
OWN = "own"
"""The field for the address of whoever fills the form in for somebody else."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its label, an example, and what a browser may fill in by itself (the
    tokens of HTML's ``autocomplete``).
    """

    name: str
    label: Text
    hint: Text | None = None
    needed: bool = False
    kind: str = "text"
    fills: str = "off"


FIELDS = (
    Field(
        registration_form.INSTITUTION,
        _("Votre institution"),
        _("Par exemple « CPAS de Saint-Léger » ou « Commune de Musson »."),
        needed=True,
        fills="organization",
    ),
    Field(
        registration_form.USER,
        _("Prénom et nom de la personne désignée"),
        _("C'est elle qui agira au nom de l'institution, par exemple « Madame Hélène Lambiotte »."),
        needed=True,
        fills="name",
    ),
    Field(
        registration_form.EMAIL,
        _("Son adresse mail professionnelle"),
        _("La confirmation y arrive."),
        needed=True,
        kind="email",
        fills="email",
    ),
    Field(registration_form.PHONE, _("Son téléphone"), kind="tel", fills="tel"),
    Field(
        registration_form.ROLE,
        _("Sa fonction"),
        _("Par exemple « directrice générale »."),
        fills="organization-title",
    ),
    Field(
        registration_form.DEPUTY,
        _("Qui la remplace en son absence"),
        _("Son nom et son adresse mail."),
    ),
    Field(
        OWN,
        _("Votre adresse mail, si vous n'êtes pas cette personne"),
        _("Le récépissé vous est alors envoyé, et nous lui demandons si c'est exact."),
        kind="email",
    ),
)

_LABELS = {
    registration_form.INSTITUTION: "Institution",
    registration_form.USER: "Personne désignée",
    registration_form.EMAIL: "Adresse mail",
    registration_form.PHONE: "Téléphone",
    registration_form.ROLE: "Fonction",
    registration_form.DEPUTY: "Remplaçant",
}
"""As they stand on the forms that people send by mail, which are read in French."""

Values = Mapping[str, str]


def typed(posted: Mapping[str, object]) -> dict[str, str]:
    """What was typed in each field, in one line each."""
    return {field.name: one_line(str(posted.get(field.name, "")), LONGEST) for field in FIELDS}


def faults(ctx: Visit, values: Values) -> dict[str, Text]:
    """What is wrong, by field: a sentence each that says what would do."""
    found = {field.name: _fault(ctx, field, values[field.name]) for field in FIELDS}
    return {name: words for name, words in found.items() if words is not None}


def _fault(ctx: Visit, field: Field, value: str) -> Text | None:
    if not value:
        return _("Ce champ est nécessaire.") if field.needed else None
    if field.name in {registration_form.EMAIL, OWN}:
        # Whose address it is already is told to its holder only, by mail.
        return None if mail_in(value) else _NO_ADDRESS
    reader = next(one for one in registration_form.FIELDS if one.name == field.name)
    try:
        return None if reader.read(ctx, value) is not None else _("À préciser : {asks}",
                                                                  asks=reader.asks)  # fmt: skip
    except Refusal as refused:
        return _reason(refused)


_NO_ADDRESS = _("Écrivez une adresse mail complète, comme « helene.lambiotte@musson.example ».")


def _reason(refused: Refusal) -> Text:
    for block in refused.reply.blocks:
        if isinstance(block, Paragraph | Heading):
            return block.text
        if isinstance(block, Bullets):
            return block.items[0]
    raise refused


def mail_in(value: str) -> str | None:
    """The one mail address that a field holds; None if it holds none, or several."""
    found = {address.email for address in find_addresses(value)}
    address = found.pop() if len(found) == 1 else ""
    return address if is_address(address) else None


def letter(values: Values, *, channel: str, ticket: str, now: datetime) -> Incoming:
    """The letter of a form without faults. Nothing proves who sent it.

    ``ticket`` names the form as it was shown: sent twice, it is one letter.
    """
    user = mail_in(values[registration_form.EMAIL]) or ""
    sender = mail_in(values[OWN]) or user
    lines = [f"{label} : {values[name]}" for name, label in _LABELS.items() if values[name]]
    return Incoming(
        channel=channel,
        # Like a mail that bears no id: none that another program could know.
        external_id=f"<form.{ticket}@missing.invalid>",
        conversation=sender,
        sender=sender,
        sent_at=now,
        text="\n".join([_OPENING, "", *lines]),
        display_name=values[registration_form.USER] if sender == user else "",
        authenticated=False,
    )


_OPENING = "Nous souhaitons inscrire notre institution."
