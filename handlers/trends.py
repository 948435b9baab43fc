"""Figures beside one another: of each solution, of the years, of now and the last yearly report;
each with the day for which it holds (acceptance A08, A09).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers import pictures, statistics
from handlers.arguments import MaybeWords
from handlers.catalogue import named_solutions
from handlers.command import Table
from handlers.context import Context
from handlers.reply import Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.wording import Money, Percent, Text, _, verbatim
from storage import members, orders, purchasing

table = Table()


@table.command(
    "chiffres par solution",
    aliases={
        "fr": ["statistiques par solution", "commandes par solution"],
        "en": ["figures per solution"],
        "nl": ["cijfers per oplossing"],
        "de": ["zahlen je lösung"],
    },
    usage=_("chiffres par solution [SOLUTION] [au DATE]"),
    summary=_("ce qui est commandé de chaque solution"),
    listed=False,
)
def per_solution(ctx: Context, words: MaybeWords) -> Reply:
    """What was awarded of each solution: orders, pieces, amount, mean over the whole contract."""
    day = statistics.as_of(ctx, words)
    found = orders.per_solution(ctx.session, day)
    meant = named_solutions([one.solution for one in found], words) if words else []
    shown = [one for one in found if one.solution in meant] or found
    if not shown:
        raise Refusal(_("Aucune commande n'est notifiée au {day}.", day=day))
    rows = tuple(
        (
            verbatim(one.solution.name),
            _("{count}", count=one.orders),
            _("{count}", count=one.pieces),
            _("{amount}", amount=Money(one.cents)),
            _("{amount}", amount=Money(round(one.cents / one.orders))),
        )
        for one in shown
    )
    header = (
        _("Solution"),
        _("Commandes"),
        _("Pièces"),
        _("Montant HTVA"),
        _("Moyenne par commande"),
    )
    return reply(
        Grid(header, rows, amounts=frozenset({1, 2, 3, 4})),
        _("Commandes notifiées au {day}, sur toute la durée des contrats.", day=day),
        title=_("Chiffres par solution"),
    )


@table.command(
    "évolution",
    aliases={
        "fr": ["tendance", "évolution des commandes", "évolution des adhésions"],
        "en": ["trend"],
        "nl": ["evolutie"],
        "de": ["entwicklung"],
    },
    usage=_("évolution [au DATE]"),
    summary=_("les centrales d'année en année, avec un graphique"),
    listed=False,
)
def trend(ctx: Context, words: MaybeWords) -> Reply:
    """Adhesions, orders and amounts year by year, in a table and a chart."""
    day = statistics.as_of(ctx, words)
    years = orders.awarded_years(ctx.session, day)
    joined_in = purchasing.first_joined(ctx.session, day)
    if years is None and joined_in is None:
        raise Refusal(_("Il n'y a ni adhésion ni commande au {day}.", day=day))
    known = [*(years or ()), *((joined_in.year,) if joined_in else ())]
    span = range(min(known), day.year + 1)
    brought = {year: statistics.in_year(ctx, year, day) for year in span}
    rows = tuple(
        (
            verbatim(str(year)),
            _("{count}", count=one["joined"]),
            _("{count}", count=one["orders"]),
            _("{amount}", amount=Money(one["cents"])),
        )
        for year, one in brought.items()
    )
    header = (_("Année"), _("Communes adhérentes"), _("Commandes"), _("Montant HTVA"))
    told = ", ".join(f"{year} : {one['orders']}" for year, one in brought.items())
    chart = pictures.columns(
        [
            (str(year), one["orders"], _("{count}", count=one["orders"]))
            for year, one in brought.items()
        ],
        name=f"evolution-{day.isoformat()}.png",
        language=ctx.language,
        title=_("Commandes notifiées par année"),
        note=_("Au {day}.", day=day),
        alt=_("Graphique : commandes notifiées par année. {told}.", told=told),
    )
    return reply(
        Grid(header, rows, amounts=frozenset({1, 2, 3})),
        _("Au {day} ; la dernière année n'est comptée que jusque-là.", day=day),
        title=_("Évolution des centrales"),
    ).with_files(chart)


@table.command(
    "indicateurs",
    aliases={
        "fr": ["tableau de bord", "indicateurs d'adoption"],
        "en": ["indicators"],
        "nl": ["indicatoren"],
        "de": ["kennzahlen"],
    },
    usage=_("indicateurs [au DATE]"),
    summary=_("les chiffres clés et ce qui a changé depuis le dernier bilan"),
    listed=False,
)
def indicators(ctx: Context, words: MaybeWords) -> Reply:
    """The figures that a decision rests on, and their change since the last yearly report (A09)."""
    day = statistics.as_of(ctx, words)
    before = date(day.year - 1, 12, 31)
    now, then = _figures(ctx, day), _figures(ctx, before)
    rows = tuple(
        (label, show(now[key], day), show(then[key], before), change(now[key] - then[key]))
        for key, label, show, change in (
            ("members", _("Institutions inscrites"), _count, _more),
            ("joined", _("Communes qui ont adhéré"), _share_of(ctx), _more),
            ("orders", _("Commandes notifiées"), _count, _more),
            ("cents", _("Montant HTVA"), _euros, _more_euros),
            ("mean", _("Moyenne par commande"), _euros, _more_euros),
        )
    )
    header = (
        verbatim(""),
        _("au {day}", day=verbatim(f"{day:%d/%m/%Y}")),
        _("au {day}", day=verbatim(f"{before:%d/%m/%Y}")),
        _("Différence"),
    )
    return reply(
        Grid(header, rows, amounts=frozenset({1, 2, 3})),
        _(
            "Au {day}, à côté du dernier bilan, au {before}. En détail : `statistiques`, `bilan`,"
            " `évolution`, `carte`.",
            day=day,
            before=before,
        ),
        title=_("Indicateurs au {day}", day=day),
    )


def _figures(ctx: Context, day: date) -> dict[str, int]:
    made = orders.totals(ctx.session, day)
    return {
        "members": sum(members.count_active(ctx.session, day).values()),
        "joined": purchasing.count_adhesions(ctx.session, day, "commune"),
        "orders": made.orders,
        "cents": made.cents,
        "mean": round(made.cents / made.orders) if made.orders else 0,
    }


def _count(count: int, _day: date) -> Text:
    return _("{count}", count=count)


def _euros(cents: int, _day: date) -> Text:
    return _("{amount}", amount=Money(cents))


def _share_of(ctx: Context) -> Callable[[int, date], Text]:
    def show(count: int, day: date) -> Text:
        communes = ctx.platform.territory.denominator(day)
        return _("{count} ({share})", count=count, share=Percent(count, communes))

    return show


def _more(count: int) -> Text:
    return verbatim(f"{count:+d}") if count else _("{count}", count=0)


def _more_euros(cents: int) -> Text:
    return _("+{amount}", amount=Money(cents)) if cents > 0 else _euros(cents, date.min)
