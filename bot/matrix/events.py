"""Room events into neutral requests: pure, and never raising, whatever an event holds.

Only a person's text, files, reactions and votes are read, and what they change or take back of
them. Notices are left alone, so that bots do not answer one another for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from bot.mail.tidy import tidy
from bot.matrix.polls import RESPONSES, selections
from handlers.desk import PLACE
from handlers.request import Incoming, IncomingFile, Kind, place_named

Json = Mapping[str, Any]
Event = dict[str, Any]

CHANNEL = "matrix"
FILE_TYPES = frozenset({"m.file", "m.image", "m.audio", "m.video"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VARIATION = "\ufe0f"
_ILL_FORMED = re.compile("[\ud800-\udfff]")
_PILL = re.compile(r"\[[^\]\n]{0,255}\]\(https://matrix\.to/#/(?P<user>[^)\s]{1,600})\)")
_PILL_LINK = re.compile(r"https://matrix\.to/#/(?P<user>[^\"'?\s>]{1,600})")
_NAME_END = re.compile(r"\s*[:,]\s*|\s+|$")
_QUOTED_AUTHOR = re.compile(r"^(?:\* )?<@[^>\n]+>\s?")


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are in Matrix, and how people call us."""

    user: str
    name: str = ""
    prefix: str = "!"

    @property
    def names(self) -> tuple[str, ...]:
        """What a message to us may begin with, the longest first."""
        localpart = self.user[1:].partition(":")[0]
        known = {self.user, f"@{localpart}", localpart, self.name} - {""}
        return tuple(sorted(known, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an event happened: which room that is to us, who is there, when we got it. ``place`` is
    the name of the platform's place that it is, or nothing.
    """

    room: str
    received_at: datetime
    place: str = ""
    direct: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def conversation(self) -> str:
        """Where an answer goes."""
        return f"{PLACE}{self.place}" if self.place else self.room


@dataclass(frozen=True, slots=True)
class Media:
    """A file that is still with the homeserver."""

    mxc: str
    name: str
    media_type: str
    lock: Event | None = None
    """What unlocks it, if it is encrypted."""
    size: int | None = None
    """How many bytes it has, as its sender says."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A request, and the file to fetch before it is whole."""

    incoming: Incoming
    media: Media | None = None

    def with_file(self, content: bytes) -> Incoming:
        """The request with its file."""
        if self.media is None:
            return self.incoming
        file = IncomingFile(self.media.name, self.media.media_type, content)
        return replace(self.incoming, files=(file,))

    def without_file(self) -> Incoming:
        """The request whose file could not be had."""
        return replace(self.incoming, kind=Kind.UNREADABLE, text="")


def read(event: object, scene: Scene, us: Ourselves) -> Reading | None:
    """What an event of a room's timeline asks of us; None if nothing."""
    told = _table(event)
    content = _table(told.get("content"))
    head = _head(told, scene)
    if head is None or head.sender == us.user:
        return None
    if told.get("type") == "m.room.redaction":
        return _withdrawal(head, told, content)
    if _is_redacted(told, content):
        return None
    match told.get("type"):
        case "m.room.message":
            return _message(head, content, us)
        case "m.reaction":
            return _reaction(head, content)
        case kind if kind in RESPONSES:
            return _vote(head, content)
        case "m.room.member":
            return _movement(head, told)
        case "m.room.encrypted":
            return _sealed(head, content, scene)
    return None


def read_invitation(
    room: str, update: object, us: Ourselves, since: str, received_at: datetime
) -> Incoming | None:
    """An invitation of ours, from the state that the homeserver shows before we are in."""
    state = _table(_table(update).get("invite_state")).get("events")
    for event in state if isinstance(state, Sequence) else ():
        told = _table(event)
        mine = told.get("type") == "m.room.member" and told.get("state_key") == us.user
        sender = _text(told, "sender")
        if mine and sender and _table(told.get("content")).get("membership") == "invite":
            which = _text(told, "event_id") or since
            return Incoming(
                channel=CHANNEL,
                external_id=f"invite:{room}:{which}",
                conversation=room,
                sender=sender,
                sent_at=_instant(told.get("origin_server_ts")) or received_at,
                kind=Kind.INVITATION,
            )
    return None


def since_invited(events: list[Event], user: str) -> list[Event]:
    """The events after our latest invitation: what was said before we were there is not for us."""
    for index in range(len(events) - 1, -1, -1):
        if membership_of(events[index], user) == "invite":
            return events[index + 1 :]
    return events


def membership_of(event: object, user: str) -> str:
    """What an event says about somebody's membership; "" if it says nothing about it."""
    told = _table(event)
    if told.get("type") != "m.room.member" or told.get("state_key") != user:
        return ""
    return _text(_table(told.get("content")), "membership")


def display_names(events: Sequence[object]) -> dict[str, str]:
    """The display names that membership events tell."""
    names = {}
    for event in events:
        told = _table(event)
        name = _text(_table(told.get("content")), "displayname")
        if told.get("type") == "m.room.member" and name:
            names[_text(told, "state_key")] = clean(name)
    return names


def clean(text: str) -> str:
    """Text that any database and any server takes, with nothing unseen that could lie about it: no
    NUL, no half of a character, no change of direction.
    """
    return tidy(_ILL_FORMED.sub("\ufffd", text))


# -- kinds of events ------------------------------------------------------------------------


def _head(told: Json, scene: Scene) -> Incoming | None:
    """What is common to all events; None if one of the necessary fields is not there."""
    event_id, sender = _text(told, "event_id"), _text(told, "sender")
    if not event_id or not sender:
        return None
    return Incoming(
        channel=CHANNEL,
        external_id=event_id,
        conversation=scene.conversation,
        sender=sender,
        sent_at=_instant(told.get("origin_server_ts")) or scene.received_at,
        display_name=clean(scene.names.get(sender, "")),
        place=place_named(scene.place) if scene.place else None,
        direct=scene.direct,
        addressed=scene.direct,
        interactive=True,
    )


def _message(head: Incoming, content: Json, us: Ourselves) -> Reading | None:
    relation = _table(content.get("m.relates_to"))
    if relation.get("rel_type") == "m.replace":
        return _edit(head, _text(relation, "event_id"), _table(content.get("m.new_content")), us)
    msgtype, body = content.get("msgtype"), content.get("body")
    if not isinstance(msgtype, str) or (msgtype == "m.text" and not isinstance(body, str)):
        return _unreadable(head, content, us)
    head = _related(head, relation)
    if msgtype in FILE_TYPES:
        return _file(head, content, us)
    if msgtype != "m.text" or not isinstance(body, str):
        return None
    answered = _answered(relation)
    quoted, text = split_quotation(body) if answered else ("", body)
    return Reading(_addressed(replace(head, quoted=clean(quoted)), text, content, us))


def _file(head: Incoming, content: Json, us: Ourselves) -> Reading | None:
    lock = content.get("file")
    mxc = _text(_table(lock), "url") or _text(content, "url")
    if not mxc.startswith("mxc://"):
        return _unreadable(head, content, us)
    body, filename = _text(content, "body"), _text(content, "filename")
    caption = body if filename and body != filename else ""
    info = _table(content.get("info"))
    size = info.get("size")
    media = Media(
        mxc,
        clean(filename or body) or "file",
        clean(_text(info, "mimetype")) or "application/octet-stream",
        lock if isinstance(lock, dict) else None,
        size if isinstance(size, int) else None,
    )
    incoming = _addressed(head, caption, content, us)
    # A file among members is theirs; one in answer to something may be meant for us.
    wanted = incoming.addressed or bool(incoming.answers)
    return Reading(incoming, media) if wanted else None


def _reaction(head: Incoming, content: Json) -> Reading | None:
    relation = _table(content.get("m.relates_to"))
    answered, key = _text(relation, "event_id"), _text(relation, "key")
    if relation.get("rel_type") != "m.annotation" or not answered or not key:
        return None
    text = clean(key.replace(_VARIATION, ""))
    return Reading(replace(head, kind=Kind.REACTION, text=text, answers=(answered,)))


def _edit(head: Incoming, revised: str, content: Json, us: Ourselves) -> Reading | None:
    """What an earlier message now says; where it was said is known from its first version."""
    if not revised:
        return None
    head, body = replace(head, kind=Kind.EDIT, revises=revised), content.get("body")
    if _text(content, "msgtype") in FILE_TYPES:
        # What stands beside a file was changed; the file is there again.
        return _file(head, content, us)
    if content.get("msgtype") != "m.text" or not isinstance(body, str):
        return None
    # Older programs put the answered message before the new words, too.
    _quoted, text = split_quotation(body)
    return Reading(_addressed(head, text, content, us))


def _withdrawal(head: Incoming, told: Json, content: Json) -> Reading | None:
    # Since room version 11 the content says what is redacted.
    revised = _text(content, "redacts") or _text(told, "redacts")
    return Reading(replace(head, kind=Kind.WITHDRAWAL, revises=revised)) if revised else None


def _vote(head: Incoming, content: Json) -> Reading | None:
    relation = _table(content.get("m.relates_to"))
    poll = _text(relation, "event_id")
    if relation.get("rel_type") != "m.reference" or not poll:
        return None
    chosen = "\n".join(clean(one) for one in selections(content))
    return Reading(replace(head, kind=Kind.VOTE, text=chosen, answers=(poll,)))


def _movement(head: Incoming, told: Json) -> Reading | None:
    """Somebody came or went, by their own hand or another's: it is of whom it is told."""
    who = _text(told, "state_key")
    kind = _MOVEMENTS.get(membership_of(told, who))
    before = _table(_table(told.get("unsigned")).get("prev_content"))
    # A change of name or picture is a join after a join.
    if kind is None or not who or (kind is Kind.ARRIVAL and before.get("membership") == "join"):
        return None
    return Reading(replace(head, kind=kind, sender=who))


_MOVEMENTS = {"join": Kind.ARRIVAL, "leave": Kind.DEPARTURE, "ban": Kind.DEPARTURE}


def _unreadable(head: Incoming, content: Json, us: Ourselves) -> Reading | None:
    if not head.direct and not _is_mentioned(content, us):
        return None
    return Reading(replace(head, kind=Kind.UNREADABLE, addressed=True))


def _sealed(head: Incoming, content: Json, scene: Scene) -> Reading | None:
    """A message that we have no key for: told once for each key, as the inbox takes an id once."""
    if not head.direct:
        return None
    key = _text(content, "session_id") or head.external_id
    return Reading(replace(head, kind=Kind.SEALED, external_id=f"sealed:{scene.room}:{key}"))


# -- to whom, and in answer to what ---------------------------------------------------------


def _addressed(head: Incoming, body: str, content: Json, us: Ourselves) -> Incoming:
    mentioned = _is_mentioned(content, us)
    named, text = _without_name(clean(body).strip(), us, mentioned=mentioned)
    commanded, text = _without_prefix(text, us.prefix)
    addressed = head.direct or mentioned or named or commanded
    return replace(head, text=text, addressed=addressed)


def _without_name(text: str, us: Ourselves, *, mentioned: bool) -> tuple[bool, str]:
    """Whether a text begins with our name, and the rest of it."""
    link = _PILL.match(text)
    if link and unquote(link["user"]) == us.user:
        return True, _after_name(text, link.end())
    for name in us.names:
        if text[: len(name)].casefold() != name.casefold():
            continue
        end = _NAME_END.match(text, len(name))
        # « Supracom est utile » speaks about us; only a sign, or a mention, makes it an address.
        if end and (mentioned or end[0].strip() or name == us.user):
            return True, _after_name(text, len(name))
    return False, text


def _after_name(text: str, end: int) -> str:
    separator = _NAME_END.match(text, end)
    return text[separator.end() if separator else end :]


def _without_prefix(text: str, prefix: str) -> tuple[bool, str]:
    """Whether a text is a command, and the command; « !!! » is only an exclamation."""
    rest = text.removeprefix(prefix).lstrip()
    if not text.startswith(prefix) or not rest[:1].isalnum():
        return False, text
    return True, rest


def _is_mentioned(content: Json, us: Ourselves) -> bool:
    mentions = _table(content.get("m.mentions")).get("user_ids")
    if isinstance(mentions, list):
        return us.user in mentions
    links = _PILL_LINK.finditer(_text(content, "formatted_body"))
    return any(unquote(link["user"]) == us.user for link in links)


def _related(head: Incoming, relation: Json) -> Incoming:
    root = _text(relation, "event_id") if relation.get("rel_type") == "m.thread" else ""
    answered = "" if relation.get("is_falling_back") is True else _answered(relation)
    answers = tuple(dict.fromkeys(known for known in (answered, root) if known))
    return replace(head, answers=answers, thread=root or None)


def _answered(relation: Json) -> str:
    return _text(_table(relation.get("m.in_reply_to")), "event_id")


def split_quotation(body: str) -> tuple[str, str]:
    """Cut the copy of the answered message that older clients put first (``> <@who> …``)."""
    lines = body.split("\n")
    count = next((i for i, line in enumerate(lines) if not line.startswith(">")), len(lines))
    first = lines[0][1:].lstrip() if count else ""
    if not _QUOTED_AUTHOR.match(first):
        return "", body
    quoted = [line[1:].removeprefix(" ") for line in lines[:count]]
    quoted[0] = _QUOTED_AUTHOR.sub("", quoted[0])
    return "\n".join(quoted), "\n".join(lines[count:]).strip("\n")


# -- values that may be anything ------------------------------------------------------------


def _is_redacted(told: Json, content: Json) -> bool:
    return not content or "redacted_because" in _table(told.get("unsigned"))


def _table(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(table: Json, key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _instant(milliseconds: object) -> datetime | None:
    """A server's timestamp; None if it is none."""
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
