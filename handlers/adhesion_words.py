"""What is said of an adhesion: that it is there, that it waits, what it says."""

from __future__ import annotations

from datetime import date

from handlers import articles, texts
from handlers.context import Context
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.wording import Text, _, verbatim
from storage import purchasing
from storage.members import Institution
from storage.purchasing import Adhesion, AdhesionRequest, Central

HOW_TO_ORDER = _("Pour commander : `commander SOLUTION`, par exemple `commander e-guichet`.")


def already(known: Adhesion) -> Reply:
    """The state of an adhesion that is there already."""
    return reply(
        _(
            "L'adhésion {whose} à la centrale **{central}** est déjà enregistrée, depuis le {day}.",
            whose=texts.of_the(known.institution),
            central=known.central.name,
            day=known.joined_on,
        )
    )


def waits(ctx: Context, central: Central) -> Refusal | None:
    """Why an institution that asked to join cannot order yet; None if it did not ask."""
    waiting = purchasing.waiting_request(ctx.session, central, ctx.institution)
    return Refusal(*still_waiting(waiting).blocks) if waiting is not None else None


def still_waiting(asked: AdhesionRequest) -> Reply:
    """A request that was made already."""
    return reply(
        _(
            "L'adhésion {whose} à la centrale **{central}** est demandée depuis le {day} ; elle"
            " attend l'accord {operator}. Vous serez prévenu dès qu'il est donné.",
            whose=texts.of_the(asked.institution),
            central=asked.central.name,
            day=asked.asked_at,
            operator=articles.of(asked.central.operator),
        )
    )


def facts(institution: Institution, central: Central, decided_on: date, decision: str) -> Fields:
    """What an adhesion says: who, to what, by which decision."""
    return Fields(
        (
            (_("Institution"), verbatim(institution.name)),
            (_("Centrale"), verbatim(central.name)),
            (_("Décision"), _("du {day}, réf. {decision}", day=decided_on, decision=decision)),
        )
    )


def facts_of(asked: AdhesionRequest) -> Fields:
    """What a request to join says."""
    return facts(asked.institution, asked.central, asked.decided_on, asked.decision)


def title(asked: AdhesionRequest) -> Text:
    """« Adhésion à la centrale Smart »."""
    return _("Adhésion à la centrale {central}", central=asked.central.name)
