"""Two machines that answer each other must come to an end (RFC 3834, section 2).

Where machines write, nobody is answered more often in an hour than the settings say. What goes
beyond is kept on the shelf, for a person to look at; its sender and the administrators are told
once a day.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import notices, shelf
from handlers.context import Context
from handlers.platform import Platform
from handlers.policy import Role
from handlers.reply import Reply, reply
from handlers.request import Incoming, Kind
from handlers.wording import _
from storage import audit, inbox
from storage import notices as told

MEMBERS_FACTOR = 10
"""How many times more often a member who is believed is answered."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def is_bounded(platform: Platform, incoming: Incoming) -> bool:
    """Whether machines write where this message comes from, and it may be answered."""
    return incoming.channel in platform.machine_channels and incoming.kind is not Kind.BOUNCE


def is_over(ctx: Context) -> bool:
    """Whether the sender was answered so often that this message has to wait."""
    most = _most(ctx)
    since = ctx.now - HOUR
    return inbox.answered(ctx.session, ctx.incoming.channel, ctx.incoming.sender, since) > most


def _most(ctx: Context) -> int:
    known = Role.MEMBER in ctx.roles or Role.ADMINISTRATOR in ctx.roles
    return ctx.platform.settings.rules.answers_per_hour * (MEMBERS_FACTOR if known else 1)


def set_aside(ctx: Context) -> Reply | None:
    """Put the message on the shelf; the first time in a day, its sender is told so."""
    reference = shelf.put(ctx, ctx.entry)
    sender, count = ctx.incoming.sender, _most(ctx)
    pseudonym = audit.pseudonym(ctx.platform.secret, sender)
    if not told.is_due(ctx.session, f"flood {ctx.incoming.channel} {pseudonym}", DAY, ctx.now):
        return None
    words = reply(
        _(
            "⚠️ {sender} a écrit plus de {count} fois en une heure. Ses messages suivants attendent"
            " sur l'étagère, sans réponse, à partir de **{reference}** : `supracom shelf list`.",
            sender=sender,
            count=count,
            reference=reference,
        )
    )
    notices.tell(ctx, notices.Sort.FLOOD, words, name=sender)
    return reply(
        _(
            "Vous avez écrit plus de {count} fois en une heure. Vos messages suivants sont"
            " conservés à partir de celui-ci (réf. **{reference}**) ; un administrateur les"
            " regarde, vous n'avez rien à renvoyer.",
            count=count,
            reference=reference,
        ),
        title=_("Vos messages attendent"),
    )
