"""What a reply is about when its program kept nothing that says so.

Neither the reply address nor the ids of the messages before it: then its subject is ours behind
whatever programs put before it, or it quotes what we wrote. Only for a sender who is believed;
others could name a conversation whose subject they chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.folding import fold
from handlers.interlines import written_below, written_between
from handlers.reading.forwarding import passed_on
from handlers.request import Incoming, Kind, Topic
from storage import inbox, outbox
from storage.outbox import Row

RECENT = timedelta(days=120)
"""How long after we wrote a reply without ids is still taken for an answer to it."""
_MOST_ROWS = 60
_LONGEST_QUOTATION = 20_000
_FEWEST_WORDS = 5
_MOST_PARAGRAPHS = 8

ANSWER_MARKS = re.compile(
    r"^(?:\s*(?:re|r[ée]p|aw|antw?|sv|vs|tr|fwd?|wg|doorst|rif|odp)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?"
    r"\s?:)+\s*",
    re.IGNORECASE,
)
"""What mail programs put before the subject of an answer or of a mail passed on."""
_REFERENCE = re.compile(r"\b[A-Z]{1,12}-\d{4}-\d{4,6}\b")


def bare_subject(subject: str) -> str:
    """A subject without the marks of answers and of mails passed on, however many."""
    return ANSWER_MARKS.sub("", subject)


def says_nothing_new(incoming: Incoming) -> bool:
    """Whether a reply only gives back what was written before: sent by mistake, or its author wrote
    below or into a quotation that their program does not mark.
    """
    said = incoming.text.strip() or incoming.files
    answers = incoming.answers or ANSWER_MARKS.match(incoming.subject)
    given_back = bool(answers) and bool(incoming.quoted.strip())
    return not said and given_back and passed_on(incoming.quoted) is None


def said_between(session: Session, incoming: Incoming, now: datetime) -> str:
    """What the author of a reply wrote between our own lines, or below them; nothing for most."""
    if not incoming.direct or not says_nothing_new(incoming):
        return ""
    answered = (outbox.by_external_id(session, incoming.channel, one) for one in incoming.answers)
    row = next((row for row in answered if row is not None), None)
    if row is None:
        place = incoming.channel, incoming.conversation
        recent = outbox.recent_to(session, *place, now - RECENT, _MOST_ROWS)
        row = _by_quotation(recent, incoming.quoted)
    if row is None or row.destination != incoming.conversation:
        return ""
    ours = str(row.payload.get("text") or "")
    said = written_between(ours, incoming.quoted) or written_below(ours, incoming.quoted)
    return "" if said and _said_before(session, incoming, said, now) else said


def _said_before(session: Session, incoming: Incoming, said: str, now: datetime) -> bool:
    """Whether words stand in an older message of the same sender, which comes back with ours."""
    earlier = inbox.texts_of(
        session, incoming.channel, incoming.sender, now - RECENT, incoming.external_id, _MOST_ROWS
    )
    before = [f" {fold(text)} " for text in earlier]
    return any(
        f" {fold(line)} " in text for line in said.splitlines() if fold(line) for text in before
    )


def topic_of(session: Session, incoming: Incoming, now: datetime) -> Topic | None:
    """The conversation that a reply goes on with, by its subject or by what it quotes."""
    answers = ANSWER_MARKS.match(incoming.subject) is not None
    if not (answers or incoming.quoted.strip()) or not _may_be_recognised(incoming):
        return None
    rows = outbox.recent_to(
        session, incoming.channel, incoming.conversation, now - RECENT, _MOST_ROWS
    )
    found = (_by_subject(rows, incoming.subject) if answers else None) or _by_quotation(
        rows, incoming.quoted
    )
    return Topic.parse(found.topic) if found is not None and found.topic else None


def _may_be_recognised(incoming: Incoming) -> bool:
    return incoming.kind is Kind.MESSAGE and incoming.authenticated and incoming.direct


def _by_subject(rows: Sequence[Row], subject: str) -> Row | None:
    """The newest message with the same reference in its subject, or with the same subject."""
    references = set(_REFERENCE.findall(subject))
    if references:
        return next((row for row in rows if references & _references_in(row)), None)
    bare = fold(bare_subject(subject))
    return next((row for row in rows if bare and bare == fold(bare_subject(_subject(row)))), None)


def _references_in(row: Row) -> set[str]:
    return set(_REFERENCE.findall(_subject(row)))


def _subject(row: Row) -> str:
    """The title under which a message went out, where its channel shows titles."""
    return str(row.payload.get("subject") or "")


def _by_quotation(rows: Sequence[Row], quoted: str) -> Row | None:
    """The newest message most of whose paragraphs are quoted."""
    words = f" {fold(quoted[:_LONGEST_QUOTATION])} "
    if not words.strip():
        return None
    return next((row for row in rows if _is_quoted(row, words)), None)


def _is_quoted(row: Row, words: str) -> bool:
    paragraphs = list(_paragraphs(str(row.payload.get("text") or "")))[:_MOST_PARAGRAPHS]
    there = sum(f" {paragraph} " in words for paragraph in paragraphs)
    return bool(there) and there * 2 > len(paragraphs)


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs that say something, as words alone; what ends every message is not counted."""
    body = text.partition("\n-- \n")[0]
    for paragraph in body.split("\n\n"):
        plain = fold(paragraph)
        if len(plain.split()) >= _FEWEST_WORDS:
            yield plain
