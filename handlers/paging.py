"""Long lists in a chat: a page at a time, the next one on `suite` or a reaction, days later too.

A page is not kept: what it shows is looked up again when it is turned, so that it holds then. Where
an answer is read like a letter, the whole list stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.command import Call, Table
from handlers.context import Context
from handlers.reply import Block, Bullets, Paragraph, Refusal, Reply
from handlers.reply import Table as Rows
from handlers.request import Topic
from handlers.wording import _, n_
from storage import conversations
from storage.conversations import PAGE, Question

table = Table()

PER_PAGE = 10
"""How many entries a page shows."""
_NOT_WORTH_A_PAGE = 2
"""So many more entries are shown on the page before rather than on one of their own."""
_TURNS = {"➡", "▶", "⏩", "⏭", "👉", "⬇"}


def turns(text: str) -> bool:
    """Whether a reaction asks for the next page."""
    return text.strip().replace("\ufe0f", "") in _TURNS


def cut(ctx: Context, call: Call, answer: Reply | None) -> Reply | None:
    """The page of a list that is to be shown now, with how much remains."""
    if answer is None or not call.command.paged or not ctx.incoming.interactive:
        return answer
    total, begin = sum(map(_length, answer.blocks)), ctx.shown
    end = begin + PER_PAGE
    if total <= end + _NOT_WORTH_A_PAGE:
        end = total
    blocks = _window(answer.blocks, begin, end)
    if end == total:
        return replace(answer, blocks=tuple(blocks)) if begin else answer
    question = ctx.ask(
        PAGE,
        Topic("inbox", ctx.entry.id),
        text=f"{call.command.name} {call.words}".strip(),
        shown=end,
    )
    more = n_("Encore {count} : `suite`, ou ➡️.", "Encore {count} : `suite`, ou ➡️.", total - end)
    turned = replace(answer, blocks=(*blocks, Paragraph(more)))
    return turned.about(f"question:{question.id}")


def _length(block: Block) -> int:
    match block:
        case Bullets(items):
            return len(items)
        case Rows(rows=rows):
            return len(rows)
    return 0


def _window(blocks: Sequence[Block], begin: int, end: int) -> list[Block]:
    """The entries from ``begin`` to ``end`` with what stands above their lists; what stands below
    all lists comes with the last entry.
    """
    shown: list[Block] = []
    above: list[Block] = []
    place = 0
    for block in blocks:
        length = _length(block)
        if not length:
            above.append(block)
            continue
        first, last = max(begin - place, 0), min(end - place, length)
        if first < last:
            shown += [*above, _part(block, first, last)]
        above, place = [], place + length
    return shown + (above if end >= place else [])


def _part(block: Block, first: int, last: int) -> Block:
    match block:
        case Bullets(items):
            return Bullets(items[first:last])
        case Rows(rows=rows):
            return replace(block, rows=rows[first:last])
    return block


@table.question(PAGE, free_text=True)
def turned(ctx: Context, question: Question, said: bool | None) -> Reply | None:
    """The next page of the list that was answered."""
    del said
    ctx.shown = int(question.data["shown"])
    return ctx.again(question.data["text"])


@table.command(
    "suite",
    aliases={"en": ["more", "next"], "nl": ["vervolg", "meer"], "de": ["weiter", "mehr"]},
    usage=_("suite"),
    summary=_("la page suivante d'une liste"),
    listed=False,
    alone=True,
)
def next_page(ctx: Context) -> Reply | None:
    """The next page of the last list that was shown here."""
    incoming = ctx.incoming
    place = (incoming.conversation, incoming.thread or "")
    question = conversations.waiting_at(
        ctx.session, PAGE, incoming.channel, incoming.sender, place, ctx.now
    )
    if question is None:
        raise Refusal(_("Il n'y a pas de suite : tout est montré."))
    conversations.answer(ctx.session, question.id, ctx.now)
    return turned(ctx, question, None)
