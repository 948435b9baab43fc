"""All settings of one platform, read once at start from a TOML file and the environment.

`example.toml` beside this file shows every key. Faults are reported all at once, in plain
English: the description of a field here is the end of the sentence "expected …".
Secrets (SecretStr) may be given inline, by environment (SUPRACOM_MAIL__IMAP__PASSWORD) or by a
file (`password_file`). Money is in integer cents, excluding VAT.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from config.faults import (
    ConfigurationError,
    Fault,
    Kind,
    faults_of,
    fields_of,
    subsection,
    wrong,
)
from config.mail_settings import Dkim, Imap, Mail, Smtp
from config.section import Section
from config.sources import Table, overlay, read_secret_files, read_toml
from config.territory import territory_faults
from config.values import (
    Count,
    Days,
    MatrixAlias,
    MatrixId,
    MatrixLocalpart,
    MatrixServer,
    OptionalHttpsUrl,
    OptionalMailAddress,
    OptionalMatrixAlias,
    OptionalUrl,
    PartialDate,
    Port,
    Seconds,
    Slug,
    Text,
    TimeZone,
    Url,
    server_of,
)

__all__ = [
    "ConfigurationError",
    "Dkim",
    "Fault",
    "Imap",
    "Kind",
    "Mail",
    "Section",
    "Settings",
    "Smtp",
    "load",
    "parse",
]

_SHORTEST_SECRET = 32
_POSTGRESQL = ("postgresql+psycopg://", "postgresql://", "postgres://")
# A database in memory (sqlite://) would lose what must not be lost.
_SQLITE = re.compile(r"sqlite:///(?P<path>[^:].*)")


class Contact(Section):
    """The person who answers for the platform (acceptance rows B53 to B55)."""

    name: Text = Field(description="the name of the contact person")
    function: Text = Field(description="the function of the contact person")
    mail: OptionalMailAddress = Field(default="", description="a mail address, or nothing")
    phone: str = Field(default="", description="a telephone number, or nothing")


class Platform(Section):
    """Who runs this platform, for which territory and in which language."""

    name: Text = Field(description="the name of the platform")
    institution: Text = Field(description="the name of the managing authority")
    territory: Text = Field(
        default="luxembourg_be",
        description="the name of a territory that has data, or the path of a folder with such data",
    )
    language: Literal["fr", "nl", "de", "en"] = Field(
        default="fr", description='a language: "fr", "nl", "de" or "en"'
    )
    timezone: TimeZone = Field(
        default="Europe/Brussels", description='the name of a time zone, such as "Europe/Brussels"'
    )
    data_dir: Path = Field(default=Path("var"), description="the path of a folder")
    slogan: str = Field(default="", description="a text, or nothing")
    site: OptionalUrl = Field(default="", description="a URL (https://…), or nothing")
    launched: PartialDate = Field(
        default="",
        description="a date as YYYY, YYYY-MM or YYYY-MM-DD (--MM if the year is not known),"
        " or nothing",
    )
    history: str = Field(default="", description="a text, or nothing")
    administrators: tuple[MatrixId, ...] = Field(
        min_length=1, description='a list of at least one Matrix user id, such as "@name:server"'
    )
    secret: SecretStr = Field(
        min_length=_SHORTEST_SECRET,
        description=f"a secret of at least {_SHORTEST_SECRET} characters",
    )
    contact: Contact = Field(description="a section with the name and function of a person")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which dates are shown and days counted."""
        return ZoneInfo(self.timezone)


class Database(Section):
    """Where the rows are. The URL may hold a password, so it is treated as a secret."""

    url: SecretStr = Field(
        default=SecretStr(""), description="a URL: sqlite:///path or postgresql://user@host/name"
    )

    @field_validator("url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        text = url.get_secret_value()
        for start in _POSTGRESQL:
            if text.startswith(start):
                return SecretStr(_POSTGRESQL[0] + text.removeprefix(start))
        if text and not _SQLITE.fullmatch(text):
            raise ValueError
        return url


class Matrix(Section):
    """The bot's account on a homeserver, and the rooms it looks after."""

    homeserver: Url = Field(description="the URL of a homeserver (https://…)")
    user: MatrixId = Field(description='a Matrix user id, such as "@supracom:server"')
    password: SecretStr = Field(default=SecretStr(""), description="a password")
    access_token: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="an access token"
    )
    device_name: Text = Field(default="supracom", description="a name for the bot's device")
    members_room: MatrixAlias = Field(description='a room alias, such as "#membres:server"')
    admins_room: MatrixAlias = Field(description='a room alias, such as "#admins:server"')
    space: OptionalMatrixAlias = Field(
        default="", description='the alias of a space, such as "#platform:server", or nothing'
    )
    central_rooms: bool = Field(default=True, description="true or false")
    central_alias: MatrixLocalpart = Field(
        default="centrale-",
        description='the beginning of an alias without its "#", such as "centrale-"',
    )
    encrypted_rooms: tuple[Literal["members", "admins", "central"], ...] = Field(
        default=(), description='a list of "members", "admins" and "central", or an empty one'
    )
    create_rooms: bool = Field(default=True, description="true or false")
    command_prefix: Text = Field(default="!", description="at least one character")
    stable_polls: bool = Field(default=False, description="true or false")
    encryption: bool = Field(default=True, description="true or false")
    store_passphrase: SecretStr = Field(
        default=SecretStr(""), description="a passphrase, or nothing to have one made"
    )
    invites_from: tuple[MatrixServer, ...] = Field(
        default=(), description='a list of server names, such as ["server.example"]'
    )
    admin_token: SecretStr = Field(
        default=SecretStr(""),
        description="the access token of a server administrator, or nothing",
    )

    @field_validator("access_token")
    @classmethod
    def _some_login(cls, token: SecretStr, info: ValidationInfo) -> SecretStr:
        password = info.data.get("password")
        if password is not None and not (password or token):
            raise wrong("an access token, or else a password in matrix.password")
        return token


class Web(Section):
    """The few pages that the platform serves, behind the administration's own web server."""

    pages: bool = Field(default=False, description="true or false")
    url: OptionalHttpsUrl = Field(default="", description="a URL (https://…), or nothing")
    host: Text = Field(default="127.0.0.1", description="an address of this machine")
    port: Port = Field(default=8480, description="a port number from 1 to 65535")


class Orders(Section):
    """Delays of a purchase order and of the contract it leads to."""

    award_days: Count = Field(default=20, description="a number of days above 0")
    award_counting: Literal["calendar", "working"] = Field(
        default="calendar", description='"calendar" or "working"'
    )
    award_reminders_days: tuple[Days, ...] = Field(
        default=(5, 0), description="a list of numbers of days before the due date, such as [5, 0]"
    )
    award_overdue_days: tuple[Count, ...] = Field(
        default=(1, 7), description="a list of numbers of days after the due date, such as [1, 7]"
    )
    contract_years: Count = Field(default=4, description="a number of years above 0")
    contract_reminders_days: tuple[Days, ...] = Field(
        default=(180, 30), description="a list of numbers of days before the end, such as [180, 30]"
    )


class Rules(Section):
    """Thresholds and delays that a law or a regulation sets."""

    low_value_threshold_cents: Count = Field(
        default=3_000_000, description="an amount in cents above 0 (3000000 is 30 000 €)"
    )
    confirmation_hours: Count = Field(default=336, description="a number of hours above 0")
    link_code_hours: Count = Field(default=336, description="a number of hours above 0")
    registration_working_days: Count = Field(
        default=2, description="a number of working days above 0"
    )
    digest_hour: Annotated[Days, Field(le=23)] = Field(
        default=8, description="an hour of the day from 0 to 23"
    )
    announcement_pause_minutes: Count = Field(default=15, description="a number of minutes above 0")
    announcement_days: Count = Field(default=60, description="a number of days above 0")
    announcement_notice_days: Count = Field(default=3, description="a number of days above 0")
    answers_per_hour: Count = Field(default=30, description="a whole number above 0")


class AnnouncementKind(Section):
    """A kind of announcement that the operator adds to the four that are built in."""

    slug: Slug = Field(description="a short name of small letters, digits and hyphens")
    fr: Text = Field(description="its name in French")
    nl: Text = Field(description="its name in Dutch")
    de: Text = Field(description="its name in German")
    en: Text = Field(description="its name in English")
    words: tuple[Text, ...] = Field(
        default=(), description="a list of words by which an announcement is of this kind"
    )


class Announcements(Section):
    """What members may ask for and offer."""

    kinds: tuple[AnnouncementKind, ...] = Field(
        default=(), description="a list of tables with slug, fr, nl, de, en and words"
    )

    @field_validator("kinds")
    @classmethod
    def _differ(cls, kinds: tuple[AnnouncementKind, ...]) -> tuple[AnnouncementKind, ...]:
        slugs = [kind.slug for kind in kinds] + ["staff", "equipment", "knowledge", "other"]
        if len(set(slugs)) < len(slugs):
            raise ValueError("every kind needs a slug of its own")
        return kinds


class Lending(Section):
    """What is drawn up when an author and somebody who answered agree."""

    convention: Path | None = Field(
        default=None, description="the path of a DOCX template, or nothing for the supplied one"
    )
    staff_template: str = Field(
        default="soutien-humain", description="the short name of a template of the content"
    )
    equipment_template: str = Field(
        default="pret-de-materiel", description="the short name of a template of the content"
    )
    remind_days: Days = Field(default=2, description="a number of days from 0")

    @field_validator("convention", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return value or None


class Schedule(Section):
    """How often the clock looks whether a reminder is due."""

    tick_seconds: Seconds = Field(default=30, description="a number of seconds above 0")


class Receiver(Section):
    """How incoming messages are taken in."""

    attempts: Count = Field(default=3, description="a whole number above 0")


class Courier(Section):
    """How outgoing messages are handed over, and when they are tried again."""

    batch: Count = Field(default=50, description="a whole number above 0")
    poll_seconds: Seconds = Field(default=2.0, description="a number of seconds above 0")
    attempts: Count = Field(default=18, description="a whole number above 0")
    # Four to five days in all before a message is given up (RFC 5321, section 4.5.4.1).
    retry_seconds: Annotated[tuple[Seconds, ...], Field(min_length=1)] = Field(
        default=(5, 30, 120, 600, 3600, 10_800, 21_600, 43_200),
        description="a list of numbers of seconds above 0, such as [5, 30, 120]",
    )


class Clock(Section):
    """A clock that can be moved, for demonstrations and tests only."""

    offset_file: Path | None = Field(
        default=None, description="the path of a file that holds a number of seconds, or nothing"
    )

    @field_validator("offset_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return value or None


class Logging(Section):
    """What is written to the log, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description='"debug", "info", "warning" or "error"'
    )
    format: Literal["console", "json"] = Field(default="console", description='"console" or "json"')


class Settings(Section):
    """The whole configuration of one platform."""

    platform: Platform = Field(description="a section with the settings of the platform")
    database: Database = Field(default=Database(), description="a section")
    matrix: Matrix = Field(description="a section with the settings of the Matrix account")
    mail: Mail = Field(description="a section with the settings of the mailbox")
    web: Web = Field(default=Web(), description="a section")
    orders: Orders = Field(default=Orders(), description="a section")
    rules: Rules = Field(default=Rules(), description="a section")
    announcements: Announcements = Field(default=Announcements(), description="a section")
    lending: Lending = Field(default=Lending(), description="a section")
    schedule: Schedule = Field(default=Schedule(), description="a section")
    receiver: Receiver = Field(default=Receiver(), description="a section")
    courier: Courier = Field(default=Courier(), description="a section")
    clock: Clock = Field(default=Clock(), description="a section")
    logging: Logging = Field(default=Logging(), description="a section")


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in the TOML file at `path`, with the variables SUPRACOM_… of `environ` over it.

    Relative paths in the file start at its folder. Raises ConfigurationError with every fault.
    """
    return parse(read_toml(path), path.resolve().parent, environ)


def parse(table: Table, folder: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in `table`, the content of a TOML file in `folder`; see `load`."""
    table = _copy(table)
    overlay(table, environ, Settings)
    _open_required(table, Settings)
    faults = read_secret_files(table, Settings, folder, environ)
    try:
        settings = Settings.model_validate(table)
    except ValidationError as error:
        faults += faults_of(error, Settings)
        named = table["platform"].get("territory") if isinstance(table["platform"], dict) else None
        if isinstance(named, str) and named.strip():
            faults += territory_faults(_territory(named, folder))
        raise ConfigurationError(faults) from None
    settings = _completed(settings, folder)
    faults += territory_faults(settings.platform.territory)
    if faults:
        raise ConfigurationError(faults)
    return settings


def _copy(table: Table) -> Table:
    return {key: _copy(value) if isinstance(value, dict) else value for key, value in table.items()}


def _open_required(table: Table, model: object) -> None:
    """Add the required sections that are absent, so that each of their missing keys is named."""
    for name, field in fields_of(model).items():
        inner = subsection(field)
        if inner is None:
            continue
        if field.is_required():
            table.setdefault(name, {})
        if isinstance(table.get(name), dict):
            _open_required(table[name], inner)


def _completed(settings: Settings, folder: Path) -> Settings:
    """Fill in the defaults that depend on other settings, and make paths absolute."""
    data_dir = folder / settings.platform.data_dir
    platform = settings.platform.model_copy(
        update={"data_dir": data_dir, "territory": _territory(settings.platform.territory, folder)}
    )
    database = Database(url=_database_url(settings.database, folder, data_dir))
    own_server = (server_of(settings.matrix.user),)
    matrix = settings.matrix.model_copy(
        update={
            "invites_from": settings.matrix.invites_from or own_server,
            "space": settings.matrix.space or f"#{settings.matrix.user[1:]}",
        }
    )
    mail = settings.mail.model_copy(
        update={"sender_name": settings.mail.sender_name or settings.platform.name}
    )
    convention = settings.lending.convention
    lending = settings.lending.model_copy(
        update={"convention": folder / convention if convention else None}
    )
    offset_file = settings.clock.offset_file
    clock = Clock(offset_file=folder / offset_file if offset_file else None)
    return settings.model_copy(
        update={
            "platform": platform,
            "database": database,
            "matrix": matrix,
            "mail": mail,
            "lending": lending,
            "clock": clock,
        }
    )


def _territory(territory: str, folder: Path) -> str:
    """A name stays a name; the path of a folder, which has a slash, becomes absolute."""
    return str(folder / territory) if "/" in territory else territory


def _database_url(database: Database, folder: Path, data_dir: Path) -> SecretStr:
    text = database.url.get_secret_value()
    if not text:
        return SecretStr(f"sqlite:///{data_dir / 'supracom.sqlite3'}")
    found = _SQLITE.fullmatch(text)
    return SecretStr(f"sqlite:///{folder / found['path']}") if found else database.url
