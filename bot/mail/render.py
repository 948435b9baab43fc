"""A neutral message to the one mail that carries it; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.mail.addresses import OwnAddress, proof
from bot.mail.parse import PROOF_HEADER
from bot.mail.render_html import html_body
from bot.mail.render_text import text_body
from bot.mail.tidy import one_line
from handlers.reply import Message, Rendered
from handlers.request import Place
from handlers.wording import _, plain

_LONGEST_SUBJECT = 200
_MOST_REFERENCES = 20
_REPLY_PREFIX = re.compile(r"(\s*(re|ré|aw|antw?|sv|odp)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands under every mail; empty lines are left out."""

    name: str
    institution: str = ""
    slogan: str = ""
    site: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(line for line in (self.name, self.institution, self.slogan, self.site) if line)


@dataclass(frozen=True, slots=True)
class MailRenderer:
    """Writes mails in the platform's name.

    The payload is plain JSON: ``subject``, ``text``, ``html``, ``to``, ``reply_to`` (or None),
    ``headers``, ``message_id``, ``in_reply_to`` (or None), ``references`` and ``files`` (ids).
    """

    own: OwnAddress
    signature: Signature
    secret: bytes

    def render(self, message: Message) -> list[Rendered]:
        """One mail, with all its files."""
        message_id = message_id_of(message.key, self.own.domain)
        payload: dict[str, object] = {
            "subject": self._subject(message),
            "text": text_body(message.reply, self.signature.lines, message.language),
            "html": html_body(
                message.reply, self.signature.lines, message.language, self._subject(message)
            ),
            "to": message.destination,
            "reply_to": self.own.with_tag(message.tag) if message.tag and self.own.plus else None,
            "headers": self._headers(message, message_id),
            "message_id": message_id,
            "in_reply_to": next(iter(_ids(message.answers)), None),
            "references": _references(message),
            "files": [file.id for file in message.files],
        }
        return [Rendered(payload, message_id)]

    def admit(self, place: Place, address: str) -> list[Rendered]:  # noqa: ARG002 - the Protocol's
        """Nothing: mail has no places."""
        return []

    def dismiss(self, place: Place, address: str) -> list[Rendered]:  # noqa: ARG002 - as above
        """Nothing: mail has no places."""
        return []

    def accept(self, conversation: str) -> list[Rendered]:  # noqa: ARG002 - the Protocol's
        """Nothing: a mail conversation asks for no acceptance."""
        return []

    def _subject(self, message: Message) -> str:
        asked = _REPLY_PREFIX.sub("", one_line(message.subject, _LONGEST_SUBJECT), count=1).strip()
        if message.answers and asked:
            return f"Re: {asked}"
        title = message.reply.title or _("Message de {platform}", platform=self.signature.name)
        return one_line(plain(title, message.language), _LONGEST_SUBJECT)

    def _headers(self, message: Message, message_id: str) -> dict[str, str]:
        return {
            # RFC 3834, section 5: other programs then do not answer.
            "Auto-Submitted": "auto-replied" if message.answers else "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
            PROOF_HEADER: proof(self.secret, message_id),
        }


def message_id_of(key: str, domain: str) -> str:
    """The Message-ID of a key: the same for ever, and another one for every other key."""
    local = re.sub(r"[^A-Za-z0-9_-]", lambda sign: f"={ord(sign.group()):02x}=", key)
    return f"<{local}@{domain}>"


def _ids(*candidates: str | None) -> list[str]:
    """Those that are Message-IDs, each once, in order; made-up ids of ours mean nothing outside."""
    found = dict.fromkeys(text for text in candidates if text and _MESSAGE_ID.fullmatch(text))
    return [text for text in found if not text.endswith("@missing.invalid>")]


def _references(message: Message) -> list[str]:
    """The ids of the thread, the answered one last (RFC 5322, section 3.6.4)."""
    earlier = [found for found in _ids(*message.references) if found != message.answers]
    return [*earlier, *_ids(message.answers)][-_MOST_REFERENCES:]
