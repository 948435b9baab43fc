"""Tables in YAML: a list of entries, in which what is itself a list of entries becomes a line each.

Only the structure is read, never a type: `no` is not false here, and 24.000 is not 24.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from handlers.tables import SEPARATOR, Line, Read
from handlers.wording import _

_DEEPEST = 6
_MOST_PARTS = 50_000
"""Words, lists and mappings of a file: about twelve names with their values a line, for as many
lines as are read. Reading one takes some 30 microseconds, while nobody else can write.
"""


class _TooLargeError(Exception):
    """More parts than are taken in one file."""


def read(content: bytes, found: Read) -> set[str]:
    """Add the lines of a file to ``found``; gives its headings."""
    try:
        _require_bounded(content)
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except _TooLargeError:
        found.faults.append(_("le fichier est trop grand : envoyez-le en plusieurs parties"))
        return set()
    except yaml.MarkedYAMLError as error:
        number = error.problem_mark.line + 1 if error.problem_mark else 1
        found.faults.append(_("ligne {number} : ce n'est pas du YAML", number=number))
        return set()
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        found.faults.append(_("ligne {number} : ce n'est pas du YAML", number=1))
        return set()
    entries = _entries(root)
    if entries is None:
        found.faults.append(_("ligne {number} : une liste est attendue", number=1))
        return set()
    headings: set[str] = set()
    for entry in entries:
        for number, cells in _flat(entry, found):
            headings |= cells.keys()
            found.lines.append((number, cells))
    return headings


def _require_bounded(content: bytes) -> None:
    """Raises ValueError for what nests too deep or repeats itself by reference, _TooLargeError for
    what has too many parts.
    """
    depth = 0
    events = yaml.parse(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    for count, event in enumerate(events):
        if count > _MOST_PARTS:
            raise _TooLargeError
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            raise ValueError


def _entries(root: yaml.Node | None) -> list[yaml.Node] | None:
    """The entries of a list, which may stand under one name."""
    if isinstance(root, yaml.MappingNode) and len(root.value) == 1:
        root = root.value[0][1]
    return list(root.value) if isinstance(root, yaml.SequenceNode) else None


def _flat(entry: yaml.Node, found: Read) -> Iterator[Line]:
    number = entry.start_mark.line + 1
    if not isinstance(entry, yaml.MappingNode):
        found.faults.append(_("ligne {number} : « nom: valeur » est attendu", number=number))
        return
    cells: dict[str, str] = {}
    inner: list[yaml.Node] = []
    for key, value in entry.value:
        if isinstance(value, yaml.SequenceNode) and _holds_entries(value):
            inner += value.value
        else:
            cells[str(key.value).strip().lower()] = _cell(value, found)
    if not inner:
        yield number, cells
    for part in inner:
        for line, more in _flat(part, found):
            yield line, cells | more


def _holds_entries(node: yaml.SequenceNode) -> bool:
    return any(isinstance(one, yaml.MappingNode) for one in node.value)


def _cell(node: yaml.Node, found: Read) -> str:
    match node:
        case yaml.ScalarNode(tag="tag:yaml.org,2002:null"):
            return ""
        case yaml.ScalarNode(value=value):
            return str(value).strip()
        case yaml.SequenceNode(value=parts):
            return f" {SEPARATOR} ".join(_cell(part, found) for part in parts)
        case _:
            number = node.start_mark.line + 1
            found.faults.append(_("ligne {number} : un texte est attendu", number=number))
            return ""


def written(entries: Sequence[dict[str, Any]]) -> bytes:
    """Entries as a file, in the order in which their parts are given."""
    text = yaml.safe_dump(
        list(entries), allow_unicode=True, sort_keys=False, default_flow_style=False, width=100
    )
    return str(text).encode()
