"""A map of the communes that joined a central, or that use a solution; public (acceptance A21)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from handlers import catalogue, pictures, statistics
from handlers.arguments import MaybeWords
from handlers.catalogue import named_solutions
from handlers.catalogue_uses import all_solutions
from handlers.command import Table
from handlers.context import Context
from handlers.reply import Ambiguous, Refusal, Reply, reply
from handlers.wording import Names, Percent, Text, _, n_, verbatim
from storage import orders, purchasing
from storage.members import Institution

table = Table()

_DAY = re.compile(r"(?:^|\s)(?:au|le|fin|en|op|am|on|at)\s+(?=.*\d).*$", re.IGNORECASE)
"""From « au 31/12/2019 » on: the day, which is read apart."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which communes a map colours (NIS codes of today's communes), and why."""

    marked: frozenset[str]
    title: Text
    legend: tuple[Text, Text]


@table.command(
    "carte",
    aliases={
        "fr": ["carte des communes", "la carte"],
        "en": ["map"],
        "nl": ["kaart"],
        "de": ["karte"],
    },
    usage=_("carte [CENTRALE ou SOLUTION] [au DATE]"),
    summary=_("la carte des communes qui ont adhéré, ou qui ont une solution"),
    example="carte Smart",
)
def show(ctx: Context, words: MaybeWords) -> Reply:
    """The territory with the communes that joined, or that use a solution, on a day."""
    day = statistics.as_of(ctx, words)
    shown = _shown(ctx, _DAY.sub("", words).strip(" ?.!,"), day)
    names = sorted(ctx.platform.territory.commune(nis).name_fr for nis in shown.marked)
    told = _counted(ctx, len(names), day)
    picture = pictures.territory_map(
        ctx.platform.territory,
        shown.marked,
        name=f"carte-{day.isoformat()}.png",
        language=ctx.language,
        title=shown.title,
        legend=shown.legend,
        alt=_alt(ctx, shown.title, names),
    )
    source = verbatim(ctx.platform.territory.attribution)
    return reply(told, source, title=shown.title).with_files(picture)


def _counted(ctx: Context, count: int, day: date) -> Text:
    communes = ctx.platform.territory.denominator(day)
    return n_(
        "**{count} commune** sur {communes} ({share}) au {day}.",
        "**{count} communes** sur {communes} ({share}) au {day}.",
        count,
        communes=communes,
        share=Percent(count, communes),
        day=day,
    )


def _alt(ctx: Context, title: Text, names: Sequence[str]) -> Text:
    """What the picture shows, for who does not see it."""
    label = Names(ctx.platform.territory.label)
    if not names:
        return _("Carte : {title}. Aucune commune de {label}.", title=title, label=label)
    return _(
        "Carte : {title}. En couleur : {names}.",
        title=title,
        names=", ".join(names),
    )


def _shown(ctx: Context, words: str, day: date) -> Shown:
    """What words ask for: nothing, a central, or a solution. Raises Refusal."""
    central = catalogue.find_central(purchasing.centrals(ctx.session), words) if words else None
    if central is not None:
        return _joined(
            ctx,
            [central],
            day,
            _("Communes qui ont adhéré à la centrale {name}, au {day}", name=central.name, day=day),
        )
    if not words:
        every = purchasing.centrals(ctx.session)
        title = _("Communes qui ont adhéré à une centrale d'achats, au {day}", day=day)
        return _joined(ctx, every, day, title)
    return _using(ctx, words, day)


def _joined(ctx: Context, centrals: Sequence[purchasing.Central], day: date, title: Text) -> Shown:
    joined = [
        one.institution
        for central in centrals
        for one in purchasing.adhesions(ctx.session, central, day)
    ]
    legend = (_("ont adhéré"), _("n'ont pas adhéré"))
    return Shown(_communes(ctx, joined), title, legend)


def _using(ctx: Context, words: str, day: date) -> Shown:
    found = named_solutions(all_solutions(ctx), words)
    if not found:
        raise Refusal(
            _(
                "Je ne trouve ni centrale ni solution « {words} » : écrivez `carte`, `carte"
                " Smart` ou `carte e-guichet`.",
                words=words[:60],
            )
        )
    if len(found) > 1:
        raise Ambiguous(
            _("« {words} » peut désigner plusieurs solutions ; laquelle ?", words=words[:60]),
            words,
            [(one.slug, verbatim(one.name)) for one in found],
        )
    users = orders.users_of(ctx.session, found[0], day)
    title = _("Communes qui utilisent « {name} », au {day}", name=found[0].name, day=day)
    legend = (_("utilisent cette solution"), _("ne l'utilisent pas"))
    return Shown(_communes(ctx, users), title, legend)


def _communes(ctx: Context, institutions: Iterable[Institution]) -> frozenset[str]:
    """Today's communes among institutions: what was one before a merger is within the new one."""
    territory = ctx.platform.territory
    return frozenset(
        territory.commune(one.code).nis for one in institutions if one.type == "commune"
    )
