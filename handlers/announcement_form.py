"""The announcement form: what is asked or offered, when, where, how many, on which conditions.

What it gathers becomes the words of an announcement; its author sees them before anybody else does.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.announcement_checks import wrong_period
from handlers.announcement_drafts import Told, audience_of, draft, to_all
from handlers.context import Context
from handlers.form import Field, Form, Option, Values, words
from handlers.reading.dates import find_period
from handlers.reply import Refusal, Reply
from handlers.wording import Text, _, plain
from storage.announcements import Direction

SIDE, WHAT, PERIOD = "side", "what", "period"
PLACE, NUMBER, CONDITIONS, AUDIENCE = "place", "number", "conditions", "audience"

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


def _audience(ctx: Context, text: str) -> str | None:
    """Whom it is for, if that can be read; « tous » is kept as nothing but that."""
    if to_all(text):
        return EVERYBODY
    meant = audience_of(ctx, text)
    return text.strip() if meant.institutions and not meant.unclear else None


EVERYBODY = "tous"


def _drafted(ctx: Context, values: Values) -> Reply:
    lines = [values[WHAT]]
    for name, label in _LABELS.items():
        if name in values:
            lines.append(f"{plain(label, ctx.language)} : {values[name]}")
    told = Told("", "\n".join(lines), ctx.entry.id, Direction(values[SIDE]))
    audience = values.get(AUDIENCE, "")
    if audience == EVERYBODY:
        return draft(ctx, replace(told, to_all=True))
    return draft(ctx, replace(told, to=audience))


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
        Field(
            AUDIENCE,
            _(
                "À qui ? « Tous », ou par exemple « les CPAS », « les communes dans un rayon de"
                " 20 km », « les communes de l'arrondissement de Virton »,"
                " « Musson et Virton »."
            ),
            _("à qui elle s'adresse"),
            _audience,
            optional=True,
            free=True,
        ),
    ),
    _drafted,
)
