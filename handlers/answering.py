"""What every answer to an announcement has in common, be it for all or for its author alone."""

from __future__ import annotations

from handlers import announcement_acts
from handlers.context import Context
from handlers.reading.letter import open_letter
from handlers.reply import File, Refusal
from handlers.request import Incoming
from handlers.wording import _
from storage.announcement_states import Stage, Step
from storage.announcements import Announcement


def mark_answered(ctx: Context, kept: Announcement) -> None:
    """The first offer of help of another institution, be it private, is a step in its life; a no is
    passed on and changes nothing (acceptance B34).
    """
    if kept.stage == Stage.OPEN and not is_own(ctx, kept):
        announcement_acts.take(ctx, kept, Step.ANSWER)


def require_open(ctx: Context, kept: Announcement) -> None:
    """Raises Refusal for who may not answer it, or not any more."""
    if not kept.is_for(ctx.institution):
        raise Refusal(_("Cette annonce ne s'adresse pas à votre institution."))
    if not kept.is_live:
        raise Refusal(_("L'annonce {reference} n'est plus ouverte.", reference=kept.reference))


def is_own(ctx: Context, kept: Announcement) -> bool:
    """Whether the announcement is of the sender's own institution: it answers nobody then."""
    return kept.person.institution_id == ctx.institution.id


def files_of(ctx: Context) -> tuple[File, ...]:
    """The files of a message, to be passed on with what it says."""
    return tuple(File(f.name, f.media_type, f.content) for f in ctx.incoming.files)


def own_words(letter: Incoming) -> str:
    """What somebody says, without the telephone numbers and addresses that stand below their name:
    all members read it, and it bears their name already.
    """
    return open_letter(letter.subject, letter.text).body.strip() or letter.text.strip()
