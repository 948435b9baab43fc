"""Messages of ours that do not arrive: the address is marked, and a person is told.

Sending goes on: whether an address is wrong, or a mailbox full for a week, a person finds out.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import notices
from handlers.context import Context
from handlers.desk import Desk
from handlers.observation import Action
from handlers.reply import Reply, reply
from handlers.request import Failure, Severity
from handlers.tokens import read_return_tag
from handlers.wording import Text, _, n_
from storage import audit, bounces, members, outbox
from storage import notices as told
from storage.bounces import Bounce
from storage.members import Person
from storage.outbox import Row

PATIENCE = 3
"""How many messages may come back from an address that may be right, before a person is told."""
WEEK = timedelta(days=7)


def returned(ctx: Context) -> None:
    """A report came in. It counts for the address that we wrote to, as far as it can be known."""
    ctx.observe(intent="bounce", action=Action.IGNORE)
    failure, channel = ctx.incoming.failure, ctx.incoming.channel
    if failure is None or failure.severity is Severity.DELAY:
        return
    # Mail may be forwarded: the report then names an address that we do not know. And anybody can
    # write a report: what we never wrote to is not marked.
    row = _returned(ctx)
    if row is not None:
        outbox.returned(ctx.session, row.id, failure.code)
        mark(ctx, channel, row.destination, failure)
    elif outbox.wrote_to(ctx.session, channel, failure.recipient):
        mark(ctx, channel, failure.recipient, failure)


def _returned(ctx: Context) -> Row | None:
    """The message of ours that a report is about: by the address to which it came back, else by
    what it gives back.
    """
    channel = ctx.incoming.channel
    row_id = read_return_tag(ctx.platform.secret, ctx.incoming.tag or "")
    tagged = ctx.session.get(Row, row_id) if row_id is not None else None
    if tagged is not None and tagged.channel == channel:
        return tagged
    ours = (outbox.by_external_id(ctx.session, channel, id_) for id_ in ctx.incoming.answers)
    return next((found for found in ours if found is not None), None)


def mark(desk: Desk, channel: str, address: str, failure: Failure) -> None:
    """Mark an address; the administrators are told once a week at most."""
    hard = failure.severity is Severity.HARD
    found = bounces.note(desk.session, channel, address, hard=hard, code=failure.code, now=desk.now)
    if not hard and found.soft < PATIENCE:
        return
    pseudonym = audit.pseudonym(desk.platform.secret, address)
    if told.is_due(desk.session, f"bounce {channel} {pseudonym}", WEEK, desk.now):
        person = members.person_at(desk.session, channel, address)
        words = _to_administrators(address, person, found, hard=hard)
        notices.tell(desk, notices.Sort.BOUNCE, words, name=address)


def remark(desk: Desk, channel: str, address: str) -> Text | None:
    """What a record says of an address from which messages came back of late."""
    found = bounces.at(desk.session, channel, address, desk.now)
    if found is None:
        return None
    return n_(
        "⚠️ un message en est revenu, le {day}{code}",
        "⚠️ {count} messages en sont revenus, le dernier le {day}{code}",
        found.hard + found.soft,
        day=found.last_at.astimezone(desk.platform.zone).date(),
        code=f" ({found.code})" if found.code else "",
    )


def _to_administrators(address: str, person: Person | None, found: Bounce, *, hard: bool) -> Reply:
    code = f" ({found.code})" if found.code else ""
    if hard:
        words = _(
            "⚠️ Ce qui est envoyé à **{address}** n'arrive pas{code}.", address=address, code=code
        )
    else:
        words = _(
            "⚠️ {count} messages à **{address}** sont revenus{code} : boîte pleine, ou refus.",
            count=found.soft,
            address=address,
            code=code,
        )
    advice = _("L'envoi continue ; vérifiez l'adresse.")
    if person is None:
        return reply(words, advice)
    whose = _(
        "C'est l'adresse de {name}, {institution}. L'envoi continue ; vérifiez l'adresse.",
        name=person.name,
        institution=person.institution.name,
    )
    return reply(words, whose)
