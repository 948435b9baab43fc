"""Demand against offer: per category, over time, and who helps whom (B31, B36, B37, B44).

What is counted is what was published in a year, as it stands now; the figures therefore agree with
the announcements that `annonces toutes` lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median

from handlers import announcement_years, kinds, pictures, reciprocity
from handlers.announcement_acts import state_words
from handlers.announcement_tally import Tally
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reply import Block, File, Heading, Paragraph, Reply, reply
from handlers.reply import Table as Grid
from handlers.tabular import CSV, as_csv
from handlers.wording import Month, Text, _, n_, plain
from storage import announcement_steps, announcements
from storage.announcement_states import Step
from storage.announcements import Announcement, Direction

table = Table()


@table.command(
    "demandes et offres",
    aliases={
        "fr": [
            "bilan des annonces",
            "demandes par mois",
            "offres par mois",
            "annonces par mois",
            "entraide",
            "exporter annonces",
            "exporter les annonces",
            "export des annonces",
        ],
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
    made = [kept for kept in announcements.published_in(ctx.session, year) if kept.published_at]
    title = _("Demandes et offres {year}", year=str(year))
    if not made:
        return reply(_("Aucune annonce en {year}.", year=str(year)), title=title)
    blocks = [
        Paragraph(_lead(made, year, ctx)),
        _by_category(made),
        *_first_answers(ctx, made),
        Heading(_("Mois par mois")),
        _by_month(ctx, made),
        *announcement_years.over_years(ctx),
        *_balances(ctx, made, year),
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
    for key in kinds.in_order(map(kinds.key_of, made)):
        its = [kept for kept in made if kinds.key_of(kept) == key]
        rows.append((kinds.name_of(its[-1]), *Tally.of(its).cells))
    return Grid(header, tuple(rows), amounts=frozenset({1, 2, 3, 4}))


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


def _months(desk: Desk, made: Sequence[Announcement]) -> dict[int, Tally]:
    """Every month (1 to 12) from the first to the last in which something was published."""
    zone = desk.platform.zone
    counted: dict[int, list[Announcement]] = {}
    for kept in made:
        if kept.published_at:
            counted.setdefault(kept.published_at.astimezone(zone).month, []).append(kept)
    return {n: Tally.of(counted.get(n, ())) for n in range(min(counted), max(counted) + 1)}


def _name(month: int) -> Text:
    return _("{month}", month=Month(None, month))


def _by_month(desk: Desk, made: Sequence[Announcement]) -> Grid:
    header = (_("Mois"), _("Demandes"), _("Offres"), _("Accords"), _("Demandes sans suite"))
    rows = tuple((_name(month), *one.cells) for month, one in _months(desk, made).items())
    return Grid(header, rows, amounts=frozenset({1, 2, 3, 4}))


def chart(ctx: Context, made: Sequence[Announcement], year: int) -> File:
    """The months as pairs of bars, demands beside offers."""
    months = _months(ctx, made)
    return pictures.pairs(
        [(plain(_name(n), ctx.language), one.demands, one.offers) for n, one in months.items()],
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


def _balances(ctx: Context, made: Sequence[Announcement], year: int) -> list[Block]:
    """One's own balance; that of everybody for administrators."""
    every = reciprocity.balances(made, reciprocity.agreed_in(ctx, year))
    if Role.ADMINISTRATOR in ctx.roles:
        return reciprocity.of_everybody(ctx, every)
    mine = reciprocity.own(every, ctx.institution) if Role.MEMBER in ctx.roles else None
    if mine is None:
        return []
    return [Heading(_("Votre institution")), *reciprocity.of_one(ctx, mine)]


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
            say(kinds.name_of(kept)),
            kept.service,
            kept.person.institution.name,
            say(state_words(kept)),
            f"{first:%Y-%m-%d %H:%M}" if first else "",
            str(len(kept.contributions)),
        ]
