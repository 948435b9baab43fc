"""Letters that only a member may write, from somebody who is not known as one.

Nothing is lost and nothing is done: the letter is kept, and whoever wrote it is told what is
missing, be it the registration of the institution or the word of its designated user.
"""

from __future__ import annotations

from config.authorities import Authority
from handlers import articles, texts
from handlers.context import Context
from handlers.desk import tell_all
from handlers.intents import Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.institutions import domain_authority
from handlers.reading.registration import Missing
from handlers.reply import Paragraph, Quote, Reply, Steps, reply
from handlers.request import Topic
from handlers.wording import _
from storage import members
from storage.inbox import State
from storage.members import Institution, Standing


def kept_aside(ctx: Context, understood: Understanding, needed: Role) -> Reply | None:
    """The answer to a letter for which its writer has no right yet; None if it is not such."""
    if needed is not Role.MEMBER or ctx.claimed is not None:
        return None
    authority = understood.registration.institution or _of_the_address(ctx)
    if authority is None:
        return None
    known = members.living(ctx.session, authority.type, authority.code)
    ctx.observe(
        institution=authority, requester=understood.registration.requester, action=Action.HOLD
    )
    ctx.entry.state = State.HELD
    if known is None:
        return _to_register(ctx, authority)
    return _for_the_user(ctx, known)


def _of_the_address(ctx: Context) -> Authority | None:
    """The authority that a stranger's address sounds like, where the words name none for sure."""
    return domain_authority(ctx.letter.sender.rpartition("@")[2], ctx.platform.territory)


def _to_register(ctx: Context, authority: Authority) -> Reply:
    """Ask who would be designated: the answer registers the institution."""
    question = ctx.ask(
        "registration",
        Topic("inbox", ctx.entry.id),
        subject="",
        text=f"inscrire {authority.name}",
        missing=[Missing.USER],
    )
    ctx.observe(action=Action.HOLD, ask_for=["registration", "designated_user"])
    return reply(
        _(
            "Votre message est conservé, mais rien n'est encore fait : **{name}** ne fait pas"
            " encore partie de la plateforme. L'inscription est gratuite et sans engagement.",
            name=articles.the(authority.name),
        ),
        _("Pour l'inscrire, répondez à ce message en indiquant :"),
        Steps(
            (_("la personne désignée comme utilisatrice : nom et adresse mail professionnelle"),)
        ),
        _("Dès que l'inscription est acceptée, cette personne peut nous renvoyer votre demande."),
        title=_("Votre message attend l'inscription {whose}", whose=articles.of(authority.name)),
    ).about(f"question:{question.id}")


def _for_the_user(ctx: Context, known: Institution) -> Reply:
    """Show the letter to the designated user, who may send it as their own."""
    ctx.observe(reason="not_designated_user")
    if known.state == Standing.PENDING:
        return reply(*texts.no_right(Role.MEMBER, known.persons[0]).blocks)
    users = [person for person in known.persons if person.active]
    shown = reply(
        Paragraph(
            _(
                "{sender} nous écrit au nom {whose}. Rien n'est fait : si cette demande est aussi"
                " la vôtre, renvoyez-la-nous depuis votre adresse.",
                sender=ctx.incoming.sender,
                whose=texts.of_the(known),
            )
        ),
        Quote("\n".join(part for part in (ctx.incoming.subject, ctx.incoming.text) if part)),
        title=_("Un message écrit au nom {whose}", whose=texts.of_the(known)),
    )
    tell_all(ctx, users, shown)
    ctx.tell_administrators(shown)
    return reply(
        _(
            "Votre message est conservé, mais rien n'est fait : seule la personne désignée {whose}"
            " peut le demander. Elle en est prévenue.",
            whose=texts.of_the(known),
        ),
        title=_("Votre message attend la personne désignée"),
    )
