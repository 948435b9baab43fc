"""The parts of the platform, which administrators open and close one by one (acceptance B39).

What a part's commands and letters ask for is answered « pas encore ouvert » while it is closed, and
no help names it. What managers and administrators prepare in it, and what runs in it already, goes
on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from config.folding import fold
from handlers.arguments import Words
from handlers.command import Command, Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.dates import find_period
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, plain
from storage import parts

table = Table()


class Part(StrEnum):
    """What can be opened and closed on its own."""

    ANNOUNCEMENTS = "announcements"
    TEMPLATES = "templates"
    MISSIONS = "missions"
    CENTRALS = "centrals"
    ORDERS = "orders"
    SURVEYS = "surveys"


NAMES: Mapping[Part, Text] = {
    Part.ANNOUNCEMENTS: _("Annonces"),
    Part.TEMPLATES: _("Modèles"),
    Part.MISSIONS: _("Missions"),
    Part.CENTRALS: _("Centrales"),
    Part.ORDERS: _("Commandes"),
    Part.SURVEYS: _("Enquêtes"),
}
_PREPARED = frozenset({Role.MANAGER, Role.ASKER, Role.ADMINISTRATOR})
"""Who prepares what is not open yet."""


class NotOpen(Refusal):
    """A request of a part that is closed."""


def require_open(ctx: Context, part: str, needed: Role) -> None:
    """See that a part is open to those who are not preparing it. Raises NotOpen."""
    if not part or needed in _PREPARED:
        return
    closed = parts.closed(ctx.session, ctx.today)
    if part not in closed:
        return
    name, opens_on = NAMES[Part(part)], closed[part]
    raise NotOpen(
        _(
            "La partie « {part} » n'est pas encore ouverte : elle ouvre le {day}.",
            part=name,
            day=opens_on,
        )
        if opens_on
        else _("La partie « {part} » n'est pas encore ouverte.", part=name),
        _("Rien n'est perdu : votre message est conservé. Ce qui est ouvert : `aide`."),
    )


def open_ones(ctx: Context, commands: Sequence[Command]) -> list[Command]:
    """Those of the commands that the help may name."""
    closed = parts.closed(ctx.session, ctx.today)
    return [one for one in commands if one.part not in closed or one.who in _PREPARED]


# -- what administrators do -------------------------------------------------------------------


@table.command(
    "parties",
    aliases={"en": ["parts"], "nl": ["onderdelen"], "de": ["bereiche"]},
    who=Role.ADMINISTRATOR,
    usage=_("parties"),
    summary=_("les parties de la plateforme, ouvertes ou fermées"),
    listed=False,
)
def show(ctx: Context) -> Reply:
    """Every part, and whether it is open."""
    closed = parts.closed(ctx.session, ctx.today)
    return reply(
        Fields(tuple((name, _state(part, closed)) for part, name in NAMES.items())),
        _("Pour changer : `fermer partie enquêtes`, `ouvrir partie enquêtes`."),
        title=_("Les parties de la plateforme"),
    )


def _state(part: Part, closed: Mapping[str, date | None]) -> Text:
    if part not in closed:
        return _("ouverte")
    opens_on = closed[part]
    return _("fermée, ouvre le {day}", day=opens_on) if opens_on else _("fermée")


@table.command(
    "fermer partie",
    aliases={"en": ["close part"], "nl": ["onderdeel sluiten"], "de": ["bereich schließen"]},
    who=Role.ADMINISTRATOR,
    usage=_("fermer partie NOM [jusqu'au DATE]"),
    summary=_("fermer une partie de la plateforme"),
    example="fermer partie enquêtes jusqu'au {soon}",
    listed=False,
)
def close(ctx: Context, words: Words) -> Reply:
    """Close a part, perhaps until it opens by itself."""
    part, period = _part(ctx, words), find_period(words, ctx.today)
    opens_on = (period.end or period.start) if period else None
    if opens_on is not None and opens_on <= ctx.today:
        raise Refusal(_("Une partie rouvre un jour à venir : `fermer partie NOM jusqu'au DATE`."))
    parts.close(ctx.session, part, ctx.now, opens_on)
    ctx.audit("part.closed", Topic("entry", ctx.entry.id), part=part)
    name, closed = NAMES[part], {str(part): opens_on}
    return reply(_("C'est fait : **{part}** est {state}.", part=name, state=_state(part, closed)))


@table.command(
    "ouvrir partie",
    aliases={"en": ["open part"], "nl": ["onderdeel openen"], "de": ["bereich öffnen"]},
    who=Role.ADMINISTRATOR,
    usage=_("ouvrir partie NOM"),
    summary=_("ouvrir une partie de la plateforme"),
    example="ouvrir partie enquêtes",
    listed=False,
)
def open_(ctx: Context, words: Words) -> Reply:
    """Open a part from now on."""
    part = _part(ctx, words)
    if not parts.reopen(ctx.session, part):
        raise Refusal(_("La partie « {part} » est ouverte.", part=NAMES[part]))
    ctx.audit("part.opened", Topic("entry", ctx.entry.id), part=part)
    return reply(_("C'est fait : **{part}** est {state}.", part=NAMES[part], state=_("ouverte")))


def _part(ctx: Context, words: str) -> Part:
    """The part that words name, in the reader's language or in French. Raises Refusal."""
    said = f" {fold(words)} "
    for part, name in NAMES.items():
        if any(f" {fold(plain(name, code))} " in said for code in (ctx.language, "fr")):
            return part
    names = ", ".join(plain(name, ctx.language) for name in NAMES.values())
    raise Refusal(_("Quelle partie ? {names}.", names=names))
