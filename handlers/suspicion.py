"""Mail that pretends to come from a member: kept, not answered, shown to the administrators.

That a mail server vouches for a domain says nothing when the domain itself is the deceit: DMARC
passes for the domain of whoever bought one that looks like a member's.
"""

from __future__ import annotations

from sqlalchemy import select

from config.territory import Authority
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.reading.deceit import is_deceit, looks_deceitful
from handlers.reading.institutions import domain_authority
from handlers.reading.likeness import looks_like
from handlers.reading.people import fits_address, person_behind, same_person
from handlers.reply import Paragraph, Quote, reply
from handlers.wording import Text, _
from storage.inbox import State
from storage.members import Address, Institution, Person, Standing

_DELICATE = frozenset(
    {
        Intent.CHANGE_USER,
        Intent.DEPUTY,
        Intent.LEAVE,
        Intent.ORDER,
        Intent.ORDER_CONFIRM,
        Intent.ORDER_STATUS,
        Intent.JOIN_CENTRAL,
    }
)
"""What a deceiver asks for in a member's name."""


def disowned(ctx: Context) -> bool:
    """Whether the sender bears a member's address that their own domain does not stand behind: a
    forgery, or a mail that was passed on. Only its owner can tell, and is asked.
    """
    if not ctx.incoming.disowned or ctx.claimed is None or ctx.believed:
        return False
    institution = ctx.claimed.institution
    ctx.observe(
        intent="suspicious",
        institution=institution,
        reason="failed_authentication",
    )
    _warn(
        ctx,
        _(
            "⚠️ Un message au nom de {sender} ({institution}) n'a pas passé la vérification de"
            " l'expéditeur. Rien n'a été fait ; la question est posée à cette adresse.",
            sender=ctx.incoming.sender,
            institution=institution.name,
        ),
    )
    return True


def suspected(ctx: Context, understood: Understanding) -> bool:
    """Whether a stranger's letter is to be taken for one of a member; then it is set aside."""
    if ctx.claimed is not None or "@" not in ctx.incoming.sender:
        return False
    member = _imitated(ctx, understood)
    if member is None:
        return _deceitful(ctx, understood)
    ctx.entry.state = State.HELD
    ctx.observe(
        intent="suspicious",
        action=Action.HOLD,
        institution=member,
        reason="unknown_sender_domain",
    )
    _warn(
        ctx,
        _(
            "⚠️ Un message de {sender} se fait peut-être passer pour **{institution}** : son"
            " adresse n'est pas connue. Rien n'a été fait ni répondu.",
            sender=ctx.incoming.sender,
            institution=member.name,
        ),
    )
    return True


def _deceitful(ctx: Context, understood: Understanding) -> bool:
    """Whether a stranger asks, under pressure or in secret, for what no stranger is given."""
    told = ctx.letter.subject, ctx.letter.text
    if not (understood.intent in _PLAIN and looks_deceitful(*told)) and not is_deceit(*told):
        return False
    ctx.entry.state = State.HELD
    ctx.observe(intent="suspicious", action=Action.HOLD, reason="unknown_sender")
    _warn(
        ctx,
        _(
            "⚠️ Un message de {sender}, que personne ici ne connaît, demande des choses délicates"
            " avec insistance. Rien n'a été fait ni répondu.",
            sender=ctx.incoming.sender,
        ),
    )
    return True


_PLAIN = frozenset(
    {
        *(Intent.QUESTION, Intent.ORDER_STATUS, Intent.CHANGE_USER, Intent.STATISTICS),
        *(Intent.ANNOUNCEMENT, Intent.ANNOUNCEMENT_ANSWER, Intent.HELP, Intent.ORDER_CONFIRM),
    }
)
"""What a deceiver's letter is taken for; who registers or orders has a way of being checked."""


def _warn(ctx: Context, words: Text) -> None:
    """Show the administrators what came in, and why it is set aside."""
    shown = Quote("\n".join(part for part in (ctx.incoming.subject, ctx.incoming.text) if part))
    ctx.tell_administrators(reply(Paragraph(words), shown).about(f"inbox:{ctx.entry.id}"))


def _imitated(ctx: Context, understood: Understanding) -> Institution | None:
    """The member that a stranger's domain looks like, or whose person's name a stranger bears."""
    domain = ctx.incoming.sender.rpartition("@")[2]
    named = domain_authority(domain, ctx.platform.territory)
    shown = person_behind(ctx.incoming.display_name)
    delicate = understood.intent in _DELICATE or bool(_DELICATE & set(understood.also))
    for address, person, institution in _members(ctx):
        theirs = address.rpartition("@")[2]
        # « wellin » is no misspelt « tellin »: both are communes.
        own_name = named is not None and named.code != institution.code
        if looks_like(domain, theirs) and not own_name:
            return institution
        if delicate and domain != theirs and _bears_name(ctx, institution, named):
            return institution
        bears = shown and (same_person(shown, person.name) or fits_address(shown, address))
        if bears and delicate and domain != theirs:
            return institution
    return None


def _bears_name(ctx: Context, institution: Institution, domains: Authority | None) -> bool:
    """Whether the sender is shown as a member institution, from a domain that is nobody's."""
    if domains is not None:
        return False
    mentioned = ctx.platform.territory.mentions(ctx.incoming.display_name)
    shown = {(one.authority.type, one.authority.code) for one in mentioned}
    return shown == {(institution.type, institution.code)}


def _members(ctx: Context) -> list[tuple[str, Person, Institution]]:
    rows = ctx.session.execute(
        select(Address.address, Person, Institution)
        .join(Person, Address.person_id == Person.id)
        .join(Institution, Person.institution_id == Institution.id)
        .where(
            Institution.state == Standing.ACTIVE,
            Person.active,
            Address.channel == ctx.incoming.channel,
        )
    )
    return [(address, person, institution) for address, person, institution in rows]
