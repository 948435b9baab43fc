"""How the words behind a command become its arguments, by their type.

A new kind of argument is declared with :func:`reads`; a command then only names the type. What is
missing or unknown is refused with the sentence that would work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NewType

from handlers.command import Call, Command, Parameter
from handlers.context import Context
from handlers.reply import Refusal
from handlers.wording import _, verbatim

Words = NewType("Words", str)
"""Everything that follows; must not be empty."""

MaybeWords = NewType("MaybeWords", str)
"""Everything that follows, if anything does."""

Reader = Callable[[Context, str], Any]
_READERS: dict[Any, Reader] = {}


def reads(kind: Any) -> Callable[[Reader], Reader]:
    """Declare how an argument of a type is read from words."""

    def declare(reader: Reader) -> Reader:
        _READERS[kind] = reader
        return reader

    return declare


@reads(Words)
def _words(_ctx: Context, words: str) -> Words:
    return Words(words)


@reads(MaybeWords)
def _maybe_words(_ctx: Context, words: str) -> MaybeWords:
    return MaybeWords(words)


def arguments(ctx: Context, call: Call) -> dict[str, Any]:
    """The arguments of a call: the last takes all the remaining words, the others one word each.

    Raises Refusal when one is missing or cannot be read.
    """
    found: dict[str, Any] = {}
    rest = call.words.strip()
    *leading, last = call.command.parameters or (None,)
    for parameter in leading:
        word, _space, rest = rest.partition(" ")
        found[parameter.name] = _read(ctx, call.command, parameter, word)
    if last is not None:
        found[last.name] = _read(ctx, call.command, last, rest.strip())
    return found


def _read(ctx: Context, command: Command, parameter: Parameter, words: str) -> Any:
    if not words and parameter.kind is not MaybeWords:
        raise missing(command, ctx.today, ctx.language)
    return _READERS[parameter.kind](ctx, words)


def missing(command: Command, today: date, language: str) -> Refusal:
    """The refusal of a call that lacks an argument: how it is written, and one that works."""
    if command.example:
        return Refusal(
            _(
                "Il manque quelque chose : écrivez `{usage}`, par exemple `{example}`.",
                usage=command.usage,
                example=verbatim(command.example_at(today, language)),
            )
        )
    return Refusal(_("Il manque quelque chose : écrivez `{usage}`.", usage=command.usage))
