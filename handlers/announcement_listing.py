"""Announcements as a list, filtered and searched, and one of them with its conversation
(acceptance B28, B29, B32).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.folding import fold
from handlers.announcement_acts import state_words, topic_of
from handlers.announcement_answers import REFERENCE, open_for, read_announcement
from handlers.announcement_words import category_name, headline, post, service_name
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.finding import alike
from handlers.policy import Role
from handlers.reply import Block, Bullets, Fields, Heading, Paragraph, Quote, Refusal, Reply, reply
from handlers.wording import Text, _, plain
from storage import announcements
from storage.announcement_states import OVER, UNPUBLISHED, Stage
from storage.announcements import Announcement, Direction

table = Table()


@table.command(
    "annonces",
    aliases={
        "fr": ["annonce"],
        "en": ["announcements", "announcement"],
        "nl": ["aankondigingen"],
        "de": ["inserate"],
    },
    who=Role.MEMBER,
    usage=_("annonces [MOTS]"),
    summary=_("les demandes et les offres ouvertes, ou celles que vous cherchez"),
    example="annonces demandes personnel",
    paged=True,
)
def listed(ctx: Context, words: MaybeWords) -> Reply:
    """Open announcements, those of a blocked service first; those that are sought; or one."""
    named = words.strip(" .!?")
    if REFERENCE.fullmatch(f"A{named}" if named.isdigit() else named):
        return _one(ctx, read_announcement(ctx, words))
    wanted = _Wanted(fold(words).split())
    found = sorted(wanted.among(ctx), key=_first_blocked)
    if not found:
        raise _nothing(words)
    return reply(
        Bullets(tuple(_line(kept) for kept in found)),
        _(
            "Pour en lire une : `annonce NUMÉRO`. Pour répondre : `répondre A-NUMÉRO votre"
            " réponse`."
        ),
        title=_("Les annonces trouvées") if words else _("Les annonces ouvertes"),
    )


def _nothing(words: str) -> Refusal:
    if words:
        return Refusal(
            _(
                "Aucune annonce ne répond à « {words} ». Toutes celles qui sont ouvertes :"
                " `annonces`. Celles qui sont closes : `annonces closes`.",
                words=words[:60],
            )
        )
    return Refusal(_("Aucune annonce ouverte. Pour en déposer une : `demande …` ou `offre …`."))


def _first_blocked(kept: Announcement) -> int:
    return ("blocked", "overwhelmed", "").index(kept.severity)


def _line(kept: Announcement) -> Text:
    return _(
        "{headline} · {state}{beginning}",
        headline=headline(kept),
        state=state_words(kept),
        beginning=f" · {' '.join(kept.words.split())[:60]}",
    )


# -- what is sought ---------------------------------------------------------------------------

_SIDES = {
    Direction.DEMAND: {"demande", "demandes", "request", "requests", "vragen", "anfragen"},
    Direction.OFFER: {"offre", "offres", "offer", "offers", "aanbod", "angebote"},
}
_STAGES = {
    "toutes": frozenset(Stage) - UNPUBLISHED,
    **dict.fromkeys(("closes", "gesloten", "geschlossen", "closed"), OVER),
    "ouvertes": frozenset({Stage.OPEN, Stage.ANSWERED}),
    "repondues": frozenset({Stage.ANSWERED}),
    "expirees": frozenset({Stage.EXPIRED}),
    "retirees": frozenset({Stage.WITHDRAWN}),
    "terminees": frozenset({Stage.DONE}),
}
_OWN = {"mes", "nos", "mine", "onze", "unsere", "notre"}
_EMPTY = {
    "de",
    "des",
    "du",
    "la",
    "le",
    "les",
    "en",
    "et",
    "pour",
    "un",
    "une",
    "d",
    "l",
    "a",
    "au",
}


class _Wanted:
    """What somebody seeks: by side, stage, one's own, and words, whatever their accents and with a
    wrong letter.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        said = set(tokens)
        self._sides = {side for side, names in _SIDES.items() if said & names}
        self._own = bool(said & _OWN)
        named = [stages for name, stages in _STAGES.items() if name in said]
        self._stages = frozenset().union(*named)
        known = _OWN | _EMPTY | set(_STAGES) | _SIDES[Direction.DEMAND] | _SIDES[Direction.OFFER]
        self._words = [token for token in tokens if token not in known]

    def among(self, ctx: Context) -> list[Announcement]:
        """Those that somebody may see and that fit."""
        stages = self._stages or ({*Stage} - UNPUBLISHED if self._own else frozenset())
        found = announcements.in_stages(ctx.session, stages) if stages else open_for(ctx)
        seen = [kept for kept in found if kept.number and kept.is_for(ctx.institution)]
        return [kept for kept in seen if self._fits(ctx, kept)]

    def _fits(self, ctx: Context, kept: Announcement) -> bool:
        own = kept.person.institution_id == ctx.institution.id
        side = not self._sides or kept.direction in self._sides
        return side and (own or not self._own) and self._says(kept)

    def _says(self, kept: Announcement) -> bool:
        told = set(fold(" ".join(_texts(kept))).split())
        return all(_said(word, told) for word in self._words)


def _texts(kept: Announcement) -> Iterable[str]:
    yield from (kept.words, kept.person.institution.name, plain(category_name(kept.category), "fr"))
    if kept.service:
        yield plain(service_name(kept.service), "fr")
    yield {"blocked": "bloqué", "overwhelmed": "débordé"}.get(kept.severity, "")


def _said(word: str, told: set[str]) -> bool:
    """Whether a word is said, in the plural, begun only, or with a wrong letter."""
    if word in told:
        return True
    begun = len(word) >= 4 and any(one.startswith(word.rstrip("sx")) for one in told)
    return begun or (len(word) >= 4 and alike(word, sorted(told)))


# -- one of them ------------------------------------------------------------------------------


def _one(ctx: Context, kept: Announcement) -> Reply:
    """An announcement as its readers got it, how it stands, and its conversation; what is answered
    to this answers it. Raises Refusal for whom it is not meant.
    """
    if not kept.is_for(ctx.institution):
        raise Refusal(_("Cette annonce ne s'adresse pas à votre institution."))
    rows = [(_("État"), state_words(kept))]
    if kept.is_awaiting and kept.expires_on:
        rows.append((_("Ouverte jusqu'au"), _("{day}", day=kept.expires_on)))
    shown = post(kept)
    blocks = (*shown.blocks, Fields(tuple(rows)), *_conversation(ctx, kept))
    return reply(*blocks, title=headline(kept)).about(str(topic_of(kept)))


def _conversation(ctx: Context, kept: Announcement) -> list[Block]:
    """What was answered, in order; of what only some may see, only who takes part reads it."""
    theirs = {person.institution_id for person in announcements.participants(kept)}
    if not kept.contributions or (kept.audience and ctx.institution.id not in theirs):
        return []
    blocks: list[Block] = [Heading(_("La conversation"))]
    for said in kept.contributions:
        lead = _(
            "**{name}**, {institution}, le {instant} :",
            name=said.person.name,
            institution=said.person.institution.name,
            instant=said.written_at,
        )
        blocks += [Paragraph(lead), Quote(said.words)]
    return blocks
