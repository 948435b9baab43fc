"""Belief in the sender: what is not believed is held until the address on file confirms it.

A mail's From proves nothing (DESIGN, section 4). When it asks for something that needs a right, the
message waits in the inbox and a single-use question goes to the address on file; the answer to that
question carries a reply token that only the holder of the address can have.
"""

from __future__ import annotations

from handlers.command import Table
from handlers.context import Context
from handlers.reply import Choice, Choices, Quote, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage.conversations import Question
from storage.inbox import Entry, State

table = Table()

SHOWN = 500
"""How many characters of a held message are shown back."""


class Unproved(Exception):
    """The sender may be who they say, but nothing proves it yet."""


def require(ctx: Context) -> None:
    """Raises Unproved unless the sender is believed."""
    if not ctx.believed:
        raise Unproved


def hold(ctx: Context) -> Reply:
    """Keep the message aside and ask the address on file whether it is theirs."""
    ctx.entry.state = State.HELD
    question = ctx.ask("identity", Topic("inbox", ctx.entry.id))
    return reply(
        _(
            "Un message nous est parvenu depuis votre adresse, mais rien ne prouve encore qu'il"
            " est de vous. Est-ce bien vous qui avez écrit ceci ?"
        ),
        Quote((ctx.incoming.text or ctx.incoming.subject)[:SHOWN]),
        Choices(
            (
                Choice("✅", _("oui"), _("la demande est exécutée")),
                Choice("❌", _("non"), _("elle est oubliée")),
            )
        ),
        title=_("Est-ce bien vous ?"),
    ).about(f"question:{question.id}")


@table.question("identity", proves_address=True)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply | None:
    """Release, or forget, the message that was held."""
    require(ctx)
    held = ctx.session.get_one(Entry, Topic.parse(question.topic).id)
    if held.state != State.HELD:
        return None
    if said:
        ctx.released = held.id
        return None
    held.state = State.HANDLED
    return reply(_("Merci : ce message est oublié, rien n'a été fait."))
