"""What the form of a mail shows of a mailing to many, where no header declares it."""

from __future__ import annotations

import html
import re
from email.message import Message
from itertools import islice

from bot.mail.headers import raw_field

_LONGEST = 200_000
_MOST_PARTS = 50
_MARKS = (
    # An image of one point tells the sender who read the mail.
    re.compile(r"<img\b(?=[^>]{0,500}\bwidth=\W?1\b)(?=[^>]{0,500}\bheight=\W?1\b)"),
    re.compile(r"<img\b[^>]{0,500}\bsrc=\W?https?://"),
    re.compile(
        r"<a\b[^>]{0,500}>[^<]{0,60}(?:d[ée]sinscri|d[ée]sabonn|unsubscribe|uitschrij|abmelden"
        r"|abbestell)"
    ),
    re.compile(r"<(?:center|table)\b[^>]{0,200}(?:width=\W?[56]\d\d\b|bgcolor=)"),
)
_UNNAMED = re.compile(r"undisclosed|destinataires? inconnus?|non-disclosed", re.IGNORECASE)


def marks_of_mailing(mail: Message) -> int:
    """How many marks of a mailing a mail bears; none of them proves anything alone."""
    texts = (p for p in islice(mail.walk(), _MOST_PARTS) if p.get_content_type() == "text/html")
    page = next((_html(part) for part in texts), "")
    to = raw_field(mail, "To")
    return sum(mark.search(page) is not None for mark in _MARKS) + bool(_UNNAMED.search(to))


def _html(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return html.unescape(payload[:_LONGEST].decode("utf-8", "replace")).lower()
