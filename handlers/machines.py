"""Mail that no person wrote, where only the words give it away: read, entered, never answered.

What a mail's headers declare never comes so far: see bot/mail/automatic.py.
"""

from __future__ import annotations

from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import ask_a_person
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.reply import Reply

table = Table()


@table.intent(Intent.AUTO_REPLY)
@table.intent(Intent.BOUNCE)
def ignored(ctx: Context, understood: Understanding) -> Reply | None:
    """An absence notice or a report: an answer would be answered in its turn (RFC 3834)."""
    del understood
    ctx.observe(action=Action.IGNORE)
    return None


@table.intent(Intent.BULK)
def advertised(ctx: Context, understood: Understanding) -> Reply | None:
    """Advertising from somebody unknown; of a member, a person judges what is meant."""
    if ctx.claimed is not None:
        return ask_a_person(ctx, understood)
    ctx.observe(action=Action.IGNORE)
    return None
