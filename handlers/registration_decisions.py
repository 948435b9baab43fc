"""Deciding on the registrations that wait: the administrators accept or refuse them (B47)."""

from __future__ import annotations

import re

from handlers import membership, openings, texts
from handlers.arguments import Words, reads
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import Bullets, Quote, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _
from storage import members, orders
from storage.members import Institution, Standing

table = Table()


@reads(Institution)
def read_institution(ctx: Context, words: str) -> Institution:
    """The institution of a registration reference. Raises Refusal."""
    found = _institutions(ctx, words.strip(" .,;:").upper())
    if len(found) > 1:
        raise Refusal(
            _(
                "« {words} » peut être {references} : écrivez la référence entière.",
                words=words[:40],
                references=", ".join(one.reference or "" for one in found),
            )
        )
    if not found:
        raise Refusal(
            _(
                "Je ne trouve pas l'inscription « {words} » : écrivez `inscriptions` pour voir"
                " celles qui attendent.",
                words=words[:40],
            )
        )
    return found[0]


_SHORT = re.compile(r"(?:I[- ]?)?0*(\d{1,6})")


def _institutions(ctx: Context, words: str) -> list[Institution]:
    """The institution of a whole reference, or those of which a short one (« i-5 ») is the end:
    those that wait for a decision before the others.
    """
    whole = members.by_reference(ctx.session, words)
    if whole is not None:
        return [whole]
    short = _SHORT.fullmatch(words)
    if short is None:
        return []
    found = members.by_number(ctx.session, int(short[1]))
    return [one for one in found if one.state == Standing.PENDING] or found


@table.command(
    "inscriptions",
    aliases={"en": ["registrations"], "nl": ["inschrijvingen"], "de": ["anmeldungen"]},
    who=Role.ADMINISTRATOR,
    usage=_("inscriptions"),
    summary=_("les inscriptions qui attendent une décision"),
    paged=True,
)
def waiting(ctx: Context) -> Reply:
    """Registrations that wait for a decision, the oldest first."""
    found = members.pending(ctx.session)
    if not found:
        return reply(_("Aucune inscription n'attend de décision."))
    return reply(Bullets(tuple(_waits(institution) for institution in found)))


def _waits(institution: Institution) -> Text:
    reference, day = institution.reference or "", institution.requested_at
    if institution.held:
        return _(
            "**{reference}** · {name}, reçue le {day}, gardée jusqu'à l'ouverture",
            reference=reference,
            name=institution.name,
            day=day,
        )
    return _(
        "**{reference}** · {name}, reçue le {day}",
        reference=reference,
        name=institution.name,
        day=day,
    )


@table.command(
    "accepter",
    aliases={"en": ["accept"], "nl": ["aanvaarden"], "de": ["annehmen"]},
    who=Role.ADMINISTRATOR,
    usage=_("accepter RÉFÉRENCE"),
    summary=_("accepter une inscription"),
    example="accepter I-2026-0001",
)
def accept(ctx: Context, institution: Institution) -> Reply:
    """Make an institution a member, welcome its user, and show them the way into the rooms."""
    _must_wait(institution)
    openings.require_open(ctx, institution)
    institution.state, institution.held, institution.active_on = Standing.ACTIVE, False, ctx.today
    topic = Topic("registration", institution.id)
    if institution.persons:
        orders.inherit(ctx.session, institution, institution.persons[0])
    for person in institution.persons:
        person.active = True
        ctx.tell(person, membership.welcome(ctx, person).about(str(topic)))
    ctx.audit("registration.accepted", topic)
    return reply(
        _(
            "C'est fait : **{who}** est membre depuis aujourd'hui. Un message de bienvenue part à"
            " {people}.",
            who=texts.the(institution),
            people=", ".join(person.name for person in institution.persons),
        )
    )


@table.command(
    "refuser",
    aliases={"en": ["refuse"], "nl": ["weigeren"], "de": ["ablehnen"]},
    who=Role.ADMINISTRATOR,
    usage=_("refuser RÉFÉRENCE MOTIF"),
    summary=_("refuser une inscription, avec le motif"),
    example="refuser I-2026-0001 la personne désignée ne fait pas partie de l'administration",
)
def refuse(ctx: Context, institution: Institution, reason: Words) -> Reply:
    """Refuse a registration and tell its user why."""
    _must_wait(institution)
    institution.state = Standing.REFUSED
    topic = Topic("registration", institution.id)
    words = reply(
        _(
            "L'inscription **{whose}** (réf. {reference}) n'est pas acceptée :",
            whose=texts.of_the(institution),
            reference=institution.reference or "",
        ),
        Quote(reason),
        _("Répondez à ce message pour la compléter ou pour parler à quelqu'un."),
        title=_("Inscription {whose}", whose=texts.of_the(institution)),
    )
    for person in institution.persons:
        ctx.tell(person, words)
    ctx.audit("registration.refused", topic)
    return reply(_("C'est fait : le refus et son motif partent à la personne désignée."))


def _must_wait(institution: Institution) -> None:
    if institution.state != Standing.PENDING:
        raise Refusal(
            _(
                "L'inscription {reference} n'attend plus de décision.",
                reference=institution.reference or "",
            )
        )
