"""Who is a member, for anyone; and what administrators see of one institution: its state, its
people, and how they are reached.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.authorities import AuthorityType
from handlers import rhythms, texts, undelivered
from handlers.arguments import Words
from handlers.catalogue import by_place
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.contacts import display
from handlers.reply import Bullets, Fields, Heading, Refusal, Reply, reply
from handlers.wording import Text, _, n_, verbatim
from storage import members
from storage import rhythms as stored
from storage.members import Address, Institution, Person, Standing

table = Table()

CLEAR = 0.7
"""How well a name must fit an authority (see :class:`config.authorities.Match`)."""


@table.command(
    "membre",
    aliases={"en": ["member"], "nl": ["lid"], "de": ["mitglied"]},
    who=Role.ADMINISTRATOR,
    usage=_("membre INSTITUTION"),
    summary=_("la fiche d'une institution : personnes, adresses, messages revenus"),
    example="membre Commune de Musson",
)
def record(ctx: Context, words: Words) -> Reply:
    """The record of an institution that is a member, or waits to be one."""
    institution = _named(ctx, words)
    if institution is None:
        raise Refusal(
            _(
                "Je ne trouve ni membre ni inscription en attente sous « {words} » : écrivez par"
                " exemple `membre Commune de Musson`.",
                words=words[:60],
            )
        )
    people = [block for person in institution.persons for block in _of_person(ctx, person)]
    title = verbatim(institution.name)
    return reply(Fields(tuple(_of_institution(institution))), *people, title=title)


@table.command(
    "membres",
    aliases={
        "fr": ["institutions", "qui est membre", "qui est inscrit", "liste des membres"],
        "en": ["members"],
        "nl": ["leden"],
        "de": ["mitglieder"],
    },
    usage=_("membres"),
    summary=_("les institutions inscrites sur la plateforme"),
    paged=True,
    listed=False,
)
def listed(ctx: Context) -> Reply:
    """Every institution that is a member, by its kind, for anyone; no person is named."""
    known = members.active_institutions(ctx.session)
    blocks: list[Heading | Bullets | Text] = [
        n_(
            "**{count} institution inscrite**, au {day}.",
            "**{count} institutions inscrites**, au {day}.",
            len(known),
            day=ctx.today,
        )
    ]
    for type_ in AuthorityType:
        names = sorted((one.name for one in known if one.type == type_), key=by_place)
        if names:
            blocks += [Heading(texts.type_name(type_)), Bullets(tuple(map(verbatim, names)))]
    return reply(*blocks, title=_("Les institutions inscrites"))


def _named(ctx: Context, words: str) -> Institution | None:
    """The institution of a reference or of a name."""
    known = members.by_reference(ctx.session, words.strip(" .,;").upper())
    if known is not None:
        return known
    found = [match for match in ctx.platform.territory.find(words) if match.score >= CLEAR]
    living = (members.living(ctx.session, m.authority.type, m.authority.code) for m in found)
    return next((one for one in living if one is not None), None)


def _of_institution(institution: Institution) -> Iterator[tuple[Text, Text]]:
    yield _("Institution"), verbatim(institution.name)
    if institution.reference:
        yield _("Référence"), verbatim(institution.reference)
    yield _("État"), _state(institution)
    if institution.rules:
        yield _("Règlement accepté"), verbatim(institution.rules)


def _state(institution: Institution) -> Text:
    match institution.state:
        case Standing.ACTIVE if institution.active_on:
            return _("membre depuis le {day}", day=institution.active_on)
        case Standing.ACTIVE:
            return _("membre")
        case Standing.PENDING:
            return _("inscription reçue le {day}, en attente", day=institution.requested_at)
        case Standing.LEFT if institution.left_on:
            return _("n'est plus membre depuis le {day}", day=institution.left_on)
        case Standing.REFUSED:
            return _("inscription refusée")
    return _("n'est pas membre")


def _of_person(ctx: Context, person: Person) -> tuple[Heading, Fields]:
    return Heading(verbatim(person.name)), Fields(tuple(_facts(ctx, person)))


def _facts(ctx: Context, person: Person) -> Iterator[tuple[Text, Text]]:
    if person.function:
        yield _("Fonction"), verbatim(person.function)
    if person.phone:
        yield _("Téléphone"), verbatim(display(person.phone))
    yield _("Rythme"), rhythms.name(stored.of(ctx.session, person.id))
    for address in person.addresses:
        yield _("Adresse"), _reached(ctx, address)


def _reached(ctx: Context, address: Address) -> Text:
    remark = undelivered.remark(ctx, address.channel, address.address)
    if remark is None:
        return verbatim(address.address)
    return _("{address} {remark}", address=address.address, remark=remark)
