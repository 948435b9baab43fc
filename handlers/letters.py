"""A letter in a context, understood: the writer's own words, or those that are passed on."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.intents import Intent, Understanding, understand
from handlers.reading.forwarding import PassedOn, passed_on
from handlers.request import Incoming


def understood_of(ctx: Context) -> Understanding:
    """What a letter wants. If its own words only point to the letter that it passes on, that
    one counts, provided that it comes from the same house; the context then holds its words.
    """
    own = _understand(ctx, ctx.incoming)
    inner = passed_on(ctx.incoming.quoted)
    if inner is None or not _same_house(ctx.incoming, inner):
        return own
    letter = replace(
        ctx.incoming,
        subject=inner.subject or ctx.incoming.subject,
        text=inner.text,
        sender=inner.address or ctx.incoming.sender,
        display_name=inner.name,
    )
    found = _understand(ctx, letter)
    if not _says_more(found, own):
        return own
    ctx.letter = letter
    return found


def _says_more(inner: Understanding, own: Understanding) -> bool:
    """Whether the letter passed on tells what the words above it only point to."""
    if inner.intent is Intent.QUESTION:
        return False
    if own.intent is inner.intent:
        return len(inner.registration.missing) < len(own.registration.missing)
    return own.intent is Intent.QUESTION and not own.also


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
    )
