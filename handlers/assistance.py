"""Help: what this person can do here, and how one thing is written."""

from __future__ import annotations

from collections.abc import Sequence

from config.folding import fold
from handlers import articles, parts
from handlers.arguments import MaybeWords
from handlers.command import Command, Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.policy import Role, allowed
from handlers.reading.contacts import belgian
from handlers.reply import Bullets, Fields, Heading, Refusal, Reply, reply
from handlers.wording import Text, _, plain, since, verbatim
from storage.members import Standing

table = Table()


@table.command(
    "aide",
    aliases={
        "fr": ["menu", "bonjour", "bonsoir", "salut", "coucou"],
        "en": ["help"],
        "nl": ["hulp"],
        "de": ["hilfe"],
    },
    usage=_("aide [COMMANDE]"),
    summary=_("ce que vous pouvez faire ici"),
    example="aide commander",
    listed=False,
)
def help_(ctx: Context, words: MaybeWords) -> Reply:
    """What this person can do here, or how one command is written."""
    if words:
        return _one(ctx, words)
    mine = [one for one in parts.open_ones(ctx, ctx.commands) if _is_for(ctx, one)]
    first = [one for one in mine if one.name in _FIRST][:_SHOWN]
    others = [one for one in mine if one not in first]
    platform = ctx.platform.settings.platform
    return reply(
        _(
            "**{platform}** ({institution}) : s'informer (centrales d'achats, catalogue) et"
            " s'entraider entre pouvoirs locaux (demandes, offres).",
            platform=platform.name,
            institution=platform.institution,
        ),
        Heading(_("Ce que vous pouvez faire")),
        Bullets(tuple(_line(command) for command in first)),
        *([_("Aussi : {names}.", names=_names(ctx, others))] if others else []),
        _("Un exemple ? `aide catalogue`. Une question ? Écrivez-la en une phrase."),
        title=_("Aide"),
    )


_FIRST = frozenset(
    {"inscrire", "demande", "offre", "annonces", "catalogue", "commander", "commandes"}
    | {"commandes reçues", "attribuer", "inscriptions", "accepter", "centrales"}
)
"""What most people come for: told with how it is written, the rest by its name."""
_SHOWN = 7


def _is_for(ctx: Context, command: Command) -> bool:
    """Whether this person may do it here: what is private is not done where others read."""
    hidden = command.private and ctx.incoming.place is not None
    return command.listed and command.serves(ctx.roles) and not hidden


def _names(ctx: Context, commands: Sequence[Command]) -> str:
    return ", ".join(command.name_in(ctx.language) for command in commands)


def _line(command: Command) -> Text:
    return _("`{usage}` : {summary}", usage=command.usage, summary=command.summary)


def _one(ctx: Context, words: str) -> Reply:
    """How one command is written; what follows its name does not matter."""
    command = _named(ctx.commands, fold(words).split())
    if command is None or not allowed(ctx.roles | _WITHOUT_PROOF, command.who):
        raise Refusal(_("Je ne connais pas « {words} » : écrivez `aide`.", words=words[:40]))
    blocks = [_("`{usage}` : {summary}.", usage=command.usage, summary=command.summary)]
    if command.example:
        example = verbatim(command.example_at(ctx.today, ctx.language))
        blocks.append(_("Par exemple : `{example}`", example=example))
    return reply(*blocks, title=_("Aide : {name}", name=command.name))


_WITHOUT_PROOF = frozenset({Role.MEMBER, Role.MANAGER})
"""How a member writes something may be read by anyone who thinks of becoming one."""


def _named(commands: Sequence[Command], words: list[str]) -> Command | None:
    """The command whose name begins the words, the longest name first."""
    for count in range(len(words), 0, -1):
        wanted = " ".join(words[:count])
        for command in commands:
            if wanted in {fold(name) for name in command.names}:
                return command
    return None


@table.command(
    "à propos",
    aliases={"fr": ["historique"], "en": ["about"], "nl": ["over"], "de": ["über"]},
    usage=_("à propos"),
    summary=_("ce qu'est la plateforme"),
    listed=False,
)
def about(ctx: Context) -> Reply:
    """What the platform is for and who may use it (acceptance A03, B26)."""
    platform = ctx.platform.settings.platform
    blocks = [
        _(
            "**{platform}**, gérée par {who}, facilite l'accès des pouvoirs publics aux"
            " solutions numériques et l'entraide entre communes, CPAS, zones de police, zone de"
            " secours et Province.",
            platform=platform.name,
            who=articles.the(platform.institution),
        )
    ]
    if platform.launched:
        blocks.append(_("Ouverte {since}.", since=since(platform.launched)))
    if platform.history:
        blocks.append(verbatim(platform.history))
    return reply(*blocks, title=_("À propos de la plateforme {platform}", platform=platform.name))


@table.command(
    "contact",
    aliases={"nl": ["contactpersoon"], "de": ["ansprechpartner"]},
    usage=_("contact"),
    summary=_("la personne de contact de la plateforme"),
)
def contact(ctx: Context) -> Reply:
    """Who answers for the platform, as configured (acceptance B53 to B55)."""
    person = ctx.platform.settings.platform.contact
    rows = [
        (_("Contact"), _("{name}, {function}", name=person.name, function=person.function)),
        (_("Mail"), verbatim(_shown(ctx, person.mail))),
        (_("Téléphone"), verbatim(belgian(person.phone))),
        (_("Adresse de la plateforme"), verbatim(ctx.platform.settings.mail.address)),
    ]
    told = tuple((label, value) for label, value in rows if plain(value, ctx.language))
    return reply(Fields(told), title=_("Contact"))


def _shown(ctx: Context, address: str) -> str:
    """An address, to strangers in a form that machines do not harvest (acceptance A41)."""
    known = ctx.person is not None and ctx.institution.state == Standing.ACTIVE
    return address if known else address.replace("@", "(at)")


@table.intent(Intent.HELP)
def help_asked(ctx: Context, understood: Understanding) -> Reply:
    """Help, asked for in a letter."""
    del understood
    return help_(ctx, MaybeWords(""))
