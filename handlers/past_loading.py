"""Bringing in what a central knows of before the platform: adhesions and awarded orders.

A file is first rehearsed: what it would add is shown with the figures that would follow, and done
when confirmed. The same file again adds nothing (acceptance B49).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from config.authorities import Authority
from config.folding import fold
from handlers import catalogue, contract_ends, order_acts, past_files, tabular
from handlers.arguments import Words
from handlers.catalogue_changes import the_file, to_correct
from handlers.command import Table
from handlers.context import Context
from handlers.past_files import Past, PastAdhesion, PastOrder
from handlers.policy import Role, contract_end
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.request import Topic
from handlers.tables import Line
from handlers.texts import confirm_or_cancel
from handlers.wording import Money, Text, _, n_
from storage import members, order_steps, orders, purchasing
from storage.conversations import Question
from storage.members import Institution, Person, Standing
from storage.order_states import Step
from storage.orders import Contract, Order, OrderLine
from storage.purchasing import Adhesion, Central, LocalName, Solution

table = Table()

IMPORT = "past-import"
ADHESIONS, ORDERS = "adhesions", "orders"
_COLUMNS = {
    ADHESIONS: (past_files.JOINED, past_files.JOINED_NEEDED),
    ORDERS: (past_files.ORDERED, past_files.ORDERED_NEEDED),
}


@dataclass(frozen=True, slots=True)
class Added:
    """What a file adds to what is known: the rest was there before."""

    adhesions: Sequence[PastAdhesion]
    orders: Sequence[PastOrder]

    @property
    def cents(self) -> int:
        """For how many cents the new orders were awarded."""
        return sum(order.cents for order in self.orders)


@table.command(
    "importer adhésions",
    aliases={
        "fr": ["importer les adhésions"],
        "en": ["import adhesions"],
        "nl": ["toetredingen importeren"],
        "de": ["beitritte importieren"],
    },
    who=Role.MANAGER,
    usage=_("importer adhésions CENTRALE, avec le fichier joint (CSV, XLSX ou YAML)"),
    summary=_("reprendre les adhésions d'avant la plateforme"),
    example="importer adhésions Smart",
    listed=False,
)
def import_adhesions(ctx: Context, words: Words) -> Reply:
    """Read who joined before, and show what it would add."""
    return _shown(ctx, catalogue.read_central(ctx, words), ADHESIONS)


@table.command(
    "importer commandes",
    aliases={
        "fr": ["importer les commandes"],
        "en": ["import orders"],
        "nl": ["bestellingen importeren"],
        "de": ["bestellungen importieren"],
    },
    who=Role.MANAGER,
    usage=_("importer commandes CENTRALE, avec le fichier joint (CSV, XLSX ou YAML)"),
    summary=_("reprendre les commandes attribuées avant la plateforme"),
    example="importer commandes Smart",
    listed=False,
)
def import_orders(ctx: Context, words: Words) -> Reply:
    """Read what was awarded before, and show what it would add."""
    return _shown(ctx, catalogue.read_central(ctx, words), ORDERS)


def _shown(ctx: Context, central: Central, what: str) -> Reply:
    if central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=central.name))
    lines = _lines(ctx, what)
    added = _rehearsed(ctx, central, _past(ctx, central, what, lines))
    if not added.adhesions and not added.orders:
        return reply(_("Ce fichier n'ajoute rien : tout y est déjà."))
    question = ctx.ask(IMPORT, Topic("central", central.id), what=what, lines=lines)
    return reply(
        _told(added, central),
        Bullets(tuple(_examples(added))),
        *_doubts(ctx, central, added),
        _("Rien n'est encore changé. Ce qui est déjà connu n'est pas repris une seconde fois."),
        confirm_or_cancel(_("tout est repris"), _("rien ne change")),
        title=_("Votre fichier attend votre accord"),
    ).about(f"question:{question.id}")


def _lines(ctx: Context, what: str) -> list[Line]:
    file = the_file(ctx)
    known, needed = _COLUMNS[what]
    if file is None:
        raise Refusal(
            _(
                "Je ne vois pas de fichier CSV, XLSX ou YAML : joignez-le à ce message. Ses"
                " colonnes : {names}.",
                names=" ; ".join(known),
            )
        )
    found = tabular.read(file, known, needed)
    if found.faults:
        raise to_correct(found.faults)
    return found.lines


def _past(ctx: Context, central: Central, what: str, lines: Sequence[Line]) -> Past:
    """What lines say. Raises Refusal with everything that is wrong in them."""

    def authority(words: str) -> Authority | None:
        found = ctx.platform.territory.find(words)
        alone = len(found) == 1 or (found and found[0].score > found[1].score)
        return found[0].authority if alone else None

    def solution(words: str) -> Solution | None:
        found = catalogue.search(central.solutions, words)
        return found[0] if len(found) == 1 else None

    if what == ADHESIONS:
        past = past_files.read_adhesions(lines, authority, ctx.today)
    else:
        past = past_files.read_orders(lines, authority, solution, ctx.today)
    if past.faults or not (past.adhesions or past.orders):
        raise to_correct(past.faults or [_("le fichier ne contient aucune ligne")])
    return past


def _doubts(ctx: Context, central: Central, added: Added) -> list[Text]:
    """What may be a slip in orders of before: who never joined, suppliers that are none."""
    told: list[Text] = []
    strangers = {
        order.authority.name: None
        for order in added.orders
        if not _ever_joined(ctx, central, order.authority)
    }
    if strangers:
        told.append(
            _(
                "⚠️ Sans adhésion connue à la centrale {central} : {names}.",
                central=central.name,
                names=", ".join(strangers),
            )
        )
    suppliers = {fold(one.supplier) for one in central.solutions}
    unknown = {
        order.supplier: None
        for order in added.orders
        if order.supplier and fold(order.supplier) not in suppliers
    }
    if unknown:
        told.append(
            _(
                "⚠️ Fournisseurs qui ne sont pas au catalogue de la centrale : {names}.",
                names=", ".join(unknown),
            )
        )
    return told


def _ever_joined(ctx: Context, central: Central, authority: Authority) -> bool:
    record = members.record_of(ctx.session, authority.type, authority.code)
    return record is not None and purchasing.ever_joined(ctx.session, central, record)


def _told(added: Added, central: Central) -> Text:
    if added.orders:
        return n_(
            "Ce fichier ajouterait **{count} commande** attribuée à la centrale **{name}**, pour"
            " {amount} HTVA :",
            "Ce fichier ajouterait **{count} commandes** attribuées à la centrale **{name}**, pour"
            " {amount} HTVA :",
            len(added.orders),
            name=central.name,
            amount=Money(added.cents),
        )
    return n_(
        "Ce fichier ajouterait **{count} adhésion** à la centrale **{name}** :",
        "Ce fichier ajouterait **{count} adhésions** à la centrale **{name}** :",
        len(added.adhesions),
        name=central.name,
    )


SHOWN = 5
"""How many of the new lines are shown."""


def _examples(added: Added) -> Iterator[Text]:
    for joined in added.adhesions[:SHOWN]:
        yield _("{name}, le {day}", name=joined.authority.name, day=joined.joined_on)
    for order in added.orders[:SHOWN]:
        yield _(
            "{order}, {name} : {amount} HTVA, attribuée le {day}",
            order=order.name,
            name=order.authority.name,
            amount=Money(order.cents),
            day=order.awarded_on,
        )
    more = max(len(added.adhesions), len(added.orders)) - SHOWN
    if more > 0:
        yield _("et {count} autres", count=more)


def _rehearsed(ctx: Context, central: Central, past: Past) -> Added:
    """What a file would add: done, looked at, and undone. Raises Refusal if a cap is in the way."""
    with ctx.session.begin_nested() as savepoint:
        added = _put(ctx, central, past)
        savepoint.rollback()
    ctx.session.expire_all()
    return added


@table.question(IMPORT)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Take it in as it was shown, or leave it."""
    if not said:
        return reply(_("C'est annulé : rien n'a été repris."))
    central = ctx.session.get_one(Central, Topic.parse(question.topic).id)
    data = question.data
    added = _put(ctx, central, _past(ctx, central, data["what"], data["lines"]))
    ctx.audit(
        "central.imported",
        Topic("central", central.id),
        adhesions=len(added.adhesions),
        orders=len(added.orders),
        cents=added.cents,
    )
    return reply(
        n_(
            "C'est fait : {count} ligne est reprise.",
            "C'est fait : {count} lignes sont reprises.",
            len(added.adhesions) + len(added.orders),
        ),
        _("Pour les chiffres : `statistiques` ; la carte : `carte {name}`.", name=central.name),
    )


# -- doing it -----------------------------------------------------------------------------------


def _put(ctx: Context, central: Central, past: Past) -> Added:
    joined = [told for told in past.adhesions if _joined(ctx, central, told)]
    ordered = [told for told in past.orders if _ordered(ctx, central, told)]
    ctx.session.flush()
    return Added(joined, ordered)


def _joined(ctx: Context, central: Central, told: PastAdhesion) -> bool:
    """Enter an adhesion, unless the authority is there already; whether it was entered."""
    institution = _record(ctx, told.authority)
    if _has_joined(ctx, central, institution, told):
        return False
    ctx.session.add(
        Adhesion(
            central=central,
            institution=institution,
            decided_on=told.decided_on,
            decision=told.decision,
            joined_on=told.joined_on,
            left_on=told.left_on,
        )
    )
    return True


def _has_joined(
    ctx: Context, central: Central, institution: Institution, told: PastAdhesion
) -> bool:
    if told.left_on is None and purchasing.adhesion(ctx.session, central, institution):
        return True
    then = purchasing.adhesions(ctx.session, central, told.joined_on)
    return any(one.institution_id == institution.id for one in then)


def _record(ctx: Context, authority: Authority) -> Institution:
    """The record of an authority; one that is no member is known to its central only."""
    found = members.record_of(ctx.session, authority.type, authority.code)
    if found is None:
        found = Institution(
            type=authority.type,
            code=authority.code,
            name=authority.name,
            state=Standing.KNOWN,
            requested_at=ctx.now,
        )
        ctx.session.add(found)
        ctx.session.flush()
    return found


def _ordered(ctx: Context, central: Central, told: PastOrder) -> bool:
    """Enter an awarded order through the steps of any other, so that its caps hold, too."""
    institution = _record(ctx, told.authority)
    if orders.of_name(ctx.session, central, institution, told.name) is not None:
        return False
    order = Order(
        central=central,
        institution=institution,
        person=_buyer(ctx, institution),
        drafted_at=_noon(told.ordered_on),
        buyer_reference=told.name,
        lines=[_line(line) for line in told.lines],
    )
    ctx.session.add(order)
    ctx.session.flush()
    contract = _contract(ctx, central, told)
    with order_acts.refused_in_words(ctx):
        order_steps.send(
            ctx.session,
            order,
            at=_noon(told.ordered_on),
            year=told.ordered_on.year,
            due_on=told.awarded_on,
            by=ctx.member,
        )
        order_steps.award(ctx.session, order, contract, at=_noon(told.awarded_on), by=ctx.member)
    order_acts.enter(ctx, order, Step.AWARD, imported=1, net_cents=contract.amount_cents)
    contract_ends.plan(ctx, contract)
    _name_locally(ctx, told)
    return True


def _buyer(ctx: Context, institution: Institution) -> Person:
    """Who is told about the order: the designated user, or until there is one whoever enters it."""
    users = [one for one in institution.persons if one.active and not one.is_deputy]
    return users[0] if users else ctx.member


def _line(told: past_files.PastLine) -> OrderLine:
    return OrderLine(
        solution=told.solution,
        label=told.solution.name,
        quantity=told.quantity,
        # What was awarded stands in the contract, to the cent.
        unit_cents=told.cents // told.quantity,
        vat_basis_points=told.solution.vat_basis_points,
    )


def _contract(ctx: Context, central: Central, told: PastOrder) -> Contract:
    years = central.contract_years or ctx.platform.settings.orders.contract_years
    suppliers = dict.fromkeys(line.solution.supplier for line in told.lines)
    return Contract(
        supplier=told.supplier or ", ".join(suppliers),
        amount_cents=told.cents,
        starts_on=told.awarded_on,
        ends_on=told.ends_on or contract_end(told.awarded_on, years),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _name_locally(ctx: Context, told: PastOrder) -> None:
    for line in told.lines:
        if line.local_name:
            _keep_name(ctx, told.authority, line)


def _keep_name(ctx: Context, authority: Authority, line: past_files.PastLine) -> None:
    type_, code = authority.type, authority.code
    known = purchasing.local_name(ctx.session, type_, code, line.solution)
    if known is None:
        known = LocalName(type=type_, code=code, solution=line.solution)
    known.name = line.local_name[:100]
    ctx.session.add(known)
    ctx.session.flush()
