"""A letter in a context, understood: the writer's own words, or those that are passed on."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.intents import Intent, Understanding, understand
from handlers.reading.concepts import concepts
from handlers.reading.forwarding import PassedOn, part, passed_on, sent_again
from handlers.reading.letters import level
from handlers.request import Incoming
from storage import purchasing
from storage.members import Standing

# What concerns a person other than the one who passes a letter on: whose words they are counts.
_OF_THE_AUTHOR = frozenset({Intent.REGISTER, Intent.CHANGE_USER, Intent.DEPUTY})


_AMONG_MEMBERS = frozenset(
    {
        Intent.HELP,
        Intent.ANNOUNCEMENT,
        Intent.ANNOUNCEMENT_ANSWER,
        Intent.TEMPLATE_REQUEST,
        Intent.ORDER_STATUS,
    }
)
"""What an authority of elsewhere cannot have; if it asks for it, a person answers."""


def understood_of(ctx: Context) -> Understanding:
    """What a letter wants; what an authority of elsewhere wants of the members is a question."""
    found = _understood(ctx)
    if found.intent in _CHASED and _waits_for_registration(ctx):
        # « Toujours rien reçu ? » is told the state of the registration that waits.
        return replace(found, intent=Intent.REGISTER)
    speaks = found.registration
    elsewhere = speaks.outside and not speaks.body and speaks.institution is None
    if ctx.claimed is None and elsewhere and found.intent in _AMONG_MEMBERS:
        return replace(found, intent=Intent.QUESTION, confidence=0.0)
    return found


_CHASED = frozenset({Intent.QUESTION, Intent.ORDER_STATUS})
"""What « où en est-on ? » is read as; who is no member yet can have ordered nothing."""


def _waits_for_registration(ctx: Context) -> bool:
    """Whether somebody whose registration waits for a decision asks what became of it."""
    if ctx.claimed is None or ctx.claimed.institution.state != Standing.PENDING:
        return False
    return "waiting" in concepts(level(ctx.incoming.text[:_SHORT_LEAD]))


def _understood(ctx: Context) -> Understanding:
    """What a letter says. If its own words only point to the letter that it passes on, that
    one counts, provided that it comes from the same house, or asks to register; the context then
    holds its words.
    """
    own = _understand(ctx, ctx.incoming)
    parted = part(ctx.incoming.text, ctx.incoming.subject)
    if parted is not None and own.intent in _OF_THE_AUTHOR and _same_subject(parted[0]):
        return _of_the_author(ctx, parted[1])
    outer = ctx.incoming
    again = sent_again(outer.text, outer.quoted, outer.sender, outer.display_name)
    inner = again or passed_on(outer.quoted, outer.subject)
    if inner is None:
        return own
    if again is None and not _same_house(outer, inner):
        return _relayed(ctx, inner, own)
    letter = _letter_of(ctx.incoming, inner, inner.address or ctx.incoming.sender)
    found = _understand(ctx, letter)
    if not (_says_more(found, own) or (again is not None and _is_chased(found, own))):
        return own
    ctx.letter = letter
    return found


def _relayed(ctx: Context, inner: PassedOn, own: Understanding) -> Understanding:
    """A registration that somebody of another house passes on without words of their own."""
    if own.intent is not Intent.QUESTION or own.also or not _same_subject(ctx.incoming.text):
        return own
    letter = _letter_of(ctx.incoming, inner, "")
    found = _understand(ctx, letter)
    if found.intent is not Intent.REGISTER or "?" in ctx.incoming.text:
        return own
    ctx.letter = letter
    return found


def _same_subject(lead: str) -> bool:
    """Whether the words above a letter that is passed on leave the matter to that letter."""
    return len(lead) <= _SHORT_LEAD


_SHORT_LEAD = 300


def _of_the_author(ctx: Context, inner: PassedOn) -> Understanding:
    """A copied letter: its author's address only counts if it is of the house that passes it on,
    and the address of whoever passes it on is never the author's.
    """
    sender = inner.address if inner.address and _same_house(ctx.incoming, inner) else ""
    ctx.letter = _letter_of(ctx.incoming, inner, sender)
    return _understand(ctx, ctx.letter)


def _letter_of(incoming: Incoming, inner: PassedOn, sender: str) -> Incoming:
    return replace(
        incoming,
        subject=inner.subject or incoming.subject,
        text=inner.text,
        sender=sender,
        display_name=inner.name,
    )


def _says_more(inner: Understanding, own: Understanding) -> bool:
    """Whether the letter passed on tells what the words above it only point to."""
    if inner.intent is Intent.QUESTION:
        return False
    if own.intent is inner.intent:
        return len(inner.registration.missing) < len(own.registration.missing)
    return own.intent is Intent.QUESTION and not set(own.also) - {inner.intent, Intent.QUESTION}


def _is_chased(inner: Understanding, own: Understanding) -> bool:
    """Whether words that ask what became of something go with the registration sent again below."""
    return inner.intent is Intent.REGISTER and own.intent in _CHASED


def _same_house(outer: Incoming, inner: PassedOn) -> bool:
    return inner.address.rpartition("@")[2] == outer.sender.rpartition("@")[2].lower()


def _understand(ctx: Context, letter: Incoming) -> Understanding:
    return understand(
        letter.subject,
        letter.text,
        sender_address=letter.sender,
        sender_name=letter.display_name,
        day=ctx.today,
        territory=ctx.platform.territory,
        mailing=letter.mailing,
        attached=[file.name for file in letter.files],
        centrals=[central.name for central in purchasing.centrals(ctx.session)],
        from_member=ctx.claimed is not None if letter.sender == ctx.incoming.sender else None,
    )
