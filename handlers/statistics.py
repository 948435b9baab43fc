"""Figures, each with the day for which it holds (acceptance A06 to A09, A19, A22, A24, B48)."""

from __future__ import annotations

import re
from datetime import date

from config.folding import fold
from handlers import texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.wording import Money, Percent, Text, _, n_, verbatim
from storage import members, orders, purchasing

table = Table()

TYPES = ("commune", "cpas", "zone_police", "zone_secours", "province")


@table.command(
    "statistiques",
    aliases={
        "fr": [
            "chiffres",
            "montant total des commandes",
            "coût moyen",
            "quel est le coût moyen",
            "combien coûte une solution en moyenne",
            "quelle part des communes",
            "quelle proportion des communes",
            "part des communes",
        ],
        "en": ["statistics"],
        "nl": ["statistieken"],
        "de": ["statistik"],
    },
    usage=_("statistiques [au DATE]"),
    summary=_("la plateforme et les centrales en chiffres"),
)
def statistics(ctx: Context, words: MaybeWords) -> Reply:
    """Members, adhesions and orders, today or at the end of an earlier day that is said."""
    day = as_of(ctx, words)
    counts = members.count_active(ctx.session, day)
    total = sum(counts.values())
    rows: list[tuple[Text, Text]] = [
        (_("Institutions inscrites"), _("{count}", count=total)),
    ]
    rows += [(texts.type_name(t), _("{count}", count=counts[t])) for t in TYPES if counts.get(t)]
    return reply(
        _lead(ctx, day, total),
        Fields(tuple(rows + _purchasing(ctx, day))),
        title=_("La plateforme en chiffres"),
    )


def _lead(ctx: Context, day: date, members_: int) -> Text:
    """The figure that was asked for, before all the others."""
    asked = fold(f"{ctx.incoming.subject} {ctx.incoming.text}")
    if re.search(r"\b(?:adher\w*|part|proportion|rejoint)\b", asked):
        joined = purchasing.count_adhesions(ctx.session, day, "commune")
        communes = ctx.platform.territory.denominator(day)
        return n_(
            "Au {day}, **{count} commune** sur {communes} ({share}) a adhéré à une centrale.",
            "Au {day}, **{count} communes** sur {communes} ({share}) ont adhéré à une centrale.",
            joined,
            day=day,
            communes=communes,
            share=Percent(joined, communes),
        )
    if re.search(r"\b(?:commandes?|commandees?|montant|notifiees?|cout|coute|moyenne)\b", asked):
        made = orders.totals(ctx.session, day)
        return n_(
            "Au {day}, **{count} commande** est notifiée, pour **{amount}** HTVA.",
            "Au {day}, **{count} commandes** sont notifiées, pour **{amount}** HTVA.",
            made.orders,
            day=day,
            amount=Money(made.cents),
        )
    return n_(
        "Au {day}, {count} institution est inscrite.",
        "Au {day}, {count} institutions sont inscrites.",
        members_,
        day=day,
    )


def as_of(ctx: Context, words: str) -> date:
    """The day that words name, today if they name none or a period that lasts (acceptance A06,
    A19). Raises Refusal for a day that does not exist, or is yet to come.
    """
    period = find_period(words, ctx.today, Lean.LAST)
    if period is None and (told := _DAY.search(words)):
        raise Refusal(
            _(
                "« {told} » n'est pas une date : écrivez par exemple « au {day} ».",
                told=told[1][:20],
                day=ctx.today,
            )
        )
    if period is None:
        return _end_of_year(ctx, words)
    if period.faults:
        raise Refusal(_("Cette date n'existe pas dans le calendrier."))
    if period.start is not None and period.start > ctx.today:
        raise Refusal(_("Le {day} n'est pas encore venu.", day=period.start))
    return min(period.end or period.start or ctx.today, ctx.today)


def _end_of_year(ctx: Context, words: str) -> date:
    """The last day of the year that words name, its first after « début »; today without one."""
    told = _IN_YEAR.search(fold(words))
    if told is None:
        return ctx.today
    year = int(told["year"] or told["alone"])
    if year > ctx.today.year:
        raise Refusal(_("L'année {year} n'a pas commencé.", year=str(year)))
    day = date(year, 1, 1) if told["part"] in _FIRST else date(year, 12, 31)
    return min(day, ctx.today)


_FIRST = frozenset({"debut", "begin", "anfang", "beginning of"})
_IN_YEAR = re.compile(
    r"\b(?:(?P<part>debut|begin|anfang|beginning of|fin|eind|ende|end of)|en|pour|pendant|durant"
    r"|annee|in|jaar|jahr|year|of)(?: (?:l )?(?:annee|het jaar|des jahres))?"
    r" (?P<year>(?:19|20)\d\d)\b|^(?P<alone>(?:19|20)\d\d)$"
)
_DAY = re.compile(r"\b(?:au|le|on|op|am|at)\s+(\d[\d/.-]*)", re.IGNORECASE)


def _purchasing(ctx: Context, day: date) -> list[tuple[Text, Text]]:
    joined = purchasing.count_adhesions(ctx.session, day, "commune")
    communes = ctx.platform.territory.denominator(day)
    share = _(
        "{joined} sur {communes} ({share})",
        joined=joined,
        communes=communes,
        share=Percent(joined, communes),
    )
    made = orders.totals(ctx.session, day)
    rows: list[tuple[Text, Text]] = [
        (_("Communes qui ont adhéré à une centrale"), share),
        (_("Commandes notifiées"), _("{count}", count=made.orders)),
        (_("Montant total"), _("{amount} HTVA", amount=Money(made.cents))),
    ]
    if made.orders:
        rows += [
            (_("Moyenne par commande"), _mean(made.cents, made.orders)),
            (
                _("Moyenne par solution commandée"),
                mean_about(made.cents, made.solutions),
            ),
        ]
    return rows


def _mean(cents: int, count: int) -> Text:
    return _("{amount} HTVA", amount=Money(_divided(cents, count)))


def mean_about(cents: int, count: int) -> Text:
    """A mean to the cent and, as one says it, to the thousand euros; over whole contracts (A24)."""
    exact = _divided(cents, count)
    rounded = (exact + _THOUSAND // 2) // _THOUSAND * _THOUSAND
    if rounded in {0, exact}:
        return _mean(cents, count)
    return _("{amount} HTVA, soit environ {about}", amount=Money(exact), about=Money(rounded))


_THOUSAND = 100_000
"""A thousand euros, in cents."""


def _divided(cents: int, count: int) -> int:
    return (2 * cents + count) // (2 * count)


@table.command(
    "bilan",
    aliases={
        "fr": ["bilan annuel", "rapport annuel"],
        "en": ["yearly report"],
        "nl": ["jaaroverzicht"],
        "de": ["jahresbilanz"],
    },
    usage=_("bilan [ANNÉE]"),
    summary=_("une année des centrales à côté de la précédente"),
    example="bilan",
)
def yearly(ctx: Context, words: MaybeWords) -> Reply:
    """What a year brought beside the one before, each to its end or to today (acceptance A08)."""
    told = re.search(r"\b(\d{4})\b", words)
    year = int(told[1]) if told else ctx.today.year
    if year < _FIRST_YEAR:
        raise Refusal(_("Je n'ai pas de chiffres de l'année {year}.", year=str(year)))
    if year > ctx.today.year:
        raise Refusal(_("L'année {year} n'a pas commencé.", year=str(year)))
    now, before = (in_year(ctx, one, ctx.today) for one in (year, year - 1))
    rows = tuple(
        (label, show(now[key]), show(before[key]), show(now[key] - before[key]))
        for key, label, show in (
            ("joined", _("Adhésions de communes"), _count),
            ("orders", _("Commandes notifiées"), _count),
            ("solutions", _("Solutions commandées"), _count),
            ("cents", _("Montant HTVA"), _euros),
        )
    )
    header = (verbatim(""), verbatim(str(year)), verbatim(str(year - 1)), _("Différence"))
    return reply(
        Grid(header, rows, amounts=frozenset({1, 2, 3})),
        _(
            "L'année {year} est comptée jusqu'au {day}.",
            year=str(year),
            day=min(date(year, 12, 31), ctx.today),
        ),
        title=_("Bilan {year}", year=str(year)),
    )


_FIRST_YEAR = 2000
"""Before it no central of purchasing notified anything by this way."""


def in_year(ctx: Context, year: int, day: date) -> dict[str, int]:
    """What came within a year, up to a day: the state at its end without that at its beginning."""
    eve, end = date(year - 1, 12, 31), min(date(year, 12, 31), day)
    first, last = orders.totals(ctx.session, eve), orders.totals(ctx.session, end)
    return {
        "joined": purchasing.count_adhesions(ctx.session, end, "commune")
        - purchasing.count_adhesions(ctx.session, eve, "commune"),
        "orders": last.orders - first.orders,
        "solutions": last.solutions - first.solutions,
        "cents": last.cents - first.cents,
    }


def _count(count: int) -> Text:
    return _("{count}", count=count)


def _euros(cents: int) -> Text:
    return _("{amount}", amount=Money(cents))


@table.intent(Intent.STATISTICS)
def statistics_asked(ctx: Context, understood: Understanding) -> Reply:
    """The figures, asked for in a letter."""
    del understood
    return statistics(ctx, MaybeWords(ctx.letter.text))
