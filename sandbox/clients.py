"""The people around the bot: clients for the demo's story and for the tests, not the bot's code."""

from __future__ import annotations

from sandbox.mail_user import Attachment, MailboxError, MailUser, text_of
from sandbox.matrix_event import RoomEvent
from sandbox.matrix_user import MatrixError, MatrixUser

__all__ = [
    "Attachment",
    "MailUser",
    "MailboxError",
    "MatrixError",
    "MatrixUser",
    "RoomEvent",
    "text_of",
]
