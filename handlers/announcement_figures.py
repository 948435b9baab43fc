"""Demand against offer: per category, over time, and who helps whom (B31, B36, B37, B44).

What is counted is what was published in a year, as it stands now; the figures therefore agree with
the announcements that `annonces toutes` lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from handlers import pictures, texts
from handlers.announcement_acts import state_words
from handlers.announcement_words import category_name
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reply import Block, Fields, File, Heading, Paragraph, Reply, reply
from handlers.reply import Table as Grid
from handlers.tabular import CSV, as_csv
from handlers.wording import Month, Text, _, n_, plain
from storage import announcement_steps, announcements
from storage.announcement_states import Stage, Step
from storage.announcements import Announcement, Direction
from storage.members import Institution

table = Table()

CATEGORIES = ("staff", "equipment", "knowledge", "other")
_MATCHED = frozenset({Stage.AGREED, Stage.RUNNING, Stage.DONE})
_IN_VAIN = frozenset({Stage.UNMET, Stage.EXPIRED})
MOST_INSTITUTIONS = 60
"""Up to how many institutions are shown; the file holds them all."""


@table.command(
    "demandes et offres",
    aliases={
        "fr": ["bilan des annonces", "entraide"],
        "en": ["demands and offers"],
        "nl": ["vraag en aanbod"],
        "de": ["angebot und nachfrage"],
    },
    usage=_("demandes et offres [ANNÉE]"),
    summary=_("la demande face à l'offre, par catégorie et par mois, et votre propre bilan"),
    example="demandes et offres",
    helps=(Role.MEMBER, Role.ADMINISTRATOR),
    who=Role.ANYONE,
)
def figures(ctx: Context, words: MaybeWords) -> Reply:
    """A year's figures, in words, as a picture and as a file."""
    told = re.search(r"\b20\d{2}\b", words)
    year = int(told[0]) if told else ctx.today.year
    made = [kept for kept in announcements.of_year(ctx.session, year) if kept.published_at]
    title = _("Demandes et offres {year}", year=str(year))
    if not made:
        return reply(_("Aucune annonce en {year}.", year=str(year)), title=title)
    blocks = [
        Paragraph(_lead(made, year, ctx)),
        _by_category(made),
        *_first_answers(ctx, made),
        Heading(_("Mois par mois")),
        _by_month(ctx, made),
        *_balances(ctx, made),
    ]
    return reply(*blocks, title=title).with_files(
        chart(ctx, made, year),
        *_export(ctx, made, year),
    )


def _lead(made: Sequence[Announcement], year: int, ctx: Context) -> Text:
    sides = Counter(kept.direction for kept in made)
    return _(
        "En {year}, au {day} : {demands} et {offers}.",
        year=str(year),
        day=ctx.today,
        demands=n_("**{count} demande**", "**{count} demandes**", sides[Direction.DEMAND]),
        offers=n_("**{count} offre**", "**{count} offres**", sides[Direction.OFFER]),
    )


def _by_category(made: Sequence[Announcement]) -> Grid:
    header = (_("Catégorie"), _("Demandes"), _("Offres"), _("Accords"), _("Demandes sans suite"))
    rows = []
    for category in CATEGORIES:
        its = [kept for kept in made if kept.category == category]
        if not its:
            continue
        demands = [kept for kept in its if kept.direction == Direction.DEMAND]
        numbers = (
            len(demands),
            len(its) - len(demands),
            sum(kept.stage in _MATCHED for kept in its),
            sum(kept.stage in _IN_VAIN for kept in demands),
        )
        rows.append((category_name(category), *map(_count, numbers)))
    return Grid(header, tuple(rows), amounts=frozenset({1, 2, 3, 4}))


def _count(count: int) -> Text:
    return _("{count}", count=count)


# -- the first answer -------------------------------------------------------------------------


def _first_answers(ctx: Context, made: Sequence[Announcement]) -> list[Block]:
    """After how long the first answer of another institution came, as a median."""
    waits = sorted(_waits(ctx, made))
    if not waits:
        return [Paragraph(_("Aucune n'a encore reçu de réponse."))]
    return [
        Paragraph(
            _(
                "Première réponse : en {time} d'ordinaire (médiane) ; {count} sur {all} ont été"
                " répondues.",
                time=_duration(timedelta(seconds=median(one.total_seconds() for one in waits))),
                count=len(waits),
                all=len(made),
            )
        )
    ]


def _waits(ctx: Context, made: Sequence[Announcement]) -> Iterator[timedelta]:
    answered = announcement_steps.first_instants(ctx.session, Step.ANSWER)
    for kept in made:
        if kept.id in answered and kept.published_at:
            yield answered[kept.id] - kept.published_at


def _duration(time: timedelta) -> Text:
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return n_("{count} minute", "{count} minutes", max(minutes, 1))
    if minutes < 48 * 60:
        return n_("{count} heure", "{count} heures", minutes // 60)
    return n_("{count} jour", "{count} jours", minutes // (24 * 60))


# -- over time --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Month:
    number: int
    demands: int
    offers: int


def _months(desk: Desk, made: Sequence[Announcement]) -> list[_Month]:
    """Every month from the first to the last in which something was published."""
    zone = desk.platform.zone
    counts: Counter[tuple[int, str]] = Counter(
        (kept.published_at.astimezone(zone).month, kept.direction)
        for kept in made
        if kept.published_at
    )
    numbers = [number for number, _direction in counts]
    return [
        _Month(n, counts[n, Direction.DEMAND], counts[n, Direction.OFFER])
        for n in range(min(numbers), max(numbers) + 1)
    ]


def _name(month: _Month) -> Text:
    return _("{month}", month=Month(None, month.number))


def _by_month(desk: Desk, made: Sequence[Announcement]) -> Grid:
    rows = tuple(
        (_name(one), _count(one.demands), _count(one.offers)) for one in _months(desk, made)
    )
    return Grid((_("Mois"), _("Demandes"), _("Offres")), rows, amounts=frozenset({1, 2}))


def chart(ctx: Context, made: Sequence[Announcement], year: int) -> File:
    """The months as pairs of bars, demands beside offers."""
    months = _months(ctx, made)
    return pictures.pairs(
        [(plain(_name(one), ctx.language), one.demands, one.offers) for one in months],
        name=f"demandes-et-offres-{year}.png",
        language=ctx.language,
        title=_("Demandes et offres {year}", year=str(year)),
        legend=(_("Demandes"), _("Offres")),
        alt=_(
            "Demandes et offres de {year}, mois par mois : les mêmes nombres sont dans le tableau.",
            year=str(year),
        ),
    )


# -- given and taken --------------------------------------------------------------------------


@dataclass(slots=True)
class _Balance:
    """What an institution published, and how often it helped and was helped: an offer that others
    take up is help given, a demand that others answer is help received.
    """

    institution: Institution
    asked: int = 0
    offered: int = 0
    given: int = 0
    taken: int = 0


def balances(made: Sequence[Announcement]) -> list[_Balance]:
    """The balance of each institution that took part, by name; counted once per announcement and
    institution, from what was answered in the conversation.
    """
    found: dict[int, _Balance] = {}
    for kept in made:
        author = _of(found, kept.person.institution)
        demanded = kept.direction == Direction.DEMAND
        author.asked += demanded
        author.offered += not demanded
        others = {
            said.person.institution_id: said.person.institution
            for said in kept.contributions
            if said.person.institution_id != kept.person.institution_id
        }
        for other in others.values():
            giver, taker = (_of(found, other), author) if demanded else (author, _of(found, other))
            giver.given += 1
            taker.taken += 1
    return sorted(found.values(), key=lambda one: one.institution.name)


def _of(found: dict[int, _Balance], institution: Institution) -> _Balance:
    return found.setdefault(institution.id, _Balance(institution))


def _balances(ctx: Context, made: Sequence[Announcement]) -> list[Block]:
    """One's own balance; that of everybody for administrators."""
    every = balances(made)
    if Role.ADMINISTRATOR in ctx.roles:
        header = (_("Institution"), _("Demandes"), _("Offres"), _("Aide proposée"), _("Aide reçue"))
        rows = tuple(
            (
                texts.bare(one.institution),
                *map(_count, (one.asked, one.offered, one.given, one.taken)),
            )
            for one in every[:MOST_INSTITUTIONS]
        )
        grid = Grid(header, rows, amounts=frozenset({1, 2, 3, 4}))
        return [Heading(_("Par institution")), grid]
    if Role.MEMBER not in ctx.roles:
        return []
    own = next((one for one in every if one.institution.id == ctx.institution.id), None)
    if own is None:
        return []
    rows = (
        (_("Demandes"), _count(own.asked)),
        (_("Offres"), _count(own.offered)),
        (_("Aide proposée à d'autres"), _count(own.given)),
        (_("Aide proposée par d'autres"), _count(own.taken)),
    )
    return [Heading(_("Votre institution")), Fields(rows)]


# -- the file ---------------------------------------------------------------------------------


def _export(ctx: Context, made: Sequence[Announcement], year: int) -> list[File]:
    """Every announcement that was counted, for members and administrators: those who may see it."""
    if not ctx.roles & {Role.MEMBER, Role.ADMINISTRATOR}:
        return []
    administrator = Role.ADMINISTRATOR in ctx.roles
    shown = [kept for kept in made if administrator or kept.is_for(ctx.institution)]
    content = as_csv(_rows(ctx, shown))
    return [File(f"demandes-et-offres-{year}.csv", CSV, content)]


def _rows(ctx: Context, made: Sequence[Announcement]) -> Iterator[list[str]]:
    def say(text: Text) -> str:
        return plain(text, ctx.language)

    answered = announcement_steps.first_instants(ctx.session, Step.ANSWER)
    sides = {Direction.DEMAND: _("Demande"), Direction.OFFER: _("Offre")}
    names = ("N°", "Publiée", "Sens", "Catégorie", "Service", "Institution", "État")
    yield [*names, "Première réponse", "Réponses"]
    for kept in made:
        first = answered.get(kept.id)
        yield [
            kept.reference,
            f"{kept.published_at:%Y-%m-%d}",
            say(sides[Direction(kept.direction)]),
            say(category_name(kept.category)),
            kept.service,
            kept.person.institution.name,
            say(state_words(kept)),
            f"{first:%Y-%m-%d %H:%M}" if first else "",
            str(len(kept.contributions)),
        ]
