"""Blocks as HTML for browsers: semantic elements and classes, no style and no script; pure.

What looks like a command leads to the page that answers it, and so does a name that has a page.
Addresses are told in the form « nom(at)domaine » (acceptance A41).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.mail.render_text import choice_line, choices_of, quoted, stretches
from bot.mail.tidy import tidy
from bot.web.pages import Paths
from handlers.reply import (
    Block,
    Bullets,
    Choices,
    Fields,
    Heading,
    Paragraph,
    Poll,
    Quote,
    Steps,
    Table,
)
from handlers.wording import Span, Style, Text, plain, verbatim

_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@(?=[\w-]+(?:\.[\w-]+)+)")
_WIDE = 3
"""From how many columns on a table is shown as a list on a narrow screen."""
_MANY, _BRIEF = 8, 60
"""A list of so many entries, each of at most so many characters, stands in columns."""
_SHORT = 24
"""Up to how many characters what one may type stays in one line."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the blocks of one page in a language; ``link`` makes an address of a path."""

    language: str
    paths: Paths
    link: Callable[[str], str]

    def blocks(self, blocks: Iterable[Block], title: Text | None = None) -> Markup:
        """All blocks, but a first one that only repeats the title of the page."""
        said = plain(title, self.language) if title is not None else ""
        rest = [b for i, b in enumerate(blocks) if i or not self._repeats(b, said)]
        return Markup("\n").join(self._block(block) for block in rest)

    def _repeats(self, block: Block, title: str) -> bool:
        return isinstance(block, Heading | Paragraph) and plain(block.text, self.language) == title

    def _block(self, block: Block) -> Markup:
        match block:
            case Paragraph(text):
                return Markup("<p>{}</p>").format(self.spoken(text))
            case Heading(text):
                return Markup("<h2>{}</h2>").format(self.spoken(text))
            case Bullets(items):
                return self._bullets(items)
            case Steps(items):
                return Markup("<ol>{}</ol>").format(self._points(items))
            case Fields(rows):
                return self._fields(rows)
            case Table():
                return self._table(block)
            case Quote(words):
                return Markup("<blockquote>{}</blockquote>").format(shown(words))
            case Choices(options):
                return self._bullets([choice_line(o.phrase, o.meaning) for o in options])
            case Poll():
                return Markup("").join((self._block(Paragraph(block.question)),
                                        self._block(choices_of(block))))  # fmt: skip

    # -- lists and tables -------------------------------------------------------------------

    def _bullets(self, items: Sequence[Text]) -> Markup:
        return Markup('<ul class="{}">{}</ul>').format(self._kind(items), self._points(items))

    def _kind(self, items: Sequence[Text]) -> str:
        """How a list looks: entries with a name, many short ones in columns, or just points."""
        if all(self._begins_with_name(item) for item in items):
            return "entries"
        brief = all(len(plain(item, self.language)) <= _BRIEF for item in items)
        return "columns" if brief and len(items) >= _MANY else "points"

    def _begins_with_name(self, item: Text) -> bool:
        said = stretches(item, self.language)
        return bool(said) and said[0].style is Style.STRONG and len(said) > 1

    def _points(self, items: Iterable[Text]) -> Markup:
        return Markup("").join(Markup("<li>{}</li>").format(self._named(item)) for item in items)

    def _fields(self, rows: Sequence[tuple[Text, Text]]) -> Markup:
        pairs = (
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
                self.spoken(label), self._named(value)
            )
            for label, value in rows
        )
        return Markup('<dl class="pairs">{}</dl>').format(Markup("").join(pairs))

    def _table(self, table: Table) -> Markup:
        head = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(_side(column, table), self.spoken(title))
            for column, title in enumerate(table.header)
        )
        rows = (Markup("<tr>{}</tr>").format(self._row(row, table)) for row in table.rows)
        kind = "wide" if len(table.header) >= _WIDE else "narrow"
        return Markup(
            '<table class="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        ).format(kind, head, Markup("").join(rows))

    def _row(self, row: Sequence[Text], table: Table) -> Markup:
        labels = (*table.header, *[verbatim("")] * (len(row) - len(table.header)))
        return Markup("").join(
            Markup('<td{}><span class="label">{}</span><span class="value">{}</span></td>').format(
                _side(column, table), self._label(labels[column]), self._named(value)
            )
            for column, value in enumerate(row)
        )

    def _label(self, label: Text) -> Markup:
        """What stands before a cell where the head of the table is not seen."""
        return self.spoken(label) if plain(label, self.language).strip() else Markup()

    # -- words ------------------------------------------------------------------------------

    def _named(self, text: Text) -> Markup:
        """A text that as a whole may be the name of something that has a page."""
        words = plain(text, self.language)
        path = self.paths.of_name(words)
        return self._linked(path, shown(words)) if path else self.spoken(text)

    def spoken(self, text: Text) -> Markup:
        """A sentence, its commands and its names as links where a page tells more."""
        return Markup("").join(self._styled(span) for span in stretches(text, self.language))

    def _styled(self, span: Span) -> Markup:
        match span.style:
            case Style.STRONG:
                path = self.paths.of_name(span.text)
                words = shown(span.text)
                return Markup("<strong>{}</strong>").format(
                    self._linked(path, words) if path else words
                )
            case Style.CODE:
                return self._command(span.text)
            case Style.PLAIN:
                return shown(span.text)

    def _command(self, text: str) -> Markup:
        path = self.paths.of_command(text.replace("\u00a0", " "))
        if path is not None:
            return self._linked(path, shown(text))
        words = shown(plain(quoted(text), self.language))
        kind = "typed whole" if len(text) <= _SHORT else "typed"
        return Markup('<strong class="{}">{}</strong>').format(kind, words)

    def _linked(self, path: str, words: Markup) -> Markup:
        return Markup('<a href="{}">{}</a>').format(self.link(path), words)


def _side(column: int, table: Table) -> Markup:
    return Markup(' class="amount"') if column in table.amounts else Markup()


def without_address(words: str) -> str:
    """Words with every mail address in the form that machines do not collect."""
    return _ADDRESS.sub(r"\1(at)", words)


def shown(words: str) -> Markup:
    """Words as they are, whatever signs they hold."""
    lines = without_address(tidy(words)).split("\n")
    return Markup("<br>").join(escape(line) for line in lines)
