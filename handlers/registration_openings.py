"""Opening and closing registrations, for everybody or for one type of institution (acceptance B45,
B46), and taking up what was kept meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from config.authorities import AuthorityType
from config.folding import fold
from handlers import texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.openings import whom, why_closed
from handlers.policy import MORNING, Role
from handlers.reading.dates import Period, find_period
from handlers.registration_consent import REGISTRATION
from handlers.registration_words import to_administrators
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, n_, plain
from storage import members, openings
from storage.members import Institution
from storage.openings import EVERYBODY, Opening

table = Table()

TAKEN_UP = "registrations-open"
_ALL = Topic("registrations", 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom an opening or a closing binds, with its days and its decision, as far as they are
    said.
    """

    types: tuple[str, ...]
    period: Period | None
    decision: str


_DECISION = re.compile(
    r"[\s,;:(]*\b(?:d[ée]cision|besluit|beschluss)\b\s*:?\s*(?P<reference>[^)]*)\)?\s*$",
    re.IGNORECASE,
)
_DAYS_BEGIN = re.compile(
    r"(?:(?:de|des|du|le|a partir|depuis|jusqu|from|until|on|vanaf|van|tot|op|ab|vom|bis|am)\b|\d)"
)
_BETWEEN = re.compile(r"^(?:(?:et|aux?|le|a la|la|pour|de|and|en|und|for|voor|fur)\b\s*)+")


def _read(ctx: Context, words: str) -> _Asked:
    """Raises Refusal for words that are neither a type nor a day."""
    decided = _DECISION.search(words)
    said = words[: decided.start()] if decided else words
    types, rest = _types(said, ctx.language)
    period = find_period(said, ctx.today)
    if (period and period.faults) or (rest and not (period and _DAYS_BEGIN.match(rest))):
        names = ", ".join(plain(texts.type_name(one), ctx.language) for one in AuthorityType)
        raise Refusal(
            _(
                "Pour qui, et à partir de quand ? Par exemple `ouvrir inscriptions CPAS dès le 1er"
                " avril, décision CP 12`. Les types : {names}.",
                names=names,
            )
        )
    return _Asked(types, period, decided["reference"].strip(" .") if decided else "")


def _types(said: str, language: str) -> tuple[tuple[str, ...], str]:
    """The types that words name, one or many alike, and the other words; everybody if none."""
    rest, found = _one(said), []
    for type_ in AuthorityType:
        for code in (language, "fr"):
            name = rf"\b{re.escape(_one(plain(texts.type_name(type_), code)))}\b"
            if re.search(name, rest):
                found.append(str(type_))
                rest = re.sub(name, " ", rest)
    rest = _BETWEEN.sub("", " ".join(rest.split()))
    return tuple(found) or (EVERYBODY,), rest


def _one(words: str) -> str:
    return re.sub(r"s\b(?=.)", "", fold(words) + " ").strip()


# -- what administrators do -------------------------------------------------------------------


@table.command(
    "ouvertures",
    aliases={
        "fr": ["ouverture des inscriptions"],
        "en": ["registration dates"],
        "nl": ["openstellingen"],
        "de": ["anmeldezeiten"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("ouvertures"),
    summary=_("pour qui les inscriptions sont ouvertes, et depuis quand"),
    listed=False,
)
def show(ctx: Context) -> Reply:
    """Who may register, since when, and by which decision."""
    known = {one.type: one for one in openings.known(ctx.session)}
    rows = tuple((whom(one), _state(ctx, known.get(one))) for one in (EVERYBODY, *AuthorityType))
    return reply(
        Fields(rows),
        _(
            "Pour changer : `ouvrir inscriptions CPAS dès le DATE, décision RÉFÉRENCE`, `fermer"
            " inscriptions CPAS`."
        ),
        title=_("L'ouverture des inscriptions"),
    )


def _state(ctx: Context, one: Opening | None) -> Text:
    if one is None:
        return _("ouvertes")
    return _with_decision(_days(one, ctx.today), one.decision)


def _days(one: Opening, today: date) -> Text:
    if one.opens_on is None:
        return _("fermées")
    if one.closes_on is not None:
        return _("du {start} au {end}", start=one.opens_on, end=one.closes_on)
    if one.is_open(today):
        return _("ouvertes depuis le {day}", day=one.opens_on)
    return _("fermées, ouvrent le {day}", day=one.opens_on)


def _with_decision(state: Text, decision: str) -> Text:
    if not decision:
        return state
    return _("{state} (décision {decision})", state=state, decision=decision)


@table.command(
    "ouvrir inscriptions",
    aliases={
        "fr": ["ouvrir les inscriptions"],
        "en": ["open registrations"],
        "nl": ["inschrijvingen openen"],
        "de": ["anmeldungen öffnen"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("ouvrir inscriptions [TYPE] [du DATE au DATE] [décision RÉFÉRENCE]"),
    summary=_("ouvrir les inscriptions, à tous ou à un type d'institution"),
    example="ouvrir inscriptions CPAS dès le {soon}, décision CP 12",
    listed=False,
)
def open_(ctx: Context, words: MaybeWords) -> Reply:
    """Open registrations, from a day on or at once; a type opens by a decision."""
    asked = _read(ctx, words)
    if asked.types != (EVERYBODY,) and not asked.decision:
        raise Refusal(
            _(
                "Un type d'institution s'ouvre par une décision : ajoutez sa référence, par exemple"
                " `ouvrir inscriptions CPAS, décision CP 12`."
            )
        )
    start, end = _bounds(asked.period, ctx.today)
    for type_ in asked.types:
        openings.set_(ctx.session, type_, start, end, asked.decision)
        ctx.audit(
            "registrations.opened",
            Topic("entry", ctx.entry.id),
            type=type_ or "all",
            opens_on=str(start),
            decision=asked.decision,
        )
    if start > ctx.today:
        ctx.remind(TAKEN_UP, _ALL, datetime.combine(start, MORNING, ctx.platform.zone))
    return _done(ctx, asked.types, take_up(ctx))


def _bounds(period: Period | None, today: date) -> tuple[date, date | None]:
    """The first and the last day. Raises Refusal for what is over already."""
    if period is None:
        return today, None
    start, end = period.start or today, period.end
    if end == period.start:
        # « le 1er avril » is the day on which it opens.
        end = None
    if end is not None and end < max(start, today):
        raise Refusal(_("Le dernier jour est déjà passé : donnez-en un à venir."))
    return start, end


@table.command(
    "fermer inscriptions",
    aliases={
        "fr": ["fermer les inscriptions"],
        "en": ["close registrations"],
        "nl": ["inschrijvingen sluiten"],
        "de": ["anmeldungen schließen"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("fermer inscriptions [TYPE] [jusqu'au DATE]"),
    summary=_("fermer les inscriptions, à tous ou à un type d'institution"),
    example="fermer inscriptions CPAS",
    listed=False,
)
def close(ctx: Context, words: MaybeWords) -> Reply:
    """Close registrations, perhaps until they open by themselves; what comes is kept."""
    asked = _read(ctx, words)
    opens_on = (asked.period.end or asked.period.start) if asked.period else None
    if opens_on is not None and opens_on <= ctx.today:
        raise Refusal(
            _("Les inscriptions rouvrent un jour à venir : `fermer inscriptions jusqu'au DATE`.")
        )
    for type_ in asked.types:
        openings.set_(ctx.session, type_, opens_on, None, asked.decision)
        ctx.audit("registrations.closed", Topic("entry", ctx.entry.id), type=type_ or "all")
    if opens_on is not None:
        ctx.remind(TAKEN_UP, _ALL, datetime.combine(opens_on, MORNING, ctx.platform.zone))
    return _done(ctx, asked.types, 0)


def _done(ctx: Context, types: Sequence[str], taken_up: int) -> Reply:
    known: Mapping[str, Opening] = {one.type: one for one in openings.known(ctx.session)}
    told: list[Text] = []
    if taken_up:
        told.append(
            n_(
                "{count} inscription gardée est reprise : `inscriptions`.",
                "{count} inscriptions gardées sont reprises : `inscriptions`.",
                taken_up,
            )
        )
    rows = tuple((whom(one), _state(ctx, known.get(one))) for one in types)
    return reply(Fields(rows), *told, title=_("L'ouverture des inscriptions"))


# -- what was kept ----------------------------------------------------------------------------


@table.reminder(TAKEN_UP)
def opened(desk: Desk, topic: Topic) -> None:
    """The day on which registrations open; one that was moved meanwhile finds nothing open."""
    del topic
    take_up(desk)


def take_up(desk: Desk) -> int:
    """Take up every registration that was kept and may go on now, once; how many those are."""
    free = [one for one in members.held(desk.session) if not why_closed(desk, one.type)]
    for institution in free:
        _go_on(desk, institution)
    return len(free)


def _go_on(desk: Desk, institution: Institution) -> None:
    institution.held = False
    about = str(Topic(REGISTRATION, institution.id))
    desk.tell_administrators(to_administrators(institution).about(about))
    words = reply(
        _(
            "Les inscriptions sont ouvertes : celle **{whose}** (réf. **{reference}**), que nous"
            " avions conservée, est reprise. Un administrateur la valide, et vous recevez sa"
            " décision.",
            whose=texts.of_the(institution),
            reference=institution.reference or "",
        ),
        title=_("Inscription {whose} : reprise", whose=texts.of_the(institution)),
    )
    for person in institution.persons:
        desk.tell(person, words.about(about))
