"""The purchasing centrals: who runs them, what they say of themselves, who joined; public
(acceptance A01, A04, A18, B16, B17).
"""

from __future__ import annotations

from datetime import timedelta

from config.folding import fold
from handlers import articles, catalogue, order_clock
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.reply import Bullets, Fields, Heading, Reply, reply
from handlers.wording import Text, _, n_, since, verbatim
from storage import caps, dossiers, purchasing
from storage.purchasing import Central

table = Table()

ONE_DAY = timedelta(days=1)


@table.command(
    "centrales",
    aliases={"en": ["centrals"], "nl": ["aankoopcentrales"], "de": ["zentralen"]},
    usage=_("centrales"),
    summary=_("les centrales d'achats et qui les gère"),
)
def centrals(ctx: Context) -> Reply:
    """Every central with its contracting authority (acceptance B16)."""
    items = tuple(
        _(
            "**{name}** : pouvoir adjudicateur {authority}, gérée par {operator}",
            name=central.name,
            authority=central.contracting_authority,
            operator=articles.the(central.operator),
        )
        for central in sorted(purchasing.centrals(ctx.session), key=lambda one: fold(one.name))
    )
    return reply(
        Bullets(items),
        _("Pour en voir une : `centrale NOM`, par exemple `centrale Smart`."),
        title=_("Les centrales d'achats"),
    )


@table.command(
    "centrale",
    aliases={
        "fr": ["qui gère la centrale"],
        "en": ["central"],
        "nl": ["aankoopcentrale"],
        "de": ["zentrale"],
    },
    usage=_("centrale NOM"),
    summary=_("une centrale : présentation, délais, contact"),
    example="centrale Smart",
)
def central_sheet(ctx: Context, central: Central) -> Reply:
    """One central: who operates it, since when, its words about itself (acceptance A01, A04)."""
    rows: list[tuple[Text, Text]] = [
        (_("Gérée par"), verbatim(central.operator)),
        (_("Pouvoir adjudicateur"), verbatim(central.contracting_authority)),
    ]
    if central.launched:
        rows.append((_("Lancée"), since(central.launched)))
    if central.version:
        rows.append((_("Version"), verbatim(central.version)))
    if central.legal_basis:
        rows.append((_("Base légale"), verbatim(central.legal_basis)))
    if central.beneficiaries:
        rows.append((_("Pour"), verbatim(central.beneficiaries)))
    rows += _delays(ctx, central)
    if not central.is_open(ctx.today):
        rows.append((_("Fermée"), _("depuis le {day}", day=central.closes_on or "")))
    elif central.closes_on is not None:
        rows.append((_("Ouverte"), _("jusqu'au {day}", day=central.closes_on - ONE_DAY)))
    else:
        rows.append((_("Ouverte"), _("oui")))
    if central.successor is not None:
        rows.append((_("Prend la suite"), verbatim(central.successor.name)))
    members = len(purchasing.adhesions(ctx.session, central, ctx.today))
    rows.append((_("Adhésions"), _("{count}, au {day}", count=members, day=ctx.today)))
    if central.contact_name:
        rows.append((_("Contact"), _contact(central)))
    return reply(
        Heading(_("Centrale {name}", name=central.name)),
        verbatim(central.presentation),
        Fields(tuple(rows)),
        *_more(ctx, central),
        title=_("Centrale {name}", name=central.name),
    )


@table.command(
    "délais",
    aliases={
        "fr": ["délais d'attribution", "durée des marchés"],
        "en": ["delays"],
        "nl": ["termijnen"],
        "de": ["fristen"],
    },
    usage=_("délais"),
    summary=_("quand chaque centrale attribue, et pour combien d'années"),
    listed=False,
)
def delays(ctx: Context) -> Reply:
    """When each central awards, and how long its contracts last (acceptance A15)."""
    blocks: list[Heading | Fields] = []
    for central in sorted(purchasing.centrals(ctx.session), key=lambda one: fold(one.name)):
        blocks += [Heading(verbatim(central.name)), Fields(tuple(_delays(ctx, central)))]
    return reply(*blocks, title=_("Les délais des centrales d'achats"))


def _delays(ctx: Context, central: Central) -> list[tuple[Text, Text]]:
    years = order_clock.years_of(ctx, central)
    return [
        (_("Attribution"), order_clock.delay(ctx, central)),
        (_("Durée du marché"), n_("{count} an", "{count} ans", years)),
    ]


@table.command(
    "interlocuteur",
    aliases={
        "fr": ["interlocutrice", "contact centrale", "contact de la centrale"],
        "en": ["central contact"],
        "nl": ["aanspreekpunt"],
        "de": ["kontakt zentrale"],
    },
    usage=_("interlocuteur CENTRALE"),
    summary=_("la personne de contact d'une centrale"),
    example="interlocuteur Smart",
    listed=False,
)
def contact_of(ctx: Context, words: MaybeWords) -> Reply:
    """Who answers for a central, or for each of them (acceptance A40, A41)."""
    chosen = [catalogue.read_central(ctx, words)] if words else purchasing.centrals(ctx.session)
    rows = tuple((verbatim(central.name), _contact(central)) for central in chosen)
    return reply(Fields(rows), title=_("Contact"))


@table.command(
    "adhésions",
    aliases={
        "fr": [
            "communes adhérentes",
            "liste des communes",
            "quelles communes ont adhéré",
            "qui a adhéré",
        ],
        "en": ["who joined"],
        "nl": ["toetredingen"],
        "de": ["beitritte"],
    },
    usage=_("adhésions [CENTRALE]"),
    summary=_("qui a adhéré à une centrale d'achats"),
    example="adhésions Smart",
    paged=True,
    listed=False,
)
def joined(ctx: Context, words: MaybeWords) -> Reply:
    """Who joined, by name, accents aside, for anyone (acceptance A18)."""
    every = purchasing.centrals(ctx.session)
    named = catalogue.find_central(every, words) if words else None
    blocks: list[Heading | Bullets | Text] = []
    for central in [named] if named else every:
        blocks.append(_adherents(ctx, central))
        found = purchasing.adhesions(ctx.session, central, ctx.today)
        names = sorted((one.institution.name for one in found), key=catalogue.by_place)
        if names:
            blocks.append(Bullets(tuple(map(verbatim, names))))
    return reply(*blocks, title=_("Adhésions aux centrales d'achats"))


@table.command(
    "communes non adhérentes",
    aliases={"en": ["who did not join"], "nl": ["nog niet toegetreden"], "de": ["ohne beitritt"]},
    usage=_("communes non adhérentes [CENTRALE]"),
    summary=_("les communes qui n'ont pas encore adhéré à une centrale"),
    example="communes non adhérentes Smart",
    paged=True,
    listed=False,
)
def not_joined(ctx: Context, words: MaybeWords) -> Reply:
    """The communes of the territory that did not join, which the map shows as well (A18, A35)."""
    every = purchasing.centrals(ctx.session)
    named = catalogue.find_central(every, words) if words else None
    blocks: list[Heading | Bullets | Text] = []
    for central in [named] if named else every:
        found = purchasing.adhesions(ctx.session, central, ctx.today)
        joined_ = {x.institution.code for x in found if x.institution.type == "commune"}
        communes = ctx.platform.territory.communes
        names = sorted(
            (x.name_fr for x in communes if x.nis not in joined_), key=catalogue.by_place
        )
        blocks.append(
            n_(
                "Centrale **{central}** : {count} commune n'a pas encore adhéré au {day}.",
                "Centrale **{central}** : {count} communes n'ont pas encore adhéré au {day}.",
                len(names),
                central=central.name,
                day=ctx.today,
            )
        )
        if names:
            blocks.append(Bullets(tuple(map(verbatim, names))))
    return reply(*blocks, title=_("Communes non adhérentes"))


def _adherents(ctx: Context, central: Central) -> Text:
    count = len(purchasing.adhesions(ctx.session, central, ctx.today))
    return n_(
        "Centrale **{central}** : {count} adhésion au {day}.",
        "Centrale **{central}** : {count} adhésions au {day}.",
        count,
        central=central.name,
        day=ctx.today,
    )


def _more(ctx: Context, central: Central) -> list[Text]:
    """Where to read on: what the central publishes, and what it allows."""
    told: list[Text] = []
    documents = {one.name for one in dossiers.current(ctx.session, central)}
    if documents:
        told.append(
            _(
                "Documents : {names} (`documents {name}`).",
                names=", ".join(sorted(documents)),
                name=central.name,
            )
        )
    if any(cap.institution is None for cap in caps.of_central(ctx.session, central)):
        told.append(_("Plafonds : `plafonds {name}`.", name=central.name))
    return told


def _contact(central: Central) -> Text:
    if not central.contact_name:
        return verbatim(central.operator)
    # On public pages an address is shown so that machines do not harvest it (acceptance A41).
    return _(
        "{name}, {function}, {address}",
        name=central.contact_name,
        function=central.contact_function,
        address=central.contact_address.replace("@", "(at)"),
    )
