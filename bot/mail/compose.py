"""A rendered payload to the bytes of a mail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from bot.channel import Attachment
from bot.mail.addresses import is_address

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


def compose(
    payload: Mapping[str, Any],
    files: Sequence[Attachment],
    *,
    address: str,
    sender_name: str,
    date: datetime,
) -> bytes:
    """The mail, ready for SMTP. Raises ValueError for a header that may not be sent."""
    if not is_address(payload["to"]):
        raise ValueError("the recipient is not a plain address")
    mail = EmailMessage(SMTP)
    mail["From"] = Address(sender_name, addr_spec=address)
    mail["To"] = Address(addr_spec=payload["to"])
    mail["Subject"] = payload["subject"]
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = payload["message_id"]
    for name, value in _further(payload).items():
        mail[name] = value
    # 8bit is rewritten by some servers on the way, which breaks DKIM signatures.
    mail.set_content(payload["text"], cte="quoted-printable")
    mail.add_alternative(payload["html"], subtype="html", cte="quoted-printable")
    for file in files:
        _attach(mail, file)
    return mail.as_bytes()


def _further(payload: Mapping[str, Any]) -> dict[str, str]:
    fields = {
        "Reply-To": payload.get("reply_to"),
        "In-Reply-To": payload.get("in_reply_to"),
        "References": " ".join(payload.get("references") or ()),
    }
    return {name: value for name, value in fields.items() if value} | dict(payload["headers"])


def _attach(mail: EmailMessage, file: Attachment) -> None:
    kind = file.media_type.lower()
    # A message inside a message needs another encoding than a file; as bytes it is just a file.
    known = _MEDIA_TYPE.fullmatch(kind) and not kind.startswith(("multipart/", "message/"))
    main, _, sub = (kind if known else "application/octet-stream").partition("/")
    mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
