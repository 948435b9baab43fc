"""The register of a central's orders, as auditors want it, and the history of one order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers import order_acts, order_views, pricing, texts
from handlers.arguments import MaybeWords
from handlers.catalogue import read_central
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import Block, File, Paragraph, Refusal, Reply, Steps, reply
from handlers.reply import Table as Grid
from handlers.tabular import CSV, as_csv
from handlers.wording import Money, Text, Value, _, n_, plain, verbatim
from storage import order_steps, orders, purchasing
from storage.members import Person
from storage.order_states import Step
from storage.order_steps import OrderStep
from storage.orders import Order
from storage.purchasing import Central

table = Table()

SHOWN = 40
"""Up to how many orders are shown in the message itself; the file holds them all."""
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@table.command(
    "registre",
    aliases={
        "fr": [
            "exporter commandes",
            "exporter les commandes",
            "export commandes",
            "exporter registre",
            "exporter le registre",
        ],
        "en": ["order register"],
        "nl": ["bestelregister"],
        "de": ["bestellregister"],
    },
    who=Role.MANAGER,
    usage=_("registre [CENTRALE] [ANNÉE]"),
    summary=_("le registre des commandes d'une centrale"),
    example="registre Smart",
)
def register(ctx: Context, words: MaybeWords) -> Reply:
    """Every order of a central and year, by number, as a table and as a file; the only central that
    somebody manages need not be named.
    """
    managed = purchasing.manages(ctx.session, ctx.member)
    named = _YEAR.sub("", words).strip(" ,;")
    central = managed[0] if not named and len(managed) == 1 else _named(ctx, named, managed)
    if central not in managed:
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=central.name))
    told = _YEAR.search(words)
    year = int(told.group()) if told else ctx.today.year
    entered = orders.register(ctx.session, central, year)
    title = _("Registre {central} {year}", central=central.name, year=str(year))
    if not entered:
        return reply(_("Aucune commande en {year}.", year=str(year)), title=title)
    blocks: list[Block] = [
        Paragraph(
            n_(
                "**{count} commande** en {year}, du n° 1 au n° {last}, sans lacune, au {day}.",
                "**{count} commandes** en {year}, du n° 1 au n° {last}, sans lacune, au {day}.",
                len(entered),
                year=str(year),
                last=entered[-1].number or 0,
                day=ctx.today,
            )
            if is_whole(entered)
            else _("⚠️ Il manque des numéros dans ce registre : prévenez les administrateurs.")
        ),
        _grid(entered[:SHOWN]),
    ]
    if len(entered) > SHOWN:
        blocks.append(Paragraph(_("Les suivantes sont dans le fichier joint.")))
    name = f"registre-{central.slug}-{year}.csv"
    content = as_csv(_rows(entered, ctx.language))
    return reply(*blocks, title=title).with_files(File(name, CSV, content))


def is_whole(entered: Sequence[Order]) -> bool:
    """Whether the numbers of a year run from 1 without a gap."""
    return [one.number for one in entered] == list(range(1, len(entered) + 1))


def _grid(entered: Sequence[Order]) -> Grid:
    header = (_("N°"), _("Envoyée"), _("Acheteur"), _("Montant HTVA"), _("État"))
    rows = tuple(
        (
            verbatim(one.reference),
            verbatim(f"{one.sent_at:%d/%m/%Y}" if one.sent_at else ""),
            verbatim(one.institution.name),
            _("{amount}", amount=Money(_net(one), exact=True)),
            order_acts.state_label(one),
        )
        for one in entered
    )
    return Grid(header, rows, amounts=frozenset({3}))


def _net(order: Order) -> int:
    return order.contract.amount_cents if order.contract else pricing.total(order).net


def _rows(entered: Sequence[Order], language: str) -> Iterator[list[str]]:
    header = (
        _("N°"),
        _("Envoyée"),
        _("Acheteur"),
        _("Solutions"),
        _("Commandé HTVA"),
        _("Commandé TVAC"),
        _("État"),
        _("Attribuée"),
        _("Fournisseur"),
        _("Attribué HTVA"),
        _("Fin du contrat"),
    )
    yield [plain(name, language) for name in header]
    for one in entered:
        cost, contract = pricing.total(one), one.contract
        yield [
            one.reference,
            one.sent_at.date().isoformat() if one.sent_at else "",
            one.institution.name,
            " + ".join(f"{line.quantity} × {line.label}" for line in one.lines),
            _decimal(cost.net),
            _decimal(cost.gross),
            plain(order_acts.state_label(one), language),
            one.awarded_on.isoformat() if one.awarded_on else "",
            contract.supplier if contract else "",
            _decimal(contract.amount_cents) if contract else "",
            contract.ends_on.isoformat() if contract else "",
        ]


def _decimal(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


# -- one order --------------------------------------------------------------------------------

_STEPS = {
    Step.SEND: _("envoyée"),
    Step.DROP: _("abandonnée"),
    Step.SUSPEND: _("suspendue"),
    Step.RESUME: _("reprise"),
    Step.CANCEL: _("annulée"),
    Step.REINSTATE: _("rétablie"),
    Step.AWARD: _("attribuée"),
    Step.REVOKE: _("attribution retirée"),
    Step.RENEW: _("contrat prolongé"),
}


def _named(ctx: Context, named: str, managed: Sequence[Central]) -> Central:
    """The central that words name. Raises Refusal, also where none of several is named."""
    if named:
        central: Central = read_central(ctx, named)
        return central
    raise Refusal(
        _("De quelle centrale ? Par exemple `registre {name}`.", name=managed[0].name),
    )


@table.command(
    "historique commande",
    aliases={
        "fr": ["historique de la commande"],
        "en": ["order history"],
        "nl": ["geschiedenis bestelling"],
        "de": ["verlauf bestellung"],
    },
    usage=_("historique commande RÉFÉRENCE"),
    summary=_("tout ce qui est arrivé à une commande, et pourquoi"),
    example="historique commande SMART-2026-0001",
    listed=False,
)
def history(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Every step of an order, for its buyer and for who manages its central."""
    del words
    only_concerned(ctx, reference)
    return reply(
        Steps(tuple(map(_step, order_steps.history(ctx.session, reference)))),
        title=_("Historique de la commande {reference}", reference=reference.reference),
    )


@table.command(
    "copie commande",
    aliases={
        "fr": ["copie de la commande"],
        "en": ["order copy"],
        "nl": ["kopie bestelling"],
        "de": ["kopie bestellung"],
    },
    usage=_("copie commande RÉFÉRENCE"),
    summary=_("recevoir à nouveau le bon de commande, et celui que vous aviez joint"),
    example="copie commande SMART-2026-0001",
    listed=False,
)
def copy(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """The order form once more, and the buyer's own as it came (acceptance A16)."""
    del words
    only_concerned(ctx, reference)
    title = _("Bon de commande {reference}", reference=reference.reference)
    return reply(
        _("Voici le bon de commande **{reference}**.", reference=reference.reference),
        title=title,
    ).with_files(*order_views.files(ctx, reference))


def only_concerned(ctx: Context, order: Order) -> None:
    """Raises Refusal for whoever neither ordered it nor manages its central."""
    if ctx.person is None or not _concerns(ctx, ctx.person, order):
        raise Refusal(
            _(
                "Je ne trouve pas la commande « {words} » parmi celles que vous pouvez voir. Une"
                " commande n'est montrée qu'à l'institution qui l'a passée et à la personne qui"
                " gère la centrale : pour joindre celle-ci, `interlocuteur`.",
                words=order.reference,
            )
        )


def _concerns(ctx: Context, person: Person, order: Order) -> bool:
    mine = person.institution == order.institution
    return mine or order.central in purchasing.manages(ctx.session, person)


def _step(taken: OrderStep) -> Text:
    by = taken.person.institution if taken.person else None
    who = texts.the(by) if by else _("la plateforme")
    values: dict[str, Value] = {"what": _STEPS[Step(taken.step)], "instant": taken.at, "who": who}
    if taken.why:
        return _("**{what}** le {instant}, par {who} : {why}", why=taken.why, **values)
    return _("**{what}** le {instant}, par {who}", **values)
