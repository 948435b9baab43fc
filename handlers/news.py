"""News of the platform and its centrals: listed, read, followed back to earlier items, published by
the administrators; public (acceptance A10).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.folding import fold
from handlers import publications
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import Ambiguous, Block, Bullets, Heading, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, since, verbatim
from storage import library
from storage.library import Publication, Shelf

table = Table()


@table.command(
    "actualités",
    aliases={
        "fr": ["actualité", "nouvelles", "les actualités", "lire"],
        "en": ["news"],
        "nl": ["nieuws"],
        "de": ["neuigkeiten"],
    },
    usage=_("actualités [TITRE]"),
    summary=_("les nouvelles de la plateforme et des centrales"),
    paged=True,
)
def show(ctx: Context, words: MaybeWords) -> Reply:
    """The news, the newest first, or the whole text of one."""
    known = _newest_first(library.on(ctx.session, Shelf.NEWS))
    # « (lire ICI) » is how news are linked to in the papers.
    if words and fold(words) != "ici":
        return _whole(known, words)
    if not known:
        raise Refusal(_("Aucune actualité n'est encore publiée."))
    return reply(
        Bullets(tuple(map(_line, known))),
        _(
            "Pour en lire une : `actualités TITRE`, par exemple `actualités {slug}`.",
            slug=known[0].slug,
        ),
        title=_("Actualités"),
    )


def _newest_first(known: Sequence[Publication]) -> list[Publication]:
    return sorted(known, key=lambda one: (one.dated, one.id), reverse=True)


def _line(one: Publication) -> Text:
    return _(
        "**{name}** ({since}) : `actualités {slug}`",
        name=one.name,
        since=since(one.dated),
        slug=one.slug,
    )


def _whole(known: Sequence[Publication], words: str) -> Reply:
    found = publications.search(known, words)
    if not found:
        raise Refusal(
            _("Je ne trouve pas d'actualité « {words} » : écrivez `actualités`.", words=words[:60])
        )
    if len(found) > 1:
        raise Ambiguous(
            _("« {words} » peut désigner plusieurs actualités ; laquelle ?", words=words[:60]),
            words,
            [(one.slug, verbatim(one.name)) for one in found],
        )
    one = found[0]
    blocks: list[Block | Text] = [
        Heading(verbatim(one.name)),
        _("Publiée {since}.", since=since(one.dated)),
        *(verbatim(" ".join(part.split())) for part in one.text.split("\n\n") if part.strip()),
    ]
    earlier = [other for other in known if other.slug in one.related]
    if earlier:
        blocks += [Paragraph(_("À lire aussi :")), Bullets(tuple(map(_line, earlier)))]
    return reply(*blocks, title=verbatim(one.name)).with_files(*publications.files([one]))


# -- publishing -----------------------------------------------------------------------------------


@table.command(
    "publier actualité",
    aliases={
        "fr": ["publier une actualité"],
        "en": ["publish news"],
        "nl": ["nieuws publiceren"],
        "de": ["neuigkeit veröffentlichen"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("publier actualité TITRE : TEXTE"),
    summary=_("publier une actualité, datée d'aujourd'hui"),
    example="publier actualité Nouveau catalogue : Trois solutions s'ajoutent au catalogue",
    listed=False,
)
def publish(ctx: Context, words: Words) -> Reply:
    """Publish an item of today; « voir SLUG » within its text links to an earlier one."""
    title, colon, text = (part.strip() for part in words.partition(":"))
    if not colon or not title or not text:
        raise Refusal(
            _("Écrivez le titre et le texte : `publier actualité Nouveau catalogue : Le texte.`")
        )
    known = library.on(ctx.session, Shelf.NEWS)
    made = Publication(
        shelf=Shelf.NEWS,
        slug=_slug(title, {one.slug for one in known}),
        name=title[:200],
        text=text,
        dated=ctx.today.isoformat(),
        related=[one.slug for one in known if re.search(rf"\b{re.escape(one.slug)}\b", text)],
    )
    ctx.session.add(made)
    ctx.session.flush()
    ctx.audit("news.published", Topic("news", made.id))
    return reply(_("C'est publié : {line}.", line=_line(made)))


def _slug(title: str, taken: set[str]) -> str:
    base = "-".join(fold(title).split()[:6])[:60] or "actualite"
    others = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (base, *others) if slug not in taken)
