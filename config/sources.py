"""Where settings come from: one TOML file, the environment over it, and files that hold secrets.

pydantic-settings reads the process's own environment and stops at its first unreadable source;
here the environment is passed in, and every fault of every source is reported together.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin

from config.faults import ConfigurationError, Fault, fields_of, is_secret, leaves, shown, submodel

PREFIX = "SUPRACOM_"
DELIMITER = "__"
STAND_IN = "x" * 64
"""For a secret whose file could not be read: long enough for any rule; a fault is known by then."""
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")

Table = dict[str, Any]


def read_toml(path: Path) -> Table:
    """The tables of a TOML file. Raises ConfigurationError if it cannot be read or parsed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, error.strerror or "no answer") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"bytes that are not UTF-8 at position {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError([Fault(str(path), "a readable TOML file", why)])


def overlay(table: Table, environ: Mapping[str, str], model: object) -> None:
    """Put the values of the environment over those of the file, in place.

    SUPRACOM_MAIL__IMAP__PORT is mail.imap.port. A name without the delimiter (SUPRACOM_CONFIG)
    belongs to the command line and is left alone. A secret given in the environment replaces the
    file's, in whichever of its two forms (`password`, `password_file`) either was given.
    """
    kinds = dict(leaves(model))
    secrets = {key for key, field in kinds.items() if is_secret(field)}
    for variable in sorted(environ):
        key = _key(variable)
        if key is None:
            continue
        secret = key.removesuffix("_file")
        if secret in secrets and not _given(secret, environ):
            _drop(table, secret)
        _put(table, key, _typed(environ[variable], kinds.get(key)))


def _key(variable: str) -> str | None:
    name = variable.removeprefix(PREFIX)
    if name == variable or DELIMITER not in name:
        return None
    return ".".join(name.lower().split(DELIMITER))


def _given(secret: str, environ: Mapping[str, str]) -> bool:
    """Whether both forms of a secret are in the environment: then both stay, and are a fault."""
    variable = PREFIX + secret.upper().replace(".", DELIMITER)
    return variable in environ and f"{variable}_FILE" in environ


def _typed(text: str, field: Any) -> Any:
    """A list is written as JSON or with commas; pydantic reads numbers and booleans itself."""
    if field is None or get_origin(field.annotation) is not tuple:
        return text
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, list):
        return parsed
    return [part.strip() for part in text.split(",") if part.strip()]


def _put(table: Table, key: str, value: Any) -> None:
    *sections, name = key.split(".")
    for section in sections:
        inner = table.setdefault(section, {})
        if not isinstance(inner, dict):
            return  # the file has a value where a section belongs: validation will say so
        table = inner
    table[name] = value


def _drop(table: Table, secret: str) -> None:
    *sections, name = secret.split(".")
    for section in sections:
        inner = table.get(section)
        if not isinstance(inner, dict):
            return
        table = inner
    table.pop(name, None)
    table.pop(f"{name}_file", None)


def read_secret_files(
    table: Table, model: object, folder: Path, environ: Mapping[str, str], prefix: str = ""
) -> list[Fault]:
    """Replace each `NAME_file` of a secret by `NAME` with the file's content, in place.

    A relative path starts at `folder`; `$CREDENTIALS_DIRECTORY/NAME` (systemd credentials) and any
    other variable of `environ` is expanded. One line end at the end of the file is not part of the
    secret. Returns what went wrong; the secret then has a stand-in, so that validation does not
    complain about it a second time.
    """
    faults: list[Fault] = []
    for name, field in fields_of(model).items():
        inner = table.get(name)
        if isinstance(inner, dict) and submodel(field):
            section = f"{prefix}{name}."
            faults += read_secret_files(inner, submodel(field), folder, environ, section)
        elif is_secret(field) and f"{name}_file" in table:
            faults += _take_secret(table, name, folder, environ, prefix)
    return faults


def _take_secret(
    table: Table, name: str, folder: Path, environ: Mapping[str, str], prefix: str
) -> list[Fault]:
    key = f"{prefix}{name}_file"
    path = table.pop(f"{name}_file")
    inline, table[name] = table.get(name), STAND_IN
    if inline:
        return [Fault(key, f'to be alone: give either "{name}" or "{name}_file"')]
    try:
        table[name] = _secret_in(str(path), folder, environ)
    except KeyError as error:
        missing = f"the variable {error.args[0]} to be set in the environment"
        return [Fault(key, missing, shown(path))]
    except (OSError, ValueError):
        return [Fault(key, "the path of a readable file that is not empty", shown(path))]
    return []


def _secret_in(path: str, folder: Path, environ: Mapping[str, str]) -> str:
    expanded = _VARIABLE.sub(lambda found: environ[found[1] or found[2]], path)
    content = (folder / expanded).read_text(encoding="utf-8")
    secret = content.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise ValueError
    return secret
