"""Figures, each with the day for which it holds (acceptance A06 to A09, A19, A22, A24, B48)."""

from __future__ import annotations

from handlers import texts
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.reply import Fields, Reply, reply
from handlers.wording import Money, Percent, Text, _, n_
from storage import members, orders, purchasing

table = Table()

TYPES = ("commune", "cpas", "zone_police", "zone_secours", "province")


@table.command(
    "statistiques",
    aliases={"fr": ["chiffres"], "en": ["statistics"], "nl": ["statistieken"], "de": ["statistik"]},
    usage=_("statistiques"),
    summary=_("la plateforme et les centrales en chiffres"),
)
def statistics(ctx: Context) -> Reply:
    """Members, adhesions and orders today."""
    day = ctx.today
    counts = members.count_active(ctx.session, day)
    total = sum(counts.values())
    rows: list[tuple[Text, Text]] = [
        (_("Institutions inscrites"), _("{count}", count=total)),
    ]
    rows += [(texts.type_name(t), _("{count}", count=counts[t])) for t in TYPES if counts.get(t)]
    return reply(
        n_(
            "Au {day}, {count} institution est inscrite.",
            "Au {day}, {count} institutions sont inscrites.",
            total,
            day=day,
        ),
        Fields(tuple(rows + _purchasing(ctx))),
        title=_("La plateforme en chiffres"),
    )


def _purchasing(ctx: Context) -> list[tuple[Text, Text]]:
    day = ctx.today
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
            (_("Moyenne par solution commandée"), _mean(made.cents, made.solutions)),
        ]
    return rows


def _mean(cents: int, count: int) -> Text:
    return _("{amount} HTVA", amount=Money((2 * cents + count) // (2 * count)))


@table.intent(Intent.STATISTICS)
def statistics_asked(ctx: Context, understood: Understanding) -> Reply:
    """The figures, asked for in a letter."""
    del understood
    return statistics(ctx)
