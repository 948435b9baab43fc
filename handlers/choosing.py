"""« Laquelle ? »: what a command's words may mean, to choose from in a poll, by number or by name.

Whatever is chosen, the command runs as if it had been written so; until then nothing is done.
"""

from __future__ import annotations

from config.folding import fold
from handlers import pending
from handlers.command import Call
from handlers.context import Context
from handlers.reply import Ambiguous, Option, Poll, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _, plain
from storage import outbox
from storage.conversations import Question

WHICH = "which"
MOST = 9
"""Up to how many things can be chosen from; more are only listed."""


def ask(ctx: Context, call: Call, unclear: Ambiguous) -> Reply:
    """Let the sender choose. Raises the Ambiguous itself where the rest of the words would be lost,
    or where there is too much to choose from.
    """
    if unclear.words.strip() != call.words.strip() or len(unclear.meant) > MOST:
        raise unclear
    commands = [f"{call.command.name} {named}" for named, _label in unclear.meant]
    labels = [plain(label, ctx.language) for _named, label in unclear.meant]
    topic = Topic("inbox", ctx.entry.id)
    question = ctx.ask(WHICH, topic, commands=commands, labels=labels)
    options = tuple(Option(str(n), label) for n, (_named, label) in enumerate(unclear.meant, 1))
    return reply(
        Poll(unclear.lead, options),
        _("Répondez par le numéro, ou par le nom."),
        title=unclear.lead,
    ).about(f"question:{question.id}")


def chosen(question: Question, words: str) -> str | None:
    """The command that an answer chooses; None if it chooses none."""
    told = words.strip(" .)#°").removeprefix("n°").strip()
    commands, labels = question.data["commands"], question.data["labels"]
    if told.isdecimal():
        return commands[int(told) - 1] if 1 <= int(told) <= len(commands) else None
    named = [c for c, label in zip(commands, labels, strict=True) if fold(label) == fold(told)]
    return str(named[0]) if len(named) == 1 else None


def asked_here(ctx: Context) -> Question | None:
    """The fresh choice that a bare number answers where it is said: it means nothing else."""
    bare = ctx.incoming.text.strip(" .)")
    if not bare.isdecimal() or len(bare) > len(str(MOST)):
        return None
    asked = pending.asked_here(ctx)
    return asked if asked is not None and asked.kind == WHICH else None


def end(ctx: Context, question: Question, call: Call) -> None:
    """End the poll in which it could be chosen."""
    words = _("C'est choisi : {command} {words}", command=call.command.name, words=call.words)
    for row in outbox.about(ctx.session, f"question:{question.id}"):
        ctx.end_poll(row, words, ctx.language)


def unclear(question: Question) -> Refusal:
    """The refusal of an answer that chooses nothing: the question waits on."""
    most = len(question.data["commands"])
    return Refusal(_("Répondez par un numéro de 1 à {most}, ou par « non ».", most=most))
