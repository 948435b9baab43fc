"""The announcement form: what is asked or offered, when, where, how many, on which conditions.

What it gathers becomes the words of an announcement; its author sees them before anybody else does.
"""

from __future__ import annotations

from handlers.announcement_checks import wrong_period
from handlers.announcement_drafts import Told, draft
from handlers.context import Context
from handlers.form import Field, Form, Option, Values, words
from handlers.reading.dates import find_period
from handlers.reply import Refusal, Reply
from handlers.wording import Text, _, plain
from storage.announcements import Direction

SIDE, WHAT, PERIOD = "side", "what", "period"
PLACE, NUMBER, CONDITIONS = "place", "number", "conditions"

_LABELS: dict[str, Text] = {
    PERIOD: _("Période"),
    PLACE: _("Lieu"),
    NUMBER: _("Nombre"),
    CONDITIONS: _("Conditions"),
}


def _sides(_ctx: Context, _values: Values) -> list[Option]:
    return [
        Option(Direction.DEMAND.value, _("une demande")),
        Option(Direction.OFFER.value, _("une offre")),
    ]


_SAID = {
    Direction.DEMAND: ("demande", "demander", "besoin", "request", "vraag", "anfrage"),
    Direction.OFFER: ("offre", "offrir", "proposer", "offer", "aanbod", "angebot"),
}


def _side(_ctx: Context, text: str) -> str | None:
    said = text.casefold().split()
    found = [side for side, names in _SAID.items() if any(name in said for name in names)]
    return found[0].value if len(found) == 1 else None


def _period(ctx: Context, text: str) -> str | None:
    period = find_period(text, ctx.today)
    if period is None:
        return None
    wrong = wrong_period(text, period, ctx.today)
    if wrong is not None:
        raise Refusal(wrong)
    return text.strip()


def _drafted(ctx: Context, values: Values) -> Reply:
    lines = [values[WHAT]]
    for name, label in _LABELS.items():
        if name in values:
            lines.append(f"{plain(label, ctx.language)} : {values[name]}")
    return draft(ctx, Told("", "\n".join(lines), ctx.entry.id, Direction(values[SIDE])))


FORM = Form(
    "announcement",
    _("Annonce"),
    _("Pour votre annonce"),
    (
        Field(
            SIDE,
            _("Est-ce une demande ou une offre ?"),
            _("si c'est une demande ou une offre"),
            _side,
            options=_sides,
        ),
        Field(
            WHAT,
            _("De quoi s'agit-il ? Par exemple « un agent pour le service population »."),
            _("ce que vous demandez ou proposez, en une phrase"),
            words,
            free=True,
        ),
        Field(
            PERIOD,
            _("Pour quelle période ? Par exemple « du 4 au 29 mai »."),
            _("la période"),
            _period,
            optional=True,
        ),
        Field(PLACE, _("À quel endroit ?"), _("le lieu"), words, optional=True, free=True),
        Field(NUMBER, _("Combien ?"), _("le nombre"), words, optional=True, free=True),
        Field(
            CONDITIONS,
            _("Des conditions ? Par exemple « à venir chercher, caution de 100 € »."),
            _("les conditions"),
            words,
            optional=True,
            free=True,
        ),
    ),
    _drafted,
)
