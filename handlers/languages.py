"""The language in which people are answered: each chooses theirs, a room has one."""

from __future__ import annotations

from config.folding import fold
from handlers import identity
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.wording import _

table = Table()

_NAMES = {
    "fr": ("français", "francais", "french", "frans", "franzosisch", "fr"),
    "nl": ("Nederlands", "nederlands", "neerlandais", "dutch", "niederlandisch", "nl", "flamand"),
    "de": ("Deutsch", "deutsch", "allemand", "german", "duits", "de"),
    "en": ("English", "english", "anglais", "engels", "englisch", "en"),
}
"""Each language under its own name first, then under those that the others give it."""


@table.command(
    "langue",
    aliases={"en": ["language"], "nl": ["taal"], "de": ["sprache"]},
    usage=_("langue LANGUE"),
    summary=_("choisir la langue des réponses"),
    example="langue Nederlands",
)
def choose(ctx: Context, words: MaybeWords) -> Reply:
    """Answer this person, or in this room, in a language from now on."""
    if not words:
        return reply(
            _("Je vous réponds en **{language}**. Pour changer :", language=_own(ctx.language)),
            Bullets(tuple(_("`langue {name}`", name=names[0]) for names in _NAMES.values())),
        )
    language = _named(words)
    if language is None:
        raise Refusal(
            _(
                "Je parle français, néerlandais, allemand et anglais : écrivez par exemple `langue"
                " Nederlands`."
            )
        )
    if ctx.incoming.place is not None:
        raise Refusal(
            _("Dans ce salon, tous lisent la même langue : choisissez la vôtre en privé.")
        )
    _keep(ctx, language)
    return reply(
        _("C'est noté : je vous réponds désormais en **{language}**.", language=_own(language))
    )


def _own(language: str) -> str:
    """A language as it calls itself: « Nederlands »."""
    return _NAMES[language][0]


def _named(words: str) -> str | None:
    *_before, last = fold(words).split() or [""]
    return next((own for own, names in _NAMES.items() if last in map(fold, names)), None)


def _keep(ctx: Context, language: str) -> None:
    if ctx.claimed is not None and ctx.incoming.direct:
        # A preference is a person's own: nobody changes it in their name.
        identity.require(ctx)
        ctx.claimed.language = language
        return
    ctx.speak(language)
