"""Blocks as HTML for mail programs: semantic elements, styles in place, no images, no scripts.

Mail programs know little CSS: everything needed stands in ``style`` attributes; the one style
sheet only turns the colours for dark screens, where that is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from bot.mail.render_text import CHOICES, choice_line, quoted, stretches
from bot.mail.tidy import tidy
from handlers.reply import (
    Block,
    Bullets,
    Choices,
    Fields,
    Heading,
    Paragraph,
    Quote,
    Reply,
    Steps,
    Table,
)
from handlers.wording import Span, Style, Text, plain

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{
  body, .page {{ background: #16191d !important; color: #e8eaed !important; }}
  th, td, blockquote, .signature {{ border-color: #4a5058 !important; }}
  th, blockquote, .signature {{ color: #c3c8ce !important; }}
  a {{ color: #8ab8ff !important; }}
}}
</style>
</head>
<body style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
<div class="page" lang="{language}" style="{page_style}">
{blocks}
<div class="signature" style="{signature_style}">{signature}</div>
</div>
</body>
</html>
"""
_PAGE_STYLE = (
    "max-width:600px;margin:0 auto;padding:16px;background:#ffffff;color:#1b1f24;"
    "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5"
)
_SIGNATURE_STYLE = "margin-top:24px;padding-top:12px;border-top:1px solid #c8ccd1;color:#4a5058"
_TABLE_STYLE = "border-collapse:collapse;width:100%;margin:0 0 16px"
_CELL_STYLE = "padding:6px 8px;border-bottom:1px solid #c8ccd1;vertical-align:top"
_HEADER_STYLE = f"{_CELL_STYLE};font-weight:600;color:#4a5058"
_TEXT_STYLE = "margin:0 0 16px"
_HEADING_STYLE = "margin:24px 0 8px;font-size:18px;line-height:1.3"
_QUOTE_STYLE = "margin:0 0 16px;padding:4px 12px;border-left:3px solid #c8ccd1;color:#4a5058"
_LIST_STYLE = "margin:0 0 16px;padding-left:24px"
_URL = re.compile(r"https?://[^\s<>\"]+")


def html_body(reply: Reply, signature: Sequence[str], language: str, title: str) -> str:
    """The whole page of a mail."""
    return _PAGE.format(
        language=escape(language),
        title=escape(tidy(title)),
        page_style=_PAGE_STYLE,
        signature_style=_SIGNATURE_STYLE,
        blocks="\n".join(_block(block, language) for block in reply.blocks),
        signature="<br>".join(_linked(line) for line in signature),
    )


def _block(block: Block, language: str) -> str:
    match block:
        case Paragraph(text):
            return f'<p style="{_TEXT_STYLE}">{_spoken(text, language)}</p>'
        case Heading(text):
            return f'<h2 style="{_HEADING_STYLE}">{_spoken(text, language)}</h2>'
        case Bullets(items):
            return _list("ul", (_spoken(item, language) for item in items))
        case Steps(items):
            return _list("ol", (_spoken(item, language) for item in items))
        case Fields(rows):
            return _fields(rows, language)
        case Table():
            return _table(block, language)
        case Quote(words):
            return f'<blockquote style="{_QUOTE_STYLE}">{_lines(words)}</blockquote>'
        case Choices():
            return _choices(block, language)


def _list(tag: str, items: Iterable[str]) -> str:
    points = "".join(f'<li style="margin:0 0 4px">{item}</li>' for item in items)
    return f'<{tag} style="{_LIST_STYLE}">{points}</{tag}>'


def _choices(choices: Choices, language: str) -> str:
    lines = (choice_line(option.phrase, option.meaning) for option in choices.options)
    introduction = f'<p style="margin:0 0 4px">{_spoken(CHOICES, language)}</p>'
    return introduction + _list("ul", (_spoken(line, language) for line in lines))


def _fields(rows: Sequence[tuple[Text, Text]], language: str) -> str:
    lines = "".join(
        f"<tr>{_cell('th', label, language, scope='row')}{_cell('td', value, language)}</tr>"
        for label, value in rows
    )
    return f'<table style="{_TABLE_STYLE}"><tbody>{lines}</tbody></table>'


def _table(table: Table, language: str) -> str:
    head = "".join(
        _cell("th", title, language, scope="col", right=column in table.amounts)
        for column, title in enumerate(table.header)
    )
    rows = "".join(f"<tr>{_row(row, table, language)}</tr>" for row in table.rows)
    return (
        f'<table style="{_TABLE_STYLE}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(row: Sequence[Text], table: Table, language: str) -> str:
    return "".join(
        _cell("td", value, language, right=column in table.amounts)
        for column, value in enumerate(row)
    )


def _cell(tag: str, text: Text, language: str, scope: str = "", right: bool = False) -> str:
    attribute = f' scope="{scope}"' if scope else ""
    style = _HEADER_STYLE if tag == "th" else _CELL_STYLE
    side = "right;white-space:nowrap" if right else "left"
    return f'<{tag}{attribute} style="{style};text-align:{side}">{_spoken(text, language)}</{tag}>'


def _spoken(text: Text, language: str) -> str:
    return "".join(_styled(span, language) for span in stretches(text, language))


def _styled(span: Span, language: str) -> str:
    match span.style:
        case Style.STRONG:
            return f"<strong>{_lines(span.text)}</strong>"
        case Style.CODE:
            # Between quotation marks as in the plain text: it is quoted back without its style.
            return f"<strong>{_lines(plain(quoted(span.text), language))}</strong>"
        case Style.PLAIN:
            return _lines(span.text)


def _lines(words: str) -> str:
    """Words as they are, whatever signs they hold."""
    return escape(tidy(words)).replace("\n", "<br>")


def _linked(line: str) -> str:
    """A line of our own settings; if it is an address of a page, a link to it."""
    shown = _lines(line)
    return f'<a href="{shown}">{shown}</a>' if _URL.fullmatch(line) else shown
