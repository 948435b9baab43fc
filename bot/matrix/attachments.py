"""Files of encrypted rooms: locked before they are stored with the homeserver, unlocked after."""

from __future__ import annotations

from typing import Any

from nio.crypto import attachments  # type: ignore[import-untyped, unused-ignore]  # no py.typed
from nio.exceptions import EncryptionError  # type: ignore[import-untyped, unused-ignore]  # as above

from bot.matrix.transport import Json


def locked(content: bytes) -> tuple[bytes, Json]:
    """A file's locked bytes, and what unlocks them but for the address (``EncryptedFile``, v2)."""
    sealed, lock = attachments.encrypt_attachment(content)
    return sealed, lock


def unlocked(content: bytes, lock: Json) -> bytes | None:
    """The bytes of a locked file; None if they are not those that the lock is of."""
    try:
        return bytes(
            attachments.decrypt_attachment(
                content, _text(lock["key"], "k"), _text(lock["hashes"], "sha256"), _text(lock, "iv")
            )
        )
    except (EncryptionError, KeyError, TypeError, ValueError):
        return None


def _text(table: Any, key: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise TypeError
    return value
