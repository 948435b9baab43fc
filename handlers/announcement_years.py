"""Demand against offer from year to year: a table, a chart, a file (acceptance B36, B37)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handlers import kinds, pictures
from handlers.announcement_tally import Tally
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import Block, File, Heading, Paragraph, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.tabular import CSV, as_csv
from handlers.wording import Text, _, plain, verbatim
from storage import announcements
from storage.announcements import Announcement

table = Table()

Years = Mapping[int, Sequence[Announcement]]
"""What was published in each year, those between without any included."""


@table.command(
    "demandes et offres par année",
    aliases={
        "fr": ["évolution des annonces", "évolution des demandes", "annonces par année"],
        "en": ["demands and offers per year"],
        "nl": ["vraag en aanbod per jaar"],
        "de": ["angebot und nachfrage je jahr"],
    },
    who=Role.ANYONE,
    helps=(Role.MEMBER, Role.ADMINISTRATOR),
    usage=_("demandes et offres par année"),
    summary=_("la demande face à l'offre d'année en année, avec un graphique"),
    example="demandes et offres par année",
    listed=False,
)
def series(ctx: Context) -> Reply:
    """Every year's demands and offers, as text, as a picture and as a file."""
    years = _years(ctx)
    if not years:
        raise Refusal(_("Aucune annonce n'a encore été publiée."))
    first, last = min(years), max(years)
    return reply(
        _grid(years),
        _last_year(ctx),
        title=_("Demandes et offres, de {first} à {last}", first=str(first), last=str(last)),
    ).with_files(_chart(ctx, years), File(_NAME, CSV, as_csv(_rows(ctx, years))))


_NAME = "demandes-et-offres-par-annee.csv"


def over_years(ctx: Context) -> list[Block]:
    """The same table beside the figures of one year, if there is more than one."""
    years = _years(ctx)
    if len(years) < 2:
        return []
    return [Heading(_("D'année en année")), _grid(years)]


def _years(ctx: Context) -> Years:
    made = announcements.published_in(ctx.session)
    known = [kept.year for kept in made if kept.year is not None]
    if not known:
        return {}
    return {
        year: [kept for kept in made if kept.year == year]
        for year in range(min(known), max(*known, ctx.today.year) + 1)
    }


def _grid(years: Years) -> Grid:
    header = (_("Année"), _("Demandes"), _("Offres"), _("Accords"), _("Demandes sans suite"))
    rows = tuple((verbatim(str(year)), *Tally.of(made).cells) for year, made in years.items())
    return Grid(header, rows, amounts=frozenset({1, 2, 3, 4}))


def _last_year(ctx: Context) -> Paragraph:
    return Paragraph(
        _(
            "Au {day} ; l'année en cours n'est comptée que jusque-là. Une année en détail :"
            " `demandes et offres {year}`.",
            day=ctx.today,
            year=str(ctx.today.year),
        )
    )


def _chart(ctx: Context, years: Years) -> File:
    counts = [(str(year), Tally.of(made)) for year, made in years.items()]
    return pictures.pairs(
        [(year, one.demands, one.offers) for year, one in counts],
        name="demandes-et-offres-par-annee.png",
        language=ctx.language,
        title=_("Demandes et offres par année"),
        legend=(_("Demandes"), _("Offres")),
        alt=_("Demandes et offres, année par année : les mêmes nombres sont dans le tableau."),
    )


def _rows(ctx: Context, years: Years) -> Iterator[list[str]]:
    """By year and category; the sums are the lines of the table."""

    def say(text: Text) -> str:
        return plain(text, ctx.language)

    yield ["Année", "Catégorie", "Demandes", "Offres", "Accords", "Demandes sans suite"]
    for year, made in years.items():
        for key in kinds.in_order(map(kinds.key_of, made)):
            its = [kept for kept in made if kinds.key_of(kept) == key]
            name = say(kinds.name_of(its[-1]))
            yield [str(year), name, *map(str, Tally.of(its).numbers)]
