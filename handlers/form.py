"""What a form is made of: its fields, each with a question, a reader and what may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.reply import Reply
from handlers.wording import Text

Values = Mapping[str, str]
"""What is known of a form: the value of a field by its name, as plain words or ISO dates."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers that a field offers: what is kept, and how it is said."""

    value: str
    label: Text


def _no_options(_ctx: Context, _values: Values) -> Sequence[Option]:
    return ()


def _always(_values: Values) -> bool:
    return True


def _no_end(_ctx: Context, _value: str) -> Reply | None:
    return None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks for.

    ``read`` gives the value that words mean, None if they are not understood, and raises Refusal
    with the reason if they are but cannot be. ``asks`` is the question, ``wants`` the thing itself
    as it stands in a list of what is missing. ``ends`` answers a value after which nothing more is
    asked. ``spotted`` if it is recognised in the answer to another question; ``free`` if any words
    will do, so that they may begin with a command's name. ``asked_if`` says whether what is known
    leaves the question open: nobody is asked for what they have said already.
    """

    name: str
    asks: Text
    wants: Text
    read: Callable[[Context, str], str | None]
    options: Callable[[Context, Values], Sequence[Option]] = _no_options
    ends: Callable[[Context, str], Reply | None] = _no_end
    optional: bool = False
    spotted: bool = False
    free: bool = False
    asked_if: Callable[[Values], bool] = _always


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name, what it is for, its fields in order, and what is done when it is filled."""

    name: str
    title: Text
    purpose: Text
    fields: tuple[Field, ...]
    finish: Callable[[Context, Values], Reply]
    takes_files: bool = False
    """Whether files that are sent while it is filled go with what it is for."""


def words(_ctx: Context, text: str) -> str | None:
    """The reader of a field that takes any words."""
    return text.strip() or None
