"""Lists of entries in TOML files, each entry checked against its type; faults are collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from config.faults import ConfigurationError, Fault, Kind, faults_of, shown
from config.sources import Table, read_toml

Entry = TypeVar("Entry")


def read_entries(
    path: Path,
    section: str,
    kind: type[Entry],
    faults: list[Fault],
    *,
    optional: bool = False,
) -> list[Entry]:
    """The entries `[[section]]` of a file that are right; what is wrong is added to `faults`.

    An `optional` file may be absent: then there are none.
    """
    if optional and not path.exists():
        return []
    try:
        table = read_toml(path)
    except ConfigurationError as error:
        faults += error.faults
        return []
    faults += _strangers(path.name, section, table)
    entries = []
    for place, entry in enumerate(_listed(table.get(section)), start=1):
        try:
            entries.append(TypeAdapter(kind).validate_python(entry))
        except ValidationError as error:
            where = f"{path.name}: {_title(entry, section, place)}"
            faults += [_within(where, fault) for fault in faults_of(error, kind)]
    return entries


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _strangers(file: str, section: str, table: Table) -> Iterator[Fault]:
    if not isinstance(table.get(section), list):
        yield Fault(f"{file}: [[{section}]]", "at least one entry", kind=Kind.MISSING)
    for key in table:
        if key != section:
            yield Fault(
                f"{file}: {key}", f"each entry begins with [[{section}]]", kind=Kind.UNKNOWN
            )


def _title(entry: Any, section: str, place: int) -> str:
    """What the entry is called, if only by its place in the file."""
    slug = entry.get("slug") if isinstance(entry, dict) else None
    return f"{section} {shown(slug)}" if slug else f"{section} number {place}"


def _within(where: str, fault: Fault) -> Fault:
    key = f"{where}: {fault.key}" if fault.key else where
    return Fault(key, fault.expected, fault.got, fault.kind)


def repeated(file: str, slugs: Iterable[str]) -> Iterator[Fault]:
    """A fault for each slug that a file has more than once."""
    for slug, count in Counter(slugs).items():
        if count > 1:
            yield Fault(f"{file}: slug", "each slug once", f"{shown(slug)} {count} times")
