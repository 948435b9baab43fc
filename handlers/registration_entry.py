"""Entering a registration: it is kept, its author gets a receipt, the administrators see it.

Nothing is entered twice: a registration that is there already is told as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.territory import Authority
from handlers import membership, registration_consent, texts
from handlers.context import Context
from handlers.observation import Action
from handlers.openings import why_closed
from handlers.reading.people import Person as Named
from handlers.registration_consent import REGISTRATION, is_third_party
from handlers.registration_words import (
    already_active,
    asked_by,
    both,
    kept_to_administrators,
    receipt,
    to_administrators,
)
from handlers.reply import Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import counters, library, members
from storage.members import Institution, Person, Standing


@dataclass(frozen=True, slots=True)
class Asked:
    """Who else stands in a registration: who stands in for the user, and who asks for it."""

    deputy: Named | None = None
    requester: Named | None = None


def entered(
    ctx: Context,
    authority: Authority,
    user: Named,
    asks: Asked,
    others: Sequence[Authority] = (),
) -> Reply:
    """Keep a registration and give its receipt, or tell the one that is there. Raises Refusal."""
    known = members.living(ctx.session, authority.type, authority.code)
    if known is not None:
        return already(known, user)
    taken = members.person_at(ctx.session, ctx.platform.record_channel, user.email)
    if taken is not None and taken.institution.state in {Standing.PENDING, Standing.ACTIVE}:
        raise Refusal(
            _(
                "L'adresse {address} est déjà celle de la personne désignée {whose} : indiquez-en"
                " une autre.",
                address=user.email,
                whose=texts.of_the(taken.institution),
            )
        )
    institution = keep(ctx, authority, user)
    _keep_deputy(ctx, institution, user, asks.deputy)
    topic = told(ctx, institution, user, asks.requester)
    if others:
        ctx.observe(also=[other.name for other in others])
    told_back = receipt(ctx, institution, asks.deputy, others).about(str(topic))
    if not is_third_party(ctx, authority, user):
        return told_back
    registration_consent.ask(ctx, institution)
    asked = Paragraph(_("Nous demandons à **{name}** si c'est exact.", name=user.name))
    return replace(told_back, blocks=(*told_back.blocks, asked))


def told(ctx: Context, institution: Institution, user: Named, requester: Named | None) -> Topic:
    """Show a registration to the administrators, who decide on it."""
    topic = Topic(REGISTRATION, institution.id)
    by = asked_by(ctx, user, requester)
    told = (
        kept_to_administrators(ctx, institution, by)
        if institution.held
        else to_administrators(institution, by)
    )
    ctx.tell_administrators(told.about(str(topic)))
    ctx.audit("registration.entered", topic, type=institution.type, code=institution.code)
    return topic


def is_another(ctx: Context, known: Institution, user: Named) -> bool:
    """Whether somebody else than the people of a registration is named by somebody else."""
    own = {a.address for person in known.persons for a in person.addresses}
    writer = ctx.claimed
    of_it = writer is not None and writer.institution_id == known.id
    return user.email.lower() not in own and not of_it


def beside(ctx: Context, known: Institution, user: Named, subject: str, text: str) -> Reply:
    """A second registration of one authority, for another person: the administrators see both."""
    pending = known.state == Standing.PENDING
    ctx.observe(action=Action.HOLD if pending else Action.REFUSE, reason="already_registered")
    ctx.tell_administrators(both(ctx, known, user).about(f"{REGISTRATION}:{known.id}"))
    if not pending:
        return reply(*already_active(known).blocks)
    question = ctx.ask(
        REGISTRATION,
        Topic("inbox", ctx.entry.id),
        subject=subject,
        text=text,
        missing=[],
        passed_on=not membership.mail_of(ctx),
    )
    return reply(
        _(
            "Une autre demande d'inscription **{whose}** est déjà enregistrée (réf."
            " **{reference}**), pour une autre personne. Les administrateurs voient les deux et"
            " décident. Si la première est refusée, répondez « oui » à ce message : la vôtre est"
            " alors enregistrée.",
            whose=texts.of_the(known),
            reference=known.reference or "",
        ),
        title=_("Inscription {whose} : une autre demande existe", whose=texts.of_the(known)),
    ).about(f"question:{question.id}")


def already(known: Institution, user: Named | None) -> Reply:
    """The state of a registration that is there already; another user is no new registration."""
    if known.state == Standing.PENDING and known.held:
        return reply(
            _(
                "L'inscription **{whose}** est déjà conservée (réf. **{reference}**) : elle est"
                " reprise dès que les inscriptions ouvrent ; il n'y a rien d'autre à faire.",
                whose=texts.of_the(known),
                reference=known.reference or "",
            ),
        ).about(f"{REGISTRATION}:{known.id}")
    if known.state == Standing.PENDING:
        return reply(
            _(
                "L'inscription **{whose}** est déjà enregistrée (réf. **{reference}**) et"
                " attend sa validation ; il n'y a rien d'autre à faire.",
                whose=texts.of_the(known),
                reference=known.reference or "",
            ),
        ).about(f"{REGISTRATION}:{known.id}")
    addresses = {a.address for person in known.persons if person.active for a in person.addresses}
    if user is None or user.email.lower() not in addresses:
        raise Refusal(*already_active(known).blocks)
    return reply(
        _(
            "L'inscription **{whose}** est déjà active, avec la personne désignée que vous"
            " indiquez.",
            whose=texts.of_the(known),
        )
    )


def keep(ctx: Context, authority: Authority, user: Named) -> Institution:
    """Keep an institution that waits for a decision, with its designated user."""
    year = ctx.today.year
    number = counters.following(ctx.session, f"I-{year}")
    institution = Institution(
        type=authority.type,
        code=authority.code,
        name=authority.name,
        state=Standing.PENDING,
        reference=f"I-{year}-{number:04d}",
        requested_at=ctx.now,
        rules=library.rules_in_force(ctx.session),
        held=bool(why_closed(ctx, authority.type)),
    )
    person = Person(
        institution=institution,
        name=user.name,
        gender=user.gender.value if user.gender else "",
        phone=user.phone,
        function=user.role,
        language=ctx.language,
    )
    ctx.session.add_all([institution, person])
    ctx.session.flush()
    members.link(ctx.session, person, ctx.platform.record_channel, user.email, ctx.now)
    return institution


def _keep_deputy(ctx: Context, institution: Institution, user: Named, deputy: Named | None) -> None:
    """Who stands in for the designated user, from the day on which the registration is accepted;
    without an address of their own nobody can act.
    """
    if deputy is None or not deputy.email or deputy.email == user.email:
        return
    if members.person_at(ctx.session, ctx.platform.record_channel, deputy.email) is not None:
        return
    person = Person(
        institution=institution,
        name=deputy.name,
        gender=deputy.gender.value if deputy.gender else "",
        phone=deputy.phone,
        function=deputy.role,
        language=ctx.language,
        acts_from=ctx.today,
    )
    ctx.session.add(person)
    ctx.session.flush()
    members.link(ctx.session, person, ctx.platform.record_channel, deputy.email, ctx.now)
