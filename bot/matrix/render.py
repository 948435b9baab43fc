"""Neutral replies as Matrix messages: plain text for every client, HTML for those that show it.

Only tags that the Matrix specification allows (client-server API, « m.room.message msgtypes »); all
that people wrote is escaped. Nobody is ever notified by a mention: ``m.mentions`` is empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from bot.matrix import polls
from handlers.desk import PLACE
from handlers.reply import (
    Block,
    Bullets,
    Choices,
    Fields,
    Heading,
    Message,
    Option,
    Paragraph,
    Poll,
    Quote,
    Rendered,
    Steps,
    StoredFile,
    Table,
)
from handlers.wording import Span, Style, Text, _, plain, spans

MOST_BYTES = 32_000
"""Of body and HTML together, as JSON: an event may have 65 536 bytes, all included."""
_CHUNK_CHARACTERS = 2_000
_TAGS = {Style.STRONG: "strong", Style.CODE: "code"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message, in both forms."""

    body: str
    html: str

    @property
    def size(self) -> int:
        """Bytes as JSON."""
        return len(json.dumps([self.body, self.html], ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Voice:
    """A language, and what a command begins with where the words are read."""

    language: str
    prefix: str = ""

    def spans(self, text: Text) -> list[Span]:
        """A sentence, its commands as they are to be typed here."""
        return [self._typed(span) for span in spans(text, self.language)]

    def _typed(self, span: Span) -> Span:
        # Commands begin with a small letter; references do not.
        said_here = span.style is Style.CODE and span.text[:1].islower()
        # What the operator types at the machine is said to nobody here.
        if not said_here or span.text.startswith("supracom "):
            return span
        return Span(f"{self.prefix}{span.text}", span.style)


class MatrixRenderer:
    """A `handlers.reply.Renderer` for Matrix; ``command_prefix`` is shown in rooms of several."""

    greets = False

    def __init__(self, command_prefix: str = "!", *, stable_polls: bool = False) -> None:
        self._prefix = command_prefix
        self._stable_polls = stable_polls

    def render(self, message: Message) -> list[Rendered]:
        """The messages, the polls, then the files, in the order in which they are to be sent."""
        in_room = message.shared or message.destination.startswith(PLACE)
        voice = Voice(message.language, self._prefix if in_room else "")
        words = _packed(_pieces(message.reply.blocks, voice))
        payloads = [_message(piece) for piece in words]
        asked = (message.reply.topic or "").startswith("question:")
        if not (in_room and asked):
            # What one person is asked among others is no poll for all of them.
            payloads += [self._poll(b, voice) for b in message.reply.blocks if isinstance(b, Poll)]
        payloads += [_file(file, voice) for file in message.files]
        for index, payload in enumerate(payloads):
            if message.thread:
                payload["thread"] = message.thread
            if message.reader:
                payload["reader"] = message.reader
            if message.answers and index == 0:
                payload["answers"] = message.answers
        return [Rendered(payload) for payload in payloads]

    def admit(self, place: str, address: str) -> list[Rendered]:
        """An invitation into one of the platform's rooms, for a Matrix user."""
        if not address.startswith("@"):
            return []
        return [Rendered({"action": "invite", "place": place, "user": address})]

    def dismiss(self, place: str, address: str) -> list[Rendered]:
        """The end of a Matrix user's stay in one of the platform's rooms."""
        if not address.startswith("@"):
            return []
        return [Rendered({"action": "remove", "place": place, "user": address})]

    def accept(self, conversation: str) -> list[Rendered]:
        """Entering a room that we were invited to."""
        return [Rendered({"action": "join", "room": conversation})]

    def retract(self, payload: Mapping[str, object]) -> list[Rendered]:
        """The redaction of what was said."""
        return [Rendered({"action": "redact"})] if payload.get("action") in _SAID else []

    def amend(self, payload: Mapping[str, object], message: Message) -> list[Rendered]:
        """The edit of what was said, by its first message; programs that show none see a star."""
        if payload.get("action") != "message":
            return []
        voice = Voice(
            message.language, self._prefix if message.destination.startswith(PLACE) else ""
        )
        content = _message(_packed(_pieces(message.reply.blocks, voice))[0])["content"]
        starred = {
            "body": f"* {content['body']}",
            "formatted_body": f"* {content['formatted_body']}",
        }
        return [
            Rendered({"action": "edit", "content": content | starred | {"m.new_content": content}})
        ]

    def pin(self, payload: Mapping[str, object], *, on: bool) -> list[Rendered]:
        """The room's list of pinned messages with this one, or without it."""
        if payload.get("action") not in _SAID:
            return []
        return [Rendered({"action": "pin" if on else "unpin"})]

    def close(self, payload: Mapping[str, object], words: Text, language: str) -> list[Rendered]:
        """The end of a poll, after which programs count no answer."""
        if payload.get("action") != "poll":
            return []
        start = str(payload.get("type"))
        kind, content = polls.end(start, plain(words, language))
        return [Rendered({"action": "poll-end", "type": kind, "content": content})]

    def _poll(self, block: Poll, voice: Voice) -> dict[str, Any]:
        question = _plain(block.question, voice)
        answers = {option.word: _plain(option.meaning, voice) for option in block.options}
        kind, content = polls.start(
            question, answers, several=block.several, stable=self._stable_polls
        )
        return {"action": "poll", "type": kind, "content": content}


_SAID = frozenset({"message", "file", "poll"})


def _message(piece: Piece) -> dict[str, Any]:
    content = {
        "msgtype": "m.notice",
        "body": piece.body,
        "format": "org.matrix.custom.html",
        "formatted_body": piece.html,
        "m.mentions": {},
    }
    return {"action": "message", "content": content}


def _file(file: StoredFile, voice: Voice) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "action": "file",
        "file": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
    }
    if file.alt is not None:
        payload["text"] = _plain(file.alt, voice)
    return payload


# -- fitting into events --------------------------------------------------------------------


def _pieces(blocks: Iterable[Block], voice: Voice) -> list[Piece]:
    return [piece for block in blocks for piece in _fitting(block, voice) if piece.body]


def _fitting(block: Block, voice: Voice) -> list[Piece]:
    """A block in as many pieces as needed for each to fit into an event."""
    piece = _RENDERERS[type(block)](block, voice)
    if piece.size <= MOST_BYTES:
        return [piece]
    halves = _halves(block)
    if halves is None:
        return _chunks(piece.body)
    return [part for half in halves for part in _fitting(half, voice)]


def _halves(block: Block) -> tuple[Block, Block] | None:
    """A long list or table in two; None if the block has no joints."""
    match block:
        case Bullets(items) if len(items) > 1:
            middle = len(items) // 2
            return Bullets(items[:middle]), Bullets(items[middle:])
        case Fields(rows) if len(rows) > 1:
            middle = len(rows) // 2
            return Fields(rows[:middle]), Fields(rows[middle:])
        case Table(_, rows) if len(rows) > 1:
            middle = len(rows) // 2
            return replace(block, rows=rows[:middle]), replace(block, rows=rows[middle:])
    return None


def _chunks(body: str) -> list[Piece]:
    """Very long words, cut without their style: between lines, or else between words."""
    pieces = []
    while body:
        end = _cut(body)
        part, body = body[:end], body[end:].lstrip("\n")
        pieces.append(Piece(part, f"<p>{_escaped(part)}</p>"))
    return pieces


def _cut(body: str) -> int:
    if len(body) <= _CHUNK_CHARACTERS:
        return len(body)
    for separator in ("\n", " "):
        found = body.rfind(separator, 1, _CHUNK_CHARACTERS)
        if found > 0:
            return found
    return _CHUNK_CHARACTERS


def _packed(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces joined into as few messages as fit."""
    packed: list[Piece] = []
    for piece in pieces:
        if packed and packed[-1].size + piece.size <= MOST_BYTES:
            last = packed[-1]
            packed[-1] = Piece(f"{last.body}\n\n{piece.body}", last.html + piece.html)
        else:
            packed.append(piece)
    return packed


# -- blocks ---------------------------------------------------------------------------------


def _paragraph(block: Paragraph, voice: Voice) -> Piece:
    return Piece(_plain(block.text, voice), f"<p>{_html(block.text, voice)}</p>")


def _heading(block: Heading, voice: Voice) -> Piece:
    return Piece(_plain(block.text, voice), f"<h4>{_html(block.text, voice)}</h4>")


def _bullets(block: Bullets, voice: Voice) -> Piece:
    body = "\n".join(f"- {_plain(item, voice)}" for item in block.items)
    return Piece(body, f"<ul>{_tagged('li', block.items, voice)}</ul>")


def _steps(block: Steps, voice: Voice) -> Piece:
    lines = (f"{n}. {_plain(item, voice)}" for n, item in enumerate(block.items, 1))
    return Piece("\n".join(lines), f"<ol>{_tagged('li', block.items, voice)}</ol>")


def _fields(block: Fields, voice: Voice) -> Piece:
    colon = _colon(voice)
    body = "\n".join(
        f"{_plain(label, voice)}{colon} {_plain(value, voice)}" for label, value in block.rows
    )
    html = "<br>".join(
        f"<strong>{_bare(label, voice)}</strong>{colon} {_html(value, voice)}"
        for label, value in block.rows
    )
    return Piece(body, f"<p>{html}</p>")


def _table(block: Table, voice: Voice) -> Piece:
    rows = [[_plain(cell, voice) for cell in row] for row in (block.header, *block.rows)]
    body = "\n".join(_aligned(rows, block.amounts))
    head = _tagged("th", block.header, voice)
    lines = "".join(f"<tr>{_tagged('td', row, voice)}</tr>" for row in block.rows)
    html = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return Piece(body, html)


def _quote(block: Quote, voice: Voice) -> Piece:
    del voice  # a person's own words stay as they are
    body = "\n".join(f"> {line}" for line in block.words.split("\n"))
    return Piece(body, f"<blockquote>{_escaped(block.words)}</blockquote>")


def _poll(block: Poll, voice: Voice) -> Piece:
    """The poll in words, for programs that show none, and for those who read it elsewhere."""
    question = Piece(
        _plain(block.question, voice), f"<p><strong>{_bare(block.question, voice)}</strong></p>"
    )
    numbered = all(o.word == str(n) for n, o in enumerate(block.options, 1))
    meanings = tuple(option.meaning for option in block.options)
    answers = _steps(Steps(meanings), voice) if numbered else _words_of(block, voice)
    return Piece(f"{question.body}\n{answers.body}", question.html + answers.html)


def _words_of(block: Poll, voice: Voice) -> Piece:
    return _bullets(Bullets(tuple(_of_option(option, voice) for option in block.options)), voice)


def _of_option(option: Option, voice: Voice) -> Text:
    if _plain(option.meaning, voice) == option.word:
        return option.meaning
    return _("**{word}** : {meaning}", word=option.word, meaning=option.meaning)


def _choices(block: Choices, voice: Voice) -> Piece:
    body = " · ".join(
        f"{option.symbol} {_plain(option.phrase, voice)}".strip() for option in block.options
    )
    html = " · ".join(
        f"{escape(option.symbol)} <strong>{_bare(option.phrase, voice)}</strong>".strip()
        for option in block.options
    )
    return Piece(body, f"<p>{html}</p>")


_RENDERERS: dict[type[Block], Callable[[Any, Voice], Piece]] = {
    Paragraph: _paragraph,
    Heading: _heading,
    Bullets: _bullets,
    Steps: _steps,
    Fields: _fields,
    Table: _table,
    Quote: _quote,
    Choices: _choices,
    Poll: _poll,
}


# -- words ----------------------------------------------------------------------------------


def _html(text: Text, voice: Voice) -> str:
    return "".join(_span(span) for span in voice.spans(text))


def _plain(text: Text, voice: Voice) -> str:
    return "".join(span.text for span in voice.spans(text))


def _bare(text: Text, voice: Voice) -> str:
    """Escaped, without style: for where the whole already has one."""
    return _escaped(_plain(text, voice))


def _span(span: Span) -> str:
    words = _escaped(span.text)
    tag = _TAGS.get(span.style)
    return f"<{tag}>{words}</{tag}>" if tag else words


def _escaped(words: str) -> str:
    return escape(words).replace("\n", "<br>")


def _tagged(tag: str, texts: Iterable[Text], voice: Voice) -> str:
    return "".join(f"<{tag}>{_html(text, voice)}</{tag}>" for text in texts)


def _colon(voice: Voice) -> str:
    return "\u00a0:" if voice.language == "fr" else ":"


def _aligned(rows: Sequence[Sequence[str]], amounts: frozenset[int]) -> list[str]:
    """Rows of cells in columns, amounts flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        " | ".join(
            cell.rjust(width) if index in amounts else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
