"""What managers answer to a request to join their central: asked, reminded, accepted or refused."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import adhesion_words, admission, articles, deeds, texts
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role, in_working_days, morning_of
from handlers.reading.consent import plain_consent
from handlers.reply import Block, Bullets, Quote, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, n_
from storage import conversations, purchasing
from storage.conversations import Question
from storage.members import Standing
from storage.purchasing import Adhesion, AdhesionRequest, Central

table = Table()

KIND = "adhesion"
"""The question to a manager, the topic and the reminder of a request."""
REMINDED = (3, 8)
"""After how many working days the managers are reminded; the last time the administrators, too."""
OPEN_FOR = timedelta(days=90)
"""How long the question itself can be answered; after that, with the command."""


def put_before(ctx: Context, asked: AdhesionRequest) -> Reply:
    """Ask the managers of a central, and say to the asker that they are asked."""
    _ask_managers(ctx, asked)
    for days in REMINDED:
        day = in_working_days(ctx.today, days, ctx.platform.holidays)
        ctx.remind(KIND, Topic(KIND, asked.id), morning_of(day, ctx.platform.zone))
    return reply(
        _(
            "L'adhésion {whose} est bien reçue et transmise {operator}, qui doit l'accepter. Vous"
            " serez prévenu dès que c'est fait.",
            whose=texts.of_the(asked.institution),
            operator=articles.to(asked.central.operator),
        ),
        adhesion_words.facts_of(asked),
        *deeds.kept(asked),
        title=adhesion_words.title(asked),
    )


def _ask_managers(desk: Desk, asked: AdhesionRequest) -> None:
    words = reply(
        _("**{name}** demande à adhérer à la centrale.", name=asked.institution.name),
        adhesion_words.facts_of(asked),
        texts.confirm_or_cancel(
            _("l'adhésion est acceptée"), _("elle est refusée ; écrivez pourquoi derrière")
        ),
        _(
            "Ou plus tard : `accepter l'adhésion {id}`, `refuser l'adhésion {id} MOTIF`.",
            id=str(asked.id),
        ),
        title=adhesion_words.title(asked),
    ).with_files(*deeds.files_of(desk, asked))
    for manager in asked.central.managers:
        if manager.active:
            desk.ask_person(manager, KIND, Topic(KIND, asked.id), words, desk.now + OPEN_FOR)


@table.question(KIND, free_text=True)
def answered(ctx: Context, question: Question, said: bool | None) -> Reply:
    """A manager accepts a request, or refuses it with a reason."""
    asked = _waiting(ctx, Topic.parse(question.topic).id)
    words = ctx.incoming.text.strip()
    if said is None:
        said = plain_consent(words.partition("\n")[0])
    refusal = _REFUSAL.match(words)
    if said is None and refusal is None:
        conversations.reopen(ctx.session, [ctx.entry.id])
        raise Refusal(_("Répondez « oui » pour accepter, ou « non » suivi du motif."))
    if said:
        return _accepted(ctx, asked)
    return _refused(ctx, asked, words[refusal.end() :].strip() if refusal else "")


_REFUSAL = re.compile(r"(?:non|nee|nein|no|❌)\b[\s,;:.]*(?:car\s+)?|❌\s*", re.IGNORECASE)


def _waiting(ctx: Context, id_: int) -> AdhesionRequest:
    """A request of a central that one manages, locked for its answer. Raises Refusal."""
    asked = ctx.session.get(AdhesionRequest, id_, with_for_update=True)
    if asked is None or asked.central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Je ne trouve pas cette adhésion : écrivez `adhésions en attente`."))
    if asked.answered_at is not None:
        raise Refusal(
            _("Cette adhésion est déjà acceptée.")
            if asked.accepted
            else _("Cette adhésion est déjà refusée.")
        )
    return asked


def _accepted(ctx: Context, asked: AdhesionRequest) -> Reply:
    _close(ctx, asked, accepted=True)
    join(ctx, asked)
    _tell_asker(
        ctx,
        asked,
        reply(
            _(
                "C'est fait : l'adhésion {whose} à la centrale **{central}** est acceptée, depuis"
                " le {day}.",
                whose=texts.of_the(asked.institution),
                central=asked.central.name,
                day=ctx.today,
            ),
            adhesion_words.HOW_TO_ORDER,
            title=adhesion_words.title(asked),
        ),
    )
    ctx.audit(
        "central.joined", Topic("central", asked.central_id), institution=asked.institution.code
    )
    return reply(
        _(
            "C'est fait : **{name}** a adhéré à la centrale **{central}**, et le sait.",
            name=asked.institution.name,
            central=asked.central.name,
        )
    )


def _refused(ctx: Context, asked: AdhesionRequest, why: str) -> Reply:
    _close(ctx, asked, accepted=False, why=why[:1000])
    blocks: list[Block | Text] = [
        _(
            "L'adhésion {whose} à la centrale **{central}** n'est pas acceptée.",
            whose=texts.of_the(asked.institution),
            central=asked.central.name,
        )
    ]
    if why:
        blocks.append(Quote(why[:1000]))
    blocks.append(_("Pour en parler : `interlocuteur {name}`.", name=asked.central.name))
    _tell_asker(ctx, asked, reply(*blocks, title=adhesion_words.title(asked)))
    ctx.audit(
        "central.refused", Topic("central", asked.central_id), institution=asked.institution.code
    )
    return reply(_("C'est noté : l'adhésion est refusée, et l'institution prévenue."))


def _close(ctx: Context, asked: AdhesionRequest, *, accepted: bool, why: str = "") -> None:
    asked.answered_at, asked.accepted, asked.why = ctx.now, accepted, why
    # The other managers were asked, too.
    conversations.withdraw(ctx.session, KIND, f"{KIND}:{asked.id}", ctx.now)


def take_back(ctx: Context, central: Central) -> bool:
    """Take one's own request back before it is answered; whether there was one."""
    asked = purchasing.waiting_request(ctx.session, central, ctx.institution)
    if asked is None:
        return False
    _close(ctx, asked, accepted=False)
    told = _("**{name}** retire sa demande d'adhésion.", name=asked.institution.name)
    tell_all(ctx, central.managers, reply(told, title=adhesion_words.title(asked)))
    ctx.audit("central.taken-back", Topic("central", central.id), institution=ctx.institution.code)
    return True


def _tell_asker(desk: Desk, asked: AdhesionRequest, words: Reply) -> None:
    if asked.institution.state == Standing.ACTIVE:
        people = [person for person in asked.institution.persons if person.active]
        tell_all(desk, people, words.about(f"central:{asked.central_id}"))


@table.too_late(KIND)
def late(ctx: Context, question: Question) -> Reply:
    """A second manager answers what the first one has decided."""
    asked = ctx.session.get_one(AdhesionRequest, Topic.parse(question.topic).id)
    if asked.accepted is None:
        return reply(_("Pour répondre maintenant : `adhésions en attente`."))
    return reply(
        _("Cette adhésion est déjà acceptée.")
        if asked.accepted
        else _("Cette adhésion est déjà refusée.")
    )


# -- joining ------------------------------------------------------------------------------------


def join(desk: Desk, asked: AdhesionRequest) -> None:
    """A request that was accepted becomes an adhesion."""
    desk.session.add(
        Adhesion(
            central=asked.central,
            institution=asked.institution,
            decided_on=asked.decided_on,
            decision=asked.decision,
            joined_on=desk.today,
            deed_id=asked.deed_id,
        )
    )
    admission.arrange(desk)


# -- reminding and looking ------------------------------------------------------------------------


@table.reminder(KIND)
def remind(desk: Desk, topic: Topic) -> None:
    """Remind the managers of a request that waits; the last time, tell the administrators."""
    asked = desk.session.get_one(AdhesionRequest, topic.id)
    if asked.answered_at is not None:
        return
    conversations.withdraw(desk.session, KIND, str(topic), desk.now)
    _ask_managers(desk, asked)
    asked_on = asked.asked_at.astimezone(desk.platform.zone).date()
    last = in_working_days(asked_on, REMINDED[-1], desk.platform.holidays)
    if desk.today >= last:
        desk.tell_administrators(
            reply(
                _(
                    "⏰ L'adhésion {whose} à la centrale **{central}** attend depuis le {day}.",
                    whose=texts.of_the(asked.institution),
                    central=asked.central.name,
                    day=asked_on,
                )
            )
        )


@table.command(
    "adhésions en attente",
    aliases={
        "fr": ["adhésions à accepter"],
        "en": ["pending adhesions"],
        "nl": ["wachtende toetredingen"],
        "de": ["wartende beitritte"],
    },
    who=Role.MANAGER,
    usage=_("adhésions en attente"),
    summary=_("les adhésions à vos centrales qui attendent votre accord"),
)
def pending(ctx: Context) -> Reply:
    """What waits for an answer of whoever manages a central."""
    found = [
        asked
        for central in purchasing.manages(ctx.session, ctx.member)
        for asked in purchasing.waiting_requests(ctx.session, central)
    ]
    if not found:
        return reply(_("Aucune adhésion n'attend votre accord."))
    lines = tuple(
        _(
            "**{id}** · {name}, centrale {central}, décision du {day}, réf. {decision}",
            id=str(asked.id),
            name=asked.institution.name,
            central=asked.central.name,
            day=asked.decided_on,
            decision=asked.decision,
        )
        for asked in found
    )
    return reply(
        n_(
            "{count} adhésion attend votre accord :",
            "{count} adhésions attendent votre accord :",
            len(found),
        ),
        Bullets(lines),
        _("`accepter l'adhésion {id}`, ou `refuser l'adhésion {id} MOTIF`.", id=str(found[0].id)),
    )


@table.command(
    "accepter l'adhésion",
    aliases={
        "fr": ["accepter adhésion"],
        "en": ["accept adhesion"],
        "nl": ["toetreding aanvaarden"],
        "de": ["beitritt annehmen"],
    },
    who=Role.MANAGER,
    usage=_("accepter l'adhésion NUMÉRO"),
    summary=_("accepter une adhésion à votre centrale"),
    example="accepter l'adhésion 3",
    listed=False,
)
def accept(ctx: Context, words: Words) -> Reply:
    """Accept a request by its number."""
    return _accepted(ctx, _waiting(ctx, _number(words)))


@table.command(
    "refuser l'adhésion",
    aliases={
        "fr": ["refuser adhésion"],
        "en": ["refuse adhesion"],
        "nl": ["toetreding weigeren"],
        "de": ["beitritt ablehnen"],
    },
    who=Role.MANAGER,
    usage=_("refuser l'adhésion NUMÉRO MOTIF"),
    summary=_("refuser une adhésion à votre centrale, avec le motif"),
    example="refuser l'adhésion 3 la décision n'est pas jointe",
    listed=False,
)
def refuse(ctx: Context, number: Words, why: MaybeWords) -> Reply:
    """Refuse a request by its number."""
    return _refused(ctx, _waiting(ctx, _number(number)), why)


def _number(words: str) -> int:
    told = words.strip(" n°.")
    return int(told) if told.isdecimal() and len(told) < 10 else 0
