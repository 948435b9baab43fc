"""Frequent questions and their answers, which administrators edit (acceptance B25): listed, sought,
and answered at once where a message asks one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.folding import fold
from handlers import finding, publications
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import Block, Bullets, Heading, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import library
from storage.library import Publication, Shelf

table = Table()

ENOUGH = 2
"""How many telling words a message and a question must share at least."""
MOST, HALF = 0.75, 0.5
"""Which share of a question's telling words, and of a message's, must be in the other."""
_IDLE = frozenset(
    """
    a ai au aux avec avoir bien bonjour bonsoir ce ces cela combien comment d dans de des dois doit
    du elle en entre est et etre eux faire faut il ils j je l la le les leur lui m ma madame mais me
    merci mes moi mon monsieur n ne nos notre nous on ou par pas peut peuvent pour pourquoi puis
    qu quand que quel quelle quelles quels qui quoi s sa savoir se ses si son sont sur t ta te tes
    toi ton tu un une vos votre vous y
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""What tells nothing of what a question is about."""


@table.command(
    "faq",
    aliases={
        "fr": ["questions fréquentes", "foire aux questions"],
        "en": ["frequent questions"],
        "nl": ["veelgestelde vragen"],
        "de": ["häufige fragen"],
    },
    usage=_("faq [MOTS]"),
    summary=_("les questions fréquentes et leurs réponses"),
    paged=True,
)
def show(ctx: Context, words: MaybeWords) -> Reply:
    """Every question, or the answers to those that words mean."""
    known = library.on(ctx.session, Shelf.FAQ)
    if not known:
        raise Refusal(
            _(
                "Aucune question fréquente n'est encore publiée. Posez la vôtre : une"
                " personne vous répond."
            )
        )
    if not words:
        lines = tuple(
            _("{question} `faq {slug}`", question=one.name, slug=one.slug) for one in known
        )
        return reply(Bullets(lines), _ANOTHER, title=_("Questions fréquentes"))
    found = finding.search(known, words, publications.names, lambda one: one.text)
    found = found or [one for one in known if _asks(words, one)]
    if not found:
        raise Refusal(
            _(
                "Je ne trouve pas de question fréquente « {words} » : `faq` les montre toutes.",
                words=words[:60],
            )
        )
    return _answered(found)


def _answered(found: Sequence[Publication]) -> Reply:
    blocks: list[Block | Text] = []
    for one in found:
        blocks += [Heading(verbatim(one.name)), *publications.paragraphs(one)]
    return reply(*blocks, _ANOTHER, title=_("Questions fréquentes"))


_ANOTHER = _("Ce n'est pas votre question ? Écrivez-la ou répondez ici : une personne vous lira.")


def answer_to(ctx: Context, words: str) -> Reply | None:
    """The answer to the one frequent question that a message asks, if it asks one."""
    if len(words) > _LONGEST or ctx.incoming.files:
        return None
    found = [one for one in library.on(ctx.session, Shelf.FAQ) if _asks(words, one)]
    return _answered(found) if len(found) == 1 else None


_LONGEST = 400
"""A longer message says more than a question."""


def _asks(words: str, one: Publication) -> bool:
    """Whether words ask a question: most of the telling words of one are in the other."""
    said = _telling(words)
    return any(_alike(said, _telling(name)) for name in publications.names(one))


def _alike(said: frozenset[str], asked: frozenset[str]) -> bool:
    shared = len(said & asked)
    return shared >= max(ENOUGH, MOST * len(asked), HALF * len(said))


def _telling(words: str) -> frozenset[str]:
    return frozenset(
        word[:-1] if len(word) > _STEM and word[-1] in "sx" else word
        for word in fold(words).split()
        if word not in _IDLE
    )


_STEM = 3
"""Longer words lose the mark of the plural."""


# -- what administrators do -------------------------------------------------------------------


@table.command(
    "publier question",
    aliases={
        "fr": ["publier une question", "changer question"],
        "en": ["publish question"],
        "nl": ["vraag publiceren"],
        "de": ["frage veröffentlichen"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("publier question QUESTION ? RÉPONSE"),
    summary=_("publier une question fréquente et sa réponse, ou changer la réponse"),
    example="publier question L'inscription est-elle payante ? Non, elle est gratuite.",
    listed=False,
)
def publish(ctx: Context, words: Words) -> Reply:
    """Publish a question with its answer; a known question gets another answer."""
    asked, mark, answer = (part.strip() for part in words.partition("?"))
    if not mark or not asked or not answer:
        raise Refusal(
            _("Écrivez la question et la réponse : `publier question C'est payant ? Non.`")
        )
    known = library.on(ctx.session, Shelf.FAQ)
    same = next((one for one in known if fold(one.name) == fold(asked)), None)
    made = same or Publication(
        shelf=Shelf.FAQ, slug=_slug(asked, {one.slug for one in known}), name=f"{asked[:200]} ?"
    )
    made.text = answer
    ctx.session.add(made)
    ctx.session.flush()
    ctx.audit("question.published", Topic("faq", made.id))
    return reply(_("C'est publié : {question} `faq {slug}`", question=made.name, slug=made.slug))


@table.command(
    "retirer question",
    aliases={"en": ["withdraw question"], "nl": ["vraag intrekken"], "de": ["frage zurückziehen"]},
    who=Role.ADMINISTRATOR,
    usage=_("retirer question NOM"),
    summary=_("retirer une question fréquente"),
    example="retirer question inscription-payante",
    listed=False,
)
def withdraw(ctx: Context, words: Words) -> Reply:
    """Take a question away, by its short name or its whole words."""
    known = library.on(ctx.session, Shelf.FAQ)
    found = [one for one in known if fold(words) in {fold(one.slug), fold(one.name)}]
    if not found:
        raise Refusal(
            _(
                "Je ne trouve pas de question fréquente « {words} » : `faq` les montre toutes.",
                words=words[:60],
            )
        )
    ctx.audit("question.withdrawn", Topic("faq", found[0].id))
    ctx.session.delete(found[0])
    return reply(_("C'est retiré : {question}", question=found[0].name))


def _slug(asked: str, taken: set[str]) -> str:
    telling = [word for word in fold(asked).split() if word not in _IDLE]
    base = "-".join(telling[:5])[:60] or "question"
    others = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (base, *others) if slug not in taken)
