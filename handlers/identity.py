"""Belief in the sender: what is not believed is held until the address on file confirms it.

A mail's From proves nothing (DESIGN, section 4). When it asks for something that needs a right, the
message waits in the inbox and a single-use question goes to the address on file; the answer to that
question carries a reply token that only the holder of the address can have.
"""

from __future__ import annotations

from handlers.command import Table
from handlers.context import Context
from handlers.reply import Block, Choice, Choices, Paragraph, Quote, Refusal, Reply, reply
from handlers.request import Incoming, Topic, authorship
from handlers.wording import Text, _, n_
from storage.conversations import Question
from storage.inbox import Entry, State

table = Table()

SHOWN = 4000
"""How many characters of a held message are shown back; beyond, it is said how many are not."""


class Unproved(Exception):
    """The sender may be who they say, but nothing proves it yet; ``act`` is what they ask for."""

    def __init__(self, act: Text | None = None) -> None:
        super().__init__("unproved")
        self.act = act


def require(ctx: Context, act: Text | None = None) -> None:
    """Raises Unproved unless the sender is believed."""
    if not ctx.believed:
        raise Unproved(act)


def hold(ctx: Context, act: Text | None = None) -> Reply:
    """Keep the message aside and ask the address on file whether it is theirs."""
    ctx.entry.state = State.HELD
    question = ctx.ask("identity", Topic("inbox", ctx.entry.id))
    return reply(
        _(
            "Un message nous est parvenu depuis votre adresse, mais rien ne prouve encore qu'il"
            " est de vous. Est-ce bien vous qui avez écrit ceci ?"
        ),
        *_shown(ctx.incoming),
        *([_("Ce que cela ferait : {act}.", act=act)] if act else []),
        Choices(
            (
                Choice("✅", _("oui"), _("la demande est exécutée")),
                Choice("❌", _("non"), _("elle est oubliée, et les administrateurs sont prévenus")),
            )
        ),
        title=_("Est-ce bien vous ?"),
    ).about(f"question:{question.id}")


def _shown(held: Incoming) -> list[Block]:
    """The held message: all that would be acted upon, or how much of it is not shown."""
    words = "\n\n".join(part for part in (held.subject, held.text) if part)
    blocks: list[Block] = [Quote(words[:SHOWN])]
    hidden = len(words) - SHOWN
    if hidden > 0:
        blocks.append(
            Paragraph(
                n_(
                    "Attention : {count} caractère de plus n'est pas montré ici.",
                    "Attention : {count} caractères de plus ne sont pas montrés ici.",
                    hidden,
                )
            )
        )
    if held.files:
        names = ", ".join(file.name for file in held.files)
        blocks.append(Paragraph(_("Avec : {names}.", names=names)))
    return blocks


@table.question("identity", free_text=True, proves_address=True)
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply | None:
    """Release, or forget, the message that was held."""
    require(ctx)
    held = ctx.session.get_one(Entry, Topic.parse(question.topic).id)
    if held.state != State.HELD:
        return None
    mine = authorship(ctx.incoming.text) if said is None else said
    if mine is None:
        raise Refusal(
            _(
                "Est-ce vous qui avez écrit ce message ? Répondez « oui » ou « non », rien"
                " d'autre ; il attend. Pour autre chose, écrivez un nouveau message."
            )
        )
    if mine:
        ctx.released = held.id
        return None
    return _forget(ctx, held)


def _forget(ctx: Context, held: Entry) -> Reply:
    """Do nothing of it, keep it in the record, and tell the administrators: somebody pretends."""
    held.state = State.HANDLED
    ctx.audit("message.disowned", Topic("inbox", held.id))
    ctx.tell_administrators(
        reply(
            _(
                "⚠️ {sender} dit ne pas avoir écrit un message arrivé en son nom le {instant}."
                " Quelqu'un se fait peut-être passer pour cette adresse ; rien n'a été fait.",
                sender=ctx.incoming.sender,
                instant=held.received_at,
            )
        ).about(f"inbox:{held.id}")
    )
    return reply(
        _("Merci : ce message est oublié, rien n'a été fait. Les administrateurs sont prévenus.")
    )
