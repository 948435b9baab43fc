"""Whether registrations are open, and what is said where they are not (acceptance B45, B46).

What comes outside is kept, and taken up when it opens (:mod:`handlers.registration_openings`).
"""

from __future__ import annotations

from handlers import texts
from handlers.desk import Desk
from handlers.reply import Refusal
from handlers.wording import Text, _
from storage import openings
from storage.members import Institution
from storage.openings import EVERYBODY, Opening


def whom(type_: str) -> Text:
    """Whom an opening binds."""
    return _("Toutes les institutions") if type_ == EVERYBODY else texts.type_name(type_)


def why_closed(desk: Desk, *types: str) -> list[Text]:
    """Why registrations of these types are not open today; nothing if they are."""
    found = openings.closing(desk.session, types, desk.today)
    return [] if found is None else [_state(desk, found), *_decided(found)]


def _state(desk: Desk, one: Opening) -> Text:
    who = whom(one.type)
    if one.closes_on is not None and one.has_ended(desk.today):
        return _(
            "Les inscriptions sont closes depuis le **{day}** ({who}).", day=one.closes_on, who=who
        )
    if one.opens_on is None:
        return _("Les inscriptions ne sont pas encore ouvertes ({who}).", who=who)
    return _(
        "Les inscriptions ne sont pas encore ouvertes ({who}) : elles ouvrent le **{day}**.",
        day=one.opens_on,
        who=who,
    )


def _decided(one: Opening) -> list[Text]:
    return [_("Décision : {decision}.", decision=one.decision)] if one.decision else []


def kept_until_open(desk: Desk, institution: Institution) -> list[Text]:
    """What a receipt says of a registration that waits for its opening; nothing if it does not."""
    if not institution.held:
        return []
    return [
        *why_closed(desk, institution.type),
        _(
            "La vôtre est conservée : le jour de l'ouverture, nous la reprenons et nous"
            " vous l'écrivons. Vous n'avez rien à refaire. Une erreur ? Répondez simplement à ce"
            " message."
        ),
    ]


def require_open(desk: Desk, institution: Institution) -> None:
    """See that a registration may be accepted today. Raises Refusal."""
    reasons = why_closed(desk, institution.type) if institution.held else []
    if reasons:
        raise Refusal(
            *reasons,
            _(
                "L'inscription {reference} est gardée jusque-là.",
                reference=institution.reference or "",
            ),
        )
