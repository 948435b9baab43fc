"""Whether a machine wrote a mail, so that it is never answered (RFC 3834, section 2)."""

from __future__ import annotations

import re
from email.message import Message

from bot.mail.headers import raw_field, subject

_MACHINES = re.compile(
    r"(mailer-?daemon|postmaster|bounces?|(no|do-?not|ne-?pas)[._-]?(reply|repondre|respond)"
    r"|niet-?beantwoorden|nicht-?antworten)([._+=-].*)?",
)
_PRECEDENCES = {"bulk", "list", "junk", "auto_reply"}
_MARKS = (
    "List-Id",
    "List-Unsubscribe",
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Failed-Recipients",
)
# Absence notices of programs that leave the headers out; the subject is in their own hands.
_ABSENCE = re.compile(
    r"(réponse automatique|(réponse|message) d['’]absence|absen(t|te|ts|ce)( du bureau| ?:)"
    r"|automatic reply|auto(matic)?[- ]?reply|out of (the )?office|automatisch (antwoord|bericht)"
    r"|afwezig(heid)?\b|automatische antwort|abwesenheit)",
)


def is_automatic(mail: Message, sender: str) -> bool:
    """Whether a mail is an automatic answer, a report, bulk mail, or comes from a machine."""
    return (
        _declared(mail)
        or any(name in mail for name in _MARKS)
        or mail.get_content_type() == "multipart/report"
        or _MACHINES.fullmatch(sender.partition("@")[0].lower()) is not None
        or _ABSENCE.match(subject(mail).lower()) is not None
    )


def _declared(mail: Message) -> bool:
    submitted = raw_field(mail, "Auto-Submitted").lower().partition(";")[0].strip()
    precedence = raw_field(mail, "Precedence").lower().strip()
    # « <> » is the sender of reports and automatic answers (RFC 5321, section 4.5.5).
    null_sender = "".join(raw_field(mail, "Return-Path").split()) == "<>"
    return submitted not in {"", "no"} or precedence in _PRECEDENCES or null_sender
