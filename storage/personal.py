"""Everything that is held about one person, and forgetting it (GDPR, articles 15 and 17).

Where a person is found follows from the tables themselves: every column that points at a person,
every column that holds an address, and every text in which the person is named. A new table is
covered as soon as it is declared. The audit chain is left alone: it holds salted hashes only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, or_, select, update
from sqlalchemy.orm import Session

from storage import files
from storage.announcements import Announcement, Contribution
from storage.base import Base
from storage.consultations import Asked
from storage.files import StoredFile
from storage.inbox import Entry, EntryFile
from storage.inbox import State as EntryState
from storage.members import Address, Institution, Person
from storage.orders import Order
from storage.outbox import WAITING, Row, State, files_of
from storage.purchasing import Adhesion, AdhesionRequest, Central, CentralManager

_ADDRESS_COLUMNS = {
    "inbox": "sender",
    "questions": "address",
    "attendances": "address",
    "bounces": "address",
    "outbox": "destination",
    "surveys": "author",
    "campaigns": "author",
    "institutions": "direction",
    "centrals": "contact_address",
}
_NOT_SEARCHED = frozenset(
    {"audit", "audit_head", "counters", "cursors", "leases", "persons", "addresses"}
)
_KEYS = frozenset({"external_id", "key", "sha256", "digest", "code_hash", "media_type"})
"""Columns that are no words: to change one would break what goes by it."""
_ONLY_TO_REACH = {
    "addresses": "person_id",
    "rhythms": "person_id",
    "digest_items": "person_id",
    "questions": "address",
    "attendances": "address",
    "bounces": "address",
}
"""Rows that serve to reach a person, or to wait for their answer, and for nothing else."""
_BETWEEN = r"[\s./-]*"


@dataclass(frozen=True, slots=True)
class Subject:
    """One person and what stands for them: their addresses, folded, and private conversations."""

    person: Person
    addresses: frozenset[str]
    places: frozenset[str]
    has_namesake: bool = False
    """Another person on file bears the name: then it says nothing of whom a text speaks."""

    @property
    def label(self) -> str:
        """What stands where an address stood: it says of whom, not who."""
        return f"effacé-{self.person.id}"

    def signs(self) -> list[Sign]:
        """How the person is named in a text: addresses, the whole name in either order, the
        telephone number however it is spaced.
        """
        found = [Sign.of_address(one) for one in sorted(self.addresses | self.places, key=len)]
        # The longest first: one address may be part of another.
        found.reverse()
        words = self.person.name.split()
        if len(words) > 1 and not self.has_namesake:
            orders = (words, [*words[1:], words[0]])
            hints = frozenset(word.lower() for word in words)
            found += [Sign(_compiled(_in_a_row(one)), hints, is_name=True) for one in orders]
        if self.person.phone:
            found.append(Sign.of_phone(self.person.phone))
        return found


@dataclass(frozen=True, slots=True)
class Sign:
    """One way in which a person is named: a pattern, and ``hints`` without each of which it cannot
    match. They are looked for first: a search by pattern takes fifty times as long.
    """

    pattern: re.Pattern[str]
    hints: frozenset[str]
    is_name: bool = False

    @classmethod
    def of_address(cls, address: str) -> Sign:
        """An address that stands for itself, and is no part of a longer one."""
        text = rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)"
        return cls(_compiled(text), frozenset({address.lower()}))

    @classmethod
    def of_phone(cls, e164: str) -> Sign:
        """A telephone number, national or not."""
        return cls(_compiled(_phone(e164)), frozenset(re.sub(r"\D", "", e164).removeprefix("32")))

    def taken_out(self, text: str, instead: str) -> str:
        """A text with other words instead."""
        lowered = text.lower()
        if not all(hint in lowered for hint in self.hints):
            return text
        return self.pattern.sub(lambda _found: instead, text)


def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _in_a_row(words: list[str]) -> str:
    # In the name of a file other signs than a space stand between.
    name = r"[\s_.-]+".join(map(re.escape, words))
    return rf"(?<![^\W_]){name}(?![^\W_])"


def _phone(e164: str) -> str:
    digits = re.sub(r"\D", "", e164)
    national = digits.removeprefix("32")
    prefix = r"(?:(?:\+|00)\s*32[\s./-]*(?:\(0\)\s*)?|0)" if national != digits else r"\+?"
    return rf"(?<!\d){prefix}{_BETWEEN.join(national)}(?!\d)"


def subject(session: Session, person: Person, also: frozenset[str] = frozenset()) -> Subject:
    """A person with all addresses that are known to be theirs; ``also`` are former ones that
    somebody told, those left out that are another person's by now.
    """
    own = {one.address for one in person.addresses}
    others = set(
        session.scalars(
            select(Address.address).where(Address.address.in_(also), Address.person_id != person.id)
        )
    )
    places = {one.conversation for one in person.addresses if one.conversation}
    return Subject(
        person,
        frozenset(own | {one.lower() for one in also} - others),
        frozenset(places - own),
        session.scalar(select(Person.id).where(Person.name == person.name, Person.id != person.id))
        is not None,
    )


# -- what is held -----------------------------------------------------------------------------


def held(session: Session, about: Subject) -> dict[str, list[dict[str, Any]]]:
    """Every row that is about a person, by the name of its table, as it stands."""
    found = {table.name: _rows(session, table, about) for table in Base.metadata.sorted_tables}
    return {name: rows for name, rows in found.items() if rows}


def _rows(session: Session, table: Table, about: Subject) -> list[dict[str, Any]]:
    conditions = _conditions(table, about)
    if not conditions:
        return []
    shown = [one for one in table.columns if not (table.name == "files" and one.name == "content")]
    query = select(*shown).where(or_(*conditions)).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(query).mappings()]


def _conditions(table: Table, about: Subject) -> list[ColumnElement[bool]]:
    """Under which conditions a row of a table is about a person."""
    id_ = about.person.id
    found: list[ColumnElement[bool]] = [
        key.parent == id_ for key in table.foreign_keys if key.target_fullname == "persons.id"
    ]
    if table.name == "persons":
        found.append(table.c.id == id_)
    if (column := _ADDRESS_COLUMNS.get(table.name)) and about.addresses:
        found.append(table.c[column].in_(about.addresses | about.places))
    if "conversation" in table.columns and about.places:
        found.append(table.c.conversation.in_(about.places))
    if "topic" in table.columns:
        found.append(table.c.topic == f"person:{id_}")
    return found


def files_about(session: Session, rows: dict[str, list[dict[str, Any]]]) -> list[StoredFile]:
    """The files that came with, left with, or are kept with what is held."""
    ids = _file_ids(rows)
    entries = [row["id"] for row in rows.get("inbox", ())]
    ids |= set(session.scalars(select(EntryFile.file_id).where(EntryFile.entry_id.in_(entries))))
    return list(
        session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)).order_by(StoredFile.id))
    )


def _file_ids(rows: dict[str, list[dict[str, Any]]]) -> set[int]:
    tables = Base.metadata.tables
    found = {
        row[key.parent.name]
        for name, some in rows.items()
        for key in tables[name].foreign_keys
        if key.target_fullname == "files.id"
        for row in some
    }
    sent = {
        file for row in rows.get("outbox", ()) for file in files_of(Row(payload=row["payload"]))
    }
    return {one for one in found | sent if one is not None}


def mentions(session: Session, about: Subject) -> dict[str, list[Any]]:
    """Where a person is named in other rows: the name of a table, and the ids there."""
    own = {
        (name, tuple(row[one.name] for one in Base.metadata.tables[name].primary_key))
        for name, rows in held(session, about).items()
        for row in rows
    }
    found: dict[str, list[Any]] = {}
    for table, key, _changed in _named_in(session, about, ""):
        if (table.name, key) not in own:
            found.setdefault(table.name, []).append(key[0] if len(key) == 1 else list(key))
    return found


# -- forgetting -------------------------------------------------------------------------------


def is_needed(session: Session, person: Person) -> bool:
    """Whether a person still acts for somebody: then their data are needed (art. 17.1 a)."""
    manages = select(CentralManager).where(CentralManager.person_id == person.id)
    return person.active or session.scalar(manages.limit(1)) is not None


def forget(session: Session, about: Subject, name: str) -> None:
    """Forget a person: what only served to reach them goes, what they wrote to the platform goes,
    what has to be kept (orders, contracts, decisions, what was said in the name of an institution)
    bears ``name``, their function, instead of theirs.
    """
    _forget_messages(session, about)
    _forget_ways(session, about)
    person = about.person
    session.flush()
    for table, key, changed in list(_named_in(session, about, name)):
        pairs = zip(table.primary_key.columns, key, strict=True)
        which = [one == value for one, value in pairs]
        session.execute(update(table).where(*which).values(changed))
    session.expire_all()
    person.name, person.phone, person.gender, person.active = name, "", "", False
    session.flush()


def _forget_messages(session: Session, about: Subject) -> None:
    proofs = set(session.scalars(select(Asked.entry_id)))
    kept = _files_to_keep(session)
    for entry in session.scalars(select(Entry).where(Entry.sender.in_(about.addresses))):
        if entry.id in proofs:
            continue
        words = {"text": "", "subject": "", "quoted": "", "display_name": ""}
        entry.record = entry.record | words
        entry.traceback = None
        if entry.state != EntryState.AUTOMATIC:
            entry.state = EntryState.WITHDRAWN
        for file_id in session.scalars(
            select(EntryFile.file_id).where(EntryFile.entry_id == entry.id)
        ):
            if file_id not in kept:
                files.forget(session, file_id)
    where = about.addresses | about.places
    for row in session.scalars(select(Row).where(Row.destination.in_(where))):
        row.payload = {"action": row.payload.get("action", "message"), "erased": True}
        if row.state in WAITING:
            row.state = State.DROPPED


def _files_to_keep(session: Session) -> set[int]:
    """Files that the law has kept (orders, decisions), or that an institution showed to others."""
    columns = (Order.form_id, Order.paper_id, Adhesion.deed_id, AdhesionRequest.deed_id)
    kept = {one for column in columns for one in session.scalars(select(column)) if one}
    for shown in (Announcement.entry_id, Contribution.entry_id):
        with_it = select(EntryFile.file_id).where(EntryFile.entry_id.in_(select(shown)))
        kept |= set(session.scalars(with_it))
    return kept


def _forget_ways(session: Session, about: Subject) -> None:
    """How a person was reached, when they wanted to be, and what was asked of them alone."""
    for name, column in _ONLY_TO_REACH.items():
        table = Base.metadata.tables[name]
        which = table.c[column]
        theirs = which == about.person.id if column == "person_id" else which.in_(about.addresses)
        session.execute(table.delete().where(theirs))
    for where in (Institution.direction, Central.contact_address):
        session.execute(
            update(where.class_).where(where.in_(about.addresses)).values({where.key: ""})
        )


Change = tuple[Table, tuple[Any, ...], dict[str, Any]]


def _named_in(session: Session, about: Subject, name: str) -> Iterator[Change]:
    """Every row in whose words a person is named, with what these become."""
    signs = [(one, name if one.is_name else about.label) for one in about.signs()]
    for table in Base.metadata.sorted_tables:
        words = [
            one
            for one in table.columns
            if isinstance(one.type, String | JSON) and one.name not in _KEYS
        ]
        if words and table.name not in _NOT_SEARCHED:
            yield from _named_in_table(session, table, words, signs)


def _named_in_table(
    session: Session,
    table: Table,
    words: list[Any],
    signs: list[tuple[Sign, str]],
) -> Iterator[Change]:
    keys = list(table.primary_key.columns)
    # Read to the end before anything is changed, in pieces: a table may be large.
    rows = session.execute(select(*keys, *words).execution_options(yield_per=500))
    for row in rows:
        changed = {
            column.name: new
            for column, old in zip(words, row[len(keys) :], strict=True)
            if (new := _without(old, signs)) != old
        }
        if changed:
            yield table, tuple(row[: len(keys)]), changed


def _without(value: Any, signs: list[tuple[Sign, str]]) -> Any:
    """A text, or plain JSON, in which a person is named no more."""
    match value:
        case str():
            for sign, instead in signs:
                value = sign.taken_out(value, instead)
            return value
        case list():
            return [_without(one, signs) for one in value]
        case dict():
            return {key: _without(one, signs) for key, one in value.items()}
    return value
