"""A decision to join a central: put before its managers, or recorded at once where the central
takes a decision as enough (``joining`` is "recorded").
"""

from __future__ import annotations

from datetime import date

from handlers import adhesion_answers, adhesion_words, articles, deeds
from handlers.context import Context
from handlers.desk import tell_all
from handlers.reply import Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import purchasing
from storage.purchasing import AdhesionRequest, Central

RECORDED = "recorded"


def receive(
    ctx: Context, central: Central, decided_on: date, decision: str, deed_id: int | None = None
) -> Reply:
    """A decision to join: recorded, or put before the managers; its receipt says which.

    ``deed_id`` is the deed that came before; one that comes now takes its place.
    """
    known = purchasing.adhesion(ctx.session, central, ctx.institution)
    if known is not None:
        return adhesion_words.already(known)
    waiting = purchasing.waiting_request(ctx.session, central, ctx.institution)
    if waiting is not None:
        return adhesion_words.still_waiting(waiting)
    deed = deeds.deed_of(ctx)
    asked = AdhesionRequest(
        central=central,
        institution=ctx.institution,
        person=ctx.member,
        decided_on=decided_on,
        decision=decision,
        deed_id=deed.id if deed else deed_id,
        asked_at=ctx.now,
    )
    ctx.session.add(asked)
    ctx.session.flush()
    ctx.audit("central.asked", Topic("central", central.id), institution=ctx.institution.code)
    if central.joining == RECORDED:
        return _recorded(ctx, asked)
    return adhesion_answers.put_before(ctx, asked)


def _recorded(ctx: Context, asked: AdhesionRequest) -> Reply:
    asked.answered_at, asked.accepted = ctx.now, True
    adhesion_answers.join(ctx, asked)
    words = reply(
        _("Une adhésion est arrivée."),
        adhesion_words.facts_of(asked),
        title=adhesion_words.title(asked),
    )
    tell_all(
        ctx,
        asked.central.managers,
        words.with_files(*deeds.files_of(ctx, asked)).about(f"central:{asked.central_id}"),
    )
    ctx.audit(
        "central.joined", Topic("central", asked.central_id), institution=asked.institution.code
    )
    return reply(
        _(
            "L'adhésion est enregistrée et annoncée {operator}.",
            operator=articles.to(asked.central.operator),
        ),
        adhesion_words.facts_of(asked),
        *deeds.kept(asked),
        adhesion_words.HOW_TO_ORDER,
        title=adhesion_words.title(asked),
    )
