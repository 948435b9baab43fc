"""Somebody who only looks: what a stranger is told in answer to a command, without any message.

Nothing is kept of a visit and nobody is told anything: what would ask, write or send fails loudly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.arguments import arguments
from handlers.calls import check
from handlers.command import Call, Command, Table
from handlers.context import Context
from handlers.platform import Platform
from handlers.reply import Ambiguous, Bullets, Refusal, Reply, reply
from handlers.request import Incoming
from handlers.wording import Text, _
from storage import library, purchasing
from storage.inbox import Entry
from storage.library import Shelf


class Visit(Context):
    """A request of nobody in particular, in a language, that leaves no trace."""

    def __init__(self, session: Session, platform: Platform, now: datetime, language: str) -> None:
        nothing = Incoming(
            channel=platform.record_channel,
            external_id="",
            conversation="",
            sender="",
            sent_at=now,
            authenticated=False,
        )
        # Never added to the session: it has no id and no row.
        super().__init__(
            session,
            platform,
            now,
            nothing,
            entry=Entry(),
            person=None,
            topic=None,
            believed=False,
        )
        self._language = language

    @property
    def language(self) -> str:
        """The language that was asked for."""
        return self._language

    def ask(self, kind: str, *_about: object, **_data: object) -> NoReturn:
        """Nobody would answer. Raises RuntimeError."""
        raise RuntimeError(f"a visitor is asked nothing: {kind}")

    def put(self, *_to: object, **_how: object) -> NoReturn:
        """Nothing is sent because somebody looks. Raises RuntimeError."""
        raise RuntimeError("a visit sends nothing")


def told(ctx: Visit, table: Table, command: str, words: str = "") -> Reply:
    """What a stranger is told who writes a command with words. Raises Refusal."""
    ctx.commands = table.commands
    call = Call(named(table, command), words)
    check(ctx, call.command.who, call.command.summary, call.command.name)
    try:
        answer = call.command.run(ctx, **arguments(ctx, call))
    except Ambiguous as unclear:
        return _which(call, unclear)
    if answer is None:
        raise Refusal(_("Il n'y a rien à montrer ici."))
    return answer


def named(table: Table, name: str) -> Command:
    """The command of exactly this name. Raises LookupError."""
    for command in table.commands:
        if command.name == name:
            return command
    raise LookupError(name)


def _which(call: Call, unclear: Ambiguous) -> Reply:
    """What the words may mean, each as the command that means just it."""
    lines = tuple(_line(call, words, label) for words, label in unclear.meant)
    return reply(unclear.lead, Bullets(lines))


def _line(call: Call, words: str, label: Text) -> Text:
    whole = f"{call.command.name} {words}"
    return _("**{label}** : `{command}`", label=label, command=whole)


@dataclass(frozen=True, slots=True)
class Known:
    """Something that has a name of its own, and the command that tells about it."""

    name: str
    command: str
    words: str
    is_solution: bool = False


def known(ctx: Visit) -> Iterator[Known]:
    """What anybody may ask about by its name: centrals, solutions, suppliers, adhering
    bodies, news.
    """
    for central in purchasing.centrals(ctx.session):
        yield Known(central.name, "centrale", central.name)
        for solution in central.solutions:
            yield Known(solution.name, "fiche", solution.slug, is_solution=True)
            yield Known(solution.supplier, "fournisseur", solution.supplier)
        for adhesion in purchasing.adhesions(ctx.session, central, ctx.today):
            yield Known(adhesion.institution.name, "fiche", adhesion.institution.name)
    for news in library.on(ctx.session, Shelf.NEWS):
        yield Known(news.name, "actualités", news.slug)
