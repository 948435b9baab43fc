"""A mail's bytes to a neutral request; pure, and total: whatever the bytes, there is an answer."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message

from bot.mail import headers
from bot.mail.addresses import Author, OwnAddress, author, domain_of, proof
from bot.mail.authentication import disowned, vouched_for
from bot.mail.automatic import is_automatic
from bot.mail.bodies import Limits, check_bounds, content, header_of, reported
from bot.mail.bounces import failure_in, returned_ids
from bot.mail.mailing import marks_of_mailing
from bot.mail.quoting import cut, is_forward
from handlers.request import Failure, Incoming, Kind

_LONGEST_REPORT = 4_000
PROOF_HEADER = "X-Supracom-Proof"
_ADDRESSED_BY = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one needs to know to read the platform's mail.

    ``authserv_id`` is the server whose verdict is believed; None believes nobody (only reply
    tokens count). ``secret`` makes and checks the proofs in our own copies.
    """

    own: OwnAddress
    authserv_id: str | None
    secret: bytes = field(repr=False)
    channel: str = "mail"
    limits: Limits = field(default_factory=Limits)


def parse(raw: bytes, reading: Reading, received_at: datetime, place: str) -> Incoming:
    """Read one mail. What cannot be read is Kind.UNREADABLE, with its sender if that is clear.

    ``place`` names the mail on its server, for the case that its bytes give it no id.
    """
    try:
        check_bounds(raw, reading.limits)
        mail = message_from_bytes(raw)
        return _request(mail, raw, reading, received_at)
    except Exception:  # noqa: BLE001 - one mail, whatever it does to a parser, must not stop others
        return unreadable(raw[: reading.limits.header_bytes], reading, received_at, place)


def unreadable(head: bytes, reading: Reading, received_at: datetime, place: str) -> Incoming:
    """What is known of a mail that is not read, from the bytes at its beginning."""
    try:
        mail = message_from_bytes(header_of(head))
        known = head or place.encode()
        return _envelope(mail, reading, received_at, known, kind=Kind.UNREADABLE)
    except Exception:  # noqa: BLE001 - even its header may be too much for the parser
        return out_of_reach(reading, received_at, place)


def out_of_reach(reading: Reading, received_at: datetime, place: str) -> Incoming:
    """What is known of a mail of which not even the header can be read: where it lies."""
    return Incoming(
        channel=reading.channel,
        external_id=_missing_id(place.encode()),
        conversation="",
        sender="",
        sent_at=received_at,
        kind=Kind.UNREADABLE,
        authenticated=False,
        automatic=True,
    )


def _request(mail: Message, raw: bytes, reading: Reading, received_at: datetime) -> Incoming:
    writer = author(headers.raw_fields(mail, "From"))
    if writer is not None and _is_copy(mail, writer, reading):
        return _envelope(mail, reading, received_at, raw, kind=Kind.COPY)
    found = content(mail, reading.limits)
    # Servers that report a failure often name no author, or none that has an address.
    tagged = reading.own.tag_among(_addressed(mail)) is not None
    failure = failure_in(
        mail, writer.address if writer else "", found.text, reading.own, tagged=tagged
    )
    if failure is not None:
        return _bounce(mail, raw, reading, received_at, failure, found.text)
    if writer is None:
        raise ValueError("not exactly one author")
    parts = cut(found.text, is_forward(headers.subject(mail)))
    quoted = "\n\n".join(part for part in (parts.quoted, *_attached(mail, reading)) if part)
    return _envelope(
        mail,
        reading,
        received_at,
        raw,
        text=parts.text,
        quoted=quoted,
        files=found.files,
        mailing=marks_of_mailing(mail),
    )


_MOST_ATTACHED = 3


def _attached(mail: Message, reading: Reading) -> list[str]:
    """The mails that are attached, written as if they were passed on in the text."""
    if not mail.is_multipart():
        return []
    parts = [part for part in mail.get_payload() if isinstance(part, Message)]
    inner = [
        letter
        for part in parts
        if part.get_content_type() == "message/rfc822" and part.is_multipart()
        for letter in part.get_payload()
        if isinstance(letter, Message)
    ]
    return [_passed_on(letter, reading) for letter in inner[:_MOST_ATTACHED]]


def _passed_on(letter: Message, reading: Reading) -> str:
    writer = author(headers.raw_fields(letter, "From"))
    shown = f"{writer.name} <{writer.address}>" if writer else ""
    head = f"De : {shown}\nObjet : {headers.subject(letter)}"
    return f"-------- Message transféré --------\n{head}\n\n{content(letter, reading.limits).text}"


def _bounce(
    mail: Message,
    raw: bytes,
    reading: Reading,
    received_at: datetime,
    failure: Failure,
    text: str,
) -> Incoming:
    """A report of a failure, without the mail of ours that it may give back."""
    about = dict.fromkeys([*_answers(mail), *returned_ids(raw, reading.own)])
    return _envelope(
        mail,
        reading,
        received_at,
        raw,
        kind=Kind.BOUNCE,
        automatic=True,
        authenticated=False,
        answers=tuple(about),
        text=text[:_LONGEST_REPORT],
        failure=failure,
    )


def _envelope(
    mail: Message, reading: Reading, received_at: datetime, raw: bytes, **rest: object
) -> Incoming:
    """A request with everything that the headers say."""
    writer = author(headers.raw_fields(mail, "From"))
    sender = writer.address if writer else ""
    fields: dict[str, object] = {
        "channel": reading.channel,
        "external_id": headers.message_id(mail) or _missing_id(raw),
        "conversation": sender,
        "sender": sender,
        "sent_at": headers.date(mail, received_at).astimezone(UTC),
        "subject": headers.subject(mail),
        "display_name": writer.name if writer else "",
        "authenticated": _is_authenticated(mail, writer, reading),
        "disowned": _is_disowned(mail, writer, reading),
        "automatic": not sender
        or reading.own.is_ours(sender)
        or is_automatic(mail, sender, str(rest.get("text", ""))),
        "answers": _answers(mail),
        "tag": reading.own.tag_among(_addressed(mail)),
    }
    return Incoming(**(fields | rest))  # type: ignore[arg-type] # the keys are Incoming's own


def is_copy(head: bytes, reading: Reading) -> bool:
    """Whether a mail's header is that of a copy of ours."""
    try:
        mail = message_from_bytes(head)
        writer = author(headers.raw_fields(mail, "From"))
        return writer is not None and _is_copy(mail, writer, reading)
    except Exception:  # noqa: BLE001 - a header that cannot be read is not one that we wrote
        return False


def _missing_id(content_bytes: bytes) -> str:
    return f"<{hashlib.sha256(content_bytes).hexdigest()}@missing.invalid>"


def _is_authenticated(mail: Message, writer: Author | None, reading: Reading) -> bool:
    if writer is None or not writer.strict or reading.authserv_id is None:
        return False
    fields = headers.raw_fields(mail, "Authentication-Results")
    return vouched_for(fields, reading.authserv_id, domain_of(writer.address))


def _is_disowned(mail: Message, writer: Author | None, reading: Reading) -> bool:
    if writer is None or reading.authserv_id is None:
        return False
    fields = headers.raw_fields(mail, "Authentication-Results")
    return disowned(fields, reading.authserv_id, domain_of(writer.address))


def _is_copy(mail: Message, writer: Author, reading: Reading) -> bool:
    """Whether the mail is one of ours, come back with the proof that only we can write."""
    own_id = headers.message_id(mail)
    if own_id is None or not reading.own.is_ours(writer.address):
        return False
    given = headers.raw_field(mail, PROOF_HEADER).encode()
    return hmac.compare_digest(given, proof(reading.secret, own_id).encode())


def _answers(mail: Message) -> tuple[str, ...]:
    """What it answers; for a report also the mail that it is about."""
    about = (headers.message_id(original) for original in reported(mail))
    return tuple(dict.fromkeys([*headers.answered(mail), *(found for found in about if found)]))


def _addressed(mail: Message) -> list[str]:
    return [value for name in _ADDRESSED_BY for value in headers.raw_fields(mail, name)]
