"""How each answer to an announcement stands, for its author: proposed, accepted or declined; help
is given as far as possible, and a no needs no reason (acceptance B34).
"""

from __future__ import annotations

from handlers.announcement_words import period
from handlers.context import Context
from handlers.reply import Block, Fields, Heading
from handlers.wording import Text, _, verbatim
from storage import agreements, announcements
from storage.agreements import Agreement
from storage.announcements import Announcement, Direction


def overview(ctx: Context, kept: Announcement) -> list[Block]:
    """Every institution that answered, in private too, and how its answer stands; for the author's
    institution only.
    """
    if ctx.institution.id != kept.person.institution_id:
        return []
    made = {one.person.institution_id: one for one in agreements.of(ctx.session, kept)}
    no = announcements.declined(kept)
    rows = tuple(
        (
            verbatim(person.institution.name),
            _state(kept, made.get(person.institution_id), declined=person.id in no),
        )
        for person in announcements.answerers(kept)
    )
    return [Heading(_("Les réponses")), Fields(rows)] if rows else []


def _state(kept: Announcement, made: Agreement | None, *, declined: bool) -> Text:
    if made is not None:
        return _("acceptée, {period}", period=period(made.starts_on, made.ends_on))
    if declined:
        return _("ne peut pas aider cette fois")
    demanded = kept.direction == Direction.DEMAND
    return _("aide proposée") if demanded else _("intéressée")
