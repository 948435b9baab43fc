"""Who uses what: the solutions of a commune, the users of a solution, those of a supplier; two
solutions side by side. All public: no contact and no amount of an order (acceptance A20, A25, A26,
A34, A35).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from config.folding import fold
from handlers import articles, catalogue, local_names, tariffs
from handlers.arguments import MaybeWords, Words
from handlers.catalogue import search
from handlers.command import Table
from handlers.context import Context
from handlers.finding import alike
from handlers.pricing import rate
from handlers.reply import Block, Bullets, Fields, Heading, Paragraph, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.wording import Money, Text, Value, _, n_, verbatim
from storage import dossiers, orders, purchasing
from storage.members import Institution
from storage.purchasing import Solution

table = Table()


@table.command(
    "qui utilise",
    aliases={
        "fr": [
            "utilisateurs de la solution",
            "qui a commandé",
            "qui a choisi",
            "qui possède",
            "quelles communes utilisent",
            "quelles communes ont commandé",
            "quelles communes ont choisi",
            "quelles communes ont",
        ],
        "en": ["who uses"],
        "nl": ["wie gebruikt"],
        "de": ["wer nutzt"],
    },
    usage=_("qui utilise SOLUTION"),
    summary=_("les institutions qui ont une solution"),
    example="qui utilise e-guichet",
)
def users(ctx: Context, words: Words) -> Reply:
    """The users of the solutions that words mean, also of retired ones."""
    every = all_solutions(ctx)
    found = _supplied(every, words) or catalogue.named_solutions(every, words)
    if not found:
        raise Refusal(
            _("Je ne trouve pas « {words} » : `catalogue` montre ce qui existe.", words=words[:60])
        )
    blocks: list[Block] = []
    for solution in found:
        blocks += _users_of(ctx, solution)
    return reply(*blocks, title=_("Qui utilise quoi"))


_SERVICES = re.compile(r"^(?:les )?(?:services|solutions|produits) (?:de |d'|du )", re.IGNORECASE)


def _supplied(solutions: Sequence[Solution], words: str) -> list[Solution]:
    """All that a supplier provides, if words name one (acceptance A28)."""
    named = _suppliers(solutions, _SERVICES.sub("", catalogue.without_article(words)))
    return [one for one in solutions if one.supplier in named]


def _suppliers(solutions: Sequence[Solution], words: str) -> set[str]:
    """The suppliers whose name words are, or nearly are (acceptance A20)."""
    names = {one.supplier for one in solutions}
    exact = {name for name in names if fold(name) == fold(words)}
    return exact or {name for name in names if alike(fold(words), [fold(name)])}


def is_supplier(ctx: Context, words: str) -> bool:
    """Whether words name a supplier of the catalogues."""
    return bool(_suppliers(all_solutions(ctx), words))


def all_solutions(ctx: Context) -> Sequence[Solution]:
    """Everything that is or was in a catalogue."""
    return [one for central in purchasing.centrals(ctx.session) for one in central.solutions]


def _users_of(ctx: Context, solution: Solution) -> list[Block]:
    names = _sorted(orders.users_of(ctx.session, solution, ctx.today))
    if not names:
        return [
            Paragraph(
                _(
                    "**{name}** ({supplier}) : personne encore, au {day}.",
                    name=solution.name,
                    supplier=solution.supplier,
                    day=ctx.today,
                )
            )
        ]
    told = n_(
        "**{name}** ({supplier}) : {count} institution, au {day}.",
        "**{name}** ({supplier}) : {count} institutions, au {day}.",
        len(names),
        name=solution.name,
        supplier=solution.supplier,
        day=ctx.today,
    )
    return [Paragraph(told), Bullets(tuple(map(verbatim, names)))]


def _sorted(institutions: Sequence[Institution]) -> list[str]:
    return sorted({one.name for one in institutions}, key=catalogue.by_place)


@table.command(
    "fournisseur",
    aliases={
        "fr": ["fournisseurs"],
        "en": ["supplier", "suppliers"],
        "nl": ["leverancier", "leveranciers"],
        "de": ["lieferant", "lieferanten"],
    },
    usage=_("fournisseur [NOM]"),
    summary=_("les solutions d'un fournisseur et qui les utilise"),
    example="fournisseur BetterStreet",
)
def supplier(ctx: Context, words: MaybeWords) -> Reply:
    """What a supplier provides and to whom, found despite a wrong letter or a space; every supplier
    where none is named.
    """
    if not words:
        return _suppliers_known(ctx)
    every = all_solutions(ctx)
    near = _suppliers(every, words)
    if not near:
        raise Refusal(
            _(
                "Je ne connais pas de fournisseur « {words} ». Au catalogue : {names}.",
                words=words[:60],
                names=", ".join(sorted({one.supplier for one in every})),
            )
        )
    blocks: list[Block] = []
    for name in sorted(near):
        blocks.append(Heading(verbatim(name)))
        for solution in (one for one in every if one.supplier == name):
            blocks += _users_of(ctx, solution)
    return reply(*blocks, title=_("Fournisseur {name}", name=", ".join(sorted(near))))


def _suppliers_known(ctx: Context) -> Reply:
    current = purchasing.current_solutions(ctx.session, ctx.today)
    provided: dict[str, list[str]] = {}
    for one in current:
        provided.setdefault(one.supplier, []).append(one.name)
    rows = tuple(
        (verbatim(name), verbatim(", ".join(provided[name]))) for name in sorted(provided, key=fold)
    )
    return reply(
        Fields(rows),
        _("Pour en voir un, et qui utilise ses solutions : `fournisseur NOM`."),
        title=_("Les fournisseurs au catalogue"),
    )


@table.command(
    "comparer",
    aliases={"en": ["compare"], "nl": ["vergelijken"], "de": ["vergleichen"]},
    usage=_("comparer SOLUTION et SOLUTION"),
    summary=_("deux solutions du catalogue côte à côte"),
    example="comparer e-guichet et rendez-vous",
)
def compare(ctx: Context, words: Words) -> Reply:
    """Two solutions side by side."""
    one, other = _two(ctx, words)
    rows = tuple(
        (label, show(one), show(other))
        for label, show in (
            (_("Centrale"), lambda s: verbatim(s.central.name)),
            (_("Fournisseur"), lambda s: verbatim(s.supplier)),
            (_("Catégorie"), lambda s: verbatim(s.category or "–")),
            (_("Fonctions"), lambda s: verbatim(", ".join(s.functions) or "–")),
            (_("Prix HTVA"), _prices),
            (_("TVA"), lambda s: _("{rate} %", rate=rate(s.vat_basis_points))),
            (
                _("Utilisée par"),
                lambda s: n_(
                    "{count} institution",
                    "{count} institutions",
                    len(_sorted(orders.users_of(ctx.session, s, ctx.today))),
                ),
            ),
        )
    )
    header = (verbatim(""), verbatim(one.name), verbatim(other.name))
    return reply(Grid(header, rows), _("Au {day}.", day=ctx.today), title=_("Comparaison"))


def _two(ctx: Context, words: str) -> tuple[Solution, Solution]:
    """Two different solutions, parted where each side is one. Raises Refusal."""
    current = purchasing.current_solutions(ctx.session, ctx.today)
    for mark in re.finditer(r"\s+(?:et|avec|en|und|and|with|vs)\s+|\s*[,;+/]\s*", words):
        sides = (words[: mark.start()], words[mark.end() :])
        found = [search(current, catalogue.without_article(side)) for side in sides]
        if all(len(side) == 1 for side in found) and found[0] != found[1]:
            return found[0][0], found[1][0]
    raise Refusal(_("Écrivez les noms de deux solutions : `comparer e-guichet et rendez-vous`."))


def _prices(solution: Solution) -> Text:
    basic = [price.unit_cents for price in solution.prices if not price.option]
    if not basic:
        return verbatim("–")
    low, high = min(basic), max(basic)
    if low == high:
        return _("{amount}", amount=Money(low))
    return _("de {low} à {high}", low=Money(low), high=Money(high))


@table.command(
    "fiche",
    aliases={"en": ["sheet"], "nl": ["productfiche"], "de": ["datenblatt"]},
    usage=_("fiche SOLUTION ou INSTITUTION"),
    summary=_("la fiche d'une solution ou d'une institution"),
    example="fiche e-guichet",
)
def sheet_of(ctx: Context, words: Words) -> Reply:
    """The sheet of a solution, or of an authority where words mean no solution (acceptance A25)."""
    if not search(purchasing.current_solutions(ctx.session, ctx.today), words):
        own = local_names.found_by(ctx, words.strip(' «»"'))
        if own:
            return local_names.told(ctx, own)
        found = institution_sheet(ctx, words)
        if found is not None:
            return found
    return sheet_with_users(ctx, catalogue.read_solution(ctx, words))


def sheet_with_users(ctx: Context, solution: Solution) -> Reply:
    """The sheet of a solution, its documents, and who has it (acceptance A13, A34)."""
    shown = catalogue.sheet(ctx, solution)
    facts = next(at for at, one in enumerate(shown.blocks) if isinstance(one, Fields)) + 1
    costs = map(Paragraph, tariffs.asked(ctx, solution))
    more = [*_documents(ctx, solution), *_users_of(ctx, solution)]
    return replace(shown, blocks=(*shown.blocks[:facts], *costs, *shown.blocks[facts:], *more))


def _documents(ctx: Context, solution: Solution) -> list[Block]:
    found = dossiers.current(ctx.session, solution.central)
    names = sorted(one.name for one in found if one.solution == solution)
    if not names:
        return []
    return [
        Paragraph(
            _(
                "Documents : {names} (`documents {name}`).",
                names=", ".join(names),
                name=solution.slug,
            )
        )
    ]


# -- one institution --------------------------------------------------------------------------


def institution_sheet(ctx: Context, words: str) -> Reply | None:
    """The sheet of the authority that words name, if they name one: what anybody may see of it."""
    matches = ctx.platform.territory.find(words)
    if not matches or (len(matches) > 1 and matches[0].score == matches[1].score):
        return None
    authority = matches[0].authority
    rows: list[tuple[Text, Text]] = []
    if authority.type == "commune":
        commune = ctx.platform.territory.commune(authority.communes_nis[0])
        rows.append(
            (
                _("Population"),
                _(
                    "{count} habitants au {day} ({source})",
                    count=commune.population,
                    day=ctx.platform.territory.population_date,
                    source=ctx.platform.territory.population_source,
                ),
            )
        )
    rows += _adhesion_rows(ctx, authority.type, authority.code)
    held = orders.held_by(ctx.session, authority.type, authority.code, ctx.today)
    own = {
        one.solution_id: one.name
        for one in purchasing.local_names(ctx.session)
        if (one.type, one.code) == (authority.type, authority.code)
    }
    lines = tuple(_held(contract, line, own.get(line.solution_id, "")) for contract, line in held)
    count = len({line.solution_id for _contract, line in held})
    told = n_(
        "**{count} solution** au {day}.", "**{count} solutions** au {day}.", count, day=ctx.today
    )
    blocks: list[Block] = [Heading(verbatim(authority.name))]
    blocks += [Fields(tuple(rows))] if rows else []
    blocks.append(Paragraph(told))
    return reply(
        *blocks,
        *([Bullets(lines)] if lines else []),
        title=_("Fiche : {name}", name=articles.bare(authority.name)),
    )


def _held(contract: orders.Contract, line: orders.OrderLine, own_name: str) -> Text:
    """A solution that somebody has: whose it is, what they call it, until when."""
    values: dict[str, Value] = {
        "solution": line.label,
        "supplier": contract.supplier,
        "end": contract.ends_on,
    }
    if own_name:
        return _(
            "**{solution}** ({supplier}), « {name} », contrat jusqu'au {end}",
            name=own_name,
            **values,
        )
    return _("**{solution}** ({supplier}), contrat jusqu'au {end}", **values)


def _adhesion_rows(ctx: Context, type_: str, code: str) -> list[tuple[Text, Text]]:
    return [
        (
            _("Centrale {name}", name=central.name),
            _("adhésion le {day}", day=one.joined_on),
        )
        for central in purchasing.centrals(ctx.session)
        for one in purchasing.adhesions(ctx.session, central, ctx.today)
        if (one.institution.type, one.institution.code) == (type_, code)
    ]
