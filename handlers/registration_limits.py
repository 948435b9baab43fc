"""Who cannot register, or not from where they write: they are told why, and how it can be done."""

from __future__ import annotations

from config.territory import Authority
from handlers import articles
from handlers.context import Context
from handlers.observation import Action
from handlers.reading.outsiders import outsider
from handlers.registration_consent import REGISTRATION
from handlers.registration_words import not_eligible
from handlers.reply import Reply, reply
from handlers.request import Topic
from handlers.wording import Names, _


def from_itself(ctx: Context, authority: Authority) -> Reply:
    """A letter that another house passes on registers nobody: the authority has to write itself."""
    ctx.observe(action=Action.ASK, ask_for=["confirmation_from_institution"])
    return reply(
        _(
            "Vous nous transmettez une demande d'inscription {whose}. Rien n'est encore"
            " enregistré : elle doit nous parvenir d'une adresse de cette institution, par exemple"
            " de celle de la personne désignée.",
            whose=articles.of(authority.name),
        ),
        title=_("Une inscription que vous transmettez"),
    )


def from_office(ctx: Context, authority: Authority, subject: str, text: str) -> Reply:
    """Nobody registers an authority from a private mailbox: its own address has to speak."""
    question = ctx.ask(
        REGISTRATION, Topic("inbox", ctx.entry.id), subject=subject, text=text, missing=[]
    )
    ctx.observe(action=Action.ASK, ask_for=["confirmation_from_institution"])
    return reply(
        _(
            "Cette adresse semble personnelle. Pour inscrire {name}, écrivez-nous depuis une"
            " adresse de l'institution, ou indiquez l'adresse professionnelle de la personne"
            " désignée. Rien n'est encore enregistré.",
            name=articles.the(authority.name),
        ),
        title=_("Votre inscription : il manque un renseignement"),
    ).about(f"question:{question.id}")


def outside(ctx: Context, name: str, *, body: bool) -> Reply:
    """Who may not register: the reason, and a word to a person."""
    territory = ctx.platform.territory
    reason = "not_eligible" if body else "outside_territory"
    ctx.observe(action=Action.REFUSE, institution=outsider(name), reason=reason)
    ctx.tell_administrators(
        reply(
            _(
                "📥 {sender} demande à inscrire « {name} », qui n'est pas un pouvoir local de"
                " {territory}.",
                sender=ctx.incoming.sender,
                name=name,
                territory=Names(territory.label),
            )
        )
    )
    if body:
        return not_eligible(ctx, name)
    return reply(
        _(
            "La plateforme est ouverte aux pouvoirs locaux de {territory} : communes, CPAS, zones"
            " de police, zone de secours et Province. « {name} » n'en fait pas partie :"
            " son inscription n'est donc pas possible. Si c'est une erreur, répondez à ce message :"
            " une personne vous lira.",
            territory=Names(territory.label),
            name=name,
        ),
        title=_("Votre demande d'inscription"),
    ).about(f"inbox:{ctx.entry.id}")
