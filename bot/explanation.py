"""What the platform understands of a mail and would do with it, without doing it.

The mail takes the way of every mail (parsing, dispatch, handlers, outbox) in a transaction that is
undone. What is told comes from the facts that the handlers noted on that way, and from the rows
that it would have left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email import message_from_bytes
from email.message import Message
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.mail import headers
from bot.mail.automatic import comes_from_a_machine
from bot.mail.bodies import header_of
from bot.mail.parse import Reading, parse
from bot.papers.reading import PaperReader
from config.territory import Authority
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.intents import Intent
from handlers.observation import Action, Observation
from handlers.platform import Platform
from handlers.reading.outsiders import is_official, outsider
from handlers.reading.people import Person as Named
from handlers.request import Incoming, Kind, Place
from storage.engine import Database
from storage.inbox import Entry, State
from storage.members import Institution, Person, person_at
from storage.outbox import Row

_COMMANDS = {
    "aide": Intent.HELP,
    "catalogue": Intent.CATALOGUE,
    "fiche": Intent.CATALOGUE,
    "centrales": Intent.CATALOGUE,
    "centrale": Intent.CATALOGUE,
    "inscrire": Intent.REGISTER,
    "demande": Intent.ANNOUNCEMENT,
    "offre": Intent.ANNOUNCEMENT,
    "répondre": Intent.ANNOUNCEMENT_ANSWER,
    "adhérer": Intent.JOIN_CENTRAL,
    "commander": Intent.ORDER,
    "commandes": Intent.ORDER_STATUS,
    "désinscrire": Intent.LEAVE,
    "remplaçant": Intent.DEPUTY,
}
_QUESTIONS = {
    "registration": Intent.REGISTER,
    "announcement": Intent.ANNOUNCEMENT,
    "order": Intent.ORDER_CONFIRM,
    "order-letter": Intent.ORDER,
    "joining": Intent.JOIN_CENTRAL,
    "leave": Intent.LEAVE,
    "user": Intent.CHANGE_USER,
}
_CONVERSATIONS = {"announcement": Intent.ANNOUNCEMENT_ANSWER}
# What has a name of its own inside is one of the wider intents outside.
_WIDER = {Intent.SHEET: Intent.CATALOGUE, Intent.STATISTICS: Intent.QUESTION}


@dataclass(frozen=True, slots=True)
class Explained:
    """What a mail would do: the facts as plain JSON, and the rows that it would leave behind."""

    facts: dict[str, Any]
    rows: tuple[dict[str, Any], ...]
    """What would leave: channel, destination and text of each message."""
    seen: tuple[Any, Any] | None = None
    """What ``look`` saw before and after."""


def explain(
    database: Database,
    platform: Platform,
    reading: Reading,
    raw: bytes,
    now: datetime,
    *,
    tag: str | None = None,
    believed: bool = False,
    anew: bool = True,
    look: Callable[[Session], Any] | None = None,
) -> Explained:
    """Explain one mail as if it arrived ``now``.

    ``believed`` takes its sender as proved; ``tag`` stands for the reply token that it bears;
    ``anew`` explains also one that was taken in already, as if it had not been; ``look`` is called
    before and after in the transaction, and its results are given back.
    """
    [incoming] = PaperReader().read([parse(raw, reading, now, "explained")])
    if anew:
        incoming = replace(incoming, external_id=f"<{uuid4().hex}@explained.invalid>")
    if believed:
        incoming = replace(incoming, authenticated=True)
    if tag is not None:
        incoming = replace(incoming, tag=tag)
    return database.rehearse(_rehearsed, platform, incoming, raw, now, look)


def _rehearsed(
    session: Session,
    platform: Platform,
    incoming: Incoming,
    raw: bytes,
    now: datetime,
    look: Callable[[Session], Any] | None,
) -> Explained:
    observation = Observation()
    first = look(session) if look else None
    before = session.scalar(select(func.max(Row.id))) or 0
    known = person_at(session, incoming.channel, incoming.sender)
    dispatcher = Dispatcher(platform, everything(), observation)
    dispatcher.take_one(session, incoming, now)
    session.flush()
    rows = session.scalars(select(Row).where(Row.id > before).order_by(Row.id)).all()
    entry = session.scalar(select(Entry).where(Entry.external_id == incoming.external_id))
    facts = dict(observation.facts)
    facts.setdefault("institution", known.institution if known else _told_institution(facts))
    if entry is not None and entry.state == State.SHELVED:
        facts |= {"action": Action.HOLD, "reason": "fault", "traceback": entry.traceback}
    return Explained(
        _told(platform, incoming, raw, facts, rows),
        tuple(_leaving(row) for row in rows),
        (first, look(session)) if look else None,
    )


def _told(
    platform: Platform,
    incoming: Incoming,
    raw: bytes,
    facts: dict[str, Any],
    rows: Sequence[Row],
) -> dict[str, Any]:
    answers = [row for row in rows if row.destination == incoming.conversation]
    action, intent = _decided(incoming, raw, facts)
    told: dict[str, Any] = {
        "action": action,
        "intent": intent,
        "institution": institution_as_json(facts.get("institution")),
    }
    if "institutions" in facts:
        told["institutions"] = _institutions(facts["institutions"], facts.get("users", ()))
    for role in ("designated_user", "requester", "deputy"):
        if facts.get(role) is not None:
            told[role] = person_as_json(facts[role])
    told |= {key: _plain(value) for key, value in facts.items() if key in _MORE}
    told["attachments_kept"] = [file.name for file in incoming.files if not file.damaged]
    damaged = [file.name for file in incoming.files if file.damaged]
    if damaged:
        told["attachments_damaged"] = damaged
    told["sender_believed"] = incoming.authenticated
    told["reply"] = _reply(platform, facts, answers)
    told["notify_admin"] = any(row.destination == f"room:{Place.ADMINS}" for row in rows)
    told["deliver_to"] = sorted(
        {row.destination for row in rows} - {incoming.conversation, f"room:{Place.ADMINS}"}
    )
    return told


def _told_institution(facts: dict[str, Any]) -> Any:
    """The institution that a stranger's letter names as its own."""
    understood = facts.get("understood")
    if understood is None or understood.registration.institution is not None:
        return understood.registration.institution if understood else None
    named = outsider(understood.registration.outside)
    return named if named.type != "autre" or is_official(named.name) else None


_MORE = frozenset(
    {"announcement", "answer", "order", "order_ref", "join", "leave", "calendar", "survey"}
    | {"template", "computed", "ask_for", "errors", "reason", "also", "period", "awaits"}
    | {"traceback"}
)


def _reply(platform: Platform, facts: dict[str, Any], answers: list[Row]) -> dict[str, Any]:
    if not answers:
        return {"send": False}
    language = facts.get("language", platform.language)
    return {"send": True, "lang": language, "text": "\n\n".join(_text(row) for row in answers)}


def _leaving(row: Row) -> dict[str, Any]:
    return {"channel": row.channel, "destination": row.destination, "text": _text(row)}


def _text(row: Row) -> str:
    content = row.payload.get("content") or {}
    return str(row.payload.get("text") or content.get("body") or "")


def _decided(incoming: Incoming, raw: bytes, facts: dict[str, Any]) -> tuple[str, str]:
    """What is done, and on what understanding."""
    if incoming.automatic or incoming.kind is Kind.COPY:
        return Action.IGNORE, _machine(raw, incoming.sender)
    intent = facts.get("intent")
    if intent is None:
        intent = (
            _COMMANDS.get(facts.get("command", ""))
            or _QUESTIONS.get(facts.get("question", ""))
            or _CONVERSATIONS.get(facts.get("conversation", ""))
            or Intent.QUESTION
        )
    intent = _WIDER.get(intent, intent)
    return str(facts.get("action", Action.ACCEPT)), str(intent)


_REPORTS = {"delivery-status", "feedback-report"}


def _machine(raw: bytes, sender: str) -> str:
    """Which kind of machine wrote: an answering one, a mail server, or one that writes to many."""
    mail = message_from_bytes(header_of(raw))
    local = sender.partition("@")[0]
    reports = _report_type(mail) in _REPORTS or "X-Failed-Recipients" in mail
    if reports or local.startswith(("mailer-daemon", "postmaster", "bounce")):
        return Intent.BOUNCE
    submitted = headers.raw_field(mail, "Auto-Submitted").lower().strip()
    if submitted.startswith("auto-replied"):
        # Many of them bear a « Precedence: bulk » as well, so that nothing answers them (RFC 3834).
        return Intent.AUTO_REPLY
    precedence = headers.raw_field(mail, "Precedence").lower().strip()
    listed = any(name.lower().startswith(("list-", "feedback-id")) for name in mail)
    if listed or precedence in {"bulk", "list", "junk"}:
        return Intent.BULK
    if comes_from_a_machine(mail, sender):
        newsletter = local.startswith(("newsletter", "no-reply", "noreply", "notification"))
        return Intent.BULK if newsletter else Intent.AUTO_REPLY
    return Intent.AUTO_REPLY


def _report_type(mail: Message) -> str:
    value = mail.get_param("report-type", "")
    return value.lower() if isinstance(value, str) else ""


def _institutions(found: Sequence[Any], users: Sequence[Any]) -> list[dict[str, Any] | None]:
    """Several institutions, each with its own user where the letter names one for each."""
    told = [institution_as_json(one) for one in found]
    for one, user in zip(told, users, strict=False):
        if one is not None:
            one["designated_user"] = person_as_json(user)
    return told


def institution_as_json(found: Any) -> dict[str, Any] | None:
    """An institution by name, type and code; of one outside the territory the code is null."""
    if found is None:
        return None
    if isinstance(found, Authority | Institution):
        return {"name": found.name, "type": str(found.type), "code": found.code or None}
    return {"name": found.name, "type": found.type, "code": None}


def person_as_json(person: Any) -> dict[str, Any]:
    """A person by name, address, telephone number and role."""
    if isinstance(person, Person):
        mail = next((a.address for a in person.addresses if "@" in a.address), "")
        shown = (person.name, mail, person.phone, person.function)
    else:
        assert isinstance(person, Named)  # noqa: S101 - the only other kind of person
        shown = (person.name, person.email, person.phone, person.role)
    names = ("name", "email", "phone_e164", "role")
    return {name: value for name, value in zip(names, shown, strict=True) if value}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)
