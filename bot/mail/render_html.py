"""Blocks as HTML for mail programs: semantic elements, styles in place, no scripts, no pictures
but those that come with the mail.

Mail programs know little CSS: everything needed stands in ``style`` attributes; the one style
sheet only turns the colours for dark screens and lays wide tables out as lists on narrow ones,
where that is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

from bot.mail.render_text import (
    CHOICES,
    SEVERAL,
    choice_line,
    choices_of,
    quoted,
    stretches,
)
from bot.mail.tidy import tidy
from handlers.reply import (
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
from handlers.wording import Span, Style, Text, plain, verbatim

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
  body {{ background: #0f1215 !important; color: #e8eaed !important; }}
  .page {{ background: #1a1e23 !important; color: #e8eaed !important; }}
  .band {{ background: #12395c !important; color: #ffffff !important; }}
  th, td, .signature {{ border-color: #434a52 !important; }}
  th, .signature, .note {{ color: #c3c8ce !important; }}
  blockquote {{
    background: #232930 !important; border-color: #6ea8dc !important; color: #e8eaed !important;
  }}
  a {{ color: #8ab8ff !important; }}
  a.answer {{ background: #8ab8ff !important; color: #0f1215 !important; }}
}}
h2:first-child {{ margin-top: 0 !important; }}
@media (max-width: 480px) {{
  body {{ padding: 0 !important; }}
  .page, .band {{ border-radius: 0 !important; }}
  .band {{ padding: 12px 16px !important; }}
  .words {{ padding: 20px 16px !important; }}
  .wide thead {{ display: none !important; }}
  .wide, .wide tbody, .wide tr, .wide td {{ display: block !important; width: auto !important; }}
  .wide tr {{ padding: 8px 0 !important; border-bottom: 1px solid #c8ccd1; }}
  .wide td {{
    padding: 2px 0 !important; border: 0 !important; text-align: left !important;
    white-space: normal !important;
  }}
  .wide .label {{ display: inline !important; }}
  .pairs, .pairs tbody, .pairs tr, .pairs th, .pairs td {{
    display: block !important; width: auto !important;
  }}
  .pairs th {{ padding: 8px 0 0 !important; border: 0 !important; }}
  .pairs td {{ padding: 0 0 8px !important; }}
}}
</style>
</head>
<body style="margin:0;padding:16px 0;background:#e9edf1;color:#1b1f24">
<div class="page" lang="{language}" style="{page_style}">
<div class="band" style="{band_style}"><h1 style="{name_style}">{name}</h1></div>
<div class="words" style="padding:24px">
{blocks}
<div class="signature" style="{signature_style}">{signature}</div>{notes}
</div>
</div>
</body>
</html>
"""
_PAGE_STYLE = (
    "max-width:600px;margin:0 auto;background:#ffffff;color:#1b1f24;border-radius:6px;"
    "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;"
    "overflow-wrap:anywhere"
)
_BAND_STYLE = "padding:14px 24px;background:#17507f;color:#ffffff;border-radius:6px 6px 0 0"
_NAME_STYLE = "margin:0;font-size:17px;line-height:1.4;font-weight:600;letter-spacing:0.2px"
_SIGNATURE_STYLE = (
    "margin-top:28px;padding-top:14px;border-top:1px solid #c8ccd1;color:#4a5058;font-size:15px"
)
_NOTE_STYLE = "margin:14px 0 0;color:#4a5058;font-size:14px"
_TABLE_STYLE = "border-collapse:collapse;width:100%;margin:0 0 18px"
_CELL_STYLE = "padding:8px 10px 8px 0;border-bottom:1px solid #c8ccd1;vertical-align:top"
_HEADER_STYLE = f"{_CELL_STYLE};font-weight:600;color:#4a5058"
_LABEL_STYLE = f"{_HEADER_STYLE};width:36%;text-align:left"
_TEXT_STYLE = "margin:0 0 16px"
_LEAD_STYLE = "margin:0 0 16px;font-size:20px;line-height:1.35;font-weight:600"
_HEADING_STYLE = "margin:28px 0 10px;font-size:18px;line-height:1.35;font-weight:600"
_QUOTE_STYLE = (
    "margin:0 0 18px;padding:12px 16px;border-left:4px solid #17507f;background:#f2f5f8;"
    "color:#1b1f24"
)
_PICTURE_STYLE = "display:block;max-width:100%;height:auto;background:#ffffff"
_LIST_STYLE = "margin:0 0 16px;padding-left:24px"
_ANSWERS_STYLE = "margin:0 0 16px;padding:0;list-style:none"
_ANSWER_STYLE = (
    "display:inline-block;padding:9px 16px;background:#17507f;color:#ffffff;border-radius:4px;"
    "font-weight:600;text-decoration:none"
)
_WIDE = 3
"""From how many columns on a table is shown as a list on a narrow screen."""
_SHORT = 24
"""Up to how many characters what one may type stays in one line."""
_REFERENCE = re.compile(r"\b[A-Z]{1,12}-\d{4}-\d{4,6}\b")
_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that comes with the mail, by its Content-ID, and the words that stand for it."""

    cid: str
    alt: Text


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words of a mail, and where an answer to it goes (or nowhere)."""

    signature: Sequence[str]
    title: str
    notes: Sequence[Text] = ()
    answer_to: str | None = None
    pictures: Sequence[Picture] = ()
    greeting: Text | None = None


def html_body(reply: Reply, language: str, frame: Frame) -> str:
    """The whole page of a mail."""
    notes = (
        f'\n<p class="note" style="{_NOTE_STYLE}">{_spoken(n, language)}</p>' for n in frame.notes
    )
    return _PAGE.format(
        language=escape(language),
        title=escape(tidy(frame.title)),
        name=_lines(frame.signature[0]),
        page_style=_PAGE_STYLE,
        band_style=_BAND_STYLE,
        name_style=_NAME_STYLE,
        signature_style=_SIGNATURE_STYLE,
        blocks="\n".join(
            [*_blocks(reply, language, frame), *(_picture(p, language) for p in frame.pictures)]
        ),
        signature="<br>".join(_linked(line) for line in frame.signature),
        notes="".join(notes),
    )


def _blocks(reply: Reply, language: str, frame: Frame) -> Iterator[str]:
    if frame.greeting:
        yield _block(Paragraph(frame.greeting), language)
    for index, block in enumerate(reply.blocks):
        if index == 0 and block == Paragraph(reply.title or verbatim("")):
            yield f'<h2 style="{_LEAD_STYLE}">{_spoken(reply.title or verbatim(""), language)}</h2>'
        elif isinstance(block, Choices):
            yield _choices(block, language, frame)
        elif isinstance(block, Poll):
            yield _poll(block, language, frame)
        else:
            yield _block(block, language)


def _block(
    block: Paragraph | Heading | Bullets | Steps | Fields | Table | Quote, language: str
) -> str:
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


def _picture(picture: Picture, language: str) -> str:
    """The picture (RFC 2392), and behind it the words for who cannot see it."""
    alt = escape(tidy(plain(picture.alt, language)), quote=True)
    source = escape(f"cid:{quote(picture.cid, safe='@')}")
    return f'<p style="{_TEXT_STYLE}"><img src="{source}" alt="{alt}" style="{_PICTURE_STYLE}"></p>'


def _list(tag: str, items: Iterable[str]) -> str:
    points = "".join(f'<li style="margin:0 0 4px">{item}</li>' for item in items)
    return f'<{tag} style="{_LIST_STYLE}">{points}</{tag}>'


def _choices(choices: Choices, language: str, frame: Frame) -> str:
    introduction = f'<p style="margin:0 0 8px">{_spoken(CHOICES, language)}</p>'
    if frame.answer_to is None:
        lines = (choice_line(option.phrase, option.meaning) for option in choices.options)
        return introduction + _list("ul", (_spoken(line, language) for line in lines))
    points = "".join(
        f'<li style="margin:0 0 10px">{_answer(option, language, frame)}</li>'
        for option in choices.options
    )
    return f'{introduction}<ul style="{_ANSWERS_STYLE}">{points}</ul>'


def _poll(poll: Poll, language: str, frame: Frame) -> str:
    question = f'<p style="{_TEXT_STYLE}"><strong>{_spoken(poll.question, language)}</strong></p>'
    several = f'<p style="{_TEXT_STYLE}">{_spoken(SEVERAL, language)}</p>' if poll.several else ""
    return question + _choices(choices_of(poll), language, frame) + several


def _answer(option: Choice, language: str, frame: Frame) -> str:
    """A word to answer: touched, it begins the mail that says it (RFC 6068)."""
    word = plain(option.phrase, language)
    query = urlencode({"subject": f"Re: {frame.title}", "body": word}, quote_via=quote)
    link = escape(f"mailto:{frame.answer_to}?{query}")
    shown = _lines(plain(quoted(word), language))
    meaning = _spoken(option.meaning, language)
    return f'<a class="answer" href="{link}" style="{_ANSWER_STYLE}">{shown}</a>&nbsp;: {meaning}'


def _fields(rows: Sequence[tuple[Text, Text]], language: str) -> str:
    lines = "".join(
        f'<tr><th scope="row" style="{_LABEL_STYLE}">{_spoken(label, language)}</th>'
        f"{_cell(value, language)}</tr>"
        for label, value in rows
    )
    return f'<table class="pairs" style="{_TABLE_STYLE}"><tbody>{lines}</tbody></table>'


def _table(table: Table, language: str) -> str:
    head = "".join(
        f'<th scope="col" style="{_HEADER_STYLE};text-align:{_side(column in table.amounts)}">'
        f"{_spoken(title, language)}</th>"
        for column, title in enumerate(table.header)
    )
    rows = "".join(f"<tr>{_row(row, table, language)}</tr>" for row in table.rows)
    kind = ' class="wide"' if len(table.header) >= _WIDE else ""
    return (
        f'<table{kind} style="{_TABLE_STYLE}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(row: Sequence[Text], table: Table, language: str) -> str:
    """The cells of a row; where the table is wide, each with its label for narrow screens."""
    labels = table.header if len(table.header) >= _WIDE else ()
    return "".join(
        _cell(value, language, column in table.amounts, labels[column : column + 1])
        for column, value in enumerate(row)
    )


def _cell(text: Text, language: str, right: bool = False, labels: Sequence[Text] = ()) -> str:
    label = "".join(
        f'<span class="label" style="display:none">{_spoken(one, language)}&nbsp;: </span>'
        for one in labels
        if plain(one, language).strip()
    )
    style = f"{_CELL_STYLE};text-align:{_side(right)}"
    return f'<td style="{style}">{label}{_spoken(text, language)}</td>'


def _side(right: bool) -> str:
    return "right;white-space:nowrap" if right else "left"


def _spoken(text: Text, language: str) -> str:
    return "".join(_styled(span, language) for span in stretches(text, language))


def _styled(span: Span, language: str) -> str:
    match span.style:
        case Style.STRONG:
            return f"<strong>{_unbroken(_lines(span.text))}</strong>"
        case Style.CODE:
            # Between quotation marks as in the plain text: it is quoted back without its style.
            words = _lines(plain(quoted(span.text), language))
            whole = ' style="white-space:nowrap"' if len(span.text) <= _SHORT else ""
            return f"<strong{whole}>{words}</strong>"
        case Style.PLAIN:
            return _unbroken(_lines(span.text))


def _unbroken(words: str) -> str:
    """References stay in one piece: a browser breaks them at their hyphens."""
    return _REFERENCE.sub(r'<span style="white-space:nowrap">\g<0></span>', words)


def _lines(words: str) -> str:
    """Words as they are, whatever signs they hold."""
    return escape(tidy(words)).replace("\n", "<br>")


def _linked(line: str) -> str:
    """A line of our own settings; if it is an address of a page, a link to it."""
    shown = _lines(line)
    return f'<a href="{shown}">{shown}</a>' if _URL.fullmatch(line) else shown
