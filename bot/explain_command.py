"""``supracom explain``: one mail, what is understood of it, and what would be done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

import config
from bot.app import open_database, open_platform
from bot.explanation import explain
from bot.mail.channel import reading_for
from config.settings import Settings, parse
from config.sources import read_toml
from handlers.platform import Platform
from storage.engine import Database

EXAMPLE = Path(config.__file__).with_name("example.toml")
_NO_SECRETS = {
    "SUPRACOM_PLATFORM__SECRET": "not a secret: nothing leaves this program",
    "SUPRACOM_MATRIX__PASSWORD": "none",
    "SUPRACOM_MAIL__IMAP__PASSWORD": "none",
}


def example_settings(folder: Path) -> Settings:
    """The settings of the example, with a database in ``folder``: to read mails without any
    platform.
    """
    environ = _NO_SECRETS | {"SUPRACOM_PLATFORM__DATA_DIR": str(folder)}
    return parse(read_toml(EXAMPLE), folder, environ)


@dataclass(frozen=True, slots=True)
class Desk:
    """A platform with its database, at which mails are read."""

    settings: Settings
    database: Database
    platform: Platform


@contextmanager
def desk(settings: Settings | None) -> Iterator[Desk]:
    """The platform of the settings; without any, an empty one."""
    with TemporaryDirectory(prefix="supracom-explain-") as folder:
        known = settings or example_settings(Path(folder))
        database = open_database(known)
        try:
            yield Desk(known, database, open_platform(known))
        finally:
            database.close()


def instant(words: str, zone: str) -> datetime:
    """An instant in ISO 8601, in the platform's zone if it names none; now without words."""
    if not words:
        return datetime.now(UTC)
    read = datetime.fromisoformat(words)
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))


def explained(raw: bytes, at: str, settings: Settings | None, *, believed: bool) -> dict[str, Any]:
    """What ``supracom explain`` tells of one mail."""
    with desk(settings) as place:
        secret = place.platform.secret
        reading = reading_for(place.settings.mail, secret)
        now = instant(at, place.settings.platform.timezone)
        found = explain(place.database, place.platform, reading, raw, now, believed=believed)
        return found.facts


def as_json(facts: dict[str, Any]) -> str:
    """The facts as indented JSON."""
    return json.dumps(facts, ensure_ascii=False, indent=1)


def show(facts: dict[str, Any], console: Console) -> None:
    """The facts for a person's eyes, the answer below."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    answer = facts.get("reply", {})
    for name, value in facts.items():
        if name != "reply" and value not in (None, [], {}, ""):
            table.add_row(name, _shown(value))
    console.print(table)
    console.print()
    if answer.get("send"):
        console.rule(f"reply ({answer['lang']})", align="left")
        console.print(answer["text"], markup=False, highlight=False)
    else:
        console.print("no reply", style="bold")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(one)}" for key, one in value.items() if one is not None)
    if isinstance(value, list):
        return "; ".join(_shown(one) for one in value)
    return str(value)
