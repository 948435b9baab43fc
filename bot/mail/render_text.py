"""Blocks as plain text of at most 78 columns.

No line may read as a command when a mail program quotes it without marking it: what one may type
always stands between quotation marks, which are never at the start of a command.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.mail.tidy import tidy
from handlers.reply import (
    Block,
    Bullets,
    Choice,
    Choices,
    Fields,
    Heading,
    Paragraph,
    Poll,
    Quote,
    Reply,
    Steps,
    Table,
)
from handlers.wording import Span, Style, Text, _, plain, spans, verbatim

_WIDTH = 78
# Stands for a space at which a line may not be broken, from the speaking to the wrapping.
_GLUE = "\ue000"


def text_body(
    reply: Reply,
    signature: Sequence[str],
    language: str,
    notes: Sequence[Text] = (),
    pictures: Sequence[Text] = (),
    *,
    greeting: Text | None = None,
) -> str:
    """The whole text of a mail, from the greeting to the signature and the notes below it; what
    each picture shows stands in words.
    """
    parts = [_spoken(greeting, language)] if greeting else []
    parts += ["\n".join(_block(block, language)) for block in reply.blocks]
    parts += ["\n".join(_wrapped(_spoken(alt, language))) for alt in pictures]
    # « -- » marks a signature for mail programs (RFC 3676, section 4.3).
    footer = "\n".join(["-- ", *(tidy(line) for line in signature)])
    below = ["\n".join(_wrapped(_spoken(note, language))) for note in notes]
    return "\n\n".join([*(part for part in parts if part), footer, *below]) + "\n"


def _block(block: Block, language: str) -> list[str]:
    match block:
        case Paragraph(text):
            return _wrapped(_spoken(text, language))
        case Heading(text):
            title = _wrapped(_spoken(text, language))
            return [*title, "-" * min(_WIDTH, max(map(len, title), default=0))]
        case Bullets(items):
            return _listed((_spoken(item, language), "- ") for item in items)
        case Steps(items):
            return _listed(
                (_spoken(item, language), f"{number}. ") for number, item in enumerate(items, 1)
            )
        case Fields(rows):
            return [line for label, value in rows for line in _pair(label, value, language)]
        case Table():
            return _table(block, language)
        case Quote(words):
            return [f"> {line}".rstrip() for line in _wrapped(tidy(words), _WIDTH - 2)]
        case Choices():
            return _choices(block, language)
        case Poll():
            return _poll(block, language)


def _choices(choices: Choices, language: str) -> list[str]:
    lines = [
        (_spoken(choice_line(option.phrase, option.meaning), language), "- ")
        for option in choices.options
    ]
    return [*_wrapped(_spoken(CHOICES, language)), *_listed(lines)]


def _poll(poll: Poll, language: str) -> list[str]:
    question = _wrapped(_spoken(poll.question, language))
    return [*question, "", *_choices(choices_of(poll), language), *_several(poll, language)]


def _several(poll: Poll, language: str) -> list[str]:
    return _wrapped(_spoken(SEVERAL, language)) if poll.several else []


def choices_of(poll: Poll) -> Choices:
    """The answers of a poll as what one may write."""
    return Choices(
        tuple(Choice("", verbatim(option.word), option.meaning) for option in poll.options)
    )


SEVERAL = _("Plusieurs réponses sont possibles, par exemple «\u00a01, 2\u00a0».")
CHOICES = _("Vous pouvez répondre à ce mail par\u00a0:")


def choice_line(phrase: Text, meaning: Text) -> Text:
    """« confirmer » : what that word does."""
    return _("«\u00a0{phrase}\u00a0»\u00a0: {meaning}", phrase=phrase, meaning=meaning)


def quoted(words: str) -> Text:
    """Words that a person may type, between quotation marks."""
    return _("«\u00a0{words}\u00a0»", words=words)


def labelled(label: Text, value: Text) -> Text:
    """A label and its value in one line."""
    return _("{label}\u00a0: {value}", label=label, value=value)


def _pair(label: Text, value: Text, language: str) -> list[str]:
    if not plain(label, language).strip():
        return _wrapped(_spoken(value, language))
    return _wrapped(_spoken(labelled(label, value), language), indent="  ")


def _table(table: Table, language: str) -> list[str]:
    """Every row as its own small list of labels and values: no column can run off a screen."""
    width = len(table.header)
    lines: list[str] = []
    for row in table.rows:
        headed = zip((*table.header, *[verbatim("")] * (len(row) - width)), row, strict=False)
        if lines:
            lines.append("")
        lines += [line for label, value in headed for line in _pair(label, value, language)]
    return lines


def _spoken(text: Text, language: str) -> str:
    """A sentence in plain characters: what is code stands between quotation marks, unbroken."""
    return "".join(
        plain(quoted(tidy(span.text)), language).replace(" ", _GLUE)
        if span.style is Style.CODE
        else tidy(span.text)
        for span in stretches(text, language)
    )


def stretches(text: Text, language: str) -> list[Span]:
    """A sentence spoken; words and values within one pair of marks are one stretch. No line is
    broken between a word and the mark beside it.
    """
    return [
        Span(_BESIDE_A_WORD.sub("\u00a0", "".join(span.text for span in run)), style)
        for style, run in groupby(spans(text, language), key=lambda span: span.style)
    ]


_BESIDE_A_WORD = re.compile(r"(?<=«) | (?=[»?!;]|:(?!\S))")


def _listed(items: Iterable[tuple[str, str]]) -> list[str]:
    return [
        line
        for words, mark in items
        for line in _wrapped(words, first=mark, indent=" " * len(mark))
    ]


def _wrapped(words: str, width: int = _WIDTH, first: str = "", indent: str = "") -> list[str]:
    lines: list[str] = []
    for paragraph in words.split("\n"):
        lines += textwrap.wrap(
            paragraph,
            width,
            initial_indent=indent if lines else first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return [line.replace(_GLUE, " ") for line in lines]
