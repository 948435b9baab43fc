"""How many people live where, and since when things are there: facts for everybody (acceptance A32,
A33, B04). They come from the territory's data and from the settings; nothing that somebody writes
changes them.
"""

from __future__ import annotations

import re

from config.authorities import Commune
from handlers import catalogue
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.wording import Names, Text, _, since
from storage import purchasing

table = Table()

SHOWN = 5
"""How many communes stand behind the first one."""


@table.command(
    "commune la moins peuplée",
    aliases={
        "fr": [
            "quelle est la commune la moins peuplée",
            "la commune la moins peuplée",
            "plus petite commune",
            "quelle est la plus petite commune",
        ],
        "en": ["smallest municipality"],
        "nl": ["kleinste gemeente"],
        "de": ["kleinste gemeinde"],
    },
    usage=_("commune la moins peuplée"),
    summary=_("la commune du territoire qui a le moins d'habitants"),
    listed=False,
)
def smallest(ctx: Context, words: MaybeWords) -> Reply:
    """The communes of this territory with the fewest people (acceptance A32)."""
    del words
    return _ranked(ctx, largest_first=False)


@table.command(
    "commune la plus peuplée",
    aliases={
        "fr": [
            "quelle est la commune la plus peuplée",
            "la commune la plus peuplée",
            "plus grande commune",
            "quelle est la plus grande commune",
        ],
        "en": ["largest municipality"],
        "nl": ["grootste gemeente"],
        "de": ["größte gemeinde"],
    },
    usage=_("commune la plus peuplée"),
    summary=_("la commune du territoire qui a le plus d'habitants"),
    listed=False,
)
def largest(ctx: Context, words: MaybeWords) -> Reply:
    """The communes of this territory with the most people."""
    del words
    return _ranked(ctx, largest_first=True)


def _ranked(ctx: Context, *, largest_first: bool) -> Reply:
    territory = ctx.platform.territory
    ranked = sorted(territory.communes, key=lambda one: one.population, reverse=largest_first)
    first, *others = [one for one in ranked if one.population]
    what = _("la plus peuplée") if largest_first else _("la moins peuplée")
    lead = _(
        "**{name}** est la commune {what} parmi les {count} de {label} :",
        name=first.name_fr,
        what=what,
        count=len(territory.communes),
        label=Names(territory.label),
    )
    return reply(
        lead,
        people(ctx, first),
        _("Puis :"),
        Bullets(tuple(_line(one) for one in others[:SHOWN])),
        title=_("Population des communes"),
    )


def _line(one: Commune) -> Text:
    return _("{name} : {count} habitants", name=one.name_fr, count=one.population)


def people(ctx: Context, one: Commune) -> Text:
    """How many live in a commune, with the day and the source (acceptance A33)."""
    return _(
        "{count} habitants au {day} ({source})",
        count=one.population,
        day=ctx.platform.territory.population_date,
        source=ctx.platform.territory.population_source,
    )


@table.command(
    "population",
    aliases={
        "fr": ["combien d'habitants", "nombre d'habitants"],
        "en": ["inhabitants"],
        "nl": ["bevolking"],
        "de": ["einwohner"],
    },
    usage=_("population COMMUNE"),
    summary=_("le nombre d'habitants d'une commune"),
    example="population Daverdisse",
    listed=False,
)
def population(ctx: Context, words: Words) -> Reply:
    """How many people live in a commune."""
    named = _IN.sub("", words).strip(" ?.!")
    found = ctx.platform.territory.find(named)
    codes = {nis for match in found[:1] for nis in match.authority.communes_nis}
    if len(codes) != 1:
        raise Refusal(
            _("De quelle commune ? Écrivez par exemple `population {name}`.", name="Daverdisse")
        )
    one = ctx.platform.territory.commune(codes.pop())
    return reply(
        _("**{name}** : {people}.", name=one.name_fr, people=people(ctx, one)),
        title=_("Population : {name}", name=one.name_fr),
    )


_IN = re.compile(
    r"^(?:y a-t-il |compte |a |habitent )?(?:à |dans |en |de |d'|pour )?(?:la |l')?"
    r"(?:commune de )?",
    re.IGNORECASE,
)


@table.command(
    "depuis quand",
    aliases={
        "fr": ["date de lancement", "quand a été lancée"],
        "en": ["since when"],
        "nl": ["sinds wanneer"],
        "de": ["seit wann"],
    },
    usage=_("depuis quand [CENTRALE]"),
    summary=_("depuis quand existe la plateforme, ou une centrale"),
    example="depuis quand Smart",
    listed=False,
)
def launched(ctx: Context, words: MaybeWords) -> Reply:
    """Since when the platform or a central is there, as precise as it is known (acceptance B04)."""
    central = catalogue.find_central(purchasing.centrals(ctx.session), words) if words else None
    name = central.name if central else ctx.platform.settings.platform.name
    day = central.launched if central else ctx.platform.settings.platform.launched
    if not day:
        raise Refusal(
            _("La date de lancement de **{name}** n'est pas connue ici.", name=name),
            _("Pour demander à une personne : écrivez votre question en une phrase."),
        )
    return reply(_("**{name}** a été lancée {since}.", name=name, since=since(day)))
