"""In which language a conversation is held, where no known person's preference says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base


class ConversationLanguage(Base):
    """The language of one conversation: recognised once in what was written, or chosen.

    It is kept so that a conversation does not change its language with the words of one message.
    """

    __tablename__ = "conversation_languages"

    channel: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    since: Mapped[datetime]


def language_of(session: Session, channel: str, conversation: str) -> str | None:
    """The language of a conversation; None as long as nothing told it."""
    return session.scalar(_HELD_IN, {"channel": channel, "conversation": conversation})


# Made once: building it takes longer than running it.
_HELD_IN = select(ConversationLanguage.language).where(
    ConversationLanguage.channel == bindparam("channel"),
    ConversationLanguage.conversation == bindparam("conversation"),
)


def keep(session: Session, channel: str, conversation: str, language: str, now: datetime) -> None:
    """Hold a conversation in a language from now on."""
    session.merge(
        ConversationLanguage(
            channel=channel, conversation=conversation, language=language, since=now
        )
    )
    session.flush()
