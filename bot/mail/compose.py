"""A rendered payload to the bytes of a mail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from bot.channel import Attachment
from bot.mail.addresses import is_address

_AS_THEY_ARE = {"in-reply-to", "references", "list-id", "list-unsubscribe"}
_LINE = 78


class _Policy(EmailPolicy):
    """SMTP's rules, but ids and links stay as they are: a long one would be written as an encoded
    word, which is no id any more and tears threads apart (Exchange's ids have 80 characters).
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header field, folded between its words."""
        if name.lower() not in _AS_THEY_ARE:
            return super().fold_binary(name, value)
        lines = [f"{name}:"]
        for word in _ascii(str(value)).split():
            if len(lines[-1]) + 1 + len(word) > _LINE and lines[-1] != f"{name}:":
                lines.append("")
            lines[-1] += f" {word}"
        return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _ascii(value: str) -> str:
    """A value whose last word is a link or an id, and which may begin with a name."""
    if value.isascii():
        return value
    phrase, _, last = value.rpartition(" ")
    return f"{Header(phrase, 'utf-8').encode()} {last}"


_POLICY = _Policy(linesep="\r\n")
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
    mail = EmailMessage(_POLICY)
    mail["From"] = Address(sender_name, addr_spec=address)
    mail["To"] = Address(addr_spec=payload["to"])
    mail["Subject"] = payload["subject"]
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = payload["message_id"]
    fields = _further(payload)
    # Until there is content, what tells of it is dropped; later parts would take it with them.
    content = {name: value for name, value in fields.items() if name.startswith("Content-")}
    for name, value in fields.items():
        if name not in content:
            mail[name] = value
    # 8bit is rewritten by some servers on the way, which breaks DKIM signatures.
    mail.set_content(payload["text"], cte="quoted-printable")
    mail.add_alternative(payload["html"], subtype="html", cte="quoted-printable")
    pictures = dict(payload.get("pictures") or ())
    for index, cid in pictures.items():
        _show(mail, files[index], cid)
    calendar = payload.get("calendar")
    if calendar:
        # Programs take the method from the type as well as from the content (RFC 6047, 2.4).
        mail.add_alternative(
            calendar["content"],
            subtype="calendar",
            cte="quoted-printable",
            params={"method": calendar["method"]},
        )
    for index, file in enumerate(files):
        if index not in pictures:
            _attach(mail, file)
    for name, value in content.items():
        mail[name] = value
    return mail.as_bytes()


def _further(payload: Mapping[str, Any]) -> dict[str, str]:
    fields = {
        "Reply-To": payload.get("reply_to"),
        "In-Reply-To": payload.get("in_reply_to"),
        "References": " ".join(payload.get("references") or ()),
    }
    return {name: value for name, value in fields.items() if value} | dict(payload["headers"])


def _show(mail: EmailMessage, picture: Attachment, cid: str) -> None:
    """Put a picture beside the page that shows it (RFC 2387, RFC 2392)."""
    page = mail.get_body(("html",))
    assert page is not None  # noqa: S101 - it was added just before
    main, _, sub = picture.media_type.partition("/")
    page.add_related(
        picture.content,
        maintype=main,
        subtype=sub,
        cid=f"<{cid}>",
        filename=picture.name,
        disposition="inline",
    )


def _attach(mail: EmailMessage, file: Attachment) -> None:
    kind = file.media_type.lower()
    # A message inside a message needs another encoding than a file; as bytes it is just a file.
    known = _MEDIA_TYPE.fullmatch(kind) and not kind.startswith(("multipart/", "message/"))
    main, _, sub = (kind if known else "application/octet-stream").partition("/")
    mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
