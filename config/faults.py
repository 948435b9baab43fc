"""What is wrong with a configuration, said in plain English and all at once.

Everything that the configuration reads (settings, territory, content) is checked by pydantic;
this module turns its findings into sentences that an operator can act on. Each field carries a
description that completes "expected …", and that is the sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from rapidfuzz import fuzz, process

_LONGEST_SHOWN = 60
_CLOSE_ENOUGH = 70  # of 100: "prot" still suggests "port"
_UNKNOWN_TYPES = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_OUR_TYPE = "expected"

Location = tuple[int | str, ...]


class Kind(Enum):
    """What is the matter with a key."""

    WRONG = "wrong"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fault:
    """One thing to put right: the key, what was expected there, and what was found.

    `got` is None when nothing was found, and when showing it could show a secret.
    """

    key: str
    expected: str
    got: str | None = None
    kind: Kind = Kind.WRONG

    def __str__(self) -> str:
        if self.kind is Kind.MISSING:
            return f"{self.key}: missing; expected {self.expected}"
        if self.kind is Kind.UNKNOWN:
            return f"{self.key}: not a known key{self.expected and f'; {self.expected}'}"
        found = "" if self.got is None else f", got {self.got}"
        return f"{self.key}: expected {self.expected}{found}"


class ConfigurationError(Exception):
    """The configuration cannot be used; `faults` lists everything wrong with it, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def wrong(expected: str) -> PydanticCustomError:
    """The error a validator raises when the field's own description is not precise enough."""
    # A template is formatted by pydantic, so the sentence goes in as data.
    return PydanticCustomError(_OUR_TYPE, "{sentence}", {"sentence": expected})


def shown(value: object) -> str:
    """`value` as the operator wrote it, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def fields_of(model: object) -> Mapping[str, FieldInfo]:
    """The fields of a pydantic model or dataclass; empty for any other type."""
    found: Mapping[str, FieldInfo] = getattr(model, "__pydantic_fields__", {})
    return found


def nested(field: FieldInfo) -> Iterator[Any]:
    """The types a field's annotation is made of: itself, and the arguments of a union or list."""
    pending = [field.annotation]
    while pending:
        annotation = pending.pop()
        yield annotation
        pending.extend(get_args(annotation))


def is_secret(field: FieldInfo) -> bool:
    """Whether the field's value must never be shown."""
    return SecretStr in nested(field)


def submodel(field: FieldInfo) -> Any:
    """The model a field holds (alone or in a list), or None."""
    return next((kind for kind in nested(field) if fields_of(kind)), None)


def subsection(field: FieldInfo) -> Any:
    """The model that a field holds alone, or None: a list of models is one value."""
    return field.annotation if fields_of(field.annotation) else None


def leaves(model: object, prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of a model that holds a value, with its dotted name."""
    for name, field in fields_of(model).items():
        inner = subsection(field)
        if inner is None:
            yield prefix + name, field
        else:
            yield from leaves(inner, f"{prefix}{name}.")


def faults_of(error: ValidationError, model: object) -> list[Fault]:
    """The findings of pydantic about `model`, as faults in the order of its fields."""
    found = error.errors(include_url=False)
    return [_fault(details, model) for details in found if not _is_echo(details, found)]


def _is_echo(details: ErrorDetails, found: Iterable[ErrorDetails]) -> bool:
    """Whether a list is called too short only because its wrong items were not counted."""
    depth = len(details["loc"])
    return details["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == details["loc"] for other in found
    )


def key_of(location: Location) -> str:
    """A dotted key; places in a list count from 1, as people do."""
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def _fault(details: ErrorDetails, model: object) -> Fault:
    location = details["loc"]
    key = key_of(location)
    if details["type"] in _UNKNOWN_TYPES:
        return unknown(key, model)
    field = _field_at(location, model)
    if details["type"] == "missing":
        return Fault(key, _expectation(field), kind=Kind.MISSING)
    expected = details["msg"] if details["type"] == _OUR_TYPE else _expectation(field)
    hidden = field is None or is_secret(field)
    return Fault(key, expected, None if hidden else shown(details["input"]))


def _field_at(location: Location, model: object) -> FieldInfo | None:
    field: FieldInfo | None = None
    for part in location:
        if isinstance(part, int):
            continue
        found = fields_of(model).get(part)
        if found is None:
            break
        field, model = found, submodel(found)
    return field


def _expectation(field: FieldInfo | None) -> str:
    return (field and field.description) or "a value of another kind"


def unknown(key: str, model: object) -> Fault:
    """A key that `model` does not have; its value is not shown, for it may be a misspelt secret."""
    near = nearest(key, model)
    return Fault(key, f'did you mean "{near}"?' if near else "", kind=Kind.UNKNOWN)


def nearest(key: str, model: object) -> str | None:
    """The known key that is most likely meant, or None if none is near.

    That is a like name in the same section, else the very name elsewhere, if it cannot be mistaken.
    """
    known = set(_spellings(model))
    section, _, name = key.rpartition(".")
    here = {one: _name(one) for one in known if one.rpartition(".")[0] == section}
    found = process.extractOne(name, here, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return str(found[2]) if found else _elsewhere(key, known)


def _elsewhere(key: str, known: Iterable[str]) -> str | None:
    """Where else a key of this name is: below the section it was written in, or the only one."""
    section, _, name = key.rpartition(".")
    found = sorted(one for one in known if _name(one) == name)
    below = [one for one in found if section and one.startswith(f"{section}.")]
    return next(iter(below), found[0] if len(found) == 1 else None)


def _name(key: str) -> str:
    return key.rpartition(".")[2]


def _spellings(model: object) -> Iterator[str]:
    yield from fields_of(model)
    for name, field in leaves(model):
        yield name
        yield name.rpartition(".")[0] or name
        if is_secret(field):
            yield f"{name}_file"
