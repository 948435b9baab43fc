"""What is held about one person: given out whole, and forgotten (GDPR, articles 15, 17 and 20).

Only an administrator does it, on a request that they have checked; whoever asks for their own data
is passed on to them. Whoever still acts for somebody
is replaced first. Orders, contracts and decisions are kept, as the law on public procurement wants
them (17 June 2016, art. 164), with the person's function instead of the name; the audit chain holds
salted hashes and stays whole.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from config.folding import fold
from handlers import order_contacts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.policy import Role
from handlers.reading.contacts import find_addresses
from handlers.reply import Ambiguous, Bullets, File, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.texts import confirm_or_cancel
from handlers.wording import Text, _, n_, plain, verbatim
from storage import members, orders, personal
from storage.conversations import Question
from storage.files import StoredFile
from storage.members import Person
from storage.personal import Subject

table = Table()

ERASE = "erase-person"
KEPT_FOR = timedelta(days=2)
"""How long the archive lies here after it was given out."""


@table.command(
    "données personnelles",
    aliases={
        "fr": ["donnees de"],
        "en": ["personal data"],
        "nl": ["persoonsgegevens"],
        "de": ["personendaten"],
    },
    who=Role.ADMINISTRATOR,
    private=True,
    usage=_("données personnelles ADRESSE ou NOM"),
    summary=_("tout ce qui est conservé sur une personne, en une archive (RGPD, art. 15)"),
    example="données personnelles helene@commune.example",
    listed=False,
)
def export(ctx: Context, words: Words) -> Reply:
    """Everything that is held about a person: rows as JSON, files as they are."""
    about = _subject(ctx, words)
    rows = personal.held(ctx.session, about)
    files = personal.files_about(ctx.session, rows)
    facts = {
        "person": about.person.id,
        "addresses": sorted(about.addresses),
        "made_at": ctx.now,
        "held": rows,
        "named_elsewhere": personal.mentions(ctx.session, about),
        "files": [_entry(one) for one in files],
    }
    archive = File(f"personne-{about.person.id}.zip", "application/zip", _packed(facts, files))
    kept = ctx.keep(archive)
    ctx.remind("forget-file", Topic("file", kept.id), ctx.now + KEPT_FOR)
    ctx.audit("person.exported", _topic(about.person), rows=sum(map(len, rows.values())))
    return reply(
        _(
            "Voici tout ce qui est conservé sur **{name}** : {rows} lignes et {files} fichiers.",
            name=about.person.name,
            rows=sum(map(len, rows.values())),
            files=len(files),
        ),
        _(
            "« named_elsewhere » dit dans quelles autres lignes la personne est nommée : leur texte"
            " est à d'autres, à vous de voir ce qui peut en être donné. L'archive est effacée d'ici"
            " dans {days} jours.",
            days=KEPT_FOR.days,
        ),
        title=_("Données d'une personne"),
    ).with_files(archive)


@table.command(
    "mes données",
    aliases={
        "fr": [
            "mes données personnelles",
            "données personnelles me concernant",
            "quelles données avez-vous sur moi",
            "effacer mes données",
        ],
        "en": ["my data"],
        "nl": ["mijn gegevens"],
        "de": ["meine daten"],
    },
    usage=_("mes données"),
    summary=_("demander ce qui est conservé sur vous, ou qu'on l'efface (RGPD)"),
    private=True,
    listed=False,
)
def asked(ctx: Context) -> Reply:
    """Pass on that somebody asks for their own data; who answers checks who it is (GDPR, 12)."""
    topic = to_a_person(
        ctx,
        _(
            "🔐 **{sender}** fait une demande sur ses données personnelles (RGPD, articles 15 à"
            " 21). Une fois l'identité vérifiée : `données personnelles {sender}`, ou `effacer"
            " personne {sender}`.",
            sender=ctx.incoming.sender,
        ),
    )
    return reply(
        _(
            "Votre demande est transmise aux administrateurs de la plateforme, qui vous répondent"
            " ici même dans le mois (RGPD, article 12)."
        ),
        title=_("Vos données personnelles"),
    ).about(str(topic))


def _topic(person: Person) -> Topic:
    return Topic("person", person.id)


def _entry(file: StoredFile) -> dict[str, Any]:
    return {"name": file.name, "as": _named(file), "type": file.media_type, "bytes": file.size}


def _named(file: StoredFile) -> str:
    ending = file.name.rpartition(".")[2].lower()
    safe = ending if ending.isalnum() and ending.isascii() and len(ending) <= 5 else "bin"
    return f"files/{file.id}.{safe}"


def _packed(facts: dict[str, Any], files: Sequence[StoredFile]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        told = json.dumps(facts, ensure_ascii=False, indent=2, default=_plain)
        archive.writestr("personne.json", told)
        for one in files:
            archive.writestr(_named(one), one.content)
    return out.getvalue()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


# -- forgetting -------------------------------------------------------------------------------


@table.command(
    "effacer personne",
    aliases={
        "fr": ["effacer la personne"],
        "en": ["erase person"],
        "nl": ["persoon wissen"],
        "de": ["person löschen"],
    },
    who=Role.ADMINISTRATOR,
    private=True,
    usage=_("effacer personne ADRESSE ou NOM [, ANCIENNES ADRESSES]"),
    summary=_("effacer une personne qui n'agit plus pour personne (RGPD, art. 17)"),
    example="effacer personne helene@commune.example",
    listed=False,
)
def erase(ctx: Context, words: Words) -> Reply:
    """Show what would be forgotten and what is kept, and ask."""
    about = _subject(ctx, words)
    _require_free(ctx, about.person)
    rows = personal.held(ctx.session, about)
    question = ctx.ask(ERASE, _topic(about.person), addresses=sorted(about.addresses))
    return reply(
        _(
            "**{name}** ({institution}) : {rows} lignes la concernent.",
            name=about.person.name,
            institution=about.person.institution.name,
            rows=sum(map(len, rows.values())),
        ),
        Bullets(
            (
                _("effacés : ses adresses, ses préférences, ses messages et leurs fichiers"),
                _(
                    "gardés sous « {function} » : commandes, contrats, décisions, annonces de"
                    " l'institution, journal d'audit",
                    function=_label(ctx, about.person),
                ),
                _("hors d'atteinte : mails déjà partis, salons Matrix, sauvegardes"),
            )
        ),
        *_also(about),
        _("Rien n'en revient : c'est sans retour."),
        confirm_or_cancel(_("la personne est effacée"), _("rien ne change")),
        title=_("Effacer une personne"),
    ).about(f"question:{question.id}")


def _also(about: Subject) -> list[Paragraph]:
    if not about.addresses:
        return [Paragraph(_("Aucune adresse connue : ajoutez les anciennes derrière son nom."))]
    known = ", ".join(sorted(about.addresses))
    return [Paragraph(_("Adresses comprises : {known}.", known=known))]


def _require_free(ctx: Context, person: Person) -> None:
    if personal.is_needed(ctx.session, person):
        raise Refusal(
            _(
                "**{name}** agit encore pour {institution} : que la personne soit d'abord"
                " remplacée, ou l'institution désinscrite ; ses données servent jusque-là.",
                name=person.name,
                institution=person.institution.name,
            )
        )


def _label(ctx: Context, person: Person) -> str:
    """What stands instead of the name: the function, or that somebody was there."""
    return person.function or plain(_("Personne effacée"), ctx.platform.language)


@table.question(ERASE)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Forget the person, or leave everything as it is."""
    if not said:
        return reply(_("C'est annulé : rien n'est effacé."))
    if Role.ADMINISTRATOR not in ctx.roles:
        raise Refusal(_("C'est réservé aux administrateurs."))
    person = ctx.session.get_one(Person, Topic.parse(question.topic).id)
    _require_free(ctx, person)
    about = personal.subject(ctx.session, person, frozenset(question.data["addresses"]))
    theirs = orders.by_person(ctx.session, person)
    personal.forget(ctx.session, about, _label(ctx, person))
    for order in theirs:
        if order.form_id is not None:
            order_contacts.make_form_anew(ctx, order)
    ctx.audit("person.erased", _topic(person), orders=len(theirs))
    return reply(
        n_(
            "C'est fait : la personne n° {id} est effacée. {count} commande reste, sous la"
            " fonction.",
            "C'est fait : la personne n° {id} est effacée. {count} commandes restent, sous la"
            " fonction.",
            len(theirs),
            id=str(person.id),
        )
    )


# -- who --------------------------------------------------------------------------------------


def _subject(ctx: Context, words: str) -> Subject:
    """Whom words mean: an address, a number, or a whole name; other addresses are former ones."""
    addresses = [one.email.lower() for one in find_addresses(words)]
    addresses += [one.lower() for one in words.split() if one.startswith("@") and ":" in one]
    at = [
        members.person_at(ctx.session, channel, one)
        for one in addresses
        for channel in _channels(ctx)
    ]
    found = _called(ctx, words, addresses) | {one.id: one for one in at if one is not None}
    if not found:
        raise Refusal(
            _("Je ne connais personne de ce nom ou de cette adresse : écrivez l'adresse entière.")
        )
    if len(found) > 1:
        raise Ambiguous(
            _("Plusieurs personnes correspondent ; laquelle ?"),
            words,
            [(f"n° {one.id}", _line(one)) for one in found.values()],
        )
    [person] = found.values()
    return personal.subject(ctx.session, person, frozenset(addresses))


def _channels(ctx: Context) -> Sequence[str]:
    return tuple(ctx.platform.renderers)


def _called(ctx: Context, words: str, addresses: Sequence[str]) -> dict[int, Person]:
    """The persons of a number (« n° 12 »), or whose whole name stands in words."""
    number = words.strip(" n°#")
    if number.isdecimal() and len(number) < 10:
        person = ctx.session.get(Person, int(number))
        return {person.id: person} if person else {}
    for one in addresses:
        words = words.replace(one, " ")
    said = f" {fold(words)} "
    return {
        one.id: one
        for one in members.everybody(ctx.session)
        if one.name and f" {fold(one.name)} " in said
    }


def _line(one: Person) -> Text:
    return verbatim(f"{one.name}, {one.institution.name} (n° {one.id})")
