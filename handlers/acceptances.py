"""What the author of an announcement says in its conversation, where it takes up an answer: the
terms are shown and asked about before anything is agreed (acceptance B34, B40).
"""

from __future__ import annotations

from handlers import agreement_terms, agreements
from handlers.answering import is_own
from handlers.context import Context
from handlers.reading.accepting import LONGEST, Taken, takes_up
from handlers.reading.lent_numbers import number_before
from handlers.reply import Reply
from storage import announcements, inbox, outbox
from storage.announcements import Announcement
from storage.members import Person


def proposed(ctx: Context, kept: Announcement, words: str) -> Reply | None:
    """The terms of what an author's words take up; None if they take up nothing.

    Of several who answered it is the one to whose words these are an answer.
    """
    if not is_own(ctx, kept) or not kept.is_awaiting:
        # What is agreed already is talked about, not agreed once more.
        return None
    no = announcements.declined(kept)
    willing = [one for one in announcements.answerers(kept) if one.id not in no]
    taken = takes_up(words) or (Taken.PLAINLY if _counts(ctx, kept, words) else None)
    if taken is None or (taken is Taken.BY_THE_WAY and not willing):
        return None
    whose = answered(ctx, kept)
    if taken is Taken.BY_THE_WAY and whose is None:
        return None
    named = agreement_terms.named_institutions(ctx, words) or agreement_terms.answerer_named(
        ctx, kept, words
    )
    said = words if named or whose is None else f"{words} {whose.institution.name}"
    return agreements.propose(ctx, kept, said)


def _counts(ctx: Context, kept: Announcement, words: str) -> bool:
    """Whether words say how many of each of those who answered: « deux de Rouvroy »."""
    if "?" in words or len(words.split()) > LONGEST:
        return False
    answered = {
        (one.institution.type, one.institution.code) for one in announcements.answerers(kept)
    }
    counted = [
        one
        for one in ctx.platform.territory.mentions(words)
        if (one.authority.type.value, one.authority.code) in answered
        and number_before(words, one.start)
    ]
    return bool(counted)


def answered(ctx: Context, kept: Announcement) -> Person | None:
    """Who wrote what a message answers, if that was an answer to the announcement."""
    for external_id in ctx.incoming.answers:
        row = outbox.by_external_id(ctx.session, ctx.incoming.channel, external_id)
        # Where everybody reads, an answer is a message of its writer, and not ours.
        cause = (
            row.entry_id
            if row is not None
            else inbox.named(ctx.session, ctx.incoming.channel, external_id)
        )
        for said in kept.contributions:
            theirs = said.person.institution_id != kept.person.institution_id
            if cause is not None and said.entry_id == cause and theirs:
                return said.person
    return None
