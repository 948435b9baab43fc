"""DKIM (RFC 6376), for platforms whose mail server does not sign: the last thing done to a mail."""

from __future__ import annotations

import dkim

from config.settings import Dkim

_SIGNED = (
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"Reply-To",
    b"In-Reply-To",
    b"References",
    b"Auto-Submitted",
    b"MIME-Version",
    b"Content-Type",
    b"List-Id",
    # A click that stops announcements counts only if these are signed (RFC 8058, section 4).
    b"List-Unsubscribe",
    b"List-Unsubscribe-Post",
)


def signed(mail: bytes, settings: Dkim) -> bytes:
    """The mail under a signature, or as it is where no key is set."""
    if not settings.key:
        return mail
    signature: bytes = dkim.sign(
        mail,
        settings.selector.encode(),
        settings.domain.encode(),
        settings.key.get_secret_value().encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(_SIGNED),
    )
    return signature + mail
