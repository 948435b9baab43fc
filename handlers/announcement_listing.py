"""Announcements as a list, filtered and searched, and one of them with its conversation
(acceptance B28, B29, B31, B32).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten

from config.folding import fold
from handlers import answer_states, kinds
from handlers.announcement_acts import state_words, topic_of
from handlers.announcement_drafts import draft
from handlers.announcement_naming import REFERENCE, open_for, read_announcement
from handlers.announcement_told import Told
from handlers.announcement_words import (
    headline,
    period,
    post,
    pressing,
    service_name,
    urgency_of,
)
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.finding import alike
from handlers.policy import Role
from handlers.reading.addressees import meant_by
from handlers.reply import Block, Bullets, Fields, Heading, Paragraph, Quote, Refusal, Reply, reply
from handlers.sizes import size
from handlers.wording import Text, _, plain, verbatim
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
    named = _NUMBER_SIGN.sub("", words).strip(" .!?")
    if REFERENCE.fullmatch(f"A{named}" if named.isdigit() else named):
        return _one(ctx, read_announcement(ctx, named))
    return _list(ctx, words)


_NUMBER_SIGN = re.compile(r"^\s*(?:num[eé]ro|n[°ºor]\.?)\s*(?=A?-?\d)", re.IGNORECASE)
"""What people write before a number: « annonce n° 12 »."""


@table.command(
    "demandes",
    aliases={"en": ["requests"], "nl": ["vragen"], "de": ["anfragen"]},
    who=Role.MEMBER,
    usage=_("demandes [MOTS]"),
    summary=_("les demandes ouvertes, ou celles que vous cherchez"),
    example="demandes état civil",
    paged=True,
    listed=False,
)
def demands(ctx: Context, words: MaybeWords) -> Reply:
    """Open demands, those of a blocked service first; or those that are sought (B29)."""
    return _of_a_side(ctx, Direction.DEMAND, "demandes", words)


@table.command(
    "offres",
    aliases={"en": ["offers"], "nl": ["aanbiedingen"], "de": ["angebote"]},
    who=Role.MEMBER,
    usage=_("offres [MOTS]"),
    summary=_("les offres ouvertes, ou celles que vous cherchez"),
    example="offres barrières",
    paged=True,
    listed=False,
)
def offers(ctx: Context, words: MaybeWords) -> Reply:
    """Open offers, or those that are sought."""
    return _of_a_side(ctx, Direction.OFFER, "offres", words)


def _of_a_side(ctx: Context, direction: Direction, name: str, words: str) -> Reply:
    """A list; what is too long to seek by is an announcement, and shown before it is sent."""
    if len(words.split()) > _MOST_SOUGHT:
        return draft(ctx, Told("", words, ctx.entry.id, direction))
    return _list(ctx, f"{name} {words}".strip())


_MOST_SOUGHT = 5
"""By how many words something is sought at most."""


def _list(ctx: Context, words: str) -> Reply:
    words, near = _placed(ctx, words)
    wanted = _Wanted(fold(words).split())
    found = sorted(filter(near, wanted.among(ctx)), key=pressing)
    if not found:
        raise _nothing(words)
    return reply(
        Bullets(tuple(_line(ctx, kept) for kept in found)),
        _(
            "Pour en lire une : `annonce NUMÉRO`. Pour répondre : `répondre A-NUMÉRO votre"
            " réponse`."
        ),
        title=_("Les annonces trouvées") if words else _("Les annonces ouvertes"),
    )


_WHERE = re.compile(
    r"(?:(?:de|dans) )?(?:l['’])?(?P<where>arrondissements? (?:de |d['’]|du |des ).+"
    r"|(?:(?:un )?rayon de|[àa] moins de) \d{1,3} ?(?:km|kilom[eè]tres?)\b.*)$",
    re.IGNORECASE,
)


_EVERY_TYPE = "communes, CPAS, zones de police"


def _placed(ctx: Context, words: str) -> tuple[str, Callable[[Announcement], bool]]:
    """Words without the place that they end with, and whether an announcement comes from there:
    « annonces chaises arrondissement de Virton », « offres rayon de 20 km ».
    """
    where = _WHERE.search(words)
    own = ctx.institution
    authority = ctx.platform.territory.authority(own.type, own.code)
    if where is None:
        return words, lambda _kept: True
    meant = meant_by(f"{_EVERY_TYPE} {where['where']}", authority, ctx.platform.territory)
    if meant is None or (meant.unclear and not meant.institutions):
        return words, lambda _kept: True
    there = {(one.type, one.code) for one in meant.institutions}

    def comes_from_there(kept: Announcement) -> bool:
        institution = kept.person.institution
        return (institution.type, institution.code) in there

    return words[: where.start()].strip(), comes_from_there


def _nothing(words: str) -> Refusal:
    if words:
        return Refusal(
            _(
                "Aucune annonce ne répond à « {words} ». Toutes celles qui sont ouvertes :"
                " `annonces`. Celles qui sont closes : `annonces closes`. Pour en déposer une :"
                " `demande …` ou `offre …`.",
                words=words[:60],
            )
        )
    return Refusal(_("Aucune annonce ouverte. Pour en déposer une : `demande …` ou `offre …`."))


def _line(desk: Desk, kept: Announcement) -> Text:
    """From whom, how big they are, how it stands, how urgent it is, when, and how it begins."""
    known = (
        headline(kept),
        size(desk, kept.person.institution),
        state_words(kept),
        urgency_of(kept),
        service_name(kept.service) if kept.service else None,
        period(kept.starts_on, kept.ends_on) if kept.starts_on else None,
        verbatim(f"« {shorten(kept.words, 60, placeholder=' …')} »"),
    )
    parts = {f"part{number}": words for number, words in enumerate(known) if words is not None}
    return Text(" · ".join(f"{{{name}}}" for name in parts), parts)


# -- what is sought ---------------------------------------------------------------------------

_SIDES = {
    Direction.DEMAND: {"demande", "demandes", "request", "requests", "vragen", "anfragen"},
    Direction.OFFER: {"offre", "offres", "offer", "offers", "aanbod", "aanbiedingen", "angebote"},
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
    "annonces",
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
    yield from (kept.words, kept.person.institution.name, plain(kinds.name_of(kept), "fr"))
    if kept.service:
        yield plain(service_name(kept.service), "fr")
    urgency = urgency_of(kept)
    if urgency is not None:
        yield plain(urgency, "fr")


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
    answers = answer_states.overview(ctx, kept)
    blocks = (*shown.blocks, Fields(tuple(rows)), *answers, *_conversation(ctx, kept))
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
