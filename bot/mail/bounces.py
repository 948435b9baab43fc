"""Reports that a mail of ours did not arrive: RFC 3464, and what other programs write instead."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from email.message import Message

from flufl.bounce import all_failures

from bot.mail.addresses import OwnAddress, is_address
from bot.mail.headers import raw_field
from handlers.request import Failure, Severity

# It would log the mail that it fails to read.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_SERVERS = re.compile(
    r"(mailer-?daemon|postmaster|mail-?delivery[._-]?\w*|maildelivery)([._+-].*)?"
)
_OTHER_REPORTS = {"disposition-notification", "feedback-report"}
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"\b([45]\d\d)\b[ -]")
_FULL = re.compile(
    r"mailbox (is )?full|over ?quota|quota exceeded|bo[iî]te (aux lettres )?pleine|postvak vol"
    r"|postfach (ist )?voll",
    re.IGNORECASE,
)
_OURS = re.compile(rb"message-id:\s*(<[^\s<>]{1,250}>)", re.IGNORECASE)
_SEARCHED_BYTES = 1_000_000
_SEARCHED_TEXT = 20_000
_WORST_FIRST = (Severity.HARD, Severity.SOFT, Severity.DELAY)


def failure_in(
    mail: Message, sender: str, text: str, own: OwnAddress, *, tagged: bool = False
) -> Failure | None:
    """What a mail reports of one of ours, the worst first; None if it is no such report.

    A report counts only if a mail server seems to have written it: what a person forwards does not.
    ``tagged`` if it came to the return path of one mail: then it need not name its recipient.
    """
    if not _is_from_a_server(mail, sender):
        return None
    found = list(_reported(mail)) or list(_guessed(mail, text))
    others = [
        one
        for one in found
        if tagged or (is_address(one.recipient) and not own.is_ours(one.recipient))
    ]
    return min(others, key=lambda one: _WORST_FIRST.index(one.severity), default=None)


def returned_ids(raw: bytes, own: OwnAddress) -> list[str]:
    """The Message-IDs of ours that a report gives back, wherever it does so."""
    found = (match[1].decode("ascii", "replace") for match in _OURS.finditer(raw[:_SEARCHED_BYTES]))
    return [id_ for id_ in found if id_.lower().endswith(f"@{own.domain}>")]


def _is_from_a_server(mail: Message, sender: str) -> bool:
    if str(mail.get_param("report-type", "")).lower() in _OTHER_REPORTS:
        return False
    return (
        mail.get_content_type() == "multipart/report"
        or "X-Failed-Recipients" in mail
        or not sender
        or _SERVERS.fullmatch(sender.partition("@")[0]) is not None
    )


# -- as the standard has it -----------------------------------------------------------------------


def _reported(mail: Message) -> Iterator[Failure]:
    """What the delivery status of RFC 3464 says, per recipient."""
    for part in mail.walk():
        if part.get_content_type() in _STATUS_PARTS and part.is_multipart():
            for block in part.get_payload():
                if isinstance(block, Message) and "Action" in block:
                    yield from _of_recipient(block)


def _of_recipient(block: Message) -> Iterator[Failure]:
    action = raw_field(block, "Action").lower()
    # Where mail is forwarded, the original recipient is the one that we wrote to.
    recipient = _address(block, "Original-Recipient") or _address(block, "Final-Recipient")
    code = status_in(f"{raw_field(block, 'Status')} {raw_field(block, 'Diagnostic-Code')}")
    if action.startswith("delayed"):
        yield Failure(recipient, Severity.DELAY, code)
    elif action.startswith(("fail", "error")):
        yield Failure(recipient, severity_of(code), code)


def _address(block: Message, name: str) -> str:
    """« rfc822; a@b »; some leave the type out, some add angle brackets."""
    value = raw_field(block, name)
    return value.rpartition(";")[2].strip().strip("<>").lower()


def status_in(text: str) -> str:
    """The enhanced status code (RFC 3463), else the code of the reply; never any words."""
    statuses = [match[0] for match in _STATUS.finditer(text) if match[1] != "2"]
    # Some give 5.0.0 as the status, and the true one only in the server's words.
    telling = [status for status in statuses if not status.endswith(".0.0")]
    reply = _REPLY.search(f"{text} ")
    return next(iter(telling or statuses), reply[1] if reply else "")


def severity_of(code: str) -> Severity:
    """Whether a status is about the address for good (RFC 3463, section 3)."""
    found = _STATUS.fullmatch(code)
    if found is None:
        return Severity.SOFT if code.startswith("4") or code == "552" else Severity.HARD
    kind, subject, detail = found.groups()
    # x.2.1: the mailbox is disabled. The rest of x.2, and x.3, x.5 to x.7 may be otherwise for
    # another mail or another day.
    about_address = subject in {"0", "1", "4"} or (subject, detail) in {("2", "0"), ("2", "1")}
    return Severity.HARD if kind == "5" and about_address else Severity.SOFT


# -- as others have it ----------------------------------------------------------------------------


def _guessed(mail: Message, text: str) -> Iterator[Failure]:
    """What flufl.bounce makes of the words of many mail servers."""
    try:
        passing, lasting = all_failures(mail)
    except Exception:  # noqa: BLE001 - it raises on some odd headers (From above all)
        return
    words = text[:_SEARCHED_TEXT]
    code = status_in(words)
    severity = Severity.SOFT if _FULL.search(words) else severity_of(code)
    for address in sorted(lasting):
        yield Failure(_plain(address), severity, code)
    for address in sorted(passing):
        yield Failure(_plain(address), Severity.DELAY, code)


def _plain(address: bytes) -> str:
    return address.decode("ascii", "replace").strip().lower()
