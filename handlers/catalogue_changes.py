"""Taking a catalogue out as a file, bringing one in, and what changed in it.

A file that comes in is first rehearsed: what it would change is shown, and done when confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from handlers import catalogue, loading, tabular
from handlers.arguments import Words
from handlers.catalogue_files import COLUMNS, NEEDED, Sheet, entries_of, read_catalogue, rows_of
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reply import Bullets, File, Paragraph, Refusal, Reply, Steps, reply
from handlers.request import IncomingFile, Topic
from handlers.tables import Line
from handlers.texts import confirm_or_cancel
from handlers.wording import Money, Text, _, n_, verbatim
from storage import catalogue_changes, purchasing
from storage.catalogue_changes import CatalogueChange, What
from storage.conversations import Question
from storage.purchasing import Central

table = Table()

IMPORT = "catalogue-import"
SHOWN = 20
"""Up to how many faults or changes are told in one message."""


@table.command(
    "exporter catalogue",
    aliases={
        "fr": ["exporter le catalogue"],
        "en": ["export catalogue"],
        "nl": ["catalogus exporteren"],
        "de": ["katalog exportieren"],
    },
    usage=_("exporter catalogue CENTRALE [en CSV, XLSX ou YAML]"),
    summary=_("le catalogue d'une centrale comme fichier (CSV, XLSX ou YAML)"),
    example="exporter catalogue Smart en XLSX",
    listed=False,
)
def export(ctx: Context, words: Words) -> Reply:
    """The catalogue of a central as a file; public, as the catalogue is."""
    asked = _KIND.search(words)
    central = catalogue.read_central(ctx, _KIND.sub("", words))
    name, file = f"catalogue-{central.slug}", (asked[1] if asked else "csv").lower()
    return reply(
        _("Le catalogue de la centrale **{name}** est joint.", name=central.name),
        title=_("Catalogue {name}", name=central.name),
    ).with_files(_written(name, file, central))


_KIND = re.compile(r"[\s,]*(?:en |in |als |as )?\b(csv|xlsx|excel|ya?ml)\b\s*$", re.IGNORECASE)


def _written(name: str, kind: str, central: Central) -> File:
    if kind in {"xlsx", "excel"}:
        content = tabular.as_xlsx(rows_of(central.solutions), central.name)
        return File(f"{name}.xlsx", tabular.XLSX, content)
    if kind in {"yaml", "yml"}:
        content = tabular.as_yaml(entries_of(central.solutions))
        return File(f"{name}.yaml", tabular.YAML, content)
    return File(f"{name}.csv", tabular.CSV, tabular.as_csv(rows_of(central.solutions)))


@table.command(
    "importer catalogue",
    aliases={
        "fr": ["importer le catalogue", "ajouter au catalogue", "ajouter solution"],
        "en": ["import catalogue"],
        "nl": ["catalogus importeren"],
        "de": ["katalog importieren"],
    },
    who=Role.MANAGER,
    usage=_("importer catalogue CENTRALE, avec le fichier joint (CSV, XLSX ou YAML)"),
    summary=_("ajouter ou changer des solutions d'un catalogue"),
    example="importer catalogue Smart",
)
def bring_in(ctx: Context, central: Central) -> Reply:
    """Read the file that came along, tell every fault by its line, or show what it would change."""
    if central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=central.name))
    lines = _lines(ctx)
    sheet = _sheet(ctx, central, lines)
    changes = _rehearsed(ctx, sheet)
    if not changes:
        return reply(_("Ce fichier ne change rien au catalogue."))
    question = ctx.ask(IMPORT, Topic("central", central.id), lines=lines)
    return reply(
        n_(
            "Ce fichier changerait **{count} solution** du catalogue **{name}** :",
            "Ce fichier changerait **{count} solutions** du catalogue **{name}** :",
            len(changes),
            name=central.name,
        ),
        Bullets(tuple(_line_of(change) for change in changes[:SHOWN])),
        _("Ce que le fichier ne nomme pas reste comme il est. Rien n'est encore changé."),
        confirm_or_cancel(_("le catalogue est changé"), _("rien ne change")),
        title=_("Votre catalogue attend votre accord"),
    ).about(f"question:{question.id}")


def _lines(ctx: Context) -> list[Line]:
    """The lines of the file that came along. Raises Refusal if none did, or it cannot be read."""
    file = the_file(ctx)
    if file is None:
        raise Refusal(
            _(
                "Je ne vois pas de fichier CSV, XLSX ou YAML : joignez-le au message qui dit"
                " `importer catalogue Smart`. Pour un modèle : `exporter catalogue Smart`."
            )
        )
    found = tabular.read(file, COLUMNS, NEEDED)
    if found.faults:
        # What is wrong with the cells is told at once, too.
        raise to_correct([*found.faults, *read_catalogue(found.lines, "").faults])
    return found.lines


def the_file(ctx: Context) -> IncomingFile | None:
    """The table that came along, if one did."""
    endings = tabular.ENDINGS
    return next((one for one in ctx.incoming.files if one.name.lower().endswith(endings)), None)


def to_correct(faults: Sequence[Text]) -> Refusal:
    """The refusal of a file, with all that is wrong in it."""
    shown = list(faults[:SHOWN])
    if len(faults) > SHOWN:
        shown.append(_("et {count} autres", count=len(faults) - SHOWN))
    return Refusal(
        Paragraph(_("Rien n'est changé. À corriger dans le fichier :")), Steps(tuple(shown))
    )


def _sheet(ctx: Context, central: Central, lines: Sequence[Line]) -> Sheet:
    sheet = read_catalogue(lines, central.slug)
    known = {one.slug: one for one in _everything(ctx)}
    for told in sheet.solutions:
        other = known.get(told.slug)
        if other is not None and other.central != central:
            sheet.faults.append(
                _("le code « {code} » est celui d'une autre centrale", code=told.slug)
            )
    if sheet.faults or not sheet.solutions:
        raise to_correct(sheet.faults or [_("le fichier ne contient aucune solution")])
    return sheet


def _everything(ctx: Context) -> list[purchasing.Solution]:
    return [one for central in purchasing.centrals(ctx.session) for one in central.solutions]


def _rehearsed(ctx: Context, sheet: Sheet) -> list[CatalogueChange]:
    """What a file would change: done, looked at, and undone."""
    with ctx.session.begin_nested() as savepoint:
        changes = _put(ctx, sheet)
        for change in changes:
            ctx.session.expunge(change)
        savepoint.rollback()
    ctx.session.expire_all()
    return changes


def _put(ctx: Context, sheet: Sheet) -> list[CatalogueChange]:
    changes = [loading.put_solution(ctx.session, told, ctx.now) for told in sheet.solutions]
    ctx.session.flush()
    return [change for change in changes if change is not None]


@table.question(IMPORT)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Change the catalogue as it was shown, or leave it."""
    if not said:
        return reply(_("C'est annulé : le catalogue n'a pas changé."))
    central = ctx.session.get_one(Central, Topic.parse(question.topic).id)
    changes = _put(ctx, _sheet(ctx, central, question.data["lines"]))
    ctx.audit("catalogue.changed", Topic("central", central.id), count=len(changes))
    return reply(
        n_(
            "C'est fait : {count} solution du catalogue **{name}** a changé.",
            "C'est fait : {count} solutions du catalogue **{name}** ont changé.",
            len(changes),
            name=central.name,
        ),
        _(
            "Pour le voir : `catalogue {name}`. Ce qui a changé : `historique catalogue {name}`.",
            name=central.name,
        ),
    )


@table.command(
    "retirer du catalogue",
    aliases={
        "fr": ["retirer solution", "retirer la solution"],
        "en": ["retire solution"],
        "nl": ["uit catalogus nemen"],
        "de": ["aus katalog nehmen"],
    },
    who=Role.MANAGER,
    usage=_("retirer du catalogue SOLUTION, le DATE"),
    summary=_("ne plus offrir une solution à partir d'un jour ; qui l'a la garde"),
    example="retirer du catalogue e-guichet, le {later}",
    listed=False,
)
def retire(ctx: Context, words: Words) -> Reply:
    """Let a solution be ordered no more from a day on, today if none is told (acceptance A37)."""
    period = find_period(words, ctx.today, Lean.NEXT)
    day = period.start if period and period.start else ctx.today
    solution = catalogue.read_solution(ctx, _DAY.sub("", words))
    if solution.central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=solution.central.name))
    if day < ctx.today:
        raise Refusal(_("Ce jour est passé : une solution se retire aujourd'hui ou plus tard."))
    before = str(solution.retired_on or "")
    solution.retired_on = day
    change = CatalogueChange(
        central_id=solution.central_id,
        at=ctx.now,
        slug=solution.slug,
        name=solution.name,
        what=What.CHANGED,
        facts={"retired_on": [before, str(day)]},
    )
    ctx.session.add(change)
    ctx.audit("catalogue.changed", Topic("central", solution.central_id), count=1)
    return reply(
        _(
            "C'est fait : « {name} » ne peut plus être commandée à partir du {day}. Elle reste sur"
            " la fiche de qui l'a.",
            name=solution.name,
            day=day,
        )
    )


_DAY = re.compile(r"[\s,]*(?:\b(?:le|au|dès le|à partir du|op|am|on)\s+)?\b\d.*$", re.IGNORECASE)


@table.command(
    "historique catalogue",
    aliases={
        "fr": ["historique du catalogue"],
        "en": ["catalogue history"],
        "nl": ["geschiedenis catalogus"],
        "de": ["verlauf katalog"],
    },
    usage=_("historique catalogue CENTRALE"),
    summary=_("ce qui a changé dans le catalogue d'une centrale"),
    example="historique catalogue Smart",
    listed=False,
)
def history(ctx: Context, central: Central) -> Reply:
    """The latest changes, the newest first."""
    changes = catalogue_changes.of_central(ctx.session, central, SHOWN)
    if not changes:
        return reply(_("Rien n'a changé dans ce catalogue."))
    lines = tuple(
        _("{day} : {change}", day=one.at.astimezone(ctx.platform.zone).date(), change=_line_of(one))
        for one in changes
    )
    return reply(Bullets(lines), title=_("Historique du catalogue {name}", name=central.name))


_FIELDS = {
    "central": _("centrale"),
    "name": _("nom"),
    "supplier": _("fournisseur"),
    "summary": _("description"),
    "functions": _("fonctions"),
    "aliases": _("autres noms"),
    "lot": _("lot"),
    "category": _("catégorie"),
    "vat": _("TVA"),
    "valid_from": _("valable dès"),
    "retired_on": _("retirée le"),
    "prices": _("prix"),
}

_DAYS_TOLD = frozenset({"valid_from", "retired_on"})


def _line_of(change: CatalogueChange) -> Text:
    if change.what == What.ADDED:
        return _("**{name}** ajoutée", name=change.name)
    prices = change.facts.get("prices")
    if list(change.facts) == ["prices"] and prices:
        return _(
            "**{name}** : prix {old} → {new}",
            name=change.name,
            old=_amounts(prices[0]),
            new=_amounts(prices[1]),
        )
    fields = [_field(name, change.facts[name][1]) for name in change.facts]
    return _("**{name}** : {fields}", name=change.name, fields=_joined(fields))


def _field(name: str, value: object) -> Text:
    """What changed; of a day that is told, which one."""
    if name not in _DAYS_TOLD or not value:
        return _FIELDS[name]
    day = date.fromisoformat(str(value))
    return _("{field} {day}", field=_FIELDS[name], day=day)


def _amounts(prices: Sequence[Sequence[object]]) -> Text:
    return _joined(
        [_("{amount}", amount=Money(int(str(price[1])), exact=True)) for price in prices]
    )


def _joined(parts: Sequence[Text]) -> Text:
    """Several words with commas between."""
    joined = parts[0] if parts else verbatim("")
    for part in parts[1:]:
        joined = _("{one}, {other}", one=joined, other=part)
    return joined
