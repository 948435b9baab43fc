"""Interest in what a central may offer next: every member is asked, with its largest quantity; who
has not answered is reminded, then named to the central and the administrators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import catalogue, interest_reach, texts
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.interest_answers import KIND
from handlers.policy import Role, morning_of
from handlers.reading.dates import find_period
from handlers.reading.days import Lean
from handlers.reply import Block, Bullets, Fields, File, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.tabular import CSV, as_csv
from handlers.wording import Value, _, n_, plain, verbatim
from storage import interests, members, purchasing, reminders
from storage.conversations import Question
from storage.interests import Interest, InterestCall
from storage.members import Standing
from storage.purchasing import Central

table = Table()

CALL = "interest-call"
REMINDED = (7, 1)
"""How many days before the end who is silent is reminded."""
LEAST = timedelta(days=3)
"""The shortest time that members have for their answer."""

# -- asking -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What a manager wants to know."""

    central: Central
    subject: str
    unit: str
    until: date


@table.command(
    "sonder",
    aliases={
        "fr": ["sonder les membres", "nouvel intérêt", "demander l'intérêt"],
        "en": ["call for interest"],
        "nl": ["interesse peilen"],
        "de": ["interesse abfragen"],
    },
    who=Role.MANAGER,
    usage=_("sonder CENTRALE : OBJET [, en UNITÉ], jusqu'au DATE"),
    summary=_("demander à tous les membres leur intérêt et leur quantité maximale"),
    example="sonder Smart : vélos électriques, en pièces, jusqu'au {later}",
)
def call(ctx: Context, words: Words) -> Reply:
    """Show what every member will be asked, and ask whether it may leave."""
    told = _told(ctx, words)
    central = told.central
    if central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=central.name))
    asked = len(members.active_institutions(ctx.session))
    question = ctx.ask(
        CALL,
        Topic("central", central.id),
        subject=told.subject,
        unit=told.unit,
        until=told.until.isoformat(),
    )
    return reply(
        n_(
            "Voici ce que recevra **{count} membre**. Rien n'est envoyé tant que vous n'avez pas"
            " confirmé.",
            "Voici ce que recevront **{count} membres**. Rien n'est envoyé tant que vous n'avez pas"
            " confirmé.",
            asked,
        ),
        *_question(told),
        texts.confirm_or_cancel(_("la demande part"), _("rien n'est envoyé")),
        title=_("Votre demande attend votre accord"),
    ).about(f"question:{question.id}")


_UNIT = re.compile(r",\s*(?:en|in)\s+(?P<unit>[^\W\d][^,]{1,30}?)\s*(?=,|$)", re.IGNORECASE)
_UNTIL = re.compile(r",?\s*(?:jusqu'au|jusqu’au|avant le|pour le|tot|until|bis)\s+(?P<day>.+)$")


def _told(ctx: Context, words: str) -> Told:
    named, colon, rest = words.partition(":")
    until = _UNTIL.search(rest)
    period = find_period(until["day"], ctx.today, Lean.NEXT) if until else None
    day = (period.end or period.start) if period else None
    unit = _UNIT.search(rest[: until.start()] if until else rest)
    subject = rest[: unit.start() if unit else until.start() if until else len(rest)].strip(" ,.")
    if not colon or not subject or day is None:
        raise Refusal(
            _(
                "Écrivez la centrale, l'objet et le dernier jour : `sonder Smart : vélos"
                " électriques, en pièces, jusqu'au {day}`.",
                day=f"{ctx.today + timedelta(days=30):%d/%m/%Y}",
            )
        )
    if day < ctx.today + LEAST:
        raise Refusal(
            _(
                "Les membres ont besoin d'au moins {count} jours : choisissez un jour à partir du"
                " {day}.",
                count=LEAST.days,
                day=ctx.today + LEAST,
            )
        )
    central = catalogue.read_central(ctx, named.strip())
    return Told(central, subject[:200], unit["unit"].strip() if unit else "", day)


def _question(told: Told | InterestCall, reference: str = "") -> list[Block]:
    values: dict[str, Value] = {
        "central": told.central.name,
        "subject": told.subject,
        "until": told.until,
    }
    how_many = (
        _("Combien au plus, en {unit} ?", unit=told.unit) if told.unit else _("Combien au plus ?")
    )
    return [
        Paragraph(
            _(
                "La centrale **{central}** prépare un marché : **{subject}**. Votre institution"
                " est-elle intéressée ?",
                **values,
            )
        ),
        Paragraph(how_many),
        Paragraph(
            _(
                "Répondez par exemple « oui, 12 » ou « non », pour le **{until}** ; ce n'est pas"
                " encore une commande.",
                **values,
            )
        ),
        *([Paragraph(_("Ou écrivez `intérêt {id} oui 12`.", id=reference))] if reference else []),
    ]


@table.question(CALL)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Ask every member, or nobody."""
    if not said:
        return reply(_("C'est annulé : rien n'a été envoyé."))
    central = ctx.session.get_one(Central, Topic.parse(question.topic).id)
    data = question.data
    made = InterestCall(
        central=central,
        subject=data["subject"],
        unit=data["unit"],
        asked_at=ctx.now,
        until=date.fromisoformat(data["until"]),
    )
    made.interests = [
        Interest(institution=institution)
        for institution in members.active_institutions(ctx.session)
    ]
    ctx.session.add(made)
    ctx.session.flush()
    for one in made.interests:
        interest_reach.ask(ctx, one, _words(one))
    plan(ctx, made)
    ctx.audit("interest.asked", Topic("central", central.id), call=made.id)
    lost = interest_reach.tell_unreached(ctx, made)
    return reply(
        n_(
            "La demande **{id}** est envoyée à {count} membre ; les réponses sont attendues pour le"
            " **{until}**.",
            "La demande **{id}** est envoyée à {count} membres ; les réponses sont attendues pour"
            " le **{until}**.",
            len(made.interests),
            id=made.id,
            until=made.until,
        ),
        *lost,
        _("Qui a répondu ? `intérêts {id}`.", id=made.id),
    )


def _words(one: Interest) -> Reply:
    title = _("Intérêt pour un marché : {subject}", subject=one.call.subject)
    return reply(*_question(one.call, str(one.call.id)), title=title).about(f"{KIND}:{one.id}")


def _again(one: Interest) -> Reply:
    title = _("Rappel, intérêt pour un marché : {subject}", subject=one.call.subject)
    lead = _("Nous n'avons pas encore la réponse de votre institution.")
    about = f"{KIND}:{one.id}"
    return reply(lead, *_question(one.call, str(one.call.id)), title=title).about(about)


def plan(desk: Desk, made: InterestCall) -> None:
    """Plan the reminders of a call and the report of what came of it."""
    for days in (*REMINDED, -1):
        day = made.until - timedelta(days=days)
        if day > desk.today:
            kind = CALL if days > 0 else f"{CALL}-over"
            due = morning_of(day, desk.platform.zone)
            # The last day may have been moved away and back.
            reminders.plan_again(desk.session, kind, str(Topic(CALL, made.id)), due)


# -- reminding and escalating -----------------------------------------------------------------


@table.reminder(CALL)
def remind(desk: Desk, topic: Topic) -> None:
    """Ask who became a member since, remind who has not answered; at last, their direction, too."""
    made = desk.session.get_one(InterestCall, topic.id)
    if desk.today > made.until:
        # Carried out too late: what came of it is told by the report.
        return
    for one in interests.silent(made):
        if one.institution.state == Standing.ACTIVE:
            interest_reach.ask(desk, one, _again(one))
            if (made.until - desk.today).days <= REMINDED[-1]:
                interest_reach.escalate(desk, one)
    for institution in interests.missed(made, members.active_institutions(desk.session)):
        late = Interest(call=made, institution=institution)
        desk.session.add(late)
        desk.session.flush()
        interest_reach.ask(desk, late, _words(late))
    interest_reach.tell_unreached(desk, made)


@table.reminder(f"{CALL}-over")
def report(desk: Desk, topic: Topic) -> None:
    """Tell the central and the administrators what came of it, and who never answered."""
    made = desk.session.get_one(InterestCall, topic.id)
    words = results_of(desk, made)
    tell_all(desk, made.central.managers, words)
    if interests.silent(made):
        desk.tell_administrators(words)


# -- looking ----------------------------------------------------------------------------------


@table.command(
    "intérêts",
    aliases={"en": ["interests"], "nl": ["alle belangstelling"], "de": ["alle bedarfe"]},
    who=Role.MANAGER,
    usage=_("intérêts [NUMÉRO]"),
    summary=_("ce que les membres ont répondu à une demande d'intérêt"),
    example="intérêts 1",
)
def results(ctx: Context, words: MaybeWords) -> Reply:
    """What came of a call of a central that one manages, with a file of all answers."""
    mine = [
        made
        for central in purchasing.manages(ctx.session, ctx.member)
        for made in interests.calls_of(ctx.session, central)
    ]
    chosen = [made for made in mine if not words or str(made.id) == words.strip()]
    if not chosen:
        raise Refusal(_("Aucune demande d'intérêt. Pour en faire une : `sonder CENTRALE : OBJET`."))
    made = chosen[0]
    content = as_csv(_rows(made.interests, ctx.language))
    return results_of(ctx, made).with_files(File(f"interets-{made.id}.csv", CSV, content))


def results_of(desk: Desk, made: InterestCall) -> Reply:
    """What came of a call: how many, how much at most, and who is silent."""
    silent = interests.silent(made)
    wanting = [one for one in made.interests if one.wanted]
    blocks: list[Block] = [
        Fields(
            (
                (_("Marché"), verbatim(made.subject)),
                (_("Réponses attendues"), _("pour le {day}", day=made.until)),
                (_("Membres"), _("{count}", count=len(made.interests))),
                (_("Intéressés"), _("{count}", count=len(wanting))),
                (
                    _("Quantité maximale"),
                    _(
                        "{most} {unit}",
                        most=sum(one.most or 0 for one in wanting),
                        unit=made.unit,
                    ),
                ),
                (_("Sans réponse"), _("{count}", count=len(silent))),
            )
        )
    ]
    late = interests.late(made, desk.platform.zone)
    if late:
        names = tuple(verbatim(one.institution.name) for one in late)
        blocks += [Paragraph(_("Répondu après le délai (compris) :")), Bullets(names)]
    if silent:
        named = sorted(silent, key=lambda one: catalogue.by_place(one.institution.name))
        blocks += [
            Paragraph(_("Sans réponse au {day} :", day=desk.today)),
            Bullets(tuple(interest_reach.line(desk, one) for one in named)),
        ]
    return reply(*blocks, title=_("Intérêt pour un marché : {subject}", subject=made.subject))


def _rows(answers: Sequence[Interest], language: str) -> Iterator[list[str]]:
    header = (_("Institution"), _("Intéressée"), _("Quantité maximale"), _("Répondu"))
    yield [plain(name, language) for name in header]
    for one in answers:
        said = "" if one.wanted is None else plain(_("oui") if one.wanted else _("non"), language)
        when = one.answered_at.date().isoformat() if one.answered_at else ""
        yield [one.institution.name, said, "" if one.most is None else str(one.most), when]
