"""A neutral message to the one mail that carries it; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.mail.addresses import OwnAddress, proof
from bot.mail.invitations import Mailbox, invitation, method_of
from bot.mail.parse import PROOF_HEADER
from bot.mail.render_html import Frame, Picture, html_body
from bot.mail.render_text import text_body
from bot.mail.tidy import one_line
from handlers import articles
from handlers.reply import Message, Rendered
from handlers.wording import Text, _, plain, verbatim

_LONGEST_SUBJECT = 200
_MOST_REFERENCES = 20
_REPLY_PREFIX = re.compile(r"^(\s*(re|ré|aw|antw?|sv|odp)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
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
    ``headers``, ``message_id``, ``in_reply_to`` (or None), ``references``, ``files`` (ids),
    ``pictures`` (which of the files the page shows, each with its Content-ID) and
    ``calendar`` (None, or its ``method`` and ``content``). ``web`` is the URL of the page on which
    announcements are stopped, if there is one.
    """

    own: OwnAddress
    signature: Signature
    secret: bytes
    web: str = ""
    greets: ClassVar[bool] = True

    def render(self, message: Message) -> list[Rendered]:
        """One mail, with all its files."""
        message_id = message_id_of(message.key, self.own.domain)
        subject, notes = self._subject(message), self._notes(message)
        pictures = _pictures(message, message_id)
        shown = tuple(Picture(cid, message.files[at].alt or verbatim("")) for at, cid in pictures)
        lines = self.signature.lines
        payload: dict[str, object] = {
            "subject": subject,
            "text": text_body(
                message.reply,
                lines,
                message.language,
                notes,
                [one.alt for one in shown],
                greeting=message.greeting,
            ),
            "html": html_body(
                message.reply,
                message.language,
                Frame(lines, subject, notes, self._tagged(message), shown, message.greeting),
            ),
            "to": message.destination,
            "reply_to": self._tagged(message),
            "headers": self._headers(message, message_id),
            "message_id": message_id,
            "in_reply_to": next(iter(_ids(message.answers)), None),
            "references": _references(message),
            "files": [file.id for file in message.files],
            "pictures": pictures,
            "calendar": self._calendar(message),
        }
        return [Rendered(payload, message_id)]

    def admit(self, place: str, address: str) -> list[Rendered]:  # noqa: ARG002 - the Protocol's
        """Nothing: mail has no places."""
        return []

    def dismiss(self, place: str, address: str) -> list[Rendered]:  # noqa: ARG002 - as above
        """Nothing: mail has no places."""
        return []

    def accept(self, conversation: str) -> list[Rendered]:  # noqa: ARG002 - the Protocol's
        """Nothing: a mail conversation asks for no acceptance."""
        return []

    def retract(self, payload: Mapping[str, object]) -> list[Rendered]:  # noqa: ARG002 - as above
        """Nothing: a mail that was sent stays with whoever has it."""
        return []

    def amend(self, payload: Mapping[str, object], message: Message) -> list[Rendered]:  # noqa: ARG002 - as above
        """Nothing: a mail that was sent says what it said."""
        return []

    def pin(self, payload: Mapping[str, object], *, on: bool) -> list[Rendered]:  # noqa: ARG002 - as above
        """Nothing: a mailbox is its owner's."""
        return []

    def close(self, payload: Mapping[str, object], words: Text, language: str) -> list[Rendered]:  # noqa: ARG002 - as above
        """Nothing: a mail's choices are words."""
        return []

    def _subject(self, message: Message) -> str:
        asked = _REPLY_PREFIX.sub("", one_line(message.subject, _LONGEST_SUBJECT), count=1).strip()
        if message.answers and asked:
            return f"Re: {asked}"
        title = message.reply.title or _("Message {whose}", whose=articles.of(self.signature.name))
        return one_line(plain(title, message.language), _LONGEST_SUBJECT)

    def _notes(self, message: Message) -> list[Text]:
        """What stands below the signature: how to hear less of what is said to everybody."""
        return [_FEWER] if message.leave else []

    def _calendar(self, message: Message) -> dict[str, str] | None:
        appointment = message.reply.appointment
        if appointment is None:
            return None
        organizer = Mailbox(self.signature.name, self.own.with_tag(message.tag))
        reader = Mailbox("", message.destination)
        return {
            "method": method_of(appointment),
            "content": invitation(
                appointment, message.language, self.own.domain, organizer, reader
            ),
        }

    def _tagged(self, message: Message) -> str | None:
        """The address that carries the topic, where there is one."""
        return self.own.with_tag(message.tag) if message.tag and self.own.plus else None

    def _headers(self, message: Message, message_id: str) -> dict[str, str]:
        return self._own_headers(message, message_id) | self._list_headers(message)

    def _list_headers(self, message: Message) -> dict[str, str]:
        """What tells mail programs that it is said to everybody, and how their owner stops it."""
        if not message.leave:
            return {}
        by_mail = f"<mailto:{self.own.with_tag(message.leave)}?subject=stop>"
        fields = {
            # RFC 2919: the name of a list does not change, whatever happens to its server.
            "List-Id": f"{self.signature.name} <annonces.{self.own.domain}>",
            "List-Unsubscribe": by_mail,
            # RFC 3834, section 5: what older vacation programs go by.
            "Precedence": "list",
        }
        if self.web:
            # RFC 8058, section 3.1: the link answers to exactly this, and needs no other question.
            fields["List-Unsubscribe"] = f"<{self.web}/stop/{message.leave}>, {by_mail}"
            fields["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return fields

    def _own_headers(self, message: Message, message_id: str) -> dict[str, str]:
        return {
            # RFC 3834, section 5: other programs then do not answer.
            "Auto-Submitted": "auto-replied" if message.answers else "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
            PROOF_HEADER: proof(self.secret, message_id),
        }


_FEWER = _(
    "Vous recevez les annonces des membres. Pour les recevoir autrement, répondez `rythme` ; pour"
    " ne plus les recevoir, répondez `stop`."
)


def message_id_of(key: str, domain: str) -> str:
    """The Message-ID of a key: the same for ever, and another one for every other key."""
    local = re.sub(r"[^A-Za-z0-9_-]", lambda sign: f"={ord(sign.group()):02x}=", key)
    return f"<{local}@{domain}>"


def _pictures(message: Message, message_id: str) -> list[tuple[int, str]]:
    """Which files the page shows, and the Content-ID of each: as unique as the mail's own."""
    # Not every program undoes the escapes of a link: letters, digits and dots need none.
    local, _at, domain = message_id[1:-1].partition("@")
    simple = re.sub(r"[^A-Za-z0-9]", ".", local)
    return [
        (index, f"{simple}.{index}@{domain}")
        for index, file in enumerate(message.files)
        if file.alt is not None
    ]


def _ids(*candidates: str | None) -> list[str]:
    """Those that are Message-IDs, each once, in order; made-up ids of ours mean nothing outside."""
    found = dict.fromkeys(text for text in candidates if text and _MESSAGE_ID.fullmatch(text))
    return [text for text in found if not text.endswith("@missing.invalid>")]


def _references(message: Message) -> list[str]:
    """The ids of the thread, the answered one last (RFC 5322, section 3.6.4)."""
    earlier = [found for found in _ids(*message.references) if found != message.answers]
    return [*earlier, *_ids(message.answers)][-_MOST_REFERENCES:]
