"""The announcement form: what is asked or offered, for which service, when, how urgent it is,
where, how many, on which conditions, for whom (acceptance B27 to B32).

What it gathers becomes an announcement, which its author sees before anybody else does.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.announcement_checks import require_public, wrong_period
from handlers.announcement_drafts import audience_of, draft, to_all
from handlers.announcement_told import URGENT, Told, severity_kept
from handlers.announcement_words import SEVERITIES
from handlers.context import Context
from handlers.form import Field, Form, Option, Values, words
from handlers.reading.announcement import severity_in, urgent_in
from handlers.reading.categories import Category, category_of, service_of
from handlers.reading.dates import find_period
from handlers.reading.instructing import says_nothing
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Refusal, Reply
from handlers.wording import Text, _, plain
from storage.announcements import Direction

SIDE, WHAT, SERVICE, PERIOD, URGENCY = "side", "what", "service", "period", "urgency"
PLACE, NUMBER, CONDITIONS, AUDIENCE = "place", "number", "conditions", "audience"

_LABELS: dict[str, Text] = {
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


def _what(ctx: Context, text: str) -> str | None:
    """What is shared; « oui », or « une demande », is an answer to another question."""
    only_side = len(text.split()) <= _ARTICLE_AND_NAME and _side(ctx, text) is not None
    return None if only_side or says_nothing(text) else words(ctx, text)


_ARTICLE_AND_NAME = 2


def _said(ctx: Context, text: str) -> str | None:
    """Words that say something; « oui » to « où ? » does not."""
    return None if says_nothing(text) else words(ctx, text)


def _period(ctx: Context, text: str) -> str | None:
    period = find_period(text, ctx.today)
    if period is None:
        return None
    wrong = wrong_period(text, period, ctx.today)
    if wrong is not None:
        raise Refusal(wrong)
    return text.strip()


def _service(ctx: Context, text: str) -> str | None:
    """One of the services that are known, or its name as it was said. Raises Refusal for what
    tells something of a third person.
    """
    require_public(ctx, text)
    return service_of(level(f"service {text}")) or level(text).strip(" .!").removeprefix("service ")


_NO_SERVICE = frozenset({Category.EQUIPMENT, Category.KNOWLEDGE})


def _asks_service(values: Values) -> bool:
    """Staff is for a service; which one, those who say it at once are not asked."""
    said = open_letter("", values.get(WHAT, ""))
    return category_of(said) not in _NO_SERVICE and not service_of(level(said.body))


def _urgencies(_ctx: Context, _values: Values) -> list[Option]:
    known = [Option(name, label) for name, label in SEVERITIES.items()]
    return [*known, Option(URGENT, _("urgent"))]


def _urgency(_ctx: Context, text: str) -> str | None:
    said = level(text)
    return severity_kept(severity_in(said)) or (URGENT if urgent_in(said) else None)


def _asks_urgency(values: Values) -> bool:
    """Who gives is in no need, and who has said how bad it is is not asked."""
    said = level(values.get(WHAT, ""))
    demanded = values.get(SIDE) != Direction.OFFER
    return demanded and severity_in(said) is None and not urgent_in(said)


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
    told = Told(
        "",
        "\n".join(lines),
        ctx.entry.id,
        Direction(values[SIDE]),
        period=find_period(values.get(PERIOD, ""), ctx.today),
        service=values.get(SERVICE, ""),
        urgency=values.get(URGENCY, ""),
    )
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
            _what,
            free=True,
        ),
        Field(
            SERVICE,
            _("Pour quel service ? Par exemple « population » ou « état civil »."),
            _("le service concerné"),
            _service,
            optional=True,
            free=True,
            asked_if=_asks_service,
        ),
        Field(
            PERIOD,
            _("Pour quelle période ? Par exemple « du 4 au 29 mai »."),
            _("la période"),
            _period,
            optional=True,
        ),
        Field(
            URGENCY,
            _("Est-ce urgent ? Un service bloqué ou débordé passe avant les autres."),
            _("l'urgence"),
            _urgency,
            options=_urgencies,
            optional=True,
            asked_if=_asks_urgency,
        ),
        Field(PLACE, _("À quel endroit ?"), _("le lieu"), _said, optional=True, free=True),
        Field(NUMBER, _("Combien ?"), _("le nombre"), _said, optional=True, free=True),
        Field(
            CONDITIONS,
            _("Des conditions ? Par exemple « à venir chercher, caution de 100 € »."),
            _("les conditions"),
            _said,
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
    takes_files=True,
)
