"""The supra-communal missions (acceptance B13 to B15)."""

from __future__ import annotations

from config.authorities import AuthorityType
from config.folding import fold
from handlers import publications
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import (
    Ambiguous,
    Block,
    Bullets,
    Fields,
    Forbidden,
    Heading,
    Refusal,
    Reply,
    reply,
)
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import library
from storage.library import Publication, Shelf

table = Table()


@table.command(
    "missions",
    aliases={"nl": ["opdrachten"], "de": ["aufgaben"]},
    who=Role.MEMBER,
    usage=_("missions [MOTS]"),
    summary=_("les missions supracommunales"),
    paged=True,
)
def missions(ctx: Context, words: MaybeWords) -> Reply:
    """Every mission with its summary, or those that words mean."""
    known = library.on(ctx.session, Shelf.MISSION)
    shown = publications.search(known, words) if words else known
    if not shown:
        raise _nothing(words) if words else Refusal(_("Aucune mission n'est encore publiée."))
    return reply(
        Bullets(tuple(_line(one) for one in shown)),
        _("Pour en lire une : `mission NOM`, par exemple `mission {slug}`.", slug=shown[0].slug),
        title=_("Les missions supracommunales"),
    )


@table.command(
    "mission",
    aliases={"nl": ["opdracht"], "de": ["aufgabe"]},
    who=Role.MEMBER,
    usage=_("mission NOM"),
    summary=_("une mission : texte, contact, documents"),
    example="mission formation",
    listed=False,
)
def mission(ctx: Context, words: Words) -> Reply:
    """The whole text of one mission, whom to ask, and its documents."""
    found = publications.search(library.on(ctx.session, Shelf.MISSION), words)
    if not found:
        raise _nothing(words)
    if len(found) > 1:
        raise Ambiguous(
            _("« {words} » peut désigner plusieurs missions ; laquelle ?", words=words[:60]),
            words,
            [(one.slug, verbatim(one.name)) for one in found],
        )
    one = found[0]
    blocks: list[Block | Text] = [Heading(verbatim(one.name)), *publications.paragraphs(one)]
    if one.contact_name or one.contact_address:
        blocks.append(Fields(((_("Contact"), _contact(one)),)))
    return reply(*blocks, title=_("Mission : {name}", name=one.name)).with_files(
        *publications.files([one])
    )


def _nothing(words: str) -> Refusal:
    return Refusal(
        _("Je ne trouve pas de mission « {words} » : écrivez `missions`.", words=words[:60])
    )


def _line(one: Publication) -> Text:
    return _("**{name}** : {summary}", name=one.name, summary=one.summary)


def _contact(one: Publication) -> Text:
    told = (one.contact_name, one.contact_function, one.contact_address)
    return verbatim(", ".join(part for part in told if part))


@table.command(
    "publier mission",
    aliases={
        "fr": ["publier une mission", "changer mission", "changer la mission"],
        "en": ["publish mission"],
        "nl": ["opdracht publiceren"],
        "de": ["aufgabe veröffentlichen"],
    },
    who=Role.MEMBER,
    usage=_("publier mission NOM : TEXTE, avec ses documents joints"),
    summary=_("publier ou changer une mission, pour la Province seulement"),
    example="publier mission Voirie : La Province entretient les routes provinciales",
    listed=False,
    helps=(),
)
def publish(ctx: Context, words: Words) -> Reply:
    """Publish a mission, or give a known one another text or documents (acceptance B14, B15)."""
    if ctx.institution.type != AuthorityType.PROVINCE:
        raise Forbidden(
            Role.ADMINISTRATOR,
            "publier mission",
            _("Seule la Province publie ou change une mission ; rien n'a changé."),
        )
    name, colon, text = (part.strip() for part in words.partition(":"))
    if not colon or not name or not (text or ctx.incoming.files):
        raise Refusal(_("Écrivez le nom et le texte : `publier mission Voirie : Le texte.`"))
    known = {one.name: one for one in library.on(ctx.session, Shelf.MISSION)}
    same = [one for one in known.values() if fold(name) in {fold(one.name), fold(one.slug)}]
    made = same[0] if same else Publication(shelf=Shelf.MISSION, slug=_slug(name, ctx), name=name)
    if text:
        made.text, made.summary = text, text.partition(". ")[0][:200]
    ctx.session.add(made)
    ctx.session.flush()
    if ctx.incoming.files:
        publications.enclose(ctx, made, ctx.incoming.files)
    ctx.audit("mission.published", Topic("mission", made.id))
    return reply(
        _("C'est publié : **{name}**. Pour la lire : `mission {slug}`.", name=name, slug=made.slug)
    )


def _slug(name: str, ctx: Context) -> str:
    base = "-".join(fold(name).split()[:6])[:60] or "mission"
    taken = {one.slug for one in library.on(ctx.session, Shelf.MISSION)}
    others = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (base, *others) if slug not in taken)
